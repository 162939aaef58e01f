"""Any exception as an error with a code, plain words and the next step."""

from __future__ import annotations

import sys
import traceback

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import NO_SPACE


def as_trainer_error(error: Exception) -> TrainerError:
    """What `error` means for the person who started the run. Unexpected ones leave their traceback in the log."""
    if isinstance(error, TrainerError):
        return error
    if _is_out_of_memory(error):
        advice = "Lower micro_batch_size, max_dynamic_patch or max_length, or switch on gradient_checkpointing."
        return TrainerError("out_of_memory", f"Memory ran out: {_first_line(error)}.", advice)
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return TrainerError("disk_full", f"The disk is full: {error}.", "Free disk space and resume the run.")
    if isinstance(error, OSError):
        return TrainerError("failed", f"{error}", "Check the path and its permissions.")
    traceback.print_exception(error)
    message = f"{type(error).__name__}: {_first_line(error)}"
    return TrainerError("failed", message, "The log has the details; this is likely a defect.")


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, MemoryError):
        return True
    # Verbs that need no torch are not made to load it by an error.
    if "torch" not in sys.modules:
        return False
    from refbox_trainer.training.device import is_out_of_memory

    return is_out_of_memory(error)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
