"""A safetensors file that grows tensor by tensor, so that its size is bounded by the disk and not by memory."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import reports_full_disk

_HEADER_LIMIT: Final = 100_000_000
"""Bytes of header that readers of safetensors accept."""
_ENTRY: Final = 200
"""Room for the header entry of one tensor: a name of up to 80 bytes, its type, four sizes and two offsets."""
_DTYPES: Final = {torch.float32: "F32", torch.int64: "I64"}


class TensorFile:
    """Writes float32 and int64 tensors behind room left for the header, which comes last.

    The format allows a header to end with spaces. The file appears complete or not at all; raises
    TrainerError("disk_full").
    """

    def __init__(self, path: Path, most_tensors: int) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.writing")
        self._room = _ENTRY * (most_tensors + 1)
        if self._room > _HEADER_LIMIT:
            raise TrainerError(
                "bad_arguments",
                f"{path} would hold up to {most_tensors} tensors, more than a safetensors file can name.",
                "Give --limit.",
            )
        self._entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
        self._offset = 0

    def __enter__(self) -> TensorFile:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._temporary.open("wb")
        self._file.write(self._room.to_bytes(8, "little") + b" " * self._room)
        return self

    def add(self, name: str, tensor: torch.Tensor) -> None:
        content = tensor.detach().cpu().contiguous()
        size = content.nbytes
        self._entries[name] = {
            "dtype": _DTYPES[content.dtype],
            "shape": list(content.shape),
            "data_offsets": [self._offset, self._offset + size],
        }
        with reports_full_disk(self._path):
            self._file.write(content.numpy().reshape(-1).view(np.uint8).data)
        self._offset += size

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None:
                with reports_full_disk(self._path):
                    self._file.seek(8)
                    self._file.write(json.dumps(self._entries, separators=(",", ":")).encode())
                    self._file.close()
                    self._temporary.replace(self._path)
        finally:
            self._file.close()
            self._temporary.unlink(missing_ok=True)
