"""A run that says nothing for a while still shows that it lives."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from refbox_trainer.training.heartbeat import Heartbeat


class _Listener:
    """Keeps events and says when a heartbeat came."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.beat = threading.Event()

    def __call__(self, type: str, /, **fields: Any) -> None:
        self.events.append({"type": type, **fields})
        if type == "heartbeat":
            self.beat.set()


def _next_beat(listener: _Listener) -> dict[str, Any]:
    listener.beat.clear()
    assert listener.beat.wait(20)
    return next(event for event in reversed(listener.events) if event["type"] == "heartbeat")


def test_silence_is_filled_with_heartbeats_that_name_the_stage() -> None:
    listener = _Listener()
    with Heartbeat(listener, quiet_seconds=0.1) as emit:
        assert _next_beat(listener)["stage"] == "start"
        emit("stage", name="train", state="begin")
        emit("stage", name="evaluate", state="begin")
        beat = _next_beat(listener)
        assert beat["stage"] == "evaluate"
        assert 0.1 <= beat["quiet_seconds"] < 20
        emit("stage", name="evaluate", state="end")
        assert _next_beat(listener)["stage"] == "train"
    told = len(listener.events)
    assert not listener.beat.wait(0.3) or len(listener.events) == told, "nothing comes after the end"


def test_the_end_does_not_wait_for_the_next_heartbeat() -> None:
    with pytest.raises(ValueError, match="over"), Heartbeat(_Listener(), quiet_seconds=3600):
        raise ValueError("over")
