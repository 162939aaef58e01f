"""Parameter counts of the released checkpoints, from their configs alone."""

from __future__ import annotations

from typing import Any

import pytest

from refbox_trainer.model.load import empty_model
from refbox_trainer.model.parameters import ParameterCounts, count_parameters
from refbox_trainer.model.spec import ModelSpec, spec_of_config

_VIT_300M = {
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
    "norm_type": "layer_norm",
    "qk_normalization": False,
    "qkv_bias": True,
}
_VIT_6B = {
    "hidden_size": 3200,
    "num_hidden_layers": 45,
    "num_attention_heads": 25,
    "intermediate_size": 12800,
    "norm_type": "rms_norm",
    "qk_normalization": True,
    "qkv_bias": False,
}


def _text(architecture: str, *sizes: int, theta: float, **more: Any) -> dict[str, Any]:
    names = ("hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "intermediate_size")
    keys = {
        "architectures": [architecture],
        "rope_theta": theta,
        "rms_norm_eps": 1e-5,
        "max_position_embeddings": 32768,
    }
    return {**keys, **dict(zip((*names, "vocab_size"), sizes, strict=True)), **more}


_INTERNLM2 = {"bias": False, "rope_scaling": {"type": "dynamic", "factor": 2.0}}
_LONG = {"type": "su", "short_factor": [1.0] * 48, "long_factor": [2.0] * 48}
_RELEASED = {
    "1B": ("Hermes-2", _VIT_300M, _text("Qwen2ForCausalLM", 896, 24, 14, 2, 4864, 151655, theta=1e6)),
    "2B": (
        "internlm2-chat",
        _VIT_300M,
        _text("InternLM2ForCausalLM", 2048, 24, 16, 8, 8192, 92553, theta=1e6, **_INTERNLM2),
    ),
    "4B": (
        "phi3-chat",
        _VIT_300M,
        _text("Phi3ForCausalLM", 3072, 32, 32, 32, 8192, 32020, theta=1e4, rope_scaling=_LONG)
        | {"max_position_embeddings": 131072, "original_max_position_embeddings": 4096},
    ),
    "8B": (
        "internlm2-chat",
        _VIT_300M,
        _text("InternLM2ForCausalLM", 4096, 32, 32, 8, 14336, 92553, theta=1e6, **_INTERNLM2),
    ),
    "26B": (
        "internlm2-chat",
        _VIT_6B,
        _text("InternLM2ForCausalLM", 6144, 48, 48, 8, 16384, 92553, theta=1e6, **_INTERNLM2),
    ),
    "40B": ("Hermes-2", _VIT_6B, _text("LlamaForCausalLM", 7168, 60, 56, 8, 20480, 64007, theta=5e6)),
    "76B": ("internlm2-chat", _VIT_6B, _text("LlamaForCausalLM", 8192, 80, 64, 8, 28672, 128265, theta=5e5)),
}

_TOTALS = {
    "1B": 938_158_976,
    "2B": 2_205_754_368,
    "4B": 4_146_855_936,
    "8B": 8_075_365_376,
    "26B": 25_514_186_112,
    "40B": 40_068_684_160,
    "76B": 76_262_358_400,
}
"""These round to the published 0.9, 2.2, 4.2, 8.1, 25.5, 40.1 and 76.3 billion."""


def _spec(name: str) -> ModelSpec:
    template, vision, text = _RELEASED[name]
    return spec_of_config(
        {
            "model_type": "internvl_chat",
            "ps_version": "v2",
            "template": template,
            "force_image_size": 448,
            "use_thumbnail": True,
            "dynamic_image_size": True,
            "max_dynamic_patch": 12,
            "llm_config": text,
            "vision_config": {"image_size": 448, "patch_size": 14, **vision},
        }
    )


@pytest.mark.parametrize("name", list(_TOTALS))
def test_counts_are_those_of_the_published_checkpoints(name: str) -> None:
    counts = count_parameters(_spec(name))
    assert counts.total == _TOTALS[name]
    assert counts.vision == (5_536_496_000 if name in ("26B", "40B", "76B") else 304_012_288)


def test_the_parts_of_the_8b_model_are_counted_apart() -> None:
    # By hand: 92553 rows of 4096; 4096 -> 4096 -> 4096 with biases behind a norm of 4096; the rest are 32 layers.
    layer = 4096 * (4096 + 2 * 1024) + 4096 * 4096 + 3 * 4096 * 14336 + 2 * 4096
    projector = 2 * 4096 + 2 * (4096 * 4096 + 4096)
    assert count_parameters(_spec("8B")) == ParameterCounts(
        vision=304_012_288, projector=projector, embedding=92553 * 4096, language=32 * layer + 4096, head=92553 * 4096
    )


def test_an_empty_model_of_the_largest_size_takes_no_memory() -> None:
    model = empty_model(_spec("76B"), image_token_id=128258)
    assert {parameter.device.type for parameter in model.parameters()} == {"meta"}
    assert model.config.image_token_id == 128258
    assert model.model.language_model.rotary_emb.inv_freq.device.type == "cpu", "rotary frequencies are real"
