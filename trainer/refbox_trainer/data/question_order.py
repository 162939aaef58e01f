"""Questions about one picture in another order every epoch, as far as each stands on its own.

A conversation that asks for every class of a picture gives away, by its earlier answers, what the later questions can
no longer mean; asked alone, as it will be, the model then has nothing to go by. On 192 flowcharts with five classes, in
the order in which the exporter writes them, the first box was right for 0.49 of the shapes of the held-out pictures;
in a new order every epoch, for 0.89 of them, everything else alike.
"""

from __future__ import annotations

import random
from dataclasses import replace

from refbox_trainer.data.grounding import asked_expression
from refbox_trainer.data.records import IMAGE, Record
from refbox_trainer.data.samples import Sample, SampleEncoder
from refbox_trainer.model.template import Turn


def in_another_order(record: Record, rng: random.Random) -> Record:
    """The record with its questions shuffled; itself where they may refer to each other.

    Questions that name their expression between `<ref>` and `</ref>` stand on their own. Pictures stay in front of the
    first question, wherever it comes from.
    """
    first = 1 if record.turns[0].role == "system" else 0
    rounds = list(zip(record.turns[first::2], record.turns[first + 1 :: 2], strict=True))
    if len(rounds) < 2 or any(asked_expression(question.text) is None for question, _ in rounds):
        return record
    pictures, opening = _without_pictures(rounds[0][0].text)
    if any(IMAGE in text for text in (opening, *(question.text for question, _ in rounds[1:]))):
        return record
    rounds[0] = (Turn("human", opening), rounds[0][1])
    rng.shuffle(rounds)
    rounds[0] = (Turn("human", pictures + rounds[0][0].text), rounds[0][1])
    return replace(record, turns=(*record.turns[:first], *(turn for pair in rounds for turn in pair)))


class QuestionOrder:
    """What a sample of one run looks like in each epoch. A pure function of seed, epoch and position."""

    def __init__(self, encoder: SampleEncoder, seed: int) -> None:
        self._encoder = encoder
        self._seed = seed

    def in_epoch(self, sample: Sample, position: int, epoch: int) -> Sample:
        """The sample with its questions in the order of this epoch.

        It stays as written where it is cut at the maximum length, so that the same questions are learnt in every
        epoch, and in the unlikely case that another order needs another number of tokens: plans of steps and packs
        count on it.
        """
        if sample.outcome != "used":
            return sample
        record = in_another_order(sample.record, random.Random(f"questions/{self._seed}/{epoch}/{position}"))
        if record is sample.record:
            return sample
        again = self._encoder.encode(record, sample.grids)
        return again if (again.tokens, again.supervised) == (sample.tokens, sample.supervised) else sample


def _without_pictures(text: str) -> tuple[str, str]:
    """The placeholders that a question begins with, with the white space behind them, and the rest."""
    rest = text
    while rest.startswith(IMAGE):
        rest = rest.removeprefix(IMAGE).lstrip()
    return text[: len(text) - len(rest)], rest
