"""Weights keep every bit on their way between layouts, and nothing is left out in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from refbox_trainer.artefacts.parity import probe_logits
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import QWEN2
from refbox_trainer.model.forward import all_logits, collate
from refbox_trainer.model.layout import WeightNames
from refbox_trainer.model.load import load_model
from refbox_trainer.model.save import save_like_base
from refbox_trainer.model.spec import read_spec
from refbox_trainer.model.weights import read_weights, write_tensors, write_weights
from tests.tiny import tiny_model, write_tiny_checkpoint


def test_original_to_native_and_back_is_bit_exact(tiny_base: Path) -> None:
    original = read_weights(tiny_base)
    names = WeightNames(QWEN2, read_spec(tiny_base).raw_config)
    again = dict(names.to_original(names.to_native(original.items())))
    assert set(again) == set(original)
    for name, tensor in original.items():
        assert torch.equal(again[name], tensor), name
    assert "vision_model.encoder.layers.1.attn.qkv.bias" in original
    assert "language_model.lm_head.weight" in original
    assert "mlp1.3.weight" in original


def test_the_fused_attention_of_the_vision_part_is_q_k_v(tiny_base: Path) -> None:
    fused = read_weights(tiny_base)["vision_model.encoder.layers.0.attn.qkv.weight"]
    state = load_model(tiny_base).model.state_dict()
    for block, part in enumerate("qkv"):
        own = state[f"model.vision_tower.encoder.layer.0.attention.{part}_proj.weight"]
        assert torch.equal(own, fused[block * 32 : (block + 1) * 32])


def test_a_saved_model_loads_equal_and_the_head_stays_untied(tiny_base: Path) -> None:
    made, _ = tiny_model()
    loaded = load_model(tiny_base)
    assert loaded.stored_dtype == torch.float32
    for name, tensor in made.model.state_dict().items():
        assert torch.equal(loaded.model.state_dict()[name], tensor), name
    head, embedding = loaded.model.lm_head.weight, loaded.model.get_input_embeddings().weight
    assert head is not embedding
    assert not torch.equal(head, embedding)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("fault", ["extra", "missing", "shape"])
def test_weights_that_do_not_fit_are_refused_by_name(tiny_base: Path, tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny_base, folder)
    weights = read_weights(folder)
    name = "language_model.model.layers.0.mlp.up_proj.weight"
    if fault == "extra":
        name = "language_model.model.layers.0.self_attn.q_proj.lora_A.default.weight"
        weights[name] = torch.zeros(2, 2)
    elif fault == "missing":
        del weights[name]
    else:
        weights[name] = weights[name][:-1].contiguous()
    write_tensors(folder / "model.safetensors", weights)
    with pytest.raises(TrainerError) as caught:
        load_model(folder)
    assert caught.value.code == "bad_model"
    assert name.removeprefix("language_model.") in caught.value.message


def test_an_unknown_weight_is_refused_before_anything_is_built(tiny_base: Path) -> None:
    names = WeightNames(QWEN2, read_spec(tiny_base).raw_config)
    with pytest.raises(TrainerError, match=r"vision_model\.head\.weight"):
        names.refuse_unknown([*read_weights(tiny_base), "vision_model.head.weight"], native=False)


def test_pickled_weights_are_not_opened(tiny_base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(tiny_base, folder)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(TrainerError, match="pickled weights"):
        load_model(folder)


def test_a_truncated_file_is_reported(tiny_base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(tiny_base, folder)
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(TrainerError, match="cannot be read"):
        load_model(folder)


def test_code_named_by_a_config_never_runs(tiny_base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "remote"
    shutil.copytree(tiny_base, folder)
    trap = "raise SystemExit('code of a checkpoint was run')\n"
    for name in ("configuration_internvl_chat.py", "modeling_internvl_chat.py", "tokenization_qwen2.py"):
        (folder / name).write_text(trap)
    config = json.loads((folder / "config.json").read_text())
    assert config["auto_map"], "the fixture must point at the code"
    tokenizer = json.loads((folder / "tokenizer_config.json").read_text())
    tokenizer["auto_map"] = {"AutoTokenizer": ["tokenization_qwen2.Qwen2Tokenizer", None]}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    assert load_model(folder).spec.layout == "original"


def test_shards_with_an_index_are_read_as_one(tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refbox_trainer.model.weights.SHARD_BYTES", 100_000)
    folder = tmp_path / "shards"
    shutil.copytree(tiny_base, folder)
    weights = read_weights(folder)
    (folder / "model.safetensors").unlink()
    write_weights(folder, weights)
    assert len(list(folder.glob("model-*-of-*.safetensors"))) > 1
    again = read_weights(folder)
    assert all(torch.equal(again[name], tensor) for name, tensor in weights.items())
    assert set(again) == set(weights)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ps_version": "v1"}, "ps_version"),
        ({"template": "vicuna"}, "vicuna"),
        ({"use_llm_lora": 16}, "adapters"),
        ({"force_image_size": 224}, "image_size"),
        ({"model_type": "llava"}, "llava"),
        ({"llm_config": {"architectures": ["MambaForCausalLM"]}}, "MambaForCausalLM"),
    ],
)
def test_configs_that_are_not_supported_are_refused(
    tiny_base: Path, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(tiny_base, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(TrainerError, match=words):
        load_model(folder)


def test_the_native_layout_says_the_same(tiny_base: Path, tmp_path: Path) -> None:
    loaded = load_model(tiny_base)
    save_like_base(loaded, tiny_base, tmp_path / "native", dtype=torch.float32, layout="native")
    native = load_model(tmp_path / "native")
    assert native.spec.layout == "native"
    assert (native.spec.template.name, native.spec.num_image_token) == ("Hermes-2", 16)
    assert "language_model.lm_head.weight" in read_weights(tmp_path / "native"), "the spelling that transformers writes"
    for ours, theirs in zip(probe_logits(loaded.model, loaded), probe_logits(native.model, native), strict=True):
        assert torch.equal(ours, theirs)


def test_transformers_itself_loads_the_native_layout(tiny_base: Path, tmp_path: Path) -> None:
    from transformers import InternVLForConditionalGeneration

    loaded = load_model(tiny_base)
    save_like_base(loaded, tiny_base, tmp_path / "native", dtype=torch.float32, layout="native")
    theirs = InternVLForConditionalGeneration.from_pretrained(tmp_path / "native", local_files_only=True).eval()
    ids = loaded.tokenizer("red square arrow", return_tensors="np")["input_ids"][0].astype("int64")
    batch = collate([(ids, ids)], None, None)
    with torch.no_grad():
        assert torch.equal(all_logits(theirs, batch), all_logits(loaded.model, batch))


def test_a_native_checkpoint_with_a_tied_head_stays_tied(tiny_base: Path, tmp_path: Path) -> None:
    loaded = load_model(tiny_base)
    save_like_base(loaded, tiny_base, tmp_path / "native", dtype=torch.float32, layout="native")
    weights = read_weights(tmp_path / "native")
    del weights["language_model.lm_head.weight"]
    write_tensors(tmp_path / "native" / "model.safetensors", weights)
    with pytest.raises(TrainerError, match=r"missing: lm_head\.weight"):
        load_model(tmp_path / "native")
    config = json.loads((tmp_path / "native" / "config.json").read_text())
    (tmp_path / "native" / "config.json").write_text(json.dumps({**config, "tie_word_embeddings": True}))
    tied = load_model(tmp_path / "native")
    assert tied.model.lm_head.weight is tied.model.get_input_embeddings().weight
    save_like_base(tied, tmp_path / "native", tmp_path / "again", dtype=torch.float32, layout="native")
    assert set(read_weights(tmp_path / "again")) == set(weights)
    again = load_model(tmp_path / "again")
    for ours, theirs in zip(probe_logits(tied.model, tied), probe_logits(again.model, again), strict=True):
        assert torch.equal(ours, theirs)


def test_files_only_the_slow_tokenizer_had_are_enough(tiny_base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "slow"
    shutil.copytree(tiny_base, folder)
    (folder / "tokenizer.json").unlink()
    text = "<|im_start|>user\n<ref>red 方块</ref><box>[[1, 22]]</box>\n\n I'll 123<|im_end|>"
    assert load_model(folder).tokenizer.encode(text) == load_model(tiny_base).tokenizer.encode(text)


def test_half_precision_is_kept_on_disk(tmp_path: Path) -> None:
    write_tiny_checkpoint(tmp_path / "half", dtype=torch.bfloat16)
    loaded = load_model(tmp_path / "half")
    assert loaded.stored_dtype == torch.bfloat16
    assert loaded.model.lm_head.weight.dtype == torch.float32
