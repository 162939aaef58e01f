"""Weight names: the original InternVL layout, the transformers layout on disk, and the names in memory.

"Native" is what `InternVLForConditionalGeneration` calls its parameters. On disk transformers writes older names,
which its other tools rely on, so both spellings are read and the older one is written.
Besides names, two matrices differ: the original ViT fuses q, k and v into one, and so does InternLM2, grouped by key
head. All functions work on streams of (name, tensor), so that a checkpoint larger than the memory can pass through,
and refuse what they do not know by name: a weight that is silently left out stays random.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import TextFamily, attention_shape

Named = tuple[str, torch.Tensor]

_VISION_TOWER: Final = {
    "embeddings.class_embedding": "embeddings.cls_token",
    "embeddings.position_embedding": "embeddings.position_embeddings",
    "embeddings.patch_embedding.weight": "embeddings.patch_embeddings.projection.weight",
    "embeddings.patch_embedding.bias": "embeddings.patch_embeddings.projection.bias",
    "encoder.layers.{n}.ls1": "encoder.layer.{n}.lambda_1",
    "encoder.layers.{n}.ls2": "encoder.layer.{n}.lambda_2",
}
_VISION_MODULES: Final = {
    "attn.proj": "attention.projection_layer",
    "attn.q_norm": "attention.q_norm",
    "attn.k_norm": "attention.k_norm",
    "norm1": "layernorm_before",
    "norm2": "layernorm_after",
    "mlp.fc1": "mlp.fc1",
    "mlp.fc2": "mlp.fc2",
}
_PROJECTOR: Final = {"mlp1.0": "layer_norm", "mlp1.1": "linear_1", "mlp1.3": "linear_2"}
_PARAMETERS: Final = ("weight", "bias")
_Q_K_V: Final = ("q_proj", "k_proj", "v_proj")

_LAYER_NUMBER: Final = re.compile(r"\.(layers?)\.(\d+)\.")

_DISK_TO_NATIVE: Final = (
    ("language_model.lm_head.", "lm_head."),
    ("language_model.model.", "model.language_model."),
    ("vision_tower.", "model.vision_tower."),
    ("multi_modal_projector.", "model.multi_modal_projector."),
)


@dataclass(frozen=True, slots=True)
class FusedRows:
    """How the rows of a fused matrix belong to its parts: `groups` times one block of `shares[i]` rows per part."""

    groups: int
    shares: tuple[int, ...]

    def split(self, fused: torch.Tensor) -> list[torch.Tensor]:
        """[groups * sum(shares), ...] to one [groups * share, ...] per part. Raises ValueError for other heights."""
        if fused.shape[0] != self.groups * sum(self.shares):
            raise ValueError(f"{fused.shape[0]} rows where {self.groups * sum(self.shares)} are fused")
        blocks = fused.unflatten(0, (self.groups, sum(self.shares))).split(self.shares, dim=1)
        return [block.flatten(0, 1) for block in blocks]

    def join(self, parts: Iterable[torch.Tensor]) -> torch.Tensor:
        """The exact inverse of `split`."""
        blocks = [part.unflatten(0, (self.groups, -1)) for part in parts]
        return torch.cat(blocks, dim=1).flatten(0, 1)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One original name and what becomes of it; `{n}` stands for the number of the layer."""

    original: str
    native: tuple[str, ...]
    rows: FusedRows | None = None


class WeightNames:
    """The names of all weights that one checkpoint may have, in both layouts."""

    def __init__(self, family: TextFamily, original: Mapping[str, Any]) -> None:
        """`original` is the config of the original layout, which fixes where fused rows are cut."""
        rules = [*_vision_rules(original["vision_config"]["hidden_size"]), *_projector_rules()]
        rules += _text_rules(family, original["llm_config"])
        self._by_original = {rule.original: rule for rule in rules}
        self._by_native = {name: (rule, part) for rule in rules for part, name in enumerate(rule.native)}

    def to_native(self, original: Iterable[Named]) -> Iterator[Named]:
        """Rename original tensors, cutting fused ones. Raises TrainerError("bad_model") at the first unknown name."""
        for name, tensor in original:
            pattern, number = _pattern(name)
            rule = self._by_original.get(pattern)
            if rule is None:
                raise _refusal([name], _NOT_ORIGINAL)
            try:
                parts = [tensor] if rule.rows is None else rule.rows.split(tensor)
            except ValueError as error:
                raise TrainerError(
                    "bad_model",
                    f"{name} has shape {list(tensor.shape)}, which the config does not fit: {error}.",
                    "Check that config.json and the weights come from the same checkpoint.",
                ) from error
            for target, part in zip(rule.native, parts, strict=True):
                yield target.replace("{n}", number), part

    def to_original(self, native: Iterable[Named]) -> Iterator[Named]:
        """The exact inverse of `to_native`. Parts of a fused matrix wait until all of them have come by.

        Raises TrainerError("bad_model") for unknown names and for fused matrices of which a part never came.
        """
        waiting: dict[str, dict[int, torch.Tensor]] = {}
        for name, tensor in native:
            pattern, number = _pattern(name)
            rule, part = self._by_native.get(pattern, (None, 0))
            if rule is None:
                raise _refusal([name], _NOT_NATIVE)
            original = rule.original.replace("{n}", number)
            if rule.rows is None:
                yield original, tensor
                continue
            parts = waiting.setdefault(original, {})
            parts[part] = tensor
            if len(parts) == len(rule.native):
                del waiting[original]
                yield original, rule.rows.join(parts[index] for index in range(len(parts)))
        if waiting:
            raise _refusal(list(waiting), "cannot be put together, because one of q, k, v is missing")

    def refuse_unknown(self, names: Iterable[str], *, native: bool) -> None:
        """Raise TrainerError("bad_model") naming every tensor that belongs to no part of the model."""
        known = self._by_native if native else self._by_original
        unknown = [name for name in names if _pattern(name)[0] not in known]
        if unknown:
            raise _refusal(unknown, _NOT_NATIVE if native else _NOT_ORIGINAL)


