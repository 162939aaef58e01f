"""One table row per kind of language model that an InternVL checkpoint may carry.

A row says how the text config of the original layout reads, how its weights are named in both layouts, and which
linear layers LoRA adapts. A new family is a new row, nothing else. Several original architectures share one native
model (InternLM2 is a Llama whose attention matrix is stored fused), so a family is found by the original architecture
wherever that is known, and only for foreign native checkpoints by the native type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from refbox_trainer.errors import TrainerError


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFamily:
    """What differs between language models; everything else of InternVL is common to all sizes."""

    name: str
    """Also `llm_config.model_type` of the original config."""
    architecture: str
    """`llm_config.architectures[0]` of the original config."""
    native_type: str
    """The transformers model type of the native text model."""
    default_template: str = "internvl2_5"
    """The template of a native checkpoint that does not name one."""
    text_config: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Original `llm_config` to the keyword arguments of the native text config."""
    embedding: str = "model.embed_tokens"
    """Original module names below `language_model.`; the native ones are `embed_tokens`, `norm` and `lm_head`."""
    head: str = "lm_head"
    layer: Mapping[str, str]
    """Modules of one layer: original name to native name."""
    fused_attention: str | None = None
    """The original module that holds q, k and v grouped by key head, where the native model keeps them apart."""
    lora_targets: tuple[str, ...]
    """Linear layers below `model.language_model.layers.N.`, under native names."""


class AttentionShape(NamedTuple):
    """Sizes of an attention layer of the language model."""

    heads: int
    key_heads: int
    head_dim: int


def attention_shape(text: Mapping[str, Any]) -> AttentionShape:
    """Read from a text config of either layout, which use the same keys."""
    heads = text["num_attention_heads"]
    return AttentionShape(
        heads=heads,
        key_heads=text.get("num_key_value_heads") or heads,
        head_dim=text.get("head_dim") or text["hidden_size"] // heads,
    )


_COMMON_TEXT_KEYS: Final = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "hidden_act",
    "max_position_embeddings",
    "rms_norm_eps",
    "attention_dropout",
    "initializer_range",
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
)


def _text_config(original: Mapping[str, Any], *more_keys: str) -> dict[str, Any]:
    arguments = {key: original[key] for key in (*_COMMON_TEXT_KEYS, *more_keys) if key in original}
    # Hub configs leave out rope_theta only when it has the class default of that time, 10000.
    return {**arguments, "rope_parameters": rope_parameters(original)}


def _qwen2_text_config(original: Mapping[str, Any]) -> dict[str, Any]:
    return _text_config(original, "use_sliding_window", "sliding_window", "max_window_layers")


