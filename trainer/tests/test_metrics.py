"""Figures from predicted and true boxes."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from refbox_trainer.answers.evaluate import case_of
from refbox_trainer.answers.metrics import Case, figures, matched_pairs, measure, tabulate
from refbox_trainer.data.coordinates import Box

_EXAMPLES = json.loads(
    (Path(__file__).parent.parent / "contracts" / "examples" / "metrics.json").read_text(encoding="utf-8")
)


def _thousandths(box: list[float], width: int, height: int) -> Box:
    x1, y1, x2, y2 = box
    return Box(x1 / width * 1000, y1 / height * 1000, x2 / width * 1000, y2 / height * 1000)


def _cases() -> list[Case]:
    return [
        Case(
            truth=tuple(_thousandths(box, sample["width"], sample["height"]) for box in sample["truth"]),
            predicted=tuple(Box(*box) for box in sample["predicted"]),
            failed=False,
        )
        for sample in _EXAMPLES["samples"]
    ]


def test_figures_equal_those_of_the_studio() -> None:
    metrics = measure(_cases())
    assert metrics is not None
    for name in ("precision_at_1", "precision", "recall", "f1", "mean_iou"):
        assert getattr(metrics, name) == pytest.approx(_EXAMPLES["totals"][name], abs=1e-9), name


def test_matching_equals_that_of_the_studio() -> None:
    for case, sample in zip(_cases(), _EXAMPLES["samples"], strict=True):
        assert len(matched_pairs(case.truth, case.predicted)) == sample["matched"], sample["name"]


def test_an_overlap_of_exactly_one_half_is_right() -> None:
    metrics = measure([case_of([(0, 0, 100, 100)], [[0, 0, 200, 100]], "<ref>a</ref><box>[[0, 0, 200, 100]]</box>")])
    assert metrics is not None
    assert metrics.precision_at_1 == 1


def test_only_the_first_box_counts_for_precision_at_1() -> None:
    right, wrong = Box(0, 0, 10, 10), Box(50, 50, 60, 60)
    metrics = measure([Case(truth=(right,), predicted=(wrong, right), failed=False)])
    assert metrics is not None
    assert (metrics.precision_at_1, metrics.precision, metrics.recall) == (0, 0.5, 1)


def test_a_broken_answer_is_a_parse_failure_and_a_statement_is_not() -> None:
    metrics = measure(
        [
            case_of([(1, 2, 3, 4)], [], "<ref>a</ref><box>[[1, 2"),
            case_of([], [], "There is no <ref>a</ref> in this image."),
        ]
    )
    assert metrics is not None
    assert metrics.parse_failure_rate == 0.5
    assert metrics.precision_at_1 == 0.5


def test_nothing_predicted_where_something_is_has_no_precision() -> None:
    metrics = measure([Case(truth=(Box(0, 0, 1, 1),), predicted=(), failed=False)])
    assert metrics is not None
    assert (metrics.precision, metrics.recall, metrics.f1) == (0, 0, 0)


def test_no_cases_give_no_figures() -> None:
    assert measure([]) is None


def test_a_box_on_a_stated_negative_is_a_false_positive_and_an_invented_label_is_not() -> None:
    box = (Box(0, 0, 10, 10),)
    cases = [
        Case(truth=(), predicted=box, failed=False),
        Case(truth=(), predicted=(), failed=False),
        Case(truth=(), predicted=box, failed=False, stated=False),
    ]
    every = figures(tabulate(cases).sum(axis=0))
    assert (every["false_positive_rate"], every["precision_at_1"]) == (0.5, pytest.approx(1 / 3))


def test_repeated_boxes_are_counted_from_nine_tenths_on() -> None:
    # 10 x 10 boxes beside one of 10 x 9: IoU exactly 0.9. One shifted by half overlaps by a third.
    boxes = (Box(0, 0, 10, 10), Box(0, 0, 10, 9), Box(5, 0, 15, 10), Box(0, 0, 10, 10))
    every = figures(tabulate([Case(truth=(), predicted=boxes, failed=False)]).sum(axis=0))
    assert every["duplicate_rate"] == 0.5


def test_figures_without_a_meaning_are_no_numbers() -> None:
    every = figures(tabulate([Case(truth=(Box(0, 0, 1, 1),), predicted=(), failed=False)]).sum(axis=0))
    assert math.isnan(every["false_positive_rate"])
    assert every["duplicate_rate"] == 0
