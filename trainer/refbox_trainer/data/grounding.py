"""Prompts and answers of the grounding convention, as written in the training text. Wording is shared with the studio.

One expression has one `<box>` list with all its instances. An expression without boxes is a stated negative.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from refbox_trainer.model.tokens import BOX_END, BOX_START, REF_END, REF_START

Language = Literal["en", "zh"]
IntBox = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """Sentences of one language; `{}` stands for the expression."""

    referring: str
    detection: str
    detection_answer: str
    negative: str


WORDINGS: Final[dict[Language, Wording]] = {
    "en": Wording(
        referring="Please provide the bounding box coordinate of the region this sentence describes: <ref>{}</ref>",
        detection="Please detect and label all objects in the following image and mark their positions.",
        detection_answer="Sure, I will detect and label all objects in the image and mark their positions.",
        negative="There is no <ref>{}</ref> in this image.",
    ),
    "zh": Wording(
        referring="请提供以下描述所对应区域的边界框坐标：<ref>{}</ref>",
        detection="请检测并标注下图中的所有物体，并标出它们的位置。",
        detection_answer="好的，我将检测并标注图中的所有物体，并标出它们的位置。",
        negative="图中没有<ref>{}</ref>。",
    ),
}

_REF: Final = re.compile(re.escape(REF_START) + r"([^<>]*)" + re.escape(REF_END))


def referring_question(expression: str, language: Language = "en") -> str:
    """The question that asks for one expression."""
    return WORDINGS[language].referring.replace("{}", expression)


def referring_answer(expression: str, boxes: Sequence[IntBox], language: Language = "en") -> str:
    """The answer to it; the negative sentence when `boxes` is empty."""
    if not boxes:
        return WORDINGS[language].negative.replace("{}", expression)
    return labelled_boxes(expression, boxes)


def detection_question(language: Language = "en") -> str:
    """The question that asks for everything at once."""
    return WORDINGS[language].detection


def detection_answer(found: Sequence[tuple[str, Sequence[IntBox]]], language: Language = "en") -> str:
    """A sentence, a blank line, and one line per label in a fence."""
    lines = "\n".join(labelled_boxes(label, boxes) for label, boxes in found)
    return f"{WORDINGS[language].detection_answer}\n\n```\n{lines}\n```\n"


def labelled_boxes(label: str, boxes: Sequence[IntBox]) -> str:
    """`<ref>label</ref><box>[[x1, y1, x2, y2], [..]]</box>`."""
    listed = ", ".join(f"[{x1}, {y1}, {x2}, {y2}]" for x1, y1, x2, y2 in boxes)
    return f"{REF_START}{label}{REF_END}{BOX_START}[{listed}]{BOX_END}"


def asked_expression(question: str) -> str | None:
    """The expression that a question asks for, None for a question that names none (detection)."""
    found = _REF.findall(question)
    return found[-1].strip() if found else None
