"""How sure a model is of each box it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refbox_trainer.answers.parse import Answer


def token_ends(ids: Sequence[int], decode: Callable[[Sequence[int]], str]) -> list[int]:
    """Where each token's text ends in the answer, in characters.

    Tokens may hold a part of a character, so that only the text of all tokens so far tells.
    """
    return [len(decode(ids[: place + 1])) for place in range(len(ids))]


def box_scores(text: str, answer: Answer, ends: Sequence[int], probabilities: Sequence[float]) -> list[float]:
    """The score of each of `answer.boxes`: the mean probability of the tokens that write its digits, 0 to 1.

    score = (1 / n) * sum(p_t) over the n tokens t whose text touches a digit between the brackets of the box, where p_t
    is the softmax of the logits at the token that was taken. The studio computes the same (box-scores.ts).
    """
    scores: list[float] = []
    starts = [0, *ends[:-1]]
    for first, behind in answer.spans:
        found = [
            probability
            for start, end, probability in zip(starts, ends, probabilities, strict=True)
            if any(character.isdigit() for character in text[max(start, first) : min(end, behind)])
        ]
        scores.append(sum(found) / len(found) if found else 0.0)
    return scores
