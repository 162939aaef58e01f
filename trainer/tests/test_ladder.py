"""A run that does not fit gives up one thing after the other, and repeats the step that failed.

Memory really ends here: the process may not write to more of it, and the allocator of PyTorch fails as on a machine
that has no more. An exception raised by hand would not show that the failed step leaves its memory behind.
The limits lie far from what the compared settings need, so that what an allocator kept or lost decides nothing.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refbox_trainer.checks.problems import Problems
from refbox_trainer.config import RunConfig
from refbox_trainer.strict_reader import read_dataclass
from refbox_trainer.training.checkpoint import checkpoint_folder, read_state
from refbox_trainer.training.ladder import Fit, fit_of, next_rung, smaller_of
from tests.processes import losses_of, train_here, train_in_processes, valid_events
from tests.tiny_data import run_config

_LARGE_PICTURES = {"max_length": 8192, "max_dynamic_patch": 40}


def _config(**sections: Any) -> RunConfig:
    config = read_dataclass(RunConfig, run_config(Path("base"), Path("meta"), **sections), "", Problems())
    assert config is not None
    return config


def _walk(config: RunConfig, longest: int = 900) -> list[tuple[str, int | bool, int | bool]]:
    fit, walked = fit_of(config), []
    while (rung := next_rung(fit, config, longest)) is not None:
        walked.append((rung.key, rung.before, rung.after))
        fit = rung.fit
    return walked


def test_forwards_shrink_by_divisors_of_the_batch_then_activations_are_computed_again() -> None:
    config = _config(train={"batch_size": 12, "micro_batch_size": 12})
    assert _walk(config) == [
        ("train.micro_batch_size", 12, 6),
        ("train.micro_batch_size", 6, 3),
        ("train.micro_batch_size", 3, 1),
        ("train.gradient_checkpointing", False, True),
    ]


def test_packed_sequences_shrink_to_the_longest_sample() -> None:
    config = _config(sequence={"packing": True, "max_packed_tokens": 4000}, train={"gradient_checkpointing": True})
    assert _walk(config) == [
        ("sequence.max_packed_tokens", 4000, 2000),
        ("sequence.max_packed_tokens", 2000, 1000),
        ("sequence.max_packed_tokens", 1000, 900),
    ]


def test_pictures_are_cut_into_fewer_tiles_only_when_that_is_allowed() -> None:
    sections = {"sequence": {"max_dynamic_patch": 12, "min_dynamic_patch": 2}}
    forbidden = _config(**sections)
    allowed = _config(**sections, train={"allow_fewer_tiles": True})
    tiles = [("sequence.max_dynamic_patch", 12, 6), ("sequence.max_dynamic_patch", 6, 3)]
    assert _walk(allowed)[: len(_walk(forbidden))] == _walk(forbidden)
    assert _walk(allowed)[len(_walk(forbidden)) :] == [*tiles, ("sequence.max_dynamic_patch", 3, 2)]


def test_every_process_gets_samples_of_a_small_batch() -> None:
    config = _config(train={"batch_size": 16, "micro_batch_size": 4})
    assert [fit_of(config, processes).micro_batch_size for processes in (1, 4, 8, 16)] == [4, 4, 2, 1]


def test_a_resumed_run_keeps_what_takes_less_memory() -> None:
    fit = Fit(micro_batch_size=4, max_packed_tokens=None, gradient_checkpointing=False, max_dynamic_patch=6)
    adjusted = replace(fit, micro_batch_size=2, gradient_checkpointing=True)
    assert smaller_of(fit, adjusted.as_json()) == adjusted
    assert smaller_of(replace(fit, micro_batch_size=1), adjusted.as_json()) == replace(adjusted, micro_batch_size=1)
    assert smaller_of(fit, None) == fit


def test_a_step_that_ran_out_of_memory_is_repeated_with_the_same_samples(
    tiny_base: Path, large_meta: Path, tmp_path: Path
) -> None:
    # Ten samples in batches of eight: the second step has two samples and fits, the third has eight and does not.
    # Forwards of eight take more than 140 MiB, those of one 40.
    config = run_config(
        tiny_base,
        large_meta,
        None,
        method={"kind": "full"},
        freeze={"vision": False, "projector": False, "language": False},
        sequence=_LARGE_PICTURES,
        train={"batch_size": 8, "micro_batch_size": 8},
    )
    plenty = train_here(tmp_path / "plenty", config)
    short = tmp_path / "short"
    assert train_in_processes(short, config, 1, memory={0: 90 << 20}, stop_after=3) == [0]
    first = valid_events(short)
    given_up = [(event["key"], event["from"], event["to"]) for event in first if event["type"] == "adjustment"]
    assert {key for key, _, _ in given_up} == {"train.micro_batch_size"}
    assert given_up[0] == ("train.micro_batch_size", 8, 4)
    assert {event["step"] for event in first if event["type"] == "adjustment"} == {3}
    # The rest of the run has memory again, and stays as it was adjusted.
    rest = train_here(short, config, resume=True)
    assert rest.of("adjustment") == []
    together = losses_of(first) | rest.losses()
    assert together.keys() == plenty.losses().keys()
    for step, (loss, norm) in plenty.losses().items():
        assert together[step] == (pytest.approx(loss, rel=1e-6), pytest.approx(norm, rel=1e-5)), step
    assert read_state(checkpoint_folder(short, 4))["fit"]["micro_batch_size"] == given_up[-1][2]


def test_fewer_tiles_give_the_samples_of_a_run_that_began_with_them(
    tiny_base: Path, large_meta: Path, tmp_path: Path
) -> None:
    # Attention that keeps all of its scores, so that the number of tiles is what decides: a step takes about 50 MiB
    # with 33 of them, 30 with 9.
    train = {"micro_batch_size": 1, "gradient_checkpointing": True, "attention": "eager", "loader_workers": 0}
    config = run_config(
        tiny_base,
        large_meta,
        None,
        method={"kind": "full"},
        freeze={"vision": False, "projector": False, "language": False},
        sequence=_LARGE_PICTURES,
        # Nothing is learnt, so that the second step tells about its samples alone.
        train={**train, "max_steps": 2, "allow_fewer_tiles": True, "learning_rate": 1e-30},
    )
    assert train_in_processes(tmp_path / "short", config, 1, memory={0: 38 << 20}) == [0]
    events = valid_events(tmp_path / "short")
    tiles = [event["to"] for event in events if event["type"] == "adjustment"]
    assert tiles[:1] == [20]
    config["sequence"]["max_dynamic_patch"] = tiles[-1]
    small = train_here(tmp_path / "small", config)
    assert losses_of(events)[2][0] == pytest.approx(small.losses()[2][0], rel=1e-6)
