"""Reading and writing checkpoint tensors: safetensors only, one file or shards with an index."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from refbox_trainer.errors import TrainerError

SINGLE_FILE: Final = "model.safetensors"
INDEX_FILE: Final = "model.safetensors.index.json"
SHARD_BYTES: Final = 5_000_000_000
"""The size at which transformers starts a new shard; large files are awkward to copy and to serve."""

_PICKLED: Final = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """All tensors of a checkpoint folder, in their stored type.

    Raises TrainerError("bad_model") when there are none, when only pickled weights exist (they can run code and are
    never opened), or when a file is damaged.
    """
    weights: dict[str, torch.Tensor] = {}
    for path in weight_files(folder):
        weights.update(read_tensors(path))
    return weights


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """All tensors of one safetensors file. Raises TrainerError("bad_model") when it is missing or damaged."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError, ValueError) as error:
        raise TrainerError(
            "bad_model", f"{path} cannot be read: {error}.", "The file is damaged or incomplete; copy it again."
        ) from error


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files that make up the checkpoint in `folder`."""
    single, index = folder / SINGLE_FILE, folder / INDEX_FILE
    if single.is_file():
        return [single]
    if index.is_file():
        try:
            names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        except (ValueError, KeyError, AttributeError) as error:
            raise TrainerError("bad_model", f"{index} is not a weight index.", "Restore the file.") from error
        if any(Path(name).name != name for name in names):
            raise TrainerError("bad_model", f"{index} points outside its folder.", "Restore the file.")
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise TrainerError("bad_model", f"{folder} lacks {', '.join(missing)}.", "Copy the missing shards.")
        return [folder / name for name in names]
    pickled = sorted(path.name for pattern in _PICKLED for path in folder.glob(pattern))
    if pickled:
        raise TrainerError(
            "bad_model",
            f"{folder} holds only pickled weights ({', '.join(pickled[:3])}), which can run code when opened.",
            "Convert them to safetensors with the tool of their publisher.",
        )
    raise TrainerError("bad_model", f"{folder} holds no {SINGLE_FILE}.", "Give the folder of a checkpoint.")


def write_weights(folder: Path, weights: Mapping[str, torch.Tensor]) -> None:
    """Write `weights` as one file, or as shards with an index when they exceed SHARD_BYTES."""
    shards = _shards(weights)
    if len(shards) == 1:
        write_tensors(folder / SINGLE_FILE, shards[0])
        return
    names = [f"model-{number:05d}-of-{len(shards):05d}.safetensors" for number in range(1, len(shards) + 1)]
    for name, shard in zip(names, shards, strict=True):
        write_tensors(folder / name, shard)
    index = {
        "metadata": {"total_size": sum(_bytes(tensor) for tensor in weights.values())},
        "weight_map": {key: name for name, shard in zip(names, shards, strict=True) for key in shard},
    }
    (folder / INDEX_FILE).write_text(json.dumps(index, indent=2, sort_keys=True), encoding="utf-8")


def write_tensors(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str] | None = None) -> None:
    """One safetensors file. Tensors that share memory are written apart, so tied weights must be handled before."""
    plain = {name: tensor.detach().to("cpu").contiguous() for name, tensor in tensors.items()}
    try:
        save_file(plain, path, metadata={"format": "pt", **(metadata or {})})
        # The writer makes files that only their owner can read, unlike every other file of a run.
        path.chmod(0o666 & ~_umask())
    except SafetensorError as error:
        # The writer wraps the system's error in its own type; callers tell a full disk from other failures by errno.
        raise _as_os_error(error, path) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _as_os_error(error: SafetensorError, path: Path) -> OSError:
    text = str(error)
    for number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        if f"os error {number}" in text:
            return OSError(number, text, str(path))
    return OSError(errno.EIO, text, str(path))


def _shards(weights: Mapping[str, torch.Tensor]) -> list[dict[str, torch.Tensor]]:
    shards: list[dict[str, torch.Tensor]] = [{}]
    size = 0
    for name, tensor in weights.items():
        if shards[-1] and size + _bytes(tensor) > SHARD_BYTES:
            shards.append({})
            size = 0
        shards[-1][name] = tensor
        size += _bytes(tensor)
    return shards


def _bytes(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()
