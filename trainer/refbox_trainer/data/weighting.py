"""How much each supervised token of a sample counts. The loss of a step is sum(w * ce) / sum(w) over all its tokens."""

from __future__ import annotations

from typing import Literal

LossWeighting = Literal["token", "sample", "square"]


def token_weight(weighting: LossWeighting, supervised: int) -> float:
    """The weight of one token in a sample of `supervised` (from 1) supervised tokens.

    token: 1, so that every token counts alike; sample: 1/n, so that every sample does; square: 1/sqrt(n), between the
    two. The three reductions of InternVL's packed training.
    """
    if weighting == "token":
        return 1.0
    return 1.0 / supervised if weighting == "sample" else supervised**-0.5


def sample_weight(weighting: LossWeighting, supervised: int) -> float:
    """The weights of all its tokens together; 0 for a sample that supervises nothing."""
    return supervised * token_weight(weighting, supervised) if supervised else 0.0
