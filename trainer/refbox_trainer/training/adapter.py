"""Which weights move: LoRA adapters beside frozen ones, or whole parts of the model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict
from transformers import InternVLForConditionalGeneration

from refbox_trainer.config import FreezeSection, FullMethod, LoraMethod, Part
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import TextFamily
from refbox_trainer.model.weights import read_tensors, write_tensors
from refbox_trainer.training.sharding import like

ADAPTER_CONFIG: Final = "adapter_config.json"
ADAPTER_WEIGHTS: Final = "adapter_model.safetensors"
NOTES_FILE: Final = "refbox.json"
PART_PREFIX: Final[dict[Part, tuple[str, ...]]] = {
    "vision": ("model.vision_tower.",),
    "projector": ("model.multi_modal_projector.",),
    "language": ("model.language_model.", "lm_head."),
}
_PROJECTOR_MODULE: Final = "multi_modal_projector"


class Trainable(NamedTuple):
    """A model prepared for training. `model` is the transformers model, changed in place when adapters are added."""

    model: InternVLForConditionalGeneration
    peft: PeftModel | None

    def parameters(self) -> dict[str, torch.nn.Parameter]:
        """Everything that moves, by name."""
        return {name: value for name, value in self.model.named_parameters() if value.requires_grad}

    def state(self) -> dict[str, torch.Tensor]:
        """What a checkpoint keeps: adapter tensors under PEFT's names, or the moving weights."""
        if self.peft is not None:
            return dict(get_peft_model_state_dict(self.peft))
        return dict(self.parameters())

    def load_state(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """The inverse of `state`; refuses tensors that are missing or left over."""
        if set(tensors) != set(self.state()):
            odd = sorted(set(tensors) ^ set(self.state()))
            raise TrainerError(
                "bad_model",
                f"The checkpoint's weights do not fit this run: {', '.join(odd[:5])}.",
                "Resume with the method and targets that the checkpoint was made with.",
            )
        with torch.no_grad():
            # The state's tensors are the parameters' own memory, whichever names PEFT gives them.
            for name, target in self.state().items():
                target.copy_(like(tensors[name], target))


def lora_pattern(family: TextFamily, targets: Sequence[Part]) -> str:
    """A regular expression for the full names of the adapted layers.

    Full names are needed: `q_proj` alone also names the attention of the vision part.
    """
    language = "|".join(target.replace(".", r"\.") for target in family.lora_targets)
    patterns: dict[Part, str] = {
        "language": rf"model\.language_model\.layers\.\d+\.({language})",
        "vision": r"model\.vision_tower\.encoder\.layer\.\d+\."
        r"(attention\.[qkv]_proj|attention\.projection_layer|mlp\.fc1|mlp\.fc2)",
        "projector": r"model\.multi_modal_projector\.linear_[12]",
    }
    return "|".join(f"({patterns[target]})" for target in targets)


def prepare(
    model: InternVLForConditionalGeneration,
    family: TextFamily,
    method: LoraMethod | FullMethod,
    freeze: FreezeSection,
    *,
    seed: int,
    new_tokens: Sequence[int] = (),
) -> Trainable:
    """Freeze what stays and add adapters where they are asked for; adapters start from `seed`.

    `new_tokens` are ids that the checkpoint did not know: their rows of the embedding and of the head are trained
    beside the adapters, as what is never trained would be answered with noise.
    """
    if isinstance(method, FullMethod):
        moving = [names for part, names in PART_PREFIX.items() if not getattr(freeze, part)]
        prefixes = tuple(prefix for part in moving for prefix in part)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(prefixes))
        return Trainable(model, None)
    torch.manual_seed(seed)
    full_projector = not freeze.projector and "projector" not in method.targets
    config = LoraConfig(
        r=method.rank,
        lora_alpha=method.alpha,  # pyright: ignore[reportArgumentType] (annotated int, any number works)
        lora_dropout=method.dropout,
        bias="none",
        target_modules=lora_pattern(family, method.targets),
        modules_to_save=[_PROJECTOR_MODULE] if full_projector else None,
        use_rslora=method.use_rslora,
        use_dora=method.use_dora,
        trainable_token_indices=_token_rows(model, new_tokens),
    )
    peft = get_peft_model(model, config)
    assert isinstance(peft, PeftModel)
    return Trainable(model, peft)


def _token_rows(model: InternVLForConditionalGeneration, ids: Sequence[int]) -> dict[str, list[int]] | None:
    if not ids:
        return None
    tied = model.lm_head.weight is model.get_input_embeddings().weight
    return {name: list(ids) for name in (("embed_tokens",) if tied else ("embed_tokens", "lm_head"))}


def trains_vision(trainable: Trainable) -> bool:
    """Whether visual features change during training, so that they cannot be computed once."""
    prefixes = (*PART_PREFIX["vision"], *PART_PREFIX["projector"])
    return any(name.startswith(prefixes) for name in trainable.parameters())


def write_adapter(
    trainable: Trainable,
    folder: Path,
    *,
    base_name: str,
    notes: Mapping[str, Any],
    tensors: Mapping[str, torch.Tensor] | None = None,
) -> None:
    """Write the adapter in PEFT's own format, so that PEFT can load it onto the native model.

    `notes` (tiling and the like) go into refbox.json beside it: PEFT refuses keys it does not know. `tensors` is the
    state where it has been gathered from several processes.
    """
    assert trainable.peft is not None
    config = trainable.peft.peft_config["default"].to_dict()
    config |= {"base_model_name_or_path": base_name, "inference_mode": True}
    plain = {key: sorted(value) if isinstance(value, set) else value for key, value in config.items()}
    (folder / ADAPTER_CONFIG).write_text(json.dumps(plain, indent=2, default=str), encoding="utf-8")
    (folder / NOTES_FILE).write_text(json.dumps(dict(notes), indent=2), encoding="utf-8")
    write_tensors(folder / ADAPTER_WEIGHTS, trainable.state() if tensors is None else tensors)


def load_adapter(model: InternVLForConditionalGeneration, folder: Path) -> PeftModel:
    """Put the adapter in `folder` onto `model` (changed in place), for inference.

    Raises TrainerError("bad_model") when a file is missing, pickled, or does not fit the model.
    """
    for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS):
        if not (folder / name).is_file():
            raise TrainerError("bad_model", f"{folder} holds no {name}.", "Give the folder of an adapter.")
    tensors = read_tensors(folder / ADAPTER_WEIGHTS)
    try:
        settings = json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))
        config = LoraConfig(**{key: value for key, value in settings.items() if key != "peft_version"})
        config.inference_mode = True
        peft = get_peft_model(model, config)
    except (ValueError, TypeError, KeyError) as error:
        raise TrainerError(
            "bad_model",
            f"{folder / ADAPTER_CONFIG} does not fit the model: {error}.",
            "Use the base it was trained on.",
        ) from error
    assert isinstance(peft, PeftModel)
    Trainable(model, peft).load_state(tensors)
    return peft
