"""Which samples belong to which step, and their tensors. Pure functions of the step: resuming needs only its number."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import torch

from refbox_trainer.data.pixels import BoundedCache, PixelStore, recompress
from refbox_trainer.data.samples import Sample
from refbox_trainer.data.tiling import normalise
from refbox_trainer.data.weighting import LossWeighting, sample_weight
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.forward import Batch, collate


class Order:
    """The order of samples over all epochs. Every epoch is a new permutation that depends on seed and epoch alone."""

    def __init__(self, lengths: Sequence[int], *, batch_size: int, micro_batch_size: int, seed: int) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._micro_batch_size = micro_batch_size
        self._seed = seed
        self.steps_per_epoch = math.ceil(len(lengths) / batch_size)
        self._permutation = lru_cache(maxsize=1)(self._permute)

    def micro_batches(self, step: int) -> list[list[int]]:
        """Sample positions of step `step` (from 0), split into micro-batches.

        Within a step samples are sorted by length, which changes no gradient but saves padding. The last step of an
        epoch has what is left.
        """
        epoch, number = divmod(step, self.steps_per_epoch)
        chosen = self._permutation(epoch)[number * self._batch_size : (number + 1) * self._batch_size]
        chosen = sorted(chosen, key=lambda position: (self._lengths[position], position))
        size = self._micro_batch_size
        return [chosen[start : start + size] for start in range(0, len(chosen), size)]

    def epoch_of(self, step: int) -> float:
        """Passes over the data after `step` steps."""
        return step / self.steps_per_epoch

    def _permute(self, epoch: int) -> list[int]:
        order = list(range(len(self._lengths)))
        random.Random(f"{self._seed}/{epoch}").shuffle(order)
        return order


class BatchMaker:
    """Samples to tensors, on a device.

    `frozen_features` computes visual features of parts that do not train; they are then made once per sample, alone,
    so that they do not depend on which samples share a batch.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        pixels: PixelStore,
        device: torch.device,
        *,
        seed: int,
        frozen_features: Callable[[torch.Tensor], torch.Tensor] | None,
        loss_weighting: LossWeighting = "token",
    ) -> None:
        self._samples = samples
        self._pixels = pixels
        self._device = device
        self._seed = seed
        self._frozen_features = frozen_features
        self._loss_weighting: LossWeighting = loss_weighting
        self._features = BoundedCache()

    def weight(self, positions: Sequence[int]) -> float:
        """What these samples count in the loss together, before any of them is refused."""
        return sum(sample_weight(self._loss_weighting, self._samples[position].supervised) for position in positions)

    def make(self, positions: Sequence[int], *, epoch: int, refuse: Callable[[Sample, str], None]) -> Batch | None:
        """The batch of these samples; None when none of them can be used.

        A picture that turns out to be broken only when it is decoded takes its sample out, by `refuse`.
        """
        sequences: list[tuple[np.ndarray, np.ndarray]] = []
        pixels: list[torch.Tensor] = []
        features: list[torch.Tensor] = []
        for position in positions:
            sample = self._samples[position]
            try:
                self._add_picture(position, sample, epoch, pixels, features)
            except TrainerError as error:
                refuse(sample, error.message)
                continue
            sequences.append((sample.input_ids, sample.labels))
        if not sequences:
            return None
        batch = collate(
            sequences,
            torch.cat(pixels) if pixels else None,
            torch.cat(features) if features else None,
            weighting=self._loss_weighting,
        )
        return batch.to(self._device)

    def _add_picture(
        self, position: int, sample: Sample, epoch: int, pixels: list[torch.Tensor], features: list[torch.Tensor]
    ) -> None:
        if not sample.grids:
            return
        augmented = sample.record.data_augment
        if self._frozen_features is None:
            pixels.append(self._pixel_values(position, sample, epoch))
            return
        # Repeated records share their pictures, and so their features.
        key = (sample.record.images, sample.grids)
        rows = None if augmented else self._features.get(key)
        if rows is None:
            with torch.no_grad():
                rows = self._frozen_features(self._pixel_values(position, sample, epoch).to(self._device)).cpu()
            if not augmented:
                self._features.put(key, rows)
        features.append(rows)

    def _pixel_values(self, position: int, sample: Sample, epoch: int) -> torch.Tensor:
        tiles = np.concatenate(
            [self._pixels.tiles(path, grid) for path, grid in zip(sample.record.images, sample.grids, strict=True)]
        )
        if sample.record.data_augment:
            tiles = recompress(tiles, random.Random(f"{self._seed}/{epoch}/{position}"))
        return normalise(tiles)
