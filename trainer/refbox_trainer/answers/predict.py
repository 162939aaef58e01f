"""Asking a model the questions of a dataset and writing down what it says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from refbox_trainer.answers.expressions import boxes_by_expression
from refbox_trainer.answers.generate import Prompt, generate
from refbox_trainer.answers.prediction_file import Prediction
from refbox_trainer.data.pixels import BoundedCache, PixelStore
from refbox_trainer.data.questions import Question
from refbox_trainer.data.samples import SampleEncoder, Tiling
from refbox_trainer.data.tiling import normalise
from refbox_trainer.model.forward import visual_features
from refbox_trainer.model.load import LoadedModel

DEFAULT_NEW_TOKENS: Final = 256
_BATCH_SIZE: Final = 16


class Predictor:
    """A model that answers questions. Visual features of a picture are computed once."""

    def __init__(
        self,
        loaded: LoadedModel,
        tiling: Tiling,
        *,
        max_new_tokens: int = DEFAULT_NEW_TOKENS,
        autocast: Callable[[], AbstractContextManager[Any]] = nullcontext,
    ) -> None:
        self._loaded = loaded
        self._autocast = autocast
        self._max_new_tokens = max_new_tokens
        no_limit = 1 << 30
        self._encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling, no_limit)
        self._pixels = PixelStore(loaded.spec.image_size, use_thumbnail=tiling.use_thumbnail, limit_bytes=0)
        self._features = BoundedCache()

    def answer(
        self, questions: Sequence[Question], should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[Question, str, int, float]]:
        """Text (end token removed), new tokens and milliseconds for each question, in order.

        Questions are answered in batches; the time of a batch is shared evenly among its questions.
        """
        was_training = self._loaded.model.training
        self._loaded.model.eval()
        try:
            for start in range(0, len(questions), _BATCH_SIZE):
                batch = questions[start : start + _BATCH_SIZE]
                began = time.perf_counter()
                with torch.no_grad(), self._autocast():
                    answers = generate(
                        self._loaded.model,
                        [self._prompt(question) for question in batch],
                        end_id=self._loaded.tokens.end_of_turn,
                        max_new_tokens=self._max_new_tokens,
                        should_stop=should_stop,
                    )
                if should_stop():
                    return
                ms = (time.perf_counter() - began) * 1000 / len(batch)
                for question, ids in zip(batch, answers, strict=True):
                    # Special tokens stay: without them `<ref>` and `<box>` would vanish from the answer.
                    yield question, self._loaded.tokenizer.decode(ids, skip_special_tokens=False), len(ids), ms
        finally:
            self._loaded.model.train(was_training)

    def predict(
        self, questions: Sequence[Question], should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[list[Prediction]]:
        """The lines of each question: one per expression."""
        for question, text, tokens, ms in self.answer(questions, should_stop):
            yield [
                Prediction(
                    dataset=question.record.dataset,
                    index=question.record.index,
                    image=question.record.image_names[0] if question.record.image_names else "",
                    expression=expression,
                    prompt=question.prompt,
                    text=text,
                    boxes=[list(box) for box in boxes],
                    tokens=tokens,
                    ms=round(ms, 1),
                )
                for expression, boxes in boxes_by_expression(question, text).items()
            ]

    def _prompt(self, question: Question) -> Prompt:
        grids = self._encoder.grids(question.record)
        ids = torch.from_numpy(self._encoder.encode_prompt(question.turns, grids))
        if not grids:
            return Prompt(ids, None)
        key = (question.record.images, grids)
        features = self._features.get(key)
        if features is None:
            tiles = [self._pixels.tiles(path, grid) for path, grid in zip(question.record.images, grids, strict=True)]
            pixels = normalise(np.concatenate(tiles)).to(self._loaded.model.device)
            features = visual_features(self._loaded.model, pixels)
            self._features.put(key, features)
        return Prompt(ids, features)


def write_predictions(
    predictor: Predictor, questions: Sequence[Question], out: Path, report: Callable[[int, int], None]
) -> int:
    """Write the predictions file, which appears only once it is complete; returns the number of lines."""
    from refbox_trainer.files import reports_full_disk

    temporary = out.with_name(f".{out.name}.writing")
    lines = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    with reports_full_disk(out):
        try:
            with temporary.open("w", encoding="utf-8") as file:
                for done, predictions in enumerate(predictor.predict(questions), 1):
                    for prediction in predictions:
                        file.write(json.dumps(prediction, ensure_ascii=False) + "\n")
                        lines += 1
                    report(done, len(questions))
            temporary.replace(out)
        finally:
            temporary.unlink(missing_ok=True)
    return lines
