"""kill -9 at random moments; bench/trainer_kill.py does the same fifty times with the real command."""

from __future__ import annotations

import random
from pathlib import Path

from tests.kills import STEPS, busy_config, check_outcome, surviving_step
from tests.processes import start_worker, train_here


def test_a_run_that_is_killed_again_and_again_ends_like_one_that_never_was(
    tiny_base: Path, train_meta: Path, eval_meta: Path, tmp_path: Path
) -> None:
    config = busy_config(tiny_base, train_meta, eval_meta)
    whole = train_here(tmp_path / "whole", config).losses()
    rng = random.Random(3)
    folder = tmp_path / "killed"
    step = kills = 0
    for attempt in range(40):
        worker = start_worker(folder, config, resume=attempt > 0)
        worker.join(rng.uniform(0.5, 4.0))
        if worker.exitcode is not None:
            assert worker.exitcode == 0
            break
        worker.kill()
        worker.join()
        kills += 1
        before, step = step, surviving_step(folder)
        assert before <= step <= STEPS
    assert kills > 0
    check_outcome(folder, whole)
