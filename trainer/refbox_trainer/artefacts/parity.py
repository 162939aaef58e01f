"""Whether two models say the same: the largest gap between their logits on fixed inputs."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import torch
from transformers import InternVLForConditionalGeneration

from refbox_trainer.data.grounding import referring_question
from refbox_trainer.data.tiling import normalise
from refbox_trainer.model.forward import Batch, all_logits
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.model.template import Turn, render_prompt
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START

TOLERANCES: Final = {torch.float32: 1e-3, torch.float16: 0.1, torch.bfloat16: 0.5}
"""Allowed gap by the type the weights are stored in. Wrong weight mappings differ by 2 to 9; merging in bf16 as the
original tool does differs by 0.17 on InternVL2 shapes; merging in float32 by 3e-5."""

_EXPRESSIONS: Final = ("the red square", "左边的圆", "an arrow that points down")


class Parity(NamedTuple):
    max_logit_gap: float
    samples: int
    tolerance: float

    @property
    def passed(self) -> bool:
        return self.max_logit_gap <= self.tolerance

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "passed": self.passed}


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


def _probe(loaded: LoadedModel, expression: str, seed: int) -> Batch:
    spec = loaded.spec
    block = IMG_START + IMAGE_CONTEXT * spec.num_image_token + IMG_END
    text = render_prompt(spec.template, [Turn("human", f"{block}\n{referring_question(expression)}")])
    noise = np.random.default_rng(seed).integers(0, 256, (1, spec.image_size, spec.image_size, 3), dtype=np.uint8)
    device = loaded.model.device
    ids = torch.tensor([loaded.tokenizer(text)["input_ids"]], dtype=torch.int64, device=device)
    return Batch(ids, torch.full_like(ids, -100), normalise(noise).to(device), None, ids.shape[1])
