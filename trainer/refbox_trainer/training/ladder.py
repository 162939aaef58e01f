"""What a run gives up, one thing after the other, when memory does not suffice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from refbox_trainer.config import RunConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """The settings that decide how much memory a step takes. They start as run.json says and only ever shrink."""

    micro_batch_size: int
    max_packed_tokens: int | None
    """None without packing."""
    gradient_checkpointing: bool
    max_dynamic_patch: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Rung(NamedTuple):
    """One change. `key` is the setting of run.json it overrules."""

    key: str
    before: int | bool
    after: int | bool
    fit: Fit


def fit_of(config: RunConfig, processes: int = 1) -> Fit:
    """What run.json asks for. No process goes without samples: a forward takes at most its share of the batch."""
    sequence, train = config.sequence, config.train
    return Fit(
        micro_batch_size=min(train.micro_batch_size, max(1, train.batch_size // processes)),
        max_packed_tokens=(sequence.max_packed_tokens or sequence.max_length) if sequence.packing else None,
        gradient_checkpointing=train.gradient_checkpointing,
        max_dynamic_patch=sequence.max_dynamic_patch,
    )


def smaller_of(fit: Fit, kept: Mapping[str, Any] | None) -> Fit:
    """`fit`, or what a checkpoint says the run had to give up before, whichever takes less memory."""
    if not kept:
        return fit
    packed = kept.get("max_packed_tokens")
    return Fit(
        micro_batch_size=min(fit.micro_batch_size, kept["micro_batch_size"]),
        max_packed_tokens=min(fit.max_packed_tokens, packed) if fit.max_packed_tokens and packed else None,
        gradient_checkpointing=fit.gradient_checkpointing or kept["gradient_checkpointing"],
        max_dynamic_patch=min(fit.max_dynamic_patch, kept["max_dynamic_patch"]),
    )


def next_rung(fit: Fit, config: RunConfig, longest_sample: int) -> Rung | None:
    """The next change, or None when nothing is left.

    First smaller forwards, which change nothing but speed; then activation checkpointing, which costs about a third
    of the speed; then, only if it is allowed, fewer tiles, which changes what is learnt. A packed sequence has to hold
    the longest sample of `longest_sample` tokens.
    """
    if fit.max_packed_tokens is not None and fit.max_packed_tokens > longest_sample:
        packed = max(fit.max_packed_tokens // 2, longest_sample)
        changed = replace(fit, max_packed_tokens=packed)
        return Rung("sequence.max_packed_tokens", fit.max_packed_tokens, packed, changed)
    if fit.max_packed_tokens is None and fit.micro_batch_size > 1:
        half = fit.micro_batch_size // 2
        smaller = next(size for size in range(half, 0, -1) if config.train.batch_size % size == 0)
        return Rung("train.micro_batch_size", fit.micro_batch_size, smaller, replace(fit, micro_batch_size=smaller))
    if not fit.gradient_checkpointing:
        return Rung("train.gradient_checkpointing", False, True, replace(fit, gradient_checkpointing=True))
    fewest = config.sequence.min_dynamic_patch
    if config.train.allow_fewer_tiles and fit.max_dynamic_patch > fewest:
        tiles = max(fit.max_dynamic_patch // 2, fewest)
        return Rung("sequence.max_dynamic_patch", fit.max_dynamic_patch, tiles, replace(fit, max_dynamic_patch=tiles))
    return None
