"""The best checkpoint is kept and used, and a run that gets no better ends."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from refbox_trainer.checks.config_check import read_run_config
from refbox_trainer.checks.problems import Problems
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.weights import read_tensors
from refbox_trainer.training.best import Best, best_of
from refbox_trainer.training.checkpoint import list_checkpoints, newest_intact, read_state
from tests.processes import train_here, valid_events
from tests.tiny_data import run_config, write_records, write_run


def test_a_lower_loss_and_a_higher_share_are_better_and_equal_is_not() -> None:
    best = Best().after(10, 2.0, "loss").after(20, 2.0, "loss").after(30, math.nan, "loss")
    assert (best.value, best.step, best.worse, best.evaluated_step) == (2.0, 10, 2, 30)
    assert best.after(40, 1.9, "loss").step == 40
    assert Best().after(10, 0.2, "f1").after(20, 0.1, "f1").step == 10
    assert Best().after(10, math.nan, "f1").after(20, 0.0, "f1").step == 20


def test_patience_counts_evaluations_in_a_row() -> None:
    best = Best().after(1, 1.0, "loss").after(2, 1.1, "loss")
    assert best.exhausted(1)
    assert not best.exhausted(2)
    assert not best.exhausted(None)
    assert best_of(best.as_json()) == best


def _never_better(base: Path, train_meta: Path, eval_meta: Path) -> dict[str, Any]:
    """A run that draws no box in two tokens: the first evaluation stays the best one."""
    return run_config(
        base,
        train_meta,
        eval_meta,
        train={"max_steps": 12},
        checkpoint={"every_steps": 2, "keep": 1, "keep_best": True},
        evaluate={"every_steps": 2, "max_new_tokens": 2, "metric": "mean_iou", "patience": 3, "examples": 2},
        artefacts=["adapter"],
    )


def test_a_run_that_gets_no_better_ends_and_leaves_its_best_adapter(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path
) -> None:
    run = train_here(tmp_path, _never_better(tiny_base, train_meta, eval_meta))
    valid_events(tmp_path)
    assert [event["step"] for event in run.of("eval")] == [2, 4, 6, 8]
    assert run.of("done")[0] == {"type": "done", "status": "succeeded", "step": 8}
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-000002", "step-000008"]
    kept, made = (
        read_tensors(folder / "adapter_model.safetensors")
        for folder in (list_checkpoints(tmp_path)[0], tmp_path / "artefacts" / "adapter")
    )
    assert all(torch.equal(kept[name], tensor) for name, tensor in made.items())
    last = read_tensors(list_checkpoints(tmp_path)[1] / "adapter_model.safetensors")
    assert any(not torch.equal(last[name], tensor) for name, tensor in made.items())
    shown = [event for event in run.of("example") if event["step"] == 2]
    assert len(shown) == 2
    assert all(len(box) == 4 for event in shown for box in event["truth"])


def test_what_was_best_survives_a_resume_also_between_checkpoint_and_evaluation(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path
) -> None:
    config = _never_better(tiny_base, train_meta, eval_meta)
    whole = train_here(tmp_path / "whole", config)
    # The stop comes with step 4: its checkpoint is written, its evaluation is dropped and made after the resume.
    first = train_here(tmp_path / "parts", config, stop_after=4)
    assert [event["step"] for event in first.of("eval")] == [2]
    second = train_here(tmp_path / "parts", config, resume=True, stop_after=5)
    third = train_here(tmp_path / "parts", config, resume=True)
    parts = [*first.of("eval"), *second.of("eval"), *third.of("eval")]
    assert parts == whole.of("eval")
    assert first.losses() | second.losses() | third.losses() == whole.losses()
    states = [read_state(newest_intact(tmp_path / name)[0] or tmp_path) for name in ("whole", "parts")]
    assert states[0]["best"] == states[1]["best"]


@pytest.mark.parametrize(
    ("sections", "where"),
    [
        ({"checkpoint": {"every_steps": 2, "keep": 1, "keep_best": True}}, "checkpoint.keep_best"),
        ({"evaluate": {"every_steps": 2, "patience": 2}}, "evaluate.patience"),
    ],
)
def test_best_needs_an_evaluation_set(tmp_path: Path, sections: dict[str, Any], where: str) -> None:
    problems = Problems()
    assert read_run_config(write_run(tmp_path, run_config(tmp_path, tmp_path, None, **sections)), problems) is None
    assert [problem.where for problem in problems.errors] == [where]


def test_a_metric_of_boxes_needs_records_that_ask_for_boxes(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    turns = [{"from": "human", "value": "Hello."}, {"from": "gpt", "value": "Good morning."}]
    meta = write_records(tmp_path / "talk", [{"id": 1, "conversations": turns}])
    config = run_config(tiny_base, train_meta, meta, evaluate={"metric": "f1", "every_steps": 2})
    with pytest.raises(TrainerError, match="no record of the evaluation set asks for boxes"):
        train_here(tmp_path / "run", config)
