"""`inspect`: exactly what a model is fed for each record, for people and for comparisons with other code."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.nn import functional

from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.tensor_file import TensorFile
from refbox_trainer.data.mix import read_mix
from refbox_trainer.data.pixels import PixelStore
from refbox_trainer.data.samples import IGNORED, Sample, SampleEncoder, Tiling, supervised_text
from refbox_trainer.data.tiling import normalise
from refbox_trainer.errors import TrainerError
from refbox_trainer.files import reports_full_disk
from refbox_trainer.model.forward import Batch, all_logits, collate, token_losses
from refbox_trainer.model.load import LoadedModel, load_model

_TENSORS: Final = 4
"""Of one record, at most: ids, labels, pixels, logits."""


def inspect(
    model: Path,
    meta: Path,
    out: Path,
    *,
    with_logits: bool,
    limit: int | None,
    max_dynamic_patch: int | None,
    max_length: int,
    warn: Callable[[str], None],
) -> int:
    """Write `out` (tensors) and the JSON file of the same name; returns the number of records.

    Record i of the JSON list has the tensors `{i}/input_ids`, `{i}/labels` (int64 [n], -100 = not supervised),
    `{i}/pixel_values` (float32 [tiles, 3, S, S], absent without pictures) and, if asked for, `{i}/logits`
    (float32 [n, vocabulary]). A refused record is in the list with its reason and has no tensors. One record is held
    in memory at a time.
    """
    loaded = load_model(model)
    tiling = Tiling.of_checkpoint(loaded.spec, max_dynamic_patch)
    problems = Problems()
    records = read_mix(meta, loaded.spec.template, problems)
    problems.raise_errors("bad_data")
    for problem in problems.found:
        warn(f"{problem.where}: {problem.message}")
    encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling, max_length)
    once = list({id(record): record for record in records}.values())[:limit]
    pixels = PixelStore(loaded.spec.image_size, use_thumbnail=tiling.use_thumbnail, limit_bytes=0)
    with TensorFile(out, _TENSORS * len(once)) as tensors, _JsonList(out.with_suffix(".json")) as described:
        for number, record in enumerate(once):
            sample = encoder.encode_or_refuse(record)
            description, own = _inspect_one(sample, loaded, pixels, with_logits=with_logits)
            described.add({"i": number, **description})
            for name, tensor in own.items():
                tensors.add(f"{number}/{name}", tensor)
    return len(once)


class _JsonList:
    """A JSON file with a list that is written item by item; it appears complete or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.writing")
        self._separator = "[\n"

    def __enter__(self) -> _JsonList:
        self._file = self._temporary.open("w", encoding="utf-8")
        return self

    def add(self, item: dict[str, Any]) -> None:
        with reports_full_disk(self._path):
            self._file.write(self._separator + textwrap.indent(json.dumps(item, indent=2, ensure_ascii=False), "  "))
        self._separator = ",\n"

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                with reports_full_disk(self._path):
                    self._file.write("[]\n" if self._separator == "[\n" else "\n]\n")
                    self._file.close()
                    self._temporary.replace(self._path)
        finally:
            self._file.close()
            self._temporary.unlink(missing_ok=True)


@torch.inference_mode()
def _inspect_one(
    sample: Sample, loaded: LoadedModel, pixels: PixelStore, *, with_logits: bool
) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    record = sample.record
    description: dict[str, Any] = {
        "dataset": record.dataset,
        "index": record.index,
        "image": list(record.image_names),
        "rendered_text": sample.rendered,
        "supervised_text": supervised_text(sample, loaded.tokenizer),
        "grid": list(sample.grids[0]) if len(sample.grids) == 1 else [list(grid) for grid in sample.grids] or None,
        "tiles": sample.tiles,
        "tokens": sample.tokens,
        "truncated": sample.outcome == "truncated",
        "outcome": sample.outcome,
        "reason": sample.reason,
        "loss": None,
    }
    if sample.outcome == "refused":
        return description, {}
    try:
        batch = _batch_of(sample, pixels)
    except TrainerError as error:
        return {**description, "outcome": "refused", "reason": error.message}, {}
    tensors = {"input_ids": batch.input_ids[0], "labels": batch.labels[0]}
    if batch.pixel_values is not None:
        tensors["pixel_values"] = batch.pixel_values
    if with_logits:
        tensors["logits"] = all_logits(loaded.model, batch)[0]
        targets = batch.labels[0, 1:]
        losses = functional.cross_entropy(tensors["logits"][:-1], targets, ignore_index=IGNORED)
    else:
        losses = token_losses(loaded.model, batch)
    description["loss"] = float(losses.mean())
    return description, tensors


def _batch_of(sample: Sample, pixels: PixelStore) -> Batch:
    tiles = [pixels.tiles(path, grid) for path, grid in zip(sample.record.images, sample.grids, strict=True)]
    return collate([(sample.input_ids, sample.labels)], normalise(np.concatenate(tiles)) if tiles else None, None)
