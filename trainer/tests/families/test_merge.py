"""Adapters of every family are merged exactly, in either layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from refbox_trainer.__main__ import main
from refbox_trainer.artefacts.merge import merge
from refbox_trainer.artefacts.parity import compare, probe_logits
from refbox_trainer.errors import EXIT_FAILED, EXIT_OK, TrainerError
from refbox_trainer.model.load import load_model
from refbox_trainer.model.spec import Layout
from refbox_trainer.training.adapter import lora_pattern
from tests.families import reference
from tests.families.test_loading import write_without_nine


def _adapter(base: Path, folder: Path, **options: Any) -> list[torch.Tensor]:
    """Write an adapter with random weights for `base`; gives what base and adapter say, in PEFT's hands."""
    loaded = load_model(base)
    options = {"target_modules": lora_pattern(loaded.spec.family, ("language", "vision")), **options}
    peft = get_peft_model(loaded.model, LoraConfig(r=3, lora_alpha=7, **options))
    assert isinstance(peft, PeftModel)
    generator = torch.Generator().manual_seed(2)
    state = get_peft_model_state_dict(peft)
    with torch.no_grad():
        for name, tensor in state.items():
            scale = 0.02 if "magnitude" in name else 0.1
            tensor.add_(torch.randn(tensor.shape, generator=generator) * scale)
    folder.mkdir()
    settings = peft.peft_config["default"].to_dict()
    plain = {key: sorted(value) if isinstance(value, set) else value for key, value in settings.items()}
    (folder / "adapter_config.json").write_text(json.dumps(plain, default=str))
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, folder / "adapter_model.safetensors")
    return probe_logits(loaded.model, loaded)


@pytest.mark.parametrize(
    ("size", "layout"),
    [
        ("1B", "original"),
        ("2B", "native"),
        ("4B", "original"),
        ("4B", "native"),
        ("26B", "original"),
        ("40B", "original"),
        ("76B", "native"),
    ],
    indirect=["size"],
)
def test_the_merged_folder_says_what_base_and_adapter_say(checkpoint: Path, tmp_path: Path, layout: Layout) -> None:
    spoken = _adapter(checkpoint, tmp_path / "adapter")
    parity = merge(checkpoint, tmp_path / "adapter", tmp_path / "merged", layout=layout)
    assert parity.passed
    merged, base = load_model(tmp_path / "merged"), load_model(checkpoint)
    assert (merged.spec.layout, merged.spec.family) == (layout, base.spec.family)
    assert compare(spoken, probe_logits(merged.model, merged), torch.float32).max_logit_gap < 1e-4
    assert compare(spoken, probe_logits(base.model, base), torch.float32).max_logit_gap > 0.05, "the adapter matters"


def test_every_linear_layer_of_a_family_is_adapted(one_of_each: Path, tmp_path: Path) -> None:
    _adapter(one_of_each, tmp_path / "adapter")
    merge(one_of_each, tmp_path / "adapter", tmp_path / "merged")
    before, after = reference.read(one_of_each)[0], reference.read(tmp_path / "merged")[0]
    moved = {name for name, tensor in before.items() if not torch.equal(tensor, after[name])}
    matrices = {
        name for name, tensor in before.items() if tensor.ndim == 2 and ".layers." in name and name.endswith("weight")
    }
    assert moved == matrices, "the original names of fused and plain matrices, and nothing else"


def test_a_fused_matrix_takes_its_rows_from_three_adapters(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    """By hand: rows of wqkv are (two queries, key, value) per key head of 8 rows each."""
    _adapter(checkpoints["2B"], tmp_path / "adapter")
    merge(checkpoints["2B"], tmp_path / "adapter", tmp_path / "merged")
    factors = load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    name = "language_model.model.layers.1.attention.wqkv.weight"
    change = reference.read(tmp_path / "merged")[0][name] - reference.read(checkpoints["2B"])[0][name]
    stem = "base_model.model.model.language_model.layers.1.self_attn"
    q, k, v = (
        7 / 3 * factors[f"{stem}.{p}_proj.lora_B.weight"] @ factors[f"{stem}.{p}_proj.lora_A.weight"] for p in "qkv"
    )
    expected = torch.cat([q[0:16], k[0:8], v[0:8], q[16:32], k[8:16], v[8:16]])
    torch.testing.assert_close(change, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "options", [{"use_rslora": True}, {"use_dora": True}, {"modules_to_save": ["multi_modal_projector"]}], ids=str
)
@pytest.mark.parametrize("name", ["4B", "26B"])
def test_other_kinds_of_adapters_are_merged_too(
    checkpoints: dict[str, Path], tmp_path: Path, name: str, options: dict[str, Any]
) -> None:
    spoken = _adapter(checkpoints[name], tmp_path / "adapter", **options)
    merge(checkpoints[name], tmp_path / "adapter", tmp_path / "merged")
    merged = load_model(tmp_path / "merged")
    assert compare(spoken, probe_logits(merged.model, merged), torch.float32).max_logit_gap < 1e-4


def test_rows_of_added_tokens_are_merged_into_embedding_and_head(tmp_path: Path) -> None:
    rows = write_without_nine(tmp_path / "base")
    new = list(range(rows, rows + 7))
    tokens = {"trainable_token_indices": {"embed_tokens": new, "lm_head": new}}
    spoken = _adapter(tmp_path / "base", tmp_path / "adapter", **tokens)
    merge(tmp_path / "base", tmp_path / "adapter", tmp_path / "merged")
    merged = load_model(tmp_path / "merged")
    assert merged.added_tokens == ()
    assert compare(spoken, probe_logits(merged.model, merged), torch.float32).max_logit_gap < 1e-4


def test_an_adapter_with_broken_numbers_is_refused_and_leaves_nothing(
    checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    _adapter(checkpoints["1B"], tmp_path / "adapter")
    path = tmp_path / "adapter" / "adapter_model.safetensors"
    tensors = load_file(path)
    next(iter(tensors.values()))[0, 0] = float("nan")
    save_file(tensors, path)
    with pytest.raises(TrainerError, match="not finite"):
        merge(checkpoints["1B"], tmp_path / "adapter", tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_held_out_questions_are_asked_of_both_and_reported(
    checkpoints: dict[str, Path], eval_meta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _adapter(checkpoints["4B"], tmp_path / "adapter")
    folders = [
        "--model",
        str(checkpoints["4B"]),
        "--adapter",
        str(tmp_path / "adapter"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(["merge", *folders, "--meta", str(eval_meta), "--limit", "2"]) == EXIT_OK
    report = json.loads((tmp_path / "out" / "parity.json").read_text())
    assert json.loads(capsys.readouterr().out)["parity"] == report
    assert report["answers"] == report["equal_answers"] == 5, "two records, the first with a stated negative"
    assert (report["samples"], report["passed"]) == (8, True)
    assert report["max_logit_gap"] < 1e-4


def test_a_merge_that_differs_leaves_nothing_to_be_used(
    checkpoints: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _adapter(checkpoints["1B"], tmp_path / "adapter")
    monkeypatch.setattr("refbox_trainer.artefacts.parity.TOLERANCES", {torch.float32: 0.0})
    folders = [
        "--model",
        str(checkpoints["1B"]),
        "--adapter",
        str(tmp_path / "adapter"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(["merge", *folders]) == EXIT_FAILED
    assert "logits are up to" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
