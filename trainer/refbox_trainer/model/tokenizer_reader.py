"""Loading the tokenizer of a checkpoint. Code that lies in the folder never runs.

Three kinds of files are met. Qwen2 checkpoints have vocab.json with merges.txt, or tokenizer.json. InternLM2, Phi-3
and Yi checkpoints have a sentencepiece model, which the original code reads with slow classes. Llama-3 and native
checkpoints have tokenizer.json, which says everything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from tokenizers import AddedToken, Tokenizer
from transformers import PreTrainedTokenizerFast
from transformers.models.qwen2 import Qwen2Tokenizer

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.families import INTERNLM2
from refbox_trainer.model.sentencepiece_tokenizer import SlowTokenizer, build_tokenizer
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.model.tokens import NINE_TOKENS

_NAMED_TOKENS: Final = ("bos_token", "eos_token", "unk_token", "pad_token")
_NO_FILES: Final = "Copy them from the base checkpoint."


class FoundTokenizer(NamedTuple):
    """A tokenizer with all nine special tokens, and those of them that its files did not have."""

    tokenizer: Any
    added: tuple[str, ...]


def load_tokenizer(folder: Path, spec: ModelSpec) -> Any:
    """The tokenizer in `folder`, see `read_tokenizer`."""
    return read_tokenizer(folder, spec).tokenizer


def read_tokenizer(folder: Path, spec: ModelSpec) -> FoundTokenizer:
    """The tokenizer in `folder`, with the ids that the original trainer uses, and nine special tokens.

    Raises TrainerError("bad_model") when files are missing, damaged or of an unknown kind.
    """
    try:
        tokenizer = _read(folder, spec)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise TrainerError(
            "bad_model", f"The tokenizer in {folder} cannot be read: {error}.", "Copy it again from the base."
        ) from error
    vocabulary = tokenizer.get_vocab()
    # In this order, which fixes the ids. A base vocabulary may hold some of them as plain pieces (Yi: `<img>`); they
    # become special under the id they have.
    tokenizer.add_tokens([AddedToken(token, special=True, normalized=False) for token in NINE_TOKENS], True)
    return FoundTokenizer(tokenizer, tuple(token for token in NINE_TOKENS if token not in vocabulary))


def _read(folder: Path, spec: ModelSpec) -> Any:
    config = _json(folder / "tokenizer_config.json")
    kind = str(config.get("tokenizer_class", "")).removesuffix("Fast")
    complete, pieces = (folder / "tokenizer.json").is_file(), (folder / "tokenizer.model").is_file()
    if kind == "Qwen2Tokenizer" or (folder / "vocab.json").is_file():
        # The class is named here, because `auto_map` entries make the Auto classes ask for remote code.
        return Qwen2Tokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    # The original code reads the sentencepiece model even where a tokenizer.json lies beside it; transformers does the
    # opposite. The two need not agree.
    if pieces and (spec.layout == "original" or not complete):
        slow = _slow_tokenizer(folder, config, spec)
        return _wrap(build_tokenizer(folder / "tokenizer.model", slow), config, _named_tokens(folder, config))
    if complete:
        backend = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return _wrap(backend, config, _named_tokens(folder, config))
    raise TrainerError("bad_model", f"{folder} holds no tokenizer files.", _NO_FILES)


def _wrap(backend: Tokenizer, config: Mapping[str, Any], named: Mapping[str, str]) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        clean_up_tokenization_spaces=False,
        model_max_length=config.get("model_max_length"),
        **named,
    )


def _slow_tokenizer(folder: Path, config: Mapping[str, Any], spec: ModelSpec) -> SlowTokenizer:
    named = _named_tokens(folder, config)
    additional = _special_tokens(folder, config).get("additional_special_tokens", [])
    declared = frozenset([*named.values(), *(_content(token) for token in additional)])
    # Both classes put bos in front unless the file says otherwise. InternLM2 has no modern mode.
    bos = named.get("bos_token", "<s>") if config.get("add_bos_token", True) else None
    return SlowTokenizer(
        added=_added_tokens(folder, config, declared),
        declared_special=declared,
        bos_token=bos,
        legacy=spec.family is INTERNLM2 or bool(config.get("legacy", True)),
        opening=spec.template.markers[0],
    )


def _added_tokens(folder: Path, config: Mapping[str, Any], declared: frozenset[str]) -> dict[int, AddedToken]:
    entries = config.get("added_tokens_decoder")
    if entries is None:
        # Files from before that key: ids alone, and a token is special when it is declared so.
        return {
            number: AddedToken(content, normalized=False, special=content in declared)
            for content, number in _json(folder / "added_tokens.json").items()
        }
    return {
        int(number): AddedToken(
            entry["content"],
            lstrip=entry.get("lstrip", False),
            rstrip=entry.get("rstrip", False),
            single_word=entry.get("single_word", False),
            # Slow classes look for the token in the text as it is; `normalized` only ever meant lower case.
            normalized=False,
            special=entry.get("special", False),
        )
        for number, entry in entries.items()
    }


def _named_tokens(folder: Path, config: Mapping[str, Any]) -> dict[str, str]:
    tokens = _special_tokens(folder, config)
    return {key: _content(tokens[key]) for key in _NAMED_TOKENS if tokens.get(key)}


def _special_tokens(folder: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    # special_tokens_map.json counts only where tokenizer_config.json does not say the same thing.
    return {**_json(folder / "special_tokens_map.json"), **config}


def _content(token: str | Mapping[str, Any]) -> str:
    return token if isinstance(token, str) else token["content"]


def _json(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} does not hold a JSON object")
    return content
