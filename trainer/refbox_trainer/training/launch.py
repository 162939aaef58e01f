"""A run of several processes from one command: torchrun's engine, with the run's own signals and exit codes."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import psutil

from refbox_trainer.errors import EXIT_FAILED, EXIT_OK, TrainerError
from refbox_trainer.events import EventLog

_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


def processes_to_start(run_json: Path) -> int:
    """`parallel.processes` of a run, when this process is to start them; 1 when it is to train itself.

    torchrun's word counts when it started this process. A file that cannot be read is the run's own to report.
    """
    if "RANK" in os.environ and "WORLD_SIZE" in os.environ:
        return 1
    try:
        count = json.loads(run_json.read_text(encoding="utf-8"))["parallel"]["processes"]
    except (OSError, ValueError, KeyError, TypeError):
        return 1
    return count if isinstance(count, int) and 1 < count <= 64 else 1


def start_processes(arguments: Sequence[str], count: int, out: Path) -> int:
    """Run `python -m refbox_trainer ARGUMENTS` in `count` processes until all have ended; returns the exit code.

    SIGTERM and SIGINT are handed to every process, also when they arrive while the processes are still starting.
    """
    # Blocked signals stay blocked in children until they are ready to listen, and none is lost meanwhile.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    threading.Thread(target=_pass_signals_on, args=(count,), name="signals", daemon=True).start()
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=count,
        run_id=uuid.uuid4().hex,
        rdzv_backend="c10d",
        rdzv_endpoint="127.0.0.1:0",
        local_addr="127.0.0.1",
        max_restarts=0,
        # Its own handlers would give the processes 30 seconds; saving a large checkpoint takes longer.
        signals_to_handle="SIGQUIT",
    )
    try:
        elastic_launch(config, sys.executable)("-m", "refbox_trainer", *arguments)
    except ChildFailedError as error:
        codes = {rank: int(failure.exitcode) for rank, failure in error.failures.items()}
        return _exit_code(codes, out)
    return EXIT_OK


def _pass_signals_on(count: int) -> None:
    while True:
        number = signal.sigwait(_STOPPING)
        children = psutil.Process().children()
        while len(children) < count:
            time.sleep(0.05)
            children = psutil.Process().children()
        for child in children:
            child.send_signal(number)


def _exit_code(codes: Mapping[int, int], out: Path) -> int:
    """The code of the process that knew why it failed. One that was killed could not say so: it is reported here."""
    known = [code for code in codes.values() if code > EXIT_FAILED]
    killed = {rank: -code for rank, code in codes.items() if code < 0}
    if not known and killed and not _reported(out):
        rank, number = next(iter(killed.items()))
        error = TrainerError(
            "failed",
            f"Process {rank} of the run was ended by signal {number}.",
            "If nobody sent it, the machine ran out of memory: lower micro_batch_size or the number of processes, then "
            "resume the run.",
        )
        emit = EventLog(out / "events.jsonl")
        emit("error", code=error.code, message=error.message, what_to_do=error.what_to_do)
        print(f"error [{error.code}] {error}", file=sys.stderr, flush=True)
    return known[0] if known else EXIT_FAILED


def _reported(out: Path) -> bool:
    try:
        last: Any = json.loads((out / "events.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        return last["type"] in ("error", "done")
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return False
