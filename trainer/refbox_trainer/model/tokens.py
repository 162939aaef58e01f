"""The nine special tokens of InternVL and how their ids are found.

Ids differ from family to family and even between releases of one family, so they are never written down here:
they are looked up in the tokenizer that lies beside the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from refbox_trainer.errors import TrainerError

IMG_START: Final = "<img>"
IMG_END: Final = "</img>"
IMAGE_CONTEXT: Final = "<IMG_CONTEXT>"
REF_START: Final = "<ref>"
REF_END: Final = "</ref>"
BOX_START: Final = "<box>"
BOX_END: Final = "</box>"

NINE_TOKENS: Final = (IMG_START, IMG_END, IMAGE_CONTEXT, "<quad>", "</quad>", REF_START, REF_END, BOX_START, BOX_END)
"""In the order in which the original training code adds them, which fixes their ids in every released tokenizer."""

CHATML_TOKENS: Final = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
"""What the Qwen2 vocabulary has in front of the nine, in this order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenIds:
    """Ids that the trainer needs by name."""

    img_start: int
    img_end: int
    image_context: int
    ref_start: int
    ref_end: int
    box_start: int
    box_end: int
    end_of_turn: int
    """The token that closes an answer and stops generation (`<|im_end|>` for ChatML)."""


def resolve_token_ids(tokenizer: Any, end_of_turn: str) -> TokenIds:
    """Look the special tokens up in `tokenizer`.

    Raises TrainerError("bad_model") naming every token that is missing or that is not one single token.
    """
    wanted = [IMG_START, IMG_END, IMAGE_CONTEXT, REF_START, REF_END, BOX_START, BOX_END, end_of_turn]
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    missing = [token for token in wanted if token not in vocabulary]
    if missing:
        raise TrainerError(
            "bad_model",
            f"The tokenizer has no token {', '.join(missing)}.",
            "Use the tokenizer files that belong to an InternVL2 checkpoint.",
        )
    split = [token for token in wanted if tokenizer.encode(token, add_special_tokens=False) != [vocabulary[token]]]
    if split:
        raise TrainerError(
            "bad_model",
            f"The tokenizer breaks {', '.join(split)} into pieces instead of keeping it as one token.",
            "Declare these tokens as special added tokens in tokenizer.json.",
        )
    ids = [vocabulary[token] for token in wanted]
    return TokenIds(
        img_start=ids[0],
        img_end=ids[1],
        image_context=ids[2],
        ref_start=ids[3],
        ref_end=ids[4],
        box_start=ids[5],
        box_end=ids[6],
        end_of_turn=ids[7],
    )
