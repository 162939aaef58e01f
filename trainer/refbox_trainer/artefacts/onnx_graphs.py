"""Tracing the three parts to .onnx files, with the file and tensor names that transformers.js uses for such models."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any, Final

import onnx_ir
import torch
from torch import nn
from torch.export import Dim
from transformers import InternVLForConditionalGeneration

from refbox_trainer.artefacts.onnx_modules import Architecture, CachedDecoder, TokenEmbedding, VisionEncoder

OPSET: Final = 18
"""Below 23 attention stays decomposed, which is what the WebAssembly runtime is fastest with."""

VISION_FILE: Final = "vision_encoder.onnx"
EMBED_FILE: Final = "embed_tokens.onnx"
DECODER_FILE: Final = "decoder_model_merged.onnx"

LARGEST_SINGLE_FILE: Final = 1_500_000_000
"""Bytes of weights; a protobuf message ends at 2 GiB, beyond this they go to a file of their own."""

# An axis traced with length 0 or 1 is taken for a constant, so every dynamic axis is traced with something else.
_TRACED_TILES: Final = 2
_TRACED_NEW: Final = 5
_TRACED_PAST: Final = 3


def past_names(architecture: Architecture, kind: str) -> list[str]:
    """`past_key_values.0.key`, … in the order in which the decoder takes and gives them; `kind` names which."""
    return [f"{kind}.{layer}.{part}" for layer in range(architecture.num_layers) for part in ("key", "value")]


def write_vision(model: InternVLForConditionalGeneration, image_size: int, folder: Path) -> None:
    """pixel_values f32 [tiles, 3, size, size] to image_features f32 [tiles, tokens, width]."""
    pixels = torch.zeros(_TRACED_TILES, 3, image_size, image_size)
    shapes = ({0: Dim.DYNAMIC},)
    _trace(VisionEncoder(model), (pixels,), ["pixel_values"], ["image_features"], shapes, folder / VISION_FILE)


def write_embedding(model: InternVLForConditionalGeneration, folder: Path) -> None:
    """input_ids int64 [1, new] to inputs_embeds f32 [1, new, width]."""
    ids = torch.zeros(1, _TRACED_NEW, dtype=torch.int64)
    _trace(TokenEmbedding(model), (ids,), ["input_ids"], ["inputs_embeds"], ({1: Dim.DYNAMIC},), folder / EMBED_FILE)


def write_decoder(model: InternVLForConditionalGeneration, architecture: Architecture, folder: Path) -> None:
    """Embeddings and a cache of any length, also none, to the logits of the last token and the longer cache."""
    cache = (1, architecture.num_kv_heads, _TRACED_PAST, architecture.head_dim)
    arguments = (
        torch.zeros(1, _TRACED_NEW, architecture.hidden_size),
        torch.ones(1, _TRACED_PAST + _TRACED_NEW, dtype=torch.int64),
        torch.arange(_TRACED_PAST, _TRACED_PAST + _TRACED_NEW)[None],
        [(torch.zeros(cache), torch.zeros(cache)) for _ in range(architecture.num_layers)],
    )
    along = {1: Dim.DYNAMIC}
    shapes = (along, along, along, [({2: Dim.DYNAMIC}, {2: Dim.DYNAMIC})] * architecture.num_layers)
    _trace(
        CachedDecoder(model),
        arguments,
        ["inputs_embeds", "attention_mask", "position_ids", *past_names(architecture, "past_key_values")],
        ["logits", *past_names(architecture, "present")],
        shapes,
        folder / DECODER_FILE,
    )


def _trace(
    module: nn.Module, arguments: tuple[Any, ...], inputs: list[str], outputs: list[str], shapes: Any, path: Path
) -> None:
    # Lists kernels of torchvision, which is not a dependency, as missing.
    logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        program = torch.onnx.export(
            module.eval(),
            arguments,
            dynamo=True,
            opset_version=OPSET,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=shapes,
            verbose=False,
        )
    assert program is not None
    weight_bytes = sum(tensor.numel() * tensor.element_size() for tensor in module.parameters())
    _strip_traces(program.model)
    external = f"{path.name}_data" if weight_bytes > LARGEST_SINGLE_FILE else None
    onnx_ir.save(program.model, path, external_data=external)


def _strip_traces(model: onnx_ir.Model) -> None:
    """Take out where each node came from: source paths of this machine, and half the size of a small file."""
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
        node.doc_string = None
        for output in node.outputs:
            output.metadata_props.clear()
            output.doc_string = None
    for value in (*model.graph.inputs, *model.graph.initializers.values()):
        value.metadata_props.clear()
        value.doc_string = None
    model.metadata_props.clear()
    model.graph.metadata_props.clear()
    model.doc_string = model.graph.doc_string = None
