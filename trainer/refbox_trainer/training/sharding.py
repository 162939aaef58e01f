"""One model spread over several devices (FSDP2), and its tensors as whole ones again for checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor
from transformers import InternVLForConditionalGeneration

from refbox_trainer.training.device import Precision
from refbox_trainer.training.distributed import Peers

T = TypeVar("T")


class Entrance(torch.nn.Module):
    """The door through which all work on a sharded model goes.

    Layers gather their weights when they are called; what lies outside of layers (embeddings, head, norms) is
    gathered when this module is called, and stays so until the work is done. The pieces of the model are called one
    by one (model/forward.py), so that its own forward is no such door. Without sharding it changes nothing.
    """

    def __init__(self, model: InternVLForConditionalGeneration) -> None:
        super().__init__()
        self.model = model

    def forward(self, work: Callable[[], T]) -> T:
        return work()


def shard(entrance: Entrance, peers: Peers, device: torch.device, precision: Precision, *, with_vision: bool) -> None:
    """Spread the weights, layer by layer, over all processes; parameters become DTensors.

    `with_vision` False keeps the vision part whole on every device: visual features of frozen parts are made when a
    picture is first met, which differs from process to process, and sharded layers work only in step.
    """
    mesh = init_device_mesh(device.type, (peers.count,))
    policy = MixedPrecisionPolicy()
    if precision == "bfloat16":
        # Weights travel and compute in bfloat16; the shards that the optimizer moves, and sums of gradients, do not.
        policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32, cast_forward_inputs=False)
    inner: Any = entrance.model.model
    kept: set[torch.nn.Parameter] = set()
    if not with_vision:
        kept = {*inner.vision_tower.parameters(), *inner.multi_modal_projector.parameters()}
    for layer in [*inner.language_model.layers, *(inner.vision_tower.encoder.layer if with_vision else ())]:
        fully_shard(layer, mesh=mesh, mp_policy=policy)
    fully_shard(entrance, mesh=mesh, mp_policy=policy, ignored_params=kept)
    for parameter in kept:
        parameter.data = parameter.data.to(device)


def whole(tensor: torch.Tensor) -> torch.Tensor:
    """The full tensor behind a shard; all processes have to ask for it. Anything else is returned as it is."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def like(value: torch.Tensor, pattern: torch.Tensor) -> torch.Tensor:
    """This process's part of the full tensor `value`, spread as `pattern` is. Nothing is sent."""
    value = value.to(pattern.device)
    if not isinstance(pattern, DTensor) or value.shape != pattern.shape:
        return value
    return distribute_tensor(value, pattern.device_mesh, pattern.placements, src_data_rank=None)
