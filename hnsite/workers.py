"""Runs one function over many units of work: here, or in processes where there is much of it.

A worker process opens its own tools, so that nothing big passes between processes; results come
back in the order of the units, whoever was faster. When a worker dies the build fails; when the process
that started them dies, however it dies, workers end at once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from hnsite.errors import BuildError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

Unit = TypeVar("Unit")
Result = TypeVar("Result")

_AHEAD = 4
"""Units that wait for each worker; more would only cost memory."""

_tools: Any = None


class Workers:
    """``jobs`` processes at most, started when they are first worth it.

    ``make_tools`` makes what functions get as their first argument; it is called once in each process
    and must be picklable. ``tools`` are this process's.
    """

    def __init__(self, jobs: int, tools: Any, make_tools: Callable[[], Any]) -> None:
        self._jobs = jobs
        self._tools = tools
        self._make_tools = make_tools
        self._pool: ProcessPoolExecutor | None = None

    @property
    def is_running(self) -> bool:
        return self._pool is not None

    def map(
        self, function: Callable[[Any, Unit], Result], units: Iterable[Unit], *, is_much: bool
    ) -> Iterator[tuple[Unit, Result]]:
        """Each unit with what the function, which must be a module's own, makes of it."""
        if self._jobs == 1 or not is_much:
            return ((unit, function(self._tools, unit)) for unit in units)
        return self._spread(function, units)

    def _spread(
        self, function: Callable[[Any, Unit], Result], units: Iterable[Unit]
    ) -> Iterator[tuple[Unit, Result]]:
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self._pool = ProcessPoolExecutor(self._jobs, get_context("spawn"), _start, (self._make_tools,))
        waiting: deque[tuple[Unit, Future[Result]]] = deque()
        with _named_deaths():
            for unit in units:
                with _deaf_to_ctrl_c():
                    waiting.append((unit, self._pool.submit(_run, function, unit)))
                if len(waiting) > _AHEAD * self._jobs:
                    first, future = waiting.popleft()
                    yield first, future.result()
            for first, future in waiting:
                yield first, future.result()

    def close(self) -> None:
        """Ends the processes, after the units at which they are."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _start(make_tools: Callable[[], Any]) -> None:
    global _tools
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    _tools = make_tools()
    # Before the first unit: from now on a new build waits for the tools to be closed.
    if not parent.is_alive():
        os._exit(1)


def _end_after(parent: BaseProcess) -> None:
    """Nobody would take what an orphan makes, and a new build waits."""
    parent.join()
    os._exit(1)


def _run(function: Callable[[Any, Any], Any], unit: Any) -> Any:
    return function(_tools, unit)


@contextmanager
def _named_deaths() -> Iterator[None]:
    """Says in plain words that a worker died."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        yield
    except BrokenProcessPool:
        reason = (
            "a worker process died (was it killed, or is memory short?); try again, with -j 1 for less memory"
        )
        raise BuildError(f"nothing published: {reason}") from None


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Workers start deaf to Ctrl-C, which a terminal sends to all; who started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
