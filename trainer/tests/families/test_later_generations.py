"""InternVL2.5, 3 and 3.5 in the original layout, and native folders that other tools wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from refbox_trainer.model.convert import convert
from refbox_trainer.model.forward import all_logits, collate
from refbox_trainer.model.load import load_model
from refbox_trainer.model.template import Turn, render
from tests.families import reference
from tests.tiny_families import LATER, write_checkpoint

_SYSTEM = "你是书生·万象，英文名是InternVL，是由上海人工智能实验室、清华大学及多家合作单位联合开发的多模态大语言模型。"
_TURNS = [Turn("human", "<img><IMG_CONTEXT></img>\nwhere?"), Turn("gpt", "here!"), Turn("human", "a"), Turn("gpt", "b")]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders by name: 2.5-8B, 3-1B, 3.5-1B."""
    root = tmp_path_factory.mktemp("later")
    for name, size in LATER.items():
        write_checkpoint(root / name, size)
    return {name: root / name for name in LATER}


@pytest.mark.parametrize("name", list(LATER))
def test_logits_equal_the_reference(later: dict[str, Path], name: str) -> None:
    loaded = load_model(later[name])
    text = "<|im_start|>user\n<img>" + "<IMG_CONTEXT>" * 4 + "</img>\nthe red square!<|im_end|>\n"
    ids = np.asarray(loaded.tokenizer(text)["input_ids"], dtype=np.int64)
    pixels = torch.randn(1, 3, 56, 56, generator=torch.Generator().manual_seed(5))
    weights, config = reference.read(later[name])
    with torch.no_grad():
        ours = all_logits(loaded.model, collate([(ids, ids)], pixels, None))[0]
        theirs = reference.logits(weights, config, torch.from_numpy(ids), pixels, loaded.tokens.image_context)
    assert float((ours - theirs).abs().max()) < 1e-4


@pytest.mark.parametrize("name", list(LATER))
def test_the_new_template_ends_turns_with_a_line_that_is_not_supervised(later: dict[str, Path], name: str) -> None:
    loaded = load_model(later[name])
    rendered = render(loaded.spec.template, _TURNS)
    assert rendered.text == (
        f"<|im_start|>system\n{_SYSTEM}<|im_end|>\n<|im_start|>user\n<img><IMG_CONTEXT></img>\nwhere?<|im_end|>\n"
        "<|im_start|>assistant\nhere!<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
    )
    assert [rendered.text[start:end] for start, end in rendered.spans] == ["here!<|im_end|>", "b<|im_end|>"]
    first = loaded.tokenizer.convert_ids_to_tokens(loaded.tokenizer(rendered.text)["input_ids"][0])
    assert first == ("<s>" if name == "2.5-8B" else "<|im_start|>"), "bos only where the tokenizer has one"


@pytest.mark.parametrize("name", list(LATER))
def test_they_are_converted_there_and_back(later: dict[str, Path], name: str, tmp_path: Path) -> None:
    convert(later[name], tmp_path / "native", "native")
    convert(tmp_path / "native", tmp_path / "original", "original")
    before, after = reference.read(later[name])[0], reference.read(tmp_path / "original")[0]
    assert set(before) == set(after)
    assert all(torch.equal(tensor, after[key]) for key, tensor in before.items())


def test_a_tied_head_stays_the_embedding(later: dict[str, Path], tmp_path: Path) -> None:
    loaded = load_model(later["3.5-1B"])
    assert loaded.model.lm_head.weight is loaded.model.get_input_embeddings().weight
    convert(later["3.5-1B"], tmp_path / "native", "native")
    assert json.loads((tmp_path / "native" / "config.json").read_text())["tie_word_embeddings"] is True
    assert not any("lm_head" in key for key in load_file(tmp_path / "native" / "model.safetensors"))


def _foreign(folder: Path, out: Path, *, new_names: bool) -> None:
    """A native folder as the hub has them: no trace of where it came from, the library's keys only."""
    convert(folder, out, "native")
    shutil.rmtree(out / "original")
    config: dict[str, Any] = json.loads((out / "config.json").read_text())
    for key in ("template", "min_dynamic_patch", "max_dynamic_patch", "use_thumbnail", "dynamic_image_size"):
        del config[key]
    (out / "config.json").write_text(json.dumps(config))
    if new_names:
        tensors = load_file(out / "model.safetensors")
        renamed = {
            key.replace("language_model.model.", "model.language_model.", 1)
            .replace("language_model.lm_head", "lm_head", 1)
            .replace("vision_tower.", "model.vision_tower.", 1)
            .replace("multi_modal_projector.", "model.multi_modal_projector.", 1): tensor
            for key, tensor in tensors.items()
        }
        save_file(renamed, out / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize("new_names", [False, True], ids=["old names", "new names"])
@pytest.mark.parametrize("name", list(LATER))
def test_native_folders_of_the_hub_get_the_settings_of_their_generation(
    later: dict[str, Path], tmp_path: Path, name: str, new_names: bool
) -> None:
    _foreign(later[name], tmp_path / "hf", new_names=new_names)
    first, second = load_model(later[name]), load_model(tmp_path / "hf")
    assert second.spec.template.name == "internvl2_5"
    assert (second.spec.max_dynamic_patch, second.spec.use_thumbnail, second.spec.dynamic_image_size) == (
        12,
        True,
        True,
    )
    assert second.tokens == first.tokens
    ids = np.asarray(first.tokenizer("the red square <box>[[1, 2]]</box>")["input_ids"], dtype=np.int64)
    assert second.tokenizer("the red square <box>[[1, 2]]</box>")["input_ids"] == ids.tolist()
    batch = collate([(ids, ids)], None, None)
    with torch.no_grad():
        assert torch.equal(all_logits(first.model, batch), all_logits(second.model, batch))
