"""Questions in a new order every epoch: the same questions, the same answers, the picture still in front."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from refbox_trainer.checks.problems import Problems
from refbox_trainer.data.mix import encode_mix, read_mix
from refbox_trainer.data.question_order import QuestionOrder, in_another_order
from refbox_trainer.data.records import Record
from refbox_trainer.data.samples import Sample, SampleEncoder, Tiling
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.model.template import Turn
from tests.processes import train_here
from tests.tiny import tiny_model
from tests.tiny_data import run_config, write_dataset

_ASK = "Please provide the bounding box coordinate of the region this sentence describes: <ref>{}</ref>"
_NAMES = ("process", "decision", "arrow", "data", "terminator")


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return tiny_model()[0]


def _record(*turns: Turn, pictures: int = 1) -> Record:
    names = tuple(f"{number}.png" for number in range(pictures))
    return Record(
        dataset="d",
        index=0,
        images=tuple(Path(name) for name in names),
        image_names=names,
        turns=turns,
        width=None,
        height=None,
        max_dynamic_patch=None,
        data_augment=False,
    )


def _rounds(*questions: str) -> list[Turn]:
    return [
        turn
        for number, question in enumerate(questions)
        for turn in (Turn("human", question), Turn("gpt", f"answer {number}"))
    ]


def _asked(*, opening: str = "<image>\n", system: bool = False, pictures: int = 1) -> Record:
    first, *rest = (_ASK.format(name) for name in _NAMES)
    before = [Turn("system", "Be exact.")] if system else []
    return _record(*before, *_rounds(opening + first, *rest), pictures=pictures)


@pytest.mark.parametrize(
    ("opening", "system", "pictures"),
    [("<image>\n", False, 1), ("<image>\n<image>\n", False, 2), ("<image>\n", True, 1), ("", False, 0)],
    ids=["one picture", "two pictures", "system turn", "no picture"],
)
def test_every_question_keeps_its_answer_and_pictures_stay_in_front(opening: str, system: bool, pictures: int) -> None:
    record = _asked(opening=opening, system=system, pictures=pictures)
    seen: set[str] = set()
    for seed in range(40):
        other = in_another_order(record, random.Random(seed))
        assert sorted(other.questions) == sorted(record.questions)
        dialogue = other.turns[1:] if system else other.turns
        assert dialogue[0].text.startswith(opening)
        assert sum(turn.text.count("<image>") for turn in other.turns) == pictures
        assert other.turns[0].role == ("system" if system else "human")
        seen.add(other.questions[0][0])
    assert seen == {_ASK.format(name) for name in _NAMES}


@pytest.mark.parametrize(
    "turns",
    [
        _rounds("<image>\nWhat is this?", "And what stands beside it?"),
        _rounds("<image>\n" + _ASK.format("cup"), "Is it <ref>red</ref>?", "Why?"),
        _rounds("<image>\n" + _ASK.format("cup")),
        _rounds("<image>\n" + _ASK.format("cup"), "<image>\n" + _ASK.format("plate")),
    ],
    ids=["a chat", "one question that leans on others", "a single question", "a picture later on"],
)
def test_a_conversation_that_may_hang_together_stays_as_written(turns: list[Turn]) -> None:
    record = _record(*turns)
    assert all(in_another_order(record, random.Random(seed)) is record for seed in range(20))


def _samples(loaded: LoadedModel, folder: Path, max_length: int = 2048) -> tuple[list[Sample], SampleEncoder]:
    tiling = Tiling(min_dynamic_patch=1, max_dynamic_patch=4, use_thumbnail=True)
    encoder = SampleEncoder(loaded.tokenizer, loaded.spec, loaded.tokens, tiling, max_length)
    return encode_mix(read_mix(write_dataset(folder, 6), loaded.spec.template, Problems()), encoder), encoder


def test_an_epoch_has_one_order_and_the_next_another(loaded: LoadedModel, tmp_path: Path) -> None:
    samples, encoder = _samples(loaded, tmp_path)

    def rendered(seed: int, epoch: int) -> list[str]:
        order = QuestionOrder(encoder, seed)
        return [order.in_epoch(sample, position, epoch).rendered for position, sample in enumerate(samples)]

    assert rendered(1, 0) == rendered(1, 0)
    assert len({tuple(rendered(seed, epoch)) for seed in (1, 2) for epoch in range(3)}) == 6


def test_another_order_needs_the_same_numbers_of_tokens(loaded: LoadedModel, tmp_path: Path) -> None:
    samples, encoder = _samples(loaded, tmp_path)
    order = QuestionOrder(encoder, 5)
    for position, sample in enumerate(samples):
        other = order.in_epoch(sample, position, 1)
        assert (other.tokens, other.supervised, other.tiles) == (sample.tokens, sample.supervised, sample.tiles)
        assert sorted(other.input_ids) == sorted(sample.input_ids)


def test_a_sample_that_is_cut_keeps_the_questions_that_it_has(loaded: LoadedModel, tmp_path: Path) -> None:
    whole, _ = _samples(loaded, tmp_path / "whole")
    shortest = min(sample.tokens for sample in whole)
    samples, encoder = _samples(loaded, tmp_path / "cut", max_length=shortest - 1)
    order = QuestionOrder(encoder, 5)
    cut = [(position, sample) for position, sample in enumerate(samples) if sample.outcome == "truncated"]
    assert cut
    assert all(order.in_epoch(sample, position, epoch) is sample for position, sample in cut for epoch in range(5))


def test_a_run_says_in_its_config_whether_the_order_changes(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    def losses(name: str, **train: Any) -> dict[int, tuple[float, float]]:
        return train_here(tmp_path / name, run_config(tiny_base, train_meta, None, train=train)).losses()

    assert losses("default") == losses("shuffled", question_order="shuffled")
    assert losses("written", question_order="as_written") != losses("other", question_order="shuffled")
