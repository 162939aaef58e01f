"""The loader: the same batches for any number of threads, prepared ahead, and errors in their place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.batches import BatchMaker, Order
from refbox_trainer.data.loader import Loader
from refbox_trainer.data.mix import encode_mix, read_mix
from refbox_trainer.data.packing import PackLimits
from refbox_trainer.data.pixels import BoundedCache, PixelStore
from refbox_trainer.data.samples import Sample, SampleEncoder, Tiling
from refbox_trainer.data.tiling import Grid
from refbox_trainer.model.forward import Batch
from refbox_trainer.model.load import LoadedModel
from tests.tiny import tiny_model
from tests.tiny_data import write_dataset

_STEPS = 5


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return tiny_model()[0]


def _samples(loaded: LoadedModel, folder: Path, **entry: Any) -> list[Sample]:
    tiling = Tiling(min_dynamic_patch=1, max_dynamic_patch=4, use_thumbnail=True)
    encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling, 2048)
    problems = Problems()
    return encode_mix(read_mix(write_dataset(folder, 9, **entry), loaded.spec.template, problems), encoder)


def _maker(samples: list[Sample], pixels: PixelStore | None = None, *, packed: bool = False) -> BatchMaker:
    store = pixels or PixelStore(112, use_thumbnail=True)
    return BatchMaker(samples, store, torch.device("cpu"), seed=3, frozen_features=None, packed=packed)


def _order(samples: list[Sample], packing: PackLimits | None = None) -> Order:
    return Order(samples, batch_size=4, micro_batch_size=2, seed=3, packing=packing)


def _loader(maker: BatchMaker, order: Order, workers: int) -> Loader:
    return Loader(maker, order.micro_batches, order.epoch_of, workers=workers, steps=_STEPS)


def _all(loader: Loader, refuse: Callable[[Sample, str], None]) -> list[Batch | None]:
    with loader:
        return [batch for step in range(_STEPS) for batch in loader.batches(step, refuse)]


def _no_refusal(sample: Sample, reason: str) -> None:
    raise AssertionError(reason)


def _same(first: Batch | None, second: Batch | None) -> bool:
    if first is None or second is None:
        return first is second
    return all(
        torch.equal(one, other) if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor) else one == other
        for one, other in zip(first, second, strict=True)
    )


@pytest.mark.parametrize("packing", [None, PackLimits(700, 8)], ids=["padded", "packed"])
def test_batches_do_not_depend_on_the_number_of_threads(
    loaded: LoadedModel, tmp_path: Path, packing: PackLimits | None
) -> None:
    # Augmentation is drawn per sample and epoch, so that it must not depend on threads either.
    samples = _samples(loaded, tmp_path, data_augment=True, repeat_time=2)
    order = _order(samples, packing)
    expected = _all(_loader(_maker(samples, packed=packing is not None), order, 0), _no_refusal)
    assert len({batch.tokens for batch in expected if batch}) > 3
    for workers in (1, 3):
        found = _all(_loader(_maker(samples, packed=packing is not None), order, workers), _no_refusal)
        assert len(found) == len(expected)
        assert all(_same(one, other) for one, other in zip(found, expected, strict=True))


def test_the_next_batches_are_prepared_while_one_is_used(loaded: LoadedModel, tmp_path: Path) -> None:
    samples = _samples(loaded, tmp_path)
    order = _order(samples)
    ahead = threading.Event()
    due = {samples[position].record.images[0] for group in order.micro_batches(0) for position in group}

    class Watched(PixelStore):
        def tiles(self, path: Path, grid: Grid) -> np.ndarray:
            if path not in due:
                ahead.set()
            return super().tiles(path, grid)

    with _loader(_maker(samples, Watched(112, use_thumbnail=True)), order, 2) as loader:
        next(loader.batches(0, _no_refusal))
        assert ahead.wait(30), "a picture of the step after is read before it is asked for"


def test_a_step_can_be_asked_for_again(loaded: LoadedModel, tmp_path: Path) -> None:
    samples = _samples(loaded, tmp_path)
    order, maker = _order(samples), _maker(samples)
    expected = list(_loader(maker, order, 0).batches(1, _no_refusal))
    with _loader(maker, order, 2) as loader:
        list(loader.batches(0, _no_refusal))
        next(loader.batches(1, _no_refusal))
        again = list(loader.batches(1, _no_refusal))
        assert all(_same(one, other) for one, other in zip(again, expected, strict=True))
        assert len(list(loader.batches(3, _no_refusal))) == len(order.micro_batches(3)), "steps may be skipped too"


def test_broken_pictures_are_refused_in_order_and_the_rest_goes_on(loaded: LoadedModel, tmp_path: Path) -> None:
    samples = _samples(loaded, tmp_path)
    for number in (1, 4, 7):
        path = samples[number].record.images[0]
        path.write_bytes(path.read_bytes()[:-300])
    order = _order(samples)
    told: list[list[tuple[int, str]]] = []
    for workers in (0, 3):
        refused: list[tuple[int, str]] = []

        def refuse(sample: Sample, reason: str, refused: list[tuple[int, str]] = refused) -> None:
            refused.append((sample.record.index, reason))

        batches = _all(_loader(_maker(samples), order, workers), refuse)
        assert sum(batch.samples for batch in batches if batch) + len(refused) == sum(
            len(group) for step in range(_STEPS) for group in order.micro_batches(step)
        )
        told.append(refused)
    assert told[0] == told[1]
    assert {index for index, _ in told[0]} == {1, 4, 7}
    assert all("cannot be decoded" in reason for _, reason in told[0])


def test_another_error_of_a_thread_is_raised_where_its_batch_is_due(loaded: LoadedModel, tmp_path: Path) -> None:
    samples = _samples(loaded, tmp_path)
    order = _order(samples)
    doomed = samples[order.micro_batches(1)[0][0]].record.images[0]

    class Failing(PixelStore):
        def tiles(self, path: Path, grid: Grid) -> np.ndarray:
            if path == doomed:
                raise MemoryError("no room")
            return super().tiles(path, grid)

    with _loader(_maker(samples, Failing(112, use_thumbnail=True)), order, 2) as loader:
        assert len(list(loader.batches(0, _no_refusal))) == 2
        with pytest.raises(MemoryError, match="no room"):
            list(loader.batches(1, _no_refusal))


def test_a_closed_loader_leaves_no_thread_behind(loaded: LoadedModel, tmp_path: Path) -> None:
    samples = _samples(loaded, tmp_path)
    with _loader(_maker(samples), _order(samples), 3) as loader:
        next(loader.batches(0, _no_refusal))
        assert any(thread.name.startswith("loader") for thread in threading.enumerate())
    assert not any(thread.name.startswith("loader") for thread in threading.enumerate())


def test_a_group_of_nothing_gives_no_batch(loaded: LoadedModel, tmp_path: Path) -> None:
    samples = _samples(loaded, tmp_path)
    with Loader(_maker(samples), lambda step: [[0], []], lambda step: 0.0, workers=1, steps=1) as loader:
        first, second = loader.batches(0, _no_refusal)
    assert first is not None
    assert second is None


def test_many_threads_never_keep_more_than_the_cache_allows() -> None:
    cache = BoundedCache(1000)
    start = threading.Barrier(8)

    def fill(number: int) -> None:
        start.wait()
        for key in range(50):
            cache.put((key, number % 2), np.zeros(30, dtype=np.uint8))

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [cache.get((key, half)) for key in range(50) for half in (0, 1)]
    assert sum(value.nbytes for value in kept if value is not None) == 990
