"""Asking a model the questions of a dataset."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, NamedTuple

import numpy as np
import torch

from refbox_trainer.answers.expressions import places_by_expression
from refbox_trainer.answers.generate import Generated, Prompt, generate
from refbox_trainer.answers.parse import parse_answer
from refbox_trainer.answers.prediction_file import Prediction
from refbox_trainer.answers.score import box_scores, token_ends
from refbox_trainer.data.pixels import BoundedCache, PixelStore
from refbox_trainer.data.questions import Question
from refbox_trainer.data.samples import SampleEncoder, Tiling
from refbox_trainer.data.tiling import Grid, normalise
from refbox_trainer.model.forward import visual_features
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.training.device import is_out_of_memory

DEFAULT_NEW_TOKENS: Final = 256
DEFAULT_BATCH_SIZE: Final = 16


class Answer(NamedTuple):
    """`text` without its end token, special tokens kept; `ms` is the question's share of its batch.

    `ends` and `probabilities` are those of the tokens, for the scores of the boxes.
    """

    question: Question
    text: str
    tokens: int
    ms: float
    ends: list[int]
    probabilities: list[float]


class _Asked(NamedTuple):
    question: Question
    grids: tuple[Grid, ...]

    @property
    def pictures(self) -> Any:
        """What the visual features depend on."""
        return self.question.record.images, self.grids


class Predictor:
    """A model that answers questions in batches.

    Visual features of a picture are computed once; make a new predictor when the weights behind them have moved.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        tiling: Tiling,
        *,
        max_new_tokens: int = DEFAULT_NEW_TOKENS,
        batch_size: int = DEFAULT_BATCH_SIZE,
        autocast: Callable[[], AbstractContextManager[Any]] = nullcontext,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._loaded = loaded
        self._autocast = autocast
        self._max_new_tokens = max_new_tokens
        self._batch_size = batch_size
        self._say = say
        self._encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling)
        self._pixels = PixelStore(loaded.spec.image_size, use_thumbnail=tiling.use_thumbnail, limit_bytes=0)
        self._features: dict[Any, torch.Tensor] = {}
        self._kept = BoundedCache()
        self._stop_ids = {loaded.tokens.end_of_turn}
        if loaded.tokenizer.eos_token_id is not None:
            self._stop_ids.add(loaded.tokenizer.eos_token_id)

    def answer(
        self, questions: Sequence[Question], should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Answer]:
        """The answer to each question, longest prompts first, so that little is padded and memory runs out at once or
        never. When it does, the batch is halved; answers do not depend on what shares their batch.

        Raises TrainerError("bad_data") for a picture that cannot be opened.
        """
        was_training = self._loaded.model.training
        self._loaded.model.eval()
        waiting = self._by_length(questions)
        try:
            while waiting:
                batch = waiting[: self._batch_size]
                began = time.perf_counter()
                answers = self._try(batch, should_stop)
                if should_stop():
                    return
                if answers is None:
                    self._halve_batch()
                    continue
                waiting = waiting[len(batch) :]
                ms = (time.perf_counter() - began) * 1000 / len(batch)
                for asked, (ids, probabilities) in zip(batch, answers, strict=True):
                    ends = token_ends(ids, self._decode)
                    yield Answer(asked.question, self._decode(ids), len(ids), ms, ends, probabilities)
        finally:
            self._features.clear()
            self._loaded.model.train(was_training)

    def predict(
        self, questions: Sequence[Question], should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[Question, list[Prediction]]]:
        """The lines of each question, one per expression, in the order of `answer`."""
        for answer in self.answer(questions, should_stop):
            yield answer.question, predictions_of(answer)

    def _decode(self, ids: Sequence[int]) -> str:
        # Special tokens stay: without them `<ref>` and `<box>` would vanish from the answer. No space is put between
        # them, which slow tokenizers do by default and training text never has.
        return str(
            self._loaded.tokenizer.decode(list(ids), skip_special_tokens=False, spaces_between_special_tokens=False)
        )

    def _try(self, batch: Sequence[_Asked], should_stop: Callable[[], bool]) -> list[Generated] | None:
        """The answer to each question; None when memory ran out and a smaller batch may do."""
        try:
            with torch.no_grad(), self._autocast():
                return generate(
                    self._loaded.model,
                    self._prompts(batch),
                    stop_ids=self._stop_ids,
                    max_new_tokens=self._max_new_tokens,
                    should_stop=should_stop,
                )
        except (RuntimeError, MemoryError) as error:
            if len(batch) == 1 or not is_out_of_memory(error):
                raise
            return None

    def _halve_batch(self) -> None:
        self._batch_size = max(1, self._batch_size // 2)
        self._features.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._say(f"memory ran out; going on with {self._batch_size} question(s) at once")

    def _by_length(self, questions: Sequence[Question]) -> list[_Asked]:
        """Most tiles first; questions about one picture stay together, so that its features are computed once."""
        grids: dict[int, tuple[Grid, ...]] = {}
        for question in questions:
            if id(question.record) not in grids:
                grids[id(question.record)] = self._encoder.grids(question.record)
        place = {record: number for number, record in enumerate(grids)}
        asked = [_Asked(question, grids[id(question.record)]) for question in questions]
        return sorted(
            asked,
            key=lambda item: (
                -sum(grid.tiles for grid in item.grids),
                place[id(item.question.record)],
                -len(item.question.prompt),
            ),
        )

    def _prompts(self, batch: Sequence[_Asked]) -> list[Prompt]:
        # On the device only what this batch asks about is kept: the features of one large picture take 30 MB.
        pictures = {asked.pictures: asked for asked in batch if asked.grids}
        self._features = {
            key: self._features[key] if key in self._features else self._visual_features(asked)
            for key, asked in pictures.items()
        }
        return [
            Prompt(
                torch.from_numpy(self._encoder.encode_prompt(asked.question.turns, asked.grids)),
                self._features.get(asked.pictures),
            )
            for asked in batch
        ]

    def _visual_features(self, asked: _Asked) -> torch.Tensor:
        kept = self._kept.get(asked.pictures)
        if kept is not None:
            return kept.to(self._loaded.model.device)
        images = asked.question.record.images
        tiles = [self._pixels.tiles(path, grid) for path, grid in zip(images, asked.grids, strict=True)]
        pixels = normalise(np.concatenate(tiles)).to(self._loaded.model.device)
        features = visual_features(self._loaded.model, pixels)
        self._kept.put(asked.pictures, features)
        return features


def predictions_of(answer: Answer) -> list[Prediction]:
    """The lines of a predictions file for one answer."""
    record = answer.question.record
    parsed = parse_answer(answer.text)
    boxes, scores = parsed.boxes, box_scores(answer.text, parsed, answer.ends, answer.probabilities)
    return [
        Prediction(
            dataset=record.dataset,
            index=record.index,
            image=record.image_names[0] if record.image_names else "",
            expression=expression,
            prompt=answer.question.prompt,
            text=answer.text,
            boxes=[list(boxes[place]) for place in places],
            scores=[round(scores[place], 4) for place in places],
            tokens=answer.tokens,
            ms=round(answer.ms, 1),
        )
        for expression, places in places_by_expression(answer.question, parsed).items()
    ]
