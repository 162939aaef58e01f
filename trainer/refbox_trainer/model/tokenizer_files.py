"""A tokenizer for a new checkpoint, written in both forms: tokenizer.json, which browsers read, and vocab.json with
merges.txt, which the original code reads.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from transformers import AddedToken
from transformers.models.qwen2 import Qwen2Tokenizer

from refbox_trainer.model.tokens import CHATML_TOKENS, NINE_TOKENS

_ADDED_TOKEN_KEYS: Final = ("content", "lstrip", "normalized", "rstrip", "single_word", "special")


def new_qwen2_tokenizer(vocab: dict[str, int], merges: list[tuple[str, str]], *, max_length: int = 32768) -> Any:
    """A Qwen2 tokenizer with the ChatML tokens and the nine InternVL tokens behind the byte-level BPE pieces.

    `vocab` and `merges` come from a trained byte-level BPE model whose pre-tokenizer is that of Qwen2.
    """
    pieces = {**vocab}
    for token in CHATML_TOKENS:
        pieces.setdefault(token, len(pieces))
    tokenizer = Qwen2Tokenizer(
        vocab=pieces,
        merges=merges,  # pyright: ignore[reportArgumentType] (annotated as strings, pairs are what BPE takes)
        unk_token=CHATML_TOKENS[0],
        eos_token=CHATML_TOKENS[2],
        pad_token=CHATML_TOKENS[0],
        model_max_length=max_length,
        clean_up_tokenization_spaces=False,
    )
    special = [AddedToken(token, special=True, normalized=False) for token in (*CHATML_TOKENS, *NINE_TOKENS)]
    tokenizer.add_tokens(special, special_tokens=True)
    return tokenizer


def write_tokenizer(tokenizer: Any, folder: Path) -> None:
    """All tokenizer files of `tokenizer`, for a checkpoint that had none before."""
    tokenizer.save_pretrained(folder)
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    model = content["model"]
    if model["type"] != "BPE":
        return
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    added = {entry["content"]: entry["id"] for entry in content["added_tokens"]}
    plain = {token: number for token, number in model["vocab"].items() if token not in added}
    (folder / "vocab.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    _write_json(folder / "added_tokens.json", added)
    _write_json(folder / "tokenizer_config.json", _classic_config(tokenizer, content["added_tokens"]))


def _classic_config(tokenizer: Any, added: list[dict[str, Any]]) -> dict[str, Any]:
    """tokenizer_config.json in the form that library versions 4 and 5 both read."""
    decoder = {str(entry["id"]): {key: entry[key] for key in _ADDED_TOKEN_KEYS} for entry in added}
    return {
        "add_prefix_space": False,
        "added_tokens_decoder": decoder,
        "additional_special_tokens": [CHATML_TOKENS[1], *NINE_TOKENS],
        "bos_token": None,
        "clean_up_tokenization_spaces": False,
        "eos_token": tokenizer.eos_token,
        "errors": "replace",
        "model_max_length": tokenizer.model_max_length,
        "pad_token": tokenizer.pad_token,
        "split_special_tokens": False,
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": None,
    }


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
