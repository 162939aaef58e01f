"""The processes of a run: who takes part, what each one does, and what they agree on.

One process per device, started by torchrun. Small things to agree on (a stop, sums of figures) travel between the
hosts' processors by gloo; gradients travel by NCCL where there are GPUs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

import torch
import torch.distributed as dist

T = TypeVar("T")

_TIMEOUT: Final = timedelta(hours=2)
"""How long one process waits for another. The first alone writes checkpoints, which takes minutes for large models."""


@dataclass(frozen=True, slots=True)
class Peers:
    """This process among all. A run of one process is the same with nobody to ask."""

    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes events, checkpoints and artefacts."""
        return self.rank == 0

    def own(self, items: Sequence[T]) -> list[T]:
        """This process's part of what all of them share: every `count`-th item."""
        return list(items[self.rank :: self.count])

    def sums(self, values: Sequence[float]) -> list[float]:
        """Each value added up over all processes, in double precision."""
        if self.count == 1:
            return list(values)
        tensor = torch.tensor(values, dtype=torch.float64)
        dist.all_reduce(tensor)
        return tensor.tolist()

    def any(self, here: bool) -> bool:
        """Whether it is so for at least one process."""
        return self.sums([float(here)])[0] > 0

    def gather(self, value: T) -> list[T]:
        """Everybody's value, by rank. Values must be plain data."""
        if self.count == 1:
            return [value]
        values: list[T | None] = [None] * self.count
        dist.all_gather_object(values, value)
        return values  # pyright: ignore[reportReturnType] (every place is filled)


def under_torchrun() -> bool:
    """Whether torchrun, or something that speaks like it, started this process as one of several."""
    named = all(name in os.environ for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"))
    return named and int(os.environ["WORLD_SIZE"]) > 1


@contextmanager
def joined(device: torch.device) -> Iterator[Peers]:
    """Meet the other processes and leave them at the end."""
    if not under_torchrun():
        yield Peers()
        return
    dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "cpu:gloo", timeout=_TIMEOUT)
    yield Peers(dist.get_rank(), dist.get_world_size())
    # Not in a `finally`: after a failure the others may be gone, and taking leave of them would wait for ever.
    dist.barrier()
    dist.destroy_process_group()
