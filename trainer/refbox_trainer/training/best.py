"""Which evaluation was the best so far, and whether it is time to stop."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Metric = Literal["loss", "precision_at_1", "f1", "mean_iou"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Best:
    """The state of keep_best and patience after some evaluations; kept in every checkpoint."""

    value: float | None = None
    """Of the metric that was asked for; None before the first evaluation."""
    step: int = 0
    """When it was measured."""
    worse: int = 0
    """Evaluations since then, none of them better."""
    evaluated_step: int = 0
    """The newest evaluation, so that a resumed run knows whether the one of its checkpoint's step was made."""

    def after(self, step: int, value: float, metric: Metric) -> Best:
        """The state after one more evaluation. An equal value is not better: the earlier checkpoint is kept.

        A value that is no number is worse than any number.
        """
        if self.value is None:
            better = not math.isnan(value)
        else:
            better = value < self.value if metric == "loss" else value > self.value
        if better:
            return Best(value=value, step=step, worse=0, evaluated_step=step)
        return Best(value=self.value, step=self.step, worse=self.worse + 1, evaluated_step=step)

    def exhausted(self, patience: int | None) -> bool:
        """Whether `patience` evaluations in a row were no better."""
        return patience is not None and self.worse >= patience

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def best_of(state: Mapping[str, Any] | None) -> Best:
    """The inverse of `Best.as_json`; checkpoints of runs without evaluation have none."""
    return Best(**state) if state else Best()


def value_of(metric: Metric, loss: float, metrics: Mapping[str, float] | None) -> float:
    """The figure that decides; no number when there are no boxes to measure it by."""
    if metric == "loss":
        return loss
    return math.nan if metrics is None else float(metrics[metric])
