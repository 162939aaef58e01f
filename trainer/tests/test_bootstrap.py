"""Intervals by resampling pictures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from refbox_trainer.answers.bootstrap import Draws, by_picture, differences, intervals
from refbox_trainer.answers.metrics import Case, tabulate
from refbox_trainer.data.coordinates import Box

_BOX = Box(0, 0, 10, 10)
_RIGHT = Case(truth=(_BOX,), predicted=(_BOX,), failed=False)
_WRONG = Case(truth=(_BOX,), predicted=(Box(50, 50, 60, 60),), failed=False)


def _units(right: int, wrong: int) -> np.ndarray:
    return tabulate([_RIGHT] * right + [_WRONG] * wrong)


def test_the_interval_of_a_share_is_that_of_its_binomial() -> None:
    # 60 of 200: the standard error of a share is sqrt(0.3 * 0.7 / 200) = 0.0324, and 1.96 of them 0.0635.
    interval = intervals(_units(60, 140), Draws(resamples=4000, seed=1))["precision_at_1"]
    error = 1.96 * math.sqrt(0.3 * 0.7 / 200)
    assert interval.low == pytest.approx(0.3 - error, abs=0.01)
    assert interval.high == pytest.approx(0.3 + error, abs=0.01)


def test_the_same_seed_gives_the_same_interval() -> None:
    units = _units(5, 9)
    assert intervals(units, Draws(seed=3)) == intervals(units, Draws(seed=3))
    assert intervals(units, Draws(seed=3)) != intervals(units, Draws(seed=4))


def test_expressions_of_one_picture_are_drawn_together() -> None:
    # Ten pictures with 20 expressions each, all right or all wrong: the interval is that of ten draws, not of 200.
    cases = [case for case in ([_RIGHT] * 5 + [_WRONG] * 5) for _ in range(20)]
    pictures = [number // 20 for number in range(200)]
    together = by_picture(tabulate(cases), pictures, {number: number for number in range(10)})
    wide = intervals(together, Draws(seed=0))["precision_at_1"]
    narrow = intervals(tabulate(cases), Draws(seed=0))["precision_at_1"]
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_a_difference_cancels_what_both_models_share() -> None:
    # The tuned model is right wherever the base is, and on 10 of 100 pictures more. Each alone is uncertain by ten
    # points, the difference only by the 10 pictures that changed: 1.96 * sqrt(0.1 * 0.9 / 100) = 0.059.
    tuned, base = _units(60, 40), np.concatenate([_units(50, 0), _units(0, 50)])
    difference = differences(tuned, base, Draws(resamples=4000, seed=2))["precision_at_1"]
    assert difference.value == pytest.approx(0.1)
    assert difference.low == pytest.approx(0.1 - 0.059, abs=0.012)
    assert difference.high == pytest.approx(0.1 + 0.059, abs=0.012)


def test_a_figure_without_a_meaning_has_no_interval() -> None:
    assert "false_positive_rate" not in intervals(_units(2, 2), Draws(resamples=50))
