"""What a run's samples ask of the device: its heaviest micro-batch, and the average."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from refbox_trainer.checks.run_check import Checked
from refbox_trainer.data.batches import Order
from refbox_trainer.data.mix import distinct
from refbox_trainer.data.packing import pack_limits
from refbox_trainer.data.questions import questions_of
from refbox_trainer.data.samples import Sample
from refbox_trainer.training.ladder import fit_of


class MicroBatch(NamedTuple):
    """Shapes of one forward pass."""

    rows: int
    length: int
    """Tokens of the longest row, to which the others are padded."""
    supervised: int
    """Positions that go through the head."""
    tiles: int

    @property
    def tokens(self) -> int:
        """Padding included."""
        return self.rows * self.length


class Workload(NamedTuple):
    """Facts of the data under this run's settings. Samples are counted once per repetition."""

    samples: int
    refused: int
    mean_tokens: float
    mean_tiles: float
    longest_tokens: int
    most_tiles: int
    """Of one sample."""
    distinct_tiles: int
    """Tiles of all different pictures, as a cache holds them."""
    heaviest: MicroBatch
    steps: int
    forwards_per_process: int
    """The most that one process makes in one optimizer step."""
    questions: int
    """Of the evaluation, at most evaluate.max_samples."""
    longest_prompt: int


def workload_of(checked: Checked, *, patches_per_token: float, steps: Sequence[int] | None = None) -> Workload:
    """Go through the order of the first epoch, or through `steps` of it.

    `patches_per_token` weighs tiles against tokens where visual features are trained, 0 where they are not: it says
    how many tokens of the language model one tile costs.
    """
    config = checked.config
    samples = [sample for sample in checked.train if sample.outcome != "refused"]
    order = Order(
        samples,
        batch_size=config.train.batch_size,
        micro_batch_size=fit_of(config, config.parallel.processes).micro_batch_size,
        seed=config.train.seed,
        packing=pack_limits(config.sequence),
    )
    total = config.train.max_steps or max(1, math.ceil(config.train.epochs * order.steps_per_epoch))
    looked_at = range(min(total, order.steps_per_epoch)) if steps is None else steps
    forwards = [[_shape(samples, group, checked) for group in order.micro_batches(step)] for step in looked_at]
    every = [batch for step in forwards for batch in step]
    pictures = {(sample.record.images, sample.grids): sample.tiles for sample in distinct(samples)}
    asked, longest_prompt = _evaluation(checked)
    return Workload(
        samples=len(samples),
        refused=len(checked.train) - len(samples),
        mean_tokens=sum(sample.tokens for sample in samples) / len(samples),
        mean_tiles=sum(sample.tiles for sample in samples) / len(samples),
        longest_tokens=max(sample.tokens for sample in samples),
        most_tiles=max(sample.tiles for sample in samples),
        distinct_tiles=sum(pictures.values()),
        heaviest=max(every, key=lambda batch: batch.tokens + patches_per_token * batch.tiles),
        steps=total,
        forwards_per_process=max(-(-len(step) // config.parallel.processes) for step in forwards),
        questions=asked,
        longest_prompt=longest_prompt,
    )


def _shape(samples: Sequence[Sample], positions: Sequence[int], checked: Checked) -> MicroBatch:
    chosen = [samples[position] for position in positions]
    packed = checked.config.sequence.packing
    return MicroBatch(
        rows=1 if packed else len(chosen),
        length=sum(sample.tokens for sample in chosen) if packed else max(sample.tokens for sample in chosen),
        supervised=sum(sample.supervised for sample in chosen),
        tiles=sum(sample.tiles for sample in chosen),
    )


def _evaluation(checked: Checked) -> tuple[int, int]:
    """Questions that are answered, and the tokens of the longest prompt (at most those of its whole record)."""
    usable = [sample for sample in distinct(checked.evaluation) if sample.outcome != "refused"]
    asking = [(sample, sum(bool(q.truth) for q in questions_of(sample.record))) for sample in usable]
    questions = sum(count for _, count in asking)
    longest = max((sample.tokens for sample, count in asking if count), default=0)
    return min(questions, checked.config.evaluate.max_samples), longest
