"""Weight names: the original InternVL2 layout, the transformers layout on disk, and the names in memory.

"Native" is what `InternVLForConditionalGeneration` calls its parameters. On disk transformers writes older names,
which its other tools rely on, so both spellings are read and the older one is written.
The only real change besides names: the original ViT fuses q, k and v (three equal row blocks) into one matrix.
Every function refuses what it does not know by name: a weight that is silently left out stays random.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import TextFamily

Weights = dict[str, torch.Tensor]

_VISION_EMBEDDINGS: Final = {
    "class_embedding": "cls_token",
    "position_embedding": "position_embeddings",
    "patch_embedding.weight": "patch_embeddings.projection.weight",
    "patch_embedding.bias": "patch_embeddings.projection.bias",
}
_VISION_LAYER: Final = {
    "attn.proj.weight": "attention.projection_layer.weight",
    "attn.proj.bias": "attention.projection_layer.bias",
    "attn.q_norm.weight": "attention.q_norm.weight",
    "attn.k_norm.weight": "attention.k_norm.weight",
    "norm1.weight": "layernorm_before.weight",
    "norm1.bias": "layernorm_before.bias",
    "norm2.weight": "layernorm_after.weight",
    "norm2.bias": "layernorm_after.bias",
    "ls1": "lambda_1",
    "ls2": "lambda_2",
    "mlp.fc1.weight": "mlp.fc1.weight",
    "mlp.fc1.bias": "mlp.fc1.bias",
    "mlp.fc2.weight": "mlp.fc2.weight",
    "mlp.fc2.bias": "mlp.fc2.bias",
}
_PROJECTOR: Final = {"mlp1.0.": "layer_norm.", "mlp1.1.": "linear_1.", "mlp1.3.": "linear_2."}

_ORIGINAL_VISION_LAYER: Final = re.compile(r"vision_model\.encoder\.layers\.(\d+)\.(.+)")
_ORIGINAL_QKV: Final = re.compile(r"vision_model\.encoder\.layers\.(\d+)\.attn\.qkv\.(weight|bias)")
_NATIVE_VISION_LAYER: Final = re.compile(r"model\.vision_tower\.encoder\.layer\.(\d+)\.(.+)")
_NATIVE_QKV: Final = re.compile(r"model\.vision_tower\.encoder\.layer\.(\d+)\.attention\.([qkv])_proj\.(weight|bias)")

_DISK_TO_NATIVE: Final = (
    ("language_model.lm_head.", "lm_head."),
    ("language_model.model.", "model.language_model."),
    ("vision_tower.", "model.vision_tower."),
    ("multi_modal_projector.", "model.multi_modal_projector."),
)


def original_to_native(weights: Mapping[str, torch.Tensor], family: TextFamily) -> Weights:
    """Rename an original checkpoint, splitting the fused ViT attention. Tensors are views, nothing is copied.

    Raises TrainerError("bad_model") naming every key that belongs to no part of an InternVL2 model.
    """
    native: Weights = {}
    unknown: list[str] = []
    for name, tensor in weights.items():
        fused = _ORIGINAL_QKV.fullmatch(name)
        if fused:
            prefix = f"model.vision_tower.encoder.layer.{fused[1]}.attention"
            for part, block in zip("qkv", tensor.chunk(3, dim=0), strict=True):
                native[f"{prefix}.{part}_proj.{fused[2]}"] = block
            continue
        renamed = _original_name_to_native(name, family)
        if renamed is None:
            unknown.append(name)
        else:
            native[renamed] = tensor
    _refuse(unknown, "does not belong to an InternVL2 checkpoint")
    return native


def native_to_original(weights: Mapping[str, torch.Tensor], family: TextFamily) -> Weights:
    """The exact inverse of `original_to_native`.

    Raises TrainerError("bad_model") for unknown names and for q, k, v of which one is missing.
    """
    original: Weights = {}
    blocks: dict[str, dict[str, torch.Tensor]] = {}
    unknown: list[str] = []
    for name, tensor in weights.items():
        part = _NATIVE_QKV.fullmatch(name)
        if part:
            fused = f"vision_model.encoder.layers.{part[1]}.attn.qkv.{part[3]}"
            blocks.setdefault(fused, {})[part[2]] = tensor
            continue
        renamed = _native_name_to_original(name, family)
        if renamed is None:
            unknown.append(name)
        else:
            original[renamed] = tensor
    _refuse(unknown, "has no place in the original InternVL2 layout")
    _refuse([name for name, parts in blocks.items() if set(parts) != set("qkv")], "lacks one of q, k, v")
    for fused, parts in blocks.items():
        original[fused] = torch.cat([parts["q"], parts["k"], parts["v"]], dim=0)
    return original


def disk_to_native(weights: Mapping[str, torch.Tensor]) -> Weights:
    """Names of a transformers checkpoint on disk, old or new spelling, to names in memory."""
    return {_swap_prefix(name, _DISK_TO_NATIVE) or name: tensor for name, tensor in weights.items()}


def native_to_disk(weights: Mapping[str, torch.Tensor]) -> Weights:
    """Names in memory to the spelling that `save_pretrained` of transformers writes."""
    back = tuple((native, disk) for disk, native in _DISK_TO_NATIVE)
    return {_swap_prefix(name, back) or name: tensor for name, tensor in weights.items()}


def _original_name_to_native(name: str, family: TextFamily) -> str | None:
    layer = _ORIGINAL_VISION_LAYER.fullmatch(name)
    if layer:
        inner = _VISION_LAYER.get(layer[2])
        return inner and f"model.vision_tower.encoder.layer.{layer[1]}.{inner}"
    if name.startswith("vision_model.embeddings."):
        inner = _VISION_EMBEDDINGS.get(name.removeprefix("vision_model.embeddings."))
        return inner and f"model.vision_tower.embeddings.{inner}"
    projector = _swap_prefix(name, tuple(_PROJECTOR.items()))
    if projector:
        return f"model.multi_modal_projector.{projector}"
    return _swap_prefix(name, tuple(family.to_native.items()))


def _native_name_to_original(name: str, family: TextFamily) -> str | None:
    layer = _NATIVE_VISION_LAYER.fullmatch(name)
    if layer:
        inner = _inverse(_VISION_LAYER).get(layer[2])
        return inner and f"vision_model.encoder.layers.{layer[1]}.{inner}"
    if name.startswith("model.vision_tower.embeddings."):
        inner = _inverse(_VISION_EMBEDDINGS).get(name.removeprefix("model.vision_tower.embeddings."))
        return inner and f"vision_model.embeddings.{inner}"
    if name.startswith("model.multi_modal_projector."):
        inner = name.removeprefix("model.multi_modal_projector.")
        return _swap_prefix(inner, tuple(_inverse(_PROJECTOR).items()))
    return _swap_prefix(name, tuple(_inverse(family.to_native).items()))


def _swap_prefix(name: str, pairs: tuple[tuple[str, str], ...]) -> str | None:
    for before, after in pairs:
        if name.startswith(before):
            return after + name.removeprefix(before)
    return None


def _inverse(table: Mapping[str, str]) -> dict[str, str]:
    return {after: before for before, after in table.items()}


def _refuse(names: list[str], reason: str) -> None:
    if names:
        shown = ", ".join(sorted(names)[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        raise TrainerError(
            "bad_model",
            f"The weights hold {len(names)} tensor(s) whose name {reason}: {shown}.",
            "Check that the folder is an unmodified InternVL2 checkpoint; merge adapters before using it as a base.",
        )
