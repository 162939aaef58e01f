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
    """The device asked for; auto takes the fastest kind there is. Raises TrainerError("bad_config") if it is absent."""
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return torch.device(next(kind for kind in ("cuda", "mps", "cpu") if present[kind]))
    if not present[wanted]:
        here = ", ".join(kind for kind, there in present.items() if there)
        raise TrainerError("bad_config", f'The device "{wanted}" is not available.', f"Available here: {here}.")
    return torch.device(wanted)


def choose_precision(wanted: Literal["auto", "float32", "bfloat16"], device: torch.device) -> Precision:
    """auto is bfloat16 on GPUs that have it, else float32.

    On CPUs bfloat16 is only fast with avx512_bf16, and even there it saved no more than a fifth of a step of the
    bundled model (1.04 s instead of 1.31 s of processor time for 16 samples); not worth the lost digits.
    """
    if wanted != "auto":
        return wanted
    return "bfloat16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "float32"


def autocast(device: torch.device, precision: Precision) -> Callable[[], AbstractContextManager[Any]]:
    """A maker of contexts for forward passes; weights themselves stay in float32."""
    if precision == "float32":
        return nullcontext
    return lambda: torch.autocast(device.type, dtype=torch.bfloat16)


def use_sensible_threads() -> None:
    """No more threads than cores this process may use; an OMP_NUM_THREADS of the caller stays in force."""
    if "OMP_NUM_THREADS" not in os.environ and hasattr(os, "sched_getaffinity"):
        torch.set_num_threads(min(torch.get_num_threads(), len(os.sched_getaffinity(0))))


def memory_in_use(device: torch.device) -> int:
    """Bytes: the peak on the GPU, otherwise what this process holds."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return psutil.Process().memory_info().rss


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out; the CPU allocator raises a plain RuntimeError."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    words = ("DefaultCPUAllocator: can't allocate", "not enough memory", "out of memory")
    return isinstance(error, RuntimeError) and any(word in str(error) for word in words)
