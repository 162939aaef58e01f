"""A fast tokenizer from `tokenizer.model`, with the ids that the slow sentencepiece classes gave.

The original trainer loads InternLM2, Phi-3 and Yi checkpoints with slow Python classes. Loading the same files with
today's Llama tokenizer gives other ids without a word: every piece behind a special token gets a space in front, the
pieces that InternLM2 renames are missed, bos is left out. What the slow classes do (transformers 4.37), and what is
built here:

- The text is cut at the added tokens; sentencepiece sees the pieces between them. Added tokens may carry the id of an
  unused piece, which they rename (InternLM2: `[UNUSED_TOKEN_145]` is `<|im_end|>`).
- `legacy` tokenizers (and InternLM2) let sentencepiece put its dummy space before each of those pieces, if the model
  file asks for one. Others put one space before the whole text. When the text begins with an added token that is not
  declared special, as `<|system|>` of Phi-3, that space stays alone and becomes a token `▁` behind bos.

The result is compared with sentencepiece itself whenever it is built.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, processors
from transformers.convert_slow_tokenizer import generate_merges

from refbox_trainer.errors import TrainerError

_SPACE: Final = "\u2581"
_BPE: Final = 2
_NORMAL, _USER_DEFINED = 1, 4

PROBES: Final = (
    "Please provide the bounding box coordinate of the region this sentence describes: the lady with the blue shirt",
    "请提供以下描述所对应区域的边界框坐标：红色方块。",
    "[[243, 469, 558, 746], [0, 12, 999, 1000]]",
    " leading and  double   spaces, tabs\tand\nnew\n\nlines \n",
    "I'll don't you're #include <vector> for (int i = 0; i < 10; ++i) { x[i] *= 3.14e-5; }",
    "naïve Übergröße ﬁ ½ ½ Ⅷ １２３ ｆｕｌｌ emoji 😀👩‍👩‍👧 العربية हिन्दी ไทย 한국어 日本語",
    "\u2581 a literal \u2581 sign",
    "user\nsystem\nassistant\n",
)
"""Texts on which a built tokenizer has to agree with sentencepiece: letters, boxes, white space, rare characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlowTokenizer:
    """What the files of a slow tokenizer say, besides the sentencepiece model."""

    added: dict[int, AddedToken]
    declared_special: frozenset[str]
    """Named special tokens: bos, eos, unk, pad and the additional ones; not every added token is one."""
    bos_token: str | None
    """The token in front of every text, None when there is none."""
    legacy: bool
    opening: str
    """The added token that every conversation begins with."""


def build_tokenizer(path: Path, slow: SlowTokenizer) -> Tokenizer:
    """The fast tokenizer for the sentencepiece model at `path`.

    Raises TrainerError("bad_model") when the file is not a BPE model or the result differs from sentencepiece.
    """
    proto = _read(path)
    prefix = slow.legacy and proto.normalizer_spec.add_dummy_prefix
    vocab, merges = _vocabulary(proto, slow.added)
    tokenizer = Tokenizer(
        models.BPE(
            vocab=vocab,
            merges=merges,
            unk_token=proto.trainer_spec.unk_piece,
            fuse_unk=True,
            byte_fallback=proto.trainer_spec.byte_fallback,
        )
    )
    spaces = normalizers.Replace(" ", _SPACE)
    charsmap = proto.normalizer_spec.precompiled_charsmap
    steps: list[Any] = [normalizers.Precompiled(charsmap)] if charsmap else []
    steps += [normalizers.Prepend(_SPACE), spaces] if prefix else [spaces]
    tokenizer.normalizer = normalizers.Sequence(steps)  # pyright: ignore[reportAttributeAccessIssue]
    backwards: list[Any] = [decoders.Replace(_SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
    backwards += [decoders.Strip(" ", 1, 0)] if prefix else []
    tokenizer.decoder = decoders.Sequence(backwards)  # pyright: ignore[reportAttributeAccessIssue]
    # Sentencepiece finds these as a whole wherever they stand. One that an added token renames has no name any more.
    for number, piece in enumerate(proto.pieces):
        if piece.type == _USER_DEFINED and number not in slow.added:
            tokenizer.add_tokens([AddedToken(piece.piece, normalized=False)])
    for _, token in sorted(slow.added.items()):
        tokenizer.add_tokens([token])
    unlisted = slow.declared_special.difference(token.content for token in slow.added.values())
    declared = [token for token in sorted(unlisted) if tokenizer.token_to_id(token) is not None]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in declared])
    _compare(path, tokenizer, proto, prefix=prefix)
    front = [] if slow.bos_token is None else [slow.bos_token]
    if not slow.legacy and slow.opening not in slow.declared_special:
        front.append(_SPACE)
    if front:
        tokenizer.post_processor = _template(tokenizer, front)  # pyright: ignore[reportAttributeAccessIssue]
    return tokenizer


def _read(path: Path) -> Any:
    proto = _new_proto()
    try:
        proto.ParseFromString(path.read_bytes())
    except Exception as error:  # protobuf's error class moves between its versions
        raise TrainerError("bad_model", f"{path} cannot be read: {error}.", "Copy it again from the base.") from error
    if proto.trainer_spec.model_type != _BPE:
        raise TrainerError(
            "bad_model",
            f"{path} is not a byte-pair model, which every supported checkpoint has.",
            "Use the tokenizer files that belong to the checkpoint.",
        )
    return proto


def _new_proto() -> Any:
    # Imported only here: checkpoints without a sentencepiece model need neither package.
    try:
        importlib.import_module("sentencepiece")
        return _proto_module().ModelProto()
    except ImportError as error:
        raise TrainerError(
            "bad_model",
            f"A tokenizer.model can only be read with sentencepiece and protobuf: {error}.",
            "Install both, or add a tokenizer.json to a checkpoint in the transformers layout.",
        ) from error


def _proto_module() -> Any:
    try:
        return importlib.import_module("sentencepiece.sentencepiece_model_pb2")
    except Exception:  # protobuf refuses what was generated for a later version of it, with an error class of its own
        return importlib.import_module("transformers.utils.sentencepiece_model_pb2_new")


def _vocabulary(proto: Any, added: dict[int, AddedToken]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    # Only normal pieces take part in merging; the others are found as a whole or stand for single bytes.
    normal = {piece.piece: number for number, piece in enumerate(proto.pieces) if piece.type == _NORMAL}
    scores = {piece.piece: piece.score for piece in proto.pieces if piece.type == _NORMAL}
    merges = generate_merges(normal, scores)
    pieces = {number: piece.piece for number, piece in enumerate(proto.pieces)}
    pieces |= {number: token.content for number, token in added.items()}
    return {content: number for number, content in pieces.items()}, merges


def _template(tokenizer: Tokenizer, front: list[str]) -> processors.TemplateProcessing:
    ids = [(token, tokenizer.token_to_id(token)) for token in front]
    return processors.TemplateProcessing(single=[*front, "$A"], pair=[*front, "$A", "$B"], special_tokens=ids)


def _compare(path: Path, tokenizer: Tokenizer, proto: Any, *, prefix: bool) -> None:
    # Non-legacy classes switch the dummy space off in the model and write it themselves.
    proto.normalizer_spec.add_dummy_prefix = prefix
    import sentencepiece

    slow = sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())
    different = next((text for text in PROBES if _ids(tokenizer, text) != slow.encode(text)), None)
    if different is not None:
        raise TrainerError(
            "bad_model",
            f"{path} cannot be rebuilt exactly: {different!r} gets other ids than from sentencepiece.",
            "Add a tokenizer.json made by the publisher of the checkpoint.",
        )


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False).ids
