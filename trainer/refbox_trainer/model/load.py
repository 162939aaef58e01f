"""Checkpoint folders in either layout to a transformers model, and back. No code from a folder ever runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from accelerate import init_empty_weights
from transformers import InternVLConfig, InternVLForConditionalGeneration

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import complete_folder
from refbox_trainer.model.layout import (
    Weights,
    disk_to_native,
    native_to_disk,
    native_to_original,
    original_to_native,
)
from refbox_trainer.model.native_config import native_config, native_config_json
from refbox_trainer.model.spec import Layout, ModelSpec, read_spec, spec_of_config
from refbox_trainer.model.tokenizer_files import copy_tokenizer, load_tokenizer, write_tokenizer
from refbox_trainer.model.tokens import TokenIds, resolve_token_ids
from refbox_trainer.model.weights import read_weights, write_weights

_COPIED_FILES: Final = ("README.md", "LICENSE", "preprocessor_config.json")
_HEAD: Final = "lm_head.weight"
_EMBEDDING: Final = "model.language_model.embed_tokens.weight"


class LoadedModel(NamedTuple):
    """A model in memory with everything that is needed to feed it."""

    model: InternVLForConditionalGeneration
    tokenizer: Any
    spec: ModelSpec
    tokens: TokenIds
    stored_dtype: torch.dtype
    """The type of the weights on disk; a merge writes the same type again."""


def load_model(folder: Path | str, *, dtype: torch.dtype | None = torch.float32, device: str = "cpu") -> LoadedModel:
    """Load a checkpoint folder, original or native layout, ready for inference (eval mode, gradients on).

    `dtype` None keeps the stored type. Raises TrainerError("bad_model") for anything that is missing, left over,
    of another shape, pickled, or from an unsupported family.
    """
    folder = Path(folder)
    spec = read_spec(folder)
    tokenizer = load_tokenizer(folder, spec.family)
    tokens = resolve_token_ids(tokenizer, spec.template.end)
    weights = native_weights(folder, spec)
    stored_dtype = weights[_EMBEDDING].dtype if _EMBEDDING in weights else torch.float32
    tied = spec.layout == "native" and _HEAD not in weights and bool(spec.raw_config.get("tie_word_embeddings"))
    config = native_config(spec, image_token_id=tokens.image_context, tied=tied)
    model = _assemble(config, weights, dtype=dtype, device=device)
    _set_generation(model, tokenizer, tokens)
    return LoadedModel(model.eval(), tokenizer, spec, tokens, stored_dtype)


def native_weights(folder: Path, spec: ModelSpec) -> Weights:
    """The tensors of `folder` under their native names."""
    weights = read_weights(folder)
    if spec.layout == "original":
        return original_to_native(weights, spec.family)
    return disk_to_native(weights)


def new_model(config: Mapping[str, Any], tokenizer: Any, *, seed: int = 0) -> LoadedModel:
    """A float32 model with random weights for an original-layout config (see native_config.original_config)."""
    spec = spec_of_config(config)
    tokens = resolve_token_ids(tokenizer, spec.template.end)
    torch.manual_seed(seed)
    model = InternVLForConditionalGeneration(native_config(spec, image_token_id=tokens.image_context))
    _set_generation(model, tokenizer, tokens)
    return LoadedModel(model.eval(), tokenizer, spec, tokens, torch.bfloat16)


def save_original(
    model: InternVLForConditionalGeneration,
    tokenizer: Any,
    config: Mapping[str, Any],
    out_dir: Path | str,
    *,
    dtype: torch.dtype = torch.bfloat16,
) -> None:
    """Write a new checkpoint in the original InternVL2 layout; the folder appears complete or not at all.

    `config` is the original-layout config.json as a dictionary.
    """
    spec = spec_of_config(config)
    with complete_folder(Path(out_dir)) as folder:
        write_tokenizer(tokenizer, folder)
        _write_checkpoint(folder, model.state_dict(), spec, model, dtype, layout="original")


def save_like_base(
    loaded: LoadedModel, base: Path, out_dir: Path, *, dtype: torch.dtype, layout: Layout = "original"
) -> None:
    """Write `loaded` with the tokenizer, config and notes of the folder it came from, in either layout."""
    if layout == "original" and loaded.spec.layout == "native":
        raise TrainerError(
            "bad_model",
            f"{base} is in the transformers layout, which does not keep the original config.",
            "Write the native layout.",
        )
    with complete_folder(out_dir) as folder:
        copy_tokenizer(base, folder, loaded.tokenizer)
        for name in _COPIED_FILES:
            if (base / name).is_file():
                shutil.copyfile(base / name, folder / name)
        # Original checkpoints carry the code that the Auto classes of other tools run; it is copied, never imported.
        for path in base.glob("*.py"):
            if layout == "original":
                shutil.copyfile(path, folder / path.name)
        _write_checkpoint(folder, loaded.model.state_dict(), loaded.spec, loaded.model, dtype, layout=layout)


def _write_checkpoint(
    folder: Path,
    state: Mapping[str, torch.Tensor],
    spec: ModelSpec,
    model: InternVLForConditionalGeneration,
    dtype: torch.dtype,
    *,
    layout: Layout,
) -> None:
    tied = _config_of(model).tie_word_embeddings
    # A head that is the embedding itself is not written twice; readers find the flag in the config.
    weights = {name: tensor.detach().to(dtype) for name, tensor in state.items() if not (tied and name == _HEAD)}
    dtype_name = str(dtype).removeprefix("torch.")
    if layout == "original":
        config: dict[str, Any] = {**spec.raw_config, "torch_dtype": dtype_name}
        weights = native_to_original(weights, spec.family)
    else:
        config = {**native_config_json(spec, _config_of(model)), "dtype": dtype_name}
        weights = native_to_disk(weights)
    write_weights(folder, weights)
    _write_json(folder / "config.json", config)
    generation = {"eos_token_id": model.generation_config.eos_token_id}
    _write_json(folder / "generation_config.json", {"_from_model_config": False, **generation})


def _assemble(
    config: InternVLConfig, weights: Weights, *, dtype: torch.dtype | None, device: str
) -> InternVLForConditionalGeneration:
    # Parameters are made without memory and replaced by the loaded tensors, so that a large model exists only once.
    # Buffers (rotary frequencies) are not in a checkpoint and are computed for real.
    with init_empty_weights(include_buffers=False):
        model = InternVLForConditionalGeneration(config)
    expected = dict(model.named_parameters(remove_duplicate=False))
    if config.tie_word_embeddings:
        weights = {**weights, _HEAD: weights[_EMBEDDING]}
    _compare(expected, weights)
    placed = {
        name: tensor.to(device=device, dtype=dtype if tensor.is_floating_point() else None).contiguous()
        for name, tensor in weights.items()
    }
    model.load_state_dict(placed, strict=True, assign=True)
    if config.tie_word_embeddings:
        model.tie_weights()
    for parameter in model.parameters():
        parameter.requires_grad_(True)
    return model.to(device)  # pyright: ignore[reportArgumentType] (the stub wants a dtype first)


def _compare(expected: Mapping[str, torch.Tensor], weights: Weights) -> None:
    problems = [f"missing: {name}" for name in expected if name not in weights]
    problems += [f"left over: {name}" for name in weights if name not in expected]
    problems += [
        f"{name} has shape {list(weights[name].shape)} where the config asks for {list(parameter.shape)}"
        for name, parameter in expected.items()
        if name in weights and weights[name].shape != parameter.shape
    ]
    if problems:
        shown = "; ".join(problems[:8]) + (f"; and {len(problems) - 8} more" if len(problems) > 8 else "")
        raise TrainerError(
            "bad_model",
            f"The weights do not fit the config: {shown}.",
            "Check that config.json and the weights come from the same checkpoint.",
        )


def _set_generation(model: InternVLForConditionalGeneration, tokenizer: Any, tokens: TokenIds) -> None:
    # Released generation configs name other stop ids or none (InternLM2 repositories: `</s>`), so that answers run on.
    model.generation_config.eos_token_id = tokens.end_of_turn
    model.generation_config.pad_token_id = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    model.generation_config.do_sample = False


def _config_of(model: InternVLForConditionalGeneration) -> InternVLConfig:
    config = model.config
    assert isinstance(config, InternVLConfig)
    return config


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
