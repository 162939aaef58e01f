"""Several processes learn exactly what one learns, and stop, fail and resume as one."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from refbox_trainer.model.weights import read_tensors
from refbox_trainer.training.checkpoint import checkpoint_folder
from tests.processes import (
    events_of,
    losses_of,
    start_command,
    train_here,
    train_in_processes,
    valid_events,
    wait_for,
)
from tests.tiny_data import run_config

_EVERYTHING_MOVES = {"vision": False, "projector": False, "language": False}


def _same(first: dict[int, tuple[float, float]], second: dict[int, tuple[float, float]]) -> bool:
    assert first.keys() == second.keys()
    return all(second[step] == pytest.approx(pair, rel=1e-6, abs=1e-6) for step, pair in first.items())


@pytest.mark.parametrize(
    ("sections", "weights"),
    [
        ({"sequence": {"packing": True, "max_packed_tokens": 1400}}, "adapter_model.safetensors"),
        (
            {"method": {"kind": "full"}, "freeze": _EVERYTHING_MOVES, "train": {"gradient_checkpointing": True}},
            "trainable.safetensors",
        ),
    ],
    ids=["LoRA in replicas, packed", "full and sharded"],
)
def test_a_run_goes_from_two_processes_to_one_and_back_without_a_trace(
    tiny_base: Path, train_meta: Path, tmp_path: Path, sections: dict[str, Any], weights: str
) -> None:
    # Ten samples in batches of four: the third step is a short one, in which one process has nothing to do.
    config = run_config(tiny_base, train_meta, None, **sections)
    whole = train_here(tmp_path / "one", config)
    parts = tmp_path / "parts"
    assert train_in_processes(parts, config, 2, stop_after=1) == [0, 0]
    train_here(parts, config, resume=True, stop_after=2)
    assert train_in_processes(parts, config, 2, resume=True) == [0, 0]
    events = valid_events(parts)
    assert events[-1]["status"] == "succeeded"
    assert _same(whole.losses(), losses_of(events))
    learnt = [read_tensors(checkpoint_folder(folder, 4) / weights) for folder in (tmp_path / "one", parts)]
    assert learnt[0].keys() == learnt[1].keys()
    for name, tensor in learnt[0].items():
        assert torch.allclose(learnt[1][name], tensor, rtol=1e-4, atol=1e-5), name


def test_two_processes_share_an_evaluation(tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path) -> None:
    config = run_config(tiny_base, train_meta, eval_meta, train={"max_steps": 1}, evaluate={"examples": 3})
    one = train_here(tmp_path / "one", config)
    assert train_in_processes(tmp_path / "two", config, 2) == [0, 0]
    events = events_of(tmp_path / "two")
    (alone,), (shared,) = one.of("eval"), [event for event in events if event["type"] == "eval"]
    assert shared["loss"] == pytest.approx(alone["loss"], rel=1e-6)
    assert shared["metrics"] == alone["metrics"]
    asked = [(event["index"], event["expression"]) for event in one.of("example")]
    assert [(event["index"], event["expression"]) for event in events if event["type"] == "example"] == asked
    assert len(asked) == 3


def _two_at_work(base: Path, meta: Path, out: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """The command of a long run whose two processes have done a step, and these processes."""
    config = run_config(base, meta, None, train={"max_steps": 500}, parallel={"processes": 2})
    command = start_command(out, config)
    wait_for(command, out, lambda events: any(event["type"] == "step" for event in events))
    return command, psutil.Process(command.pid).children()


def test_one_command_starts_all_processes_and_hands_a_stop_to_each(
    tiny_base: Path, train_meta: Path, tmp_path: Path
) -> None:
    process, workers = _two_at_work(tiny_base, train_meta, tmp_path)
    assert len(workers) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert not any(worker.is_running() for worker in workers)
    events = valid_events(tmp_path)
    assert (events[-1]["type"], events[-1]["status"]) == ("done", "stopped")
    assert checkpoint_folder(tmp_path, events[-1]["step"]).is_dir()


def test_a_process_that_is_killed_ends_the_whole_run_with_a_reason(
    tiny_base: Path, train_meta: Path, tmp_path: Path
) -> None:
    process, workers = _two_at_work(tiny_base, train_meta, tmp_path)
    workers[1].kill()
    assert process.wait(60) == 1
    assert not any(worker.is_running() for worker in workers)
    assert valid_events(tmp_path)[-1]["type"] == "error"


def test_processes_do_not_outlive_the_command_that_started_them(
    tiny_base: Path, train_meta: Path, tmp_path: Path
) -> None:
    process, workers = _two_at_work(tiny_base, train_meta, tmp_path)
    process.kill()
    process.wait(60)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive


@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_memory_that_ends_in_one_process_ends_all_with_its_exit_code(
    tiny_base: Path, large_meta: Path, tmp_path: Path, strategy: str
) -> None:
    # Attention that keeps all of its scores: not even one picture fits into less than 40 MiB. Threads that prepare
    # pictures are left out, because their stacks would not fit either.
    config = run_config(
        tiny_base,
        large_meta,
        None,
        method={"kind": "full"},
        train={"batch_size": 2, "micro_batch_size": 1, "attention": "eager", "loader_workers": 0},
        sequence={"max_length": 8192, "max_dynamic_patch": 40},
        parallel={"strategy": strategy},
    )
    assert train_in_processes(tmp_path, config, 2, memory={1: 4 << 20}) == [3, 3]
    events = valid_events(tmp_path)
    assert (events[-1]["type"], events[-1]["code"]) == ("error", "out_of_memory")
    given_up = [event["key"] for event in events if event["type"] == "adjustment"]
    # A sharded model cannot go back: its processes are in the middle of a layer together.
    assert bool(given_up) == (strategy == "ddp")
