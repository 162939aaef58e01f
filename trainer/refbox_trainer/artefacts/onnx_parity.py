"""Does the exported bundle answer like the model it was made from? Both are run on the same questions and compared.

This is the same arithmetic as the page does (splice image features into embeddings, prefill, decode with a cache), so
it also pins what the page has to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import onnxruntime
import torch

from refbox_trainer.artefacts.onnx_editions import EDITIONS, Dtype, Edition
from refbox_trainer.artefacts.onnx_graphs import past_names
from refbox_trainer.artefacts.onnx_modules import Architecture
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.load import LoadedModel

TOLERANCE: Final = 1e-3
"""Largest difference of any logit, float32. Right exports stay near 1e-5; a wrong mask or position gives 0.1 to 10."""

MOST_DIVERGENCE: Final[dict[Dtype, float]] = {"fp32": 1e-6, "fp16": 1e-3, "int8": 0.05, "q4f16": 0.3}
"""Mean Kullback-Leibler divergence from the model's next-token distribution, in nats, up to which an edition is
offered. A broken graph gives several nats; what an edition costs in boxes is measured beside it."""

_TILES: Final = (1, 3, 7)
_DECODED_TOKENS: Final = 4


class Parity(NamedTuple):
    """The report that travels with the bundle."""

    max_logit_gap: float
    samples: int
    tolerance: float
    passed: bool


class Gap(NamedTuple):
    """How far an edition's next-token logits lie from the model's."""

    max_logit_gap: float
    divergence: float
    """Mean Kullback-Leibler divergence in nats."""
    samples: int


class OnnxModel:
    """The files of one edition in onnxruntime on the CPU, fed the way the page feeds them."""

    def __init__(
        self, folder: Path, architecture: Architecture, image_context: int, edition: Edition = EDITIONS["fp32"]
    ) -> None:
        options = onnxruntime.SessionOptions()
        # The caller decides about threads through torch; onnxruntime would otherwise take every core there is.
        options.intra_op_num_threads = torch.get_num_threads()
        sessions = [
            onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
            for name in edition.files
        ]
        self._vision, self._embedding, self._decoder = sessions
        self._architecture = architecture
        self._image_context = image_context

    def empty_past(self) -> list[np.ndarray]:
        shape = (1, self._architecture.num_kv_heads, 0, self._architecture.head_dim)
        return [np.zeros(shape, np.float32) for _ in range(2 * self._architecture.num_layers)]

    def embed(self, ids: Sequence[int], pixels: np.ndarray | None = None) -> np.ndarray:
        """Token embeddings f32 [1, N, H]; every image-context row is replaced by a visual token, in order."""
        embeds = np.array(self._embedding.run(None, {"input_ids": np.array([ids], np.int64)})[0])
        if pixels is not None:
            features = np.asarray(self._vision.run(None, {"pixel_values": pixels})[0])
            embeds[0, np.array(ids) == self._image_context] = features.reshape(-1, features.shape[-1])
        return embeds

    def decode(self, embeds: np.ndarray, past: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Logits f32 [V] after the last row of `embeds`, and the cache that includes all of its rows."""
        seen, new = past[0].shape[2], embeds.shape[1]
        feeds = {
            "inputs_embeds": embeds,
            "attention_mask": np.ones((1, seen + new), np.int64),
            "position_ids": np.arange(seen, seen + new)[None],
            **dict(zip(past_names(self._architecture, "past_key_values"), past, strict=True)),
        }
        logits, *present = (np.asarray(output) for output in self._decoder.run(None, feeds))
        return logits[0, -1], present


def check_parity(loaded: LoadedModel, onnx_model: OnnxModel, prompts: Sequence[list[int]]) -> Parity:
    """The gap of the fp32 edition. Raises TrainerError("export_differs") beyond TOLERANCE."""
    gap = measure_gap(loaded, onnx_model, prompts)
    if not gap.max_logit_gap <= TOLERANCE:
        raise TrainerError(
            "export_differs",
            f"The browser bundle answers differently from the model: logits are up to {gap.max_logit_gap:.2e} apart,"
            f" where {TOLERANCE:.0e} is allowed.",
            "Nothing was written and the merged weights are not affected. Report this with the model's config.json.",
        )
    return Parity(max_logit_gap=gap.max_logit_gap, samples=gap.samples, tolerance=TOLERANCE, passed=True)


def measure_gap(loaded: LoadedModel, onnx_model: OnnxModel, prompts: Sequence[list[int]]) -> Gap:
    """Compare on one question per tile count of `_TILES`: after the prompt, and after each of a few more tokens.

    `prompts` are the token ids for those tile counts. The reference runs without a cache, so that a mistake in the
    cache cannot hide in both.
    """
    generator = torch.Generator().manual_seed(0)
    side = loaded.spec.image_size
    answered: list[np.ndarray] = []
    expected: list[np.ndarray] = []
    for tiles, ids in zip(_TILES, prompts, strict=True):
        pixels = torch.randn(tiles, 3, side, side, generator=generator)
        ours, reference = _answer_both(loaded, onnx_model, list(ids), pixels)
        answered.append(ours)
        expected.append(reference)
    ours, reference = np.concatenate(answered), np.concatenate(expected)
    return Gap(
        max_logit_gap=float(np.abs(ours - reference).max()),
        divergence=float(_divergence(reference, ours).mean()),
        samples=len(ours),
    )


def parity_tile_counts() -> tuple[int, ...]:
    """How many tiles the pictures of the parity questions have."""
    return _TILES


def reference_logits(loaded: LoadedModel, ids: Sequence[int], pixels: torch.Tensor, last: int = 1) -> np.ndarray:
    """Logits f32 [last, V] of the original model after each of the last tokens, computed in one pass."""
    model: Any = loaded.model
    with torch.no_grad():
        output = model(input_ids=torch.tensor([ids]), pixel_values=pixels, use_cache=False, logits_to_keep=last)
    return output.logits[0].float().numpy()


def _answer_both(
    loaded: LoadedModel, onnx_model: OnnxModel, ids: list[int], pixels: torch.Tensor
) -> tuple[np.ndarray, np.ndarray]:
    """Let the export answer token by token; the model then reads prompt and answer in one pass, without a cache.

    Logits f32 [steps, V] of both.
    """
    answered: list[np.ndarray] = []
    embeds, past = onnx_model.embed(ids, pixels.numpy()), onnx_model.empty_past()
    for _ in range(1 + _DECODED_TOKENS):
        logits, past = onnx_model.decode(embeds, past)
        answered.append(logits)
        ids = [*ids, int(logits.argmax())]
        embeds = onnx_model.embed(ids[-1:])
    return np.stack(answered), reference_logits(loaded, ids[:-1], pixels, last=len(answered))


def _divergence(reference: np.ndarray, other: np.ndarray) -> np.ndarray:
    """sum p (log p - log q) of each row of logits [n, V], in nats."""
    p, q = (
        logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        for logits in (reference.astype(np.float64), other.astype(np.float64))
    )
    return (np.exp(p) * (p - q)).sum(axis=1)
