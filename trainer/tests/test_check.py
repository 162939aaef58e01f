"""What `check` finds in a base, in data and between the splits."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from refbox_trainer.__main__ import main
from refbox_trainer.checks.box_scale import WrittenBox, judge
from refbox_trainer.data.grounding import labelled_boxes, referring_question
from tests.tiny_data import run_config, write_dataset, write_records, write_run

_Numbers = tuple[float, float, float, float]


def _check(run: Path, capsys: pytest.CaptureFixture[str], status: int) -> list[dict[str, Any]]:
    assert main(["check", str(run)]) == status
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _record(folder: Path, name: str, answer: str, colour: int = 0) -> dict[str, Any]:
    Image.new("RGB", (80, 60), (colour, 30, 30)).save(folder / name)
    turns = [
        {"from": "human", "value": "<image>\n" + referring_question("a")},
        {"from": "gpt", "value": answer},
    ]
    return {"image": name, "width": 80, "height": 60, "conversations": turns}


def _scaled(boxes: list[_Numbers], width: int | None, height: int | None) -> list[WrittenBox]:
    return [WrittenBox(box, width, height) for box in boxes]


def _random_shares(count: int, seed: int = 0) -> list[_Numbers]:
    """Boxes as shares of their picture; some end at its border."""
    rng = random.Random(seed)
    found: list[_Numbers] = []
    for number in range(count):
        x1, y1 = rng.uniform(0, 0.6), rng.uniform(0, 0.6)
        x2, y2 = (1.0, 1.0) if number % 4 == 0 else (rng.uniform(x1 + 0.1, 1), rng.uniform(y1 + 0.1, 1))
        found.append((x1, y1, x2, y2))
    return found


def _times(boxes: list[_Numbers], x: float, y: float) -> list[_Numbers]:
    return [(round(a * x), round(b * y), round(c * x), round(d * y)) for a, b, c, d in boxes]


@pytest.mark.parametrize(
    ("boxes", "width", "height", "scale"),
    [
        (_times(_random_shares(40), 1000, 1000), 640, 480, "thousandths"),
        (_times(_random_shares(40), 1000, 1000), None, None, "thousandths"),
        (_random_shares(40), 640, 480, "shares"),
        (_times(_random_shares(40), 1920, 1080), 1920, 1080, "pixels"),
        # Legal one by one; together they never leave a picture of 640 x 480.
        (_times(_random_shares(40), 640, 480), 640, 480, "pixels"),
        (_times(_random_shares(40), 999, 999), 1200, 900, "0..999"),
        (_times(_random_shares(20), 1000, 1000) + _random_shares(3), 640, 480, "mixed"),
        # Too few to tell.
        (_times(_random_shares(4), 640, 480), 640, 480, "thousandths"),
        ([], None, None, "unclear"),
    ],
)
def test_the_scale_of_boxes_is_recognised(
    boxes: list[_Numbers], width: int | None, height: int | None, scale: str
) -> None:
    assert judge(_scaled(boxes, width, height)).scale == scale


def test_boxes_in_pixels_get_one_verdict_beside_their_lines(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [_record(tmp_path, f"{n}.png", labelled_boxes("a", [(n, n, 40 + n, 30 + n)]), n) for n in range(25)]
    found = _check(write_run(tmp_path, run_config(tiny_base, write_records(tmp_path, records))), capsys, 0)
    verdicts = [problem for problem in found if problem["code"] == "box_scale"]
    assert [(verdict["level"], verdict["where"]) for verdict in verdicts] == [("warning", "scenes")]
    assert "pixels" in verdicts[0]["message"]


def test_a_picture_in_both_splits_is_found_by_its_bytes_and_a_copy_by_its_name(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = labelled_boxes("a", [(1, 2, 900, 950)])
    train, held_out = tmp_path / "train", tmp_path / "held-out"
    for folder in (train, held_out):
        folder.mkdir()
    train_records = [_record(train, name, answer, n) for n, name in enumerate(("one.png", "two.png", "three.png"))]
    # The same bytes under another name, other bytes with the name of a copy, and a picture of its own.
    held = [
        _record(held_out, "other.png", answer, 0),
        _record(held_out, "two (1).png", answer, 77),
        _record(held_out, "fresh.png", answer, 99),
    ]
    run = write_run(
        tmp_path, run_config(tiny_base, write_records(train, train_records), write_records(held_out, held, name="held"))
    )
    found = [(problem["code"], problem["where"]) for problem in _check(run, capsys, 0)]
    assert ("leaked_picture", "held:1:image") in found
    assert ("near_name", "held:2:image") in found
    assert not [
        place for code, place in found if code in ("leaked_picture", "near_name") and place.startswith("held:3")
    ]


def test_a_record_that_is_there_twice_is_named_with_the_first(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = _record(tmp_path, "a.png", labelled_boxes("a", [(1, 2, 900, 950)]))
    shutil.copyfile(tmp_path / "a.png", tmp_path / "b.png")
    other_answer = {**record, "conversations": [record["conversations"][0], {"from": "gpt", "value": "none"}]}
    meta = write_records(tmp_path, [record, {**record, "image": "b.png"}, other_answer], repeat_time=2)
    found = _check(write_run(tmp_path, run_config(tiny_base, meta)), capsys, 0)
    repeated = [problem for problem in found if problem["code"] == "repeated_record"]
    assert [problem["where"] for problem in repeated] == ["scenes:2"]
    assert "scenes:1" in repeated[0]["message"]


def test_a_base_with_missing_and_cut_shards_is_described_beside_bad_data(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base"
    shutil.copytree(tiny_base, base)
    whole = (base / "model.safetensors").read_bytes()
    (base / "model.safetensors").unlink()
    (base / "model-1.safetensors").write_bytes(whole)
    (base / "model-2.safetensors").write_bytes(whole[:-100])
    weight_map = {"a.weight": "model-1.safetensors", "b.weight": "model-2.safetensors", "c.weight": "gone.safetensors"}
    (base / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    meta = write_records(tmp_path, ["{"])
    found = _check(write_run(tmp_path, run_config(base, meta)), capsys, 2)
    errors = " ".join(problem["message"] for problem in found if problem["level"] == "error")
    assert "gone.safetensors" in errors
    assert f"model-2.safetensors has {len(whole) - 100:,} bytes where its header asks for {len(whole):,}" in errors
    assert "tensors that its shards lack: a.weight" in errors
    assert "not valid JSON" in errors


def test_a_tokenizer_of_another_family_is_noticed(
    tiny_base: Path, train_meta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base"
    shutil.copytree(tiny_base, base)
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps({**config, "template": "phi3-chat"}))
    found = _check(write_run(tmp_path, run_config(base, train_meta)), capsys, 2)
    assert any("<|end|>" in problem["message"] for problem in found if problem["level"] == "error")


def test_weights_of_another_shape_are_noticed(
    tiny_base: Path, train_meta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base"
    shutil.copytree(tiny_base, base)
    config = json.loads((base / "config.json").read_text())
    config["llm_config"]["intermediate_size"] += 16
    (base / "config.json").write_text(json.dumps(config))
    found = _check(write_run(tmp_path, run_config(base, train_meta)), capsys, 2)
    assert [problem["where"] for problem in found if problem["level"] == "error"] == ["model.path"]


def test_memory_and_what_samples_teach_are_shown(
    tiny_base: Path, train_meta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path, run_config(tiny_base, train_meta))
    assert main(["check", str(run), "--show", "2"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [problem["code"] for problem in found].count("memory") == 1
    shown = [problem["message"] for problem in found if problem["code"] == "supervised"]
    assert len(shown) == 2
    assert all("</box><|im_end|>" in message for message in shown)


def test_processes_that_wait_are_pointed_out(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meta = write_dataset(tmp_path / "data", 4)
    config = run_config(
        tiny_base, meta, parallel={"processes": 2, "strategy": "ddp"}, train={"batch_size": 6, "micro_batch_size": 2}
    )
    found = _check(write_run(tmp_path, config), capsys, 0)
    assert [problem["where"] for problem in found if problem["code"] == "uneven_shares"] == ["train.micro_batch_size"]
