"""What the rest of the trainer needs to know about a checkpoint, read from its config.json, either layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import TextFamily, family_by_architecture, family_by_native_type
from refbox_trainer.model.template import Template, find_template

Layout = Literal["original", "native"]

ORIGINAL_FOLDER: Final = "original"
"""Where a native checkpoint that was made from an original one keeps the small files of that one."""

WRAPPED_PARTS: Final = {"language_model": "use_llm_lora", "vision_model": "use_backbone_lora"}
"""Config keys with the rank of the adapters that a checkpoint of the original LoRA training still carries."""

_TEXT_SIZES: Final = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
_VISION_SIZES: Final = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")


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
    original_config: Mapping[str, Any] | None
    """config.json of the original layout: `raw_config` itself, or what a native folder keeps of its origin."""

    @property
    def text(self) -> Mapping[str, Any]:
        """The language model's part of `raw_config`."""
        return self.raw_config["llm_config" if self.layout == "original" else "text_config"]

    @property
    def vision(self) -> Mapping[str, Any]:
        """The vision part of `raw_config`."""
        return self.raw_config["vision_config"]

    @property
    def may_tie(self) -> bool:
        """Whether the config allows the head to be the embedding; it is so only when the weights lack a head."""
        return bool(self.raw_config.get("tie_word_embeddings") or self.text.get("tie_word_embeddings"))


def read_spec(folder: Path, *, allow_adapters: bool = False) -> ModelSpec:
    """Read `folder`/config.json. Raises TrainerError("bad_model") with the field that is wrong.

    A checkpoint of the original LoRA training, whose weights are still wrapped, is refused unless `allow_adapters`.
    """
    config = read_config(folder / "config.json")
    kept = folder / ORIGINAL_FOLDER / "config.json"
    try:
        original = read_config(kept) if kept.is_file() else None
        return spec_of_config(config, original=original, allow_adapters=allow_adapters)
    except TrainerError as error:
        raise TrainerError(error.code, f"{folder / 'config.json'}: {error.message}", error.what_to_do) from error


def read_config(path: Path) -> dict[str, Any]:
    """A JSON object from a file; raises TrainerError("bad_model") when there is none."""
    if not path.is_file():
        raise TrainerError("bad_model", f"{path} does not exist.", "Give the folder of a checkpoint.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainerError("bad_model", f"{path} is not valid JSON: {error}.", "Restore the file.") from error
    if not isinstance(config, dict):
        raise TrainerError("bad_model", f"{path} does not hold a JSON object.", "Restore the file.")
    return config


def spec_of_config(
    config: Mapping[str, Any], *, original: Mapping[str, Any] | None = None, allow_adapters: bool = False
) -> ModelSpec:
    """The same from a config that is already in memory; `original` is what a native checkpoint was made from."""
    model_type = config.get("model_type")
    if model_type == "internvl_chat":
        return _original_spec(config, allow_adapters=allow_adapters)
    if model_type == "internvl":
        return _native_spec(config, original)
    raise TrainerError(
        "bad_model",
        f'model_type is "{model_type}".',
        'Use a checkpoint of type "internvl_chat" (original layout) or "internvl" (transformers layout).',
    )


def _original_spec(config: Mapping[str, Any], *, allow_adapters: bool) -> ModelSpec:
    text, vision = _part(config, "llm_config"), _part(config, "vision_config")
    if config.get("ps_version", "v1") != "v2":
        raise TrainerError(
            "bad_model",
            f'ps_version is "{config.get("ps_version", "v1 (the default)")}".',
            "Only pixel shuffle v2 is supported, which every InternVL2 release uses.",
        )
    for key in WRAPPED_PARTS.values():
        if config.get(key) and not allow_adapters:
            raise TrainerError(
                "bad_model",
                f"{key} is {config[key]}: this checkpoint still carries adapters.",
                "Merge them first: python -m refbox_trainer convert --model DIR --out MERGED --layout original.",
            )
    # The architecture comes first: a config of another kind of model would otherwise be told about missing sizes.
    family = family_by_architecture((text.get("architectures") or [""])[0])
    _require(text, "llm_config", _TEXT_SIZES)
    _require(vision, "vision_config", _VISION_SIZES)
    size = _integer(config.get("force_image_size") or vision.get("image_size"), "force_image_size")
    patch = _integer(vision.get("patch_size"), "vision_config.patch_size")
    if vision.get("image_size", size) != size:
        raise TrainerError(
            "bad_model",
            f"vision_config.image_size {vision['image_size']} differs from force_image_size {size}.",
            "Resize the position embedding first; this is not done silently.",
        )
    return ModelSpec(
        layout="original",
        family=family,
        template=find_template(str(config.get("template"))),
        image_size=size,
        num_image_token=_visual_tokens(config, size, patch),
        raw_config=config,
        original_config=config,
        **_tiling(config, _ORIGINAL_TILING),
    )


def _native_spec(config: Mapping[str, Any], original: Mapping[str, Any] | None) -> ModelSpec:
    text, vision = _part(config, "text_config"), _part(config, "vision_config")
    if original is None:
        family = family_by_native_type(str(text.get("model_type")))
    else:
        family = family_by_architecture((_part(original, "llm_config").get("architectures") or [""])[0])
    # Sizes may be absent: transformers leaves out what equals the default of its own classes.
    size, patch = _side(vision, "image_size", 448), _side(vision, "patch_size", 14)
    return ModelSpec(
        layout="native",
        family=family,
        template=find_template(str(config.get("template", family.default_template))),
        image_size=size,
        num_image_token=_visual_tokens(config, size, patch),
        raw_config=config,
        original_config=original,
        **_tiling(config, _NATIVE_TILING),
    )


class _Tiling(TypedDict):
    min_dynamic_patch: int
    max_dynamic_patch: int
    use_thumbnail: bool
    dynamic_image_size: bool


_ORIGINAL_TILING: Final = _Tiling(
    min_dynamic_patch=1, max_dynamic_patch=6, use_thumbnail=False, dynamic_image_size=False
)
_NATIVE_TILING: Final = _Tiling(min_dynamic_patch=1, max_dynamic_patch=12, use_thumbnail=True, dynamic_image_size=True)
"""Transformers has no place for these keys. Checkpoints written here keep them under the original names; for others the
values of the InternVL2.5 and 3 releases apply."""


def _tiling(config: Mapping[str, Any], absent: _Tiling) -> _Tiling:
    return {
        "min_dynamic_patch": _integer(
            config.get("min_dynamic_patch", absent["min_dynamic_patch"]), "min_dynamic_patch"
        ),
        "max_dynamic_patch": _integer(
            config.get("max_dynamic_patch", absent["max_dynamic_patch"]), "max_dynamic_patch"
        ),
        "use_thumbnail": bool(config.get("use_thumbnail", absent["use_thumbnail"])),
        "dynamic_image_size": bool(config.get("dynamic_image_size", absent["dynamic_image_size"])),
    }


def _visual_tokens(config: Mapping[str, Any], size: int, patch: int) -> int:
    return int((size // patch) ** 2 * float(config.get("downsample_ratio", 0.5)) ** 2)


def _part(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = config.get(key)
    if not isinstance(part, Mapping):
        raise TrainerError("bad_model", f"{key} is missing.", "Restore the checkpoint's config.json.")
    return part


def _require(part: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> None:
    # Transformers has a default for each of them, which would build another model than the one that was meant.
    for key in keys:
        _integer(part.get(key), f"{name}.{key}")


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
