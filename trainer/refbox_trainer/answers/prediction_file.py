"""Predictions files: one JSON object a line, as `predict` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

from refbox_trainer.data.grounding import IntBox
from refbox_trainer.errors import TrainerError


class Prediction(TypedDict):
    """One line. Boxes are whole numbers from 0 to 1000; scores belong to them one by one (score.py)."""

    dataset: str
    index: int
    image: str
    expression: str
    prompt: str
    text: str
    boxes: list[list[int]]
    scores: NotRequired[list[float]]
    tokens: int
    ms: float


class Asked(NamedTuple):
    """What identifies a question."""

    dataset: str
    record: int
    """Line number in its annotation file, from 0."""
    prompt: str


class Answered(NamedTuple):
    boxes: tuple[IntBox, ...]
    text: str


Predictions = dict[Asked, dict[str, Answered]]
"""By question, then by expression, both in the order of the file."""


def read_predictions(path: Path) -> Predictions:
    """Raises TrainerError("bad_data") naming the line that is no prediction."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError("bad_data", f"{path} cannot be read: {error}.", "Give a predictions file.") from error
    found: Predictions = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            asked, expression, answered = _read_line(line)
        except (ValueError, KeyError, TypeError) as error:
            raise TrainerError(
                "bad_data", f"{path}:{number} is not a prediction: {error}.", "Make the file again with `predict`."
            ) from error
        found.setdefault(asked, {})[expression] = answered
    return found


def _read_line(line: str) -> tuple[Asked, str, Answered]:
    value = json.loads(line)
    asked = Asked(str(value["dataset"]), int(value["index"]), str(value["prompt"]))
    boxes: list[IntBox] = []
    for box in value["boxes"]:
        x1, y1, x2, y2 = (int(number) for number in box)
        boxes.append((x1, y1, x2, y2))
    return asked, str(value["expression"]), Answered(tuple(boxes), str(value["text"]))
