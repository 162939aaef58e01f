"""Checkpoints: everything that makes the next step the same as if the run had never stopped.

A checkpoint folder is complete or absent. It holds the weights that move, the optimizer, and state.json with the step,
from which the learning rate, the order of samples and all randomness follow. It is the same whatever the number of
processes that wrote it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import complete_folder, list_files, sha256_of
from refbox_trainer.model.weights import read_tensors, write_tensors
from refbox_trainer.training.adapter import ADAPTER_WEIGHTS, NOTES_FILE, Trainable, write_adapter
from refbox_trainer.training.distributed import Peers
from refbox_trainer.training.optimizer import load_optimizer_tensors, optimizer_tensors
from refbox_trainer.training.sharding import whole

_NAME: Final = re.compile(r"step-(\d+)")
_WEIGHTS: Final = "trainable.safetensors"
_OPTIMIZER: Final = "optimizer.safetensors"
_STATE: Final = "state.json"
_ROOM_TO_SPARE: Final = 16 << 20
"""For file headers, JSON, and the events that are written meanwhile."""
_MANIFEST: Final = "manifest.json"


def checkpoint_folder(run: Path, step: int) -> Path:
    return run / "checkpoints" / f"step-{step:06d}"


def write_checkpoint(
    run: Path,
    step: int,
    trainable: Trainable,
    optimizer: torch.optim.Optimizer,
    *,
    peers: Peers,
    state: Mapping[str, Any],
    base_name: str,
    notes: Mapping[str, Any],
    keep: int,
    best: int | None,
) -> Path:
    """Write the state after `step` steps, then remove all but the newest `keep` checkpoints and that of step `best`.

    `state` goes into state.json and is compared on resume. All processes take part, the first one writes.
    Raises TrainerError("disk_full"), leaving earlier checkpoints as they are; it is known before the first byte.
    """
    target = checkpoint_folder(run, step)
    weights = _gathered(trainable.state(), peers)
    averages = _gathered(optimizer_tensors(optimizer, trainable.parameters()), peers)
    if not peers.first:
        return target
    sweep(run)
    require_room(run, sum(tensor.nbytes for tensor in (*weights.values(), *averages.values())))
    with complete_folder(target) as folder:
        if trainable.peft is not None:
            write_adapter(trainable, folder, base_name=base_name, notes=notes, tensors=weights)
        else:
            write_tensors(folder / _WEIGHTS, weights)
            _write_json(folder / NOTES_FILE, notes)
        write_tensors(folder / _OPTIMIZER, averages)
        _write_json(folder / _STATE, {"schema_version": 1, "step": step, **state})
        _write_json(folder / _MANIFEST, {"schema_version": 1, "files": list_files(folder)})
    for old in list_checkpoints(run)[:-keep]:
        if best is None or old != checkpoint_folder(run, best):
            shutil.rmtree(old, ignore_errors=True)
    return target


def require_room(folder: Path, needed: int) -> None:
    """Raise TrainerError("disk_full") when less than `needed` bytes, and a little more, are free beside `folder`."""
    needed += _ROOM_TO_SPARE
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise TrainerError(
            "disk_full",
            f"The next checkpoint needs {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free in {folder}.",
            "Free disk space (old checkpoints and runs first) and resume the run; earlier checkpoints are intact.",
        )


def sweep(run: Path) -> None:
    """Remove what a killed process left unfinished."""
    for leftover in (run / "checkpoints").glob(".step-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def list_checkpoints(run: Path) -> list[Path]:
    """Complete checkpoints, oldest first."""
    folders = [path for path in (run / "checkpoints").glob("step-*") if _NAME.fullmatch(path.name)]
    return sorted(folders, key=_step_of)


def newest_intact(run: Path) -> tuple[Path | None, list[str]]:
    """The newest checkpoint whose files match its manifest, and words about each newer one that does not."""
    damaged: list[str] = []
    for folder in reversed(list_checkpoints(run)):
        problem = _problem_of(folder)
        if problem is None:
            return folder, damaged
        damaged.append(f"{folder.name}: {problem}")
    return None, damaged


def read_state(folder: Path) -> dict[str, Any]:
    return json.loads((folder / _STATE).read_text(encoding="utf-8"))


def load_checkpoint(folder: Path, trainable: Trainable, optimizer: torch.optim.Optimizer) -> int:
    """Restore weights and optimizer; returns the number of steps that are done."""
    weights = ADAPTER_WEIGHTS if trainable.peft is not None else _WEIGHTS
    if not (folder / weights).is_file():
        raise TrainerError(
            "bad_config",
            f"{folder} was made by another training method.",
            "Resume with the run.json the checkpoint was made with.",
        )
    trainable.load_state(read_tensors(folder / weights))
    load_optimizer_tensors(optimizer, trainable.parameters(), read_tensors(folder / _OPTIMIZER))
    return int(read_state(folder)["step"])


def full_weights(folder: Path) -> dict[str, torch.Tensor]:
    """The moved weights of a full fine-tune, under their native names."""
    return read_tensors(folder / _WEIGHTS)


def _problem_of(folder: Path) -> str | None:
    try:
        files = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["files"]
        for entry in files:
            path = folder / entry["file"]
            if not path.is_file():
                return f"{entry['file']} is missing"
            if path.stat().st_size != entry["bytes"] or sha256_of(path) != entry["sha256"]:
                return f"{entry['file']} is damaged"
    except (OSError, ValueError, KeyError, TypeError):
        return "its manifest cannot be read"
    return None


def _gathered(tensors: Mapping[str, torch.Tensor], peers: Peers) -> dict[str, torch.Tensor]:
    """Whole tensors in the memory of the first process, one after the other; nothing in the others."""
    gathered: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        full = whole(tensor)
        if peers.first:
            gathered[name] = full.detach().cpu()
    return gathered


def _step_of(folder: Path) -> int:
    name = _NAME.fullmatch(folder.name)
    assert name is not None
    return int(name[1])


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
