"""Stopping politely: SIGTERM and SIGINT ask for a stop, the loop finishes its step, saves and leaves."""

from __future__ import annotations

import signal
from types import FrameType


class StopRequest:
    """Callable that says whether a stop was asked for."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self) -> bool:
        return self._asked

    def listen(self) -> StopRequest:
        """Install the handlers. A second SIGINT interrupts at once, for a person at a terminal."""
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)
        # Whoever starts several processes holds their signals back until here (launch.py).
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, signal.SIGINT))
        return self

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self._asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._asked = True
