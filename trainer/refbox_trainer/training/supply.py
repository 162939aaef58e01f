"""The samples of a run and their way into batches, under limits that may shrink while it trains."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch

from refbox_trainer.checks.run_check import tiling_of
from refbox_trainer.config import RunConfig
from refbox_trainer.data.batches import BatchMaker, Order
from refbox_trainer.data.loader import Loader
from refbox_trainer.data.packing import PackLimits
from refbox_trainer.data.pixels import CACHE_BYTES, PixelStore
from refbox_trainer.data.question_order import QuestionOrder
from refbox_trainer.data.samples import Sample, SampleEncoder
from refbox_trainer.model.forward import Batch
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.training.distributed import Peers
from refbox_trainer.training.ladder import Fit


class Supply:
    """Gives the batches of every optimizer step.

    Which samples a step has depends on nothing but the seed and their number; how they are cut into micro-batches is
    a matter of `Fit`, and who takes which micro-batch of the number of processes.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        config: RunConfig,
        loaded: LoadedModel,
        device: torch.device,
        peers: Peers,
        fit: Fit,
        *,
        frozen_features: Callable[[torch.Tensor], torch.Tensor] | None,
    ) -> None:
        self._samples = list(samples)
        self._tiles = config.sequence.max_dynamic_patch
        self._config = config
        self._loaded = loaded
        self._device = device
        self._peers = peers
        self._frozen_features = frozen_features
        self._pixels = PixelStore(
            loaded.spec.image_size,
            use_thumbnail=config.sequence.use_thumbnail,
            # Where features are kept, the pixels behind them are needed only once.
            limit_bytes=CACHE_BYTES if frozen_features is None else 0,
        )
        self._batches = self._training_batches()
        self.order = self._order(fit)
        self._loader = self._new_loader()

    @property
    def pictures_are_learnt(self) -> bool:
        """Whether visual features are computed in every step, because parts that make them are trained."""
        return self._frozen_features is None

    @property
    def tile_size(self) -> int:
        """Side of a tile in pixels."""
        return self._loaded.spec.image_size

    @property
    def longest(self) -> int:
        """Tokens of the longest sample."""
        return max(sample.tokens for sample in self._samples)

    def refit(self, fit: Fit) -> None:
        """Go on under other limits, with the same samples in the same order."""
        self._loader.close()
        if fit.max_dynamic_patch != self._tiles:
            self._tiles = fit.max_dynamic_patch
            self._samples = self._encode_again()
            self._batches = self._training_batches()
        self.order = self._order(fit)
        self._loader = self._new_loader()

    def batch_maker(self, samples: Sequence[Sample]) -> BatchMaker:
        """A maker of batches of other samples that shares pictures with the training set."""
        return self._maker(samples, packed=False, questions=None)

    def _training_batches(self) -> BatchMaker:
        is_shuffled = self._config.train.question_order == "shuffled"
        questions = QuestionOrder(self._encoder(), self._config.train.seed) if is_shuffled else None
        return self._maker(self._samples, packed=self._config.sequence.packing, questions=questions)

    def _maker(self, samples: Sequence[Sample], *, packed: bool, questions: QuestionOrder | None) -> BatchMaker:
        return BatchMaker(
            samples,
            self._pixels,
            self._device,
            seed=self._config.train.seed,
            frozen_features=self._frozen_features,
            loss_weighting=self._config.train.loss_weighting,
            packed=packed,
            questions=questions,
        )

    def planned_weight(self, step: int) -> float:
        """What all samples of a step count in its loss, before any of them is refused."""
        return sum(self._batches.weight(group) for group in self.order.micro_batches(step))

    def batches(self, step: int, refuse: Callable[[Sample, str], None]) -> Iterator[tuple[int, Batch | None]]:
        """This process's micro-batches of a step, each with its number among those of all processes.

        None stands for one that has no usable sample, or that fills up the round when the micro-batches do not divide
        by the processes: every process has the same number.
        """
        for turn, batch in enumerate(self._loader.batches(step, refuse)):
            yield turn * self._peers.count + self._peers.rank, batch

    def close(self) -> None:
        """Stop preparing batches."""
        self._loader.close()

    def _own_groups(self, step: int) -> list[list[int]]:
        groups = self.order.micro_batches(step)
        missing = -len(groups) % self._peers.count
        return self._peers.own([*groups, *([] for _ in range(missing))])

    def _new_loader(self) -> Loader:
        train = self._config.train
        steps = count_steps(self._config, self.order)
        return Loader(self._batches, self._own_groups, self.order.epoch_of, workers=train.loader_workers, steps=steps)

    def _order(self, fit: Fit) -> Order:
        config = self._config
        limits = None
        if fit.max_packed_tokens is not None:
            limits = PackLimits(fit.max_packed_tokens, config.sequence.max_packed_tiles)
        return Order(
            self._samples,
            batch_size=config.train.batch_size,
            micro_batch_size=fit.micro_batch_size,
            seed=config.train.seed,
            packing=limits,
        )

    def _encoder(self) -> SampleEncoder:
        loaded, config = self._loaded, self._config
        tiling = replace(tiling_of(config), max_dynamic_patch=self._tiles)
        return SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling, config.sequence.max_length)

    def _encode_again(self) -> list[Sample]:
        encoder, tiles = self._encoder(), self._tiles
        done: dict[int, Sample] = {}
        for sample in self._samples:
            if id(sample) not in done:
                # A record's own limit stands above the run's; here it has to give way too.
                limit = min(sample.record.max_dynamic_patch or tiles, tiles)
                done[id(sample)] = encoder.encode(replace(sample.record, max_dynamic_patch=limit))
        return [done[id(sample)] for sample in self._samples]


def count_steps(config: RunConfig, order: Order) -> int:
    """Optimizer steps of the whole run."""
    if config.train.max_steps is not None:
        return config.train.max_steps
    return max(1, math.ceil(config.train.epochs * order.steps_per_epoch))
