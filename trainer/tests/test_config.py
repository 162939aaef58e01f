"""run.json is read strictly, and everything that is wrong is said at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from refbox_trainer.checks.config_check import read_run_config
from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import RunConfig
from tests.tiny_data import run_config, write_run

_CONTRACTS = Path(__file__).parent.parent / "contracts"


def _read(folder: Path, config: Any) -> tuple[RunConfig | None, Problems]:
    problems = Problems()
    return read_run_config(write_run(folder, config), problems), problems


def _valid() -> dict[str, Any]:
    return run_config(Path("base"), Path("meta.json"))


@pytest.mark.parametrize("example", ["run.lora.json", "run.full.json"])
def test_the_studios_examples_are_read(tmp_path: Path, example: str) -> None:
    content = json.loads((_CONTRACTS / "examples" / example).read_text(encoding="utf-8"))
    config, problems = _read(tmp_path, content)
    assert problems.errors == []
    assert config is not None
    assert config.method.kind == content["method"]["kind"]
    assert config.train.learning_rate == content["train"]["learning_rate"]


def test_a_config_of_the_tests_satisfies_the_schema(tmp_path: Path) -> None:
    schema = json.loads((_CONTRACTS / "run-config.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(_valid(), schema)
    config, problems = _read(tmp_path, _valid())
    assert problems.errors == []
    assert config is not None


def test_only_what_has_no_default_must_be_given(tmp_path: Path) -> None:
    least = {"run_id": "r", "model": {"path": "m"}, "data": {"train_meta": "t"}, "method": {"kind": "lora"}}
    config, problems = _read(tmp_path, least)
    assert problems.errors == []
    assert config is not None
    assert (config.method.kind, config.train.batch_size, config.evaluate.every_steps) == ("lora", 16, 100)


def test_unknown_keys_are_refused_with_the_nearest_legal_one(tmp_path: Path) -> None:
    config, problems = _read(tmp_path, {**_valid(), "trian": {}, "train": {**_valid()["train"], "learning_rte": 1}})
    assert config is None
    assert {error.where: error.what_to_do for error in problems.errors} == {
        "trian": 'Did you mean "train"?',
        "train.learning_rte": 'Did you mean "learning_rate"?',
    }


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    wrong = run_config(
        Path("base"),
        Path("meta.json"),
        train={"learning_rate": 0, "epochs": "two", "schedule": "cosin", "seed": True},
        method={"kind": "lora", "rank": 0, "alpha": 32, "dropout": 0.05, "targets": ["language", "langage"]},
        device="gpu",
    )
    del wrong["data"]["train_meta"]
    _, problems = _read(tmp_path, wrong)
    assert {error.where for error in problems.errors} == {
        "train.learning_rate",
        "train.epochs",
        "train.schedule",
        "train.seed",
        "method.rank",
        "method.targets[1]",
        "device",
        "data.train_meta",
    }
    assert all(error.what_to_do for error in problems.errors)


@pytest.mark.parametrize(
    ("sections", "where"),
    [
        ({"train": {"batch_size": 6, "micro_batch_size": 4}}, "train.micro_batch_size"),
        ({"sequence": {"min_dynamic_patch": 5, "max_dynamic_patch": 2}}, "sequence.min_dynamic_patch"),
        (
            {"method": {"kind": "full"}, "freeze": {"vision": True, "projector": True, "language": True}},
            "freeze",
        ),
        ({"method": {"kind": "full"}, "artefacts": ["adapter"]}, "artefacts"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(tmp_path: Path, sections: dict[str, Any], where: str) -> None:
    _, problems = _read(tmp_path, run_config(Path("base"), Path("meta.json"), **sections))
    assert [error.where for error in problems.errors] == [where]


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '"text"'])
def test_text_that_is_no_config_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content)
    problems = Problems()
    assert read_run_config(path, problems) is None
    assert problems.errors


def test_check_prints_one_json_line_per_problem_and_does_not_load_torch(tmp_path: Path) -> None:
    path = write_run(tmp_path, {**_valid(), "extra": 1})
    code = (
        "import sys; from refbox_trainer.__main__ import main; status = main(); "
        "assert 'torch' not in sys.modules; sys.exit(status)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "check", str(path)],
        cwd=_CONTRACTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2, result.stderr
    schema = json.loads((_CONTRACTS / "check-problem.schema.json").read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["where"] for line in lines] == ["extra"]
    for line in lines:
        jsonschema.validate(line, schema)
