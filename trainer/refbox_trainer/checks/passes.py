"""The ways a run goes through its model, made with tensors that have a shape and a type but no memory.

The model, its adapters, activation checkpointing, mixed precision and the loss are the run's own, so that what they
keep is not estimated but counted (live_bytes.py). Fused attention is the one thing that is described: it keeps query,
key, value, output and one float32 per row (Dao et al. 2022, arXiv 2205.14135, algorithms 2 and 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, NamedTuple

import torch
from transformers import AttentionInterface, DynamicCache, InternVLForConditionalGeneration

from refbox_trainer.checks.live_bytes import LiveBytes
from refbox_trainer.checks.workload import MicroBatch
from refbox_trainer.config import TrainSection
from refbox_trainer.model.forward import head_losses, visual_features
from refbox_trainer.model.packed_attention import separate_samples
from refbox_trainer.model.spec import ModelSpec

_SHAPES: Final = "refbox_shapes"


class Depth(NamedTuple):
    """Numbers of layers."""

    language: int
    vision: int


class Held(NamedTuple):
    """Bytes of one micro-batch beside weights, and beside gradients and optimizer state that are there already.

    Each is of one moment, so that each grows by the same amount with every layer.
    """

    vision: int
    """Behind the vision part."""
    forward: int
    """Behind the last layer: what is kept for the backward pass and, under autocast, the weights in half precision."""
    logits: int
    """What the head holds beside that."""
    backward: int
    """At the worst moment of the backward pass."""
    passing: int
    """Part of `backward` that was not there at its beginning and is given back."""

    @property
    def total(self) -> int:
        return max(self.forward + self.logits, self.backward)


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


class Passes:
    """A model without memory. To be made and used inside of FakeTensorMode."""

    def __init__(
        self, model: InternVLForConditionalGeneration, spec: ModelSpec, train: TrainSection, *, half: bool
    ) -> None:
        """`model` is on the device `meta`, with its adapters; it is changed in place."""
        _materialise(model, half=half)
        # Eager attention is computed for real, as it keeps every pair of tokens.
        model.set_attn_implementation("eager" if train.attention == "eager" else _SHAPES)
        separate_samples(model)
        if train.gradient_checkpointing:
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.train()
        self._model = model
        self._language: Any = model.model.language_model
        self._tower: Any = model.model.vision_tower.encoder
        self._layers = self._language.layers
        self._blocks = self._tower.layer
        self._spec = spec
        self._half = half

    @property
    def depth(self) -> Depth:
        return Depth(len(self._layers), len(self._blocks))

    @contextmanager
    def only(self, depth: Depth) -> Iterator[None]:
        """Let the model have no more than the first layers of each part."""
        self._language.layers = self._layers[: depth.language]
        self._tower.layer = self._blocks[: depth.vision]
        try:
            yield
        finally:
            self._language.layers, self._tower.layer = self._layers, self._blocks

    def micro_batch(self, batch: MicroBatch, *, learns_vision: bool, with_gradients: bool) -> Held:
        """Forward and backward. `with_gradients`: those of an earlier micro-batch are there already."""
        parameters = [parameter for parameter in self._model.parameters() if parameter.requires_grad]
        for parameter in parameters:
            parameter.grad = torch.empty_like(parameter) if with_gradients else None
        try:
            return self._there_and_back(batch, learns_vision=learns_vision)
        finally:
            for parameter in parameters:
                parameter.grad = None

    def _there_and_back(self, batch: MicroBatch, *, learns_vision: bool) -> Held:
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
                forward = live.now
                places = torch.empty(batch.supervised, dtype=torch.int64)
                chosen = hidden.flatten(0, 1)[places]
                with live.peak_of() as held:
                    losses = head_losses(self._model.lm_head, chosen, places)
                    logits = held()
                loss = losses.sum()
                del hidden, chosen, losses
            kept = live.now
            with live.peak_of() as held_back:
                loss.backward()
                passing = held_back()
        return Held(vision, forward, logits, kept + passing, passing)

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
        self._model.train()
        layers: list[Any] = cache.layers
        return live.peak, sum(layer.keys.nbytes + layer.values.nbytes for layer in layers if layer.is_initialized)

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
