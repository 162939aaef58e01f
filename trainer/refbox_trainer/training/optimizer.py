"""AdamW and the learning rate as a pure function of the step, as in the published recipes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch

from refbox_trainer.config import TrainSection
from refbox_trainer.training.sharding import like
from refbox_trainer.training.software import load_bitsandbytes

_SEPARATOR = "|"


def build_optimizer(parameters: Mapping[str, torch.nn.Parameter], train: TrainSection) -> torch.optim.Optimizer:
    """AdamW in two groups. Vectors (norms, biases, layer scales) do not decay, matrices do.

    `adamw_8bit` keeps its two averages in 8 bits each (2 bytes per weight instead of 8).
    Raises TrainerError("bad_config") when the library for that is missing.
    """
    decayed = [value for value in parameters.values() if value.ndim > 1]
    free = [value for value in parameters.values() if value.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": train.weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    settings: dict[str, Any] = {
        "params": [group for group in groups if group["params"]],
        "lr": train.learning_rate,
        "betas": (train.adam_beta1, train.adam_beta2),
        "eps": train.adam_epsilon,
    }
    if train.optimizer == "adamw":
        return torch.optim.AdamW(**settings, fused=True)
    return load_bitsandbytes("train.optimizer adamw_8bit", '"adamw"').optim.AdamW8bit(**settings)


def learning_rate(step: int, total_steps: int, train: TrainSection) -> float:
    """The rate of optimizer step `step` (from 0): linear warm-up, then cosine, linear or constant.

    Same values as the schedules of transformers, whose first warm-up step has rate 0.
    """
    warmup = math.ceil(total_steps * train.warmup_ratio)
    if step < warmup:
        return train.learning_rate * step / max(1, warmup)
    progress = (step - warmup) / max(1, total_steps - warmup)
    if train.schedule == "cosine":
        return train.learning_rate * max(0.0, 0.5 * (1.0 + math.cos(math.pi * progress)))
    if train.schedule == "linear":
        return train.learning_rate * max(0.0, 1.0 - progress)
    return train.learning_rate


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def optimizer_tensors(
    optimizer: torch.optim.Optimizer, parameters: Mapping[str, torch.nn.Parameter]
) -> dict[str, torch.Tensor]:
    """The optimizer's state as named tensors, so that it can be kept without pickle."""
    return {
        f"{name}{_SEPARATOR}{key}": value if isinstance(value, torch.Tensor) else torch.as_tensor(value)
        for name, parameter in parameters.items()
        for key, value in optimizer.state.get(parameter, {}).items()
    }


def load_optimizer_tensors(
    optimizer: torch.optim.Optimizer,
    parameters: Mapping[str, torch.nn.Parameter],
    tensors: Mapping[str, torch.Tensor],
) -> None:
    """The inverse of `optimizer_tensors`."""
    for joined, tensor in tensors.items():
        name, key = joined.rsplit(_SEPARATOR, 1)
        parameter = parameters[name]
        # The step counter stays where its optimizer wants it: fused AdamW has a float32 tensor beside the parameter,
        # 8-bit AdamW a whole number.
        counted = key == "step" and not tensor.is_floating_point()
        optimizer.state[parameter][key] = int(tensor) if counted else like(tensor, parameter)
