"""Editions of a bundle: the same three graphs with smaller numbers, for machines that suit them.

Which numbers suit which runtime was measured with onnxruntime-web: WebAssembly is fastest with int8 matrix products and
slow with 4-bit ones; WebGPU is the other way round, and moves int8 products back to the CPU. What decides little about
size and much about digits stays at 16 bits: embeddings, the picture part, the last projection to the vocabulary.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np
import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers.float16 import convert_float_to_float16

from refbox_trainer.artefacts.onnx_graphs import DECODER_FILE, EMBED_FILE, LARGEST_SINGLE_FILE, VISION_FILE

Dtype = Literal["fp32", "fp16", "int8", "q4f16"]
DTYPES: Final[tuple[Dtype, ...]] = get_args(Dtype)

Backend = Literal["wasm", "webgpu"]


class Edition(NamedTuple):
    """File names below `onnx/`, spelt as transformers.js looks for them, and the runtimes it is meant for."""

    dtype: Dtype
    vision: str
    embed: str
    decoder: str
    suited_to: tuple[Backend, ...]

    @property
    def files(self) -> tuple[str, str, str]:
        return self.vision, self.embed, self.decoder


def _named(file: str, suffix: str) -> str:
    return file.replace(".onnx", f"_{suffix}.onnx")


_HALF_VISION, _HALF_EMBED = _named(VISION_FILE, "fp16"), _named(EMBED_FILE, "fp16")

EDITIONS: Final[dict[Dtype, Edition]] = {
    "fp32": Edition("fp32", VISION_FILE, EMBED_FILE, DECODER_FILE, ("wasm", "webgpu")),
    "fp16": Edition("fp16", _HALF_VISION, _HALF_EMBED, _named(DECODER_FILE, "fp16"), ("webgpu",)),
    "int8": Edition("int8", _named(VISION_FILE, "int8"), _HALF_EMBED, _named(DECODER_FILE, "int8"), ("wasm",)),
    "q4f16": Edition("q4f16", _HALF_VISION, _HALF_EMBED, _named(DECODER_FILE, "q4f16"), ("webgpu",)),
}

_BLOCK: Final = 32
"""Weights that share a scale in 4 bits; the size that onnxruntime's WebGPU kernels are written for."""

_KEPT_IN_FLOAT32: Final = ["LayerNormalization", "Pow", "ReduceMean", "Sqrt", "Reciprocal", "Softmax"]
"""Sums of squares leave the range of 16 bits, and probabilities their precision."""


def write_edition(edition: Edition, folder: Path) -> None:
    """Make the files of `edition` that are not there yet from the fp32 graphs in `folder`."""
    makers: dict[str, Callable[[Path, Path], None]] = {"fp16": _to_half, "int8": _to_int8, "q4f16": _to_q4f16}
    for file, source in zip(edition.files, EDITIONS["fp32"].files, strict=True):
        if not (folder / file).exists():
            suffix = Path(file).stem.removeprefix(f"{Path(source).stem}_")
            with _quiet_tools():
                makers[suffix](folder / source, folder / file)


def remove_unused(wanted: list[Edition], folder: Path) -> None:
    """Remove graphs, and weights beside them, that no wanted edition reads."""
    used = {name for edition in wanted for file in edition.files for name in (file, f"{file}_data")}
    for path in folder.iterdir():
        if path.name not in used:
            path.unlink()


def _to_half(source: Path, target: Path) -> None:
    _save(_half(onnx.load(source)), target)


def _to_int8(source: Path, target: Path) -> None:
    """Weights in 8 bits with one scale a column; activations are scaled when they are known."""
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        written = Path(scratch) / target.name
        quantize_dynamic(
            source,
            written,
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            use_external_data_format=_weight_bytes(onnx.load(source, load_external_data=False)) > LARGEST_SINGLE_FILE,
            extra_options={"MatMulConstBOnly": True},
        )
        _save(onnx.load(written), target)


def _to_q4f16(source: Path, target: Path) -> None:
    model = onnx.load(source)
    quantizer: Any = MatMulNBitsQuantizer(
        model, bits=4, block_size=_BLOCK, is_symmetric=True, nodes_to_exclude=_makers_of(model, "logits")
    )
    quantizer.process()
    _save(_half(quantizer.model.model), target)


def _half(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model in 16 bits with float32 inputs and outputs, so that every edition is fed alike."""
    half = convert_float_to_float16(
        model,
        keep_io_types=True,
        op_block_list=_KEPT_IN_FLOAT32,
        node_block_list=[*_rotary_nodes(model), *_epsilon_nodes(model)],
    )
    _join_casts(half)
    return half


def _join_casts(model: onnx.ModelProto) -> None:
    """Let neighbours that both compute in float32 speak in float32; the converter squeezes every edge to 16 bits."""
    maker = {output: node for node in model.graph.node for output in node.output}
    instead: dict[str, str] = {}
    for node in model.graph.node:
        squeezed = maker.get(node.input[0]) if _casts_to(node, onnx.TensorProto.FLOAT) else None
        if squeezed is not None and _casts_to(squeezed, onnx.TensorProto.FLOAT16):
            instead[node.output[0]] = squeezed.input[0]
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = instead.get(name, name)
    _drop_unread_casts(model)


def _drop_unread_casts(model: onnx.ModelProto) -> None:
    outputs = {value.name for value in model.graph.output}
    while True:
        read = outputs | {name for node in model.graph.node for name in node.input}
        unread = [node for node in model.graph.node if node.op_type == "Cast" and node.output[0] not in read]
        if not unread:
            return
        for node in unread:
            model.graph.node.remove(node)


def _casts_to(node: onnx.NodeProto, kind: int) -> bool:
    return node.op_type == "Cast" and any(item.name == "to" and item.i == kind for item in node.attribute)


def _rotary_nodes(model: onnx.ModelProto) -> list[str]:
    """The nodes up to cosine and sine: in 16 bits the angle of position 2,000 would be off by a whole radian."""
    maker = {output: node for node in model.graph.node for output in node.output}
    waiting = [node for node in model.graph.node if node.op_type in ("Cos", "Sin")]
    found: dict[str, None] = {}
    while waiting:
        node = waiting.pop()
        if node.name not in found:
            found[node.name] = None
            waiting += [maker[name] for name in node.input if name in maker]
    return list(found)


def _epsilon_nodes(model: onnx.ModelProto) -> list[str]:
    """The additions of a norm's epsilon: beside a mean of squares it is lost in 16 bits."""
    means = {output for node in model.graph.node if node.op_type == "ReduceMean" for output in node.output}
    return [node.name for node in model.graph.node if node.op_type == "Add" and means & set(node.input)]


def _makers_of(model: onnx.ModelProto, output: str) -> list[str]:
    return [node.name for node in model.graph.node if output in node.output]


def _save(model: onnx.ModelProto, path: Path) -> None:
    if _weight_bytes(model) <= LARGEST_SINGLE_FILE:
        onnx.save(model, path)
        return
    onnx.save(model, path, save_as_external_data=True, all_tensors_to_one_file=True, location=f"{path.name}_data")


def _weight_bytes(model: onnx.ModelProto) -> int:
    return sum(
        int(np.prod(tensor.dims)) * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        for tensor in model.graph.initializer
    )


@contextmanager
def _quiet_tools() -> Iterator[None]:
    """The quantizers log every node of the graph."""
    loggers = [logging.getLogger(), logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
