"""The three parts of an InternVL2 model as modules with plain tensor arguments, which is what ONNX can express.

Shapes: T tiles, S tile side, I visual tokens per tile, N new tokens, P past tokens, H width, A query heads, K key/value
heads, G = A / K, D head width, V vocabulary. The batch is always 1: a page answers one question at a time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn
from transformers import InternVLForConditionalGeneration
from transformers.models.qwen2.modeling_qwen2 import apply_rotary_pos_emb

from refbox_trainer.errors import TrainerError

Past = list[tuple[torch.Tensor, torch.Tensor]]


class Architecture(NamedTuple):
    """The numbers a runtime needs to make an empty cache and to read logits."""

    hidden_size: int
    num_layers: int
    num_kv_heads: int
    head_dim: int
    vocab_size: int


def architecture_of(model: InternVLForConditionalGeneration) -> Architecture:
    """Read from the layers themselves, which is where the config's defaults have been resolved."""
    language: Any = model.model.language_model
    first = language.layers[0].self_attn
    return Architecture(
        hidden_size=language.embed_tokens.weight.shape[1],
        num_layers=len(language.layers),
        num_kv_heads=first.k_proj.weight.shape[0] // first.head_dim,
        head_dim=first.head_dim,
        vocab_size=model.lm_head.weight.shape[0],
    )


class VisionEncoder(nn.Module):
    """pixel_values f32 [T, 3, S, S] to image_features f32 [T, I, H]: ViT, pixel shuffle and projector."""

    def __init__(self, model: InternVLForConditionalGeneration) -> None:
        super().__init__()
        self.model: Any = model.model

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.model.get_image_features(pixel_values=pixel_values).pooler_output


class TokenEmbedding(nn.Module):
    """input_ids int64 [1, N] to inputs_embeds f32 [1, N, H]."""

    def __init__(self, model: InternVLForConditionalGeneration) -> None:
        super().__init__()
        self.table = model.model.language_model.embed_tokens

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.table(input_ids)


class CachedDecoder(nn.Module):
    """The language model over the library's own layers, with the cache as ordinary tensors.

    The library's forward keeps its cache in an object and picks an attention kernel at run time, neither of which can
    be traced. Attention is written out as two matrix products around a softmax: onnxruntime's WebAssembly kernels for
    fused attention are 13 to 16 times slower in prefill. Query heads that share a key head are laid behind each other
    along the token axis, so keys and values are never repeated.
    """

    def __init__(self, model: InternVLForConditionalGeneration) -> None:
        super().__init__()
        language: Any = model.model.language_model
        _refuse_unsupported(language)
        self.layers = language.layers
        self.norm = language.norm
        self.head = model.lm_head
        self.rope_scale = float(language.rotary_emb.attention_scaling)
        frequencies = language.rotary_emb.inv_freq.detach().clone().float()
        self.rope_frequencies = nn.Buffer(frequencies, persistent=False)

    def forward(
        self, inputs_embeds: torch.Tensor, attention_mask: torch.Tensor, position_ids: torch.Tensor, past: Past
    ) -> tuple[torch.Tensor, Past]:
        """inputs_embeds f32 [1, N, H], attention_mask int64 [1, P+N] (1 = may be seen), position_ids int64 [1, N],
        past key/value f32 [1, K, P, D] per layer; gives logits f32 [1, 1, V] of the last token and the longer cache.
        """
        bias = _causal_bias(attention_mask, inputs_embeds.shape[1])
        angles = position_ids[..., None].float() * self.rope_frequencies
        angles = torch.cat([angles, angles], dim=-1)
        rope = (angles.cos() * self.rope_scale, angles.sin() * self.rope_scale)
        hidden = inputs_embeds
        present: Past = []
        for layer, cached in zip(self.layers, past, strict=True):
            attended, extended = _attend(layer.self_attn, layer.input_layernorm(hidden), bias, rope, cached)
            hidden = hidden + attended
            hidden = hidden + layer.mlp(layer.post_attention_layernorm(hidden))
            present.append(extended)
        return self.head(self.norm(hidden[:, -1:])), present


def _attend(
    attention: Any,
    hidden: torch.Tensor,
    bias: torch.Tensor,
    rope: tuple[torch.Tensor, torch.Tensor],
    cached: tuple[torch.Tensor, torch.Tensor],
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    _, new, _ = hidden.shape
    width = attention.head_dim
    query = attention.q_proj(hidden).view(1, new, -1, width).transpose(1, 2)
    key = attention.k_proj(hidden).view(1, new, -1, width).transpose(1, 2)
    value = attention.v_proj(hidden).view(1, new, -1, width).transpose(1, 2)
    query, key = apply_rotary_pos_emb(query, key, *rope)
    key = torch.cat([cached[0], key], dim=2)
    value = torch.cat([cached[1], value], dim=2)

    heads, key_heads = query.shape[1], key.shape[1]
    group = heads // key_heads
    query = query.reshape(1, key_heads, group * new, width)
    scores = torch.matmul(query, key.transpose(2, 3)) * attention.scaling
    scores = scores.view(1, key_heads, group, new, -1) + bias
    weights = torch.softmax(scores, dim=-1).view(1, key_heads, group * new, -1)
    mixed = torch.matmul(weights, value).view(1, heads, new, width).transpose(1, 2)
    return attention.o_proj(mixed.reshape(1, new, heads * width)), (key, value)


def _causal_bias(attention_mask: torch.Tensor, new: int) -> torch.Tensor:
    """0 where a query may look, the lowest float elsewhere; [1, 1, 1, N, P+N] for scores [1, K, G, N, P+N]."""
    total = attention_mask.shape[1]
    keys = torch.arange(total)
    queries = keys[total - new :]
    visible = (keys[None, :] <= queries[:, None]) & (attention_mask[0] > 0)[None, :]
    lowest = torch.finfo(torch.float32).min
    return torch.where(visible, 0.0, lowest)[None, None, None]


def _refuse_unsupported(language: Any) -> None:
    # What the trace cannot express would be wrong only for long inputs, which no quick check would notice.
    kind = language.rotary_emb.rope_type
    if kind not in ("default", "dynamic", "linear"):
        raise TrainerError(
            "bad_model",
            f'The browser export does not know the rotary embedding "{kind}" of this model.',
            "Export the merged weights instead; they are complete without the browser bundle.",
        )
    layer_types = getattr(language.config, "layer_types", None) or []
    attention = language.layers[0].self_attn
    if "sliding_attention" in layer_types or not hasattr(attention, "q_proj") or hasattr(attention, "q_norm"):
        raise TrainerError(
            "bad_model",
            f'The browser export does not know the attention layers of "{language.config.model_type}" models.',
            "Use a checkpoint with full attention and separate q, k and v projections (Qwen2, Llama).",
        )
