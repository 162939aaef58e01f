"""Base and adapter merged tensor by tensor, by PEFT's own arithmetic, without the base ever being in memory.

PEFT merges modules that hold their weights. Here the model is built around stand-ins that take the memory of one
number each; a matrix is real only while it is its turn. Whatever PEFT trains beside plain LoRA (rsLoRA, DoRA, whole
modules, rows of the vocabulary) comes out the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import torch
from peft.tuners.tuners_utils import BaseTunerLayer
from peft.utils import TrainableTokensWrapper
from torch import nn
from transformers import InternVLForConditionalGeneration

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.load import Checkpoint
from refbox_trainer.training.adapter import load_adapter

_TRAINED_AS_A_WHOLE: Final = "multi_modal_projector"
"""The only part that an adapter may replace instead of adapting it. PEFT copies it, so that it needs its memory."""


def merged_stream(checkpoint: Checkpoint, adapter: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The native tensors of `checkpoint` with the adapter in `adapter` merged in: computed in float32, cast once.

    Raises TrainerError("bad_model") when the adapter does not fit or holds numbers that are not finite.
    """
    model = checkpoint.empty_model()
    for name, parameter in list(model.named_parameters()):
        module_name, _, leaf = name.rpartition(".")
        setattr(model.get_submodule(module_name), leaf, _stand_in(name, parameter.shape))
    load_adapter(model, adapter)
    return ((name, _merged(model, name, tensor)) for name, tensor in checkpoint.stream())


def _stand_in(name: str, shape: torch.Size) -> nn.Parameter:
    whole = _TRAINED_AS_A_WHOLE in name
    return nn.Parameter(torch.zeros(shape) if whole else torch.zeros(1).expand(shape), requires_grad=False)


def _merged(model: InternVLForConditionalGeneration, name: str, tensor: torch.Tensor) -> torch.Tensor:
    module_name, _, leaf = name.rpartition(".")
    wrapper, _, inside = module_name.rpartition(".")
    # A module that was trained as a whole stands behind a wrapper, beside the stand-in it replaces.
    replaced: Any = getattr(model.get_submodule(wrapper), "modules_to_save", None)
    if replaced is not None:
        trained = replaced["default"].get_submodule(inside).get_parameter(leaf)
        return trained.detach().to(tensor.dtype)
    module: Any = model.get_submodule(module_name)
    layer = module.token_adapter if isinstance(module, TrainableTokensWrapper) else module
    if leaf != "weight" or not isinstance(layer, BaseTunerLayer):
        return tensor
    base: Any = layer.get_base_layer()
    base.weight = nn.Parameter(tensor.float(), requires_grad=False)
    try:
        layer.merge(safe_merge=True)
    except ValueError as error:
        raise TrainerError(
            "bad_model",
            f"The adapter of {module_name} holds numbers that are not finite.",
            "Merge an earlier checkpoint of the run.",
        ) from error
    result = base.weight.detach().to(tensor.dtype)
    base.weight = _stand_in(name, tensor.shape)
    return result
