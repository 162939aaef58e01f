"""Checkpoints keep every bit on their way between the layouts, in every family."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer, InternVLForConditionalGeneration

from refbox_trainer.__main__ import main
from refbox_trainer.artefacts.parity import probe_logits
from refbox_trainer.errors import EXIT_BAD_INPUT, EXIT_OK, TrainerError
from refbox_trainer.model import weights
from refbox_trainer.model.convert import convert
from refbox_trainer.model.forward import all_logits, collate
from refbox_trainer.model.load import load_model
from tests.families import reference
from tests.tiny_families import random_weights, write_shards


def _tensors(folder: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = {}
    for path in folder.glob("*.safetensors"):
        found |= load_file(path)
    return found


def _assert_equal(first: Path, second: Path) -> None:
    ours, theirs = _tensors(first), _tensors(second)
    assert set(ours) == set(theirs)
    for name, tensor in ours.items():
        assert tensor.dtype == theirs[name].dtype, name
        assert torch.equal(tensor, theirs[name]), name


def test_there_and_back_keeps_every_bit_and_every_small_file(checkpoint: Path, tmp_path: Path) -> None:
    convert(checkpoint, tmp_path / "native", "native")
    report = convert(tmp_path / "native", tmp_path / "original", "original")
    _assert_equal(tmp_path / "original", checkpoint)
    assert (report.source_layout, report.layout, report.merged) == ("native", "original", 0)
    for path in checkpoint.iterdir():
        if path.suffix in (".json", ".model", ".txt", ".py") and "index" not in path.name:
            assert (tmp_path / "original" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_native_layout_answers_the_same(one_of_each: Path, tmp_path: Path) -> None:
    convert(one_of_each, tmp_path / "native", "native")
    first, second = load_model(one_of_each), load_model(tmp_path / "native")
    assert second.spec.layout == "native"
    assert second.spec.family is first.spec.family
    assert second.spec.template is first.spec.template
    for ours, theirs in zip(probe_logits(first.model, first), probe_logits(second.model, second), strict=True):
        assert torch.equal(ours, theirs)


def test_transformers_reads_the_native_layout_with_its_own_classes(one_of_each: Path, tmp_path: Path) -> None:
    convert(one_of_each, tmp_path / "native", "native")
    loaded = load_model(one_of_each)
    theirs = InternVLForConditionalGeneration.from_pretrained(tmp_path / "native", local_files_only=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "native", local_files_only=True)
    text = "<|im_start|>user\n<ref>the red square 红色!</ref><box>[[12, 34]]</box>"
    ids = np.asarray(tokenizer(text)["input_ids"], dtype=np.int64)
    assert ids.tolist() == loaded.tokenizer(text)["input_ids"]
    batch = collate([(ids, ids)], None, None)
    with torch.no_grad():
        assert torch.equal(all_logits(theirs, batch), all_logits(loaded.model, batch))


def test_a_native_checkpoint_of_other_origin_becomes_an_original_one(
    checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    """InternLM2 is a Llama natively; without a note of where it came from it is written as one."""
    convert(checkpoints["2B"], tmp_path / "native", "native")
    shutil.rmtree(tmp_path / "native" / "original")
    convert(tmp_path / "native", tmp_path / "original", "original")
    content, config = reference.read(tmp_path / "original")
    assert config["llm_config"]["architectures"] == ["LlamaForCausalLM"]
    assert config["llm_config"]["rope_scaling"] == {"type": "dynamic", "factor": 2.0}
    ids = torch.tensor([5, 300, 17, 260, 99])
    loaded = load_model(checkpoints["2B"])
    with torch.no_grad():
        ours = all_logits(loaded.model, collate([(ids.numpy(), ids.numpy())], None, None))[0]
        theirs = reference.logits(content, config, ids, None, loaded.tokens.image_context)
    assert float((ours - theirs).abs().max()) < 1e-4


def test_phi3_of_other_origin_gets_the_rotary_factors_of_its_time(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    convert(checkpoints["4B"], tmp_path / "native", "native")
    native = json.loads((tmp_path / "native" / "config.json").read_text())
    assert native["text_config"]["rope_parameters"]["rope_type"] == "longrope"
    shutil.rmtree(tmp_path / "native" / "original")
    convert(tmp_path / "native", tmp_path / "original", "original")
    written = json.loads((tmp_path / "original" / "config.json").read_text())["llm_config"]
    released = json.loads((checkpoints["4B"] / "config.json").read_text())["llm_config"]
    assert {key: written[key] for key in released if key != "sliding_window"} == {
        key: value for key, value in released.items() if key != "sliding_window"
    }
    _assert_equal(tmp_path / "original", checkpoints["4B"])


def test_shards_are_written_as_they_fill_up(
    checkpoints: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "SHARD_BYTES", 60_000)
    convert(checkpoints["26B"], tmp_path / "native", "native")
    files = sorted(path.name for path in (tmp_path / "native").glob("*.safetensors"))
    assert len(files) > 3
    assert files[0] == f"model-00001-of-{len(files):05d}.safetensors"
    assert not list((tmp_path / "native").glob("*.part"))
    convert(tmp_path / "native", tmp_path / "original", "original")
    _assert_equal(tmp_path / "original", checkpoints["26B"])


@pytest.mark.parametrize("layout", ["original", "native"])
def test_leftovers_are_refused_by_name_and_nothing_is_written(
    checkpoints: dict[str, Path], tmp_path: Path, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(checkpoints["8B"], folder)
    content = {**_tensors(folder), "language_model.model.layers.1.attention.rotary.inv_freq": torch.zeros(4)}
    write_shards(folder, content, 1)
    status = main(["convert", "--model", str(folder), "--out", str(tmp_path / "out"), "--layout", layout])
    assert status == EXIT_BAD_INPUT
    assert "language_model.model.layers.1.attention.rotary.inv_freq" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_missing_part_of_a_fused_matrix_is_named(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    convert(checkpoints["2B"], tmp_path / "native", "native")
    content = _tensors(tmp_path / "native")
    del content["language_model.model.layers.0.self_attn.k_proj.weight"]
    write_shards(tmp_path / "native", content, 1)
    with pytest.raises(TrainerError, match=r"missing: model\.language_model\.layers\.0\.self_attn\.k_proj\.weight"):
        convert(tmp_path / "native", tmp_path / "original", "original")


def test_the_verb_says_what_it_did(
    checkpoints: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["convert", "--model", str(checkpoints["40B"]), "--out", str(tmp_path / "out"), "--layout", "native"]
    assert main(arguments) == EXIT_OK
    report = json.loads(capsys.readouterr().out)
    config = json.loads((checkpoints["40B"] / "config.json").read_text())
    assert report == {
        "out": str(tmp_path / "out"),
        "family": "llama",
        "source_layout": "original",
        "layout": "native",
        "tensors": len(random_weights(config)),
        "merged": 0,
    }


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("name", ["1B", "2B", "4B", "40B"])
def test_a_checkpoint_of_the_original_lora_training_is_merged(
    checkpoints: dict[str, Path], tmp_path: Path, name: str, early: bool
) -> None:
    """W + 2 B A by hand, wrapped as PEFT does it; `early` versions leave the base matrix under its own name."""
    folder = tmp_path / "wrapped"
    shutil.copytree(checkpoints[name], folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "use_llm_lora": 3, "use_backbone_lora": 2}))
    generator = torch.Generator().manual_seed(1)
    wrapped: dict[str, torch.Tensor] = {}
    expected: dict[str, torch.Tensor] = {}
    for weight, tensor in _tensors(checkpoints[name]).items():
        part = weight.split(".", 1)[0]
        inside = weight.replace(f"{part}.", f"{part}.base_model.model.", 1) if part != "mlp1" else weight
        expected[weight] = tensor
        adapted = tensor.ndim == 2 and any(key in weight for key in ("attn", "attention.w", "mlp.", "feed_forward"))
        if not adapted or part == "mlp1":
            wrapped[inside] = tensor
            continue
        rank = 3 if part == "language_model" else 2
        a = torch.randn(rank, tensor.shape[1], generator=generator)
        b = torch.randn(tensor.shape[0], rank, generator=generator) * 0.1
        module = inside.removesuffix(".weight")
        wrapped[inside if early else f"{module}.base_layer.weight"] = tensor
        wrapped |= {f"{module}.lora_A.default.weight": a, f"{module}.lora_B.default.weight": b}
        expected[weight] = tensor + 2.0 * (b @ a)
    for path in folder.glob("*.safetensors*"):
        path.unlink()
    write_shards(folder, wrapped, 2)
    with pytest.raises(TrainerError, match="still carries adapters"):
        load_model(folder)
    report = convert(folder, tmp_path / "plain", "original")
    merged = _tensors(tmp_path / "plain")
    assert set(merged) == set(expected)
    assert report.merged == sum("lora_A" in key for key in wrapped) > 0
    for weight, tensor in expected.items():
        torch.testing.assert_close(merged[weight], tensor, rtol=0, atol=1e-6)
    written = json.loads((tmp_path / "plain" / "config.json").read_text())
    assert (written["use_llm_lora"], written["use_backbone_lora"]) == (0, 0)
    load_model(tmp_path / "plain")


@pytest.mark.parametrize("fault", ["rank", "half"])
def test_adapters_that_do_not_fit_are_refused(checkpoints: dict[str, Path], tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "wrapped"
    shutil.copytree(checkpoints["1B"], folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "use_llm_lora": 3}))
    module = "language_model.base_model.model.model.layers.0.mlp.up_proj"
    content = _tensors(folder)
    content[f"{module}.base_layer.weight"] = content.pop("language_model.model.layers.0.mlp.up_proj.weight")
    content[f"{module}.lora_A.default.weight"] = torch.zeros(4 if fault == "rank" else 3, 32)
    write_shards(folder, content, 1)
    with pytest.raises(TrainerError, match="rank 4" if fault == "rank" else r"up_proj\.lora_B"):
        convert(folder, tmp_path / "plain", "original")
