"""`inspect` for many records: files that grow record by record and appear complete or not at all."""

from __future__ import annotations

import gc
import json
import weakref
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from refbox_trainer.checks import inspection
from refbox_trainer.checks.inspection import inspect
from refbox_trainer.checks.tensor_file import TensorFile
from refbox_trainer.errors import TrainerError
from tests.tiny_data import write_dataset, write_records


def test_a_tensor_file_is_read_back_by_the_library(tmp_path: Path) -> None:
    path = tmp_path / "new" / "f.safetensors"
    written = {
        "0/ids": torch.tensor([1, -100, 2**40]),
        "0/pixels": torch.randn(2, 3, 4, 4)[:, :, ::2],
        "1/nothing": torch.zeros(0, 3),
        "1/one": torch.tensor([0.25]),
    }
    with TensorFile(path, 8) as file:
        for name, tensor in written.items():
            file.add(name, tensor)
    read = load_file(path)
    assert read.keys() == written.keys()
    assert all(torch.equal(read[name], tensor) for name, tensor in written.items())
    assert [entry.name for entry in path.parent.iterdir()] == ["f.safetensors"]


def test_a_tensor_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "f.safetensors"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="stop"), TensorFile(path, 8) as file:
        file.add("a", torch.zeros(100))
        raise RuntimeError("stop")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_more_tensors_than_a_file_can_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="more than a safetensors file can name") as caught:
        TensorFile(tmp_path / "f.safetensors", 1_000_000)
    assert "--limit" in caught.value.what_to_do


def _inspect(base: Path, meta: Path, out: Path, **options: Any) -> list[dict[str, Any]]:
    settings = {"with_logits": False, "limit": None, "max_dynamic_patch": None, "max_length": 2048}
    inspect(base, meta, out, warn=lambda words: None, **{**settings, **options})
    return json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))


def test_limits_and_tiles_are_those_asked_for(tiny_base: Path, tmp_path: Path) -> None:
    meta = write_dataset(tmp_path / "data", 5)
    out = tmp_path / "f.safetensors"
    described = _inspect(tiny_base, meta, out, limit=3, max_dynamic_patch=1)
    assert [(item["i"], item["index"], item["tiles"]) for item in described] == [(0, 0, 1), (1, 1, 1), (2, 2, 1)]
    names = ("input_ids", "labels", "pixel_values")
    assert sorted(load_file(out)) == [f"{number}/{name}" for number in range(3) for name in names]
    (cut,) = _inspect(tiny_base, meta, out, limit=1, max_length=100)
    assert cut["outcome"] == "refused"
    assert load_file(out) == {}


def test_the_loss_is_the_same_with_and_without_logits(tiny_base: Path, tmp_path: Path) -> None:
    meta = write_dataset(tmp_path / "data", 3)
    plain = _inspect(tiny_base, meta, tmp_path / "a.safetensors")
    full = _inspect(tiny_base, meta, tmp_path / "b.safetensors", with_logits=True)
    assert [item["loss"] for item in plain] == pytest.approx([item["loss"] for item in full], abs=1e-5)
    assert "2/logits" in load_file(tmp_path / "b.safetensors")


def test_every_kind_of_record_is_inspected(tiny_base: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path, 2)
    turns = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]
    both = [{"from": "human", "value": "<image> and <image>?"}, {"from": "gpt", "value": "yes"}]
    names = ["scenes-0000.png", "scenes-0001.png"]
    broken = tmp_path / "broken.png"
    broken.write_bytes((tmp_path / names[0]).read_bytes()[:200])
    meta = write_records(
        tmp_path,
        [
            {"image": names[0], "conversations": turns},
            {"image": names, "conversations": both},
            {"image": "", "conversations": turns},
            {"image": broken.name, "conversations": turns},
        ],
        name="kinds",
    )
    out = tmp_path / "f.safetensors"
    single, several, text, refused = _inspect(tiny_base, meta, out, max_dynamic_patch=4)
    tensors = load_file(out)
    assert len(single["grid"]) == 2
    assert len(several["grid"]) == 2
    assert len(several["grid"][0]) == 2
    assert tensors["1/pixel_values"].shape[0] == several["tiles"] <= 6
    assert text["grid"] is None
    assert "2/pixel_values" not in tensors, "the original runs a white tile through the model and drops its features"
    assert refused["outcome"] == "refused"
    assert "broken.png" in refused["reason"]
    assert "3/input_ids" not in tensors


def test_one_record_at_a_time_is_held_in_memory(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta = write_dataset(tmp_path / "data", 6)
    alive: weakref.WeakSet[torch.Tensor] = weakref.WeakSet()
    most = 0
    original = inspection.all_logits

    def watched(*arguments: Any) -> torch.Tensor:
        nonlocal most
        gc.collect()
        most = max(most, len(alive))
        logits = original(*arguments)
        alive.add(logits)
        return logits

    monkeypatch.setattr(inspection, "all_logits", watched)
    _inspect(tiny_base, meta, tmp_path / "f.safetensors", with_logits=True)
    assert most <= 1
