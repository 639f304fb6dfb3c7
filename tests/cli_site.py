"""A small site of its own in a folder, and the command line run on it, in this process or in one of its own."""

import gzip
import http.client
import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

from syndicate.cli import main
from waiting import PATIENCE, until

SYNDICATE = Path(sys.executable).with_name("syndicate")
_FIRST = 10_000 + 500 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])  # below those that connections are given
_PORTS = iter(range(_FIRST, _FIRST + 20_000))
CONFIG = """
[site]
title = "Presse Talland"
timezone = "Europe/Berlin"
tag = "presse.talland.example,2026"

[serve]
port = {port}
status = "{status}"
trusted_proxies = ["127.0.0.1"]   # who looks as often as a test does stands for many readers

[[topic]]
title = "Schule"
kickers = ["Schulen"]

[[topic]]
title = "Forst"
"""
FOLDER = """
[[source]]
id = "amt"
path = "releases"
"""
SCHOOL = """---
title: Werkstattpreis für Brunnau
topics: [Schule]
date: 2026-03-14 11:00
teaser: Neun Werkstätten machen mit.
---
Die Schule in Brunnau baut ein Windrad.

## Nächste Runde

Sie beginnt im Herbst.
"""
ROAD = "---\ntitle: Umgehung für Erlenstadt\ntopics: [Verkehr]\ndate: 2026-03-13\n---\nDer Bau beginnt im Mai.\n"
SPEECH = "---\ntitle: Rede zum Forstjahr\ntopics: [Forst]\nembargo: Redebeginn\n---\nMehr Eichen für das Land.\n"
LATER = "---\ntitle: Neuer Forstbericht\ntopics: [Forst]\nembargo: 2099-01-02T10:00:00+01:00\n---\nZahlen zum Wald.\n"
BROKEN = "---\ntitle: [offen\n---\nText.\n"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def syndicate(*arguments: str, stdin: bytes = b"") -> Result:
    """As in a shell, but in this process. The log's settings are put back afterwards."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        ):
            code = main(arguments)
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()
    for stream in (out, err):
        stream.flush()
    return Result(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


class Site:
    """`config.toml` and `releases/` in a folder, with these files in it."""

    def __init__(
        self, folder: Path, *, sources: str = FOLDER, port: int = 8000, status: str = "", **files: str
    ) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.config.write_text(CONFIG.format(port=port, status=status) + stored(folder) + sources, encoding="utf-8")
        self.releases = folder / "releases"
        self.releases.mkdir()
        self.feeds = folder / "feeds"
        for name, text in files.items():
            self.put(name, text)

    def put(self, name: str, text: str) -> Path:
        path = self.releases / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, stdin: bytes = b"") -> Result:
        return syndicate(*arguments, "--config", str(self.config), stdin=stdin)

    def release(self, *options: str) -> Any:
        """The only one that `releases list` finds with these options."""
        (found,) = self.run("releases", "list", "--json", *options).json
        return found

    def tells(self, words: str) -> list[str]:
        """The published files that have these words in their bytes or their name."""
        files = [path for path in sorted(self.feeds.rglob("*")) if path.is_file()]
        return [path.name for path in files if words in path.name or words.encode() in _plain(path)]


def stored(_folder: Path) -> str:
    """`[store]` of a site in this folder, for every process that reads its configuration."""
    return ""


def _plain(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


class Process:
    """`syndicate …` in a process of its own, its output in files beside the site."""

    def __init__(self, site: Site, *arguments: str, through: Sequence[str] = ()) -> None:
        self.out, self.err = site.folder / "stdout", site.folder / "stderr"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            command: list[str | Path] = [*through, SYNDICATE, *arguments, "--config", str(site.config)]
            self._process = subprocess.Popen(command, stdout=out, stderr=err, env=os.environ | {"PYTHONWARNINGS": ""})

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ends(self, number: signal.Signals) -> int:
        """Its exit status after a signal."""
        self.told(number)
        return self._process.wait(PATIENCE)

    def told(self, number: signal.Signals) -> None:
        self._process.send_signal(number)


def free_port() -> int:
    """One that no other test is told, in this process or another one, and that no connection is given by itself.

    Between the look and the daemon that listens there a second passes.
    """
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def answer(site_port: int, path: str) -> str | None:
    """What is served there; None where nobody listens, or there is nothing."""
    status, _, body = asked_for(site_port, path)
    return body.decode() if status == 200 else None


def asked_for(port: int, path: str) -> tuple[int, str, bytes]:
    """Status, Location and body of one answer; no redirect is followed. Status 0 where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", f"/{path}")
        response = connection.getresponse()
        return response.status, response.getheader("Location", ""), response.read()
    except (OSError, http.client.HTTPException):
        return 0, "", b""
    finally:
        connection.close()


def waited(port: int, path: str, words: str, process: Process | None = None) -> None:
    """Until the words are served there. AssertionError where they are not, or the process has ended before."""
    until(lambda: words in (answer(port, path) or "") or (process and not process.running), f"{path}: no {words}")
    assert process is None or process.running, process.err.read_text()
