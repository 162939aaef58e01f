"""What an edition costs in boxes: it is asked real questions, and its answers are measured like any model's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from refbox_trainer.answers.evaluate import cases_of_answers
from refbox_trainer.answers.generate import repeats_itself
from refbox_trainer.answers.metrics import measure
from refbox_trainer.artefacts.onnx_parity import OnnxModel
from refbox_trainer.data.pixels import PixelStore
from refbox_trainer.data.questions import Question
from refbox_trainer.data.samples import SampleEncoder, Tiling
from refbox_trainer.data.tiling import normalise
from refbox_trainer.model.load import LoadedModel

_MOST_TOKENS: Final = 128


def compare_answers(loaded: LoadedModel, model: OnnxModel, questions: Sequence[Question]) -> dict[str, Any]:
    """How many questions were asked and the usual figures of the answers (None when nothing could be measured)."""
    spec = loaded.spec
    encoder = SampleEncoder(loaded.tokenizer, spec, loaded.tokens, Tiling.of_checkpoint(spec))
    pixels = PixelStore(spec.image_size, use_thumbnail=spec.use_thumbnail, limit_bytes=0)
    answered = [(question, _answer(loaded, model, question, encoder, pixels)) for question in questions]
    metrics = measure(cases_of_answers(answered))
    return {"questions": len(answered), "metrics": None if metrics is None else metrics.as_json()}


def _answer(
    loaded: LoadedModel, model: OnnxModel, question: Question, encoder: SampleEncoder, pixels: PixelStore
) -> str:
    """The greedy answer without its end token, special tokens kept."""
    images = question.record.images
    grids = encoder.grids(question.record)
    tiles = [pixels.tiles(path, grid) for path, grid in zip(images, grids, strict=True)]
    shown = normalise(np.concatenate(tiles)).numpy() if tiles else None
    embeds = model.embed(encoder.encode_prompt(question.turns, grids).tolist(), shown)
    past = model.empty_past()
    ids: list[int] = []
    while len(ids) < _MOST_TOKENS and not repeats_itself(ids):
        logits, past = model.decode(embeds, past)
        token = int(logits.argmax())
        if token in (loaded.tokens.end_of_turn, loaded.tokenizer.eos_token_id):
            break
        ids.append(token)
        embeds = model.embed([token])
    return loaded.tokenizer.decode(ids, skip_special_tokens=False, spaces_between_special_tokens=False)
