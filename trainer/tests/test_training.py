"""Whole runs with the real entry points: resume, stop, kill, full disk, divergence, artefacts."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from PIL import Image

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.forward import weighted_loss
from refbox_trainer.model.load import load_model
from refbox_trainer.training.checkpoint import checkpoint_folder, list_checkpoints, newest_intact, read_state
from tests.processes import start_command, still_runs, train_here, valid_events, wait_for
from tests.tiny_data import run_config, write_dataset


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {
            "method": {"kind": "full"},
            "freeze": {"vision": False, "projector": False, "language": False},
            "train": {"precision": "bfloat16", "max_steps": 4},
        },
        {"freeze": {"projector": False}, "train": {"gradient_checkpointing": True, "max_steps": 4}},
        {
            "method": {"kind": "lora", "rank": 4, "alpha": 8, "dropout": 0.1, "targets": ["language", "vision"]},
            "sequence": {"packing": True, "max_packed_tokens": 1400},
            "train": {"loader_workers": 3, "loss_weighting": "square", "max_steps": 4},
        },
    ],
    ids=["lora", "full in bfloat16", "lora with projector", "packed, with workers and dropout"],
)
def test_a_resumed_run_repeats_every_loss_to_the_last_digit(
    tiny_base: Path, train_meta: Path, tmp_path: Path, sections: dict[str, Any]
) -> None:
    # Ten samples in batches of four: step 3 is a short one and step 4 begins the second epoch.
    config = run_config(tiny_base, train_meta, None, **{"train": {"max_steps": 4}, **sections})
    whole = train_here(tmp_path / "whole", config)
    first = train_here(tmp_path / "parts", config, stop_after=1)
    assert first.of("done")[0] == {"type": "done", "status": "stopped", "step": 1}
    second = train_here(tmp_path / "parts", config, resume=True, stop_after=3)
    third = train_here(tmp_path / "parts", config, resume=True)
    assert third.of("done")[0]["status"] == "succeeded"
    together = first.losses() | second.losses() | third.losses()
    assert together == whole.losses()
    assert sorted(together) == [1, 2, 3, 4]
    valid_events(tmp_path / "parts")


def test_training_lowers_the_loss_and_leaves_every_artefact(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path
) -> None:
    config = run_config(
        tiny_base,
        train_meta,
        eval_meta,
        train={"max_steps": 8, "learning_rate": 1e-2},
        evaluate={"every_steps": 4},
        artefacts=["merged", "adapter"],
        checkpoint={"every_steps": 3, "keep": 2},
    )
    run = train_here(tmp_path, config)
    events = valid_events(tmp_path)
    losses = [loss for loss, _ in run.losses().values()]
    assert losses[-1] < losses[0] - 0.5
    assert [event["step"] for event in run.of("eval")] == [4, 8]
    assert all(event["metrics"]["parse_failure_rate"] <= 1 for event in run.of("eval"))
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-000006", "step-000008"]
    assert [event["name"] for event in run.of("artefact")] == ["adapter", "merged"]
    for event in run.of("artefact"):
        for entry in event["files"]:
            assert (tmp_path / event["path"] / entry["file"]).stat().st_size == entry["bytes"]
    parity = run.of("artefact")[1]["parity"]
    assert parity["passed"]
    assert parity["max_logit_gap"] < 1e-4
    assert events[-1]["type"] == "done"
    assert load_model(tmp_path / "artefacts" / "merged").spec.max_dynamic_patch == 2


def test_full_training_changes_the_moving_parts_only(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    config = run_config(
        tiny_base, train_meta, None, method={"kind": "full"}, train={"max_steps": 2}, artefacts=["merged"]
    )
    train_here(tmp_path, config)
    before = load_model(tiny_base).model.state_dict()
    after = load_model(tmp_path / "artefacts" / "merged").model.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(name.startswith(("model.language_model.", "lm_head.")) for name in changed)


def test_cached_visual_features_give_the_losses_of_fresh_ones(
    tiny_base: Path, train_meta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 3})
    cached = train_here(tmp_path / "cached", config).losses()
    monkeypatch.setattr("refbox_trainer.training.prepare.trains_vision", lambda trainable: True)
    fresh = train_here(tmp_path / "fresh", config).losses()
    for step, (loss, norm) in cached.items():
        assert loss == pytest.approx(fresh[step][0], abs=1e-5)
        assert norm == pytest.approx(fresh[step][1], rel=1e-3)


def test_a_terminated_process_saves_and_goes_on_where_it_stopped(
    tiny_base: Path, train_meta: Path, tmp_path: Path
) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 6}, checkpoint={"every_steps": 100})
    process = start_command(tmp_path / "parts", config)
    wait_for(process, tmp_path / "parts", lambda events: any(event["type"] == "step" for event in events))
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    events = valid_events(tmp_path / "parts")
    stopped = events[-1]
    assert (stopped["type"], stopped["status"]) == ("done", "stopped")
    assert events[-3]["type"] == "checkpoint"
    assert events[-3]["step"] == stopped["step"]
    rest = train_here(tmp_path / "parts", config, resume=True)
    whole = train_here(tmp_path / "whole", config)
    done = {event["step"]: (event["loss"], event["grad_norm"]) for event in events if event["type"] == "step"}
    assert done | rest.losses() == whole.losses()


def test_a_killed_process_leaves_only_whole_checkpoints(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 60}, checkpoint={"every_steps": 1, "keep": 3})
    process = start_command(tmp_path, config)
    # Killed while the next checkpoint is being written: its temporary folder is there.
    checkpoints = tmp_path / "checkpoints"
    deadline = time.monotonic() + 120
    while not (list_checkpoints(tmp_path) and list(checkpoints.glob(".*.writing"))):
        assert time.monotonic() < deadline, "the run made no progress"
        still_runs(process, 0.005)
    process.kill()
    assert process.wait(60) == -signal.SIGKILL
    newest, damaged = newest_intact(tmp_path)
    assert damaged == []
    assert newest is not None
    step = int(newest.name.removeprefix("step-"))
    resumed = train_here(tmp_path, config, resume=True, stop_after=step + 2)
    assert sorted(resumed.losses()) == [step + 1, step + 2]
    assert not list(checkpoints.glob(".*"))


def test_a_full_disk_ends_the_run_and_spares_the_checkpoint_before(
    tiny_base: Path, train_meta: Path, tmp_path: Path
) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 4}, checkpoint={"every_steps": 2})
    train_here(tmp_path, config, stop_after=2)
    (before,) = list_checkpoints(tmp_path)
    largest = max(path.stat().st_size for path in before.iterdir())
    # The kernel refuses bytes beyond this size of a file, as a full disk does.
    limit = largest - 1000
    process = start_command(
        tmp_path, config, resume=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    _, message = process.communicate(timeout=120)
    assert process.returncode == 5, message
    error = valid_events(tmp_path)[-1]
    assert (error["type"], error["code"]) == ("error", "disk_full")
    assert "Free disk space" in error["what_to_do"]
    assert newest_intact(tmp_path) == (before, [])
    assert train_here(tmp_path, config, resume=True).of("done")[0]["status"] == "succeeded"


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_room_for_a_checkpoint_is_checked_before_it_is_begun(
    tiny_base: Path, train_meta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 4}, checkpoint={"every_steps": 2})
    train_here(tmp_path, config, stop_after=2)
    before = list_checkpoints(tmp_path)
    # A disk cannot be filled on a shared machine; what the system says about it is put in its place.
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(10**9, 10**9 - 1_000_000, 1_000_000))
    with pytest.raises(TrainerError, match="1 MB are free") as caught:
        train_here(tmp_path, config, resume=True)
    assert caught.value.exit_code == 5
    assert list_checkpoints(tmp_path) == before
    assert not list((tmp_path / "checkpoints").glob(".*"))


def test_a_damaged_checkpoint_is_passed_over(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 3}, checkpoint={"every_steps": 1, "keep": 2})
    whole = train_here(tmp_path, config)
    newest = list_checkpoints(tmp_path)[-1]
    with (newest / "optimizer.safetensors").open("r+b") as file:
        file.seek(-4, os.SEEK_END)
        file.write(b"\x01\x02\x03\x04")
    resumed = train_here(tmp_path, config, resume=True)
    assert [event["code"] for event in resumed.of("warning")][-1] == "damaged_checkpoint"
    assert resumed.losses() == {3: whole.losses()[3]}


def test_a_run_that_changed_is_not_resumed(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 2})
    train_here(tmp_path, config, stop_after=1)
    config["train"]["learning_rate"] = 5e-3
    with pytest.raises(TrainerError, match=r"train\.learning_rate"):
        train_here(tmp_path, config, resume=True)


def test_a_folder_with_checkpoints_is_not_started_over(tiny_base: Path, train_meta: Path, tmp_path: Path) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 1})
    train_here(tmp_path, config)
    with pytest.raises(TrainerError, match="--resume"):
        train_here(tmp_path, config)


def test_steps_without_a_number_are_skipped_until_there_are_too_many(
    tiny_base: Path, train_meta: Path, tmp_path: Path
) -> None:
    # The first update is so large that nothing after it gives a number.
    config = run_config(
        tiny_base,
        train_meta,
        None,
        train={"max_steps": 9, "learning_rate": 1e30, "max_bad_steps": 3},
        checkpoint={"every_steps": 1, "keep": 1},
    )
    with pytest.raises(TrainerError, match="3 step") as caught:
        train_here(tmp_path, config)
    assert (caught.value.code, caught.value.exit_code) == ("diverged", 4)
    events = valid_events(tmp_path)
    assert [event["step"] for event in events if event["type"] == "step"] == [1]
    skipped = [event["message"] for event in events if event["type"] == "warning" and event["code"] == "bad_step"]
    assert [words.split()[2] for words in skipped] == ["2", "3"]
    assert newest_intact(tmp_path) == (checkpoint_folder(tmp_path, 1), []), "no checkpoint is made of skipped steps"


def test_one_step_without_a_number_leaves_the_weights_alone(
    tiny_base: Path, train_meta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = run_config(tiny_base, train_meta, None, train={"max_steps": 3}, checkpoint={"every_steps": 1, "keep": 9})
    calls: list[int] = []

    def overflow_once(model: Any, batch: Any) -> torch.Tensor:
        calls.append(1)
        # Two micro-batches a step: the third call belongs to the second step.
        return weighted_loss(model, batch) * (float("inf") if len(calls) == 3 else 1)

    monkeypatch.setattr("refbox_trainer.training.step.weighted_loss", overflow_once)
    run = train_here(tmp_path, config)
    assert list(run.losses()) == [1, 3]
    assert [event["code"] for event in run.of("warning") if event["code"] == "bad_step"] == ["bad_step"]
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-000001", "step-000003"]
    assert read_state(checkpoint_folder(tmp_path, 3))["bad_steps"] == 0


def test_samples_that_cannot_be_used_are_in_the_ledger(tiny_base: Path, tmp_path: Path) -> None:
    meta = write_dataset(tmp_path / "data", 6)
    content = (tmp_path / "data" / "scenes-0002.png").read_bytes()
    (tmp_path / "data" / "scenes-0002.png").write_bytes(content[: len(content) - 200])
    with Image.open(tmp_path / "data" / "scenes-0004.png") as image:
        image.resize((8, 3000)).save(tmp_path / "data" / "scenes-0004.png")
    config = run_config(
        tiny_base,
        meta,
        None,
        train={"max_steps": 2, "batch_size": 6, "micro_batch_size": 6},
        sequence={"max_length": 395, "max_dynamic_patch": 2},
    )
    run = train_here(tmp_path / "run", config)
    valid_events(tmp_path / "run")
    ledger = run.of("ledger")
    summary = next(event["summary"] for event in ledger if "summary" in event)
    assert sum(summary.values()) == 6
    assert summary["truncated"] > 0
    named = {(event["index"], event["outcome"]) for event in ledger if "index" in event}
    assert (2, "refused") in named, "the broken picture is named when it is met"
    assert all(event["reason"] for event in ledger if "index" in event)
    assert len(run.losses()) == 2


def test_repeated_and_augmented_recordstrain_here(tiny_base: Path, tmp_path: Path) -> None:
    meta = write_dataset(tmp_path / "data", 3, repeat_time=2, data_augment=True)
    config = run_config(tiny_base, meta, None, train={"max_steps": 2, "batch_size": 6, "micro_batch_size": 3})
    first = train_here(tmp_path / "one", config)
    again = train_here(tmp_path / "two", config)
    assert first.losses() == again.losses(), "the augmentation follows the seed"
    assert next(event["summary"] for event in first.of("ledger") if "summary" in event)["used"] == 6
