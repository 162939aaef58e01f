"""Floating point operations of a run, from numbers of weights.

Two operations per weight and token forwards, two for the gradient of its input, two for its own gradient if it moves
(Kaplan et al. 2020, arXiv 2001.08361, section 2.1), and two more forwards where activations are computed again; and
the two products of attention with their gradients, of which causal attention needs the lower triangle.
"""

from __future__ import annotations

from typing import Any

from refbox_trainer.checks.workload import Workload
from refbox_trainer.config import FullMethod, RunConfig
from refbox_trainer.model.parameters import ParameterCounts
from refbox_trainer.model.spec import ModelSpec


def operations_per_step(
    spec: ModelSpec, text: Any, vision: Any, counts: ParameterCounts, config: RunConfig, load: Workload
) -> float:
    """Over all processes, for a step of average samples. `text` and `vision` are the native configs."""
    full = isinstance(config.method, FullMethod)
    again = 2 if config.train.gradient_checkpointing else 0
    language = _passes(moves=full and not config.freeze.language) + again
    per_token = counts.language * language + counts.head * (language - again) * _supervised_share(load)
    attention = 7 * text.num_hidden_layers * text.hidden_size * load.mean_tokens
    learns_vision = not config.freeze.vision if full else "vision" in _targets(config)
    patches = (spec.image_size // vision.patch_size[0]) ** 2 + 1
    tower = _passes(moves=full) + again if learns_vision else 2
    per_tile = counts.vision * tower * patches + 2 * tower * vision.num_hidden_layers * vision.hidden_size * patches**2
    projector = _passes(moves=not config.freeze.projector) if learns_vision or not config.freeze.projector else 2
    per_tile += counts.projector * projector * spec.num_image_token
    return config.train.batch_size * (load.mean_tokens * (per_token + attention) + load.mean_tiles * per_tile)


def _passes(*, moves: bool) -> int:
    return 6 if moves else 4


def _targets(config: RunConfig) -> tuple[str, ...]:
    return () if isinstance(config.method, FullMethod) else config.method.targets


def _supervised_share(load: Workload) -> float:
    """Only supervised positions go through the head."""
    return load.heaviest.supervised / max(1, load.heaviest.tokens)
