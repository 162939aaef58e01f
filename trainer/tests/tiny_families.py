"""Random checkpoints in the original layout for all seven sizes of InternVL2, small enough for every test to load.

Written without the code under test: the configs have the keys of the released ones, tensors are named and shaped from
the description of the original code, and only their sizes are tiny.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from tests.tiny_tokenizers import (
    write_internlm2_tokenizer,
    write_llama3_tokenizer,
    write_phi3_tokenizer,
    write_qwen2_tokenizer,
    write_yi_tokenizer,
)

IMAGE_SIZE = 56
PATCH = 14
"""4 x 4 patches, 4 visual tokens a tile."""

_SMALL_VIT = {
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_attention_heads": 2,
    "norm_type": "layer_norm",
    "qk_normalization": False,
    "qkv_bias": True,
    "initializer_factor": 1.0,
}
_LARGE_VIT = {
    # Five heads, as InternViT-6B has twenty-five: no power of two.
    "hidden_size": 40,
    "intermediate_size": 56,
    "num_attention_heads": 5,
    "norm_type": "rms_norm",
    "qk_normalization": True,
    "qkv_bias": False,
    "initializer_factor": 0.1,
}


@dataclass(frozen=True)
class Size:
    """One released model in small."""

    name: str
    architecture: str
    template: str
    vision: dict[str, Any]
    text: dict[str, Any]
    tokenizer: Callable[[Path], int]
    shards: int = 1


def _text(hidden: int, heads: int, key_heads: int, mlp: int, **more: Any) -> dict[str, Any]:
    sizes = {"hidden_size": hidden, "num_attention_heads": heads, "num_key_value_heads": key_heads}
    common = {"num_hidden_layers": 2, "intermediate_size": mlp, "hidden_act": "silu", "max_position_embeddings": 4096}
    return {**sizes, **common, "rms_norm_eps": 1e-5, **more}


def _dynamic(factor: float) -> dict[str, Any]:
    return {"bias": False, "rope_theta": 1000000, "rope_scaling": {"factor": factor, "type": "dynamic"}}


SIZES = {
    size.name: size
    for size in (
        Size(
            name="1B",
            architecture="Qwen2ForCausalLM",
            template="Hermes-2",
            vision=_SMALL_VIT,
            text=_text(32, 4, 2, 48, model_type="qwen2", rope_theta=1000000.0, rms_norm_eps=1e-6),
            tokenizer=write_qwen2_tokenizer,
        ),
        Size(
            name="2B",
            architecture="InternLM2ForCausalLM",
            template="internlm2-chat",
            vision=_SMALL_VIT,
            text=_text(32, 4, 2, 48, model_type="internlm2", **_dynamic(2.0)),
            tokenizer=write_internlm2_tokenizer,
        ),
        Size(
            name="4B",
            architecture="Phi3ForCausalLM",
            template="phi3-chat",
            vision=_SMALL_VIT,
            text=_text(
                48,
                4,
                4,
                40,
                model_type="phi3",
                rope_theta=10000.0,
                max_position_embeddings=4096,
                original_max_position_embeddings=128,
                rope_scaling={
                    "type": "su",
                    "short_factor": [1.0, 1.05, 1.1, 1.2, 1.3, 1.5],
                    "long_factor": [1.1, 1.7, 2.6, 5.5, 17.0, 40.0],
                },
                sliding_window=262144,
                pad_token_id=2,
            ),
            tokenizer=write_phi3_tokenizer,
        ),
        Size(
            name="8B",
            architecture="InternLM2ForCausalLM",
            template="internlm2-chat",
            vision=_SMALL_VIT,
            text=_text(48, 6, 2, 64, model_type="internlm2", **_dynamic(2.0)),
            tokenizer=write_internlm2_tokenizer,
        ),
        Size(
            name="26B",
            architecture="InternLM2ForCausalLM",
            template="internlm2-chat",
            vision=_LARGE_VIT,
            text=_text(48, 6, 1, 64, model_type="internlm2", **_dynamic(3.0)),
            tokenizer=write_internlm2_tokenizer,
            shards=3,
        ),
        Size(
            name="40B",
            architecture="LlamaForCausalLM",
            template="Hermes-2",
            vision=_LARGE_VIT,
            text=_text(48, 6, 2, 40, model_type="llama", rope_theta=5000000.0),
            tokenizer=write_yi_tokenizer,
        ),
        Size(
            name="76B",
            architecture="LlamaForCausalLM",
            template="internlm2-chat",
            vision=_LARGE_VIT,
            text=_text(32, 4, 1, 48, model_type="llama", rope_theta=500000.0),
            tokenizer=write_llama3_tokenizer,
            shards=2,
        ),
    )
}

LATER = {
    size.name: size
    for size in (
        Size(
            name="2.5-8B",
            architecture="InternLM2ForCausalLM",
            template="internvl2_5",
            vision=_SMALL_VIT,
            text=_text(48, 6, 2, 64, model_type="internlm2", **_dynamic(2.0)),
            tokenizer=write_internlm2_tokenizer,
        ),
        Size(
            name="3-1B",
            architecture="Qwen2ForCausalLM",
            template="internvl2_5",
            vision={**_SMALL_VIT, "initializer_factor": 0.1},
            text=_text(
                32, 4, 2, 48, model_type="qwen2", rope_theta=1e6, rope_scaling={"factor": 2.0, "type": "dynamic"}
            ),
            tokenizer=write_qwen2_tokenizer,
        ),
        Size(
            name="3.5-1B",
            architecture="Qwen3ForCausalLM",
            template="internvl2_5",
            vision=_SMALL_VIT,
            # Heads wider than their share of the hidden size, normalised one by one, and a head that is the embedding.
            text=_text(32, 4, 2, 48, model_type="qwen3", rope_theta=1e6, head_dim=16, tie_word_embeddings=True),
            tokenizer=write_qwen2_tokenizer,
        ),
    )
}
"""One of each later generation whose language model is covered."""


def write_checkpoint(folder: Path, size: Size, *, dtype: torch.dtype = torch.float32, **changes: Any) -> None:
    """Write `size` with its tokenizer; `changes` go over the top level of its config."""
    rows = size.tokenizer(folder)
    config = {**make_config(size, rows), **changes}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write_shards(folder, {name: value.to(dtype) for name, value in random_weights(config).items()}, size.shards)


def write_shards(folder: Path, weights: dict[str, torch.Tensor], shards: int) -> None:
    """One file, or several with an index; neighbouring tensors land in different files."""
    if shards == 1:
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        return
    weight_map: dict[str, str] = {}
    for shard in range(shards):
        file = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        part = {name: weights[name] for name in list(weights)[shard::shards]}
        save_file(part, folder / file, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(part, file)
    index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def random_weights(config: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Every tensor that the original code would save for `config`, none of them at an initial value."""
    generator = torch.Generator().manual_seed(7)
    weights: dict[str, torch.Tensor] = {}
    for name, shape in tensor_shapes(config).items():
        values = torch.randn(shape, generator=generator)
        # Matrices large enough to matter in the residual stream; norms, scales and biases near what training leaves.
        around = (
            1.0
            if name.endswith(("norm.weight", "norm1.weight", "norm2.weight", "ls1", "ls2", "mlp1.0.weight"))
            else 0.0
        )
        weights[name] = around + values * (0.12 if len(shape) > 1 else 0.1)
    return weights


