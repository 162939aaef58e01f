"""When a step takes absurdly long, every thread's stack goes to the log, so that one can see where it hangs."""

from __future__ import annotations

import faulthandler
import sys
from contextlib import suppress
from typing import Final

LEAST_SECONDS: Final = 600.0
"""A first step that compiles kernels, or reads pictures over a slow network, takes minutes and is no hang."""

_FACTOR: Final = 20
"""Steps differ with the number of tiles, by less than this."""


def watch_step(usual_seconds: float | None) -> None:
    """Arm the dump for the step that begins; the one of the step before is disarmed.

    The timer is a thread of the interpreter's own that needs no lock, so it works while the main thread is stuck in
    a native call. Nothing is stopped: the step may still come to an end.
    """
    seconds = max(LEAST_SECONDS, _FACTOR * (usual_seconds or 0))
    # Without a real standard error (closed by who started this) nobody would read the stacks. A machine that has no
    # memory left for one more thread has other troubles, which the step itself will meet.
    if sys.__stderr__ is not None:
        with suppress(RuntimeError):
            faulthandler.dump_traceback_later(seconds, file=sys.__stderr__)


def watch_ends() -> None:
    """Disarm the dump: what follows has no usual duration."""
    faulthandler.cancel_dump_traceback_later()
