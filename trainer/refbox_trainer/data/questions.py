"""What a dataset asks, and what the right answer is: one item per expression, for prediction and for measuring."""

from __future__ import annotations

from dataclasses import dataclass

from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.data.grounding import IntBox, asked_expression
from refbox_trainer.data.records import IMAGE, Record
from refbox_trainer.model.template import Turn


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing to ask about the pictures of one record."""

    record: Record
    prompt: str
    """The question without its image placeholders."""
    answer: str
    expression: str | None
    """What a referring question names; None for a question about everything."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The question on its own, as the first round of a conversation."""
        count = len(self.record.images)
        return (Turn("human", f"{IMAGE}\n" * count + self.prompt),)

    @property
    def truth(self) -> dict[str, tuple[IntBox, ...]]:
        """True boxes by expression; an empty tuple is a stated negative. Empty for a question without grounding."""
        boxes: dict[str, tuple[IntBox, ...]] = {}
        for label, found in parse_answer(self.answer).groups:
            boxes[label or ""] = (*boxes.get(label or "", ()), *found)
        if self.expression is None:
            return boxes
        # The answer repeats the expression; if it words it differently, its boxes still belong to what was asked.
        every = tuple(box for found in boxes.values() for box in found)
        return {self.expression: boxes.get(self.expression, every)}


def questions_of(record: Record) -> list[Question]:
    """Every question of a record; one that is asked twice in the same words is kept once."""
    found: dict[str, Question] = {}
    for prompt, answer in record.questions:
        item = Question(record=record, prompt=prompt, answer=answer, expression=asked_expression(prompt))
        found.setdefault(prompt, item)
    return list(found.values())
