"""The figures of a step event: speed, memory, time left."""

from __future__ import annotations

import time
from typing import Any

import torch

from refbox_trainer.training.device import memory_in_use

_MEMORY_OF_PACE = 0.9
"""Weight of the past in the running mean of seconds per step: about the last ten steps."""


class Pace:
    """Measures steps. Time spent on evaluation and checkpoints is left out by `pause`."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._began = time.perf_counter()
        self._mean: float | None = None

    @property
    def seconds_per_step(self) -> float | None:
        """A running mean; None before the first step."""
        return self._mean

    def pause(self) -> None:
        """Start the clock of the next step anew."""
        self._began = time.perf_counter()

    def step(self, *, tokens: int, samples: int, steps_left: int) -> dict[str, Any]:
        """Fields for the step that has just ended."""
        now = time.perf_counter()
        seconds = max(now - self._began, 1e-9)
        self._began = now
        past = seconds if self._mean is None else self._mean
        self._mean = _MEMORY_OF_PACE * past + (1 - _MEMORY_OF_PACE) * seconds
        return {
            "tokens_per_second": round(tokens / seconds, 1),
            "samples_per_second": round(samples / seconds, 2),
            "memory_bytes": memory_in_use(self._device),
            "seconds_left": round(self._mean * steps_left, 1),
        }
