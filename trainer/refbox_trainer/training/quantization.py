"""Frozen weights of the language model in 4 bits (NF4), so that adapters of large models train on one GPU (QLoRA)."""

from __future__ import annotations

from typing import Any

import torch
from transformers import InternVLForConditionalGeneration

from refbox_trainer.training.software import load_bitsandbytes


def quantize_language(model: InternVLForConditionalGeneration, compute: torch.dtype, device: torch.device) -> None:
    """Replace every linear layer of the decoder by its 4-bit form on `device`; changes `model` in place.

    Embedding and head stay as they are. The scales are quantized once more, as in the QLoRA paper (arXiv 2305.14314).
    Raises TrainerError("bad_config") when bitsandbytes is missing.
    """
    bitsandbytes = load_bitsandbytes('method.quantization "nf4"', '"none"')
    inner: Any = model.model
    for layer in inner.language_model.layers:
        linear = [(name, module) for name, module in layer.named_modules() if isinstance(module, torch.nn.Linear)]
        for name, module in linear:
            layer.set_submodule(name, _in_four_bits(bitsandbytes, module, compute, device))


def _in_four_bits(bitsandbytes: Any, linear: torch.nn.Linear, compute: torch.dtype, device: torch.device) -> Any:
    quantized = bitsandbytes.nn.Linear4bit(
        linear.in_features,
        linear.out_features,
        bias=linear.bias is not None,
        compute_dtype=compute,
        compress_statistics=True,
        quant_type="nf4",
        device="meta",
    )
    quantized.weight = bitsandbytes.nn.Params4bit(
        linear.weight.detach(), requires_grad=False, compress_statistics=True, quant_type="nf4", module=quantized
    )
    if linear.bias is not None:
        quantized.bias = linear.bias
    # The weights are quantized when they move.
    return quantized.to(device)
