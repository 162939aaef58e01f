"""Tokenizers built from the files of the hub give the ids of the slow classes, text by text."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.spec import ModelSpec, spec_of_config
from refbox_trainer.model.tokenizer_reader import read_tokenizer
from tests.families.slow_tokenizer import slow_ids
from tests.tiny_families import SIZES, make_config
from tests.tiny_tokenizers import (
    CORPUS,
    NINE,
    write_internlm2_tokenizer,
    write_phi3_tokenizer,
    write_yi_tokenizer,
)

_TEXTS = (
    *CORPUS,
    "",
    " ",
    "  two  spaces ",
    "\n",
    "tab\tand\r\nlines\n\n\n",
    "[[243, 469, 558, 746], [0, 0, 1000, 1000]]",
    "Straße, naïve, ½ ﬁ Ω≈ç√∫ 😀👩‍👩‍👧 العربية ไทย 한국어 日本語",
    "x = {'a': 1.5e-3}; // !!! ??? <not a token> <|neither|>",
    "\u2581lower\u2581one\u2581eighth",
    "\x00\x07\ufeff\u200b",
)


def _random_texts(specials: tuple[str, ...], opening: str, count: int = 150) -> list[str]:
    """Random pieces of text between random special tokens, behind the token every conversation begins with."""
    rng = random.Random(4)
    made = []
    for _ in range(count):
        parts = [rng.choice(specials) if rng.random() < 0.5 else _cut(rng) for _ in range(rng.randint(1, 9))]
        made.append(opening + "".join(parts))
    return made


def _cut(rng: random.Random) -> str:
    text = rng.choice(_TEXTS)
    start = rng.randint(0, len(text))
    return text[start : start + rng.randint(0, 40)]


def _spec(name: str) -> ModelSpec:
    return spec_of_config(make_config(SIZES[name], rows=700))


_SLOW: list[tuple[str, str, Callable[[Path], int], str]] = [
    ("InternLM2", "2B", write_internlm2_tokenizer, "<|im_start|>"),
    (
        "InternLM2 with a space in front of every piece",
        "2B",
        lambda folder: write_internlm2_tokenizer(folder, dummy_prefix=True),
        "<|im_start|>",
    ),
    ("Phi-3", "4B", write_phi3_tokenizer, "<|system|>"),
    ("Yi", "40B", write_yi_tokenizer, "<|im_start|>"),
    ("Yi, not legacy", "40B", lambda folder: write_yi_tokenizer(folder, legacy=False), "<|im_start|>"),
]


@pytest.mark.parametrize("case", _SLOW, ids=[case[0] for case in _SLOW])
def test_ids_of_any_conversation_are_those_of_the_slow_class(
    tmp_path: Path, case: tuple[str, str, Callable[[Path], int], str]
) -> None:
    _, size, write, opening = case
    write(tmp_path)
    tokenizer, added = read_tokenizer(tmp_path, _spec(size))
    assert added == ()
    config = json.loads((tmp_path / "tokenizer_config.json").read_text())
    specials = tuple(entry["content"] for entry in config["added_tokens_decoder"].values())
    for text in _random_texts(specials, opening) + [opening + text for text in _TEXTS]:
        # The one known difference: a lower eighth sign that directly follows a role of Phi-3 counts as white space.
        text = text.replace("\u2581", "_") if size == "4B" else text
        assert tokenizer(text)["input_ids"] == slow_ids(tmp_path, text), repr(text)


@pytest.mark.parametrize("case", _SLOW, ids=[case[0] for case in _SLOW])
def test_decoding_gives_the_text_back_without_spaces_around_tags(
    tmp_path: Path, case: tuple[str, str, Callable[[Path], int], str]
) -> None:
    case[2](tmp_path)
    tokenizer = read_tokenizer(tmp_path, _spec(case[1])).tokenizer
    answer = "<ref>the red square</ref><box>[[12, 34, 567, 890]]</box>"
    ids = tokenizer(answer, add_special_tokens=False)["input_ids"]
    shown = tokenizer.decode(ids, skip_special_tokens=False)
    # Slow classes with a space in front of every piece cannot write a tag without one; parsers accept both.
    assert shown.replace(" ", "") == answer.replace(" ", "")
    if "space" not in case[0]:
        assert shown == answer


def test_renamed_pieces_keep_their_ids(tmp_path: Path) -> None:
    rows = write_internlm2_tokenizer(tmp_path)
    vocabulary = read_tokenizer(tmp_path, _spec("2B")).tokenizer.get_vocab()
    assert [vocabulary[token] for token in NINE] == list(range(rows - 9, rows))
    assert vocabulary["<|im_start|>"] == vocabulary["<|im_end|>"] + 1 == rows - 10
    assert "[UNUSED_TOKEN_145]" not in vocabulary


def test_ids_from_before_the_added_tokens_key_are_read(tmp_path: Path) -> None:
    """Older folders name added tokens in added_tokens.json and special_tokens_map.json alone."""
    write_internlm2_tokenizer(tmp_path)
    expected = read_tokenizer(tmp_path, _spec("2B")).tokenizer("<|im_start|>user\n<ref>a</ref><|im_end|>")["input_ids"]
    config = json.loads((tmp_path / "tokenizer_config.json").read_text())
    decoder = config.pop("added_tokens_decoder")
    named = ("bos_token", "eos_token", "unk_token", "pad_token", "additional_special_tokens")
    special = {key: config.pop(key) for key in named}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    (tmp_path / "special_tokens_map.json").write_text(json.dumps({**special, "bos_token": {"content": "<s>"}}))
    (tmp_path / "added_tokens.json").write_text(
        json.dumps({entry["content"]: int(key) for key, entry in decoder.items()})
    )
    tokenizer, added = read_tokenizer(tmp_path, _spec("2B"))
    assert added == ()
    assert tokenizer("<|im_start|>user\n<ref>a</ref><|im_end|>")["input_ids"] == expected


def test_tokens_that_are_missing_are_added_in_the_order_of_the_original(tmp_path: Path) -> None:
    rows = write_yi_tokenizer(tmp_path, nine=False)
    tokenizer, added = read_tokenizer(tmp_path, _spec("40B"))
    assert added == NINE[2:], "<img> and </img> are pieces of the base vocabulary"
    assert [tokenizer.convert_tokens_to_ids(token) for token in added] == list(range(rows, rows + 7))
    assert tokenizer.convert_tokens_to_ids("<img>") < rows
    assert set(NINE) <= set(tokenizer.all_special_tokens) | {str(t) for t in tokenizer.added_tokens_decoder.values()}


@pytest.mark.parametrize("options", [{"normalization_rule_name": "nmt_nfkc_cf"}, {"remove_extra_whitespaces": True}])
def test_a_model_that_cannot_be_rebuilt_exactly_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    import sentencepiece

    train = sentencepiece.SentencePieceTrainer.train
    monkeypatch.setattr(sentencepiece.SentencePieceTrainer, "train", lambda **given: train(**{**given, **options}))
    write_yi_tokenizer(tmp_path)
    if "normalization_rule_name" in options:
        read_tokenizer(tmp_path, _spec("40B"))  # its character table is carried over
        return
    with pytest.raises(TrainerError, match="cannot be rebuilt exactly"):
        read_tokenizer(tmp_path, _spec("40B"))


def test_a_unigram_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sentencepiece

    train = sentencepiece.SentencePieceTrainer.train
    unigram = {"model_type": "unigram"}
    monkeypatch.setattr(sentencepiece.SentencePieceTrainer, "train", lambda **given: train(**{**given, **unigram}))
    write_yi_tokenizer(tmp_path)
    with pytest.raises(TrainerError, match="not a byte-pair model"):
        read_tokenizer(tmp_path, _spec("40B"))


def test_files_that_are_damaged_or_absent_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="no tokenizer files"):
        read_tokenizer(tmp_path, _spec("2B"))
    write_internlm2_tokenizer(tmp_path)
    (tmp_path / "tokenizer.model").write_bytes(b"\xff\xff not a model")
    with pytest.raises(TrainerError, match=r"tokenizer\.model"):
        read_tokenizer(tmp_path, _spec("2B"))
