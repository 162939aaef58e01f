"""Dynamic tiling and pixel normalisation, bit for bit as the original InternVL2 preprocessing.

Shapes: T tiles, S = tile side in pixels. Tiles come row by row, the thumbnail is the last one.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from PIL import Image

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)


class Grid(NamedTuple):
    """Tiles across and down."""

    columns: int
    rows: int

    @property
    def tiles(self) -> int:
        return self.columns * self.rows


def choose_grid(width: int, height: int, *, min_tiles: int, max_tiles: int, tile_size: int) -> Grid:
    """The grid whose aspect ratio is nearest to that of the image.

    Candidates are visited by growing tile count. On an exact tie (compared as doubles) the larger grid wins only if
    the image has more than half the pixels of that grid. Same rule as `find_closest_aspect_ratio` of InternVL.
    """
    if width < 1 or height < 1:
        raise ValueError(f"an image needs at least one pixel each way, got {width}x{height}")
    if not 1 <= min_tiles <= max_tiles:
        raise ValueError(f"tiles must satisfy 1 <= min <= max, got min {min_tiles}, max {max_tiles}")
    ratio = width / height
    area = width * height
    best = Grid(1, 1)
    best_difference = float("inf")
    for grid in _candidates(min_tiles, max_tiles):
        difference = abs(ratio - grid.columns / grid.rows)
        larger_on_tie = area > 0.5 * tile_size * tile_size * grid.tiles
        if difference < best_difference or (difference == best_difference and larger_on_tie):
            best, best_difference = grid, difference
    return best


def count_tiles(grid: Grid, *, use_thumbnail: bool) -> int:
    """Tiles including the thumbnail, which a picture of one tile does not get."""
    return grid.tiles + 1 if use_thumbnail and grid.tiles != 1 else grid.tiles


def cut_tiles(image: Image.Image, grid: Grid, *, tile_size: int, use_thumbnail: bool) -> np.ndarray:
    """RGB image to uint8 tiles [T, S, S, 3].

    PIL's bicubic filter with antialiasing is part of the contract: models were trained on exactly these pixels.
    """
    resized = image.resize((grid.columns * tile_size, grid.rows * tile_size), Image.Resampling.BICUBIC)
    tiles = [
        resized.crop((column * tile_size, row * tile_size, (column + 1) * tile_size, (row + 1) * tile_size))
        for row in range(grid.rows)
        for column in range(grid.columns)
    ]
    if use_thumbnail and grid.tiles != 1:
        tiles.append(image.resize((tile_size, tile_size), Image.Resampling.BICUBIC))
    return np.stack([np.asarray(tile, dtype=np.uint8) for tile in tiles])


def normalise(tiles: np.ndarray, mean: tuple[float, ...] = IMAGENET_MEAN, std: tuple[float, ...] = IMAGENET_STD) -> Any:
    """uint8 [T, S, S, 3] to a float32 torch tensor [T, 3, S, S]: divided by 255, minus mean, divided by std.

    The three operations stay separate and in float32, because folding them into one factor changes last bits.
    """
    import torch

    pixels = torch.from_numpy(np.ascontiguousarray(tiles)).permute(0, 3, 1, 2).to(torch.float32).div(255)
    return pixels.sub_(torch.tensor(mean).view(3, 1, 1)).div_(torch.tensor(std).view(3, 1, 1)).contiguous()


def _candidates(min_tiles: int, max_tiles: int) -> list[Grid]:
    grids = [
        Grid(columns, rows)
        for columns in range(1, max_tiles + 1)
        for rows in range(1, max_tiles + 1)
        if min_tiles <= columns * rows <= max_tiles
    ]
    return sorted(grids, key=lambda grid: grid.tiles)
