"""One way through the model for training, inspection and generation.

The pieces of `InternVLForConditionalGeneration` are called one by one, for two reasons: visual features of frozen
parts can come from a cache, and logits are computed only where they are needed (a row of logits is as wide as the
vocabulary). Shapes: B samples, L positions, H width of the language model, T tiles, V vocabulary, K supervised tokens.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import torch
from torch.nn import functional
from transformers import InternVLForConditionalGeneration

from refbox_trainer.data.samples import IGNORED

_PAD_ID: Final = 0


class Batch(NamedTuple):
    """Right-padded samples.

    There is no attention mask: attention is causal, so that no real token ever sees the padding behind it, and the
    padding carries no label. (The original masks by `id != 0` instead and thereby hides every `!` of the text.)
    """

    input_ids: torch.Tensor
    """int64 [B, L]"""
    labels: torch.Tensor
    """int64 [B, L], -100 where nothing is supervised."""
    pixel_values: torch.Tensor | None
    """float32 [T, 3, S, S], or None when there is no picture or `features` are given."""
    features: torch.Tensor | None
    """[rows, H] visual features in the order of the placeholders."""
    tokens: int
    """Real tokens, without padding."""


def collate(
    sequences: list[tuple[Any, Any]], pixel_values: torch.Tensor | None, features: torch.Tensor | None
) -> Batch:
    """Pad pairs of ids and labels (int64 arrays) on the right."""
    length = max(len(ids) for ids, _ in sequences)
    input_ids = torch.full((len(sequences), length), _PAD_ID, dtype=torch.int64)
    labels = torch.full((len(sequences), length), IGNORED, dtype=torch.int64)
    for row, (ids, label) in enumerate(sequences):
        input_ids[row, : len(ids)] = torch.from_numpy(ids)
        labels[row, : len(ids)] = torch.from_numpy(label)
    return Batch(input_ids, labels, pixel_values, features, sum(len(ids) for ids, _ in sequences))


def visual_features(model: InternVLForConditionalGeneration, pixel_values: torch.Tensor) -> torch.Tensor:
    """[T, 3, S, S] to [T * tokens per tile, H], tiles in order."""
    output: Any = model.model.get_image_features(pixel_values=pixel_values)
    return output.pooler_output.flatten(0, 1)


def embed(
    model: InternVLForConditionalGeneration, input_ids: torch.Tensor, features: torch.Tensor | None
) -> torch.Tensor:
    """[B, L] ids and visual rows to [B, L, H]; row k replaces the k-th placeholder."""
    embedding: Any = model.model.language_model.embed_tokens
    embeds = embedding(input_ids)
    if features is None:
        return embeds
    mask = (input_ids == model.config.image_token_id).unsqueeze(-1)
    if int(mask.sum()) != features.shape[0]:
        raise ValueError(f"{int(mask.sum())} placeholders for {features.shape[0]} visual rows")
    return embeds.masked_scatter(mask, features.to(embeds.dtype))


def hidden_states(model: InternVLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """[B, L, H] behind the last norm."""
    features = batch.features
    if batch.pixel_values is not None:
        features = visual_features(model, batch.pixel_values)
    embeds = embed(model, batch.input_ids, features)
    return model.model.language_model(inputs_embeds=embeds, use_cache=False).last_hidden_state


def token_losses(model: InternVLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """float32 [K] cross entropy of every supervised token, given what stands before it."""
    hidden = hidden_states(model, batch)[:, :-1]
    targets = batch.labels[:, 1:]
    supervised = targets != IGNORED
    logits = model.lm_head(hidden[supervised])
    return functional.cross_entropy(logits.float(), targets[supervised], reduction="none")


def all_logits(model: InternVLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """float32 [B, L, V]"""
    return model.lm_head(hidden_states(model, batch)).float()
