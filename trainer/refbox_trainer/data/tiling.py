"""Dynamic tiling and pixel normalisation, bit for bit as the original InternVL2 preprocessing.

Shapes: T tiles, S = tile side in pixels. Tiles come row by row, the thumbnail is the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import torch

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


def normalise(tiles: np.ndarray) -> torch.Tensor:
    """uint8 [T, S, S, 3] to float32 [T, 3, S, S] on the CPU."""
    import torch

    return normalise_tiles(torch.from_numpy(np.ascontiguousarray(tiles)))


def normalise_tiles(tiles: torch.Tensor) -> torch.Tensor:
    """uint8 [T, S, S, 3] to float32 [T, 3, S, S] on the same device: divided by 255, minus mean, divided by std.

    The three operations stay separate and in float32, because folding them into one factor changes last bits. GPUs
    divide by a constant as a multiplication, so that they look the 256 values of each channel up instead.
    """
    import torch

    planes = tiles.permute(0, 3, 1, 2).contiguous()
    if planes.device.type == "cpu":
        return _normalised(planes, (3, 1, 1))
    table = _normalised(torch.arange(256, dtype=torch.uint8).expand(3, 256), (3, 1)).to(planes.device)
    return torch.stack([table[channel][planes[:, channel].long()] for channel in range(3)], dim=1)


def _normalised(values: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    import torch

    mean, std = torch.tensor(IMAGENET_MEAN).view(shape), torch.tensor(IMAGENET_STD).view(shape)
    return values.to(torch.float32).div_(255).sub_(mean).div_(std)


def _candidates(min_tiles: int, max_tiles: int) -> list[Grid]:
    grids = [
        Grid(columns, rows)
        for columns in range(1, max_tiles + 1)
        for rows in range(1, max_tiles + 1)
        if min_tiles <= columns * rows <= max_tiles
    ]
    return sorted(grids, key=lambda grid: grid.tiles)
