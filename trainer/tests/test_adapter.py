"""Adapters sit where they should, merge exactly, and are readable by PEFT."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel

from refbox_trainer.artefacts.merge import merge
from refbox_trainer.artefacts.parity import compare, probe_logits
from refbox_trainer.config import FreezeSection, FullMethod, LoraMethod, Part
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import family_by_name
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.save import save_like_base
from refbox_trainer.model.weights import read_weights
from refbox_trainer.training.adapter import Trainable, lora_pattern, prepare, trains_vision, write_adapter
from tests.tiny import write_tiny_checkpoint

_QWEN2 = family_by_name("qwen2")


def _adapted(
    base: Path, targets: tuple[Part, ...] = ("language",), freeze: FreezeSection | None = None
) -> tuple[LoadedModel, Trainable]:
    """A model with adapters whose B is not zero, as after training."""
    loaded = load_model(base)
    method = LoraMethod(rank=3, alpha=7.0, targets=targets)
    trainable = prepare(loaded.model, _QWEN2, method, freeze or FreezeSection(), seed=1)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in trainable.parameters().values():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.05)
    return loaded, trainable


def _save(trainable: Trainable, folder: Path) -> Path:
    folder.mkdir()
    write_adapter(trainable, folder, base_name="tiny", notes={"max_dynamic_patch": 3, "use_thumbnail": False})
    return folder


@pytest.mark.parametrize(
    ("targets", "layers"),
    [(("language",), 2 * 7), (("vision",), 2 * 6), (("projector",), 2), (("language", "vision", "projector"), 28)],
)
def test_patterns_name_exactly_the_layers_of_their_part(
    tiny_base: Path, targets: tuple[Part, ...], layers: int
) -> None:
    model = load_model(tiny_base).model
    pattern = lora_pattern(_QWEN2, targets)
    named = [name for name, module in model.named_modules() if re.fullmatch(pattern, name)]
    assert len(named) == layers
    prefixes = {
        "language": "model.language_model.",
        "vision": "model.vision_tower.",
        "projector": "model.multi_modal_projector.",
    }
    assert all(name.startswith(tuple(prefixes[target] for target in targets)) for name in named)
    assert all(isinstance(model.get_submodule(name), torch.nn.Linear) for name in named)


def test_language_adapters_leave_everything_else_frozen(tiny_base: Path) -> None:
    _, trainable = _adapted(tiny_base)
    names = list(trainable.parameters())
    assert len(names) == 2 * 2 * 7
    assert all(".language_model." in name and ".lora_" in name for name in names)
    assert not trains_vision(trainable)


def test_an_unfrozen_projector_is_trained_beside_language_adapters(tiny_base: Path) -> None:
    _, trainable = _adapted(tiny_base, freeze=FreezeSection(projector=False))
    whole = [name for name in trainable.parameters() if ".lora_" not in name]
    assert len(whole) == 6
    assert all("multi_modal_projector" in name for name in whole)
    assert trains_vision(trainable)


def test_full_training_moves_only_what_is_not_frozen(tiny_base: Path) -> None:
    loaded = load_model(tiny_base)
    trainable = prepare(loaded.model, _QWEN2, FullMethod(), FreezeSection(vision=False, language=True), seed=1)
    assert {name.split(".")[1] for name in trainable.parameters()} == {"vision_tower"}
    trainable = prepare(loaded.model, _QWEN2, FullMethod(), FreezeSection(), seed=1)
    assert "lm_head.weight" in trainable.parameters()
    assert not trains_vision(trainable)


def test_merging_adds_scaled_b_times_a_to_each_weight(tiny_base: Path, tmp_path: Path) -> None:
    _, trainable = _adapted(tiny_base, ("language", "vision"))
    state = trainable.state()
    merge(tiny_base, _save(trainable, tmp_path / "adapter"), tmp_path / "merged")
    before, after = load_model(tiny_base).model.state_dict(), load_model(tmp_path / "merged").model.state_dict()
    adapted = {name for name in before if f"base_model.model.{name.removesuffix('.weight')}.lora_A.weight" in state}
    assert len(adapted) == 26
    for name, weight in before.items():
        expected = weight
        if name in adapted:
            stem = f"base_model.model.{name.removesuffix('.weight')}"
            expected = weight + (7.0 / 3) * (state[f"{stem}.lora_B.weight"] @ state[f"{stem}.lora_A.weight"])
        assert torch.allclose(after[name], expected, atol=1e-6), name


def test_a_merged_folder_speaks_like_base_and_adapter(tiny_base: Path, tmp_path: Path) -> None:
    loaded, trainable = _adapted(tiny_base, freeze=FreezeSection(projector=False))
    spoken = probe_logits(loaded.model, loaded)
    parity = merge(tiny_base, _save(trainable, tmp_path / "adapter"), tmp_path / "merged")
    assert parity.passed
    assert parity.max_logit_gap < 1e-4
    merged, base = load_model(tmp_path / "merged"), load_model(tiny_base)
    assert compare(spoken, probe_logits(merged.model, merged), torch.float32).max_logit_gap < 1e-4
    moved = compare(spoken, probe_logits(base.model, base), torch.float32)
    assert moved.max_logit_gap > 0.01, "the adapter must matter for this test to mean anything"


def test_a_merged_folder_keeps_layout_files_and_the_tiling_of_the_run(tiny_base: Path, tmp_path: Path) -> None:
    _, trainable = _adapted(tiny_base)
    merge(tiny_base, _save(trainable, tmp_path / "adapter"), tmp_path / "merged")
    assert {path.name for path in tiny_base.iterdir()} == {path.name for path in (tmp_path / "merged").iterdir()}
    assert set(read_weights(tiny_base)) == set(read_weights(tmp_path / "merged"))
    before, after = (json.loads((folder / "config.json").read_text()) for folder in (tiny_base, tmp_path / "merged"))
    changed = {key: after[key] for key in after if after[key] != before.get(key)}
    assert changed == {"max_dynamic_patch": 3, "use_thumbnail": False}


def test_the_native_layout_can_be_written_too(tiny_base: Path, tmp_path: Path) -> None:
    loaded, trainable = _adapted(tiny_base)
    spoken = probe_logits(loaded.model, loaded)
    adapter = _save(trainable, tmp_path / "adapter")
    assert merge(tiny_base, adapter, tmp_path / "native", layout="native").passed
    native = load_model(tmp_path / "native")
    assert native.spec.layout == "native"
    assert compare(spoken, probe_logits(native.model, native), torch.float32).max_logit_gap < 1e-4


def test_a_native_base_takes_adapters_and_stays_native(tiny_base: Path, tmp_path: Path) -> None:
    save_like_base(load_model(tiny_base), tiny_base, tmp_path / "base", dtype=torch.float32, layout="native")
    _, trainable = _adapted(tmp_path / "base")
    assert merge(tmp_path / "base", _save(trainable, tmp_path / "adapter"), tmp_path / "merged").passed
    merged = load_model(tmp_path / "merged")
    assert (merged.spec.layout, merged.spec.max_dynamic_patch) == ("native", 3)


def test_a_merge_into_half_precision_is_cast_once(tmp_path: Path) -> None:
    write_tiny_checkpoint(tmp_path / "half", dtype=torch.bfloat16)
    loaded, trainable = _adapted(tmp_path / "half")
    merge(tmp_path / "half", _save(trainable, tmp_path / "adapter"), tmp_path / "merged")
    in_memory: Any = trainable.peft
    exact = in_memory.merge_and_unload().state_dict()
    stored = load_model(tmp_path / "merged").model.state_dict()
    for name, tensor in exact.items():
        assert torch.equal(stored[name], tensor.to(torch.bfloat16).float()), name
    assert loaded.stored_dtype == torch.bfloat16


def test_peft_loads_the_adapter_onto_the_native_model(tiny_base: Path, tmp_path: Path) -> None:
    loaded, trainable = _adapted(tiny_base, freeze=FreezeSection(projector=False))
    spoken = probe_logits(loaded.model, loaded)
    adapter = _save(trainable, tmp_path / "adapter")
    fresh = load_model(tiny_base)
    PeftModel.from_pretrained(fresh.model, str(adapter))
    assert compare(spoken, probe_logits(fresh.model, fresh), torch.float32).max_logit_gap == 0


@pytest.mark.parametrize("missing", ["adapter_config.json", "adapter_model.safetensors"])
def test_an_incomplete_adapter_is_refused(tiny_base: Path, tmp_path: Path, missing: str) -> None:
    _, trainable = _adapted(tiny_base)
    adapter = _save(trainable, tmp_path / "adapter")
    (adapter / missing).unlink()
    (adapter / "adapter_model.bin").write_bytes(b"pickle")
    with pytest.raises(TrainerError, match=missing):
        merge(tiny_base, adapter, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()
