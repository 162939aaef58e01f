"""Average precision and recall against pycocotools, the benchmark's own code."""

from __future__ import annotations

import contextlib
import io
import math
import random
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from refbox_trainer.answers.coco import CocoFigures, Found, evaluate_boxes
from refbox_trainer.data.coordinates import Box


def _reference(truths: list[Found], predicted: list[Found]) -> tuple[list[float], dict[str, float]]:
    """The twelve numbers of pycocotools, and AP50 per label; -1 became nan."""
    pictures = {picture: row + 1 for row, picture in enumerate(dict.fromkeys(b.picture for b in (*truths, *predicted)))}
    labels = sorted({box.label for box in (*truths, *predicted)})
    rows: list[Any] = [
        {
            "id": number + 1,
            "image_id": pictures[box.picture],
            "category_id": labels.index(box.label) + 1,
            "bbox": [box.x, box.y, box.width, box.height],
            "area": box.width * box.height,
            "iscrowd": 0,
            "score": box.score,
        }
        for number, box in enumerate([*truths, *predicted])
    ]
    truth: Any = COCO()
    found: Any = COCO()
    dataset: Any = {
        "info": {},
        "images": [{"id": number} for number in pictures.values()],
        "categories": [{"id": number + 1} for number in range(len(labels))],
        "annotations": rows[: len(truths)],
    }
    truth.dataset, found.dataset = dataset, {**dataset, "annotations": rows[len(truths) :]}
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found.createIndex()
        evaluation = COCOeval(truth, found, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"][0, :, :, 0, 2]
    by_label = {label: float(precision[:, row].mean()) for row, label in enumerate(labels)}
    return [math.nan if value < 0 else float(value) for value in evaluation.stats], {
        label: math.nan if value < 0 else value for label, value in by_label.items()
    }


def _compare(truths: list[Found], predicted: list[Found]) -> None:
    ours = evaluate_boxes(truths, predicted)
    theirs, by_label = _reference(truths, predicted)
    np.testing.assert_allclose(list(ours.figures), theirs, rtol=0, atol=1e-12, err_msg=str(CocoFigures._fields))
    assert ours.ap50_by_label == pytest.approx(by_label, abs=1e-12, nan_ok=True)


def _scene(seed: int, *, scores: list[float], labels: str, side: int) -> tuple[list[Found], list[Found]]:
    """True boxes of all sizes; predictions shifted by a little, or a lot, repeated, invented or missing."""
    rng = random.Random(seed)
    truths: list[Found] = []
    predicted: list[Found] = []
    for picture in range(rng.randint(1, 12)):
        for _ in range(rng.randint(0, 6)):
            box = Found(picture, rng.choice(labels), *_random_box(rng, side))
            truths.append(box)
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                shift = rng.choice([0, 0.05, 0.2, 0.6])
                x, y = box.x + shift * box.width * rng.random(), box.y + shift * box.height * rng.random()
                label = box.label if rng.random() < 0.9 else rng.choice(labels)
                predicted.append(Found(picture, label, x, y, box.width, box.height, rng.choice(scores)))
        if rng.random() < 0.4:
            predicted.append(Found(picture, rng.choice(labels), *_random_box(rng, side), rng.choice(scores)))
    rng.shuffle(predicted)
    return truths, predicted


def _random_box(rng: random.Random, side: int) -> tuple[float, float, float, float]:
    # Whole numbers and exact powers of two give equal overlaps and areas on the borders between the sizes.
    width, height = rng.choice([8, 16, 32, 48, 96, 128, side]), rng.choice([8, 16, 32, 48, 96, 128, side])
    return float(rng.randint(0, 400)), float(rng.randint(0, 400)), float(width), float(height)


@pytest.mark.parametrize("seed", range(30))
def test_figures_equal_pycocotools_with_scores(seed: int) -> None:
    _compare(*_scene(seed, scores=[0.1, 0.3, 0.5, 0.9], labels="abc", side=200))


@pytest.mark.parametrize("seed", range(100, 120))
def test_figures_equal_pycocotools_when_every_box_counts_alike(seed: int) -> None:
    _compare(*_scene(seed, scores=[1.0], labels="abcdefgh", side=60))


def test_figures_equal_pycocotools_with_more_boxes_than_are_looked_at() -> None:
    rng = random.Random(5)
    truths = [Found(0, "a", 10.0 * n, 5.0, 9.0, 40.0) for n in range(130)]
    predicted = [Found(0, "a", 10.0 * n + 1, 5.0, 9.0, 40.0, rng.choice([0.2, 0.4])) for n in range(130)]
    _compare(truths, predicted)


def test_equal_overlaps_are_given_to_the_same_box_as_in_pycocotools() -> None:
    truths = [Found(0, "a", 0, 0, 40, 40), Found(0, "a", 0, 0, 40, 40), Found(0, "a", 20, 0, 40, 40)]
    _compare(truths, [Found(0, "a", 10, 0, 40, 40), Found(0, "a", 0, 0, 40, 40), Found(0, "a", 5, 0, 40, 40)])


def test_a_label_that_only_the_model_names_has_no_precision_of_its_own() -> None:
    result = evaluate_boxes([Found(0, "a", 0, 0, 50, 50)], [Found(0, "b", 0, 0, 50, 50)])
    assert result.ap50_by_label["a"] == 0
    assert math.isnan(result.ap50_by_label["b"])


def test_half_of_the_boxes_found_first_and_one_wrong_by_hand() -> None:
    # One of two found at rank 1, a wrong box at rank 2: precision 1 up to recall 0.5 (51 of 101 recalls), then 0.
    truths = [Found.of_corners(0, "a", Box(0, 0, 50, 50)), Found.of_corners(0, "a", Box(100, 100, 150, 150))]
    predicted = [
        Found.of_corners(0, "a", Box(0, 0, 50, 50), score=0.9),
        Found.of_corners(0, "a", Box(300, 0, 350, 50), score=0.8),
    ]
    figures = evaluate_boxes(truths, predicted).figures
    assert (figures.ap50, figures.ar_100) == pytest.approx((51 / 101, 0.5))


def test_nothing_to_find_and_nothing_found_has_no_figures() -> None:
    assert all(math.isnan(figure) for figure in evaluate_boxes([], []).figures)
