"""Checkpoint folders in either layout to a transformers model. No code from a folder ever runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from accelerate import init_empty_weights
from torch import nn
from transformers import InternVLForConditionalGeneration

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.layout import WeightNames, disk_to_native
from refbox_trainer.model.native_config import native_config
from refbox_trainer.model.original_config import original_config_of
from refbox_trainer.model.spec import ModelSpec, read_spec, spec_of_config
from refbox_trainer.model.tokenizer_reader import read_tokenizer
from refbox_trainer.model.tokens import NINE_TOKENS, TokenIds, resolve_token_ids
from refbox_trainer.model.vocabulary import grow_rows, rows_needed, with_vocabulary
from refbox_trainer.model.weights import TensorSource, WeightFiles

HEAD: Final = "lm_head.weight"
EMBEDDING: Final = "model.language_model.embed_tokens.weight"


class LoadedModel(NamedTuple):
    """A model in memory with everything that is needed to feed it."""

    model: InternVLForConditionalGeneration
    tokenizer: Any
    spec: ModelSpec
    tokens: TokenIds
    stored_dtype: torch.dtype
    """The type of the weights on disk; a merge writes the same type again."""
    added_tokens: tuple[str, ...] = ()
    """Those of the nine special tokens that the checkpoint lacked. Their rows of the embedding and the head mean
    nothing yet, so that a run has to train both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """A checkpoint folder of which everything is known and no weight has been read."""

    tokenizer: Any
    spec: ModelSpec
    """With the vocabulary that the tokens of `added_tokens` make necessary."""
    tokens: TokenIds
    headers: Mapping[str, torch.Tensor]
    """The tensors of `stream` without memory."""
    added_tokens: tuple[str, ...]
    """See LoadedModel."""
    source: TensorSource

    @property
    def stored_dtype(self) -> torch.dtype:
        return self.headers[EMBEDDING].dtype

    def empty_model(self) -> InternVLForConditionalGeneration:
        """The model that the tensors of `stream` belong into, see `empty_model`."""
        return empty_model(self.spec, self.tokens.image_context, tied=HEAD not in self.headers and self.spec.may_tie)

    def stream(self) -> Iterator[tuple[str, torch.Tensor]]:
        """All tensors under their native names, one after the other, in their stored type.

        A consumer that lets go of each tensor needs the memory of the largest one.
        """
        return self._grown(_native(self.source.stream(), self.source, self.spec))

    def _grown(self, weights: Iterator[tuple[str, torch.Tensor]]) -> Iterator[tuple[str, torch.Tensor]]:
        if not self.added_tokens:
            return weights
        new = tuple(self.tokenizer.convert_tokens_to_ids(token) for token in self.added_tokens)
        return grow_rows(weights, rows_needed(self.tokenizer), new)


def open_checkpoint(folder: Path, *, source: TensorSource | None = None, spec: ModelSpec | None = None) -> Checkpoint:
    """Read configs, tokenizer and file headers of `folder`, either layout, and check that they fit together.

    `source` and `spec` stand in for what the folder itself would give. Raises TrainerError("bad_model") for anything
    that is missing, left over, of another shape, pickled, or from an unsupported family.
    """
    spec = read_spec(folder) if spec is None else spec
    tokenizer, added = read_tokenizer(folder, spec)
    tokens = resolve_token_ids(tokenizer, spec.template.end)
    source = WeightFiles(folder) if source is None else source
    headers = dict(_native(iter(source.headers().items()), source, spec))
    if EMBEDDING in headers:
        # Tokens that the files know and the embedding does not are as new as those that the files lack.
        rows = len(headers[EMBEDDING])
        beyond = {token for token in NINE_TOKENS if tokenizer.convert_tokens_to_ids(token) >= rows}
        added = tuple(token for token in NINE_TOKENS if token in added or token in beyond)
    checkpoint = Checkpoint(
        tokenizer=tokenizer, spec=spec, tokens=tokens, headers=headers, added_tokens=added, source=source
    )
    if added:
        grown = dict(checkpoint._grown(iter(headers.items())))
        checkpoint = replace(checkpoint, spec=with_vocabulary(spec, rows_needed(tokenizer)), headers=grown)
    _check_fit(checkpoint)
    return checkpoint


