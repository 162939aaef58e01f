"""kill -9 at random moments; bench/trainer_kill.py does the same fifty times with the real command."""

from __future__ import annotations

import random
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.kills import STEPS, busy_config, check_outcome, surviving_step
from tests.processes import events_of, start_worker, train_here

KILLS = 6


def test_a_run_that_is_killed_again_and_again_ends_like_one_that_never_was(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path
) -> None:
    config = busy_config(tiny_base, train_meta, eval_meta)
    whole = train_here(tmp_path / "whole", config).losses()
    rng = random.Random(3)
    folder = tmp_path / "killed"
    step, status = 0, None
    for attempt in range(KILLS + 1):
        worker = start_worker(folder, config, resume=attempt > 0)
        if attempt < KILLS:
            # A number of events from here, so that a slow machine is killed at the same kinds of moments as a fast one.
            _let_run(worker, folder, len(events_of(folder)) + rng.randint(0, 16))
            worker.join(rng.uniform(0, 0.2))
            worker.kill()
        worker.join()
        status = worker.exitcode
        before, step = step, surviving_step(folder)
        assert before <= step <= STEPS
    assert status == 0
    check_outcome(folder, whole)


def _let_run(worker: ForkServerProcess, folder: Path, events: int) -> None:
    while worker.is_alive() and len(events_of(folder)) < events:
        worker.join(0.02)
