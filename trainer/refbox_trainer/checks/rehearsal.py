"""A training step and an evaluation, gone through with tensors that have a shape and a type but no memory.

The model, its adapters, activation checkpointing, mixed precision and the loss are the run's own, so that what they
keep is not estimated but counted (live_bytes.py). Fused attention is the one thing that is described: it keeps query,
key, value, output and one float32 per row (Dao et al. 2022, arXiv 2205.14135, algorithms 2 and 4).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, NamedTuple

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from transformers import AttentionInterface, DynamicCache, InternVLForConditionalGeneration

from refbox_trainer.checks.live_bytes import LiveBytes
from refbox_trainer.checks.workload import MicroBatch
from refbox_trainer.config import RunConfig
from refbox_trainer.model.forward import head_losses, visual_features
from refbox_trainer.model.load import empty_model
from refbox_trainer.model.packed_attention import separate_samples
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.training.adapter import prepare, trains_vision
from refbox_trainer.training.device import Precision

_SHAPES: Final = "refbox_shapes"


class Step(NamedTuple):
    """Bytes beside weights, gradients and optimizer state at the worst moment of a micro-batch."""

    vision: int
    language: int
    """What is kept for the backward pass, and what the backward pass itself holds."""
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
    """Of the moving weights, those that fsdp spreads; and bytes of frozen ones that it spreads."""
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


class _FusedAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *tensors: torch.Tensor) -> torch.Tensor:
        query, key, value = tensors
        rows = query.new_empty(query.shape[:3], dtype=torch.float32)
        output = torch.empty_like(query)
        ctx.save_for_backward(query, key, value, output, rows)
        return output

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(torch.empty_like(tensor) for tensor in ctx.saved_tensors[:3])


def _attend(
    module: torch.nn.Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: Any, **options: Any
) -> tuple[torch.Tensor, None]:
    if torch.is_autocast_enabled("cpu"):
        query, key, value = (tensor.to(torch.bfloat16) for tensor in (query, key, value))
    output: Any = _FusedAttention.apply(query, key, value)
    return output.transpose(1, 2).contiguous(), None


AttentionInterface.register(_SHAPES, _attend)


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
        _materialise(model, half=half)
        # Eager attention is computed for real, as it keeps every pair of tokens.
        model.set_attn_implementation("eager" if config.train.attention == "eager" else _SHAPES)
        separate_samples(model)
        if config.train.gradient_checkpointing:
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.train()
        stage = _Stage(model, spec, half=half)
        step = stage.step(heaviest, learns_vision=learns_vision)
        vision_alone = 0 if learns_vision else stage.vision_alone(most_tiles)
        evaluation, kv_cache = stage.evaluation(*prompts) if prompts[0] else (0, 0)
    sizes = {name: parameter.nbytes for name, parameter in model.named_parameters()}
    moving = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    kept_whole = () if learns_vision else ("model.vision_tower.", "model.multi_modal_projector.")
    sharded = {name: size for name, size in sizes.items() if not name.startswith(kept_whole or ("\0",))}
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


class _Stage:
    """The model with the ways a run goes through it."""

    def __init__(self, model: InternVLForConditionalGeneration, spec: ModelSpec, *, half: bool) -> None:
        self._model = model
        self._language: Any = model.model.language_model
        self._spec = spec
        self._half = half

    def step(self, batch: MicroBatch, *, learns_vision: bool) -> Step:
        parameters = [parameter for parameter in self._model.parameters() if parameter.requires_grad]
        new = self._micro_batch(batch, learns_vision=learns_vision)
        # From the second micro-batch of a step on the gradients are there already.
        for parameter in parameters:
            parameter.grad = torch.empty_like(parameter)
        again = self._micro_batch(batch, learns_vision=learns_vision)
        for parameter in parameters:
            parameter.grad = None
        return again._replace(with_new_gradients=new.total)

    def _micro_batch(self, batch: MicroBatch, *, learns_vision: bool) -> Step:
        with LiveBytes() as live:
            with self._autocast():
                features = self._features(batch.tiles, learns_vision=learns_vision)
                vision = live.now
                ids = torch.empty((batch.rows, batch.length), dtype=torch.int64)
                embeds = self._language.embed_tokens(ids)
                if features is not None:
                    mask = torch.empty((batch.rows, batch.length, 1), dtype=torch.bool)
                    embeds = embeds.masked_scatter(mask, features.to(embeds.dtype))
                    del features, mask
                hidden = self._language(
                    inputs_embeds=embeds, attention_mask=self._mask(batch.rows, batch.length), use_cache=False
                ).last_hidden_state
                del embeds
                language = live.now
                places = torch.empty(batch.supervised, dtype=torch.int64)
                chosen = hidden.flatten(0, 1)[places]
                with live.peak_of() as held:
                    losses = head_losses(self._model.lm_head, chosen, places)
                    logits = held()
                loss = losses.sum()
                del hidden, chosen, losses
            loss.backward()
            peak = live.peak
        logits = min(logits, max(0, peak - language))
        return Step(vision, peak - vision - logits, logits, 0)

    def vision_alone(self, tiles: int) -> int:
        """Peak bytes for the features of `tiles` tiles without gradients."""
        with LiveBytes() as live, torch.no_grad(), self._autocast():
            self._features(tiles, learns_vision=True)
        return live.peak

    def evaluation(self, rows: int, length: int) -> tuple[int, int]:
        """Peak bytes of reading `rows` prompts of `length` tokens, and the keys and values they leave."""
        self._model.eval()
        with LiveBytes() as live, torch.no_grad(), self._autocast():
            cache = DynamicCache(config=self._model.config.get_text_config())
            embeds = self._language.embed_tokens(torch.empty((rows, length), dtype=torch.int64))
            hidden = self._language(
                inputs_embeds=embeds,
                attention_mask=torch.empty((rows, 1, length, length), dtype=torch.bool),
                past_key_values=cache,
                use_cache=True,
            ).last_hidden_state
            self._model.lm_head(hidden[:, -1])
            del embeds, hidden
            kept = live.now
        self._model.train()
        return live.peak, kept

    def _features(self, tiles: int, *, learns_vision: bool) -> torch.Tensor | None:
        if tiles == 0:
            return None
        if learns_vision:
            side = self._spec.image_size
            return visual_features(self._model, torch.empty(tiles, 3, side, side))
        width = self._model.config.get_text_config().hidden_size
        dtype = torch.bfloat16 if self._half else torch.float32
        return torch.empty(tiles * self._spec.num_image_token, width, dtype=dtype)

    def _mask(self, rows: int, length: int) -> torch.Tensor:
        # Four dimensions keep the library from making a mask by looking at values, which are not there.
        eager = self._language.config._attn_implementation == "eager"
        return torch.empty((rows, 1, length, length) if eager else (1, 1, 1, 1), dtype=torch.float32)

    def _autocast(self) -> AbstractContextManager[Any]:
        return torch.autocast("cpu", dtype=torch.bfloat16) if self._half else nullcontext()


def _materialise(model: InternVLForConditionalGeneration, *, half: bool) -> None:
    """Give every weight the type it has in a run (training/prepare.py), still without memory."""
    made: dict[torch.nn.Parameter, torch.nn.Parameter] = {}
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            # A head that is the embedding stays the embedding.
            if parameter not in made:
                dtype = torch.bfloat16 if half and not parameter.requires_grad else torch.float32
                fake = torch.empty(parameter.shape, dtype=dtype)
                made[parameter] = torch.nn.Parameter(fake, requires_grad=parameter.requires_grad)
            setattr(module, name, made[parameter])
        for name, buffer in list(module.named_buffers(recurse=False)):
            setattr(module, name, torch.empty(buffer.shape, dtype=buffer.dtype))


def _by_part(model: InternVLForConditionalGeneration) -> dict[str, int]:
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
