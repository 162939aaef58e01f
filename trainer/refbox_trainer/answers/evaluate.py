"""Measuring a predictions file against its dataset, and a model during training."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from refbox_trainer.answers.metrics import Case, Metrics, measure
from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.coordinates import Box
from refbox_trainer.data.grounding import IntBox
from refbox_trainer.data.mix import read_mix
from refbox_trainer.data.questions import Question, questions_of
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.template import TEMPLATES


def case_of(truth: Sequence[IntBox], boxes: Sequence[Sequence[int]], text: str) -> Case:
    """One expression, ready to be measured.

    Boxes stay on the 0..1000 scale: stretching x and y does not change any IoU, so the result is the same as in
    pixels, and whole numbers keep a half exactly a half.
    """
    return Case(
        truth=tuple(Box(*box) for box in truth),
        predicted=tuple(Box(*box) for box in boxes),
        failed=parse_answer(text).unreadable,
    )


def cases_of_answers(answered: Sequence[tuple[Question, str]]) -> list[Case]:
    """Cases straight from answers, as during training."""
    from refbox_trainer.answers.predict import boxes_by_expression

    return [
        case_of(question.truth.get(expression, ()), boxes, text)
        for question, text in answered
        if question.truth
        for expression, boxes in boxes_by_expression(question, text).items()
    ]


class Evaluation(NamedTuple):
    """What `evaluate` writes."""

    metrics: Metrics
    expressions: int
    negatives: int
    unanswered: int
    """Expressions of the dataset without a prediction; they count as answered wrongly with no box."""


def evaluate_file(predictions: Path, meta: Path, warn: Callable[[str], None]) -> Evaluation:
    """Measure `predictions` against the truth in `meta`.

    Raises TrainerError("bad_data") for a broken file, and when nothing in it belongs to the dataset.
    """
    problems = Problems()
    # Records are only read here, never rendered, so the template that allows most will do.
    records = read_mix(meta, TEMPLATES["internvl2_5"], problems)
    problems.raise_errors("bad_data")
    questions = [question for record in {id(r): r for r in records}.values() for question in questions_of(record)]
    by_key, by_prompt = _read_predictions(predictions)
    cases: list[Case] = []
    used: set[tuple[str, int, str, str]] = set()
    unanswered = 0
    for question in questions:
        asked = (question.record.dataset, question.record.index, question.prompt)
        labels = dict.fromkeys([*question.truth, *by_prompt.get(asked, [])]) if question.truth else {}
        for expression in labels:
            truth = question.truth.get(expression, ())
            key = (*asked, expression)
            line = by_key.get(key)
            if line is None:
                unanswered += 1
                cases.append(Case(truth=tuple(Box(*box) for box in truth), predicted=(), failed=True))
                continue
            used.add(key)
            cases.append(case_of(truth, line["boxes"], line["text"]))
    strangers = len([key for key in by_key if key not in used and key[3]])
    if strangers:
        warn(f"{strangers} prediction(s) belong to no question of {meta.name} and were left out.")
    metrics = measure(cases)
    if metrics is None or not used:
        raise TrainerError(
            "bad_data",
            f"No line of {predictions} belongs to an expression of {meta}.",
            "Give the meta file the predictions were made with.",
        )
    return Evaluation(metrics, len(cases), sum(not case.truth for case in cases), unanswered)


def _read_predictions(
    path: Path,
) -> tuple[dict[tuple[str, int, str, str], dict[str, Any]], dict[tuple[str, int, str], list[str]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError("bad_data", f"{path} cannot be read: {error}.", "Give a predictions file.") from error
    by_key: dict[tuple[str, int, str, str], dict[str, Any]] = {}
    by_prompt: dict[tuple[str, int, str], list[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            asked = (str(value["dataset"]), int(value["index"]), str(value["prompt"]))
            expression = str(value["expression"])
            boxes = [tuple(int(number) for number in box) for box in value["boxes"]]
            if any(len(box) != 4 for box in boxes):
                raise ValueError("a box needs four numbers")
            by_key[(*asked, expression)] = {"boxes": boxes, "text": str(value["text"])}
            by_prompt.setdefault(asked, []).append(expression)
        except (ValueError, KeyError, TypeError) as error:
            raise TrainerError(
                "bad_data", f"{path}:{number} is not a prediction: {error}.", "Make the file again with `predict`."
            ) from error
    return by_key, by_prompt
