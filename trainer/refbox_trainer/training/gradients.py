"""Gradients of one optimizer step: summed over processes, measured and clipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import torch
import torch.distributed as dist
from torch.distributed.tensor import DTensor
from torch.nn.utils import get_total_norm

from refbox_trainer.training.distributed import Peers

_BUCKET_BYTES: Final = 256 << 20
"""Gradients travel together in pieces of this size: large enough for full bandwidth, small beside a model."""


def sum_gradients(parameters: Sequence[torch.nn.Parameter], peers: Peers) -> None:
    """Add up the gradients of replicas, once per optimizer step.

    This is what DistributedDataParallel does during the last backward pass, done after it instead: by then every
    process has said whether its memory sufficed, so that none waits for one that has to begin again; processes may
    have different numbers of micro-batches; and parts that a process did not use need no special care. Sharded
    models add up theirs in the backward pass.
    """
    if peers.count == 1:
        return
    used = peers.sums([float(parameter.grad is not None) for parameter in parameters])
    for bucket in _buckets([parameter for parameter, count in zip(parameters, used, strict=True) if count > 0]):
        for parameter in bucket:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        gradients = [parameter.grad for parameter in bucket if parameter.grad is not None]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        dist.all_reduce(flat)
        pieces = flat.split([gradient.numel() for gradient in gradients])
        for gradient, piece in zip(gradients, pieces, strict=True):
            gradient.copy_(piece.view_as(gradient))


def scale_and_clip(parameters: Sequence[torch.nn.Parameter], scale: float, max_norm: float) -> float:
    """Multiply all gradients by `scale`, then clip them to a total length of `max_norm`; returns the length before.

    One multiplication does both. Nothing is changed when the length is no number.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    total = get_total_norm(gradients, error_if_nonfinite=False)
    norm = float(total.full_tensor() if isinstance(total, DTensor) else total) * scale
    if norm == norm and norm != float("inf"):
        # The same small number keeps an all-zero gradient as in torch's clip_grad_norm_.
        factor = scale * min(1.0, max_norm / (norm + 1e-6))
        for gradient in gradients:
            gradient.mul_(factor)
    return norm


def _buckets(parameters: Sequence[torch.nn.Parameter]) -> Iterator[list[torch.nn.Parameter]]:
    """Neighbours of one type, together at most `_BUCKET_BYTES`, unless a single one is larger."""
    bucket: list[torch.nn.Parameter] = []
    size = 0
    for parameter in parameters:
        own = parameter.numel() * parameter.element_size()
        if bucket and (size + own > _BUCKET_BYTES or parameter.dtype != bucket[0].dtype):
            yield bucket
            bucket, size = [], 0
        bucket.append(parameter)
        size += own
    if bucket:
        yield bucket
