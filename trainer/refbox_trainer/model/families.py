"""One table row per kind of language model that an InternVL2 checkpoint may carry.

A row says how the text config of the original layout reads, how its weights are named natively, and which linear
layers LoRA adapts. A new family is a new row (and its own rename rules), nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from refbox_trainer.errors import TrainerError


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFamily:
    """What differs between language models; everything else of InternVL2 is common to all sizes."""

    name: str
    """The transformers model type of the native text model."""
    architecture: str
    """`llm_config.architectures[0]` of the original config."""
    tokenizer_class: str
    default_template: str
    """The template of a native checkpoint that does not name one."""
    text_config: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Original `llm_config` to the keyword arguments of the native text config."""
    to_native: Mapping[str, str]
    """Prefix renames from original to native names, longest first when one contains another."""
    lora_targets: tuple[str, ...]
    """Linear layers below `model.language_model.layers.N.`."""


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


def _qwen2_text_config(original: Mapping[str, Any]) -> dict[str, Any]:
    keys = (*_COMMON_TEXT_KEYS, "use_sliding_window", "sliding_window", "max_window_layers")
    arguments = {key: original[key] for key in keys if key in original}
    # Hub configs of Qwen2 leave out rope_theta only when it has the class default of that time, 10000.
    arguments["rope_parameters"] = rope_parameters(original)
    return arguments


def rope_parameters(original: Mapping[str, Any]) -> dict[str, Any]:
    """The native description of the rotary embedding, from the old `rope_theta` and `rope_scaling` keys."""
    if isinstance(original.get("rope_parameters"), Mapping):
        return dict(original["rope_parameters"])
    parameters: dict[str, Any] = {"rope_type": "default", "rope_theta": float(original.get("rope_theta", 10000.0))}
    scaling = original.get("rope_scaling")
    if scaling:
        extra = {key: value for key, value in scaling.items() if key != "type"}
        parameters |= {"rope_type": scaling.get("rope_type", scaling.get("type", "default")), **extra}
    return parameters


_LLAMA_LIKE_NAMES: Final = {
    "language_model.model.": "model.language_model.",
    "language_model.lm_head.": "lm_head.",
}

_LLAMA_LIKE_TARGETS: Final = (
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
)

FAMILIES: Final = (
    TextFamily(
        name="qwen2",
        architecture="Qwen2ForCausalLM",
        tokenizer_class="Qwen2Tokenizer",
        default_template="internvl2_5",
        text_config=_qwen2_text_config,
        to_native=_LLAMA_LIKE_NAMES,
        lora_targets=_LLAMA_LIKE_TARGETS,
    ),
)


def family_by_architecture(architecture: str) -> TextFamily:
    """The family of an original checkpoint; raises TrainerError("bad_model") when there is none."""
    return _find("architecture", architecture)


def family_by_name(name: str) -> TextFamily:
    """The family of a native checkpoint's text model type; raises TrainerError("bad_model") when there is none."""
    return _find("name", name)


def _find(field: str, wanted: str) -> TextFamily:
    for family in FAMILIES:
        if getattr(family, field) == wanted:
            return family
    known = ", ".join(getattr(family, field) for family in FAMILIES)
    raise TrainerError(
        "bad_model",
        f'The language model "{wanted}" of this checkpoint is not supported.',
        f"Supported here: {known}.",
    )
