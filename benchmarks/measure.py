"""What a command needs: processor seconds and memory of its whole process tree."""

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

_EACH = 0.1  # seconds between two looks at the memory
_CHILD_SUBREAPER = 36  # of prctl: whoever loses its parent is ours to wait for
# What an index of searches does within itself, also when it is first used on a connection.
_WITHIN = ("-- ", "PRAGMA 'main'.data_version", "SELECT k, v FROM 'main'.")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """`processor`: seconds of all its processes, `peak`: MiB of PSS (shared pages once), `took`: seconds."""

    processor: float
    peak: float
    took: float
    output: str = ""
    documents: int = 0  # that it published, where that was counted


def run(
    command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, fails: bool = False
) -> Used:
    """Until it ends. `fails`: it may end with another status than 0. SystemExit where it must not and does."""
    _adopt()
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command)], cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with sampled(process.pid) as memory:
        output, _ = process.communicate()
    took = time.perf_counter() - began
    _bury()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode and not fails:
        raise SystemExit(f"{' '.join(map(str, command))}: status {process.returncode}\n{output[-2000:]}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Used(processor, max(memory, default=0) / 1024, took, output)


@contextlib.contextmanager
def sampled(root: int) -> Iterator[list[int]]:
    """The memory of a process and all below it (KiB of PSS), looked at while the block lasts."""
    found, over = list[int](), threading.Event()

    def look() -> None:
        while not over.wait(_EACH):
            found.append(sum(map(_pss, tree(root))))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield found
    finally:
        over.set()
        watch.join()


def tree(root: int) -> list[int]:
    """A process and those below it that there are just now."""
    below, found = [root], list[int]()
    while below:
        pid = below.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                below += map(int, task.read_text().split())
    return found


def memory(root: int) -> float:
    """MiB of PSS of a process and all below it."""
    return sum(map(_pss, tree(root))) / 1024


def processor(root: int) -> float:
    """Seconds that a process, those below it and those of them that have ended have used up to now."""
    seconds = 0.0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            seconds += sum(map(int, fields[11:15])) / _TICKS  # utime stime cutime cstime
    return seconds


def in_schema(url: str, path: str) -> str:
    """The address of a store in PostgreSQL whose tables are where this search_path says."""
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={path}')}"


def own_statements(traced: Iterable[str]) -> list[str]:
    """Of what SQLite's trace has told, each once: what a trigger does within it is told as the same, and what an index
    does within itself is not ours.
    """
    return [statement for statement, _ in groupby(traced) if not statement.startswith(_WITHIN)]


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _adopt() -> None:
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def _bury() -> None:
    """What the command left behind."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
