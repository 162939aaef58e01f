"""The transformers config of a checkpoint in either layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from transformers import InternVLConfig, InternVLVisionConfig
from transformers.models.auto import AutoConfig

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.spec import ModelSpec

_QK_NORM_EPS: Final = 1e-6
"""What transformers uses to normalise q and k, whatever the config says; every release has the same value."""

_NO_TOKEN: Final = -1


def native_config(spec: ModelSpec, *, image_token_id: int = _NO_TOKEN, tied: bool = False) -> InternVLConfig:
    """The config that `InternVLForConditionalGeneration` is built from.

    `tie_word_embeddings` is stated at the top level because its default there is True and the text config's own
    value is ignored: a model built without it would share the head with the embedding and lose it when saved.
    `image_token_id` may be left out where no text is fed, as for counting parameters.
    """
    raw = spec.raw_config
    if spec.layout == "native":
        arguments = {**raw, "tie_word_embeddings": tied, "image_token_id": image_token_id}
        config = InternVLConfig.from_dict(arguments)
        assert isinstance(config, InternVLConfig)
        return config
    text = spec.family.text_config(spec.text)
    return InternVLConfig(
        text_config=AutoConfig.for_model(spec.family.native_type, **text, tie_word_embeddings=False),
        vision_config=_vision_config(spec.vision, spec.image_size),
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


def _vision_config(original: Mapping[str, Any], image_size: int) -> InternVLVisionConfig:
    eps = original.get("layer_norm_eps", _QK_NORM_EPS)
    if original.get("qk_normalization", True) and eps != _QK_NORM_EPS:
        raise TrainerError(
            "bad_model",
            f"vision_config.layer_norm_eps is {eps} with normalised q and k.",
            f"Only {_QK_NORM_EPS} is supported there, which every InternViT-6B release uses.",
        )
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
        layer_norm_eps=eps,
        image_size=(image_size, image_size),
        patch_size=(original["patch_size"], original["patch_size"]),
        num_channels=original.get("num_channels", 3),
        layer_scale_init_value=original.get("initializer_factor", 0.1),
        initializer_range=original.get("initializer_range", 0.02),
        use_absolute_position_embeddings=True,
        use_mean_pooling=True,
    )
