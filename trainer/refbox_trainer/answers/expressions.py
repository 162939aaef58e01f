"""Which boxes of an answer belong to which expression of its question."""

from __future__ import annotations

from refbox_trainer.answers.parse import Answer, parse_answer
from refbox_trainer.data.grounding import IntBox
from refbox_trainer.data.questions import Question


def boxes_by_expression(question: Question, text: str) -> dict[str, tuple[IntBox, ...]]:
    """What an answer says about each expression.

    A referring question is about one expression, whatever label the answer repeats. The answer to a detection question
    is split by label; expressions that the truth knows and the answer does not name have no boxes.
    """
    answer = parse_answer(text)
    boxes = answer.boxes
    named = places_by_expression(question, answer)
    return {expression: tuple(boxes[place] for place in places) for expression, places in named.items()}


def places_by_expression(question: Question, answer: Answer) -> dict[str, list[int]]:
    """The same as places in `answer.boxes`."""
    if question.expression is not None:
        return {question.expression: list(range(len(answer.boxes)))}
    named: dict[str, list[int]] = {expression: [] for expression in question.truth}
    place = 0
    for label, boxes in answer.groups:
        named.setdefault(label or "", []).extend(range(place, place + len(boxes)))
        place += len(boxes)
    return named or {"": []}
