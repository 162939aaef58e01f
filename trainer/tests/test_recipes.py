"""The published settings, file by file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from recipes.write_recipes import FOLDER, as_text, recipes
from refbox_trainer.checks.config_check import read_run_config
from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import FullMethod, LoraMethod, RunConfig

_FILES = sorted(path for path in FOLDER.glob("InternVL2-*.json"))
_SCHEMA = json.loads((FOLDER.parent / "contracts" / "run-config.schema.json").read_text(encoding="utf-8"))

# size: (learning rate, weight decay, samples a card takes at once), as in the scripts; LoRA and full agree in them.
_PUBLISHED = {
    "1B": (4e-5, 0.01, 4),
    "2B": (4e-5, 0.01, 4),
    "4B": (4e-5, 0.01, 4),
    "8B": (4e-5, 0.05, 4),
    "26B": (2e-5, 0.05, 2),
    "40B": (2e-5, 0.05, 2),
    "Llama3-76B": (2e-5, 0.05, 1),
}


def _read(path: Path) -> RunConfig:
    problems = Problems()
    config = read_run_config(path, problems)
    assert problems.found == [], path.name
    assert config is not None
    return config


def _named(path: Path) -> tuple[str, str, int]:
    match = re.fullmatch(r"InternVL2-(.+)\.(lora|full)\.(\d)gpu\.json", path.name)
    assert match is not None
    return match[1], match[2], int(match[3])


def test_every_size_has_its_four_files_and_all_are_as_written() -> None:
    assert {_named(path) for path in _FILES} == {
        (size, *kind) for size in _PUBLISHED for kind in (("lora", 1), ("lora", 2), ("lora", 8), ("full", 8))
    }
    written: dict[str, dict[str, Any]] = recipes()
    assert {path.name: path.read_text(encoding="utf-8") for path in _FILES} == {
        name: as_text(content) for name, content in written.items()
    }


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_a_recipe_has_the_published_settings(path: Path) -> None:
    size, method, gpus = _named(path)
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), _SCHEMA)
    config = _read(path)
    rate, decay, at_once = _PUBLISHED[size]
    train = config.train
    assert (train.learning_rate, train.weight_decay) == (rate, decay)
    assert (train.epochs, train.warmup_ratio, train.schedule) == (1, 0.03, "cosine")
    assert (config.sequence.max_length, config.sequence.max_dynamic_patch) == (4096, 6)
    assert (config.checkpoint.every_steps, config.checkpoint.keep) == (200, 1)
    assert train.gradient_checkpointing
    batch = 16 if method == "lora" else 128
    accumulated = train.batch_size // (train.micro_batch_size * gpus)
    assert train.micro_batch_size * gpus * accumulated == train.batch_size == batch
    assert train.micro_batch_size == min(at_once, batch // gpus)
    assert config.parallel.processes == gpus


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_lora_moves_nothing_but_its_adapters_and_full_leaves_the_vision_part(path: Path) -> None:
    config = _read(path)
    if isinstance(config.method, LoraMethod):
        assert config.method.targets == ("language",)
        assert (config.method.rank, config.method.alpha, config.method.dropout) == (16, 32, 0.05)
        assert config.freeze.vision and config.freeze.projector
    else:
        assert isinstance(config.method, FullMethod)
        assert (config.freeze.vision, config.freeze.projector, config.freeze.language) == (True, False, False)
