"""Bytes of a run on one device, part by part, at the moment that needs most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from refbox_trainer.checks.rehearsal import Rehearsed
from refbox_trainer.config import RunConfig
from refbox_trainer.data.pixels import CACHE_BYTES

Phase = Literal["load", "training", "evaluation"]
Strategy = Literal["single", "ddp", "fsdp"]
PartName = Literal[
    "weights",
    "gradients",
    "optimizer",
    "activations_vision",
    "activations_language",
    "logits",
    "kv_cache",
    "pixels",
    "runtime",
]

CUDA_CONTEXT: Final = 600 << 20
"""What CUDA, cuBLAS and cuDNN hold on a card before the first tensor; 0.4 to 0.6 GiB by generation."""
NCCL_BUFFERS: Final = 1 << 30
"""Channels and the bucket of 256 MiB in which gradients travel, twice."""
_HEAP_LEAST: Final = 400 << 20
_HEAP_SHARE: Final = 0.4
_NF4_BYTES: Final = 0.516
"""Per weight: 4 bits and 0.127 bits of scales (Dettmers et al. 2023, arXiv 2305.14314, section 3)."""


class Part(NamedTuple):
    name: PartName
    bytes: int
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What is not the model's: the process, what it keeps of pictures, and where it keeps it."""

    strategy: Strategy
    runtime: int
    runtime_detail: str
    kept_pictures: int
    """Bytes of tiles or features that a cache would like to keep."""
    shares_main_memory: bool
    """On a processor (and Apple's chips) caches and files take from the same memory as tensors."""
    file_bytes: int
    several_forwards: bool
    """Gradients of earlier micro-batches are there while the next is computed."""
    quantized: int
    """Weights of the decoder that 4 bits replace; 0 without quantization."""


def heap_slack(working: int) -> int:
    """Freed blocks that the C library keeps, beside `working` bytes of tensors that come and go on a processor.

    glibc gives back at once only what is larger than a threshold that grows up to 32 MiB; below it the heap gets holes.
    Measured over five runs of 8 and 344 million weights: 0.2 to 0.6 GB beside up to 0.9 GB of activations, 1.4 beside
    3.3 GB. With MALLOC_MMAP_THRESHOLD_=65536 there is none of it, and steps take a third longer.
    """
    return max(_HEAP_LEAST, round(_HEAP_SHARE * working))


class Budget(NamedTuple):
    phases: dict[Phase, int]
    peak: Phase
    parts: list[Part]

    @property
    def total(self) -> int:
        return self.phases[self.peak]


def budget(rehearsed: Rehearsed, config: RunConfig, around: Surroundings) -> Budget:
    """All three moments, and the parts of the one that needs most."""
    moments: dict[Phase, list[Part]] = {
        "load": _load(rehearsed, around),
        "training": _training(rehearsed, config, around),
        "evaluation": _evaluation(rehearsed, config, around),
    }
    phases: dict[Phase, int] = {phase: sum(part.bytes for part in parts) for phase, parts in moments.items()}
    order: tuple[Phase, ...] = ("training", "evaluation", "load")
    peak = max(order, key=phases.__getitem__)
    return Budget(phases, peak, [part for part in moments[peak] if part.bytes])


def _training(rehearsed: Rehearsed, config: RunConfig, around: Surroundings) -> list[Part]:
    step, gradients = rehearsed.step, _moving_bytes(rehearsed, config, around)
    vision, language, logits = step.vision, step.language, step.logits
    if not around.several_forwards:
        # The gradients appear during the only backward pass, while activations go.
        gradients = max(0, max(gradients, step.with_new_gradients) - step.total)
    if rehearsed.vision_alone > vision + language + logits:
        vision, language, logits = rehearsed.vision_alone, 0, 0
    again = "each layer computed again" if config.train.gradient_checkpointing else "all kept"
    return [
        *_resident(rehearsed, config, around),
        Part("gradients", gradients, f"{rehearsed.moving:,} in float32"),
        Part(
            "activations_vision", vision, "of the tiles of one micro-batch" if rehearsed.learns_vision else "features"
        ),
        Part("activations_language", language, f"of one micro-batch, {again}"),
        Part("logits", logits, "of the supervised tokens, in pieces"),
        *_beside(around, vision + language + logits),
    ]


def _evaluation(rehearsed: Rehearsed, config: RunConfig, around: Surroundings) -> list[Part]:
    if not rehearsed.evaluation:
        return []
    return [
        *_resident(rehearsed, config, around),
        Part("kv_cache", rehearsed.kv_cache, "keys and values of the prompts answered at once"),
        Part("activations_language", rehearsed.evaluation - rehearsed.kv_cache, "reading the prompts"),
        *_beside(around, rehearsed.evaluation),
    ]


def _load(rehearsed: Rehearsed, around: Surroundings) -> list[Part]:
    # The files are read tensor by tensor; on a processor their pages count until the last one is read.
    files = around.file_bytes if around.shares_main_memory else 0
    return [
        Part("weights", rehearsed.weights + files, "as they come from the files"),
        Part("runtime", around.runtime, around.runtime_detail),
    ]


def _resident(rehearsed: Rehearsed, config: RunConfig, around: Surroundings) -> list[Part]:
    weights, moving = rehearsed.weights, rehearsed.moving
    detail = f"{moving:,} moving in float32, {sum(rehearsed.parameters.values()) - moving:,} frozen"
    if around.strategy == "fsdp":
        count = config.parallel.processes
        spread = rehearsed.moving_in_shards + rehearsed.frozen_in_shards
        weights = weights - spread + spread // count + rehearsed.gathered
        moving = moving // count
        detail += f", spread over {count} devices; {rehearsed.gathered / 1e9:.1f} GB gathered at work"
    elif around.quantized:
        weights -= int(around.quantized * (2 - _NF4_BYTES))
        detail += f", {around.quantized:,} of them in 4 bits"
    per_weight = 2 if config.train.optimizer == "adamw_8bit" else 8
    return [
        Part("weights", weights, detail),
        Part("optimizer", moving * per_weight, f"two averages of {per_weight // 2} byte(s) per moving weight"),
    ]


def _moving_bytes(rehearsed: Rehearsed, config: RunConfig, around: Surroundings) -> int:
    return 4 * rehearsed.moving // (config.parallel.processes if around.strategy == "fsdp" else 1)


def _beside(around: Surroundings, working: int) -> list[Part]:
    slack = heap_slack(working) if around.shares_main_memory else 0
    kept = min(around.kept_pictures, CACHE_BYTES) if around.shares_main_memory else 0
    return [
        Part("pixels", kept, "tiles or features that are kept for the next epoch"),
        Part("runtime", around.runtime + slack, around.runtime_detail),
    ]
