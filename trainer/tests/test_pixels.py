"""Pictures on their way to pixels: colours, orientation, recompression, the cache."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from refbox_trainer.data.images import read_rgb
from refbox_trainer.data.pixels import PixelStore, recompress
from refbox_trainer.data.tiling import Grid
from refbox_trainer.errors import TrainerError


def _textured(width: int, height: int, seed: int = 0) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def _through_jpeg(tile: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(tile).save(buffer, format="JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def test_every_tile_goes_once_through_jpeg_of_its_own_quality() -> None:
    tiles = np.stack([np.asarray(_textured(32, 32, seed)) for seed in range(40)])
    result = recompress(tiles, random.Random("7/0/3"))
    qualities = []
    for before, after in zip(tiles, result, strict=True):
        matching = [q for q in range(60, 101) if np.array_equal(_through_jpeg(before, q), after)]
        assert matching, "a tile is what some quality makes of it"
        qualities.append(matching[0])
    assert min(qualities) >= 75
    assert max(qualities) <= 100
    assert len(set(qualities)) > 10, "each tile has its own"
    assert np.array_equal(result, recompress(tiles, random.Random("7/0/3")))
    assert not np.array_equal(result, recompress(tiles, random.Random("7/1/3"))), "another epoch draws again"


def test_both_ends_of_the_range_of_qualities_occur() -> None:
    rng = random.Random(0)
    assert {rng.randint(75, 100) for _ in range(2000)} == set(range(75, 101))
    tile = np.asarray(_textured(8, 8))[None]
    seen = {recompress(tile, random.Random(seed)).tobytes() for seed in range(400)}
    ends = {_through_jpeg(tile[0], 75).tobytes(), _through_jpeg(tile[0], 100).tobytes()}
    assert ends <= seen


def test_alpha_is_dropped_and_orientation_ignored(tmp_path: Path) -> None:
    half = Image.new("RGBA", (4, 4), (10, 200, 30, 0))
    half.save(tmp_path / "a.png")
    assert np.asarray(read_rgb(tmp_path / "a.png"))[0, 0].tolist() == [10, 200, 30], (
        "invisible pixels keep their colour"
    )
    exif = Image.Exif()
    exif[0x0112] = 6
    _textured(20, 10).save(tmp_path / "turned.jpg", exif=exif)
    assert read_rgb(tmp_path / "turned.jpg").size == (20, 10)


def test_a_picture_is_decoded_once_while_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    _textured(40, 20).save(path)
    store = PixelStore(16, use_thumbnail=True)
    first = store.tiles(path, Grid(2, 1))
    path.unlink()
    assert store.tiles(path, Grid(2, 1)) is first
    with pytest.raises(TrainerError, match="does not exist"):
        store.tiles(path, Grid(1, 1))
    with pytest.raises(TrainerError):
        PixelStore(16, use_thumbnail=True, limit_bytes=0).tiles(path, Grid(2, 1))


def test_a_cut_off_picture_is_an_error_and_not_half_grey(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    _textured(200, 200).save(path, quality=95)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(TrainerError, match="cannot be decoded"):
        PixelStore(16, use_thumbnail=True).tiles(path, Grid(1, 1))
