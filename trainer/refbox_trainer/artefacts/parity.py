"""Whether two models say the same: the largest gap between their logits on fixed inputs, and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from transformers import InternVLForConditionalGeneration

from refbox_trainer.answers.predict import Predictor
from refbox_trainer.data.grounding import referring_question
from refbox_trainer.data.pixels import PixelStore
from refbox_trainer.data.questions import Question
from refbox_trainer.data.samples import SampleEncoder, Tiling
from refbox_trainer.data.tiling import normalise
from refbox_trainer.model.forward import Batch, all_logits
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.model.template import Turn, render_prompt
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START

TOLERANCES: Final = {torch.float32: 1e-3, torch.float16: 0.1, torch.bfloat16: 0.5}
"""Allowed gap by the type the weights are stored in. Wrong weight mappings differ by 2 to 9; merging in bf16 as the
original tool does differs by 0.17 on InternVL2 shapes; merging in float32 by 3e-5."""

_EXPRESSIONS: Final = ("the red square", "左边的圆", "an arrow that points down")
_ANSWER_TOKENS: Final = 64


class Spoken(NamedTuple):
    """What a model says to the three fixed probes, and to questions about real pictures."""

    logits: list[torch.Tensor]
    """float32 [L, V] each, first of the probes, then of the questions."""
    answers: list[str]
    """Greedy answers to the questions, special tokens kept."""


class Parity(NamedTuple):
    """How far two models are apart. Answers are reported and decide nothing: one that hangs on two equally likely
    tokens may tip over at any rounding."""

    max_logit_gap: float
    samples: int
    tolerance: float
    answers: int = 0
    """Questions that both models answered in words."""
    equal_answers: int = 0

    @property
    def passed(self) -> bool:
        return self.max_logit_gap <= self.tolerance

    def as_json(self) -> dict[str, Any]:
        """What events and manifests hold."""
        own = ("max_logit_gap", "samples", "tolerance")
        return {**{name: getattr(self, name) for name in own}, "passed": self.passed}

    def report(self) -> dict[str, Any]:
        """What lies beside merged weights."""
        return {**self.as_json(), "answers": self.answers, "equal_answers": self.equal_answers}


def speak(loaded: LoadedModel, questions: Sequence[Question]) -> Spoken:
    """Ask the probes and `questions`, whose pictures are cut as the checkpoint says."""
    tiling = Tiling.of_checkpoint(loaded.spec)
    logits = probe_logits(loaded.model, loaded) + [_asked_logits(loaded, question, tiling) for question in questions]
    predictor = Predictor(loaded, tiling, max_new_tokens=_ANSWER_TOKENS)
    answers = {id(answer.question): answer.text for answer in predictor.answer(questions)}
    return Spoken(logits, [answers[id(question)] for question in questions])


@torch.no_grad()
def probe_logits(model: InternVLForConditionalGeneration, loaded: LoadedModel) -> list[torch.Tensor]:
    """float32 logits [L, V] of three questions, each about a picture of seeded noise."""
    was_training = model.training
    model.eval()
    logits = [all_logits(model, _probe(loaded, text, seed))[0].cpu() for seed, text in enumerate(_EXPRESSIONS)]
    model.train(was_training)
    return logits


def compare(first: list[torch.Tensor], second: list[torch.Tensor], stored: torch.dtype) -> Parity:
    """The gap between two answers of `probe_logits`."""
    gap = max(float((one - other).abs().max()) for one, other in zip(first, second, strict=True))
    return Parity(gap, len(first), TOLERANCES[stored])


def compare_spoken(first: Spoken, second: Spoken, stored: torch.dtype) -> Parity:
    """The gap between two results of `speak` for the same questions; `stored` is the type of the weights on disk."""
    parity = compare(first.logits, second.logits, stored)
    equal = sum(one == other for one, other in zip(first.answers, second.answers, strict=True))
    return parity._replace(answers=len(first.answers), equal_answers=equal)


def _probe(loaded: LoadedModel, expression: str, seed: int) -> Batch:
    spec = loaded.spec
    block = IMG_START + IMAGE_CONTEXT * spec.num_image_token + IMG_END
    text = render_prompt(spec.template, [Turn("human", f"{block}\n{referring_question(expression)}")])
    noise = np.random.default_rng(seed).integers(0, 256, (1, spec.image_size, spec.image_size, 3), dtype=np.uint8)
    return _batch(loaded, np.asarray(loaded.tokenizer(text)["input_ids"], dtype=np.int64), normalise(noise))


@torch.no_grad()
def _asked_logits(loaded: LoadedModel, question: Question, tiling: Tiling) -> torch.Tensor:
    """float32 [L, V] over the prompt of one question."""
    encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling)
    store = PixelStore(loaded.spec.image_size, use_thumbnail=tiling.use_thumbnail, limit_bytes=0)
    grids = encoder.grids(question.record)
    tiles = [store.tiles(path, grid) for path, grid in zip(question.record.images, grids, strict=True)]
    pixels = normalise(np.concatenate(tiles)) if tiles else None
    return all_logits(loaded.model, _batch(loaded, encoder.encode_prompt(question.turns, grids), pixels))[0].cpu()


def _batch(loaded: LoadedModel, ids: np.ndarray, pixels: torch.Tensor | None) -> Batch:
    device = loaded.model.lm_head.weight.device
    row = torch.from_numpy(ids).unsqueeze(0).to(device)
    nothing = torch.full_like(row, -100)
    return Batch(row, nothing, None if pixels is None else pixels.to(device), None, len(ids), lengths=(len(ids),))
