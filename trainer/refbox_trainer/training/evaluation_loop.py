"""Measuring a model while it trains: loss on held-out records, and boxes it draws for their expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch

from refbox_trainer.answers.evaluate import cases_of_answers
from refbox_trainer.answers.metrics import measure
from refbox_trainer.answers.predict import Predictor
from refbox_trainer.data.batches import BatchMaker
from refbox_trainer.data.mix import distinct, evenly
from refbox_trainer.data.questions import questions_of
from refbox_trainer.data.samples import Sample
from refbox_trainer.events import Emit
from refbox_trainer.model.forward import token_losses
from refbox_trainer.model.load import LoadedModel


class Evaluator:
    """Holds a fixed choice of records, so that all evaluations of a run are comparable."""

    def __init__(
        self,
        loaded: LoadedModel,
        predictor: Predictor,
        batches: BatchMaker,
        samples: Sequence[Sample],
        *,
        max_samples: int,
        micro_batch_size: int,
        autocast: Callable[[], AbstractContextManager[Any]],
        emit: Emit,
        should_stop: Callable[[], bool],
    ) -> None:
        self._loaded = loaded
        self._predictor = predictor
        self._batches = batches
        self._positions = evenly(range(len(samples)), max_samples)
        chosen = distinct([samples[position] for position in self._positions])
        grounded = [question for sample in chosen for question in questions_of(sample.record) if question.truth]
        # Generating costs far more than a loss, so the limit holds for questions too.
        self._questions = evenly(grounded, max_samples)
        self._micro_batch_size = micro_batch_size
        self._autocast = autocast
        self._emit = emit
        self._should_stop = should_stop

    def run(self, step: int) -> None:
        """Measure and report. A stop that is asked for meanwhile drops this evaluation."""
        self._emit("stage", name="evaluate", state="begin")
        self._loaded.model.eval()
        loss = self._loss()
        answered = [
            (question, text) for question, text, _, _ in self._predictor.answer(self._questions, self._should_stop)
        ]
        if loss is not None and not self._should_stop():
            metrics = measure(cases_of_answers(answered))
            self._emit(
                "eval",
                step=step,
                loss=loss,
                samples=len(self._positions),
                metrics=None if metrics is None else metrics.as_json(),
            )
        self._emit("stage", name="evaluate", state="end")

    @torch.no_grad()
    def _loss(self) -> float | None:
        """Mean over all supervised tokens; None when no picture can be decoded."""
        total, count = 0.0, 0
        for start in range(0, len(self._positions), self._micro_batch_size):
            if self._should_stop():
                return None
            group = self._positions[start : start + self._micro_batch_size]
            batch = self._batches.make(group, epoch=0, refuse=self._report_refusal)
            if batch is None:
                continue
            with self._autocast():
                losses = token_losses(self._loaded.model, batch)
            total += float(losses.sum())
            count += len(losses)
        return total / count if count else None

    def _report_refusal(self, sample: Sample, reason: str) -> None:
        self._emit("ledger", dataset=sample.record.dataset, index=sample.record.index, outcome="refused", reason=reason)
