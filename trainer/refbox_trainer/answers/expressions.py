"""Which boxes of an answer belong to which expression of its question."""

from __future__ import annotations

from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.data.grounding import IntBox
from refbox_trainer.data.questions import Question


def boxes_by_expression(question: Question, text: str) -> dict[str, tuple[IntBox, ...]]:
    """What an answer says about each expression.

    A referring question is about one expression, whatever label the answer repeats. The answer to a detection question
    is split by label; expressions that the truth knows and the answer does not name have no boxes.
    """
    answer = parse_answer(text)
    if question.expression is not None:
        return {question.expression: answer.boxes}
    named: dict[str, tuple[IntBox, ...]] = dict.fromkeys(question.truth, ())
    for label, boxes in answer.groups:
        named[label or ""] = (*named.get(label or "", ()), *boxes)
    return named or {"": ()}
