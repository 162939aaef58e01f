"""A model in memory to a checkpoint folder in either layout. The folder appears complete or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import InternVLConfig, InternVLForConditionalGeneration

from refbox_trainer.files import complete_folder
from refbox_trainer.model.layout import WeightNames, native_to_disk
from refbox_trainer.model.load import HEAD, Checkpoint, LoadedModel
from refbox_trainer.model.original_config import original_config_of
from refbox_trainer.model.side_files import SideFiles
from refbox_trainer.model.spec import Layout, ModelSpec, spec_of_config
from refbox_trainer.model.tokenizer_files import write_tokenizer
from refbox_trainer.model.weights import ShardWriter


def save_original(
    model: InternVLForConditionalGeneration,
    tokenizer: Any,
    config: Mapping[str, Any],
    out_dir: Path | str,
    *,
    dtype: torch.dtype = torch.bfloat16,
) -> None:
    """Write a new checkpoint in the original InternVL2 layout.

    `config` is the original-layout config.json as a dictionary.
    """
    spec = spec_of_config(config)
    with complete_folder(Path(out_dir)) as folder:
        write_tokenizer(tokenizer, folder)
        write_stream(folder, native_tensors(model, dtype), spec, layout="original")
        _write_json(folder / "config.json", {**config, "torch_dtype": str(dtype).removeprefix("torch.")})
        generation = {"_from_model_config": False, "eos_token_id": model.generation_config.eos_token_id}
        _write_json(folder / "generation_config.json", generation)


def save_like_base(
    loaded: LoadedModel, base: Path, out_dir: Path, *, dtype: torch.dtype, layout: Layout = "original"
) -> None:
    """Write `loaded` with the tokenizer, config and notes of the folder it came from, in either layout."""
    with complete_folder(out_dir) as folder:
        side_files_of(loaded, base, loaded.model).write(folder, layout, dtype=str(dtype).removeprefix("torch."))
        write_stream(folder, native_tensors(loaded.model, dtype), loaded.spec, layout=layout)


def side_files_of(
    source: LoadedModel | Checkpoint,
    base: Path,
    model: InternVLForConditionalGeneration,
    *,
    spec: ModelSpec | None = None,
) -> SideFiles:
    """The small files that go with the weights of `model`, which came from `base`; `spec` holds other settings."""
    config = model.config
    assert isinstance(config, InternVLConfig)
    return SideFiles(
        base=base,
        spec=spec or source.spec,
        config=config,
        tokenizer=source.tokenizer,
        tokens=source.tokens,
        added_tokens=source.added_tokens,
    )


def native_tensors(model: InternVLForConditionalGeneration, dtype: torch.dtype) -> Iterator[tuple[str, torch.Tensor]]:
    """The weights of `model` under their native names, cast one by one."""
    tied = model.config.tie_word_embeddings
    for name, tensor in model.state_dict().items():
        # A head that is the embedding itself is not written twice; readers find the flag in the config.
        if not (tied and name == HEAD):
            yield name, tensor.detach().to(dtype)


def write_stream(folder: Path, native: Iterator[tuple[str, torch.Tensor]], spec: ModelSpec, *, layout: Layout) -> None:
    """Write native tensors in `layout`, holding one shard at a time."""
    writer = ShardWriter(folder)
    if layout == "original":
        for name, tensor in WeightNames(spec.family, original_config_of(spec)).to_original(native):
            writer.add(name, tensor)
    else:
        for name, tensor in native:
            writer.add(native_to_disk(name), tensor)
    writer.finish()


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
