"""How well predicted boxes match the truth. Boxes are in pixels of the picture; IoU uses plain areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from refbox_trainer.data.coordinates import Box, iou

THRESHOLD: Final = 0.5
"""A prediction counts from an IoU of exactly one half, as in the RefCOCO protocol."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One expression on one picture."""

    truth: tuple[Box, ...]
    """Empty for a stated negative."""
    predicted: tuple[Box, ...]
    failed: bool
    """The answer has the beginnings of boxes and none that can be used, or there is no answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metrics:
    """Shares from 0 to 1."""

    precision_at_1: float
    """First box right (any true box will do); for a negative: no box at all. Over all expressions."""
    precision: float
    recall: float
    f1: float
    mean_iou: float
    """First box against the true box nearest to it, 0 without a box; over expressions that have boxes."""
    parse_failure_rate: float

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def measure(cases: Sequence[Case]) -> Metrics | None:
    """All figures at once; None when there is nothing to measure."""
    if not cases:
        return None
    first = [_first_iou(case) for case in cases]
    right = [
        not case.predicted if not case.truth else overlap >= THRESHOLD
        for case, overlap in zip(cases, first, strict=True)
    ]
    with_boxes = [overlap for case, overlap in zip(cases, first, strict=True) if case.truth]
    matched = sum(match(case.truth, case.predicted) for case in cases)
    predicted, true = sum(len(case.predicted) for case in cases), sum(len(case.truth) for case in cases)
    # Nothing predicted and nothing to find is no mistake; otherwise an empty side scores 0.
    precision = matched / predicted if predicted else float(true == 0)
    recall = matched / true if true else float(predicted == 0)
    return Metrics(
        precision_at_1=sum(right) / len(cases),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0,
        mean_iou=sum(with_boxes) / len(with_boxes) if with_boxes else 0.0,
        parse_failure_rate=sum(case.failed for case in cases) / len(cases),
    )


def match(truth: Sequence[Box], predicted: Sequence[Box]) -> int:
    """How many pairs a greedy one-to-one matching makes, best overlap first, from the threshold up."""
    pairs = sorted(
        ((iou(true, guess), row, column) for row, true in enumerate(truth) for column, guess in enumerate(predicted)),
        reverse=True,
    )
    rows: set[int] = set()
    columns: set[int] = set()
    for overlap, row, column in pairs:
        if overlap < THRESHOLD:
            break
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
    return len(rows)


def _first_iou(case: Case) -> float:
    if not case.predicted:
        return 0.0
    return max((iou(true, case.predicted[0]) for true in case.truth), default=0.0)
