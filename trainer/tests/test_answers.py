"""Reading answers: exact text, repaired text, hostile text."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.answers.score import box_scores, token_ends
from refbox_trainer.data.grounding import (
    asked_expression,
    detection_answer,
    detection_question,
    labelled_boxes,
    referring_answer,
    referring_question,
)

_EXAMPLES = Path(__file__).parent.parent / "contracts" / "examples"
_BOX = st.tuples(st.integers(0, 998), st.integers(0, 998), st.integers(1, 1000), st.integers(1, 1000)).map(
    lambda b: (b[0], b[1], min(1000, b[0] + b[2]), min(1000, b[1] + b[3]))
)
_LABEL = st.text(st.characters(exclude_characters="<>\n\r", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(st.lists(st.tuples(_LABEL, st.lists(_BOX, min_size=1, max_size=4)), min_size=1, max_size=5))
def test_what_is_written_is_read_back_exactly(found: list[tuple[str, list[tuple[int, int, int, int]]]]) -> None:
    answer = parse_answer(detection_answer(found))
    assert [(group.label, list(group.boxes)) for group in answer.groups] == found
    assert answer.strict


@pytest.mark.parametrize(
    "example",
    json.loads((_EXAMPLES / "answers.json").read_text(encoding="utf-8")),
    ids=lambda example: example["name"],
)
def test_answers_are_read_as_in_the_studio(example: dict[str, Any]) -> None:
    answer = parse_answer(example["text"])
    read = [{"label": group.label, "boxes": [list(box) for box in group.boxes]} for group in answer.groups]
    assert read == example["groups"]
    assert [problem.code for problem in answer.problems] == example["problems"]
    assert answer.strict == example["strict"]


@pytest.mark.parametrize(
    "text", ["[[1e999, 0, 1, 1]]", "[[" + "9" * 5000 + ", 1, 2, 3]]", "[[1." + "9" * 400 + ", 0, 5, 5]]"]
)
def test_numbers_beyond_reason_are_survived(text: str) -> None:
    assert all(max(box) <= 1000 for box in parse_answer(text).boxes)


@pytest.mark.parametrize("unit", ["[", "[[", "[[1,2,3,4],", "[1,", "<ref>", "[[1,2,3,4]]<box>", "[ [ 1 , "])
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    began = time.process_time()
    parse_answer(unit * (200_000 // len(unit)))
    assert time.process_time() - began < 2


@given(st.text(st.sampled_from("[],0123456789.-eE <>/refbox\n"), max_size=200))
def test_boxes_are_always_proper(text: str) -> None:
    for x1, y1, x2, y2 in parse_answer(text).boxes:
        assert 0 <= x1 < x2 <= 1000
        assert 0 <= y1 < y2 <= 1000


def test_prompts_equal_those_of_the_studio() -> None:
    examples = json.loads((_EXAMPLES / "prompts.json").read_text(encoding="utf-8"))
    for example in examples["referring"]:
        question = referring_question(example["expression"], example["language"])
        assert question == example["question"]
        assert referring_answer(example["expression"], [], example["language"]) == example["negative"]
        assert asked_expression(question) == example["expression"]
    for language, example in examples["detection"].items():
        assert detection_question(language) == example["question"]
        assert detection_answer([], language).startswith(example["answer"] + "\n\n```\n")
    for example in examples["answers"]:
        assert labelled_boxes(example["expression"], example["boxes"]) == example["text"]


@pytest.mark.parametrize(
    "case",
    json.loads((_EXAMPLES / "box-scores.json").read_text(encoding="utf-8")),
    ids=lambda case: case["name"],
)
def test_boxes_are_scored_as_in_the_studio(case: dict[str, Any]) -> None:
    tokens = case["tokens"]
    text = "".join(tokens)
    ends = token_ends(range(len(tokens)), lambda places: "".join(tokens[place] for place in places))
    assert box_scores(text, parse_answer(text), ends, case["probabilities"]) == pytest.approx(case["scores"])
