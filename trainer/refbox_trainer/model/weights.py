"""Reading and writing checkpoint tensors: safetensors only, one file or shards with an index.

A checkpoint may be larger than the memory. Names, shapes and types are known from the file headers alone, tensors are
read one by one, and a writer never holds more than one shard.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from refbox_trainer.errors import TrainerError

SINGLE_FILE: Final = "model.safetensors"
INDEX_FILE: Final = "model.safetensors.index.json"
SHARD_BYTES: Final = 5_000_000_000
"""The size at which transformers starts a new shard; large files are awkward to copy and to serve."""

_PICKLED: Final = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")
_DTYPES: Final = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


class TensorSource(Protocol):
    """Tensors by name, of which one can be had without the others."""

    def headers(self) -> Mapping[str, torch.Tensor]:
        """Tensors without memory (device `meta`) that tell names, shapes and types, in the order of `stream`."""
        ...

    def stream(self) -> Iterator[tuple[str, torch.Tensor]]:
        """One tensor after the other. A consumer that keeps none of them needs the memory of one."""
        ...


class WeightFiles:
    """The safetensors files of one checkpoint folder, as a TensorSource."""

    def __init__(self, folder: Path) -> None:
        """Reads the headers. Raises TrainerError("bad_model") like `weight_files`, and for damaged files."""
        self._files: dict[Path, list[str]] = {}
        self._headers: dict[str, torch.Tensor] = {}
        for path in weight_files(folder):
            with _opened(path) as file:
                names = list(file.keys())
                for name in names:
                    part = file.get_slice(name)
                    dtype = _DTYPES.get(part.get_dtype())
                    if dtype is None:
                        raise TrainerError(
                            "bad_model",
                            f"{path}: {name} is stored as {part.get_dtype()}.",
                            "Use a checkpoint in bfloat16, float16 or float32; quantized weights cannot be trained.",
                        )
                    self._headers[name] = torch.empty(part.get_shape(), dtype=dtype, device="meta")
            self._files[path] = names

    def headers(self) -> Mapping[str, torch.Tensor]:
        return self._headers

    def stream(self) -> Iterator[tuple[str, torch.Tensor]]:
        # A tensor is a view of the mapped file; the mapping ends when the file is closed and no view is left.
        for path, names in self._files.items():
            with _opened(path) as file:
                for name in names:
                    yield name, file.get_tensor(name)

    def read(self, names: Sequence[str]) -> dict[str, torch.Tensor]:
        """Only these tensors, which must exist."""
        wanted = set(names)
        found: dict[str, torch.Tensor] = {}
        for path, stored in self._files.items():
            if wanted.intersection(stored):
                with _opened(path) as file:
                    found |= {name: file.get_tensor(name) for name in stored if name in wanted}
        return found


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """All tensors of a checkpoint folder at once, in their stored type; for checkpoints that are known to be small.

    Raises TrainerError("bad_model") when there are none, when only pickled weights exist (they can run code and are
    never opened), or when a file is damaged.
    """
    return dict(WeightFiles(folder).stream())


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """All tensors of one safetensors file. Raises TrainerError("bad_model") when it is missing or damaged."""
    with _opened(path) as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)


class _opened:  # noqa: N801 (a context manager, used like a function)
    """A safetensors file whose failures, also while it is read, are TrainerError("bad_model")."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Any:
        try:
            self._file = safe_open(self._path, framework="pt")
            return self._file.__enter__()
        except (SafetensorError, OSError, ValueError) as error:
            raise self._damaged(error) from error

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._file.__exit__(kind, error, trace)  # pyright: ignore[reportArgumentType]
        if isinstance(error, SafetensorError):
            raise self._damaged(error) from error

    def _damaged(self, error: BaseException) -> TrainerError:
        return TrainerError(
            "bad_model", f"{self._path} cannot be read: {error}.", "The file is damaged or incomplete; copy it again."
        )


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
    writer = ShardWriter(folder)
    for name, tensor in weights.items():
        writer.add(name, tensor)
    writer.finish()


class ShardWriter:
    """Writes a stream of tensors; a shard goes to disk as soon as it is full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shard: dict[str, torch.Tensor] = {}
        self._shard_bytes = 0
        self._total_bytes = 0
        self._written: list[list[str]] = []

    def add(self, name: str, tensor: torch.Tensor) -> None:
        size = tensor.numel() * tensor.element_size()
        if self._shard and self._shard_bytes + size > SHARD_BYTES:
            self._flush()
        self._shard[name] = tensor
        self._shard_bytes += size
        self._total_bytes += size

    def finish(self) -> None:
        """Write the last shard, and the names and the index that only now are known."""
        self._flush()
        total = len(self._written)
        if total == 1:
            self._part(1).replace(self._folder / SINGLE_FILE)
            return
        weight_map: dict[str, str] = {}
        for number, names in enumerate(self._written, start=1):
            file = f"model-{number:05d}-of-{total:05d}.safetensors"
            self._part(number).replace(self._folder / file)
            weight_map |= dict.fromkeys(names, file)
        index = {"metadata": {"total_size": self._total_bytes}, "weight_map": weight_map}
        (self._folder / INDEX_FILE).write_text(json.dumps(index, indent=2, sort_keys=True), encoding="utf-8")

    def _flush(self) -> None:
        self._written.append(list(self._shard))
        write_tensors(self._part(len(self._written)), self._shard)
        self._shard, self._shard_bytes = {}, 0

    def _part(self, number: int) -> Path:
        return self._folder / f"model-{number:05d}.part"


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
