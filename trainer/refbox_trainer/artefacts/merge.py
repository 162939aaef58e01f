"""An adapter and its base become one checkpoint: W + (alpha / r) · B · A in float32, cast once to the base's type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch

from refbox_trainer.artefacts.merged_stream import merged_stream
from refbox_trainer.artefacts.parity import Parity, compare, probe_logits
from refbox_trainer.files import complete_folder
from refbox_trainer.model.load import LoadedModel, load_model, open_checkpoint, with_settings
from refbox_trainer.model.save import save_like_base, side_files_of, write_stream
from refbox_trainer.model.spec import Layout, ModelSpec
from refbox_trainer.training.adapter import NOTES_FILE, load_adapter

_SETTINGS: Final = ("min_dynamic_patch", "max_dynamic_patch", "use_thumbnail")
"""How a model was shown pictures in training; it answers worse when it is shown other tiles."""


def merge(base: Path, adapter: Path, out: Path, *, layout: Layout | None = None) -> Parity:
    """Merge `adapter` into `base` and write the result to `out` in `layout` (None: that of the base).

    The weights pass through one by one. Then the written folder is read back and compared with base plus adapter,
    each loaded alone; the gap is returned.
    """
    expected = _spoken(base, adapter)
    checkpoint = open_checkpoint(base)
    spec = _with_notes(checkpoint.spec, _read_notes(adapter))
    layout = layout or spec.layout
    stored = checkpoint.stored_dtype
    merged = merged_stream(checkpoint, adapter)
    with complete_folder(out) as folder:
        files = side_files_of(checkpoint, base, checkpoint.empty_model(), spec=spec)
        files.write(folder, layout, dtype=str(stored).removeprefix("torch."))
        write_stream(folder, merged, spec, layout=layout)
    again = load_model(out)
    return compare(expected, probe_logits(again.model, again), stored)


def write_merged(
    loaded: LoadedModel,
    base: Path,
    out: Path,
    *,
    expected: list[torch.Tensor],
    notes: Mapping[str, Any],
) -> Parity:
    """Write a model that was trained as a whole like its base, read it back and compare it with `expected`.

    `expected` are its logits, see `probe_logits`; `notes` say which tiles it was trained with.
    """
    loaded = loaded._replace(spec=_with_notes(loaded.spec, notes))
    save_like_base(loaded, base, out, dtype=loaded.stored_dtype, layout=loaded.spec.layout)
    again = load_model(out)
    return compare(expected, probe_logits(again.model, again), loaded.stored_dtype)


def _spoken(base: Path, adapter: Path) -> list[torch.Tensor]:
    loaded = load_model(base)
    load_adapter(loaded.model, adapter)
    return probe_logits(loaded.model, loaded)


def _with_notes(spec: ModelSpec, notes: Mapping[str, Any]) -> ModelSpec:
    return with_settings(spec, **{key: notes[key] for key in _SETTINGS if key in notes})


def _read_notes(adapter: Path) -> dict[str, Any]:
    path = adapter / NOTES_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
