"""config.json of the original InternVL layout: for a new model, and for a native one of other origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from refbox_trainer.model.families import TextFamily, rope_parameters
from refbox_trainer.model.native_config import native_config
from refbox_trainer.model.spec import ModelSpec

_AUTO_MAP: Final = {
    "AutoConfig": "configuration_internvl_chat.InternVLChatConfig",
    "AutoModel": "modeling_internvl_chat.InternVLChatModel",
    "AutoModelForCausalLM": "modeling_internvl_chat.InternVLChatModel",
}
_TEXT_KEYS: Final = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "hidden_act",
    "max_position_embeddings",
    "original_max_position_embeddings",
    "rms_norm_eps",
    "attention_dropout",
    "attention_bias",
    "mlp_bias",
    "initializer_range",
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "use_sliding_window",
    "sliding_window",
    "max_window_layers",
    "tie_word_embeddings",
)
"""Keys with the same name and meaning in both layouts."""

_OLD_ROPE_TYPES: Final = {"longrope": "su"}


def original_config_of(spec: ModelSpec) -> Mapping[str, Any]:
    """What `spec` has in the original layout: kept from where it came, or derived from the transformers config."""
    if spec.original_config is not None:
        return spec.original_config
    native = native_config(spec).to_dict()
    text, vision = native["text_config"], native["vision_config"]
    tied = bool(native.get("tie_word_embeddings") or spec.may_tie)
    return {
        "_commit_hash": None,
        "architectures": ["InternVLChatModel"],
        "auto_map": _AUTO_MAP,
        "downsample_ratio": native["downsample_ratio"],
        "dynamic_image_size": spec.dynamic_image_size,
        "force_image_size": spec.image_size,
        "llm_config": {**_original_text(spec.family, text), "tie_word_embeddings": tied},
        "max_dynamic_patch": spec.max_dynamic_patch,
        "min_dynamic_patch": spec.min_dynamic_patch,
        "model_type": "internvl_chat",
        "pad2square": False,
        "ps_version": "v2",
        "select_layer": native["vision_feature_layer"],
        "template": spec.template.name,
        "tie_word_embeddings": tied,
        "use_backbone_lora": 0,
        "use_llm_lora": 0,
        "use_thumbnail": spec.use_thumbnail,
        "vision_config": _original_vision(vision, image_size=spec.image_size),
    }


def _original_text(family: TextFamily, native: Mapping[str, Any]) -> dict[str, Any]:
    rope = rope_parameters(native)
    kind = rope["rope_type"]
    kept = {key: native[key] for key in _TEXT_KEYS if key in native}
    if kind == "longrope":
        kept["original_max_position_embeddings"] = rope["original_max_position_embeddings"]
    scaling = None if kind == "default" else {"type": _OLD_ROPE_TYPES.get(kind, kind)}
    if scaling is not None:
        # The readers of that time refuse a dictionary with any other key.
        scaling |= {key: rope[key] for key in ("factor", "short_factor", "long_factor") if key in rope}
    return {
        "architectures": [family.architecture],
        "model_type": family.name,
        **kept,
        "rope_theta": rope["rope_theta"],
        "rope_scaling": scaling,
    }


def _original_vision(native: Mapping[str, Any], *, image_size: int) -> dict[str, Any]:
    return {
        "architectures": ["InternVisionModel"],
        "model_type": "intern_vit_6b",
        "attention_dropout": native["attention_dropout"],
        "drop_path_rate": 0.0,
        "dropout": native["hidden_dropout_prob"],
        "hidden_act": native["hidden_act"],
        "hidden_size": native["hidden_size"],
        "image_size": image_size,
        "initializer_factor": native["layer_scale_init_value"],
        "initializer_range": native["initializer_range"],
        "intermediate_size": native["intermediate_size"],
        "layer_norm_eps": native["layer_norm_eps"],
        "norm_type": native["norm_type"],
        "num_attention_heads": native["num_attention_heads"],
        "num_channels": native["num_channels"],
        "num_hidden_layers": native["num_hidden_layers"],
        "patch_size": native["patch_size"][0],
        "qk_normalization": native["use_qk_norm"],
        "qkv_bias": native["attention_bias"],
        "use_flash_attn": False,
    }


def original_config(
    *,
    vocab_size: int,
    image_size: int,
    vision: Mapping[str, int],
    text: Mapping[str, int],
    template: str = "Hermes-2",
    max_dynamic_patch: int = 6,
    max_position_embeddings: int = 32768,
    end_of_text_id: int,
    end_of_turn_id: int,
) -> dict[str, Any]:
    """config.json for a new Qwen2-type checkpoint in the original layout, with the keys and values of InternVL2-1B.

    `vision` gives hidden_size, intermediate_size, num_hidden_layers, num_attention_heads and patch_size; `text` gives
    hidden_size, intermediate_size, num_hidden_layers, num_attention_heads and num_key_value_heads.
    """
    return {
        "_commit_hash": None,
        "architectures": ["InternVLChatModel"],
        "auto_map": _AUTO_MAP,
        "downsample_ratio": 0.5,
        "dynamic_image_size": True,
        "force_image_size": image_size,
        "llm_config": {
            "architectures": ["Qwen2ForCausalLM"],
            "model_type": "qwen2",
            "attention_dropout": 0.0,
            "bos_token_id": end_of_text_id,
            "eos_token_id": end_of_turn_id,
            "hidden_act": "silu",
            "initializer_range": 0.02,
            "max_position_embeddings": max_position_embeddings,
            "max_window_layers": text["num_hidden_layers"],
            "rms_norm_eps": 1e-06,
            "rope_theta": 1000000.0,
            "sliding_window": None,
            "tie_word_embeddings": False,
            "torch_dtype": "bfloat16",
            "use_cache": True,
            "use_sliding_window": False,
            "vocab_size": vocab_size,
            **text,
        },
        "max_dynamic_patch": max_dynamic_patch,
        "min_dynamic_patch": 1,
        "model_type": "internvl_chat",
        "pad2square": False,
        "ps_version": "v2",
        "select_layer": -1,
        "template": template,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "use_backbone_lora": 0,
        "use_llm_lora": 0,
        "use_thumbnail": True,
        "vision_config": {
            "architectures": ["InternVisionModel"],
            "model_type": "intern_vit_6b",
            "attention_dropout": 0.0,
            "drop_path_rate": 0.0,
            "dropout": 0.0,
            "hidden_act": "gelu",
            "image_size": image_size,
            "initializer_factor": 1.0,
            "initializer_range": 0.02,
            "layer_norm_eps": 1e-06,
            "norm_type": "layer_norm",
            "num_channels": 3,
            "qk_normalization": False,
            "qkv_bias": True,
            "torch_dtype": "bfloat16",
            "use_flash_attn": False,
            **vision,
        },
    }
