"""A sign of life whenever nothing else is said for a while, in every stage of a run."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any, Final

from refbox_trainer.events import Emit

QUIET_SECONDS: Final = 30.0
"""Loading a large model or writing its checkpoint says nothing for minutes; a reader should not take that for death."""


class Heartbeat:
    """Passes events on, and adds a `heartbeat` event for every `quiet_seconds` without another one.

    Used as a context manager around the whole run. Events may come from any thread; they are written one at a time.
    """

    def __init__(self, emit: Emit, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._emit = emit
        self._quiet_seconds = quiet_seconds
        self._lock = threading.Lock()
        self._last_event = time.monotonic()
        self._stages = ["start"]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __call__(self, type: str, /, **fields: Any) -> None:
        with self._lock:
            if type == "stage":
                self._follow(str(fields["name"]), begins=fields["state"] == "begin")
            self._last_event = time.monotonic()
            self._emit(type, **fields)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _follow(self, name: str, *, begins: bool) -> None:
        # An evaluation lies within the training; when it ends, the training goes on.
        if begins:
            self._stages.append(name)
        elif name in self._stages[1:]:
            self._stages.remove(name)

    def _beat(self) -> None:
        wait = self._quiet_seconds
        last_beat = time.monotonic()
        while not self._ended.wait(wait):
            with self._lock:
                now = time.monotonic()
                due = max(self._last_event, last_beat) + self._quiet_seconds
                if now >= due:
                    quiet = round(now - self._last_event, 1)
                    self._emit("heartbeat", stage=self._stages[-1], quiet_seconds=quiet)
                    last_beat, due = now, now + self._quiet_seconds
                wait = due - now
