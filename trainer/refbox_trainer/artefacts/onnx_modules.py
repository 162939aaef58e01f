"""The three parts of an InternVL2 model as modules with plain tensor arguments, which is what ONNX can express.

Shapes: T tiles, S tile side, I visual tokens per tile, N new tokens, P past tokens, H width, A query heads, K key/value
heads, G = A / K, D head width, V vocabulary. The batch is always 1: a page answers one question at a time.
"""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

import torch
from torch import nn
from transformers import InternVLForConditionalGeneration
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
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
    return Architecture(
        hidden_size=language.embed_tokens.weight.shape[1],
        num_layers=len(language.layers),
        num_kv_heads=language.config.num_key_value_heads,
        head_dim=language.layers[0].self_attn.head_dim,
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
        self.rope = RotaryAngles(language)

    def forward(
        self, inputs_embeds: torch.Tensor, attention_mask: torch.Tensor, position_ids: torch.Tensor, past: Past
    ) -> tuple[torch.Tensor, Past]:
        """inputs_embeds f32 [1, N, H], attention_mask int64 [1, P+N] (1 = may be seen), position_ids int64 [1, N],
        past key/value f32 [1, K, P, D] per layer; gives logits f32 [1, 1, V] of the last token and the longer cache.
        """
        bias = _causal_bias(attention_mask, inputs_embeds.shape[1])
        rope = self.rope(position_ids)
        hidden = inputs_embeds
        present: Past = []
        for layer, cached in zip(self.layers, past, strict=True):
            attended, extended = _attend(layer.self_attn, layer.input_layernorm(hidden), bias, rope, cached)
            hidden = hidden + attended
            hidden = hidden + layer.mlp(layer.post_attention_layernorm(hidden))
            present.append(extended)
        return self.head(self.norm(hidden[:, -1:])), present


class RotaryAngles(nn.Module):
    """Cosines and sines f32 [1, N, D] of positions int64 [1, N].

    Of the kinds that change with the length, "dynamic" starts only beyond the positions a model was trained for, which
    no page reaches, and "longrope" (Phi-3) has a second set of frequencies from a stated position on.
    """

    def __init__(self, language: Any) -> None:
        super().__init__()
        rotary = language.rotary_emb
        self.scale = float(rotary.attention_scaling)
        self.short = nn.Buffer(rotary.original_inv_freq.detach().clone().float(), persistent=False)
        self.switch: int | None = None
        if rotary.rope_type == "longrope":
            switch = int(language.config.rope_parameters["original_max_position_embeddings"])
            long, _ = ROPE_INIT_FUNCTIONS["longrope"](language.config, device=self.short.device, seq_len=switch + 1)
            self.switch = switch
            self.long = nn.Buffer(long.float(), persistent=False)

    def forward(self, position_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        frequencies = self.short
        if self.switch is not None:
            frequencies = torch.where(position_ids.max() >= self.switch, self.long, self.short)
        angles = position_ids[..., None].float() * frequencies
        angles = torch.cat([angles, angles], dim=-1)
        return angles.cos() * self.scale, angles.sin() * self.scale


def _attend(
    attention: Any,
    hidden: torch.Tensor,
    bias: torch.Tensor,
    rope: tuple[torch.Tensor, torch.Tensor],
    cached: tuple[torch.Tensor, torch.Tensor],
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    _, new, _ = hidden.shape
    width = attention.head_dim
    query, key, value = (part.view(1, new, -1, width) for part in _project(attention, hidden))
    if hasattr(attention, "q_norm"):
        query, key = attention.q_norm(query), attention.k_norm(key)
    query, key, value = query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2)
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


def _project(attention: Any, hidden: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Queries, keys and values [1, N, heads * D]; Phi-3 holds the three in one matrix, in this order."""
    if hasattr(attention, "q_proj"):
        return attention.q_proj(hidden), attention.k_proj(hidden), attention.v_proj(hidden)
    fused = attention.qkv_proj(hidden)
    keys = attention.num_key_value_heads * attention.head_dim
    return fused.split([fused.shape[-1] - 2 * keys, keys, keys], dim=-1)


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
    config = language.config
    kind = language.rotary_emb.rope_type
    if kind not in ("default", "dynamic", "linear", "llama3", "yarn", "longrope"):
        _refuse(f'the rotary embedding "{kind}"')
    if config.rope_parameters.get("partial_rotary_factor", 1.0) != 1.0:
        _refuse("a rotary embedding over a part of each head")
    window = getattr(config, "sliding_window", None)
    if window and window < config.max_position_embeddings and _slides(config):
        _refuse(f"attention that sees only the last {window} tokens")
    attention = language.layers[0].self_attn
    if not (hasattr(attention, "q_proj") or hasattr(attention, "qkv_proj")):
        _refuse(f'the attention layers of "{config.model_type}"')


def _slides(config: Any) -> bool:
    """Whether any layer looks through a window; models that state no kind of layers use it in all of them."""
    kinds = getattr(config, "layer_types", None)
    return kinds is None or "sliding_attention" in kinds


def _refuse(what: str) -> NoReturn:
    raise TrainerError(
        "bad_model",
        f"The browser export does not know {what}, which this model has.",
        "Use the merged weights instead; they are complete without the browser bundle.",
    )
