"""Runs for tests: in this process, in several processes that torchrun would start, and as a command."""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch

from refbox_trainer.__main__ import main
from refbox_trainer.events import EventLog
from refbox_trainer.training.run import run_training
from refbox_trainer.training.session import Session
from tests.tiny_data import write_run

_PATIENCE = 600.0
"""Seconds until a process counts as hung; a machine that does much else at the same time is slow, not broken."""

_TRAINER = Path(__file__).parent.parent
_M_MMAP_THRESHOLD = -3
_SCHEMA = json.loads((_TRAINER / "contracts" / "run-event.schema.json").read_text(encoding="utf-8"))

# Workers are forked from a process that has loaded the trainer once and computed nothing.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["refbox_trainer.training.run", "tests.processes"])


class Recorder:
    """Keeps the events of a run in this process, and can ask for a stop after a step."""

    def __init__(self, run: Path, stop_after: int | None = None) -> None:
        self._log = EventLog(run / "events.jsonl")
        self._stop_after = stop_after
        self.stop = False
        self.events: list[dict[str, Any]] = []

    def __call__(self, type: str, /, **fields: Any) -> None:
        self._log(type, **fields)
        self.events.append({"type": type, **fields})
        if type == "step" and fields["step"] == self._stop_after:
            self.stop = True

    def of(self, type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == type]

    def losses(self) -> dict[int, tuple[float, float]]:
        return losses_of(self.events)


def losses_of(events: list[dict[str, Any]]) -> dict[int, tuple[float, float]]:
    """Loss and gradient length by step."""
    return {event["step"]: (event["loss"], event["grad_norm"]) for event in events if event["type"] == "step"}


def train_here(
    folder: Path, config: dict[str, Any], *, resume: bool = False, stop_after: int | None = None
) -> Recorder:
    """A run, or a part of one, in this process."""
    run_json = write_run(folder, config)
    recorder = Recorder(folder, stop_after)
    run_training(run_json, folder, resume=resume, emit=recorder, should_stop=lambda: recorder.stop)
    return recorder


def train_in_processes(
    folder: Path,
    config: dict[str, Any],
    count: int,
    *,
    resume: bool = False,
    stop_after: int | None = None,
    memory: dict[int, int] | None = None,
) -> list[int]:
    """The same in `count` processes of one run; returns their exit codes.

    A stop is asked for in the first process only. `memory` says by rank how many bytes a process may take from the
    second step on, on top of what it holds then; by that time everything that lasts has been allocated.
    """
    run_json = write_run(folder, config)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workers = [
        _CONTEXT.Process(
            target=_work, args=(rank, count, port, run_json, folder, resume, stop_after, (memory or {}).get(rank))
        )
        for rank in range(count)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(_PATIENCE)
        if worker.is_alive():
            worker.kill()
    return [worker.exitcode if worker.exitcode is not None else -1 for worker in workers]


def start_worker(folder: Path, config: dict[str, Any], *, resume: bool = False) -> ForkServerProcess:
    """A run in a process of its own, without the seconds that loading the libraries takes."""
    run_json = write_run(folder, config)
    worker = _CONTEXT.Process(target=_work_alone, args=(run_json, folder, resume))
    worker.start()
    return worker


def start_command(
    folder: Path, config: dict[str, Any], *, resume: bool = False, **options: Any
) -> subprocess.Popen[str]:
    """`python -m refbox_trainer train` as a user starts it."""
    command = [sys.executable, "-m", "refbox_trainer", "train", str(write_run(folder, config)), "--out", str(folder)]
    return subprocess.Popen(
        [*command, "--resume"] if resume else command,
        cwd=_TRAINER,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def events_of(folder: Path) -> list[dict[str, Any]]:
    """All events so far; the last line of a running process may be half written."""
    path = folder / "events.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def valid_events(folder: Path) -> list[dict[str, Any]]:
    """All events, which have to be what the contract says and numbered without a gap."""
    events = events_of(folder)
    for event in events:
        jsonschema.validate(event, _SCHEMA)
    assert [event["seq"] for event in events] == list(range(len(events)))
    return events


def still_runs(process: subprocess.Popen[str], seconds: float) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(seconds)


def wait_for(process: subprocess.Popen[str], folder: Path, reached: Callable[[list[dict[str, Any]]], bool]) -> None:
    """Until the events of a running command say so."""
    deadline = time.monotonic() + 120
    while not reached(events_of(folder)):
        assert time.monotonic() < deadline, "the run made no progress"
        still_runs(process, 0.05)


def limit_memory(more: int) -> None:
    """Let this process write to at most `more` bytes of new memory from now on, as if the machine had no more.

    Private writable memory is what is counted. Address space as a whole would not do: the C library sets 64 MiB of it
    aside for each thread, and a process that is refused more lives in these.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _work_alone(run_json: Path, folder: Path, resume: bool) -> None:
    torch.set_num_threads(1)
    sys.exit(main(["train", str(run_json), "--out", str(folder), *(["--resume"] if resume else [])]))


def _work(
    rank: int,
    count: int,
    port: int,
    run_json: Path,
    folder: Path,
    resume: bool,
    stop_after: int | None,
    memory: int | None,
) -> None:
    os.environ |= {
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }
    torch.set_num_threads(1)
    if memory is not None:
        _limit_in_second_step(memory)
    if stop_after is None:
        sys.exit(main(["train", str(run_json), "--out", str(folder), *(["--resume"] if resume else [])]))
    recorder = Recorder(folder, stop_after) if rank == 0 else None
    emit = recorder or (lambda type, /, **fields: None)
    run_training(run_json, folder, resume=resume, emit=emit, should_stop=lambda: recorder is not None and recorder.stop)


def _limit_in_second_step(more: int) -> None:
    # Large blocks come from the system and go back to it, as on a GPU, instead of being kept for later.
    ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 128 << 10)
    from refbox_trainer.training import loop

    compute = loop.compute_gradients

    def compute_with_little(session: Session, step: int) -> Any:
        if step == 1:
            limit_memory(more)
        return compute(session, step)

    loop.compute_gradients = compute_with_little
