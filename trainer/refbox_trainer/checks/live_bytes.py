"""How much memory a computation needs, found out by going through it with tensors that have no memory.

On PyTorch's `meta` device every operation yields shapes and types only. What a step would hold at each moment is then
known exactly, for any model and setting, by adding up tensors as they appear and subtracting them as they vanish.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class LiveBytes(TorchDispatchMode):
    """While active, `now` is what tensors made meanwhile hold, and `peak` the most they held.

    Tensors that existed before are not counted; a view counts nothing of its own. The same accounting as
    `torch.cuda.max_memory_allocated`, without the rounding of its blocks and without what kernels use inside.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.peak = 0
        self._known: weakref.WeakSet[Any] = weakref.WeakSet()

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        # What goes in and was never seen coming out was there before, like the weights; a view of it is no new tensor.
        for leaf in tree_leaves((args, kwargs)):
            if isinstance(leaf, torch.Tensor):
                self._known.add(leaf.untyped_storage())
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self._count(leaf.untyped_storage())
        return result

    @contextmanager
    def peak_of(self) -> Iterator[Callable[[], int]]:
        """Yields a function that says how much was held at most since the block began, beyond what was held then."""
        before, at_start = self.peak, self.now
        self.peak = self.now
        try:
            yield lambda: self.peak - at_start
        finally:
            self.peak = max(before, self.peak)

    def _count(self, storage: torch.UntypedStorage) -> None:
        if storage in self._known:
            return
        self._known.add(storage)
        size = storage.nbytes()
        self.now += size
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._forget, size)

    def _forget(self, size: int) -> None:
        self.now -= size
