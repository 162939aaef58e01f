"""How layers are computed: which attention, and whether they are compiled. Results differ in rounding only."""

from __future__ import annotations

import shutil
from typing import Any, Literal

import torch
from transformers import InternVLForConditionalGeneration
from transformers.utils.import_utils import is_flash_attn_2_available

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.packed_attention import separate_samples

Attention = Literal["auto", "eager", "sdpa", "flash_attention_2"]


def choose_attention(model: InternVLForConditionalGeneration, wanted: Attention) -> None:
    """Set the attention of language and vision part; auto is PyTorch's own fused one (sdpa).

    Raises TrainerError("bad_config") for flash_attention_2 where its package or a GPU is missing.
    """
    if wanted == "flash_attention_2" and not (torch.cuda.is_available() and is_flash_attn_2_available()):
        raise TrainerError(
            "bad_config",
            "train.attention flash_attention_2 needs a CUDA device and the package flash-attn.",
            'Install flash-attn, or use "auto", which is PyTorch\'s own fused attention.',
        )
    model.set_attn_implementation("sdpa" if wanted == "auto" else wanted)
    separate_samples(model)


def compile_layers(model: InternVLForConditionalGeneration, device: torch.device) -> None:
    """Let torch.compile fuse each layer; layers of one kind share their code.

    The first steps take minutes. Raises TrainerError("bad_config") where there is no compiler for the device.
    """
    if device.type == "cpu" and not (shutil.which("g++") or shutil.which("clang++") or shutil.which("c++")):
        raise TrainerError("bad_config", "train.compile needs a C++ compiler here.", "Install g++, or turn it off.")
    if device.type == "mps":
        raise TrainerError("bad_config", "train.compile is not supported on this device.", "Turn train.compile off.")
    inner: Any = model.model
    for layer in [*inner.language_model.layers, *inner.vision_tower.encoder.layer]:
        # Lengths and numbers of tiles differ from batch to batch.
        layer.compile(dynamic=True)
