"""What the rest of the trainer needs to know about a checkpoint, read from its config.json, either layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import TextFamily, family_by_architecture, family_by_name
from refbox_trainer.model.template import Template, find_template

Layout = Literal["original", "native"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSpec:
    """Fixed properties of one checkpoint folder."""

    layout: Layout
    family: TextFamily
    template: Template
    image_size: int
    """Side of a tile in pixels."""
    num_image_token: int
    """Visual tokens per tile after pixel shuffle."""
    min_dynamic_patch: int
    max_dynamic_patch: int
    use_thumbnail: bool
    dynamic_image_size: bool
    raw_config: Mapping[str, Any]
    """config.json as it was read; a merged checkpoint of the same layout carries it on unchanged."""


def read_spec(folder: Path) -> ModelSpec:
    """Read `folder`/config.json. Raises TrainerError("bad_model") with the field that is wrong."""
    path = folder / "config.json"
    if not path.is_file():
        raise TrainerError("bad_model", f"{path} does not exist.", "Give the folder of a checkpoint.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainerError("bad_model", f"{path} is not valid JSON: {error}.", "Restore the file.") from error
    if not isinstance(config, dict):
        raise TrainerError("bad_model", f"{path} does not hold a JSON object.", "Restore the file.")
    try:
        return spec_of_config(config)
    except TrainerError as error:
        raise TrainerError(error.code, f"{path}: {error.message}", error.what_to_do) from error


def spec_of_config(config: Mapping[str, Any]) -> ModelSpec:
    """The same from a config that is already in memory."""
    model_type = config.get("model_type")
    if model_type == "internvl_chat":
        return _original_spec(config)
    if model_type == "internvl":
        return _native_spec(config)
    raise TrainerError(
        "bad_model",
        f'model_type is "{model_type}".',
        'Use a checkpoint of type "internvl_chat" (original layout) or "internvl" (transformers layout).',
    )


def _original_spec(config: Mapping[str, Any]) -> ModelSpec:
    text, vision = _part(config, "llm_config"), _part(config, "vision_config")
    if config.get("ps_version", "v1") != "v2":
        raise TrainerError(
            "bad_model",
            f'ps_version is "{config.get("ps_version", "v1 (the default)")}".',
            "Only pixel shuffle v2 is supported, which every InternVL2 release uses.",
        )
    for key in ("use_llm_lora", "use_backbone_lora"):
        if config.get(key):
            raise TrainerError(
                "bad_model", f"{key} is {config[key]}: this checkpoint still carries adapters.", "Merge it first."
            )
    size = _integer(config.get("force_image_size") or vision.get("image_size"), "force_image_size")
    patch = _integer(vision.get("patch_size"), "vision_config.patch_size")
    if vision.get("image_size", size) != size:
        raise TrainerError(
            "bad_model",
            f"vision_config.image_size {vision['image_size']} differs from force_image_size {size}.",
            "Resize the position embedding first; this is not done silently.",
        )
    architectures = text.get("architectures") or [""]
    return ModelSpec(
        layout="original",
        family=family_by_architecture(architectures[0]),
        template=find_template(str(config.get("template"))),
        image_size=size,
        num_image_token=_visual_tokens(size, patch, float(config.get("downsample_ratio", 0.5))),
        min_dynamic_patch=_integer(config.get("min_dynamic_patch", 1), "min_dynamic_patch"),
        max_dynamic_patch=_integer(config.get("max_dynamic_patch", 6), "max_dynamic_patch"),
        use_thumbnail=bool(config.get("use_thumbnail", False)),
        dynamic_image_size=bool(config.get("dynamic_image_size", False)),
        raw_config=config,
    )


def _native_spec(config: Mapping[str, Any]) -> ModelSpec:
    text, vision = _part(config, "text_config"), _part(config, "vision_config")
    family = family_by_name(str(text.get("model_type")))
    size, patch = _side(vision, "image_size", 448), _side(vision, "patch_size", 14)
    # Transformers has no place for the keys below. Checkpoints written here keep them under the original names;
    # for others the values of the InternVL2.5 and 3 releases apply.
    return ModelSpec(
        layout="native",
        family=family,
        template=find_template(str(config.get("template", family.default_template))),
        image_size=size,
        num_image_token=_visual_tokens(size, patch, float(config.get("downsample_ratio", 0.5))),
        min_dynamic_patch=_integer(config.get("min_dynamic_patch", 1), "min_dynamic_patch"),
        max_dynamic_patch=_integer(config.get("max_dynamic_patch", 12), "max_dynamic_patch"),
        use_thumbnail=bool(config.get("use_thumbnail", True)),
        dynamic_image_size=bool(config.get("dynamic_image_size", True)),
        raw_config=config,
    )


def _visual_tokens(size: int, patch: int, downsample: float) -> int:
    return int((size // patch) ** 2 * downsample**2)


def _part(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = config.get(key)
    if not isinstance(part, Mapping):
        raise TrainerError("bad_model", f"{key} is missing.", "Restore the checkpoint's config.json.")
    return part


def _side(vision: Mapping[str, Any], key: str, default: int) -> int:
    value = vision.get(key, default)
    if isinstance(value, (list, tuple)):
        if len(set(value)) != 1:
            raise TrainerError("bad_model", f"vision_config.{key} {list(value)} is not square.", "Use square tiles.")
        value = value[0]
    return _integer(value, f"vision_config.{key}")


def _integer(value: Any, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TrainerError("bad_model", f"{field} must be a positive whole number, got {value!r}.", "Correct it.")
    return value
