"""Everything of a checkpoint folder besides the weights: configs, tokenizer files, notes, in either layout.

A native folder that was made from an original one keeps the small files of that one below `original/`, so that the
way back restores them byte for byte. Programs that read the native layout do not look there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transformers import InternVLConfig

from refbox_trainer.model.native_config import native_config_json
from refbox_trainer.model.original_config import original_config_of
from refbox_trainer.model.spec import ORIGINAL_FOLDER, Layout, ModelSpec, read_config
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START, TokenIds

TOKENIZER_FILES: Final = (
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "special_tokens_map.json",
    "tokenizer.model",
    "chat_template.jinja",
)
_NOTES: Final = ("README.md", "LICENSE")
_ORIGINAL_FILES: Final = (*TOKENIZER_FILES, *_NOTES, "preprocessor_config.json", "generation_config.json")
_VISIBLE_TOKENS: Final = {
    "start_image_token": IMG_START,
    "end_image_token": IMG_END,
    "context_image_token": IMAGE_CONTEXT,
    "video_token": "<video>",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SideFiles:
    """What is needed to write the small files of one checkpoint beside its weights."""

    base: Path
    """The folder they come from."""
    spec: ModelSpec
    """Of `base`, with the settings and the vocabulary that are to be written."""
    config: InternVLConfig
    tokenizer: Any
    tokens: TokenIds
    added_tokens: tuple[str, ...]
    """Special tokens that the files of `base` do not have."""

    def write(self, folder: Path, layout: Layout, *, dtype: str | None) -> None:
        """Write all of them for `layout`. `dtype` is the type of the weights, None keeps what the config says."""
        if layout == "original":
            self._write_original(folder, dtype)
            return
        for name in _NOTES:
            if (self.base / name).is_file():
                shutil.copyfile(self.base / name, folder / name)
        config = native_config_json(self.spec, self.config)
        if dtype is not None:
            config["dtype"] = dtype
        _write_json(folder / "config.json", config)
        _write_json(folder / "generation_config.json", self._generation())
        self._write_native_tokenizer(folder)
        if self.spec.original_config is not None:
            (folder / ORIGINAL_FOLDER).mkdir()
            self._write_original(folder / ORIGINAL_FOLDER, None)

    def _write_original(self, folder: Path, dtype: str | None) -> None:
        source = self.base / ORIGINAL_FOLDER if (self.base / ORIGINAL_FOLDER).is_dir() else self.base
        # Original checkpoints carry the code that the Auto classes of other tools run; it is copied, never imported.
        code = [path.name for path in source.glob("*.py")]
        for name in (*_ORIGINAL_FILES, *code):
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)
        if not (folder / "tokenizer.json").is_file():
            self.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        if self.added_tokens:
            self._add_tokens(folder)
        if not (folder / "generation_config.json").is_file():
            _write_json(folder / "generation_config.json", self._generation())
        config = original_config_of(self.spec)
        wanted = config if dtype is None else {**config, "torch_dtype": dtype}
        if (source / "config.json").is_file() and read_config(source / "config.json") == wanted:
            shutil.copyfile(source / "config.json", folder / "config.json")
        else:
            _write_json(folder / "config.json", wanted)

    def _add_tokens(self, folder: Path) -> None:
        """Enter the added tokens in every file in which a tokenizer class of the original looks for them."""
        ids = {token: self.tokenizer.convert_tokens_to_ids(token) for token in self.added_tokens}
        self.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
        for name, entries in (
            ("added_tokens.json", ids),
            ("tokenizer_config.json", {str(number): {"content": token, **plain} for token, number in ids.items()}),
        ):
            content = read_config(folder / name) if (folder / name).is_file() else {}
            if name == "tokenizer_config.json":
                if "added_tokens_decoder" not in content:
                    continue
                content["added_tokens_decoder"] |= entries
            else:
                content |= entries
            _write_json(folder / name, content)

    def _generation(self) -> dict[str, Any]:
        # Released generation configs name other stop ids or none (InternLM2: `</s>`), so that answers run on.
        return {"_from_model_config": False, "eos_token_id": self.tokens.end_of_turn}

    def _write_native_tokenizer(self, folder: Path) -> None:
        """tokenizer.json says everything; the other files let the Auto classes and processors find their way."""
        self.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        named = {key: getattr(self.tokenizer, key) for key in ("bos_token", "eos_token", "pad_token", "unk_token")}
        config = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "clean_up_tokenization_spaces": False,
            "model_max_length": self.tokenizer.model_max_length,
            "extra_special_tokens": _VISIBLE_TOKENS,
            **{key: value for key, value in named.items() if value is not None},
        }
        _write_json(folder / "tokenizer_config.json", config)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
