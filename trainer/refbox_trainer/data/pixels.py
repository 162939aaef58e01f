"""Tiles of pictures, decoded once and kept while there is room."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from refbox_trainer.data.images import read_rgb
from refbox_trainer.data.tiling import Grid, cut_tiles

CACHE_BYTES: Final = 1 << 30
"""1 GiB holds 4,000 pictures of seven 112 pixel tiles, or 250 of seven 448 pixel tiles."""


class PixelStore:
    """uint8 tiles by picture and grid. What does not fit any more is decoded again on each use."""

    def __init__(self, tile_size: int, *, use_thumbnail: bool, limit_bytes: int = CACHE_BYTES) -> None:
        self._tile_size = tile_size
        self._use_thumbnail = use_thumbnail
        self._room = limit_bytes
        self._kept: dict[tuple[Path, Grid], np.ndarray] = {}

    def tiles(self, path: Path, grid: Grid) -> np.ndarray:
        """[T, S, S, 3]. Raises TrainerError("bad_data") when the picture cannot be decoded."""
        kept = self._kept.get((path, grid))
        if kept is not None:
            return kept
        tiles = cut_tiles(read_rgb(path), grid, tile_size=self._tile_size, use_thumbnail=self._use_thumbnail)
        if tiles.nbytes <= self._room:
            self._room -= tiles.nbytes
            self._kept[(path, grid)] = tiles
        return tiles


class BoundedCache:
    """Tensors by key up to a number of bytes; what comes later is not kept. Serves frozen visual features."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self._room = limit_bytes
        self._kept: dict[Any, Any] = {}

    def get(self, key: Any) -> Any | None:
        return self._kept.get(key)

    def put(self, key: Any, tensor: Any) -> None:
        size = tensor.numel() * tensor.element_size()
        if key not in self._kept and size <= self._room:
            self._room -= size
            self._kept[key] = tensor


def recompress(tiles: np.ndarray, rng: random.Random) -> np.ndarray:
    """The only augmentation of InternVL: every tile once through JPEG, quality drawn evenly from 75 to 100."""
    result = []
    for tile in tiles:
        buffer = io.BytesIO()
        Image.fromarray(tile).save(buffer, format="JPEG", quality=rng.randint(75, 100))
        with Image.open(buffer) as image:
            result.append(np.asarray(image.convert("RGB"), dtype=np.uint8))
    return np.stack(result)
