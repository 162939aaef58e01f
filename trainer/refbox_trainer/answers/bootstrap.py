"""How far figures could move with another draw of pictures: percentile bootstrap (Efron and Tibshirani 1993, ch. 13).

Pictures are drawn, not expressions: the expressions of one picture share what is hard about it, and drawing them one
by one would make the intervals too narrow. Two models are compared on the same draws, so that what is common to both
cancels out.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from refbox_trainer.answers.metrics import figures

_CHUNK: Final = 64
"""Draws that are held at once; with 10,000 pictures they take 5 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draws:
    """How intervals are made."""

    resamples: int = 1000
    seed: int = 0
    level: float = 0.95


class Interval(NamedTuple):
    low: float
    high: float


class Difference(NamedTuple):
    """Tuned minus base, with the interval of that difference."""

    value: float
    low: float
    high: float


def by_picture(counts: np.ndarray, pictures: Sequence[Hashable], order: dict[Hashable, int]) -> np.ndarray:
    """Counts [expressions, K] summed up to [pictures, K]; `order` says which row a picture has."""
    summed = np.zeros((len(order), counts.shape[1]))
    np.add.at(summed, [order[picture] for picture in pictures], counts)
    return summed


def intervals(units: np.ndarray, draws: Draws) -> dict[str, Interval]:
    """The interval of every figure, from counts per picture [U, K]; figures without a meaning are left out."""
    found = _resample([units], draws)[0]
    return {name: _interval(values, draws.level) for name, values in found.items() if _has_meaning(values)}


def differences(tuned: np.ndarray, base: np.ndarray, draws: Draws) -> dict[str, Difference]:
    """Tuned minus base for every figure, both as counts per picture [U, K] with the same rows."""
    ours, theirs = figures(tuned.sum(axis=0)), figures(base.sum(axis=0))
    drawn_ours, drawn_theirs = _resample([tuned, base], draws)
    found: dict[str, Difference] = {}
    for name, values in drawn_ours.items():
        moved = values - drawn_theirs[name]
        if _has_meaning(moved):
            found[name] = Difference(float(ours[name] - theirs[name]), *_interval(moved, draws.level))
    return found


def _resample(tables: Sequence[np.ndarray], draws: Draws) -> list[dict[str, np.ndarray]]:
    """Every figure of every table [resamples], all tables with the same draws."""
    rng = np.random.default_rng(draws.seed)
    pictures = len(tables[0])
    totals: list[list[np.ndarray]] = [[] for _ in tables]
    for start in range(0, draws.resamples, _CHUNK):
        size = min(_CHUNK, draws.resamples - start)
        times_drawn = rng.multinomial(pictures, np.full(pictures, 1 / pictures), size=size)
        for table, kept in zip(tables, totals, strict=True):
            kept.append(times_drawn @ table)
    return [figures(np.concatenate(kept)) for kept in totals]


def _has_meaning(values: np.ndarray) -> bool:
    return not bool(np.isnan(values).all())


def _interval(values: np.ndarray, level: float) -> Interval:
    edges = [50 * (1 - level), 100 - 50 * (1 - level)]
    low, high = np.nanpercentile(values, edges)
    return Interval(float(low), float(high))
