"""Feed readers that can be driven without a person: how each is subscribed, made to fetch, and what it shows then.

What it shows is read from its own files. A person has read all that stood there before each event.
"""

import email
import email.policy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar, NamedTuple

PATIENCE = 60.0  # seconds that a program may take


class Entry(NamedTuple):
    title: str
    text: str
    unread: bool


class Program(ABC):
    """One, subscribed to one feed, with a folder of its own."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]  # commands
    formats: ClassVar[tuple[str, ...]] = ("atom", "rss")

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        self.address = address
        home.mkdir(parents=True)
        self.subscribe()

    @classmethod
    def missing(cls) -> str | None:
        """What this machine has not; None where the program can be run."""
        return next((command for command in cls.needs if not shutil.which(command)), None)

    @classmethod
    def version(cls) -> str:
        """As Debian knows it."""
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", cls.name], capture_output=True, text=True)
        return done.stdout.partition("-")[0].rpartition(":")[2] if done.returncode == 0 else ""

    @abstractmethod
    def subscribe(self) -> None: ...

    @abstractmethod
    def fetch(self) -> None: ...

    @abstractmethod
    def entries(self) -> list[Entry]: ...

    @abstractmethod
    def read_all(self) -> None:
        """As somebody who has read everything."""

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        own = {"HOME": str(self.home), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "", "XDG_CACHE_HOME": ""}
        surroundings = {**os.environ, **own, "LC_ALL": "C.UTF-8", "PYTHONPATH": ""}
        return subprocess.run(
            command, cwd=self.home, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=check
        )

    def rows(self, database: Path, sql: str) -> list[Sequence[str]]:
        with closing(sqlite3.connect(database)) as found:
            return found.execute(sql).fetchall()

    def change(self, database: Path, sql: str) -> None:
        with closing(sqlite3.connect(database)) as found, found:
            found.execute(sql)


class Newsboat(Program):
    name = "newsboat"
    needs = ("newsboat",)

    def subscribe(self) -> None:
        (self.home / "urls").write_text(f"{self.address}\n")
        (self.home / "config").write_text("")

    def fetch(self) -> None:
        self.run("newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload")

    def entries(self) -> list[Entry]:
        sql = "SELECT title, content, unread FROM rss_item WHERE deleted = 0"
        return [Entry(title, text, bool(unread)) for title, text, unread in self.rows(self.home / "cache.db", sql)]

    def read_all(self) -> None:
        self.change(self.home / "cache.db", "UPDATE rss_item SET unread = 0")


_READER = """
import json, sys
from reader import make_reader
with make_reader("reader.db") as reader:
    if sys.argv[1] == "add":
        reader.add_feed(sys.argv[2])
    elif sys.argv[1] == "fetch":
        for feed in reader.get_feeds():  # also where its own pause of an hour has not passed
            reader.update_feed(feed)
    elif sys.argv[1] == "read":
        for entry in reader.get_entries():
            reader.set_entry_read(entry, True)
    else:
        for entry in reader.get_entries():
            text = " ".join([entry.summary or "", *(content.value for content in entry.content)])
            print(json.dumps((entry.title, text, not entry.read)))
"""


class Reader(Program):
    name = "reader"
    needs = ()
    formats = ("atom", "rss", "json")

    @classmethod
    def missing(cls) -> str | None:
        return None if cls._python("import reader").returncode == 0 else "the package reader"

    @classmethod
    def version(cls) -> str:
        return cls._python("import reader; print(reader.__version__)").stdout.strip()

    @classmethod
    def _python(cls, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        peers = Path(sys.executable).parents[1] / "peers"  # where `make bench` puts what others need
        return subprocess.run(
            [sys.executable, "-c", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(peers)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def _do(self, *arguments: str) -> str:
        done = self._python(_READER, *arguments, cwd=self.home)
        done.check_returncode()
        return done.stdout

    def subscribe(self) -> None:
        self._do("add", self.address)

    def fetch(self) -> None:
        self._do("fetch")

    def entries(self) -> list[Entry]:
        return [Entry(*json.loads(line)) for line in self._do("list").splitlines()]

    def read_all(self) -> None:
        self._do("read")


class Rss2email(Program):
    """Each entry is a mail, for good."""

    name = "rss2email"
    needs = ("r2e",)

    def subscribe(self) -> None:
        (self.home / "mail").mkdir()
        self._r2e("new", "leser@talland.example")
        self._r2e("add", "talland", self.address)
        text = (self.home / "config.cfg").read_text()
        for usual, own in (
            ("protocol = sendmail", "protocol = maildir"),
            ("path = ~/Maildir", f"path = {self.home}/mail"),
        ):
            text = text.replace(usual, own)
        (self.home / "config.cfg").write_text(text)
        self._read = set[str]()

    def fetch(self) -> None:
        self._r2e("run")

    def entries(self) -> list[Entry]:
        found = []
        for path in self._mails():
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("html", "plain"))
            found.append(Entry(mail["subject"], body.get_content() if body else "", path.name not in self._read))
        return found

    def read_all(self) -> None:
        self._read = {path.name for path in self._mails()}

    def _mails(self) -> Iterable[Path]:
        return (path for path in self.home.glob("mail/**/*") if path.is_file())

    def _r2e(self, *arguments: str) -> None:
        self.run("r2e", "-c", "config.cfg", "-d", "data.json", *arguments)


class Sfeed(Program):
    name = "sfeed"
    needs = ("sfeed_update", "curl")

    def subscribe(self) -> None:
        (self.home / "sfeedrc").write_text(f'sfeedpath="{self.home}/feeds"\nfeeds() {{ feed t "{self.address}"; }}\n')
        self._read = set[str]()

    def fetch(self) -> None:
        self.run("sfeed_update", "./sfeedrc", check=False)  # it follows no 301, and says so by its status

    def entries(self) -> list[Entry]:
        return [Entry(line.split("\t")[1], line, line not in self._read) for line in self._lines()]

    def read_all(self) -> None:
        self._read = set(self._lines())

    def _lines(self) -> list[str]:
        return (self.home / "feeds" / "t").read_text("utf-8").splitlines()
