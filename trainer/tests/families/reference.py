"""InternVL2 once more, straight from the description of the original code, on its own weight names, in float32.

Slow and plain on purpose: one record at a time, loops over layers, nothing of transformers. What the code under test
computes is compared with this.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch.nn.functional import gelu, layer_norm, linear, silu

Weights = dict[str, torch.Tensor]


def read(folder: Path) -> tuple[Weights, dict[str, Any]]:
    """All tensors and the config."""
    weights: Weights = {}
    for path in sorted(folder.glob("*.safetensors")):
        weights |= load_file(path)
    return weights, json.loads((folder / "config.json").read_text(encoding="utf-8"))


def logits(
    weights: Weights, config: dict[str, Any], ids: torch.Tensor, pixels: torch.Tensor | None, context: int
) -> torch.Tensor:
    """float32 [n, V] for int64 ids [n]; `pixels` [T, 3, S, S] fill the places of the id `context` in order."""
    text = config["llm_config"]
    fused_names = text["model_type"] == "internlm2"
    table = weights[f"language_model.model.{'tok_embeddings' if fused_names else 'embed_tokens'}.weight"]
    hidden = table[ids].clone()
    if pixels is not None:
        hidden[ids == context] = _visual_tokens(weights, config, pixels)
    cosines, sines = _rotation(text, len(ids))
    for number in range(text["num_hidden_layers"]):
        part = _below(weights, f"language_model.model.layers.{number}.")
        norms = ("attention_norm", "ffn_norm") if fused_names else ("input_layernorm", "post_attention_layernorm")
        normed = _rms(hidden, part[f"{norms[0]}.weight"], text["rms_norm_eps"])
        hidden = hidden + _attention(part, text, normed, cosines, sines)
        normed = _rms(hidden, part[f"{norms[1]}.weight"], text["rms_norm_eps"])
        hidden = hidden + _feed_forward(part, text, normed)
    hidden = _rms(hidden, weights["language_model.model.norm.weight"], text["rms_norm_eps"])
    head = weights.get(f"language_model.{'output' if fused_names else 'lm_head'}.weight")
    return hidden @ (table if head is None else head).T


def loss(scores: torch.Tensor, labels: torch.Tensor) -> float:
    """Mean of -log p over the labels that are not -100, each predicted by the row in front of it."""
    total, count = 0.0, 0
    for place in range(1, len(labels)):
        wanted = int(labels[place])
        if wanted != -100:
            total -= float(torch.log_softmax(scores[place - 1].double(), dim=-1)[wanted])
            count += 1
    return total / count


def _visual_tokens(weights: Weights, config: dict[str, Any], pixels: torch.Tensor) -> torch.Tensor:
    vision = config["vision_config"]
    own = _below(weights, "vision_model.")
    width, patch = vision["hidden_size"], vision["patch_size"]
    side = vision["image_size"] // patch
    tiles = []
    for tile in pixels:
        # A convolution without overlap is a matrix product over patches, channel by channel.
        patches = tile.reshape(3, side, patch, side, patch).permute(1, 3, 0, 2, 4).reshape(side * side, -1)
        kernel = own["embeddings.patch_embedding.weight"].reshape(width, -1)
        rows = patches @ kernel.T + own["embeddings.patch_embedding.bias"]
        rows = torch.cat([own["embeddings.class_embedding"][0], rows]) + own["embeddings.position_embedding"][0]
        for number in range(vision["num_hidden_layers"]):
            rows = _vision_block(_below(own, f"encoder.layers.{number}."), vision, rows)
        grid = rows[1:].reshape(side, side, width)
        shuffled = [
            torch.cat([grid[2 * r + down, 2 * c + right] for down in (0, 1) for right in (0, 1)])
            for r in range(side // 2)
            for c in range(side // 2)
        ]
        tiles.append(torch.stack(shuffled))
    rows = torch.cat(tiles)
    rows = layer_norm(rows, rows.shape[-1:], weights["mlp1.0.weight"], weights["mlp1.0.bias"], 1e-5)
    rows = gelu(linear(rows, weights["mlp1.1.weight"], weights["mlp1.1.bias"]))
    return linear(rows, weights["mlp1.3.weight"], weights["mlp1.3.bias"])


def _vision_block(part: Weights, vision: dict[str, Any], rows: torch.Tensor) -> torch.Tensor:
    normed = _vision_norm(part, "norm1", vision, rows)
    query, key, value = linear(normed, part["attn.qkv.weight"], part.get("attn.qkv.bias")).chunk(3, dim=-1)
    if vision["qk_normalization"]:
        query, key = _rms(query, part["attn.q_norm.weight"], 1e-6), _rms(key, part["attn.k_norm.weight"], 1e-6)
    heads, width = vision["num_attention_heads"], vision["hidden_size"]
    size = width // heads
    mixed = []
    for head in range(heads):
        own = slice(head * size, (head + 1) * size)
        mixed.append(torch.softmax(query[:, own] * size**-0.5 @ key[:, own].T, dim=-1) @ value[:, own])
    attended = linear(torch.cat(mixed, dim=-1), part["attn.proj.weight"], part["attn.proj.bias"])
    rows = rows + attended * part["ls1"]
    normed = _vision_norm(part, "norm2", vision, rows)
    inner = gelu(linear(normed, part["mlp.fc1.weight"], part["mlp.fc1.bias"]))
    return rows + linear(inner, part["mlp.fc2.weight"], part["mlp.fc2.bias"]) * part["ls2"]


def _vision_norm(part: Weights, name: str, vision: dict[str, Any], rows: torch.Tensor) -> torch.Tensor:
    if vision["norm_type"] == "rms_norm":
        return _rms(rows, part[f"{name}.weight"], 1e-6)
    return layer_norm(rows, rows.shape[-1:], part[f"{name}.weight"], part[f"{name}.bias"], 1e-6)


def _attention(
    part: Weights, text: dict[str, Any], rows: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor
) -> torch.Tensor:
    heads, key_heads = text["num_attention_heads"], text["num_key_value_heads"]
    size = _head_size(text)
    group = heads // key_heads
    if "attention.wqkv.weight" in part:
        # Blocks of (group query heads, one key, one value), one block per key head.
        fused = (rows @ part["attention.wqkv.weight"].T).reshape(len(rows), key_heads, group + 2, size)
        query = fused[:, :, :group].reshape(len(rows), heads, size)
        key, value = fused[:, :, group], fused[:, :, group + 1]
        output = part["attention.wo.weight"]
    elif "self_attn.qkv_proj.weight" in part:
        fused = rows @ part["self_attn.qkv_proj.weight"].T
        query = fused[:, : heads * size].reshape(len(rows), heads, size)
        key = fused[:, heads * size : (heads + key_heads) * size].reshape(len(rows), key_heads, size)
        value = fused[:, (heads + key_heads) * size :].reshape(len(rows), key_heads, size)
        output = part["self_attn.o_proj.weight"]
    else:
        projected = [
            linear(rows, part[f"self_attn.{name}_proj.weight"], part.get(f"self_attn.{name}_proj.bias"))
            for name in "qkv"
        ]
        query, key, value = (rows_of.reshape(len(rows), -1, size) for rows_of in projected)
        if "self_attn.q_norm.weight" in part:
            query = _rms(query, part["self_attn.q_norm.weight"], text["rms_norm_eps"])
            key = _rms(key, part["self_attn.k_norm.weight"], text["rms_norm_eps"])
        output = part["self_attn.o_proj.weight"]
    query, key = _turn(query, cosines, sines), _turn(key, cosines, sines)
    future = torch.ones(len(rows), len(rows), dtype=torch.bool).triu(1)
    mixed = []
    for head in range(heads):
        scores = query[:, head] @ key[:, head // group].T / math.sqrt(size)
        mixed.append(torch.softmax(scores.masked_fill(future, -math.inf), dim=-1) @ value[:, head // group])
    return torch.cat(mixed, dim=-1) @ output.T


def _feed_forward(part: Weights, text: dict[str, Any], rows: torch.Tensor) -> torch.Tensor:
    if "feed_forward.w1.weight" in part:
        gate, up, down = (part[f"feed_forward.w{number}.weight"] for number in (1, 3, 2))
    elif "mlp.gate_up_proj.weight" in part:
        gate, up = part["mlp.gate_up_proj.weight"].split(text["intermediate_size"])
        down = part["mlp.down_proj.weight"]
    else:
        gate, up, down = (part[f"mlp.{name}_proj.weight"] for name in ("gate", "up", "down"))
    return (silu(rows @ gate.T) * (rows @ up.T)) @ down.T


def _rotation(text: dict[str, Any], length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosines and sines [n, d/2]. Dynamic scaling changes nothing below the trained length, which no test exceeds."""
    size = _head_size(text)
    factors, scale = [1.0] * (size // 2), 1.0
    scaling = text.get("rope_scaling") or {}
    if scaling.get("type") == "su":
        trained, longest = text["original_max_position_embeddings"], text["max_position_embeddings"]
        factors = scaling["long_factor" if length > trained else "short_factor"]
        scale = math.sqrt(1 + math.log(longest / trained) / math.log(trained))
    speeds = torch.tensor([1 / (factors[i] * text["rope_theta"] ** (2 * i / size)) for i in range(size // 2)])
    angles = torch.arange(length).float()[:, None] * speeds
    return angles.cos() * scale, angles.sin() * scale


def _head_size(text: dict[str, Any]) -> int:
    return text.get("head_dim") or text["hidden_size"] // text["num_attention_heads"]


def _turn(heads: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor) -> torch.Tensor:
    """Turn the pair (i, i + d/2) of each head by the angle of its row."""
    first, second = heads.chunk(2, dim=-1)
    cosines, sines = cosines[:, None], sines[:, None]
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], dim=-1)


def _rms(rows: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    return rows / (rows.pow(2).mean(dim=-1, keepdim=True) + eps).sqrt() * weight


def _below(weights: Weights, prefix: str) -> Weights:
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}
