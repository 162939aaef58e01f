"""Holding predictions against the truth: one comparison per expression, from a file or while a model trains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refbox_trainer.answers.breakdown import PictureSize, SizedCase
from refbox_trainer.answers.expressions import boxes_by_expression
from refbox_trainer.answers.metrics import Case
from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.answers.prediction_file import Answered, Asked, Predictions
from refbox_trainer.answers.refcoco import question_of, read_refcoco
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.coordinates import Box, decode_box
from refbox_trainer.data.grounding import IntBox
from refbox_trainer.data.images import read_header
from refbox_trainer.data.mix import read_mix
from refbox_trainer.data.questions import Question, questions_of
from refbox_trainer.data.records import Record
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.template import TEMPLATES


class Truth(NamedTuple):
    """A question with what is needed to judge its answer."""

    question: Question
    size: PictureSize | None
    official: Box | None
    """The true box in pixels, for questions that the RefCOCO protocol can judge: one expression, one box."""


class Comparison(NamedTuple):
    """One expression, its truth and what was answered; `text` is None where there is no answer."""

    sized: SizedCase
    text: str | None
    official: Box | None

    @property
    def case(self) -> Case:
        return self.sized.case


class Compared(NamedTuple):
    """All expressions of a dataset with the predictions of one model."""

    comparisons: list[Comparison]
    strangers: int
    """Predicted expressions that belong to no question of the dataset."""


def case_of(truth: Sequence[IntBox], boxes: Sequence[Sequence[int]], text: str, *, stated: bool = True) -> Case:
    """One expression, ready to be measured.

    Boxes stay on the 0..1000 scale: stretching x and y does not change any IoU, so the result is the same as in
    pixels, and whole numbers keep a half exactly a half.
    """
    return Case(
        truth=tuple(Box(*box) for box in truth),
        predicted=tuple(Box(*box) for box in boxes),
        failed=parse_answer(text).unreadable,
        stated=stated,
    )


def cases_of_answers(answered: Sequence[tuple[Question, str]]) -> list[Case]:
    """Cases straight from answers, as during training."""
    return [
        case_of(question.truth.get(expression, ()), boxes, text, stated=expression in question.truth)
        for question, text in answered
        if question.truth
        for expression, boxes in boxes_by_expression(question, text).items()
    ]


def truths_of_meta(meta: Path) -> list[Truth]:
    """Every question of a meta file once. Raises TrainerError("bad_data") for records that cannot be used."""
    problems = Problems()
    # Records are only read here, never rendered, so the template that allows most will do.
    records = read_mix(meta, TEMPLATES["internvl2_5"], problems)
    problems.raise_errors("bad_data")
    found: list[Truth] = []
    for record in {id(record): record for record in records}.values():
        size = _size_of(record)
        for question in questions_of(record):
            found.append(Truth(question, size, None if size is None else _official_truth(question, size)))
    return found


def truths_of_refcoco(split: Path) -> list[Truth]:
    """Every line of a RefCOCO file, with its box in pixels as published. No picture is opened."""
    return [
        Truth(question_of(item, split.stem, split.parent), PictureSize(item.width, item.height), item.box)
        for item in read_refcoco(split)
    ]


def _official_truth(question: Question, size: PictureSize) -> Box | None:
    boxes = [box for found in question.truth.values() for box in found]
    if question.expression is None or len(boxes) != 1:
        return None
    return decode_box(boxes[0], *size)


def compare(truths: Sequence[Truth], predictions: Predictions) -> Compared:
    """An expression without a prediction counts as answered wrongly with no box; a label that only the model names
    counts as predicted wrongly."""
    comparisons: list[Comparison] = []
    used: set[tuple[Asked, str]] = set()
    for truth in truths:
        question = truth.question
        if not question.truth:
            continue
        asked = Asked(question.record.dataset, question.record.index, question.prompt)
        answers = predictions.get(asked, {})
        for expression in dict.fromkeys([*question.truth, *answers]):
            comparisons.append(_compare_one(truth, asked, expression, answers.get(expression)))
            used.add((asked, expression))
    # A line without an expression says that an answer named nothing; it belongs to whatever was asked.
    named = {(asked, name) for asked, answers in predictions.items() for name in answers if name}
    return Compared(comparisons, len(named - used))


def _compare_one(truth: Truth, asked: Asked, expression: str, answer: Answered | None) -> Comparison:
    boxes = truth.question.truth.get(expression, ())
    if answer is None:
        case = Case(truth=tuple(Box(*box) for box in boxes), predicted=(), failed=True)
    else:
        case = case_of(boxes, answer.boxes, answer.text, stated=expression in truth.question.truth)
    official = truth.official if expression == truth.question.expression else None
    return Comparison(SizedCase(case, expression, asked, truth.size), answer.text if answer else None, official)


def _size_of(record: Record) -> PictureSize | None:
    """None with several pictures, as boxes do not say which they belong to, and when nobody knows."""
    if len(record.images) != 1:
        return None
    if record.width is not None and record.height is not None:
        return PictureSize(record.width, record.height)
    try:
        header = read_header(record.images[0])
    except TrainerError:
        # Measuring needs no pictures; without this one only its boxes' sizes in pixels stay unknown, which is counted.
        return None
    return PictureSize(header.width, header.height)