def load_model(folder: Path | str, *, dtype: torch.dtype | None = torch.float32, device: str = "cpu") -> LoadedModel:
    """Load a checkpoint folder, original or native layout, ready for inference (eval mode, gradients on).

    `dtype` None keeps the stored type. Weights go to their place one by one: besides the model, memory holds one
    tensor. Raises TrainerError("bad_model") like `open_checkpoint`, before the first weight is read.
    """
    checkpoint = open_checkpoint(Path(folder))
    model = checkpoint.empty_model()
    for name, tensor in checkpoint.stream():
        module_name, _, leaf = name.rpartition(".")
        # A copy, never a view: the file must not stay mapped, or a later change of it would change the model.
        value = torch.empty(tensor.shape, dtype=dtype or tensor.dtype, device=device).copy_(tensor)
        setattr(model.get_submodule(module_name), leaf, nn.Parameter(value))
    if model.config.tie_word_embeddings:
        model.tie_weights()
    model.to(device)  # pyright: ignore[reportArgumentType, reportCallIssue] (the stub wants a dtype first)
    set_generation(model, checkpoint.tokenizer, checkpoint.tokens)
    return LoadedModel(
        model=model.eval(),
        tokenizer=checkpoint.tokenizer,
        spec=checkpoint.spec,
        tokens=checkpoint.tokens,
        stored_dtype=checkpoint.stored_dtype,
        added_tokens=checkpoint.added_tokens,
    )


def empty_model(spec: ModelSpec, image_token_id: int, *, tied: bool = False) -> InternVLForConditionalGeneration:
    """The model without memory for its parameters (device `meta`): shapes, names and modules of the real thing.

    Buffers (rotary frequencies) are not in a checkpoint and are computed for real.
    """
    with init_empty_weights(include_buffers=False):
        return InternVLForConditionalGeneration(native_config(spec, image_token_id=image_token_id, tied=tied))


def _native(
    named: Iterator[tuple[str, torch.Tensor]], source: TensorSource, spec: ModelSpec
) -> Iterator[tuple[str, torch.Tensor]]:
    names = WeightNames(spec.family, original_config_of(spec))
    if spec.layout == "original":
        names.refuse_unknown(source.headers(), native=False)
        yield from names.to_native(named)
        return
    names.refuse_unknown((disk_to_native(name) for name in source.headers()), native=True)
    for name, tensor in named:
        yield disk_to_native(name), tensor


def new_model(config: Mapping[str, Any], tokenizer: Any, *, seed: int = 0) -> LoadedModel:
    """A float32 model with random weights for an original-layout config (see original_config.original_config)."""
    spec = spec_of_config(config)
    tokens = resolve_token_ids(tokenizer, spec.template.end)
    torch.manual_seed(seed)
    model = InternVLForConditionalGeneration(native_config(spec, image_token_id=tokens.image_context))
    set_generation(model, tokenizer, tokens)
    return LoadedModel(model.eval(), tokenizer, spec, tokens, torch.bfloat16)


def _check_fit(checkpoint: Checkpoint) -> None:
    headers = checkpoint.headers
    may_tie = checkpoint.spec.may_tie
    expected = dict(checkpoint.empty_model().named_parameters(remove_duplicate=False))
    if may_tie and HEAD not in headers:
        del expected[HEAD]
    problems = [f"missing: {name}" for name in expected if name not in headers]
    problems += [f"left over: {name}" for name in headers if name not in expected]
    problems += [
        f"{name} has shape {list(headers[name].shape)} where the config asks for {list(parameter.shape)}"
        for name, parameter in expected.items()
        if name in headers and headers[name].shape != parameter.shape
    ]
    if problems:
        shown = "; ".join(problems[:8]) + (f"; and {len(problems) - 8} more" if len(problems) > 8 else "")
        raise TrainerError(
            "bad_model",
            f"The weights do not fit the config: {shown}.",
            "Check that config.json and the weights come from the same checkpoint.",
        )


def set_generation(model: InternVLForConditionalGeneration, tokenizer: Any, tokens: TokenIds) -> None:
    """Stop at the end of a turn and answer greedily."""
    # Released generation configs name other stop ids or none (InternLM2 repositories: `</s>`), so that answers run on.
    model.generation_config.eos_token_id = tokens.end_of_turn
    model.generation_config.pad_token_id = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    model.generation_config.do_sample = False


def with_settings(spec: ModelSpec, **settings: Any) -> ModelSpec:
    """`spec` with other tiling settings, also in the configs that are written from it."""
    original = None if spec.original_config is None else {**spec.original_config, **settings}
    return replace(spec, raw_config={**spec.raw_config, **settings}, original_config=original, **settings)
