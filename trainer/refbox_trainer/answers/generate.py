"""Greedy answers for several prompts at once, with a key-value cache and an explicit stop token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from transformers import DynamicCache, InternVLForConditionalGeneration

from refbox_trainer.model.forward import embed


class Prompt(NamedTuple):
    """Ids int64 [n] and the visual rows [rows, H] that belong to them (None without a picture)."""

    input_ids: torch.Tensor
    features: torch.Tensor | None


@torch.no_grad()
def generate(
    model: InternVLForConditionalGeneration,
    prompts: Sequence[Prompt],
    *,
    end_id: int,
    max_new_tokens: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[list[int]]:
    """New ids per prompt, without the end token. The most likely token is taken each time.

    Prompts are padded on the left, with positions counted from each prompt's own first token.
    """
    device = model.lm_head.weight.device
    longest = max(len(prompt.input_ids) for prompt in prompts)
    mask = torch.zeros((len(prompts), longest), dtype=torch.int64, device=device)
    rows: list[torch.Tensor] = []
    for row, prompt in enumerate(prompts):
        embeds = embed(model, prompt.input_ids.to(device).unsqueeze(0), _on(prompt.features, device))[0]
        mask[row, longest - len(embeds) :] = 1
        rows.append(torch.cat([embeds.new_zeros((longest - len(embeds), embeds.shape[1])), embeds]))
    inputs = torch.stack(rows)
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
    language: Any = model.model.language_model
    cache = DynamicCache(config=model.config.get_text_config())
    answers: list[list[int]] = [[] for _ in prompts]
    open_rows = set(range(len(prompts)))
    for _ in range(max_new_tokens):
        output = language(
            inputs_embeds=inputs, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
        )
        chosen = model.lm_head(output.last_hidden_state[:, -1]).argmax(dim=-1)
        for row, token in enumerate(chosen.tolist()):
            if row in open_rows:
                if token == end_id:
                    open_rows.discard(row)
                else:
                    answers[row].append(token)
        if not open_rows or should_stop():
            break
        inputs = language.embed_tokens(chosen.unsqueeze(1))
        mask = torch.cat([mask, mask.new_ones((len(prompts), 1))], dim=1)
        positions = positions[:, -1:] + 1
    return answers


def _on(tensor: torch.Tensor | None, device: torch.device) -> torch.Tensor | None:
    return None if tensor is None else tensor.to(device)
