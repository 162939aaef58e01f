"""kill -9 at random moments: nothing that was saved is lost, and every folder can be gone on from.

trainer/.venv/bin/python bench/trainer_kill.py [--kills 50] [--seed 0] [--out DIR]

A tiny random model is trained by the real command, with packing, loader threads, a checkpoint after every step,
evaluations, the best checkpoint kept, and artefacts. It is killed at a moment drawn evenly over the time a whole run
takes, looked at, and resumed; a run that came to its end is compared with one that was never interrupted, and the next
one begins. Ends with status 1 at the first difference.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support.trainer import hardware

# isort: split
from tests.kills import busy_config, check_outcome, surviving_step
from tests.processes import events_of, losses_of, start_command
from tests.tiny import write_tiny_checkpoint
from tests.tiny_data import write_dataset


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="a folder to work in; default: a temporary one")
    options = parser.parse_args()
    print(hardware())
    with tempfile.TemporaryDirectory() as temporary:
        return _kill_again_and_again(options.out or Path(temporary), options.kills, random.Random(options.seed))


def _kill_again_and_again(root: Path, kills: int, rng: random.Random) -> int:
    write_tiny_checkpoint(root / "base")
    train, evaluation = write_dataset(root / "train", 10), write_dataset(root / "eval", 4, seed=5)
    config = busy_config(root / "base", train, evaluation)
    began = time.monotonic()
    assert start_command(root / "whole", config).wait() == 0
    duration = time.monotonic() - began
    whole = losses_of(events_of(root / "whole"))
    print(f"one whole run of {len(whole)} steps takes {duration:.1f} s")
    done, completed, lost = 0, 0, 0
    folder = root / "run"
    while done < kills:
        process = start_command(folder, config, resume=folder.is_dir())
        try:
            status = process.wait(rng.uniform(0, duration))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            made = max(losses_of(events_of(folder)), default=0)
            lost += max(0, made - surviving_step(folder))
            done += 1
            continue
        assert status == 0, f"a resumed run ended with status {status}"
        completed += _settle(folder, whole)
    assert start_command(folder, config, resume=folder.is_dir()).wait() == 0
    completed += _settle(folder, whole)
    print(f"{done} kills: no damaged checkpoint, no folder that could not be resumed")
    print(f"{completed} runs came to their end, all with the losses of the uninterrupted one, to the last digit")
    print(f"{lost / done:.2f} steps were made twice per kill, with a checkpoint after every step")
    return 0


def _settle(folder: Path, whole: dict[int, tuple[float, float]]) -> int:
    check_outcome(folder, whole)
    shutil.rmtree(folder)
    return 1


if __name__ == "__main__":
    sys.exit(main())
