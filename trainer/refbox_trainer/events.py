"""events.jsonl: one JSON object a line, append-only. Writing an event never stops a run."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol


class Emit(Protocol):
    """How every part of the trainer reports: `emit("step", step=1, loss=0.5)`."""

    def __call__(self, type: str, /, **fields: Any) -> None: ...


class EventLog:
    """Appends to a file, counting on from what is there.

    A process that was killed may have left half a line; it is closed with a newline so that readers lose only that
    one. When the disk is full the event is dropped and the next one starts on a new line: the state that matters is
    in the checkpoint, whose own failure is what ends the run.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] | None = None) -> None:
        self._path = path
        self._clock = clock or (lambda: datetime.now(UTC))
        path.parent.mkdir(parents=True, exist_ok=True)
        self._next: int | None = None
        self._starts_on_new_line = True

    def __call__(self, type: str, /, **fields: Any) -> None:
        if self._next is None:
            # Only now: until here another process may have written.
            self._next, self._starts_on_new_line = _continue_after(self._path)
        time = self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {"type": type, "time": time, "seq": self._next, **_plain(fields)}
        line = json.dumps(event, ensure_ascii=False, allow_nan=False) + "\n"
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line if self._starts_on_new_line else "\n" + line)
            self._starts_on_new_line = True
        except OSError:
            self._starts_on_new_line = False
        self._next += 1


def no_events(type: str, /, **fields: Any) -> None:
    """For verbs that have no run folder."""


def print_event(type: str, /, **fields: Any) -> None:
    """For verbs that have no run folder but are watched: one JSON line on standard output."""
    print(json.dumps({"type": type, **_plain(fields)}, ensure_ascii=False, allow_nan=False), flush=True)


def _continue_after(path: Path) -> tuple[int, bool]:
    if not path.is_file():
        return 0, True
    content = path.read_bytes()
    last = -1
    for line in content.splitlines():
        try:
            last = max(last, int(json.loads(line)["seq"]))
        except (ValueError, KeyError, TypeError):
            continue
    return last + 1, content.endswith(b"\n") or not content


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    # JSON has no word for infinity; a loss that is not finite is reported by the error event that follows.
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in fields.items()
        if value is not None or key == "metrics"
    }
