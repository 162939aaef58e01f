"""Checkpoints of the original LoRA training: the whole model under PEFT's names, with its adapters beside the weights.

Language model and ViT may be wrapped. A wrapped part stands below `base_model.model.`; an adapted matrix is
`X.base_layer.weight` (`X.weight` in early PEFT) with `X.lora_A.default.weight` [r, in] and `X.lora_B.default.weight`
[out, r]. The config keeps the rank only; alpha is twice the rank, which the original's code writes down nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.spec import WRAPPED_PARTS
from refbox_trainer.model.weights import WeightFiles

_WRAPPER: Final = "base_model.model."
_BASE: Final = ".base_layer."
_LORA_A, _LORA_B = ".lora_A.default.weight", ".lora_B.default.weight"
_ALPHA_PER_RANK: Final = 2


class UnwrappedWeights:
    """A TensorSource with the plain names of the original layout and every adapter merged: W + 2 · B · A in float32,
    cast once to the type of W. (The original's own merge tool computes in bfloat16 and ends up 0.17 away.)
    """

    def __init__(self, files: WeightFiles, config: Mapping[str, Any]) -> None:
        """Raises TrainerError("bad_model") for adapters of another rank than the config says, or without a base."""
        self._files = files
        headers = files.headers()
        adapters = [name for name in headers if name.endswith((_LORA_A, _LORA_B))]
        self._headers = {_plain(name): tensor for name, tensor in headers.items() if name not in set(adapters)}
        self._adapted = {_plain(name.removesuffix(_LORA_A)): name for name in adapters if name.endswith(_LORA_A)}
        self._refuse_odd(adapters, config)

    @property
    def merged(self) -> int:
        """How many matrices have an adapter."""
        return len(self._adapted)

    def headers(self) -> Mapping[str, torch.Tensor]:
        return self._headers

    def stream(self) -> Iterator[tuple[str, torch.Tensor]]:
        # The two factors may lie in other shards than their base. They are small, and read when it is their turn.
        for name, tensor in self._files.stream():
            if name.endswith((_LORA_A, _LORA_B)):
                continue
            plain = _plain(name)
            lora_a = self._adapted.get(plain.removesuffix(".weight"))
            yield plain, tensor if lora_a is None else self._merge(tensor, lora_a)

    def _merge(self, base: torch.Tensor, lora_a: str) -> torch.Tensor:
        lora_b = lora_a.removesuffix(_LORA_A) + _LORA_B
        factors = self._files.read([lora_a, lora_b])
        change = factors[lora_b].float() @ factors[lora_a].float()
        return (base.float() + _ALPHA_PER_RANK * change).to(base.dtype)

    def _refuse_odd(self, adapters: list[str], config: Mapping[str, Any]) -> None:
        headers = self._files.headers()
        for plain, name in self._adapted.items():
            part = plain.split(".", 1)[0]
            rank = config.get(WRAPPED_PARTS.get(part, ""))
            if headers[name].shape[0] != rank:
                raise TrainerError(
                    "bad_model",
                    f"{name} has rank {headers[name].shape[0]}, and the config says {rank}.",
                    "Restore config.json: the strength of the adapters depends on its rank.",
                )
        complete = {name for lora_a in self._adapted.values() for name in (lora_a, _partner(lora_a))}
        odd = [name for name in adapters if name not in complete]
        odd += [name for name in complete if name not in headers]
        odd += [name for plain, name in self._adapted.items() if f"{plain}.weight" not in self._headers]
        if odd:
            raise TrainerError(
                "bad_model",
                f"The adapters are incomplete: {', '.join(sorted(odd)[:8])}.",
                "Copy the checkpoint again; each adapter needs its base matrix, lora_A and lora_B.",
            )


def _partner(lora_a: str) -> str:
    return lora_a.removesuffix(_LORA_A) + _LORA_B


def _plain(name: str) -> str:
    for part in WRAPPED_PARTS:
        name = name.replace(f"{part}.{_WRAPPER}", f"{part}.", 1) if name.startswith(f"{part}.{_WRAPPER}") else name
    return name.replace(_BASE, ".", 1)
