"""Tiles of pictures, decoded once and kept while there is room."""

from __future__ import annotations

import io
import random
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from PIL import Image

from refbox_trainer.data.images import read_rgb
from refbox_trainer.data.tiling import Grid, cut_tiles

CACHE_BYTES: Final = 1 << 30
"""1 GiB holds 4,000 pictures of seven 112 pixel tiles, or 250 of seven 448 pixel tiles."""


class PixelStore:
    """uint8 tiles by picture and grid, for any number of threads. What does not fit is decoded again on each use."""

    def __init__(self, tile_size: int, *, use_thumbnail: bool, limit_bytes: int = CACHE_BYTES) -> None:
        self._tile_size = tile_size
        self._use_thumbnail = use_thumbnail
        self._kept = BoundedCache(limit_bytes)

    def tiles(self, path: Path, grid: Grid) -> np.ndarray:
        """[T, S, S, 3], not to be written to. Raises TrainerError("bad_data") when the picture cannot be decoded."""
        kept = self._kept.get((path, grid))
        if kept is not None:
            return kept
        tiles = cut_tiles(read_rgb(path), grid, tile_size=self._tile_size, use_thumbnail=self._use_thumbnail)
        self._kept.put((path, grid), tiles)
        return tiles


class BoundedCache:
    """Arrays or tensors by key up to a number of bytes; what comes later is not kept. Safe for threads."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self._room = limit_bytes
        self._kept: dict[Any, Any] = {}
        self._lock = Lock()

    def get(self, key: Any) -> Any | None:
        return self._kept.get(key)

    def put(self, key: Any, value: Any) -> None:
        """Keep `value` if there is room; a tensor is moved to main memory."""
        with self._lock:
            if key in self._kept or value.nbytes > self._room:
                return
            self._room -= value.nbytes
            # A view would keep the larger tensor alive that it was cut from.
            self._kept[key] = value if isinstance(value, np.ndarray) else value.cpu().contiguous()


def recompress(tiles: np.ndarray, rng: random.Random) -> np.ndarray:
    """The only augmentation of InternVL: every tile once through JPEG, quality drawn evenly from 75 to 100."""
    result = []
    for tile in tiles:
        buffer = io.BytesIO()
        Image.fromarray(tile).save(buffer, format="JPEG", quality=rng.randint(75, 100))
        with Image.open(buffer) as image:
            result.append(np.asarray(image.convert("RGB"), dtype=np.uint8))
    return np.stack(result)
