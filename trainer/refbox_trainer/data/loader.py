"""Micro-batches made ready ahead of their step by threads, in the order in which they will be asked for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple

from refbox_trainer.data.batches import BatchMaker, Prepared
from refbox_trainer.data.samples import Sample
from refbox_trainer.model.forward import Batch

_SPARE: Final = 2
"""Micro-batches that wait ready beside those that are being worked on. A packed one of 40 tiles holds 24 MB."""


class _Task(NamedTuple):
    step: int
    number: int
    """Within the step."""
    group: Sequence[int]
    epoch: int


class Loader:
    """Reads, decodes, cuts and augments pictures while the model computes; only copies are left for the step itself.

    Decoding and resizing release Python's lock, so that threads suffice and share the cache of tiles. Batches are the
    same for any number of `workers`; 0 makes each when it is asked for.

    `plan(step)` gives the groups of sample positions of a step that this process is to compute, an empty group for
    none, `epoch_of(step)` the passes over the data before it; both must go on giving the same. Under another plan make
    another loader. Steps from `steps` on are not prepared.
    """

    def __init__(
        self,
        maker: BatchMaker,
        plan: Callable[[int], Sequence[Sequence[int]]],
        epoch_of: Callable[[int], float],
        *,
        workers: int,
        steps: int,
    ) -> None:
        self._maker = maker
        self._plan = plan
        self._epoch_of = epoch_of
        self._steps = steps
        self._room = workers + _SPARE
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="loader") if workers else None
        self._queue: deque[tuple[_Task, Future[Prepared]]] = deque()
        self._tasks: Iterator[_Task] = iter(())
        self.seconds_waited = 0.0
        """For pictures, since the loader was made; 0 when the model never had to."""

    def batches(self, step: int, refuse: Callable[[Sample, str], None]) -> Iterator[Batch | None]:
        """One batch per group of the plan, None for a group without usable samples. Steps may be asked for again.

        A broken picture takes out its sample by `refuse`, when its batch is due; any other error of a thread is
        raised then.
        """
        tasks = list(self._tasks_of(step))
        if self._pool is not None and tasks and (not self._queue or self._queue[0][0] != tasks[0]):
            # The first step, or one that is repeated because it did not fit into memory.
            self._drop()
            self._tasks = self._tasks_from(step)
        for task in tasks:
            prepared = self._prepared(task)
            yield self._maker.finish(prepared, refuse=refuse)

    def close(self) -> None:
        """Stop the threads; what they are working on is finished first."""
        self._drop()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepared(self, task: _Task) -> Prepared:
        began = time.perf_counter()
        if self._pool is None:
            prepared = self._maker.prepare(task.group, epoch=task.epoch)
        else:
            self._fill()
            prepared = self._queue.popleft()[1].result()
            self._fill()
        self.seconds_waited += time.perf_counter() - began
        return prepared

    def _fill(self) -> None:
        assert self._pool is not None
        while len(self._queue) < self._room and (task := next(self._tasks, None)) is not None:
            self._queue.append((task, self._pool.submit(self._maker.prepare, task.group, epoch=task.epoch)))

    def _drop(self) -> None:
        for _, future in self._queue:
            future.cancel()
        self._queue.clear()

    def _tasks_from(self, step: int) -> Iterator[_Task]:
        for number in range(step, max(self._steps, step + 1)):
            yield from self._tasks_of(number)

    def _tasks_of(self, step: int) -> Iterator[_Task]:
        epoch = int(self._epoch_of(step))
        for number, group in enumerate(self._plan(step)):
            yield _Task(step, number, group, epoch)
