"""Tokenizer files of every class that InternVL2 checkpoints ship, trained on a few sentences.

The files are laid out as on the hub: a sentencepiece model with a config that names added tokens (InternLM2, Phi-3,
Yi), vocab.json with merges.txt (Qwen2), tokenizer.json (Llama-3). Ids are the released ones moved to small numbers.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

CORPUS = [
    "Please provide the bounding box coordinate of the region this sentence describes: the red square",
    "请提供以下描述所对应区域的边界框坐标：红色方块",
    "Sure, I will detect and label all objects in the image and mark their positions.",
    "There is no blue circle in this image. [[12, 34, 567, 890], [1, 2, 3, 4]] decision process terminal arrow",
    "system user assistant 你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL",
]
NINE = ("<img>", "</img>", "<IMG_CONTEXT>", "<quad>", "</quad>", "<ref>", "</ref>", "<box>", "</box>")
_PLAIN, _NORMAL, _USER_DEFINED = {"lstrip": False, "normalized": False, "single_word": False}, 1, 4


def sentencepiece_model(*, dummy_prefix: bool, symbols: tuple[str, ...] = (), **options: Any) -> Any:
    """A byte-pair model with byte fallback that keeps white space, as ModelProto."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 4),
        model_writer=written,
        model_type="bpe",
        vocab_size=620,
        hard_vocab_limit=False,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=dummy_prefix,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        user_defined_symbols=list(symbols),
        num_threads=1,
        minloglevel=2,
        **options,
    )
    proto = sentencepiece_model_pb2.ModelProto()  # pyright: ignore[reportAttributeAccessIssue] (made at run time)
    proto.ParseFromString(written.getvalue())
    return proto


def write_internlm2_tokenizer(folder: Path, *, dummy_prefix: bool = False) -> int:
    """InternLM2Tokenizer: six unused pieces at the end of the model get names, the nine follow. Returns the rows."""
    proto = sentencepiece_model(dummy_prefix=dummy_prefix)
    names = ("<|plugin|>", "<|interpreter|>", "<|action_end|>", "<|action_start|>", "<|im_end|>", "<|im_start|>")
    first = len(proto.pieces)
    for number in range(141, 147):
        proto.pieces.add(piece=f"[UNUSED_TOKEN_{number}]", score=-1000.0 - number, type=_USER_DEFINED)
    added = {0: "<unk>", 1: "<s>", 2: "</s>"}
    added |= {first + number: name for number, name in enumerate((*names, *NINE))}
    _write_slow(
        folder,
        proto,
        {
            "added_tokens_decoder": {str(number): _entry(name) for number, name in added.items()},
            "additional_special_tokens": ["<|im_start|>", "<|im_end|>", *names[:4], *NINE],
            "auto_map": {"AutoTokenizer": ["tokenization_internlm2.InternLM2Tokenizer", None]},
            "bos_token": "<s>",
            "eos_token": "</s>",
            "pad_token": "</s>",
            "tokenizer_class": "InternLM2Tokenizer",
            "unk_token": "<unk>",
        },
    )
    # The class that the original runs; here it must never be.
    (folder / "tokenization_internlm2.py").write_text("raise SystemExit('code of a checkpoint was run')\n")
    return max(added) + 1


def write_phi3_tokenizer(folder: Path) -> int:
    """LlamaTokenizer of Phi-3: added roles that swallow white space, only the nine of them declared special."""
    proto = sentencepiece_model(dummy_prefix=True)
    roles = ["<|endoftext|>", "<|assistant|>", *(f"<|placeholder{number}|>" for number in range(1, 5))]
    roles += ["<|system|>", "<|end|>", "<|placeholder5|>", "<|placeholder6|>", "<|user|>"]
    first = len(proto.pieces)
    added = {0: _entry("<unk>"), 1: _entry("<s>"), 2: _entry("</s>")}
    added |= {first + number: _entry(name, rstrip=number > 0) for number, name in enumerate(roles)}
    added |= {first + len(roles) + number: _entry(name) for number, name in enumerate(NINE)}
    _write_slow(
        folder,
        proto,
        {
            "add_bos_token": True,
            "add_eos_token": False,
            "added_tokens_decoder": {str(number): entry for number, entry in added.items()},
            "additional_special_tokens": list(NINE),
            "bos_token": "<s>",
            "eos_token": "</s>",
            "legacy": False,
            "pad_token": "</s>",
            "tokenizer_class": "LlamaTokenizer",
            "unk_token": "<unk>",
        },
    )
    return max(added) + 1