def disk_to_native(name: str) -> str:
    """A name of a transformers checkpoint on disk, old or new spelling, to the name in memory."""
    return _swap_prefix(name, _DISK_TO_NATIVE)


def native_to_disk(name: str) -> str:
    """A name in memory to the spelling that `save_pretrained` of transformers writes."""
    return _swap_prefix(name, tuple((native, disk) for disk, native in _DISK_TO_NATIVE))


def _vision_rules(width: int) -> Iterator[_Rule]:
    for before, after in _VISION_TOWER.items():
        yield _Rule(f"vision_model.{before}", (f"model.vision_tower.{after}",))
    original, native = "vision_model.encoder.layers.{n}", "model.vision_tower.encoder.layer.{n}"
    for kind in _PARAMETERS:
        for before, after in _VISION_MODULES.items():
            yield _Rule(f"{original}.{before}.{kind}", (f"{native}.{after}.{kind}",))
        parts = tuple(f"{native}.attention.{part}.{kind}" for part in _Q_K_V)
        yield _Rule(f"{original}.attn.qkv.{kind}", parts, FusedRows(1, (width, width, width)))


def _projector_rules() -> Iterator[_Rule]:
    for before, after in _PROJECTOR.items():
        for kind in _PARAMETERS:
            yield _Rule(f"{before}.{kind}", (f"model.multi_modal_projector.{after}.{kind}",))


def _text_rules(family: TextFamily, text: Mapping[str, Any]) -> Iterator[_Rule]:
    yield _Rule(f"language_model.{family.embedding}.weight", ("model.language_model.embed_tokens.weight",))
    yield _Rule("language_model.model.norm.weight", ("model.language_model.norm.weight",))
    yield _Rule(f"language_model.{family.head}.weight", ("lm_head.weight",))
    original, native = "language_model.model.layers.{n}", "model.language_model.layers.{n}"
    for kind in _PARAMETERS:
        for before, after in family.layer.items():
            yield _Rule(f"{original}.{before}.{kind}", (f"{native}.{after}.{kind}",))
        if family.fused_attention is not None:
            shape = attention_shape(text)
            # Per key head: the rows of the query heads that share it, then its key, then its value.
            block = (shape.heads // shape.key_heads * shape.head_dim, shape.head_dim, shape.head_dim)
            parts = tuple(f"{native}.self_attn.{part}.{kind}" for part in _Q_K_V)
            yield _Rule(f"{original}.{family.fused_attention}.{kind}", parts, FusedRows(shape.key_heads, block))


def _pattern(name: str) -> tuple[str, str]:
    """A name with its layer number replaced by `{n}`, and that number."""
    found = _LAYER_NUMBER.search(name)
    if found is None:
        return name, ""
    return f"{name[: found.start()]}.{found[1]}.{{n}}.{name[found.end() :]}", found[2]


def _swap_prefix(name: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for before, after in pairs:
        if name.startswith(before):
            return after + name.removeprefix(before)
    return name


_NOT_ORIGINAL: Final = "does not belong to an InternVL checkpoint in the original layout"
_NOT_NATIVE: Final = "does not belong to an InternVL checkpoint in the transformers layout"


def _refusal(names: list[str], reason: str) -> TrainerError:
    shown = ", ".join(sorted(names)[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return TrainerError(
        "bad_model",
        f"The weights hold {len(names)} tensor(s) whose name {reason}: {shown}.",
        "Check that the folder is an unmodified InternVL checkpoint; merge adapters before using it as a base.",
    )
