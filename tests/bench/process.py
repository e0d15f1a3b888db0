"""A command -> the time, the processor time and the memory that it took.

Run as a program of its own between the benchmark and the command: it is small, so that what the kernel
says of the command's memory is not that of the process that started it. Imports nothing heavy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

INTERVAL = 0.05
"""Seconds between two looks at the memory."""


class Run(NamedTuple):
    """What a command took, with all its processes.

    ``seconds`` of wall time, ``cpu`` seconds of user and system time; bytes: ``pss`` and ``rss`` the highest
    sums over all processes at one look (0 when not sampled), ``largest`` what the kernel kept as the most
    that one process had in memory at any time; ``status`` the exit status, ``said`` what it printed.
    """

    seconds: float
    cpu: float
    pss: int
    rss: int
    largest: int
    status: int
    said: str

    @property
    def peak(self) -> int:
        """Bytes: shared pages count once; of a process that ended between two looks, what the kernel kept."""
        return max(self.pss, self.largest)


class FailedError(Exception):
    """A command of the benchmark failed."""


def measure(command: Sequence[str], cwd: Path, *, sample: bool = False, good: Sequence[int] = (0,)) -> Run:
    """Runs a command. ``sample`` looks at its memory every 50 ms, which costs it a little time.

    Raises FailedError when its exit status is none of ``good``.
    """
    launcher = [sys.executable, "-I", "-S", __file__, json.dumps([list(command), sample])]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        launcher, cwd=cwd, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True,
        env={**os.environ, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": ""},
    )  # fmt: skip
    run = Run(*json.loads(done.stdout))
    if run.status not in good:
        raise FailedError(f"status {run.status}: {' '.join(command)}\n{run.said}")
    return run


def _launch(command: list[str], sample: bool, environment: Mapping[str, str]) -> Run:
    read, write = os.pipe()
    said = _Reader(read)
    started = time.perf_counter()
    pid = os.posix_spawnp(
        command[0],
        command,
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, write, 2)],
    )
    sampler = _Sampler(pid) if sample else None
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    os.close(write)
    pss, rss = sampler.stop() if sampler else (0, 0)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu, pss, rss, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status), said.end())


class _Reader(threading.Thread):
    """Keeps the last of what the command prints, so that it never waits for a full pipe."""

    def __init__(self, file: int) -> None:
        super().__init__(daemon=True)
        self._file = file
        self._kept = b""
        self.start()

    def run(self) -> None:
        while piece := os.read(self._file, 65536):
            self._kept = (self._kept + piece)[-20_000:]

    def end(self) -> str:
        self.join(timeout=1)  # a process left behind may hold the pipe open
        return self._kept.decode("utf-8", "replace")


class _Sampler(threading.Thread):
    """Looks at the memory of a process and all below it until stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stop_now = threading.Event()
        self._pss = self._rss = 0
        self.start()

    def run(self) -> None:
        while True:
            sums = [memory(pid) for pid in processes(self._pid)]
            self._pss = max(self._pss, sum(pss for pss, _ in sums))
            self._rss = max(self._rss, sum(rss for _, rss in sums))
            if self._stop_now.wait(INTERVAL):
                return

    def stop(self) -> tuple[int, int]:
        self._stop_now.set()
        self.join()
        return self._pss, self._rss


def processes(pid: int) -> Iterator[int]:
    """A process and all below it, by /proc."""
    todo = [pid]
    while todo:
        one = todo.pop()
        yield one
        try:
            for thread in os.listdir(f"/proc/{one}/task"):  # noqa: PTH208
                todo += map(int, _text(f"/proc/{one}/task/{thread}/children").split())
        except OSError:  # it has ended
            pass


def memory(pid: int) -> tuple[int, int]:
    """(PSS, RSS) of a process in bytes: its share of what is in memory, and all. (0, 0) once it has ended."""
    try:
        lines = _text(f"/proc/{pid}/smaps_rollup").split("\n")
    except OSError:
        return 0, 0
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith("kB")}
    return sizes.get("Pss", 0), sizes.get("Rss", 0)


def _text(path: str) -> str:
    with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123
        return file.read()


if __name__ == "__main__":
    to_run, to_sample = json.loads(sys.argv[1])
    print(json.dumps(_launch(to_run, to_sample, os.environ)))