def write_yi_tokenizer(folder: Path, *, legacy: bool = True, nine: bool = True) -> int:
    """LlamaTokenizer of Yi: ChatML and the picture tags are pieces of the model, no bos, no space in front.

    Without `nine` the seven others are in no file, as in a language model that was never part of an InternVL.
    """
    symbols = ("<|Human|>", "<|Assistant|>", "<|System|>", "<|im_start|>", "<|im_end|>", "<img>", "</img>")
    proto = sentencepiece_model(
        dummy_prefix=False, symbols=symbols, bos_piece="<|startoftext|>", eos_piece="<|endoftext|>"
    )
    pieces = [piece.piece for piece in proto.pieces]
    added = {pieces.index(name): name for name in ("<unk>", "<|startoftext|>", "<|endoftext|>", *symbols[3:])}
    if nine:
        added |= {len(pieces) + number: name for number, name in enumerate(NINE[2:])}
    _write_slow(
        folder,
        proto,
        {
            "add_bos_token": False,
            "add_eos_token": False,
            "added_tokens_decoder": {str(number): _entry(name) for number, name in added.items()},
            "additional_special_tokens": [*NINE] if nine else [],
            "bos_token": "<|startoftext|>",
            "eos_token": "<|im_end|>",
            "legacy": legacy,
            "pad_token": "<unk>",
            "tokenizer_class": "LlamaTokenizer",
            "unk_token": "<unk>",
        },
    )
    return max(len(pieces), max(added) + 1)


def write_llama3_tokenizer(folder: Path) -> int:
    """tokenizer.json of Llama-3: byte-level pieces, bos written by the file itself."""
    pattern = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s+(?!\S)|\s+"
    )
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    steps = [
        pre_tokenizers.Split(Regex(pattern), behavior="isolated", invert=False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)  # pyright: ignore[reportAttributeAccessIssue]
    tokenizer.decoder = decoders.ByteLevel()  # pyright: ignore[reportAttributeAccessIssue]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(
        CORPUS * 4, trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    )
    named = ("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>")
    tokenizer.add_tokens([AddedToken(name, special=True, normalized=False) for name in (*named, *NINE)])
    bos = tokenizer.token_to_id(named[0])
    tokenizer.post_processor = processors.TemplateProcessing(  # pyright: ignore[reportAttributeAccessIssue]
        single=[named[0], "$A"], pair=[named[0], "$A", "$B"], special_tokens=[(named[0], bos)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"bos_token": named[0], "eos_token": "<|im_end|>", "pad_token": "<|end_of_text|>"}
    _write_json(folder / "tokenizer_config.json", {**config, "tokenizer_class": "PreTrainedTokenizerFast"})
    return tokenizer.get_vocab_size()


def write_qwen2_tokenizer(folder: Path) -> int:
    """vocab.json with merges.txt, as InternVL2-1B has them."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(  # pyright: ignore[reportAttributeAccessIssue]
        add_prefix_space=False
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(
        CORPUS * 4, trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    )
    model = json.loads(tokenizer.to_str())["model"]
    first = len(model["vocab"])
    added = {first + number: name for number, name in enumerate(("<|endoftext|>", "<|im_start|>", "<|im_end|>", *NINE))}
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / "vocab.json", model["vocab"])
    merges = "\n".join(" ".join(merge) for merge in model["merges"])
    (folder / "merges.txt").write_text(f"#version: 0.2\n{merges}\n", encoding="utf-8")
    _write_json(folder / "added_tokens.json", {name: number for number, name in added.items()})
    _write_json(
        folder / "tokenizer_config.json",
        {
            "add_prefix_space": False,
            "added_tokens_decoder": {str(number): _entry(name) for number, name in added.items()},
            "additional_special_tokens": ["<|im_start|>", "<|im_end|>", *NINE],
            "bos_token": None,
            "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>",
            "tokenizer_class": "Qwen2Tokenizer",
            "unk_token": None,
        },
    )
    return max(added) + 1


def _entry(content: str, *, rstrip: bool = False) -> dict[str, Any]:
    return {"content": content, "rstrip": rstrip, "special": True, **_PLAIN}


def _write_slow(folder: Path, proto: Any, config: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.model").write_bytes(proto.SerializeToString())
    _write_json(folder / "tokenizer_config.json", {"clean_up_tokenization_spaces": False, **config})


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
