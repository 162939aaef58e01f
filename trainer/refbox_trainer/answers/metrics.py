"""How well predicted boxes match the truth.

Every figure is a function of counts that add up over expressions, so that the same formulas serve one evaluation and
thousands of resampled ones (bootstrap.py). Boxes may be on any scale; IoU uses plain areas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

import numpy as np

from refbox_trainer.data.coordinates import Box, iou

THRESHOLD: Final = 0.5
"""A prediction counts from an IoU of exactly one half, as in the RefCOCO protocol."""

DUPLICATE_THRESHOLD: Final = 0.9
"""From this IoU on a box says again what an earlier box of the same answer said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One expression on one picture."""

    truth: tuple[Box, ...]
    """Empty for a negative."""
    predicted: tuple[Box, ...]
    failed: bool
    """The answer has the beginnings of boxes and none that can be used, or there is no answer."""
    stated: bool = True
    """Whether the dataset speaks of the expression; False for a label that only the model brought up."""


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


class Counts(NamedTuple):
    """What every figure is made of; sums over expressions. The fields are arrays when many sums are looked at."""

    expressions: np.ndarray | float
    right: np.ndarray | float
    """First box right, or rightly no box."""
    failed: np.ndarray | float
    with_boxes: np.ndarray | float
    """Expressions that have true boxes, and the sum of the IoU of their first box."""
    overlap: np.ndarray | float
    true: np.ndarray | float
    predicted: np.ndarray | float
    matched: np.ndarray | float
    negatives: np.ndarray | float
    """Expressions that the dataset states to be absent, and how many of them got a box."""
    disturbed: np.ndarray | float
    duplicates: np.ndarray | float
    """Boxes that repeat an earlier one of the same answer."""


class Pair(NamedTuple):
    """One true and one predicted box that belong together."""

    truth: int
    predicted: int
    overlap: float


def measure(cases: Sequence[Case]) -> Metrics | None:
    """The figures that a run reports while it trains; None when there is nothing to measure."""
    if not cases:
        return None
    every = figures(tabulate(cases).sum(axis=0))
    return Metrics(**{name: float(every[name]) for name in Metrics.__dataclass_fields__})


def tabulate(cases: Sequence[Case]) -> np.ndarray:
    """float64 [cases, fields of Counts]"""
    return np.array([count(case) for case in cases], dtype=np.float64).reshape(len(cases), len(Counts._fields))


def count(case: Case) -> Counts:
    """One expression as counts."""
    first = max((iou(true, case.predicted[0]) for true in case.truth), default=0.0) if case.predicted else 0.0
    absent = case.stated and not case.truth
    return Counts(
        expressions=1,
        right=first >= THRESHOLD if case.truth else not case.predicted,
        failed=case.failed,
        with_boxes=bool(case.truth),
        overlap=first,
        true=len(case.truth),
        predicted=len(case.predicted),
        matched=len(matched_pairs(case.truth, case.predicted)),
        negatives=absent,
        disturbed=absent and bool(case.predicted),
        duplicates=_duplicates(case.predicted),
    )


def figures(counts: np.ndarray | Sequence[float]) -> dict[str, np.ndarray]:
    """Sums of counts, float64 [..., fields of Counts], to figures [...]; nan where one has no meaning."""
    total = Counts(*np.moveaxis(np.asarray(counts, dtype=np.float64), -1, 0))
    # Nothing predicted and nothing to find is no mistake; otherwise an empty side scores 0.
    precision = _share(total.matched, total.predicted, otherwise=np.equal(total.true, 0))
    recall = _share(total.matched, total.true, otherwise=np.equal(total.predicted, 0))
    return {
        "precision_at_1": _share(total.right, total.expressions, otherwise=np.nan),
        "precision": precision,
        "recall": recall,
        "f1": _share(2 * precision * recall, precision + recall, otherwise=0.0),
        "mean_iou": _share(total.overlap, total.with_boxes, otherwise=0.0),
        "parse_failure_rate": _share(total.failed, total.expressions, otherwise=np.nan),
        "false_positive_rate": _share(total.disturbed, total.negatives, otherwise=np.nan),
        "duplicate_rate": _share(total.duplicates, total.predicted, otherwise=0.0),
    }


def matched_pairs(truth: Sequence[Box], predicted: Sequence[Box]) -> list[Pair]:
    """A greedy one-to-one matching, best overlap first, from the threshold up; ties as in server/grounding/match.ts."""
    candidates = sorted(
        (Pair(row, column, iou(true, box)) for row, true in enumerate(truth) for column, box in enumerate(predicted)),
        key=lambda pair: (-pair.overlap, pair.predicted, pair.truth),
    )
    rows: set[int] = set()
    columns: set[int] = set()
    pairs: list[Pair] = []
    for pair in candidates:
        if pair.overlap < THRESHOLD:
            break
        if pair.truth not in rows and pair.predicted not in columns:
            rows.add(pair.truth)
            columns.add(pair.predicted)
            pairs.append(pair)
    return pairs


def _duplicates(boxes: Sequence[Box]) -> int:
    return sum(
        any(iou(earlier, box) >= DUPLICATE_THRESHOLD for earlier in boxes[:position])
        for position, box in enumerate(boxes)
    )


def _share(part: np.ndarray | float, whole: np.ndarray | float, *, otherwise: np.ndarray | float) -> np.ndarray:
    whole = np.asarray(whole)
    return np.where(whole > 0, np.asarray(part) / np.where(whole > 0, whole, 1), otherwise)
