"""An adapter and its base become one checkpoint: W + (alpha / r) · B · A in float32, cast once to the base's type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import InternVLForConditionalGeneration

from refbox_trainer.artefacts.parity import Parity, compare, probe_logits
from refbox_trainer.model.load import LoadedModel, load_model, with_settings
from refbox_trainer.model.save import save_like_base
from refbox_trainer.model.spec import Layout
from refbox_trainer.training.adapter import load_adapter

NOTES_FILE = "refbox.json"


def merge(base: Path, adapter: Path, out: Path, *, layout: Layout | None = None) -> Parity:
    """Merge `adapter` into `base` and write the result to `out` in `layout` (None: that of the base).

    The written folder is read back and compared with base plus adapter; the gap is returned.
    """
    loaded = load_model(base)
    notes = _read_notes(adapter)
    peft = load_adapter(loaded.model, adapter)
    expected = probe_logits(loaded.model, loaded)
    merged: Any = peft.merge_and_unload(safe_merge=True)
    return write_merged(loaded._replace(model=merged), base, out, expected=expected, notes=notes, layout=layout)


def write_merged(
    loaded: LoadedModel,
    base: Path,
    out: Path,
    *,
    expected: list[torch.Tensor],
    notes: Mapping[str, Any],
    layout: Layout | None = None,
) -> Parity:
    """Write a model without adapters like its base, read it back and compare it with the `expected` logits.

    `notes` are the tiling settings the model was trained with; they go into its config, because a model that is
    shown other tiles than in training answers worse.
    """
    settings = {key: notes[key] for key in ("min_dynamic_patch", "max_dynamic_patch", "use_thumbnail") if key in notes}
    spec = with_settings(loaded.spec, **settings)
    save_like_base(
        loaded._replace(spec=spec), base, out, dtype=loaded.stored_dtype, layout=layout or loaded.spec.layout
    )
    again = load_model(out)
    return compare(expected, probe_logits(again.model, again), loaded.stored_dtype)


def merged_copy(base: Path, trained: InternVLForConditionalGeneration, adapter: Path | None) -> LoadedModel:
    """The base loaded anew with what was trained put in: the adapter merged, or the trained weights copied."""
    loaded = load_model(base)
    if adapter is not None:
        model: Any = load_adapter(loaded.model, adapter).merge_and_unload(safe_merge=True)
        return loaded._replace(model=model)
    loaded.model.load_state_dict(trained.state_dict())
    return loaded


def _read_notes(adapter: Path) -> dict[str, Any]:
    path = adapter / NOTES_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
