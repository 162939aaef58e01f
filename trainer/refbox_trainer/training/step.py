"""One optimizer step over all processes: gradients of its samples, repeated with less memory when it did not fit."""

from __future__ import annotations

import gc
import hashlib
import math
from typing import NamedTuple

import numpy as np
import torch

from refbox_trainer.data.samples import IGNORED, Sample
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.forward import Batch, collate, visual_features, weighted_loss
from refbox_trainer.training.device import is_out_of_memory
from refbox_trainer.training.gradients import scale_and_clip, sum_gradients
from refbox_trainer.training.ladder import Fit, next_rung
from refbox_trainer.training.session import Session


class Figures(NamedTuple):
    """What a step was like, over all processes."""

    loss: float
    grad_norm: float
    tokens: int
    samples: int

    @property
    def usable(self) -> bool:
        """Whether the weights may be moved by it."""
        return math.isfinite(self.loss) and math.isfinite(self.grad_norm)


class _Part(NamedTuple):
    """One process's share."""

    loss: float = 0.0
    weight: float = 0.0
    tokens: int = 0
    samples: int = 0


def compute_gradients(session: Session, step: int) -> Figures:
    """Leave the clipped gradients of step `step` (from 0) in the parameters.

    The loss is the weighted mean over all supervised tokens of the step, so that it depends neither on how its
    samples are cut into micro-batches (the original takes the mean of their means) nor on the number of processes.
    Raises TrainerError("out_of_memory") when nothing is left to give up, and "bad_data" when no sample can be used.
    """
    planned = session.supply.planned_weight(step)
    refused: list[tuple[Sample, str]] = []
    while True:
        part = _try(session, step, planned, refused)
        failed, *sums = session.peers.sums([float(part is None), float(len(refused)), *(part or _Part())])
        if not failed:
            break
        refused.clear()
        session.optimizer.zero_grad(set_to_none=True)
        _give_up_something(session, step)
    refusals, loss, weight, tokens, samples = sums
    if refusals:
        _report(session, refused)
    if weight == 0:
        raise TrainerError(
            "bad_data", f"No picture of step {step + 1} can be decoded.", "Replace the pictures named in the ledger."
        )
    # Samples that were refused when their picture was decoded do not count; what is left is the whole step.
    scale = planned / weight
    if session.sharded:
        # Sharded models take the mean over processes, not the sum.
        scale *= session.peers.count
    else:
        sum_gradients(session.parameters(), session.peers)
    norm = scale_and_clip(session.parameters(), scale, session.config.train.max_grad_norm)
    return Figures(loss * planned / weight, norm, int(tokens), int(samples))


def adjust(session: Session, fit: Fit) -> None:
    """Make the session go on under `fit`."""
    if fit.gradient_checkpointing and not session.fit.gradient_checkpointing:
        checkpoint_activations(session)
    session.fit = fit
    session.supply.refit(fit)
    session.notes = {**session.notes, "max_dynamic_patch": fit.max_dynamic_patch}


def checkpoint_activations(session: Session) -> None:
    """Keep only the input of each layer for the backward pass, and compute the rest again."""
    session.trainable.model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})


def _try(session: Session, step: int, planned: float, refused: list[tuple[Sample, str]]) -> _Part | None:
    """This process's gradients; None when its memory did not suffice."""
    try:
        return _accumulate(session, step, planned, refused)
    except Exception as error:
        # The layers of a sharded model are gathered by all processes in step; one that begins again cannot catch up.
        alone = session.peers.count == 1 or not session.sharded
        if not is_out_of_memory(error) or not alone:
            raise
    # Only here, outside of the handler, is the failed step's memory free: the traceback holds its tensors.
    gc.collect()
    if session.device.type == "cuda":
        torch.cuda.empty_cache()
    return None


def _accumulate(session: Session, step: int, planned: float, refused: list[tuple[Sample, str]]) -> _Part:
    loss, weight, tokens, samples = 0.0, 0.0, 0, 0

    def refuse(sample: Sample, reason: str) -> None:
        refused.append((sample, reason))

    for number, batch in session.supply.batches(step, refuse):
        _seed(session.config.train.seed, step, number)
        if batch is None and not session.sharded:
            continue
        value = session.entrance(lambda batch=batch: _loss(session, batch)) / planned
        value.backward()
        if batch is not None:
            loss += float(value.detach())
            weight += batch.weight
            tokens += batch.tokens
            samples += batch.samples
    return _Part(loss, weight, tokens, samples)


def _loss(session: Session, batch: Batch | None) -> torch.Tensor:
    """The weighted sum over one micro-batch; None stands for nothing, which only sharded models have to compute.

    All of their processes go through the same layers in the same order, vision first, whatever their batch holds.
    """
    model = session.trainable.model
    nothing: torch.Tensor | float = 0.0
    with session.autocast():
        if session.sharded and session.supply.pictures_are_learnt and (batch is None or batch.pixel_values is None):
            side = session.supply.tile_size
            nothing = visual_features(model, torch.zeros(1, 3, side, side, device=session.device)).sum() * 0
        if batch is None:
            return weighted_loss(model, _empty_batch(session.device)) * 0 + nothing
        return weighted_loss(model, batch) + nothing


def _empty_batch(device: torch.device) -> Batch:
    ids = np.zeros(2, dtype=np.int64)
    return collate([(ids, np.array([IGNORED, 0]))], None, None).to(device)


def _seed(seed: int, step: int, number: int) -> None:
    """Dropout depends on the place in the run alone: not on what ran before, nor on which process runs it."""
    digest = hashlib.blake2b(f"{seed}/{step}/{number}".encode(), digest_size=8).digest()
    torch.manual_seed(int.from_bytes(digest) >> 1)


def _report(session: Session, refused: list[tuple[Sample, str]]) -> None:
    here = [(sample.record.dataset, sample.record.index, reason) for sample, reason in refused]
    for dataset, index, reason in (entry for entries in session.peers.gather(here) for entry in entries):
        session.emit("ledger", dataset=dataset, index=index, outcome="refused", reason=reason)


def _give_up_something(session: Session, step: int) -> None:
    rung = next_rung(session.fit, session.config, session.supply.longest)
    if rung is None:
        tiles = "" if session.config.train.allow_fewer_tiles else "Allow fewer tiles (train.allow_fewer_tiles), or "
        raise TrainerError(
            "out_of_memory",
            f"Memory does not suffice for step {step + 1}, not even with the smallest forwards"
            f" ({', '.join(f'{key} {value}' for key, value in session.fit.as_json().items() if value is not None)}).",
            f"{tiles}take a device with more memory, then resume; or start anew with a lower sequence.max_length or"
            ' method.quantization "nf4".',
        )
    adjust(session, rung.fit)
    reason = f"out of memory at step {step + 1}"
    session.emit("adjustment", step=step + 1, key=rung.key, **{"from": rung.before}, to=rung.after, reason=reason)
