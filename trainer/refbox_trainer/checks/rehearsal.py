"""What a model needs at work, found out without its weights: a step and an evaluation on fake tensors (passes.py).

All layers of a part are alike, so that going through a few of them tells what one more costs; the rest is counted up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from refbox_trainer.checks.passes import Depth, Held, Passes
from refbox_trainer.checks.workload import MicroBatch
from refbox_trainer.config import RunConfig
from refbox_trainer.model.load import empty_model
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.training.adapter import prepare, trains_vision
from refbox_trainer.training.device import Precision

_FEW: Final = 3
"""Layers that are gone through. With fewer, what happens once in a step could hide what a layer costs."""

Sizes = TypeVar("Sizes", bound=tuple[int, ...])


class Step(NamedTuple):
    """Bytes beside weights, gradients and optimizer state at the worst moment of a micro-batch."""

    vision: int
    language: int
    logits: int
    with_new_gradients: int
    """All of the worst moment when gradients do not exist yet and appear on the way."""

    @property
    def total(self) -> int:
        return self.vision + self.language + self.logits


class Rehearsed(NamedTuple):
    """Everything that a model without weights can tell."""

    parameters: dict[str, int]
    """language, vision, projector: numbers of weights, adapters included."""
    moving: int
    weights: int
    """Bytes of all weights on one device, not spread."""
    moving_in_shards: int
    """Bytes of the moving weights that fsdp spreads, and of the frozen ones."""
    frozen_in_shards: int
    gathered: int
    """Bytes that a sharded model holds whole while it works: what lies outside of layers, and two layers."""
    learns_vision: bool
    step: Step
    vision_alone: int
    """Bytes to make the features of the largest sample, where they are frozen."""
    evaluation: int
    kv_cache: int
    """Part of `evaluation`."""


def rehearse(
    spec: ModelSpec,
    config: RunConfig,
    precision: Precision,
    heaviest: MicroBatch,
    *,
    most_tiles: int,
    prompts: tuple[int, int],
) -> Rehearsed:
    """Go through the heaviest micro-batch and an evaluation.

    `prompts` are the number and length of the prompts that are answered at once; (0, 0) without an evaluation.
    """
    half = precision == "bfloat16"
    model = empty_model(spec, image_token_id=0).to("meta")  # pyright: ignore[reportArgumentType] (wants a dtype first)
    with torch.device("meta"):
        trainable = prepare(model, spec.family, config.method, config.freeze, seed=0)
    learns_vision = trains_vision(trainable)
    with FakeTensorMode(allow_non_fake_inputs=True):
        passes = Passes(model, spec, config.train, half=half)
        moving_bytes = sum(parameter.nbytes for parameter in model.parameters() if parameter.requires_grad)
        step = _step(passes, heaviest, moving_bytes, learns_vision=learns_vision)
        vision_alone, evaluation, kv_cache = 0, 0, 0
        if not learns_vision and most_tiles:
            with passes.only(Depth(0, _FEW)):
                # Without gradients a layer keeps nothing: the depth makes no difference.
                vision_alone = passes.vision_alone(most_tiles)
        if prompts[0]:
            evaluation, kv_cache = _at_full_depth(passes, lambda: passes.evaluation(*prompts), with_vision=False)
    sizes = {name: parameter.nbytes for name, parameter in model.named_parameters()}
    moving = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    whole = () if learns_vision else ("model.vision_tower.", "model.multi_modal_projector.")
    sharded = {name: size for name, size in sizes.items() if not name.startswith(whole)}
    return Rehearsed(
        parameters=_by_part(model),
        moving=sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad),
        weights=sum(sizes.values()),
        moving_in_shards=sum(size for name, size in sharded.items() if name in moving),
        frozen_in_shards=sum(size for name, size in sharded.items() if name not in moving),
        gathered=_gathered(sharded, half=half, moving=moving),
        learns_vision=learns_vision,
        step=step,
        vision_alone=vision_alone,
        evaluation=evaluation,
        kv_cache=kv_cache,
    )


def _step(passes: Passes, batch: MicroBatch, moving_bytes: int, *, learns_vision: bool) -> Step:
    def go(with_gradients: bool) -> Held:
        return passes.micro_batch(batch, learns_vision=learns_vision, with_gradients=with_gradients)

    later = Held(*_at_full_depth(passes, lambda: go(True), with_vision=learns_vision))
    first = Held(*_at_full_depth(passes, lambda: go(False), with_vision=learns_vision))
    # Worst is the beginning of the backward pass, with all that is kept for it, or its end, with all gradients.
    worst = max(first.total, later.total, moving_bytes + later.passing)
    logits = min(later.logits, later.total - later.vision)
    return Step(later.vision, later.total - later.vision - logits, logits, worst)


def _at_full_depth(passes: Passes, measure: Callable[[], Sizes], *, with_vision: bool) -> tuple[int, ...]:
    """What `measure` says of the whole model, from what it says of a few layers and of one more in each part."""
    depth = passes.depth
    few = Depth(min(depth.language, _FEW), min(depth.vision, _FEW))
    with passes.only(few):
        found = list(measure())
    base = tuple(found)
    more = [(Depth(few.language + 1, few.vision), depth.language - few.language)]
    if with_vision:
        more.append((Depth(few.language, few.vision + 1), depth.vision - few.vision))
    for deeper, missing in more:
        if missing:
            with passes.only(deeper):
                found = [
                    size + missing * (one_more - less)
                    for size, one_more, less in zip(found, measure(), base, strict=True)
                ]
    return tuple(found)


def _by_part(model: torch.nn.Module) -> dict[str, int]:
    parts: dict[str, int] = {"language": 0, "vision": 0, "projector": 0}
    for name, parameter in model.named_parameters():
        part = (
            "vision" if ".vision_tower." in name else "projector" if ".multi_modal_projector." in name else "language"
        )
        parts[part] += parameter.numel()
    return parts


def _gathered(sharded: dict[str, int], *, half: bool, moving: set[str]) -> int:
    """Bytes in the type of the computation: half of what a moving weight takes, when that is bfloat16."""
    layers: dict[str, int] = {}
    outside = 0
    for name, size in sharded.items():
        size = size // 2 if half and name in moving else size
        head, found, rest = name.partition(".layers.") if ".layers." in name else name.partition(".layer.")
        if found:
            layer = f"{head}{found}{rest.split('.')[0]}"
            layers[layer] = layers.get(layer, 0) + size
        else:
            outside += size
    return outside + 2 * max(layers.values(), default=0)
