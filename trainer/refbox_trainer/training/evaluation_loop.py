"""Measuring a model while it trains: loss on held-out records, and boxes it draws for their expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple

import torch

from refbox_trainer.answers.evaluate import cases_of_answers
from refbox_trainer.answers.expressions import boxes_by_expression
from refbox_trainer.answers.metrics import measure
from refbox_trainer.answers.predict import Predictor
from refbox_trainer.data.batches import BatchMaker
from refbox_trainer.data.mix import distinct, evenly
from refbox_trainer.data.questions import Question, questions_of
from refbox_trainer.data.samples import Sample
from refbox_trainer.events import Emit
from refbox_trainer.model.forward import token_losses
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.training.device import is_out_of_memory
from refbox_trainer.training.distributed import Peers
from refbox_trainer.training.sharding import Entrance


class Measured(NamedTuple):
    """The outcome of one evaluation."""

    loss: float
    metrics: Mapping[str, float] | None
    """None when no held-out record asks for boxes."""


class _Part(NamedTuple):
    """What one process measured, as plain data."""

    loss: float = 0.0
    tokens: int = 0
    answers: tuple[tuple[int, str], ...] = ()
    """Number of the question, answer."""
    refused: tuple[tuple[str, int, str], ...] = ()
    broken_off: Literal["stop", "memory"] | None = None


class Evaluator:
    """Holds a fixed choice of records, so that all evaluations of a run are comparable.

    Replicas share the work. The processes of a sharded model all do the same: its layers work only in step.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        entrance: Entrance,
        predictor: Predictor,
        batches: BatchMaker,
        samples: Sequence[Sample],
        peers: Peers,
        *,
        sharded: bool,
        max_samples: int,
        examples: int,
        autocast: Callable[[], AbstractContextManager[Any]],
        emit: Emit,
        should_stop: Callable[[], bool],
    ) -> None:
        self._loaded = loaded
        self._entrance = entrance
        self._predictor = predictor
        self._batches = batches
        self._samples = samples
        self._peers = peers
        self._share = Peers() if sharded else peers
        self._positions = evenly(range(len(samples)), max_samples)
        chosen = distinct([samples[position] for position in self._positions])
        grounded = [question for sample in chosen for question in questions_of(sample.record) if question.truth]
        # Generating costs far more than a loss, so the limit holds for questions too.
        self.questions = evenly(grounded, max_samples)
        self._examples = evenly(range(len(self.questions)), examples)
        self._autocast = autocast
        self._emit = emit
        self._should_stop = (lambda: False) if sharded and peers.count > 1 else should_stop

    def run(self, step: int, micro_batch_size: int) -> Measured | None:
        """Measure and report. None when a stop that was asked for, or a lack of memory, broke it off."""
        self._emit("stage", name="evaluate", state="begin")
        self._loaded.model.eval()
        parts = self._peers.gather(self._entrance(lambda: self._measure(micro_batch_size)))
        measured = self._combine(step, parts[: self._share.count])
        self._emit("stage", name="evaluate", state="end")
        return measured

    def _measure(self, micro_batch_size: int) -> _Part:
        try:
            part = self._losses(micro_batch_size)
            if part.broken_off:
                return part
            numbers = self._share.own(range(len(self.questions)))
            asked = [self.questions[number] for number in numbers]
            texts = {id(answer.question): answer.text for answer in self._predictor.answer(asked, self._should_stop)}
            if len(texts) < len(asked) or self._should_stop():
                return _Part(broken_off="stop")
            answers = ((number, texts[id(question)]) for number, question in zip(numbers, asked, strict=True))
            return part._replace(answers=tuple(answers))
        except Exception as error:
            if not is_out_of_memory(error) or self._share.count != self._peers.count:
                raise
        return _Part(broken_off="memory")

    @torch.no_grad()
    def _losses(self, micro_batch_size: int) -> _Part:
        """The sum over all supervised tokens of this process's records."""
        total, count = 0.0, 0
        refused: list[tuple[str, int, str]] = []

        def refuse(sample: Sample, reason: str) -> None:
            refused.append((sample.record.dataset, sample.record.index, reason))

        starts = range(0, len(self._positions), micro_batch_size)
        for start in self._share.own(starts):
            if self._should_stop():
                return _Part(broken_off="stop")
            group = self._positions[start : start + micro_batch_size]
            batch = self._batches.make(group, epoch=0, refuse=refuse)
            if batch is None:
                continue
            with self._autocast():
                losses = token_losses(self._loaded.model, batch)
            total += float(losses.sum())
            count += len(losses)
        return _Part(total, count, refused=tuple(refused))

    def _combine(self, step: int, parts: Sequence[_Part]) -> Measured | None:
        for dataset, index, reason in (entry for part in parts for entry in part.refused):
            self._emit("ledger", dataset=dataset, index=index, outcome="refused", reason=reason)
        if any(part.broken_off == "memory" for part in parts):
            words = "Memory did not suffice for this evaluation; it is left out. Lower evaluate.max_new_tokens."
            self._emit("warning", code="evaluation_out_of_memory", message=words)
            return None
        tokens = sum(part.tokens for part in parts)
        if any(part.broken_off for part in parts) or tokens == 0:
            return None
        texts = dict(sorted(answer for part in parts for answer in part.answers))
        answered = [(self.questions[number], text) for number, text in texts.items()]
        metrics = measure(cases_of_answers(answered))
        figures = None if metrics is None else metrics.as_json()
        loss = sum(part.loss for part in parts) / tokens
        self._emit("eval", step=step, loss=loss, samples=len(self._positions), metrics=figures)
        for number in self._examples:
            self._show(step, self.questions[number], texts[number])
        return Measured(loss, figures)

    def _show(self, step: int, question: Question, text: str) -> None:
        """One `example` event per expression of the question."""
        record = question.record
        for expression, boxes in boxes_by_expression(question, text).items():
            self._emit(
                "example",
                step=step,
                dataset=record.dataset,
                index=record.index,
                image=record.image_names[0] if record.image_names else "",
                expression=expression,
                text=text,
                boxes=[list(box) for box in boxes],
                truth=[list(box) for box in question.truth.get(expression, ())],
            )
