"""An adapter and its base become one checkpoint: W + (alpha / r) · B · A in float32, cast once to the base's type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import torch

from refbox_trainer.artefacts.merged_stream import merged_stream
from refbox_trainer.artefacts.parity import Parity, Spoken, compare, compare_spoken, probe_logits, speak
from refbox_trainer.data.questions import Question
from refbox_trainer.files import complete_folder
from refbox_trainer.model.load import LoadedModel, load_model, open_checkpoint, with_settings
from refbox_trainer.model.save import save_like_base, side_files_of, write_stream
from refbox_trainer.model.spec import Layout, ModelSpec
from refbox_trainer.training.adapter import NOTES_FILE, load_adapter

_SETTINGS: Final = ("min_dynamic_patch", "max_dynamic_patch", "use_thumbnail")
"""How a model was shown pictures in training; it answers worse when it is shown other tiles."""


def merge(
    base: Path,
    adapter: Path,
    out: Path,
    *,
    layout: Layout | None = None,
    questions: Callable[[ModelSpec], Sequence[Question]] | None = None,
) -> Parity:
    """Merge `adapter` into `base` and write the result to `out` in `layout` (None: that of the base).

    The weights pass through one by one. Then the written folder is read back and compared with base plus adapter,
    each loaded alone, on fixed probes and on the held-out `questions`. The caller decides what becomes of a folder
    that fails.
    """
    notes = _read_notes(adapter)
    expected, asked = _adapted(base, adapter, notes, questions)
    checkpoint = open_checkpoint(base)
    spec = _with_notes(checkpoint.spec, notes)
    layout = layout or spec.layout
    stored = checkpoint.stored_dtype
    merged = merged_stream(checkpoint, adapter)
    with complete_folder(out) as folder:
        files = side_files_of(checkpoint, base, checkpoint.empty_model(), spec=spec)
        files.write(folder, layout, dtype=str(stored).removeprefix("torch."))
        write_stream(folder, merged, spec, layout=layout)
    return compare_spoken(expected, speak(load_model(out), asked), stored)


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


def _adapted(
    base: Path, adapter: Path, notes: Mapping[str, Any], questions: Callable[[ModelSpec], Sequence[Question]] | None
) -> tuple[Spoken, Sequence[Question]]:
    """What base and adapter say together, and the questions that were asked."""
    loaded = load_model(base)
    loaded = loaded._replace(spec=_with_notes(loaded.spec, notes))
    load_adapter(loaded.model, adapter)
    asked = [] if questions is None else questions(loaded.spec)
    return speak(loaded, asked), asked


def _with_notes(spec: ModelSpec, notes: Mapping[str, Any]) -> ModelSpec:
    return with_settings(spec, **{key: notes[key] for key in _SETTINGS if key in notes})


def _read_notes(adapter: Path) -> dict[str, Any]:
    path = adapter / NOTES_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
