"""Average precision and recall as the COCO benchmark defines them for boxes.

The same definitions as `COCOeval` of pycocotools (its tests compare both to the last digit): ten IoU thresholds from
0.50 to 0.95, precision interpolated at 101 recalls, the mean over labels, at most 1, 10 or 100 boxes per picture and
label, sizes by the area of the box in pixels. The answers of these models carry no confidence; give every box the
same score, and boxes rank in the order in which they stand. Crowds are not supported: conversation records have none.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

import numpy as np

from refbox_trainer.data.coordinates import Box

IOU_THRESHOLDS: Final = np.linspace(0.5, 0.95, 10)
RECALLS: Final = np.linspace(0.0, 1.0, 101)
MOST_BOXES: Final = (1, 10, 100)

SMALL_SIDE: Final = 32
LARGE_SIDE: Final = 96
_EVERY: Final = 1e5**2
AREAS: Final = {
    "all": (0.0, _EVERY),
    "small": (0.0, float(SMALL_SIDE**2)),
    "medium": (float(SMALL_SIDE**2), float(LARGE_SIDE**2)),
    "large": (float(LARGE_SIDE**2), _EVERY),
}
"""Areas in square pixels, both ends included, so that a box of exactly 32 x 32 is small and medium, as there."""


class Found(NamedTuple):
    """One box, in pixels: x, y of the corner, then width and height."""

    picture: Hashable
    label: str
    x: float
    y: float
    width: float
    height: float
    score: float = 1.0

    @classmethod
    def of_corners(cls, picture: Hashable, label: str, box: Box, score: float = 1.0) -> Found:
        return cls(picture, label, box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1, score)


class CocoFigures(NamedTuple):
    """The twelve figures of the benchmark; nan where there is nothing to find (pycocotools says -1)."""

    ap: float
    ap50: float
    ap75: float
    ap_small: float
    ap_medium: float
    ap_large: float
    ar_1: float
    ar_10: float
    ar_100: float
    ar_small: float
    ar_medium: float
    ar_large: float


class CocoResult(NamedTuple):
    """`ap50_by_label` has nan for labels without a true box."""

    figures: CocoFigures
    ap50_by_label: dict[str, float]


class _Matched(NamedTuple):
    """Boxes of one picture and label against one range of areas. D boxes by falling score, T thresholds."""

    scores: np.ndarray
    """[D]"""
    matched: np.ndarray
    """bool [T, D]"""
    ignored: np.ndarray
    """bool [T, D]"""
    truths: int
    """True boxes that count, that is of this size."""


def evaluate_boxes(truths: Sequence[Found], predicted: Sequence[Found]) -> CocoResult:
    """All figures. Pictures are visited in the order in which they first occur, which decides between equal scores."""
    order = {picture: row for row, picture in enumerate(dict.fromkeys(box.picture for box in (*truths, *predicted)))}
    true_by, found_by = _grouped(truths), _grouped(predicted)
    labels = sorted({*true_by, *found_by})
    ranges = {
        area: [_match_label(true_by.get(label, {}), found_by.get(label, {}), order, area) for label in labels]
        for area in AREAS
    }
    precision = {area: _stack([_precisions(matched) for matched in ranges[area]]) for area in AREAS}
    recall = {area: _stack([_recalls(matched, MOST_BOXES[-1]) for matched in ranges[area]]) for area in AREAS}
    figures = CocoFigures(
        ap=_mean(precision["all"]),
        ap50=_mean(precision["all"][:, 0]),
        ap75=_mean(precision["all"][:, 5]),
        ap_small=_mean(precision["small"]),
        ap_medium=_mean(precision["medium"]),
        ap_large=_mean(precision["large"]),
        ar_1=_mean(_stack([_recalls(matched, 1) for matched in ranges["all"]])),
        ar_10=_mean(_stack([_recalls(matched, 10) for matched in ranges["all"]])),
        ar_100=_mean(recall["all"]),
        ar_small=_mean(recall["small"]),
        ar_medium=_mean(recall["medium"]),
        ar_large=_mean(recall["large"]),
    )
    return CocoResult(figures, {label: _mean(precision["all"][row, 0]) for row, label in enumerate(labels)})


def _grouped(boxes: Sequence[Found]) -> dict[str, dict[Hashable, list[Found]]]:
    """By label, then by picture."""
    grouped: dict[str, dict[Hashable, list[Found]]] = {}
    for box in boxes:
        grouped.setdefault(box.label, {}).setdefault(box.picture, []).append(box)
    return grouped


def _match_label(
    true_by: dict[Hashable, list[Found]], found_by: dict[Hashable, list[Found]], order: dict[Hashable, int], area: str
) -> list[_Matched]:
    pictures = sorted({*true_by, *found_by}, key=order.__getitem__)
    return [_match(true_by.get(picture, []), found_by.get(picture, []), AREAS[area]) for picture in pictures]


def _match(truths: Sequence[Found], found: Sequence[Found], limits: tuple[float, float]) -> _Matched:
    """Boxes take the best true box that is still free, best score first; true boxes of other sizes only if need be."""
    ranked = sorted(found, key=lambda box: -box.score)[: MOST_BOXES[-1]]
    truths = sorted(truths, key=lambda box: _is_outside(box, limits))
    outside = [_is_outside(box, limits) for box in truths]
    overlaps: list[list[float]] = _overlaps(ranked, truths).tolist()
    matched = np.zeros((len(IOU_THRESHOLDS), len(ranked)), dtype=bool)
    ignored = np.zeros_like(matched)
    for row, threshold in enumerate(IOU_THRESHOLDS):
        free = [True] * len(truths)
        for column, box in enumerate(ranked):
            chosen = _choose(overlaps[column], free, outside, min(float(threshold), 1 - 1e-10))
            if chosen is None:
                # A box of another size that finds nothing is no mistake of this range.
                ignored[row, column] = _is_outside(box, limits)
                continue
            free[chosen] = False
            matched[row, column] = True
            ignored[row, column] = outside[chosen]
    scores = np.array([box.score for box in ranked], dtype=np.float64)
    return _Matched(scores, matched, ignored, outside.count(False))


def _choose(overlaps: Sequence[float], free: Sequence[bool], outside: Sequence[bool], threshold: float) -> int | None:
    """The free true box with the largest overlap, the later one of equals; those outside the range stand last."""
    chosen = None
    for position, overlap in enumerate(overlaps):
        if not free[position]:
            continue
        if chosen is not None and not outside[chosen] and outside[position]:
            break
        if overlap >= threshold:
            chosen, threshold = position, overlap
    return chosen


def _is_outside(box: Found, limits: tuple[float, float]) -> bool:
    area = box.width * box.height
    return area < limits[0] or area > limits[1]


def _overlaps(found: Sequence[Found], truths: Sequence[Found]) -> np.ndarray:
    """IoU float64 [found, truths], in the order of operations of maskApi.c, as a last digit can decide a match."""
    if not found or not truths:
        return np.zeros((len(found), len(truths)))
    ours = np.array([box[2:6] for box in found], dtype=np.float64)[:, None]
    theirs = np.array([box[2:6] for box in truths], dtype=np.float64)[None]
    sides = np.minimum(ours[..., 2:] + ours[..., :2], theirs[..., 2:] + theirs[..., :2]) - np.maximum(
        ours[..., :2], theirs[..., :2]
    )
    shared = np.where((sides > 0).all(axis=-1), sides[..., 0] * sides[..., 1], 0.0)
    union = ours[..., 2] * ours[..., 3] + theirs[..., 2] * theirs[..., 3] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=shared > 0)


def _curves(matched: Sequence[_Matched], most: int) -> tuple[np.ndarray, np.ndarray, int]:
    """True and false positives, summed up by falling score [T, D], and the number of true boxes."""
    truths = sum(item.truths for item in matched)
    scores = np.concatenate([item.scores[:most] for item in matched]) if matched else np.zeros(0)
    order = np.argsort(-scores, kind="stable")
    hits, ignored = (
        np.concatenate([getattr(item, name)[:, :most] for item in matched], axis=1)[:, order]
        for name in ("matched", "ignored")
    )
    return np.cumsum(hits & ~ignored, axis=1), np.cumsum(~hits & ~ignored, axis=1), truths


def _precisions(matched: Sequence[_Matched]) -> np.ndarray:
    """Interpolated precision [T, R]; nan without a true box."""
    right, wrong, truths = _curves(matched, MOST_BOXES[-1])
    table = np.full((len(IOU_THRESHOLDS), len(RECALLS)), np.nan)
    if truths == 0:
        return table
    for row in range(len(IOU_THRESHOLDS)):
        recall = right[row] / truths
        precision = right[row] / (right[row] + wrong[row] + np.spacing(1))
        # The best precision at this or a higher recall.
        best = np.maximum.accumulate(precision[::-1])[::-1]
        at = np.searchsorted(recall, RECALLS, side="left")
        table[row] = np.where(at < len(best), best[np.minimum(at, len(best) - 1)], 0.0) if len(best) else 0.0
    return table


def _recalls(matched: Sequence[_Matched], most: int) -> np.ndarray:
    """Recall with all boxes [T]; nan without a true box."""
    right, _, truths = _curves(matched, most)
    if truths == 0:
        return np.full(len(IOU_THRESHOLDS), np.nan)
    return right[:, -1] / truths if right.shape[1] else np.zeros(len(IOU_THRESHOLDS))


def _stack(tables: Sequence[np.ndarray]) -> np.ndarray:
    return np.stack(tables) if tables else np.full((0, len(IOU_THRESHOLDS)), np.nan)


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
