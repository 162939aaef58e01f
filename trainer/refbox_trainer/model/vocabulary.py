"""Special tokens that a checkpoint lacks: the rows of the embedding and of the head grow with the tokenizer.

As the original training code does, both matrices get exactly as many rows as the tokenizer has tokens (padded
vocabularies shrink), and the head's new rows are the mean of the old ones. The original leaves new rows of the
embedding at random values; here they are the mean as well, so that loading twice gives the same model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import torch

from refbox_trainer.model.spec import ModelSpec

_GROWING: Final = ("lm_head.weight", "model.language_model.embed_tokens.weight")


def rows_needed(tokenizer: Any) -> int:
    """One row per id of the tokenizer."""
    return max(tokenizer.get_vocab().values()) + 1


def with_vocabulary(spec: ModelSpec, rows: int) -> ModelSpec:
    """`spec` for a model with `rows` tokens, also in the configs that are written from it."""
    part = "llm_config" if spec.layout == "original" else "text_config"
    raw = _with_rows(spec.raw_config, part, rows)
    original = spec.original_config and _with_rows(spec.original_config, "llm_config", rows)
    return replace(spec, raw_config=raw, original_config=original)


def grow_rows(
    weights: Iterable[tuple[str, torch.Tensor]], rows: int, new: tuple[int, ...]
) -> Iterator[tuple[str, torch.Tensor]]:
    """Bring embedding and head [V, H] to `rows` rows; `new` are the ids whose tokens were added."""
    for name, tensor in weights:
        yield name, _grown(tensor, rows, new) if name in _GROWING else tensor


def _grown(old: torch.Tensor, rows: int, new: tuple[int, ...]) -> torch.Tensor:
    grown = old.new_empty(rows, old.shape[1])
    if grown.device.type == "meta":
        return grown
    kept = min(rows, old.shape[0])
    meaningful = torch.ones(kept, dtype=torch.bool)
    meaningful[[row for row in new if row < kept]] = False
    # The mean is taken in float32: a sum of 100,000 bfloat16 rows loses most of its digits.
    grown[:] = old[:kept][meaningful].mean(dim=0, dtype=torch.float32).to(old.dtype)
    grown[:kept][meaningful] = old[:kept][meaningful]
    return grown


def _with_rows(config: Mapping[str, Any], part: str, rows: int) -> dict[str, Any]:
    return {**config, part: {**config[part], "vocab_size": rows}}
