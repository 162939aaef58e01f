"""When one process of several fails, all of them end with its reason, instead of waiting for it for ever."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Final, NoReturn

from torch.distributed import (
    DistError,
    PrefixStore,  # pyright: ignore[reportPrivateImportUsage] (documented under this name)
    TCPStore,  # pyright: ignore[reportPrivateImportUsage] (documented under this name)
)

from refbox_trainer.errors import TrainerError, exit_code_of
from refbox_trainer.events import Emit
from refbox_trainer.training.distributed import Peers, under_torchrun

_LOOK_EVERY_SECONDS: Final = 0.5


class Alarm:
    """The first failure of a run, written where every process looks for it: torchrun's own key-value store.

    Nothing else gets through: a process that waits in a collective operation on a GPU notices neither signals nor
    the end of its partners. A thread of every process looks, and ends the process where it stands; a checkpoint that
    is being written is then as good as never begun. The same thread ends a process whose torchrun is gone.
    """

    def __init__(self, peers: Peers, emit: Emit) -> None:
        self._peers = peers
        self._emit = emit
        self._ending = threading.Lock()
        self._store: PrefixStore | None = None
        if under_torchrun():
            attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
            # A connection of its own: the one of the process group may be waiting for an answer when it is needed.
            address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
            client = TCPStore(address, port, is_master=False, timeout=timedelta(seconds=30))
            self._store = PrefixStore(f"refbox/alarm/{attempt}", client)

    def watch(self) -> None:
        """Look for failures of others from now on."""
        if self._store is not None:
            threading.Thread(target=self._look, args=(os.getppid(),), name="alarm", daemon=True).start()

    def settle(self, error: TrainerError) -> TrainerError:
        """Tell the others why this process fails; returns the reason that counts, which is the first of all.

        A connection that broke is what a failure elsewhere looks like from here.
        """
        if self._store is None:
            return error
        self._ending.acquire()
        words = json.dumps([error.code, error.message, error.what_to_do])
        # Without a store nobody can be told, and the own reason is the best there is.
        with suppress(RuntimeError, DistError):
            return TrainerError(*json.loads(self._store.compare_set("first", "", words)))
        return error

    def _look(self, parent: int) -> None:
        ended = threading.Event()
        while not ended.wait(_LOOK_EVERY_SECONDS):
            if os.getppid() != parent:
                self._end(TrainerError("failed", "torchrun is gone.", "Resume the run."), silent=True)
            # The store goes down with torchrun; the next look at the parent tells.
            with suppress(RuntimeError, DistError):
                if self._store is not None and self._store.check(["first"]):
                    self._end(TrainerError(*json.loads(self._store.get("first"))), silent=not self._peers.first)

    def _end(self, error: TrainerError, *, silent: bool) -> NoReturn:
        # Whoever fails itself at this moment holds the lock and is about to leave with the same reason.
        self._ending.acquire()
        if not silent:
            self._emit("error", code=error.code, message=error.message, what_to_do=error.what_to_do)
            print(f"error [{error.code}] {error.message} {error.what_to_do}", file=sys.stderr, flush=True)
        os._exit(exit_code_of(error.code))
