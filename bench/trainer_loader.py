"""Tiles a second of the trainer's loader against PIL in one thread, and how long a step waits for pictures.

trainer/.venv/bin/python bench/trainer_loader.py [--pictures 48] [--workers 2]

The first part reads JPEG photographs, cuts them into tiles of 448 pixels with a thumbnail and makes them float tensors.
The baseline is a plain loop over PIL as the original does it, tile by tile. The second part trains the bundled base
and states which share of its steps, after the first, was spent waiting for the loader.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from support.trainer import NANO, draw_records, hardware, print_table

# isort: split
from PIL import Image

from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.batches import BatchMaker, Order
from refbox_trainer.data.loader import Loader
from refbox_trainer.data.mix import encode_mix, read_mix
from refbox_trainer.data.pixels import CACHE_BYTES, PixelStore
from refbox_trainer.data.samples import Sample, SampleEncoder, Tiling
from refbox_trainer.data.tiling import IMAGENET_MEAN, IMAGENET_STD, choose_grid
from refbox_trainer.model.forward import weighted_loss
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.packed_attention import separate_samples

MOST_TILES = 6


def plain_tiles(path: Path, side: int) -> torch.Tensor:
    """What the original's transform does: resize, crop, resize each tile to its own size, to tensor, normalise."""
    image = Image.open(path).convert("RGB")
    grid = choose_grid(image.width, image.height, min_tiles=1, max_tiles=MOST_TILES, tile_size=side)
    resized = image.resize((grid.columns * side, grid.rows * side), Image.Resampling.BICUBIC)
    tiles = [
        resized.crop((column * side, row * side, (column + 1) * side, (row + 1) * side))
        for row in range(grid.rows)
        for column in range(grid.columns)
    ]
    if grid.tiles > 1:
        tiles.append(image.resize((side, side), Image.Resampling.BICUBIC))
    mean, std = torch.tensor(IMAGENET_MEAN).view(3, 1, 1), torch.tensor(IMAGENET_STD).view(3, 1, 1)
    tensors: list[torch.Tensor] = []
    for tile in tiles:
        plain = tile.resize((side, side), Image.Resampling.BICUBIC)
        content = torch.frombuffer(bytearray(plain.tobytes()), dtype=torch.uint8).view(side, side, 3)
        tensors.append((content.permute(2, 0, 1).contiguous().float() / 255 - mean) / std)
    return torch.stack(tensors)


def samples_of(loaded: LoadedModel, meta: Path, side: int) -> list[Sample]:
    tiling = Tiling(min_dynamic_patch=1, max_dynamic_patch=MOST_TILES, use_thumbnail=True)
    spec = replace(loaded.spec, image_size=side)
    encoder = SampleEncoder(loaded.tokenizer, spec, loaded.tokens, tiling, 1 << 20)
    return encode_mix(read_mix(meta, spec.template, Problems()), encoder)


def refuse(sample: Sample, reason: str) -> None:
    raise RuntimeError(f"{sample.record.image_names}: {reason}")


class Rate(NamedTuple):
    """Tiles a second of the wall clock, and of processors."""

    wall: float
    processor: float


def rate_of(pixels: Iterable[torch.Tensor]) -> Rate:
    wall, processor = time.perf_counter(), time.process_time()
    tiles = sum(len(tensor) for tensor in pixels)
    return Rate(tiles / (time.perf_counter() - wall), tiles / (time.process_time() - processor))


def order_of(samples: list[Sample]) -> Order:
    return Order(samples, batch_size=4, micro_batch_size=4, seed=1)


def loader_rates(samples: list[Sample], side: int, workers: int, *, epochs: int, cache: int) -> list[Rate]:
    """Of each epoch."""
    pixels = PixelStore(side, use_thumbnail=True, limit_bytes=cache)
    maker = BatchMaker(samples, pixels, torch.device("cpu"), seed=1, frozen_features=None)
    order = order_of(samples)
    every = order.steps_per_epoch
    with Loader(maker, order.micro_batches, order.epoch_of, workers=workers, steps=epochs * every) as loader:

        def epoch(number: int) -> Iterator[torch.Tensor]:
            for step in range(number * every, (number + 1) * every):
                for batch in loader.batches(step, refuse):
                    assert batch is not None and batch.pixel_values is not None
                    yield batch.pixel_values

        return [rate_of(epoch(number)) for number in range(epochs)]


def compare_tiles(loaded: LoadedModel, meta: Path, options: argparse.Namespace) -> None:
    samples = samples_of(loaded, meta, options.side)
    paths = [sample.record.images[0] for sample in samples]
    tiles = sum(sample.tiles for sample in samples)
    print(f"{len(paths)} JPEG photographs, longest side {options.longest_side}, {tiles} tiles of {options.side} pixels")
    plain = rate_of(plain_tiles(path, options.side) for path in paths)
    rows: list[tuple[str, Rate]] = []
    for workers in (0, 1, options.workers):
        (rate,) = loader_rates(samples, options.side, workers, epochs=1, cache=0)
        rows.append((f"loader, {workers} thread(s)" if workers else "loader, in the step itself", rate))
    _, again = loader_rates(samples, options.side, options.workers, epochs=2, cache=4 * CACHE_BYTES)
    rows.append(("loader, tiles in the cache", again))
    for number, unit in enumerate(("tiles", "tiles per processor")):
        others = [(name, rate[number]) for name, rate in rows]
        print_table("decode, tile, normalise", unit, ("PIL, one thread", plain[number]), others)


def share_of_waiting(loaded: LoadedModel, meta: Path, workers: int) -> float:
    """Of the time of training steps in one epoch, without the first, in which nothing can be ready."""
    samples = samples_of(loaded, meta, loaded.spec.image_size)
    pixels = PixelStore(loaded.spec.image_size, use_thumbnail=True, limit_bytes=0)
    maker = BatchMaker(samples, pixels, torch.device("cpu"), seed=1, frozen_features=None)
    order = order_of(samples)
    began = waited = 0.0
    steps = order.steps_per_epoch
    with Loader(maker, order.micro_batches, order.epoch_of, workers=workers, steps=steps) as loader:
        for step in range(steps):
            if step == 1:
                began, waited = time.perf_counter(), loader.seconds_waited
            for batch in loader.batches(step, refuse):
                assert batch is not None
                (weighted_loss(loaded.model, batch) / batch.weight).backward()
            loaded.model.zero_grad(set_to_none=True)
        return (loader.seconds_waited - waited) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=48)
    parser.add_argument("--longest-side", type=int, default=1280)
    parser.add_argument("--side", type=int, default=448, help="of a tile")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print(f"The trainer's loader\n{hardware()}")
    loaded = load_model(NANO)
    loaded.model.train()
    separate_samples(loaded.model)
    with tempfile.TemporaryDirectory() as folder:
        meta = draw_records(Path(folder) / "data", options.pictures, longest_side=options.longest_side)
        compare_tiles(loaded, meta, options)
        print("\nshare of step time spent waiting for pictures, full training of the bundled base, nothing cached")
        for workers in (0, options.workers):
            print(f"  {workers} thread(s): {share_of_waiting(loaded, meta, workers):7.2%}")


if __name__ == "__main__":
    main()
