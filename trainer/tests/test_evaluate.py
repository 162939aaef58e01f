"""`evaluate` on files: figures computed by hand, sizes in pixels, two models side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from refbox_trainer.__main__ import main
from refbox_trainer.data.grounding import (
    IntBox,
    detection_answer,
    detection_question,
    labelled_boxes,
    referring_answer,
    referring_question,
)
from tests.tiny_data import write_records

_SCHEMA = json.loads(
    (Path(__file__).parent.parent / "contracts" / "evaluation.schema.json").read_text(encoding="utf-8")
)

_SMALL: IntBox = (0, 0, 30, 30)
_MEDIUM: IntBox = (100, 100, 150, 150)
_LARGE: IntBox = (200, 200, 400, 400)
"""On a picture of 1000 x 1000 pixels: 30, 50 and 200 pixels wide."""


def _record(*rounds: tuple[str, str], **changes: Any) -> dict[str, Any]:
    turns = [
        {"from": role, "value": text} for pair in rounds for role, text in zip(("human", "gpt"), pair, strict=True)
    ]
    # No picture lies on the disk: measuring needs none where the record states its size.
    return {"image": "a.png", "width": 1000, "height": 1000, "conversations": turns, **changes}


def _line(index: int, prompt: str, expression: str, boxes: list[IntBox], text: str | None = None) -> dict[str, Any]:
    return {
        "dataset": "scenes",
        "index": index,
        "image": "a.png",
        "expression": expression,
        "prompt": prompt,
        "text": labelled_boxes(expression, boxes) if text is None else text,
        "boxes": boxes,
        "tokens": 9,
        "ms": 1.0,
    }


def _write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _evaluate(folder: Path, *arguments: object) -> dict[str, Any]:
    out = folder / "metrics.json"
    assert main(["evaluate", *[str(argument) for argument in arguments], "--out", str(out)]) == 0
    report = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(report, _SCHEMA)
    return report


@pytest.fixture
def meta(tmp_path: Path) -> Path:
    detection = detection_answer([("dot", [_SMALL]), ("box", [_MEDIUM, _LARGE])])
    return write_records(
        tmp_path,
        [
            _record(("<image>\n" + detection_question(), detection)),
            _record(
                ("<image>\n" + referring_question("red"), referring_answer("red", [_LARGE])),
                (referring_question("blue"), referring_answer("blue", [])),
            ),
        ],
    )


def test_figures_of_a_detection_and_two_referring_answers(meta: Path, tmp_path: Path) -> None:
    lines = [
        _line(0, detection_question(), "dot", []),
        _line(0, detection_question(), "box", [_LARGE, _LARGE]),
        _line(0, detection_question(), "cloud", [(500, 500, 520, 520)]),
        _line(1, referring_question("red"), "red", [_LARGE]),
        _line(1, referring_question("blue"), "blue", [_MEDIUM]),
    ]
    report = _evaluate(tmp_path, "--predictions", _write(tmp_path / "p.jsonl", lines), "--meta", meta)
    # True: dot, two boxes, red. Predicted: box twice (one matches, one repeats it), cloud, red, blue. Matched: 2.
    assert (report["precision"], report["recall"]) == (pytest.approx(2 / 5), pytest.approx(2 / 4))
    assert report["f1"] == pytest.approx(4 / 9)
    # Right: box (its first box is one of the true ones) and red, of dot, box, cloud, red, blue.
    assert report["precision_at_1"] == pytest.approx(2 / 5)
    assert report["mean_iou"] == pytest.approx(2 / 3)
    assert (report["expressions"], report["negatives"], report["unanswered"]) == (5, 1, 0)
    assert (report["false_positive_rate"], report["duplicate_rate"]) == (1.0, pytest.approx(1 / 5))
    by_label = {row["label"]: row for row in report["by_label"]}
    assert (by_label["box"]["true"], by_label["box"]["predicted"], by_label["box"]["matched"]) == (2, 2, 1)
    assert (by_label["dot"]["ap50"], by_label["cloud"]["ap50"]) == (0.0, None)
    assert by_label["red"]["ap50"] == pytest.approx(1)
    # Of two boxes the first is found: precision 1 up to recall one half, 51 of the 101 recalls.
    assert by_label["box"]["ap50"] == pytest.approx(51 / 101)
    assert report["ap50"] == pytest.approx((1 + 0 + 51 / 101) / 3)
    sizes = report["by_size"]
    assert [sizes[size]["true"] for size in ("small", "medium", "large")] == [1, 1, 2]
    assert [sizes[size]["predicted"] for size in ("small", "medium", "large")] == [1, 1, 3]
    assert [sizes[size]["matched"] for size in ("small", "medium", "large")] == [0, 0, 2]
    assert report["refcoco"] == {"precision_at_1": 1.0, "expressions": 1}
    assert report["baseline"] is None


def test_two_models_are_compared_on_the_same_questions(meta: Path, tmp_path: Path) -> None:
    good = [
        _line(0, detection_question(), "dot", [_SMALL]),
        _line(0, detection_question(), "box", [_MEDIUM, _LARGE]),
        _line(1, referring_question("red"), "red", [_LARGE]),
        _line(1, referring_question("blue"), "blue", [], "There is no <ref>blue</ref> in this image."),
    ]
    bad = [*good[:2], _line(1, referring_question("red"), "red", [], "<ref>red</ref><box>[[2"), good[3]]
    tuned, base = _write(tmp_path / "tuned.jsonl", good), _write(tmp_path / "base.jsonl", bad)
    report = _evaluate(tmp_path, "--predictions", tuned, "--baseline", base, "--meta", meta, "--resamples", 200)
    assert report["precision_at_1"] == 1.0
    assert report["baseline"]["precision_at_1"] == 0.75
    assert report["baseline"]["parse_failure_rate"] == 0.25
    difference = report["difference"]["precision_at_1"]
    # Either picture may be drawn twice: with the first alone nothing differs, with the second alone one half does.
    assert difference == {"value": 0.25, "low": 0.0, "high": 0.5}
    assert report["bootstrap"] == {"resamples": 200, "seed": 0, "level": 0.95, "pictures": 2}


def test_a_record_without_a_size_and_without_a_picture_is_counted(tmp_path: Path) -> None:
    record = _record(("<image>\n" + referring_question("red"), referring_answer("red", [_LARGE])))
    del record["width"], record["height"]
    meta = write_records(tmp_path, [record])
    lines = [_line(0, referring_question("red"), "red", [_LARGE])]
    report = _evaluate(tmp_path, "--predictions", _write(tmp_path / "p.jsonl", lines), "--meta", meta)
    assert (report["precision_at_1"], report["questions_without_size"]) == (1.0, 1)
    assert (report["coco"], report["by_size"], report["refcoco"], report["ap50"]) == (None, None, None, None)


def test_a_published_split_is_measured_with_its_unrounded_boxes(tmp_path: Path) -> None:
    # A true box of 10 x 10 pixels on 3000: on the 0..1000 scale its sides of 3.33 become 3 or 4.
    split = tmp_path / "refcoco_val.jsonl"
    item = {"image": "a.png", "sent": "red", "bbox": [10, 10, 20, 20], "width": 3000, "height": 3000}
    split.write_text(json.dumps(item) + "\n", encoding="utf-8")
    line = {**_line(0, referring_question("red"), "red", [(3, 3, 7, 7)]), "dataset": "refcoco_val"}
    predictions = _write(tmp_path / "p.jsonl", [line])
    report = _evaluate(tmp_path, "--predictions", predictions, "--refcoco", split)
    # [9, 9, 21, 21] pixels: 100 of 144.
    assert report["refcoco"] == {"precision_at_1": 1.0, "expressions": 1}
    # Rounded, the truth is exactly what was predicted.
    assert report["mean_iou"] == 1.0


def test_predictions_of_other_data_are_refused(meta: Path, tmp_path: Path) -> None:
    other = _write(tmp_path / "p.jsonl", [{**_line(0, "hello", "red", []), "dataset": "elsewhere"}])
    arguments = ["evaluate", "--predictions", str(other), "--meta", str(meta), "--out", str(tmp_path / "m.json")]
    assert main(arguments) == 2
    assert not (tmp_path / "m.json").exists()
