"""Answers in batches, and predictions that go on after an interruption."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch

from refbox_trainer.__main__ import main
from refbox_trainer.answers import predict
from refbox_trainer.answers.generate import repeats_itself
from refbox_trainer.answers.predict import Predictor
from refbox_trainer.answers.prediction_job import predict_file, questions_of_meta
from refbox_trainer.data.questions import Question
from refbox_trainer.data.samples import Tiling
from refbox_trainer.model.load import LoadedModel, load_model
from tests.tiny_data import write_dataset

_TILING = Tiling(min_dynamic_patch=1, max_dynamic_patch=6, use_thumbnail=True)
_NEW_TOKENS = 12
_CONTRACTS = Path(__file__).parent.parent / "contracts"


@pytest.fixture(scope="module")
def loaded(tiny_base: Path) -> LoadedModel:
    return load_model(tiny_base)


@pytest.fixture(scope="module")
def questions(loaded: LoadedModel, train_meta: Path) -> list[Question]:
    """Of pictures with different numbers of tiles, so that prompts differ in length by hundreds of tokens."""
    return questions_of_meta(train_meta, None)(loaded.spec)


def _texts(loaded: LoadedModel, questions: list[Question], batch_size: int) -> dict[tuple[int, str], str]:
    predictor = Predictor(loaded, _TILING, max_new_tokens=_NEW_TOKENS, batch_size=batch_size)
    return {(a.question.record.index, a.question.prompt): a.text for a in predictor.answer(questions)}


def test_answers_in_batches_equal_answers_one_by_one(loaded: LoadedModel, questions: list[Question]) -> None:
    alone = _texts(loaded, questions, 1)
    assert len(alone) == len(questions) > 20
    assert len(set(alone.values())) > 5
    for batch_size in (3, 16):
        assert _texts(loaded, questions, batch_size) == alone


def test_answers_that_end_early_do_not_disturb_the_others(loaded: LoadedModel, questions: list[Question]) -> None:
    """Half of the answers is made to end after a few tokens, by calling a token of theirs the end."""
    tokenizer = loaded.tokenizer
    alone = _texts(loaded, questions, 1)
    some = list(alone.values())[::2]
    ending = tokenizer(some[0], add_special_tokens=False)["input_ids"][3]
    shortened = loaded._replace(tokens=replace(loaded.tokens, end_of_turn=ending))
    expected = _texts(shortened, questions, 1)
    assert len({len(text) for text in expected.values()}) > 2
    assert _texts(shortened, questions, 8) == expected


def test_a_batch_that_does_not_fit_is_halved(
    loaded: LoadedModel, questions: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = predict.generate

    def short_of_memory(model: Any, prompts: Any, **options: Any) -> Any:
        asked.append(len(prompts))
        if len(prompts) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return real(model, prompts, **options)

    # Memory cannot be used up on purpose on a shared machine; the failure is put where it would happen.
    monkeypatch.setattr(predict, "generate", short_of_memory)
    said: list[str] = []
    predictor = Predictor(loaded, _TILING, max_new_tokens=_NEW_TOKENS, batch_size=16, say=said.append)
    texts = {(a.question.record.index, a.question.prompt): a.text for a in predictor.answer(questions)}
    assert asked[:3] == [16, 8, 4]
    assert len(said) == 2
    monkeypatch.undo()
    assert texts == _texts(loaded, questions, 1)


@pytest.mark.parametrize(
    ("ids", "loops"),
    [
        ([7] * 64, True),
        ([7] * 63, False),
        ([1, 2, 3] + [5, 6, 7, 8] * 16, True),
        ([5, 6, 7, 8] * 16 + [9], False),
        # A box of twenty tokens four times over, and three times.
        (list(range(20)) * 4, True),
        (list(range(20)) * 3, False),
        (list(range(65)) * 8, False),
        # Boxes that differ in one number.
        ([token for box in range(30) for token in [*range(100, 115), box]], False),
    ],
)
def test_only_endless_repetition_is_cut_off(ids: list[int], loops: bool) -> None:
    assert repeats_itself(ids) is loops


def _predict(model: Path, meta: Path, out: Path, say: Any, **changes: Any) -> int:
    options: dict[str, Any] = {"max_new_tokens": 4, **changes}
    return predict_file(
        model,
        out,
        questions_of_meta(meta, None),
        adapter=None,
        device="cpu",
        precision="auto",
        batch_size=5,
        max_dynamic_patch=None,
        say=say,
        **options,
    )


def test_an_interrupted_file_is_continued(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    said: list[str] = []
    _predict(tiny_base, train_meta, whole, said.append)
    with pytest.raises(KeyboardInterrupt):
        _predict(tiny_base, train_meta, cut, interrupt)
    assert not cut.exists()
    journal = tmp_path / ".cut.jsonl.partial"
    # A kill in the middle of a line.
    journal.write_bytes(journal.read_bytes()[:-9])
    said.clear()
    _predict(tiny_base, train_meta, cut, said.append)
    assert said[0] == "15 of 24 were answered by an earlier attempt"
    assert not journal.exists()
    strip = [{**json.loads(line), "ms": 0} for line in cut.read_text(encoding="utf-8").splitlines()]
    assert strip == [{**json.loads(line), "ms": 0} for line in whole.read_text(encoding="utf-8").splitlines()]


def test_an_attempt_with_other_settings_starts_anew(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "p.jsonl"
    with pytest.raises(KeyboardInterrupt):
        _predict(tiny_base, train_meta, out, interrupt)
    said: list[str] = []
    _predict(tiny_base, train_meta, out, said.append, max_new_tokens=2)
    assert said[0].startswith("an earlier attempt was made with something else")
    assert all(json.loads(line)["tokens"] <= 2 for line in out.read_text(encoding="utf-8").splitlines())


def test_pictures_that_cannot_be_opened_are_left_out_and_listed(
    tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    meta = write_dataset(folder, 2)
    [*_, broken] = sorted(folder.glob("*.png"))
    broken.write_bytes(b"no picture")
    out, refused = tmp_path / "p.jsonl", tmp_path / "r.jsonl"
    predict_all = [
        "predict",
        "--model",
        str(tiny_base),
        "--meta",
        str(meta),
        "--device",
        "cpu",
        "--max-new-tokens",
        "2",
    ]
    assert main([*predict_all, "--out", str(out)]) == 2
    assert broken.name in capsys.readouterr().err
    assert main([*predict_all, "--out", str(out), "--refused", str(refused)]) == 0
    [line] = [json.loads(line) for line in refused.read_text(encoding="utf-8").splitlines()]
    schema = json.loads((_CONTRACTS / "refused-picture.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(line, schema)
    assert Path(line["image"]).name == broken.name
    assert "not an image" in line["why"]
    answered = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert answered
    assert line["index"] not in {answer["index"] for answer in answered}
    assert re.search(r"predicted (\d+)/\1, [\d.e+]+ a second", capsys.readouterr().err)


def test_a_published_split_is_asked_and_measured(tiny_base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_dataset(folder, 2)
    split = tmp_path / "refcoco_val.jsonl"
    items = [
        {"image": f"scenes-000{n}.png", "sent": f"thing {n}", "bbox": [5, 5, 50, 50], "width": 160, "height": 120}
        for n in range(2)
    ]
    split.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    out, figures = tmp_path / "p.jsonl", tmp_path / "m.json"
    model = ["--model", str(tiny_base), "--device", "cpu", "--max-new-tokens", "3"]
    assert main(["predict", *model, "--refcoco", str(split), "--root", str(folder), "--out", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["dataset"], line["index"], line["expression"]) for line in lines] == [
        ("refcoco_val", 0, "thing 0"),
        ("refcoco_val", 1, "thing 1"),
    ]
    assert main(["evaluate", "--predictions", str(out), "--refcoco", str(split), "--out", str(figures)]) == 0
    assert json.loads(figures.read_text())["refcoco"]["expressions"] == 2
