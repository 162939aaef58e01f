"""The parts of one run while it trains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from refbox_trainer.config import RunConfig
from refbox_trainer.data.batches import Order
from refbox_trainer.events import Emit
from refbox_trainer.training.adapter import Trainable
from refbox_trainer.training.best import Best
from refbox_trainer.training.distributed import Peers
from refbox_trainer.training.evaluation_loop import Evaluator
from refbox_trainer.training.ladder import Fit
from refbox_trainer.training.sharding import Entrance
from refbox_trainer.training.supply import Supply, count_steps


@dataclass(kw_only=True, slots=True)
class Session:
    """One run, ready to train. The fields below `fit` change while it trains, and are kept in every checkpoint."""

    config: RunConfig
    run: Path
    base: Path
    peers: Peers
    device: torch.device
    autocast: Callable[[], AbstractContextManager[Any]]
    trainable: Trainable
    entrance: Entrance
    sharded: bool
    optimizer: torch.optim.Optimizer
    supply: Supply
    evaluator: Evaluator | None
    fingerprint: Mapping[str, Any]
    """What has to be equal for a checkpoint to be gone on from."""
    notes: Mapping[str, Any]
    """Kept beside every adapter."""
    emit: Emit
    should_stop: Callable[[], bool]

    fit: Fit
    best: Best = field(default_factory=Best)
    bad_steps: int = 0
    """Steps in a row, up to now, whose loss or gradient was no number."""

    @property
    def order(self) -> Order:
        return self.supply.order

    @property
    def total_steps(self) -> int:
        return count_steps(self.config, self.order)

    def parameters(self) -> list[torch.nn.Parameter]:
        """Everything that moves."""
        return list(self.trainable.parameters().values())

    def stop_agreed(self) -> bool:
        """Whether any process was asked to stop. All processes ask this at the same places."""
        return self.peers.any(self.should_stop())
