"""Which samples belong to which step, and their tensors. Pure functions of the step: resuming needs only its number."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from refbox_trainer.data.packing import PackLimits, pack
from refbox_trainer.data.pixels import BoundedCache, PixelStore, recompress
from refbox_trainer.data.question_order import QuestionOrder
from refbox_trainer.data.samples import Sample
from refbox_trainer.data.tiling import normalise_tiles
from refbox_trainer.data.weighting import LossWeighting, sample_weight
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.forward import Batch, collate


class Order:
    """The order of samples over all epochs. Every epoch is a new permutation that depends on seed and epoch alone.

    How the samples of a step are cut into micro-batches (`micro_batch_size`, or `packing`, under which the former has
    no effect) never changes which samples they are, nor the loss.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        *,
        batch_size: int,
        micro_batch_size: int,
        seed: int,
        packing: PackLimits | None = None,
    ) -> None:
        self._tokens = [sample.tokens for sample in samples]
        self._tiles = [sample.tiles for sample in samples]
        self._batch_size = batch_size
        self._micro_batch_size = micro_batch_size
        self._packing = packing
        self._seed = seed
        self.steps_per_epoch = math.ceil(len(samples) / batch_size)
        self._permutation = lru_cache(maxsize=1)(self._permute)

    def micro_batches(self, step: int) -> list[list[int]]:
        """Sample positions of step `step` (from 0), split into micro-batches.

        Without packing samples are sorted by length within the step, which changes no gradient but saves padding. The
        last step of an epoch has what is left.
        """
        epoch, number = divmod(step, self.steps_per_epoch)
        chosen = self._permutation(epoch)[number * self._batch_size : (number + 1) * self._batch_size]
        if self._packing is not None:
            return pack(chosen, self._tokens, self._tiles, self._packing)
        chosen = sorted(chosen, key=lambda position: (self._tokens[position], position))
        size = self._micro_batch_size
        return [chosen[start : start + size] for start in range(0, len(chosen), size)]

    def epoch_of(self, step: int) -> float:
        """Passes over the data after `step` steps."""
        return step / self.steps_per_epoch

    def _permute(self, epoch: int) -> list[int]:
        order = list(range(len(self._tokens)))
        random.Random(f"{self._seed}/{epoch}").shuffle(order)
        return order


class Prepared(NamedTuple):
    """One entry per sample of a micro-batch: the part that is made ahead of its step."""

    samples: tuple[Sample, ...]
    pictures: tuple[torch.Tensor | TrainerError | None, ...]
    """uint8 [T, S, S, 3], why there is none, or None where no picture is needed."""


class BatchMaker:
    """Samples to tensors, on a device, in two parts: `prepare` may run on any thread, `finish` on that of the model.

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
        packed: bool = False,
        questions: QuestionOrder | None = None,
    ) -> None:
        """Without `questions` every sample is as its record was written."""
        self._samples = samples
        self._pixels = pixels
        self._device = device
        self._seed = seed
        self._frozen_features = frozen_features
        self._loss_weighting: LossWeighting = loss_weighting
        self._packed = packed
        self._questions = questions
        self._features = BoundedCache()

    def weight(self, positions: Sequence[int]) -> float:
        """What these samples count in the loss together, before any of them is refused."""
        return sum(sample_weight(self._loss_weighting, self._samples[position].supervised) for position in positions)

    def make(self, positions: Sequence[int], *, epoch: int, refuse: Callable[[Sample, str], None]) -> Batch | None:
        """Prepare and finish at once."""
        return self.finish(self.prepare(positions, epoch=epoch), refuse=refuse)

    def prepare(self, positions: Sequence[int], *, epoch: int) -> Prepared:
        """Order the questions of these samples and decode, cut and augment their pictures; a broken one is not raised
        but kept for `finish`."""
        return Prepared(
            tuple(self._in_epoch(position, epoch) for position in positions),
            tuple(self._picture(position, epoch) for position in positions),
        )

    def finish(self, prepared: Prepared, *, refuse: Callable[[Sample, str], None]) -> Batch | None:
        """The batch on the device; None when none of its samples can be used.

        A picture that turned out to be broken takes its sample out, by `refuse`.
        """
        sequences: list[tuple[np.ndarray, np.ndarray]] = []
        tiles: list[torch.Tensor] = []
        features: list[torch.Tensor] = []
        for sample, picture in zip(prepared.samples, prepared.pictures, strict=True):
            if isinstance(picture, TrainerError):
                refuse(sample, picture.message)
                continue
            sequences.append((sample.input_ids, sample.labels))
            if not sample.grids:
                continue
            if self._frozen_features is not None:
                features.append(self._frozen(sample, picture).to(self._device, non_blocking=True))
            elif picture is not None:
                tiles.append(picture.to(self._device, non_blocking=True))
        if not sequences:
            return None
        batch = collate(sequences, None, None, weighting=self._loss_weighting, packed=self._packed).to(self._device)
        return batch._replace(
            pixel_values=normalise_tiles(torch.cat(tiles)) if tiles else None,
            features=torch.cat(features) if features else None,
        )

    def _in_epoch(self, position: int, epoch: int) -> Sample:
        sample = self._samples[position]
        return sample if self._questions is None else self._questions.in_epoch(sample, position, epoch)

    def _picture(self, position: int, epoch: int) -> torch.Tensor | TrainerError | None:
        sample = self._samples[position]
        if not sample.grids or (self._frozen_features is not None and self._kept(sample) is not None):
            return None
        try:
            each = [
                self._pixels.tiles(path, grid) for path, grid in zip(sample.record.images, sample.grids, strict=True)
            ]
        except TrainerError as error:
            return error
        tiles = each[0] if len(each) == 1 else np.concatenate(each)
        if sample.record.data_augment:
            tiles = recompress(tiles, random.Random(f"{self._seed}/{epoch}/{position}"))
        picture = torch.from_numpy(tiles)
        return picture.pin_memory() if self._device.type == "cuda" else picture

    def _kept(self, sample: Sample) -> torch.Tensor | None:
        # Repeated records share their pictures, and so their features; an augmented one is another picture each time.
        return None if sample.record.data_augment else self._features.get((sample.record.images, sample.grids))

    def _frozen(self, sample: Sample, picture: torch.Tensor | None) -> torch.Tensor:
        """Visual features [rows, H], from the cache or made now."""
        rows = self._kept(sample)
        if rows is not None:
            return rows
        assert picture is not None and self._frozen_features is not None
        with torch.no_grad():
            pixel_values = normalise_tiles(picture.to(self._device, non_blocking=True))
            rows = self._frozen_features(pixel_values)
        if not sample.record.data_augment:
            self._features.put((sample.record.images, sample.grids), rows)
        return rows