def _qwen3_text_config(original: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("use_sliding_window", "sliding_window", "max_window_layers", "head_dim", "attention_bias")
    return _text_config(original, *keys)


def _llama_text_config(original: Mapping[str, Any]) -> dict[str, Any]:
    return _text_config(original, "attention_bias", "mlp_bias", "head_dim")


def _internlm2_text_config(original: Mapping[str, Any]) -> dict[str, Any]:
    # `bias` covers the two attention matrices and nothing else, like `attention_bias` of Llama. Its class default is
    # True, every release says false.
    return {**_text_config(original, "head_dim"), "attention_bias": original.get("bias", True)}


def _phi3_text_config(original: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("sliding_window", "resid_pdrop", "embd_pdrop", "original_max_position_embeddings")
    arguments = _text_config(original, *keys)
    if arguments["rope_parameters"]["rope_type"] == "longrope":
        # The old config keeps the trained length beside the factors; the new one wants it among them.
        length = original.get("original_max_position_embeddings", 4096)
        arguments["rope_parameters"].setdefault("original_max_position_embeddings", length)
    return arguments


_ROPE_TYPES: Final = {"su": "longrope"}
"""Rotary embeddings that transformers has renamed since the checkpoints were written."""


def rope_parameters(original: Mapping[str, Any]) -> dict[str, Any]:
    """The native description of the rotary embedding, from the old `rope_theta` and `rope_scaling` keys."""
    if isinstance(original.get("rope_parameters"), Mapping):
        return dict(original["rope_parameters"])
    parameters: dict[str, Any] = {"rope_type": "default", "rope_theta": float(original.get("rope_theta") or 10000.0)}
    scaling = original.get("rope_scaling")
    if scaling:
        extra = {key: value for key, value in scaling.items() if key not in ("type", "rope_type")}
        kind = scaling.get("rope_type", scaling.get("type", "default"))
        parameters |= {"rope_type": _ROPE_TYPES.get(kind, kind), **extra}
    return parameters


_NORMS: Final = {name: name for name in ("input_layernorm", "post_attention_layernorm")}
_LLAMA_LAYER: Final = {
    name: name
    for name in (
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.o_proj",
        "mlp.gate_proj",
        "mlp.up_proj",
        "mlp.down_proj",
    )
}
_PHI3_LAYER: Final = {
    name: name for name in ("self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj")
}
_INTERNLM2_LAYER: Final = {
    "attention.wo": "self_attn.o_proj",
    "feed_forward.w1": "mlp.gate_proj",
    "feed_forward.w3": "mlp.up_proj",
    "feed_forward.w2": "mlp.down_proj",
    "attention_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}

QWEN2: Final = TextFamily(
    name="qwen2",
    architecture="Qwen2ForCausalLM",
    native_type="qwen2",
    text_config=_qwen2_text_config,
    layer={**_LLAMA_LAYER, **_NORMS},
    lora_targets=tuple(_LLAMA_LAYER),
)
QWEN3: Final = TextFamily(
    name="qwen3",
    architecture="Qwen3ForCausalLM",
    native_type="qwen3",
    text_config=_qwen3_text_config,
    layer={**_LLAMA_LAYER, **_NORMS, "self_attn.q_norm": "self_attn.q_norm", "self_attn.k_norm": "self_attn.k_norm"},
    lora_targets=tuple(_LLAMA_LAYER),
)
LLAMA: Final = TextFamily(
    name="llama",
    architecture="LlamaForCausalLM",
    native_type="llama",
    text_config=_llama_text_config,
    layer={**_LLAMA_LAYER, **_NORMS},
    lora_targets=tuple(_LLAMA_LAYER),
)
INTERNLM2: Final = TextFamily(
    name="internlm2",
    architecture="InternLM2ForCausalLM",
    native_type="llama",
    text_config=_internlm2_text_config,
    embedding="model.tok_embeddings",
    head="output",
    layer=_INTERNLM2_LAYER,
    fused_attention="attention.wqkv",
    lora_targets=tuple(_LLAMA_LAYER),
)
PHI3: Final = TextFamily(
    name="phi3",
    architecture="Phi3ForCausalLM",
    native_type="phi3",
    default_template="phi3-chat",
    text_config=_phi3_text_config,
    layer={**_PHI3_LAYER, **_NORMS},
    lora_targets=tuple(_PHI3_LAYER),
)

FAMILIES: Final = (QWEN2, QWEN3, LLAMA, INTERNLM2, PHI3)
"""LLAMA stands before INTERNLM2: a native Llama of unknown origin is written back with plain Llama names."""


def family_by_architecture(architecture: str) -> TextFamily:
    """The family of an original checkpoint; raises TrainerError("bad_model") when there is none."""
    return _find("architecture", architecture)


def family_by_native_type(native_type: str) -> TextFamily:
    """The family of a native checkpoint's text model; raises TrainerError("bad_model") when there is none."""
    return _find("native_type", native_type)


def family_by_name(name: str) -> TextFamily:
    """The table row called `name`; raises TrainerError("bad_model") when there is none."""
    return _find("name", name)


def _find(field: str, wanted: str) -> TextFamily:
    for family in FAMILIES:
        if getattr(family, field) == wanted:
            return family
    known = ", ".join(dict.fromkeys(getattr(family, field) for family in FAMILIES))
    raise TrainerError(
        "bad_model",
        f'The language model "{wanted}" of this checkpoint is not supported.',
        f"Supported here: {known}.",
    )
