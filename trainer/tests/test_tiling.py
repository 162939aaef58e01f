"""Tiles and pixels are those of the original preprocessing."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import InternVLForConditionalGeneration

from refbox_trainer.data.tiling import IMAGENET_MEAN, IMAGENET_STD, Grid, choose_grid, count_tiles, cut_tiles, normalise
from tests.tiny import tiny_model


@pytest.mark.parametrize(
    ("size", "up_to_6", "up_to_12"),
    [
        ((640, 480), (3, 2), (4, 3)),
        ((1920, 1080), (2, 1), (4, 2)),
        ((427, 640), (2, 3), (2, 3)),
        ((800, 800), (2, 2), (2, 2)),
        ((1000, 1000), (2, 2), (3, 3)),
        ((2000, 1600), (3, 2), (4, 3)),
        ((449, 448), (1, 1), (1, 1)),
    ],
)
def test_grids_of_the_published_examples(
    size: tuple[int, int], up_to_6: tuple[int, int], up_to_12: tuple[int, int]
) -> None:
    assert choose_grid(*size, min_tiles=1, max_tiles=6, tile_size=448) == up_to_6
    assert choose_grid(*size, min_tiles=1, max_tiles=12, tile_size=448) == up_to_12


def test_a_tie_goes_to_the_larger_grid_only_above_half_its_area() -> None:
    # A square fits 1x1 and 2x2 exactly; 2x2 tiles of 100 pixels cover 40,000 pixels, half of them is 20,000.
    def grid(side: int) -> Grid:
        return choose_grid(side, side, min_tiles=1, max_tiles=4, tile_size=100)

    assert grid(141) == (1, 1)  # 19,881 pixels
    assert grid(142) == (2, 2)  # 20,164 pixels


def test_grids_equal_a_naive_search() -> None:
    rng = random.Random(3)
    for _ in range(2000):
        width, height = rng.randint(1, 3000), rng.randint(1, 3000)
        low, high = sorted((rng.randint(1, 12), rng.randint(1, 12)))
        assert choose_grid(width, height, min_tiles=low, max_tiles=high, tile_size=448) == _naive(
            width, height, low, high
        )


def _naive(width: int, height: int, low: int, high: int) -> tuple[int, int]:
    pairs = {(i, j) for i in range(1, high + 1) for j in range(1, high + 1) if low <= i * j <= high}
    best, difference = (1, 1), float("inf")
    for i, j in sorted(pairs, key=lambda pair: pair[0] * pair[1]):
        here = abs(width / height - i / j)
        if here < difference:
            best, difference = (i, j), here
        elif here == difference and width * height > 0.5 * 448 * 448 * i * j:
            best = (i, j)
    return best


def test_a_thumbnail_follows_only_several_tiles() -> None:
    assert count_tiles(Grid(1, 1), use_thumbnail=True) == 1
    assert count_tiles(Grid(2, 3), use_thumbnail=True) == 7
    assert count_tiles(Grid(2, 3), use_thumbnail=False) == 6


def test_tiles_come_row_by_row_with_the_thumbnail_last() -> None:
    image = Image.new("RGB", (40, 20))
    for x, y, shade in ((0, 0, 10), (20, 0, 20)):
        image.paste((shade, shade, shade), (x, y, x + 20, y + 20))
    tiles = cut_tiles(image, Grid(2, 1), tile_size=20, use_thumbnail=True)
    assert tiles.shape == (3, 20, 20, 3)
    assert tiles[0].min() == tiles[0].max() == 10
    assert tiles[1].min() == tiles[1].max() == 20
    assert np.array_equal(tiles[2], np.asarray(image.resize((20, 20), Image.Resampling.BICUBIC)))


def test_pixels_are_normalised_channel_by_channel() -> None:
    tiles = np.zeros((1, 2, 2, 3), dtype=np.uint8)
    tiles[0, 0, 1] = (255, 128, 0)
    pixels = normalise(tiles)
    assert pixels.shape == (1, 3, 2, 2)
    assert pixels.dtype == torch.float32
    for channel, value in enumerate((255, 128, 0)):
        expected = (value / 255 - IMAGENET_MEAN[channel]) / IMAGENET_STD[channel]
        assert pixels[0, channel, 0, 1].item() == pytest.approx(expected, abs=1e-6)


def test_pixel_shuffle_joins_each_square_of_four_in_reading_order() -> None:
    model: InternVLForConditionalGeneration = tiny_model()[0].model
    grid = torch.arange(16.0).reshape(1, 4, 4, 1)
    shuffled = model.model.pixel_shuffle(grid, scale_factor=0.5)
    assert shuffled.reshape(4, 4).tolist() == [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]
