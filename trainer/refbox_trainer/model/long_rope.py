"""Phi-3's rotary embedding with its short or long factors chosen for each sample, not for the longest of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS


class PerSampleLongRope(torch.nn.Module):
    """Stands in for the rotary embedding of a `longrope` model.

    Both the original code and transformers ask for the longest sequence of the batch, so that a short sample's loss
    changes beside a long one. Alone, a sample takes the long factors from `original_max_position_embeddings` + 1
    tokens on; here it does so in company too.
    """

    def __init__(self, rotary: Any) -> None:
        super().__init__()
        self.original_length: int = rotary.config.rope_parameters["original_max_position_embeddings"]
        self.attention_scaling: float = rotary.attention_scaling
        device = rotary.original_inv_freq.device
        long, _ = ROPE_INIT_FUNCTIONS["longrope"](rotary.config, device, seq_len=self.original_length + 1)
        self.register_buffer("short_frequencies", rotary.original_inv_freq.clone(), persistent=False)
        self.register_buffer("long_frequencies", long, persistent=False)

    def mixes(self, lengths: Sequence[int]) -> bool:
        """Whether samples of these lengths take different factors."""
        return min(lengths) <= self.original_length < max(lengths)

    @torch.no_grad()
    def forward(self, x: torch.Tensor, position_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosines and sines [B, L, d] for int64 positions [B, L]; a sample begins where they do not go on by one."""
        length = _sample_lengths(position_ids).unsqueeze(-1)
        frequencies = torch.where(
            length > self.original_length, self.get_buffer("long_frequencies"), self.get_buffer("short_frequencies")
        )
        angles = position_ids.unsqueeze(-1).float() * frequencies.float()
        angles = torch.cat((angles, angles), dim=-1)
        cosines, sines = angles.cos() * self.attention_scaling, angles.sin() * self.attention_scaling
        return cosines.to(x.dtype), sines.to(x.dtype)


def _sample_lengths(position_ids: torch.Tensor) -> torch.Tensor:
    """int64 [B, L]: at every place the last position of its sample plus one."""
    begins = torch.diff(position_ids, prepend=position_ids[:, :1] - 1, dim=-1) != 1
    sample = begins.cumsum(-1)
    lengths = torch.zeros_like(position_ids).scatter_reduce(-1, sample, position_ids + 1, "amax")
    return lengths.gather(-1, sample)
