"""Figures by label and by size of the box, from the same matching as the totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from refbox_trainer.answers.coco import LARGE_SIDE, SMALL_SIDE, CocoResult, Found, evaluate_boxes
from refbox_trainer.answers.metrics import Case, Counts, figures, matched_pairs, tabulate
from refbox_trainer.data.coordinates import Box, decode_box

Size = Literal["small", "medium", "large"]
SIZES: Final[tuple[Size, ...]] = ("small", "medium", "large")


class PictureSize(NamedTuple):
    """Pixels."""

    width: int
    height: int


class SizedCase(NamedTuple):
    """A case with the picture it is about; `picture` names one question, so that two questions never mix."""

    case: Case
    label: str
    picture: tuple[str, int, str]
    size: PictureSize | None
    """None when it is not known; sizes of boxes are not known then either."""


def size_of(box: Box, picture: PictureSize) -> Size:
    """By the area in pixels, with the borders of COCO. `box` is in thousandths."""
    area = decode_box(box, *picture).area
    if area < SMALL_SIDE**2:
        return "small"
    return "medium" if area < LARGE_SIDE**2 else "large"


def by_label(cases: Sequence[SizedCase], coco: CocoResult | None) -> list[dict[str, Any]]:
    """One row per label, those with most true boxes first. `ap50` is null without pixels or without a true box."""
    groups: dict[str, list[Case]] = {}
    for item in cases:
        groups.setdefault(item.label, []).append(item.case)
    rows: list[dict[str, Any]] = []
    for label, own in groups.items():
        total = tabulate(own).sum(axis=0)
        ap50 = float("nan") if coco is None else coco.ap50_by_label.get(label, float("nan"))
        rows.append({"label": label, **_row(Counts(*total)), "ap50": None if ap50 != ap50 else ap50})
    return sorted(rows, key=lambda row: (-row["true"], -row["predicted"], row["label"]))


def by_size(cases: Sequence[SizedCase]) -> dict[Size, dict[str, Any]]:
    """A matched pair belongs to the size of its true box, any other box to its own size."""
    true, predicted, matched = (dict[Size, int].fromkeys(SIZES, 0) for _ in range(3))
    for item in cases:
        if item.size is None:
            continue
        sizes: list[Size] = [size_of(box, item.size) for box in item.case.truth]
        for size in sizes:
            true[size] += 1
        partner = {pair.predicted: pair.truth for pair in matched_pairs(item.case.truth, item.case.predicted)}
        for position, box in enumerate(item.case.predicted):
            if position in partner:
                matched[sizes[partner[position]]] += 1
                predicted[sizes[partner[position]]] += 1
            else:
                predicted[size_of(box, item.size)] += 1
    empty = Counts(*[0.0] * len(Counts._fields))
    return {
        size: _row(empty._replace(true=true[size], predicted=predicted[size], matched=matched[size])) for size in SIZES
    }


def coco_of(cases: Sequence[SizedCase]) -> CocoResult | None:
    """COCO's figures in pixels over the cases whose picture has a known size; None when there is none."""
    truths: list[Found] = []
    predicted: list[Found] = []
    for item in cases:
        if item.size is None:
            continue
        for boxes, found in ((item.case.truth, truths), (item.case.predicted, predicted)):
            found += [Found.of_corners(item.picture, item.label, decode_box(box, *item.size)) for box in boxes]
    return evaluate_boxes(truths, predicted) if truths else None


def _row(total: Counts) -> dict[str, Any]:
    every = figures([float(value) for value in total])
    counts = {name: int(getattr(total, name)) for name in ("true", "predicted", "matched")}
    return counts | {name: float(every[name]) for name in ("precision", "recall", "f1")}
