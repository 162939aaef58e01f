"""The published RefCOCO protocol, on answers judged by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refbox_trainer.answers.refcoco import is_right, official_box, question_of, read_refcoco
from refbox_trainer.data.coordinates import Box
from refbox_trainer.errors import TrainerError

_TRUE = Box(100, 50, 300, 150)
"""On a picture of 1000 x 500 pixels: [100, 100, 300, 300] in thousandths."""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("<ref>a</ref><box>[[100, 100, 300, 300]]</box>", True),
        ("a[[100, 100, 300, 300]]", True),
        ("[100,100,300,300]", True),
        ("[[0.1, 0.1, 0.3, 0.3]]", True),
        ("[[100.0, 100.0, 300.0, 300.0]]", True),
        # Only the first list counts, whatever it is.
        ("[[0, 0, 10, 10], [100, 100, 300, 300]]", False),
        ("[no, box, at, all] [[100, 100, 300, 300]]", False),
        ("There is no <ref>a</ref> in this image.", False),
        ("", False),
        ("[[100, 100, 300", False),
        # Half of the area, to the last digit, is right; a hair less is not.
        ("[[100, 100, 300, 200]]", True),
        ("[[100, 100, 300, 199]]", False),
        # Twice the area: the union is what is predicted.
        ("[[100, 100, 500, 300]]", True),
        ("[[100, 100, 501, 300]]", False),
        # Swapped corners never overlap.
        ("[[300, 300, 100, 100]]", False),
        ("[[nan, 1, 2, 3]]", False),
        ("[[1e999, 1, 2, 3]]", False),
    ],
)
def test_an_answer_is_judged_as_the_protocol_does(text: str, right: bool) -> None:
    assert is_right(text, _TRUE, 1000, 500) is right


def test_four_numbers_that_add_up_to_four_are_thousandths() -> None:
    assert official_box("[[0, 1, 1, 2]]", 1000, 1000).tolist() == pytest.approx([0, 1, 1, 2])
    assert official_box("[[0, 1, 1, 1.9]]", 1000, 1000).tolist() == pytest.approx([0, 1000, 1000, 1900])


def test_a_published_line_becomes_the_question_of_the_protocol(tmp_path: Path) -> None:
    line = {
        "image": "data/coco/train2014/x.jpg",
        "sent": "man in red",
        "bbox": [10.5, 20.25, 110.5, 70.25],
        "height": 500,
        "width": 1000,
    }
    path = tmp_path / "refcoco_val.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    item = read_refcoco(path)[0]
    assert item.box == (10.5, 20.25, 110.5, 70.25)
    question = question_of(item, path.stem, tmp_path)
    assert question.prompt == (
        "Please provide the bounding box coordinate of the region this sentence describes: <ref>man in red</ref>"
    )
    assert question.record.images == (tmp_path / "data/coco/train2014/x.jpg",)
    # 10.5 is a tie and goes to the even 10; 40.5 likewise to 40; 110.5 to 110; 140.5 to 140.
    assert question.truth == {"man in red": ((10, 40, 110, 140),)}


@pytest.mark.parametrize("change", [{"bbox": [1, 2, 3]}, {"sent": None, "bbox": "none"}, {"width": 0}, {"width": "x"}])
def test_a_line_that_is_no_item_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    good = {"image": "x.jpg", "sent": "a", "bbox": [1, 2, 3, 4], "height": 5, "width": 5}
    path = tmp_path / "split.jsonl"
    path.write_text(json.dumps(good) + "\n" + json.dumps({**good, **change}) + "\n", encoding="utf-8")
    with pytest.raises(TrainerError, match=r"split\.jsonl:2"):
        read_refcoco(path)
