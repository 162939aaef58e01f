"""Bad records are named by file, line and field; good ones of every kind are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.mix import read_mix
from refbox_trainer.data.records import Record
from refbox_trainer.model.template import find_template
from tests.tiny_data import write_records

_GOLDEN: dict[str, Any] = {
    "id": 2324,
    "image": "COCO_train2014_000000581857.jpg",
    "width": 427,
    "height": 640,
    "conversations": [
        {"from": "human", "value": "<image>\nPlease provide the bounding box: <ref>the lady</ref>"},
        {"from": "gpt", "value": "<ref>the lady</ref><box>[[243, 469, 558, 746]]</box>"},
    ],
}


def _talk(*texts: str, **changes: Any) -> dict[str, Any]:
    turns = [{"from": "gpt" if i % 2 else "human", "value": text} for i, text in enumerate(texts)]
    return {"image": "a.png", "conversations": turns, **changes}


def _read(folder: Path, *records: Any, template: str = "Hermes-2", **entry: Any) -> tuple[list[Record], Problems]:
    problems = Problems()
    meta = write_records(folder, list(records), **entry)
    return read_mix(meta, find_template(template), problems), problems


def test_a_good_record_is_read_as_it_stands(tmp_path: Path) -> None:
    (record,), problems = _read(tmp_path, _GOLDEN)
    assert problems.found == []
    assert record.images == (tmp_path / "COCO_train2014_000000581857.jpg",)
    assert (record.width, record.height, record.index) == (427, 640, 0)
    assert record.turns[0].text == _GOLDEN["conversations"][0]["value"]


def test_a_missing_placeholder_is_put_before_the_first_question(tmp_path: Path) -> None:
    (record,), problems = _read(tmp_path, _talk("where?", "there", "and?", "here"))
    assert not problems.errors
    assert [turn.text for turn in record.turns] == ["<image>\nwhere?", "there", "and?", "here"]


def test_pure_text_and_several_images_are_legal(tmp_path: Path) -> None:
    records, problems = _read(
        tmp_path,
        {"conversations": _talk("hi", "hello")["conversations"]},
        _talk("hi", "hello", image=""),
        _talk("<image>\nand <image>\n?", "yes", image=["a.png", "/b/c.png"]),
    )
    assert not problems.errors
    assert [len(record.images) for record in records] == [0, 0, 2]
    assert records[2].images[1] == Path("/b/c.png")


@pytest.mark.parametrize(
    ("record", "field", "words"),
    [
        ("", "", "blank"),
        ("{", "", "not valid JSON"),
        ("[1]", "", "not a JSON object"),
        (_talk("q", "a", image=None), "image", "null"),
        (_talk("q", "a", image=3), "image", "a path or a list"),
        (_talk("q", "a", video="v.mp4"), "video", "not supported"),
        ({"image": "a.png"}, "conversations", "list"),
        (
            {"image": "a.png", "conversations": [{"from": "human", "text": " "}, {"from": "gpt", "value": "a"}]},
            "conversations[0].text",
            "empty",
        ),
        (
            {"conversations": [{"from": "gpt", "value": "Hi!"}, *_talk("q", "<image> a")["conversations"]]},
            "conversations[2].value",
            "outside a question",
        ),
        (_talk("q", ""), "conversations[1].value", "empty"),
        (_talk("q"), "conversations[0].from", "no last answer"),
        (_talk("<image>\nq <image>", "a"), "conversations", "2 <image> placeholder(s) for 1 image(s)"),
        (_talk("q", "a", image=["a.png", "b.png"]), "conversations", "0 <image> placeholder(s) for 2 image(s)"),
        (_talk("q", "<image> a"), "conversations[1].value", "outside a question"),
        (_talk("q", "a", "<image>\nq", "a"), "conversations", "not in the first question"),
        (_talk("q </img>", "a"), "conversations[0].value", "</img>"),
        (_talk("q <|im_end|>", "a"), "conversations[0].value", "<|im_end|>"),
        (
            {"conversations": [{"from": "system", "value": "s"}, *_talk("q", "a")["conversations"]]},
            "conversations[0].from",
            "fixed system prompt",
        ),
        ({"conversations": [{"from": "gpt", "value": "a"}]}, "conversations[0].from", "where human is due"),
        ({"conversations": [{"from": "user", "value": "a"}]}, "conversations[0].from", "'user'"),
        (_talk("q", "<ref>a</ref><box>[[1, 2, 3000, 4]]</box>"), "conversations[1].value", "outOfRange"),
        (_talk("q", "<ref>a</ref><box>[[0.1, 0.2, 0.3, 0.4]]</box>"), "conversations[1].value", "unitScale"),
    ],
)
def test_a_bad_record_is_reported_with_its_place(tmp_path: Path, record: Any, field: str, words: str) -> None:
    records, problems = _read(tmp_path, _GOLDEN, record, _GOLDEN)
    assert problems.errors, "the record must not pass"
    error = problems.errors[0]
    assert error.where == f"{tmp_path / 'scenes.jsonl'}:2" + (f":{field}" if field else "")
    assert words in error.message
    assert error.what_to_do
    assert {read.index for read in records} >= {0, 2}, "the good neighbours are kept"


def test_all_bad_lines_are_reported_at_once(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, "", "{", _talk("q", "a", image=None))
    assert [str(error.where).split(":")[1] for error in problems.errors] == ["1", "2", "3"]


def test_a_system_turn_is_legal_where_the_template_has_one(tmp_path: Path) -> None:
    record = {"image": "a.png", "conversations": [{"from": "system", "value": "s"}, *_talk("q", "a")["conversations"]]}
    (read,), problems = _read(tmp_path, record, template="internvl2_5")
    assert not problems.errors
    assert read.turns[1].text == "<image>\nq", "the picture goes into the first question, not into the system turn"


def test_text_is_read_as_value_with_one_note_for_the_file(tmp_path: Path) -> None:
    record = {"image": "a.png", "conversations": [{"from": "human", "text": "q"}, {"from": "gpt", "text": "a"}]}
    records, problems = _read(tmp_path, _GOLDEN, record, record)
    assert not problems.errors
    assert [turn.text for turn in records[1].turns] == ["<image>\nq", "a"]
    (note,) = problems.found
    assert (note.code, note.where) == ("text_key", f"{tmp_path / 'scenes.jsonl'}:2:conversations[0].text")
    assert note.message.startswith("4 turn(s)")


@pytest.mark.parametrize("template", ["Hermes-2", "internlm2-chat", "phi3-chat"])
def test_the_older_templates_leave_out_a_greeting(tmp_path: Path, template: str) -> None:
    record = {"image": "a.png", "conversations": [{"from": "gpt", "value": "Hi!"}, *_talk("q", "a")["conversations"]]}
    (read,), problems = _read(tmp_path, record, template=template)
    assert [(turn.role, turn.text) for turn in read.turns] == [("human", "<image>\nq"), ("gpt", "a")]
    assert [(note.level, note.code) for note in problems.found] == [("warning", "first_answer")]
    _, problems = _read(tmp_path, record, template="internvl2_5")
    assert "where human is due" in problems.errors[0].message, "the newest template would train on it"


def test_all_kinds_of_records_may_stand_in_one_file(tmp_path: Path) -> None:
    records, problems = _read(
        tmp_path,
        _GOLDEN,
        {"conversations": _talk("hi", "hello")["conversations"]},
        _talk("hi", "hello", image=[]),
        _talk("no picture yet", "fine", "<image>\nand now?", "a cat", image=["a.png"]),
        _talk("Image-1: <image>\nImage-2: <image>\nwhich?", "both", image=["a.png", "b.png"]),
        _talk("hi", "hello", image=["a.png"]),
    )
    assert not problems.found
    assert [[turn.text.count("<image>") for turn in record.turns] for record in records] == [
        [1, 0],
        [0, 0],
        [0, 0],
        [0, 0, 1, 0],
        [2, 0],
        [1, 0],
    ]


@pytest.mark.parametrize(("repeat", "indices"), [(1, [0, 1, 2, 3]), (2, [0, 1, 2, 3] * 2), (0.5, [0, 1]), (0.2, [])])
def test_repeat_time_takes_a_prefix_or_repeats(tmp_path: Path, repeat: float, indices: list[int]) -> None:
    records, problems = _read(tmp_path, *[_GOLDEN] * 4, repeat_time=repeat)
    assert not problems.errors
    assert [record.index for record in records] == indices


def test_several_datasets_are_mixed_and_wrong_entries_named(tmp_path: Path) -> None:
    write_records(tmp_path, [_GOLDEN], name="one")
    meta = {
        "one": {"root": "", "annotation": "one.jsonl", "repeat_time": 2, "max_dynamic_patch": 3, "data_augment": True},
        "bad": {"root": "", "annotation": "one.json", "repeat_time": 1.5},
        "gone": {"root": "", "annotation": "gone.jsonl"},
    }
    path = tmp_path / "meta.json"
    path.write_text(json.dumps(meta))
    problems = Problems()
    records = read_mix(path, find_template("Hermes-2"), problems)
    assert [(record.dataset, record.max_dynamic_patch, record.data_augment) for record in records] == [
        ("one", 3, True)
    ] * 2
    places = [error.where for error in problems.errors]
    assert places == [f"{path}:bad:annotation", f"{path}:bad:repeat_time", f"{path}:gone:annotation"]


def test_annotations_relative_to_the_working_directory_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_records(tmp_path / "work", [_GOLDEN], name="one")
    meta = tmp_path / "shell" / "meta.json"
    meta.parent.mkdir()
    meta.write_text(json.dumps({"one": {"root": "work", "annotation": "work/one.jsonl", "repeat_time": 1}}))
    monkeypatch.chdir(tmp_path)
    problems = Problems()
    (record,) = read_mix(meta, find_template("Hermes-2"), problems)
    assert not problems.errors
    assert record.images[0].parent == tmp_path / "work"
