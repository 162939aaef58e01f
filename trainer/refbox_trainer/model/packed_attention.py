"""Each sample of a packed row attends to itself alone: block-diagonal causal attention without a mask of L x L.

Works with every attention of transformers: `flash_attention_2` takes the borders of the samples, `eager` gets the mask
that the library makes from positions which start anew, and `sdpa` is replaced by the one below, which calls it once
per sample. A mask would keep the fused kernels of PyTorch from being used and would compute every pair of samples.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from transformers import AttentionInterface, InternVLForConditionalGeneration
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

from refbox_trainer.model.long_rope import PerSampleLongRope

PER_SAMPLE: Final = "refbox_sdpa_per_sample"


def separate_samples(model: InternVLForConditionalGeneration) -> None:
    """Make the language model treat every sample of a batch as if it were alone; changes `model` in place.

    Called once, after the attention of the run has been chosen. What is computed for a single sample stays the same.
    """
    language: Any = model.model.language_model
    if language.config._attn_implementation == "sdpa":
        language.set_attn_implementation(PER_SAMPLE)
    if getattr(language.rotary_emb, "rope_type", None) == "longrope":
        language.rotary_emb = PerSampleLongRope(language.rotary_emb)


def packing_arguments(language: Any, lengths: tuple[int, ...], device: torch.device) -> dict[str, Any]:
    """What the language model needs beside positions to keep the samples of one row apart, by kind of attention."""
    chosen = language.config._attn_implementation
    if chosen == PER_SAMPLE:
        return {"sample_lengths": lengths}
    if chosen.startswith("flash_attention"):
        borders = torch.tensor((0, *lengths), dtype=torch.int32).cumsum(0, dtype=torch.int32).to(device)
        longest = max(lengths)
        return {
            "cu_seq_lens_q": borders,
            "cu_seq_lens_k": borders,
            "max_length_q": longest,
            "max_length_k": longest,
        }
    return {}


def _attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    sample_lengths: tuple[int, ...] | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Query, key and value [B, heads, L, d] to [B, L, heads, d]."""
    if sample_lengths is None or attention_mask is not None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **options)
    queries, keys, values = (tensor.split(sample_lengths, dim=2) for tensor in (query, key, value))
    outputs = [
        sdpa_attention_forward(module, q, k, v, None, **options)[0]
        for q, k, v in zip(queries, keys, values, strict=True)
    ]
    return torch.cat(outputs, dim=1), None


def _mask(*, attention_mask: torch.Tensor | None = None, local_size: int | None = None, **options: Any) -> Any:
    # During training there is nothing to mask beyond what is causal, and `_attend` keeps the samples apart. A window
    # that is shorter than the row has to be drawn, and so has the padding of prompts in generation.
    q_length, kv_length = options["q_length"], options["kv_length"]
    whole = q_length == kv_length and (local_size is None or kv_length < local_size)
    if attention_mask is None and whole:
        return None
    return sdpa_mask(attention_mask=attention_mask, local_size=local_size, **options)


AttentionInterface.register(PER_SAMPLE, _attend)
AttentionMaskInterface.register(PER_SAMPLE, _mask)
