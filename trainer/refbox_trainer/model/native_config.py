"""Configs of both layouts: original InternVL2 config.json to the transformers config, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transformers import InternVLConfig, InternVLVisionConfig
from transformers.models.auto import AutoConfig

from refbox_trainer.model.families import family_by_architecture
from refbox_trainer.model.spec import ModelSpec


def native_config(spec: ModelSpec, *, image_token_id: int, tied: bool = False) -> InternVLConfig:
    """The config that `InternVLForConditionalGeneration` is built from.

    `tie_word_embeddings` is stated at the top level because its default there is True and the text config's own
    value is ignored: a model built without it would share the head with the embedding and lose it when saved.
    """
    raw = spec.raw_config
    if spec.layout == "native":
        arguments = {**raw, "tie_word_embeddings": tied, "image_token_id": image_token_id}
        config = InternVLConfig.from_dict(arguments)
        assert isinstance(config, InternVLConfig)
        return config
    family = family_by_architecture(raw["llm_config"]["architectures"][0])
    text = AutoConfig.for_model(family.name, **family.text_config(raw["llm_config"]), tie_word_embeddings=False)
    return InternVLConfig(
        text_config=text,
        vision_config=_vision_config(raw["vision_config"]),
        image_token_id=image_token_id,
        image_seq_length=spec.num_image_token,
        downsample_ratio=raw.get("downsample_ratio", 0.5),
        vision_feature_layer=raw.get("select_layer", -1),
        vision_feature_select_strategy="default",
        projector_hidden_act="gelu",
        tie_word_embeddings=tied,
    )


def native_config_json(spec: ModelSpec, config: InternVLConfig) -> dict[str, Any]:
    """config.json of a native checkpoint, with the tiling and template keys that transformers does not know."""
    return {
        **config.to_dict(),
        "architectures": ["InternVLForConditionalGeneration"],
        "template": spec.template.name,
        "min_dynamic_patch": spec.min_dynamic_patch,
        "max_dynamic_patch": spec.max_dynamic_patch,
        "use_thumbnail": spec.use_thumbnail,
        "dynamic_image_size": spec.dynamic_image_size,
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
        "auto_map": {
            "AutoConfig": "configuration_internvl_chat.InternVLChatConfig",
            "AutoModel": "modeling_internvl_chat.InternVLChatModel",
            "AutoModelForCausalLM": "modeling_internvl_chat.InternVLChatModel",
        },
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


def _vision_config(original: Mapping[str, Any]) -> InternVLVisionConfig:
    return InternVLVisionConfig(
        hidden_size=original["hidden_size"],
        num_hidden_layers=original["num_hidden_layers"],
        num_attention_heads=original["num_attention_heads"],
        intermediate_size=original["intermediate_size"],
        hidden_act=original.get("hidden_act", "gelu"),
        # Class defaults of the original config when a key is missing (configuration_intern_vit.py): rms_norm with
        # normalised q and k and no bias. No release relies on them, but a reader must not choose others.
        norm_type=original.get("norm_type", "rms_norm"),
        use_qk_norm=original.get("qk_normalization", True),
        attention_bias=original.get("qkv_bias", False),
        layer_norm_eps=original.get("layer_norm_eps", 1e-6),
        image_size=(original["image_size"], original["image_size"]),
        patch_size=(original["patch_size"], original["patch_size"]),
        num_channels=original.get("num_channels", 3),
        layer_scale_init_value=original.get("initializer_factor", 0.1),
        initializer_range=original.get("initializer_range", 0.02),
        use_absolute_position_embeddings=True,
        use_mean_pooling=True,
    )
