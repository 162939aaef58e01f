"""Where a run computes and in which precision."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

import psutil
import torch

from refbox_trainer.errors import TrainerError

Precision = Literal["float32", "bfloat16"]


def choose_device(wanted: Literal["auto", "cpu", "cuda", "mps"]) -> torch.device:
    """The device asked for; auto takes the fastest kind there is. Of several GPUs each process of a run takes its own.

    Raises TrainerError("bad_config") if it is absent.
    """
    kind = _choose_kind(wanted)
    if kind != "cuda" or "LOCAL_RANK" not in os.environ:
        return torch.device(kind)
    number, present = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
    if number >= present:
        raise TrainerError(
            "bad_config",
            f"Process {number + 1} has no GPU: there are {present} here.",
            f"Start at most {present} processes (parallel.processes, or torchrun --nproc-per-node).",
        )
    device = torch.device("cuda", number)
    torch.cuda.set_device(device)
    return device


def _choose_kind(wanted: Literal["auto", "cpu", "cuda", "mps"]) -> str:
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(kind for kind in ("cuda", "mps", "cpu") if present[kind])
    if not present[wanted]:
        here = ", ".join(kind for kind, there in present.items() if there)
        raise TrainerError("bad_config", f'The device "{wanted}" is not available.', f"Available here: {here}.")
    return wanted


def choose_precision(wanted: Literal["auto", "float32", "bfloat16"], device: torch.device) -> Precision:
    """auto is bfloat16 on GPUs that have it, else float32.

    On CPUs bfloat16 is only fast with avx512_bf16, and even there it saved no more than a fifth of a step of the
    bundled model (1.04 s instead of 1.31 s of processor time for 16 samples); not worth the lost digits.
    """
    if wanted != "auto":
        return wanted
    return "bfloat16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "float32"


def autocast(device: torch.device, precision: Precision) -> Callable[[], AbstractContextManager[Any]]:
    """A maker of contexts for forward passes; weights that move stay in float32 whatever the precision."""
    if precision == "float32":
        return nullcontext
    return lambda: torch.autocast(device.type, dtype=torch.bfloat16)


def use_sensible_threads() -> None:
    """No more threads than cores that fall to this process; an OMP_NUM_THREADS of the caller stays in force."""
    if "OMP_NUM_THREADS" not in os.environ and hasattr(os, "sched_getaffinity"):
        here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        cores = max(1, len(os.sched_getaffinity(0)) // here)
        torch.set_num_threads(min(torch.get_num_threads(), cores))


def memory_in_use(device: torch.device) -> int:
    """Bytes: the peak on the GPU, otherwise what this process holds."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return psutil.Process().memory_info().rss


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out; the CPU allocator raises a plain RuntimeError."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    # The last one is oneDNN's, whose matrix products need memory of their own on CPUs.
    words = (
        "DefaultCPUAllocator: can't allocate",
        "not enough memory",
        "out of memory",
        "could not create a primitive",
    )
    unsupported = "primitive descriptor" in str(error)
    return isinstance(error, RuntimeError) and any(word in str(error) for word in words) and not unsupported
