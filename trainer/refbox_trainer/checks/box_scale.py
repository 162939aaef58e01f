"""On which scale the boxes of a dataset are written. Right is 0..1000; public data has others, also mixed in one file.

Boxes of another scale often look legal one by one: only many of them together give the scale away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from refbox_trainer.answers.answer_scan import scan_answer
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.coordinates import SCALE
from refbox_trainer.data.records import Record

Scale = Literal["thousandths", "shares", "pixels", "0..999", "mixed", "unclear"]

_ENOUGH: Final = 20
"""Boxes from which a habit can be told from chance."""
_SMALL_PICTURE: Final = 800
"""Below this many pixels a side, boxes on the 0..1000 scale are bound to exceed the picture sooner or later."""


class WrittenBox(NamedTuple):
    """Four numbers as they stand in an answer, and the size of the picture if the record states it."""

    numbers: tuple[float, float, float, float]
    width: int | None
    height: int | None


class Verdict(NamedTuple):
    scale: Scale
    reason: str


def check_scales(records: Sequence[Record], problems: Problems) -> None:
    """One finding per dataset whose boxes are not plainly thousandths."""
    by_dataset: dict[str, list[Record]] = {}
    for record in records:
        by_dataset.setdefault(record.dataset, []).append(record)
    for dataset, own in by_dataset.items():
        boxes = [box for record in own for box in written_boxes(record)]
        verdict = judge(boxes)
        if verdict.scale in ("thousandths", "unclear"):
            continue
        advice = "Write round(v / size * 1000) of the picture's own size; `refbox convert` does so from other formats."
        words = f"The boxes of dataset {dataset} look like {_NAMES[verdict.scale]}: {verdict.reason}."
        # What cannot be thousandths is an error; what could be, however unlikely, is the person's to decide.
        report = problems.error if verdict.scale in ("shares", "mixed") else problems.warning
        report("box_scale", words, dataset, advice)


_NAMES: Final[dict[Scale, str]] = {
    "shares": "shares of the picture from 0 to 1",
    "pixels": "pixels",
    "0..999": "a scale from 0 to 999",
    "mixed": "several scales mixed",
}


def written_boxes(record: Record) -> list[WrittenBox]:
    """Every list of four numbers in the answers."""
    found: list[WrittenBox] = []
    for turn in record.turns:
        if turn.role != "gpt":
            continue
        for piece in scan_answer(turn.text):
            if piece.kind == "list" and len(piece.numbers) == 4:
                a, b, c, d = (float(number[:20]) for number in piece.numbers)
                found.append(WrittenBox((a, b, c, d), record.width, record.height))
    return found


def judge(boxes: Sequence[WrittenBox]) -> Verdict:
    """The scale that explains all boxes."""
    if not boxes:
        return Verdict("unclear", "there is none")
    shares = sum(_is_share(box) for box in boxes)
    beyond = sum(max(box.numbers) > SCALE for box in boxes)
    if shares and shares == len(boxes):
        return Verdict("shares", f"no number of {len(boxes)} boxes exceeds 1")
    if shares:
        return Verdict("mixed", f"{shares} of {len(boxes)} boxes have numbers from 0 to 1, the others larger ones")
    if beyond:
        largest = max(max(box.numbers) for box in boxes)
        return Verdict("pixels", f"{beyond} of {len(boxes)} boxes have numbers above 1000, up to {largest:g}")
    small = [box for box in boxes if min(box.width or SCALE, box.height or SCALE) <= _SMALL_PICTURE]
    if len(small) >= _ENOUGH and all(_within_picture(box) for box in small):
        return Verdict("pixels", f"none of the {len(small)} boxes on small pictures reaches beyond its picture's size")
    largest = max(max(box.numbers) for box in boxes)
    at_edge = sum(max(box.numbers) == largest for box in boxes)
    if largest == SCALE - 1 and at_edge >= max(3, len(boxes) // _ENOUGH):
        return Verdict("0..999", f"{at_edge} of {len(boxes)} boxes end at 999 and none at 1000")
    return Verdict("thousandths", "")


def _is_share(box: WrittenBox) -> bool:
    return max(box.numbers) <= 1 and any(number != int(number) for number in box.numbers)


def _within_picture(box: WrittenBox) -> bool:
    x1, y1, x2, y2 = box.numbers
    return max(x1, x2) <= (box.width or SCALE) and max(y1, y2) <= (box.height or SCALE)
