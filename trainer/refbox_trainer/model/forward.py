"""One way through the model for training, inspection and generation.

The pieces of `InternVLForConditionalGeneration` are called one by one, for two reasons: visual features of frozen
parts can come from a cache, and logits are computed only where they are needed (a row of logits is as wide as the
vocabulary). Shapes: B rows, L positions, H width of the language model, T tiles, V vocabulary, K supervised tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from transformers import InternVLForConditionalGeneration

from refbox_trainer.data.samples import IGNORED
from refbox_trainer.data.weighting import LossWeighting, sample_weight, token_weight
from refbox_trainer.model.long_rope import PerSampleLongRope
from refbox_trainer.model.packed_attention import packing_arguments

LOGIT_BYTES: Final = 256 << 20
"""Float32 logits that may exist at once during training. 700 rows of InternLM2's vocabulary, which a micro-batch of
grounding answers rarely exceeds; what does is computed piece by piece and again in the backward pass."""

_PAD_ID: Final = 0


class Batch(NamedTuple):
    """Samples side by side, one a row and padded on the right, or packed: one behind the other in a single row.

    There is no attention mask: attention is causal, so that no real token ever sees the padding behind it, and the
    padding carries no label. (The original masks by `id != 0` instead and thereby hides every `!` of the text.) In a
    packed row positions start anew with each sample, and attention follows `lengths`.
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
    predicting: torch.Tensor | None = None
    """int64 [K]: places in the flattened `input_ids` whose next token is supervised."""
    weights: torch.Tensor | None = None
    """float32 [K]: what each of them counts in the loss."""
    weight: float = 0.0
    """Sum of `weights`, known without asking the device."""
    lengths: tuple[int, ...] = ()
    """Tokens of each sample, in order."""
    positions: torch.Tensor | None = None
    """int64 [1, L] of a packed row, each sample counting from 0; None where every row is one sample."""

    @property
    def samples(self) -> int:
        return len(self.lengths)

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device; copies out of pinned memory do not wait."""
        fields: dict[str, Any] = self._asdict()
        tensors = {name: value for name, value in fields.items() if isinstance(value, torch.Tensor)}
        return self._replace(**{name: value.to(device, non_blocking=True) for name, value in tensors.items()})


def collate(
    sequences: Sequence[tuple[np.ndarray, np.ndarray]],
    pixel_values: torch.Tensor | None,
    features: torch.Tensor | None,
    *,
    weighting: LossWeighting = "token",
    packed: bool = False,
) -> Batch:
    """A batch of pairs of ids and labels (int64 arrays): padded on the right, or one behind the other."""
    lengths = [len(ids) for ids, _ in sequences]
    packed = packed and len(lengths) > 1
    length = sum(lengths) if packed else max(lengths)
    starts = [sum(lengths[:row]) if packed else row * length for row in range(len(lengths))]
    shape = (1, length) if packed else (len(lengths), length)
    input_ids, labels = np.full(shape, _PAD_ID, dtype=np.int64), np.full(shape, IGNORED, dtype=np.int64)
    predicting: list[np.ndarray] = []
    weights: list[np.ndarray] = []
    total = 0.0
    for start, (ids, label) in zip(starts, sequences, strict=True):
        input_ids.reshape(-1)[start : start + len(ids)] = ids
        labels.reshape(-1)[start : start + len(ids)] = label
        # The first token of a sample is never predicted: what stands before it in a packed row is another sample.
        places = np.flatnonzero(label[1:] != IGNORED)
        predicting.append(start + places)
        if len(places):
            weights.append(np.full(len(places), token_weight(weighting, len(places)), dtype=np.float32))
            total += sample_weight(weighting, len(places))
    return Batch(
        input_ids=torch.from_numpy(input_ids),
        labels=torch.from_numpy(labels),
        pixel_values=pixel_values,
        features=features,
        tokens=sum(lengths),
        predicting=torch.from_numpy(np.concatenate(predicting)),
        weights=torch.from_numpy(np.concatenate(weights)) if weights else torch.zeros(0),
        weight=total,
        lengths=tuple(lengths),
        positions=torch.cat([torch.arange(count) for count in lengths]).unsqueeze(0) if packed else None,
    )


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
    language: Any = model.model.language_model
    positions, arguments = batch.positions, {}
    if positions is not None:
        arguments = packing_arguments(language, batch.lengths, positions.device)
    elif isinstance(language.rotary_emb, PerSampleLongRope) and language.rotary_emb.mixes(batch.lengths):
        # The padding gets positions of its own, so that every row tells where its sample ends.
        positions = _padded_positions(batch)
    return language(inputs_embeds=embeds, position_ids=positions, use_cache=False, **arguments).last_hidden_state


def token_losses(model: InternVLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """float32 [K] cross entropy of every supervised token, given what stands before it."""
    if batch.predicting is None:
        raise ValueError("only a batch made by collate knows its supervised tokens")
    hidden = hidden_states(model, batch).flatten(0, 1)[batch.predicting]
    targets = batch.labels.flatten()[batch.predicting + 1]
    return head_losses(model.lm_head, hidden, targets)


def weighted_loss(model: InternVLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """Sum of weight times cross entropy over the supervised tokens.

    Divided by the weight of the whole optimizer step, it adds up over micro-batches, packs and processes to the one
    loss of the step, however its samples are spread.
    """
    losses = token_losses(model, batch)
    assert batch.weights is not None
    return (losses * batch.weights).sum()


def head_losses(
    head: Any, hidden: torch.Tensor, targets: torch.Tensor, *, logit_bytes: int = LOGIT_BYTES
) -> torch.Tensor:
    """float32 [K] cross entropy of the logits `head(hidden)` for hidden [K, H] and int64 targets [K].

    Never more than `logit_bytes` of logits exist at once: rows are taken in pieces, whose logits are dropped and
    computed again when gradients need them.
    """
    rows = max(1, logit_bytes // (4 * head.weight.shape[0]))
    if len(targets) <= rows:
        return _head_losses(head, hidden, targets)
    pieces = zip(hidden.split(rows), targets.split(rows), strict=True)
    losses: list[Any] = [checkpoint(_head_losses, head, *piece, use_reentrant=False) for piece in pieces]
    return torch.cat(losses)


def all_logits(model: InternVLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """float32 [B, L, V]"""
    return model.lm_head(hidden_states(model, batch)).float()


def _padded_positions(batch: Batch) -> torch.Tensor:
    places = torch.arange(batch.input_ids.shape[1], device=batch.input_ids.device)
    lengths = torch.tensor(batch.lengths, device=batch.input_ids.device).unsqueeze(-1)
    return torch.where(places < lengths, places, 0)


def _head_losses(head: Any, hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return functional.cross_entropy(head(hidden).float(), targets, reduction="none")
