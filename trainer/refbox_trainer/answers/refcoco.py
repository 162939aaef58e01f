"""The RefCOCO protocol of InternVL (eval/refcoco/evaluate_grounding.py), step by step as published.

It is kept apart from our own figures because it reads answers by its own rule (the first thing that looks like a list
of four, whatever it is) and because published numbers are only comparable when nothing of it is improved.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from refbox_trainer.data.coordinates import Box, encode_coordinate
from refbox_trainer.data.grounding import IntBox, labelled_boxes, referring_question
from refbox_trainer.data.questions import Question
from refbox_trainer.data.records import IMAGE, Record
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.template import Turn
from refbox_trainer.model.tokens import NINE_TOKENS

NEW_TOKENS: Final = 100
"""`max_new_tokens` of the protocol."""
MOST_TILES: Final = 6
"""`max_num` of the protocol."""

_FIRST_LIST: Final = re.compile(r"\[*\[(.*?),(.*?),(.*?),(.*?)\]\]*")
_CONTROL_TOKEN: Final = re.compile(r"<\|[^|<>]+\|>")
_SHARES_BELOW: Final = 4
"""Four numbers that add up to less are shares of the axes, not thousandths."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RefCocoItem:
    """One line of a RefCOCO file. The box is in pixels and not rounded."""

    index: int
    image: str
    sentence: str
    box: Box
    width: int
    height: int


def read_refcoco(path: Path) -> list[RefCocoItem]:
    """The lines of a published split: image, sent, bbox (x1, y1, x2, y2 in pixels), width, height.

    Raises TrainerError("bad_data") naming the line and the field that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError("bad_data", f"{path} cannot be read: {error}.", "Give a RefCOCO file.") from error
    return [_read_line(line, index, path) for index, line in enumerate(lines) if line.strip()]


def question_of(item: RefCocoItem, dataset: str, root: Path) -> Question:
    """The item as a question, with the prompt of the protocol. The answer is the true box on the model's scale."""
    prompt = referring_question(item.sentence)
    answer = labelled_boxes(item.sentence, [_thousandths(item)])
    record = Record(
        dataset=dataset,
        index=item.index,
        images=(root / item.image,),
        image_names=(item.image,),
        turns=(Turn("human", f"{IMAGE}\n{prompt}"), Turn("gpt", answer)),
        width=item.width,
        height=item.height,
        max_dynamic_patch=None,
        data_augment=False,
    )
    return Question(record=record, prompt=prompt, answer=answer, expression=item.sentence)


def official_box(text: str, width: int, height: int) -> np.ndarray:
    """The box that the protocol reads out of an answer, float32 [4] in pixels; all zeros when there is none.

    The protocol reads text that was decoded without special tokens; `text` may still carry them.
    """
    found = _FIRST_LIST.search(_without_special_tokens(text))
    try:
        numbers = [float(number) for number in found.groups()] if found else [0.0] * 4
    except ValueError:
        numbers = [0.0] * 4
    # Single precision, as there: it decides what an overlap of exactly one half counts as.
    with np.errstate(over="ignore"):
        box = np.array(numbers, dtype=np.float32)
    if box.sum() >= _SHARES_BELOW:
        box = box / np.float32(1000)
    return box * np.array([width, height, width, height], dtype=np.float32)


def official_iou(predicted: np.ndarray, true: np.ndarray) -> float:
    """Intersection over union of float32 [4] boxes: plain areas, nothing is clamped to the picture."""
    sides = (np.minimum(predicted[2:], true[2:]) - np.maximum(predicted[:2], true[:2])).clip(min=0)
    shared = sides[0] * sides[1]
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (predicted, true)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(shared / (areas[0] + areas[1] - shared))


def is_right(text: str, true: Box, width: int, height: int) -> bool:
    """Whether an answer counts for Precision @ 1. `true` is in pixels."""
    return official_iou(official_box(text, width, height), np.array(true, dtype=np.float32)) >= 0.5


def _without_special_tokens(text: str) -> str:
    for token in NINE_TOKENS:
        text = text.replace(token, "")
    return _CONTROL_TOKEN.sub("", text)


def _thousandths(item: RefCocoItem) -> IntBox:
    x1, x2 = encode_coordinate(item.box.x1, item.width), encode_coordinate(item.box.x2, item.width)
    y1, y2 = encode_coordinate(item.box.y1, item.height), encode_coordinate(item.box.y2, item.height)
    return x1, y1, x2, y2


def _read_line(line: str, index: int, path: Path) -> RefCocoItem:
    where = f"{path}:{index + 1}"
    try:
        value: Any = json.loads(line)
        box = Box(*(float(number) for number in value["bbox"]))
        item = RefCocoItem(
            index=index,
            image=str(value["image"]),
            sentence=str(value["sent"]),
            box=box,
            width=int(value["width"]),
            height=int(value["height"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        advice = "A line needs image, sent, bbox, width and height, as in the published splits."
        raise TrainerError("bad_data", f"{where} is no RefCOCO line: {error!r}.", advice) from error
    if item.width < 1 or item.height < 1:
        raise TrainerError("bad_data", f"{where}: the picture has no size.", "Correct width and height.")
    return item
