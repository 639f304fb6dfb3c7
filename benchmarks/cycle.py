"""One cycle over many feeds, beside peers: everything new, nothing new, little new.

Each asks the same server in the same rounds, one after the other.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import feed_server, measure

ROOT = Path(__file__).parents[1]
SYNDICATE = Path(os.environ.get("SYNDICATE", Path(sys.executable).parent / "syndicate"))
PEERS = ROOT / ".venv" / "peers"  # what `make bench` installs of others
ROUNDS = {
    "cold": "validators=1",
    "304": "validators=1",
    "1 %": "validators=1 changed=1",
    "same bytes": "validators=0",
    "now": "validators=0 now=1",
}
STEPS = tuple(ROUNDS)


@dataclass(frozen=True)
class Figure:
    """Of one program in one round."""

    program: str
    step: str
    used: measure.Used


class Server:
    """The feeds, served by a process of its own."""

    def __init__(self, feeds: int, entries: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.feed_server", f"--feeds={feeds}", f"--entries={entries}"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(self._line())
        self.addresses = [feed_server.address(number, self.port) for number in range(feeds)]

    @property
    def pid(self) -> int:
        return self._process.pid

    def begin(self, words: str) -> None:
        """The next round."""
        self._say(f"round {words}")

    @property
    def answered(self) -> int:
        return self._say("count")

    def _say(self, line: str) -> int:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate(timeout=30)


@contextlib.contextmanager
def served(feeds: int, entries: int) -> Iterator[Server]:
    server = Server(feeds, entries)
    try:
        yield server
    finally:
        server.close()


def configuration(addresses: list[str], interval: str = "1h", more: str = "") -> str:
    """config.toml with a source for each; nothing of it needs a network. `more`: lines that each source has besides."""
    sources = "".join(
        f'[[source]]\nid = "s{at}"\nurl = "{address}"\nallow_private = true\n{more}\n'
        for at, address in enumerate(addresses)
    )
    return (
        '[site]\ntitle = "Presse Talland"\ntag = "presse.talland.example,2026"\nbase_url = "http://127.0.0.1:8000/"\n\n'
        f'[fetch]\ninterval = "{interval}"\n\n[serve]\nport = {_free_port()}\n\n{sources}'
    )


def slug(topic: str) -> str:
    """Of a topic that no configuration names."""
    return topic.lower().replace(" ", "-")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def programs(folder: Path, addresses: list[str]) -> dict[str, list[str | Path]]:
    """Name → command, of those that are installed."""
    (folder / "addresses").write_text("\n".join(addresses))
    (folder / "config.toml").write_text(configuration(addresses))
    (folder / "urls").write_text("\n".join(addresses))
    peers = {name: [sys.executable, "-m", "benchmarks.peers", name, folder / "addresses", folder / name] for name in
             ("floor", "floor8", "script", "reader")}  # fmt: skip
    if not (PEERS / "reader").is_dir():
        del peers["reader"]
    if shutil.which("newsboat"):
        options = ["-u", folder / "urls", "-c", folder / "newsboat.db", "-C", folder / "newsboat"]
        (folder / "newsboat").write_text("reload-threads 8\ncleanup-on-quit no\n")
        peers["newsboat"] = ["newsboat", *options, "-x", "reload"]
    return {**peers, "syndicate": [SYNDICATE, "--config", folder / "config.toml", "run", "--once"]}


def measured(feeds: int = 200, entries: int = 20) -> Iterator[Figure]:
    """Each round of each program; of ours also what of `cold` was publishing."""
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as name:
        folder = Path(name)
        with served(feeds, entries) as server:
            known = programs(folder, server.addresses)
        for program, command in known.items():
            with served(feeds, entries) as server:  # each begins with the same documents
                _moved(folder, server.addresses)
                for step in STEPS:
                    server.begin(ROUNDS[step])
                    yield Figure(program, step, _run(command))
        yield Figure("syndicate", "publish", _published_again(folder))


def _moved(folder: Path, addresses: list[str]) -> None:
    """To where the feeds of the next program are."""
    for file in ("addresses", "urls"):
        (folder / file).write_text("\n".join(addresses))
    (folder / "config.toml").write_text(configuration(addresses))


def _run(command: list[str | Path]) -> measure.Used:
    return measure.run(command, env={"PYTHONPATH": f"{ROOT}:{PEERS}"} if "reader" in command else {}, cwd=ROOT)


def _published_again(folder: Path) -> measure.Used:
    """All that there is, as at the first time.

    What there was is not deleted but moved: for a minute ext4 steps over each file that has just been deleted whenever
    it makes one.
    """
    (folder / "feeds").rename(folder / "feeds before")
    used = _run([SYNDICATE, "--config", folder / "config.toml", "publish"])
    written = sum(path.is_file() and path.suffix != ".gz" for path in (folder / "feeds").rglob("[!.]*"))
    return replace(used, documents=written)


if __name__ == "__main__":
    for figure in measured():
        print(f"{figure.program:10} {figure.step:12} {figure.used.processor:8.2f} s {figure.used.peak:6.0f} MiB"
              f" {figure.used.took:8.2f} s", flush=True)  # fmt: skip
