"""The training loop. Everything it needs is given; everything it does is reported through `emit`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from refbox_trainer.config import RunConfig
from refbox_trainer.data.batches import BatchMaker, Order
from refbox_trainer.data.samples import Sample
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.model.forward import weighted_loss
from refbox_trainer.training.adapter import Trainable
from refbox_trainer.training.checkpoint import checkpoint_folder, write_checkpoint
from refbox_trainer.training.evaluation_loop import Evaluator
from refbox_trainer.training.optimizer import learning_rate, set_learning_rate
from refbox_trainer.training.progress import Pace


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """The parts of one run, ready to train."""

    config: RunConfig
    run: Path
    base: Path
    trainable: Trainable
    optimizer: torch.optim.Optimizer
    order: Order
    batches: BatchMaker
    evaluator: Evaluator | None
    device: torch.device
    autocast: Callable[[], AbstractContextManager[Any]]
    state: Mapping[str, Any]
    """Kept in every checkpoint and compared on resume."""
    notes: Mapping[str, Any]
    """Kept beside every adapter."""
    emit: Emit
    refuse: Callable[[Sample, str], None]
    should_stop: Callable[[], bool]

    @property
    def total_steps(self) -> int:
        return count_steps(self.config, self.order)


def count_steps(config: RunConfig, order: Order) -> int:
    """Optimizer steps of the whole run."""
    if config.train.max_steps is not None:
        return config.train.max_steps
    return max(1, math.ceil(config.train.epochs * order.steps_per_epoch))


def train(session: Session, first_step: int) -> int:
    """Train from `first_step` to the end or until a stop is asked for; returns the number of steps that are done.

    The last state is always saved. Raises TrainerError("diverged") when the loss or its gradient is no number, with
    the last good checkpoint intact.
    """
    config, total = session.config, session.total_steps
    pace = Pace(session.device)
    step = saved = first_step
    session.trainable.model.train()
    while step < total and not session.should_stop():
        # -- one optimizer step ------------------------------------------------------------------------------------
        rate = learning_rate(step, total, config.train)
        set_learning_rate(session.optimizer, rate)
        loss, tokens, samples = _accumulate(session, step)
        norm = _clip(session, loss, step)
        session.optimizer.step()
        session.optimizer.zero_grad(set_to_none=True)
        step += 1
        session.emit(
            "step",
            step=step,
            total_steps=total,
            epoch=round(session.order.epoch_of(step), 4),
            loss=loss,
            learning_rate=rate,
            grad_norm=norm,
            **pace.step(tokens=tokens, samples=samples, steps_left=total - step),
        )
        # -- save and measure --------------------------------------------------------------------------------------
        if step % config.checkpoint.every_steps == 0 and step < total:
            save(session, step)
            saved = step
            pace.pause()
        if (
            session.evaluator
            and config.evaluate.every_steps
            and step % config.evaluate.every_steps == 0
            and step < total
        ):
            session.evaluator.run(step)
            session.trainable.model.train()
            pace.pause()
    if saved != step or not checkpoint_folder(session.run, step).exists():
        save(session, step)
    return step


def save(session: Session, step: int) -> None:
    """Write a checkpoint and report it."""
    folder = write_checkpoint(
        session.run,
        step,
        session.trainable,
        session.optimizer,
        state={**session.state, "epoch": session.order.epoch_of(step)},
        base_name=session.base.name,
        notes=session.notes,
        keep=session.config.checkpoint.keep,
    )
    session.emit("checkpoint", step=step, path=folder.relative_to(session.run).as_posix())


def _accumulate(session: Session, step: int) -> tuple[float, int, int]:
    """Gradients of one step. Returns its loss, real tokens and samples.

    The loss is the weighted mean over all supervised tokens of the step, so that it does not depend on how its
    samples are cut into micro-batches (the original takes the mean of their means).
    """
    groups = session.order.micro_batches(step)
    epoch = int(session.order.epoch_of(step))
    planned = sum(session.batches.weight(group) for group in groups)
    total, weight, tokens, samples = 0.0, 0.0, 0, 0
    for batch in (session.batches.make(group, epoch=epoch, refuse=session.refuse) for group in groups):
        if batch is None:
            continue
        with session.autocast():
            loss = weighted_loss(session.trainable.model, batch) / planned
        loss.backward()
        total += float(loss.detach())
        weight += batch.weight
        tokens += batch.tokens
        samples += batch.samples
    if weight == 0:
        raise TrainerError(
            "bad_data", f"No picture of step {step + 1} can be decoded.", "Replace the pictures named in the ledger."
        )
    if weight != planned:
        # Samples were refused when their picture was decoded; the rest is the whole step.
        for parameter in session.trainable.parameters().values():
            if parameter.grad is not None:
                parameter.grad.mul_(planned / weight)
    return total * planned / weight, tokens, samples


def _clip(session: Session, loss: float, step: int) -> float:
    parameters = list(session.trainable.parameters().values())
    norm = float(torch.nn.utils.clip_grad_norm_(parameters, session.config.train.max_grad_norm))
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise TrainerError(
            "diverged",
            f"At step {step + 1} the loss is {loss} and the gradient norm {norm}.",
            "Lower the learning rate or raise the warm-up, then start again or resume from the last checkpoint.",
        )
    return norm
