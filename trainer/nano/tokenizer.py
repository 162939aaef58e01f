"""The small byte-level BPE tokenizer of RefBox-Nano, written as Qwen2 files.

The splitting rule is Qwen2's own (digits one by one), because `Qwen2Tokenizer` builds it in and ignores any other.
Only the vocabulary is ours: learnt from the phrases, the prompts and the system prompt, so that the latter costs few
tokens.
"""

import json
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from refbox_trainer.model.template import TEMPLATES, Turn, render
from refbox_trainer.model.tokenizer_files import new_qwen2_tokenizer
from refbox_trainer.model.tokens import CHATML_TOKENS, NINE_TOKENS

from .phrases import ABSENT, DETECT, DETECTED, REFER, Talk, converse, draw_name
from .scenes import Plan, draw_scene
from .words import CHARACTERS_ZH, NAMES_EN

VOCABULARY = 2048
"""Rows of the embedding, special tokens included."""
TEMPLATE = TEMPLATES["Hermes-2"]
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def corpus(seed: int, scenes: int) -> list[str]:
    """What the vocabulary is learnt from: rendered conversations, fixed strings often, names and characters."""
    lines = [render(TEMPLATE, [Turn("human", "x"), Turn("gpt", "y")]).text] * 400
    for language in ("en", "zh"):
        lines += [REFER[language], ABSENT[language], DETECT[language], DETECTED[language]] * 200
    rng = np.random.default_rng([seed, 1])
    for _ in range(scenes):
        scene = draw_scene(rng, Plan(fewest=1, most=6))
        for asked in converse(rng, scene, most=4, talk=Talk()):
            lines += [asked.question, asked.answer]
        lines.append(draw_name(rng, "en"))
    return [*lines, *NAMES_EN, *(f"the {name}" for name in NAMES_EN), *(c for c in CHARACTERS_ZH for _ in range(40))]


def train_bpe(seed: int = 0, scenes: int = 1500) -> Tokenizer:
    """Byte-level BPE with `VOCABULARY` tokens; the special ones come last, in the order of the released tokenizers."""
    special = [*CHATML_TOKENS, *NINE_TOKENS]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(seed, scenes), trainer)
    return tokenizer


def make_tokenizer(seed: int) -> Any:
    """The tokenizer of this model, as `refbox_trainer.model.tokenizer_files.write_tokenizer` takes it."""
    state = json.loads(train_bpe(seed).to_str())["model"]
    merges = [tuple(pair) if isinstance(pair, list) else tuple(pair.split(" ", 1)) for pair in state["merges"]]
    return new_qwen2_tokenizer(state["vocab"], merges, max_length=4096)
