"""Kinds of adapters, precision, kernels and devices: what is trained, and what is refused in words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from refbox_trainer.artefacts.merge import merge
from refbox_trainer.checks.config_check import read_run_config
from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import FreezeSection, LoraMethod
from refbox_trainer.model.families import family_by_name
from refbox_trainer.model.load import load_model
from refbox_trainer.training.adapter import Trainable, prepare, write_adapter
from refbox_trainer.training.software import check_software
from tests.processes import train_here
from tests.tiny_data import run_config, write_run

_QWEN2 = family_by_name("qwen2")
_LORA = {"kind": "lora", "rank": 4, "alpha": 8, "dropout": 0.0, "targets": ["language"]}


def _moved(base: Path, method: LoraMethod, **options: Any) -> Trainable:
    """A model whose adapters are not zero, as after training."""
    trainable = prepare(load_model(base).model, _QWEN2, method, FreezeSection(), seed=1, **options)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in trainable.parameters().values():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.05)
    return trainable


def _merged(base: Path, trainable: Trainable, folder: Path) -> dict[str, torch.Tensor]:
    (folder / "adapter").mkdir()
    write_adapter(trainable, folder / "adapter", base_name="tiny", notes={})
    assert merge(base, folder / "adapter", folder / "merged").passed
    return load_model(folder / "merged").model.state_dict()


def test_rank_stabilised_adapters_are_scaled_by_the_root_of_the_rank(tiny_base: Path, tmp_path: Path) -> None:
    trainable = _moved(tiny_base, LoraMethod(rank=4, alpha=6.0, use_rslora=True))
    state, before = trainable.state(), load_model(tiny_base).model.state_dict()
    name = "model.language_model.layers.1.mlp.up_proj.weight"
    stem = f"base_model.model.{name.removesuffix('.weight')}"
    product = state[f"{stem}.lora_B.weight"] @ state[f"{stem}.lora_A.weight"]
    expected = before[name] + 6.0 / math.sqrt(4) * product
    assert torch.allclose(_merged(tiny_base, trainable, tmp_path)[name], expected, atol=1e-6)


def test_weight_decomposed_adapters_turn_columns_and_scale_them_apart(tiny_base: Path, tmp_path: Path) -> None:
    trainable = _moved(tiny_base, LoraMethod(rank=4, alpha=8.0, use_dora=True))
    state, before = trainable.state(), load_model(tiny_base).model.state_dict()
    name = "model.language_model.layers.0.self_attn.v_proj.weight"
    stem = f"base_model.model.{name.removesuffix('.weight')}"
    # DoRA, arXiv 2402.09353, equation 5; the norm is taken over the inputs of each output.
    turned = before[name] + 2.0 * state[f"{stem}.lora_B.weight"] @ state[f"{stem}.lora_A.weight"]
    magnitude = state[f"{stem}.lora_magnitude_vector"]
    expected = magnitude[:, None] * turned / turned.norm(dim=1, keepdim=True)
    assert torch.allclose(_merged(tiny_base, trainable, tmp_path)[name], expected, atol=1e-5)


def test_rows_of_new_tokens_are_trained_beside_the_adapters_and_no_others(tiny_base: Path, tmp_path: Path) -> None:
    trainable = _moved(tiny_base, LoraMethod(rank=4), new_tokens=(400, 405))
    rows = {name: value.shape for name, value in trainable.parameters().items() if "trainable_tokens" in name}
    assert sorted(rows.values()) == [(2, 48), (2, 48)], rows
    before, after = load_model(tiny_base).model.state_dict(), _merged(tiny_base, trainable, tmp_path)
    for name in ("model.language_model.embed_tokens.weight", "lm_head.weight"):
        changed = (before[name] != after[name]).any(dim=1).nonzero().flatten().tolist()
        assert changed == [400, 405], name


def test_frozen_weights_are_halved_in_bfloat16_and_moving_ones_are_not(
    tiny_base: Path, train_meta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[bool, set[torch.dtype]] = {}

    def look(trainable: Trainable) -> bool:
        for parameter in trainable.model.parameters():
            seen.setdefault(parameter.requires_grad, set()).add(parameter.dtype)
        return True

    monkeypatch.setattr("refbox_trainer.training.prepare.trains_vision", look)
    config = run_config(
        tiny_base, train_meta, None, freeze={"projector": False}, train={"precision": "bfloat16", "max_steps": 1}
    )
    loss, _ = train_here(tmp_path / "half", config).losses()[1]
    assert seen == {True: {torch.float32}, False: {torch.bfloat16}}
    config["train"]["precision"] = "float32"
    assert loss == pytest.approx(train_here(tmp_path / "single", config).losses()[1][0], rel=5e-3)


def test_every_attention_gives_the_same_losses(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    runs = {
        name: train_here(
            tmp_path / name, run_config(tiny_base, train_meta, None, train={"attention": name, "max_steps": 2})
        ).losses()
        for name in ("auto", "eager")
    }
    for step, (loss, norm) in runs["auto"].items():
        assert runs["eager"][step] == (pytest.approx(loss, rel=1e-6), pytest.approx(norm, rel=1e-5))


@pytest.mark.parametrize(
    ("sections", "where"),
    [
        ({"method": {**_LORA, "quantization": "nf4"}, "device": "cpu"}, "method.quantization"),
        (
            {"method": {**_LORA, "quantization": "nf4"}, "device": "cuda", "parallel": {"strategy": "fsdp"}},
            "parallel.strategy",
        ),
        (
            {"method": {"kind": "full"}, "parallel": {"processes": 2}, "train": {"optimizer": "adamw_8bit"}},
            "train.optimizer",
        ),
        ({"parallel": {"processes": 8}}, "parallel.processes"),
        ({"parallel": {"processes": 2}, "device": "mps"}, "parallel.processes"),
    ],
)
def test_settings_that_contradict_are_refused(tmp_path: Path, sections: dict[str, Any], where: str) -> None:
    problems = Problems()
    assert read_run_config(write_run(tmp_path, run_config(tmp_path, tmp_path, None, **sections)), problems) is None
    assert [problem.where for problem in problems.errors] == [where]


@pytest.mark.skipif(torch.cuda.is_available(), reason="with a GPU these may be there")
@pytest.mark.parametrize(
    ("sections", "where"),
    [
        ({"method": {**_LORA, "quantization": "nf4"}, "device": "auto"}, "method.quantization"),
        ({"train": {"optimizer": "adamw_8bit"}}, "train.optimizer"),
        ({"train": {"attention": "flash_attention_2"}}, "train.attention"),
    ],
)
def test_what_is_not_installed_is_named_before_the_run(tmp_path: Path, sections: dict[str, Any], where: str) -> None:
    problems = Problems()
    config = read_run_config(write_run(tmp_path, run_config(tmp_path, tmp_path, None, **sections)), problems)
    assert config is not None
    check_software(config, problems)
    (problem,) = problems.errors
    assert problem.where == where
    assert "CUDA" in problem.message
    assert problem.what_to_do
