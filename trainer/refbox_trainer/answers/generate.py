"""Greedy answers for several prompts at once, with a key-value cache and explicit stop tokens."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

import torch
from transformers import DynamicCache, InternVLForConditionalGeneration

from refbox_trainer.model.forward import embed

_LONGEST_PERIOD: Final = 64
"""Tokens of the longest piece whose repetition is noticed: three labelled boxes."""
_REPEATED_TOKENS: Final = 64
_REPETITIONS: Final = 4
"""An answer that ends in the same piece four times over, and in 64 such tokens, has got into a loop: different boxes
differ in their numbers. `1, 1, 1, 1` inside one box stays far below."""


class Prompt(NamedTuple):
    """Ids int64 [n] and the visual rows [rows, H] that belong to them (None without a picture)."""

    input_ids: torch.Tensor
    features: torch.Tensor | None


class Generated(NamedTuple):
    """New ids without the stop token, and of each how likely the model held it to be (softmax of its logits)."""

    ids: list[int]
    probabilities: list[float]


@torch.no_grad()
def generate(
    model: InternVLForConditionalGeneration,
    prompts: Sequence[Prompt],
    *,
    stop_ids: Collection[int],
    max_new_tokens: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Generated]:
    """The answer to each prompt. The most likely token is taken each time.

    Prompts are padded on the left, with positions counted from each prompt's own first token. Answers that are done
    leave the batch as soon as half of it is done. An answer that repeats itself without end is cut off.
    """
    device = model.lm_head.weight.device
    inputs, mask = _left_padded(model, prompts, device)
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
    language: Any = model.model.language_model
    cache = DynamicCache(config=model.config.get_text_config())
    answers = [Generated([], []) for _ in prompts]
    rows = list(range(len(prompts)))
    """The prompt that each row of the batch belongs to."""
    done: set[int] = set()
    for _ in range(max_new_tokens):
        output = language(
            inputs_embeds=inputs, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
        )
        logits = model.lm_head(output.last_hidden_state[:, -1])
        chosen = logits.argmax(dim=-1)
        # The largest logit l has the probability 1 / sum(exp(l_i - l)).
        likely = torch.softmax(logits.float(), dim=-1).amax(dim=-1)
        for row, token, probability in zip(rows, chosen.tolist(), likely.tolist(), strict=True):
            if row in done:
                continue
            if token in stop_ids:
                done.add(row)
                continue
            answers[row].ids.append(token)
            answers[row].probabilities.append(probability)
            if repeats_itself(answers[row].ids):
                done.add(row)
        if len(done) == len(prompts) or should_stop():
            break
        positions = positions[:, -1:] + 1
        mask = torch.cat([mask, mask.new_ones((len(rows), 1))], dim=1)
        open_rows = [place for place, row in enumerate(rows) if row not in done]
        if 2 * len(open_rows) <= len(rows):
            kept = torch.tensor(open_rows, device=device)
            cache.batch_select_indices(kept)
            chosen, mask, positions = chosen[kept], mask[kept], positions[kept]
            rows = [rows[place] for place in open_rows]
        inputs = language.embed_tokens(chosen.unsqueeze(1))
    return answers


def repeats_itself(ids: Sequence[int]) -> bool:
    """Whether the end of an answer is one piece over and over."""
    for period in range(1, _LONGEST_PERIOD + 1):
        span = period * max(_REPETITIONS, math.ceil(_REPEATED_TOKENS / period))
        if len(ids) < span:
            continue
        # A piece repeats when the tail equals itself moved by the length of the piece.
        if ids[-1] == ids[-1 - period] and ids[-span:-period] == ids[-span + period :]:
            return True
    return False


def _left_padded(
    model: InternVLForConditionalGeneration, prompts: Sequence[Prompt], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Embedded prompts [B, L, H] and their mask int64 [B, L]."""
    longest = max(len(prompt.input_ids) for prompt in prompts)
    mask = torch.zeros((len(prompts), longest), dtype=torch.int64, device=device)
    rows: list[torch.Tensor] = []
    for row, prompt in enumerate(prompts):
        features = None if prompt.features is None else prompt.features.to(device)
        embeds = embed(model, prompt.input_ids.to(device).unsqueeze(0), features)[0]
        mask[row, longest - len(embeds) :] = 1
        rows.append(torch.cat([embeds.new_zeros((longest - len(embeds), embeds.shape[1])), embeds]))
    return torch.stack(rows), mask