def tensor_shapes(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the original layout."""
    vision, text = config["vision_config"], config["llm_config"]
    return {**_vision_shapes(vision), **_projector_shapes(vision, text), **_text_shapes(text)}


def _vision_shapes(vision: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    width, mlp = vision["hidden_size"], vision["intermediate_size"]
    places = (vision["image_size"] // vision["patch_size"]) ** 2 + 1
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.class_embedding": (1, 1, width),
        "embeddings.position_embedding": (1, places, width),
        "embeddings.patch_embedding.weight": (width, 3, vision["patch_size"], vision["patch_size"]),
        "embeddings.patch_embedding.bias": (width,),
    }
    for layer in range(vision["num_hidden_layers"]):
        block: dict[str, tuple[int, ...]] = {"attn.qkv.weight": (3 * width, width)}
        if vision["qkv_bias"]:
            block["attn.qkv.bias"] = (3 * width,)
        if vision["qk_normalization"]:
            block |= {"attn.q_norm.weight": (width,), "attn.k_norm.weight": (width,)}
        block |= {"attn.proj.weight": (width, width), "attn.proj.bias": (width,), "ls1": (width,), "ls2": (width,)}
        for norm in ("norm1", "norm2"):
            block[f"{norm}.weight"] = (width,)
            if vision["norm_type"] == "layer_norm":
                block[f"{norm}.bias"] = (width,)
        block |= {"mlp.fc1.weight": (mlp, width), "mlp.fc1.bias": (mlp,)}
        block |= {"mlp.fc2.weight": (width, mlp), "mlp.fc2.bias": (width,)}
        shapes |= {f"encoder.layers.{layer}.{name}": shape for name, shape in block.items()}
    return {f"vision_model.{name}": shape for name, shape in shapes.items()}


def _projector_shapes(vision: dict[str, Any], text: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    wide, hidden = 4 * vision["hidden_size"], text["hidden_size"]
    return {
        "mlp1.0.weight": (wide,),
        "mlp1.0.bias": (wide,),
        "mlp1.1.weight": (hidden, wide),
        "mlp1.1.bias": (hidden,),
        "mlp1.3.weight": (hidden, hidden),
        "mlp1.3.bias": (hidden,),
    }


def _text_shapes(text: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    hidden, mlp, rows = text["hidden_size"], text["intermediate_size"], text["vocab_size"]
    heads, key_heads = text["num_attention_heads"], text["num_key_value_heads"]
    head = text.get("head_dim") or hidden // heads
    layer: dict[str, tuple[int, ...]]
    if text["model_type"] == "internlm2":
        ends = {"model.tok_embeddings.weight": (rows, hidden), "output.weight": (rows, hidden)}
        layer = {
            "attention.wqkv.weight": ((heads + 2 * key_heads) * head, hidden),
            "attention.wo.weight": (hidden, heads * head),
            "feed_forward.w1.weight": (mlp, hidden),
            "feed_forward.w3.weight": (mlp, hidden),
            "feed_forward.w2.weight": (hidden, mlp),
            "attention_norm.weight": (hidden,),
            "ffn_norm.weight": (hidden,),
        }
    else:
        ends = {"model.embed_tokens.weight": (rows, hidden)}
        if not text.get("tie_word_embeddings"):
            ends["lm_head.weight"] = (rows, hidden)
        layer = {
            "self_attn.o_proj.weight": (hidden, heads * head),
            "mlp.down_proj.weight": (hidden, mlp),
            "input_layernorm.weight": (hidden,),
            "post_attention_layernorm.weight": (hidden,),
        }
        if text["model_type"] == "phi3":
            layer |= {
                "self_attn.qkv_proj.weight": ((heads + 2 * key_heads) * head, hidden),
                "mlp.gate_up_proj.weight": (2 * mlp, hidden),
            }
        else:
            layer |= {"mlp.gate_proj.weight": (mlp, hidden), "mlp.up_proj.weight": (mlp, hidden)}
            for part, count in (("q", heads), ("k", key_heads), ("v", key_heads)):
                layer[f"self_attn.{part}_proj.weight"] = (count * head, hidden)
                if text["model_type"] == "qwen2":
                    layer[f"self_attn.{part}_proj.bias"] = (count * head,)
            if text["model_type"] == "qwen3":
                layer |= {"self_attn.q_norm.weight": (head,), "self_attn.k_norm.weight": (head,)}
    shapes = {**ends, "model.norm.weight": (hidden,)}
    for number in range(text["num_hidden_layers"]):
        shapes |= {f"model.layers.{number}.{name}": shape for name, shape in layer.items()}
    return {f"language_model.{name}": shape for name, shape in shapes.items()}


def make_config(size: Size, rows: int) -> dict[str, Any]:
    """config.json of `size` for a tokenizer with `rows` ids."""
    return {
        "architectures": ["InternVLChatModel"],
        "auto_map": {"AutoModel": "modeling_internvl_chat.InternVLChatModel"},
        "downsample_ratio": 0.5,
        "dynamic_image_size": True,
        "force_image_size": IMAGE_SIZE,
        "llm_config": {"architectures": [size.architecture], "vocab_size": rows, **size.text},
        "max_dynamic_patch": 12,
        "min_dynamic_patch": 1,
        "model_type": "internvl_chat",
        "pad2square": False,
        "ps_version": "v2",
        "select_layer": -1,
        "template": size.template,
        "torch_dtype": "bfloat16",
        "use_backbone_lora": 0,
        "use_llm_lora": 0,
        "use_thumbnail": True,
        "vision_config": {
            "architectures": ["InternVisionModel"],
            "model_type": "intern_vit_6b",
            "hidden_act": "gelu",
            "image_size": IMAGE_SIZE,
            "layer_norm_eps": 1e-06,
            "num_channels": 3,
            "num_hidden_layers": 2,
            "patch_size": PATCH,
            **size.vision,
        },
    }
