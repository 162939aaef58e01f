"""The command line, in this process: each verb with real models and files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from refbox_trainer.__main__ import main
from refbox_trainer.data.grounding import detection_answer, detection_question, referring_answer, referring_question
from refbox_trainer.model.load import load_model
from tests.tiny_data import run_config, write_dataset, write_records, write_run

_CONTRACTS = Path(__file__).parent.parent / "contracts"


def _predict(model: Path, meta: Path, max_new_tokens: int) -> list[str]:
    asked = ["--model", str(model), "--meta", str(meta), "--max-new-tokens", str(max_new_tokens)]
    return ["predict", *asked, "--device", "cpu"]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _record(folder: Path, *rounds: tuple[str, str], name: str = "a.png", **changes: Any) -> dict[str, Any]:
    Image.new("RGB", (80, 60), (200, 30, 30)).save(folder / name)
    turns = [
        {"from": role, "value": text} for pair in rounds for role, text in zip(("human", "gpt"), pair, strict=True)
    ]
    return {"image": name, "width": 80, "height": 60, "conversations": turns, **changes}


def test_inspect_writes_what_the_model_is_fed(tiny_base: Path, tmp_path: Path) -> None:
    text_only = {"conversations": [{"from": "human", "value": "hi!"}, {"from": "gpt", "value": "hello"}]}
    long = _record(tmp_path, ("<image>\nq", "red " * 300), name="b.png")
    picture = _record(
        tmp_path, ("<image>\n" + referring_question("the red"), referring_answer("the red", [(1, 2, 3, 4)]))
    )
    meta = write_records(tmp_path, [picture, text_only, long])
    out = tmp_path / "out" / "f.safetensors"
    arguments = ["inspect", "--model", tiny_base, "--meta", meta, "--out", out, "--logits", "--max-length", 400]
    assert main([str(argument) for argument in arguments]) == 0
    tensors, described = load_file(out), json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert [item["i"] for item in described] == [0, 1, 2]
    assert described[0]["supervised_text"] == "<ref>the red</ref><box>[[1, 2, 3, 4]]</box><|im_end|>"
    assert (described[0]["grid"], described[0]["tiles"]) == ([3, 2], 7)
    assert tensors["0/pixel_values"].shape == (7, 3, 112, 112)
    assert (described[1]["grid"], described[1]["tiles"]) == (None, 0)
    assert "1/pixel_values" not in tensors
    assert [item["truncated"] for item in described] == [False, False, True]
    loaded = load_model(tiny_base)
    with torch.no_grad():
        reference = loaded.model(
            input_ids=tensors["0/input_ids"][None],
            pixel_values=tensors["0/pixel_values"],
            labels=tensors["0/labels"][None],
        )
    assert float((reference.logits[0] - tensors["0/logits"]).abs().max()) < 1e-5
    assert described[0]["loss"] == pytest.approx(float(reference.loss), abs=1e-5)


def test_predictions_have_one_line_per_expression_and_can_be_measured(tiny_base: Path, tmp_path: Path) -> None:
    detection = [("dog", [(1, 2, 30, 40), (50, 60, 70, 80)]), ("cat", [(5, 6, 70, 80)])]
    records = [
        _record(
            tmp_path,
            ("<image>\n" + referring_question("the dog"), referring_answer("the dog", [(1, 2, 30, 40)])),
            (referring_question("红猫", "zh"), referring_answer("红猫", [], "zh")),
        ),
        _record(tmp_path, ("<image>\n" + detection_question(), detection_answer(detection)), name="b.png"),
    ]
    meta = write_records(tmp_path, records)
    out, figures = tmp_path / "p.jsonl", tmp_path / "metrics.json"
    assert main([*_predict(tiny_base, meta, 4), "--out", str(out)]) == 0
    schema = json.loads((_CONTRACTS / "prediction.schema.json").read_text(encoding="utf-8"))
    lines = _lines(out)
    for line in lines:
        jsonschema.validate(line, schema)
    asked = [(line["index"], line["expression"]) for line in lines]
    assert asked == [(0, "the dog"), (0, "红猫"), (1, "dog"), (1, "cat")]
    assert lines[0]["prompt"] == referring_question("the dog")
    assert all(1 <= line["tokens"] <= 4 for line in lines)
    assert all(len(line["scores"]) == len(line["boxes"]) for line in lines)
    measured = ["evaluate", "--predictions", str(out), "--meta", str(meta), "--out", str(figures)]
    assert main(measured) == 0
    random_model = json.loads(figures.read_text())
    assert (random_model["expressions"], random_model["negatives"], random_model["unanswered"]) == (4, 1, 0)
    truths = {
        "the dog": [[1, 2, 30, 40]],
        "红猫": [],
        "dog": [[1, 2, 30, 40], [50, 60, 70, 80]],
        "cat": [[5, 6, 70, 80]],
    }
    perfect = [{**line, "boxes": truths[line["expression"]], "text": "ok"} for line in lines]
    out.write_text("".join(json.dumps(line) + "\n" for line in perfect), encoding="utf-8")
    assert main(measured) == 0
    assert {json.loads(figures.read_text())[name] for name in ("precision_at_1", "f1", "mean_iou")} == {1.0}
    out.write_text("".join(json.dumps(line) + "\n" for line in perfect[:2]), encoding="utf-8")
    assert main(measured) == 0
    partly = json.loads(figures.read_text())
    assert (partly["precision_at_1"], partly["unanswered"]) == (0.5, 2)


def test_answers_do_not_depend_on_what_shares_their_batch(tiny_base: Path, tmp_path: Path) -> None:
    meta = write_dataset(tmp_path / "data", 5)
    whole, single = tmp_path / "whole.jsonl", tmp_path / "single.jsonl"
    common = _predict(tiny_base, meta, 6)
    assert main([*common, "--out", str(whole)]) == 0
    assert main([*common, "--out", str(single), "--limit", "1"]) == 0
    alone = _lines(single)
    assert [line["text"] for line in _lines(whole)[: len(alone)]] == [line["text"] for line in alone]


def test_generation_equals_that_of_the_library(tiny_base: Path, tmp_path: Path) -> None:
    meta = write_records(tmp_path, [_record(tmp_path, ("<image>\n" + referring_question("red"), "none"))])
    out, tensors = tmp_path / "p.jsonl", tmp_path / "f.safetensors"
    assert main([*_predict(tiny_base, meta, 8), "--out", str(out)]) == 0
    assert main(["inspect", "--model", str(tiny_base), "--meta", str(meta), "--out", str(tensors)]) == 0
    loaded, fed = load_model(tiny_base), load_file(tensors)
    library: Any = loaded.model
    answer_starts = int((fed["0/labels"] != -100).nonzero()[0])
    generated = library.generate(
        input_ids=fed["0/input_ids"][None, :answer_starts], pixel_values=fed["0/pixel_values"], max_new_tokens=8
    )
    expected = loaded.tokenizer.decode(generated[0, answer_starts:], skip_special_tokens=False)
    assert _lines(out)[0]["text"] == expected.removesuffix("<|im_end|>")


def test_check_reports_every_problem_of_the_data_at_once(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turned = Image.new("RGB", (80, 60))
    exif = turned.getexif()
    exif[0x0112] = 6
    records = [_record(tmp_path, ("<image>\nq", "a"), name=f"{n}.png", width=90) for n in range(3)]
    turned.save(tmp_path / "turned.jpg", exif=exif)
    (tmp_path / "1.png").write_bytes(b"no picture")
    (tmp_path / "2.png").unlink()
    records += [{**records[0], "image": "turned.jpg"}, "{"]
    run = write_run(tmp_path / "run", run_config(tiny_base, write_records(tmp_path, records)))
    assert main(["check", str(run)]) == 2
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    errors = {problem["where"].rpartition("/")[2] for problem in found if problem["level"] == "error"}
    assert errors == {"scenes:2:image", "scenes:3:image", "scenes.jsonl:5"}
    warned = {(problem["code"], problem["where"]) for problem in found if problem["level"] == "warning"}
    assert ("exif_orientation", "scenes:4:image") in warned
    assert ("other_size", "scenes:1:image") in warned


def test_check_names_samples_that_do_not_fit(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meta = write_dataset(tmp_path / "data", 3)
    sequence = {"max_length": 64, "max_dynamic_patch": 6}
    run = write_run(tmp_path / "run", run_config(tiny_base, meta, None, sequence=sequence))
    assert main(["check", str(run)]) == 2
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(problem["code"] == "sample_refused" for problem in found) == 3
    assert [problem["where"] for problem in found if problem["level"] == "error"] == ["data.train_meta"]


def test_a_picture_too_large_to_open_is_refused_by_its_header(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = _record(tmp_path, ("<image>\nq", "a"), name="bomb.png")
    Image.new("1", (20_000, 12_000)).save(tmp_path / "bomb.png")
    run = write_run(tmp_path / "run", run_config(tiny_base, write_records(tmp_path, [record])))
    assert main(["check", str(run)]) == 2
    assert "pixels" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (MemoryError(), 3, "out_of_memory"),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
            3,
            "out_of_memory",
        ),
        (torch.OutOfMemoryError("CUDA out of memory."), 3, "out_of_memory"),
        (OSError(28, "No space left on device"), 5, "disk_full"),
        (KeyError("surprise"), 1, "failed"),
    ],
)
def test_every_failure_ends_with_an_event_and_its_own_status(
    tiny_base: Path,
    train_meta: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    # Memory cannot be used up on purpose on a shared machine; the failure is put where it would happen.
    monkeypatch.setattr("refbox_trainer.training.step.weighted_loss", fail)
    run = write_run(tmp_path, run_config(tiny_base, train_meta))
    assert main(["train", str(run), "--out", str(tmp_path)]) == status
    last = _lines(tmp_path / "events.jsonl")[-1]
    assert (last["type"], last["code"]) == ("error", code)
    assert last["what_to_do"]


def test_a_bad_run_ends_with_status_2_and_an_error_event(tiny_base: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path, run_config(tiny_base, tmp_path / "gone.json"))
    assert main(["train", str(run), "--out", str(tmp_path)]) == 2
    assert _lines(tmp_path / "events.jsonl")[-1]["code"] == "bad_config"


def test_merge_and_predict_take_a_checkpoint_as_adapter(
    tiny_base: Path, train_meta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path, run_config(tiny_base, train_meta, None, train={"max_steps": 1}))
    assert main(["train", str(run), "--out", str(tmp_path)]) == 0
    checkpoint, merged = tmp_path / "checkpoints" / "step-000001", tmp_path / "merged"
    arguments = ["merge", "--model", tiny_base, "--adapter", checkpoint, "--out", merged]
    assert main([str(argument) for argument in arguments]) == 0
    assert json.loads(capsys.readouterr().out)["parity"]["passed"]
    common = ["predict", "--meta", str(train_meta), "--limit", "2", "--max-new-tokens", "5", "--device", "cpu"]
    assert main([*common, "--model", str(merged), "--out", str(tmp_path / "a.jsonl")]) == 0
    with_adapter = ["--model", str(tiny_base), "--adapter", str(checkpoint), "--max-dynamic-patch", "2"]
    assert main([*common, *with_adapter, "--out", str(tmp_path / "b.jsonl")]) == 0
    texts = [[line["text"] for line in _lines(tmp_path / name)] for name in ("a.jsonl", "b.jsonl")]
    assert texts[0] == texts[1]


def test_a_missing_model_is_refused_before_anything_is_written(tmp_path: Path, train_meta: Path) -> None:
    out = tmp_path / "p.jsonl"
    assert main(["predict", "--model", str(tmp_path), "--meta", str(train_meta), "--out", str(out)]) == 2
    assert not out.exists()


def test_a_tampered_predictions_file_is_refused_with_its_line(tmp_path: Path, train_meta: Path) -> None:
    out = tmp_path / "p.jsonl"
    out.write_text('{"dataset": "scenes"}\n')
    figures = tmp_path / "m.json"
    assert main(["evaluate", "--predictions", str(out), "--meta", str(train_meta), "--out", str(figures)]) == 2
    shutil.rmtree(figures, ignore_errors=True)
    assert not figures.exists()
