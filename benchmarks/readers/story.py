"""A small press office on loopback, and what happens to its releases, one event after the other.

Each release has a word that stands in no other, so that it is found in whatever a feed reader keeps.
"""

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SYNDICATE = Path(sys.executable).with_name("syndicate")
OLD_WORD, NEW_WORD, WITHDRAWN, HELD, LATER, PAST = "altwort", "neuwort", "wegwort", "sperrwort", "spätwort", "urwort"
NOTICE = "Zurückgezogen"
_PATIENCE = 30.0  # seconds until a server is there

_CONFIG = """
[site]
title = "Presse Talland"
base_url = "http://127.0.0.1:{port}/"
tag = "presse.talland.example,2026"

[serve]
port = {port}

[[topic]]
{topic}
kickers = ["Gesundheit"]

[[source]]
id = "amt"
path = "releases"

[[source]]
id = "archiv"
url = "http://127.0.0.1:{archive}/feed.atom"
allow_private = true
topics = ["Gesundheit"]
"""
_NAMED = 'title = "Gesundheit"'
_RENAMED = 'title = "Gesundheit und Pflege"\nid = "gesundheit-pflege"\naliases = ["gesundheit"]'
_ENTRY = """<entry><id>tag:archiv.talland.example,2025:{n}</id><title>Meldung {n} aus dem Archiv</title>
<link href="http://archiv.talland.example/{n}"/><published>2025-{month:02}-01T10:00:00Z</published>
<updated>2025-{month:02}-01T10:00:00Z</updated>
<content type="html">&lt;p&gt;{word} Nummer {n}.&lt;/p&gt;</content></entry>"""
_FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:archiv.talland.example,2025:feed</id><title>Archiv</title>
<updated>2025-12-01T10:00:00Z</updated><author><name>Archiv</name></author>{link}{entries}</feed>"""


class Story:
    """`site` is its folder, `address` that of a topic's feed in a format, as its readers subscribed to it."""

    def __init__(self, site: Path, archive: int) -> None:
        self._site = site
        self._archive = archive
        self.port = _free_port()

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/gesundheit.{name}"

    def events(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """The name of each, and what does it."""
        yield "start", self._start
        yield "correction", self._correct
        yield "withdrawal", self._withdraw
        yield "lifted embargo", self._lift
        yield "renamed topic", self._rename
        yield "backfill", lambda: self._do("sources", "backfill", "archiv", "--pages", "3")

    @contextmanager
    def served(self) -> Iterator[None]:
        """With what is published on its port."""
        server = subprocess.Popen(
            [SYNDICATE, "serve"], cwd=self._site, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(f"http://127.0.0.1:{self.port}/healthz")
            yield
        finally:
            server.terminate()
            server.wait(timeout=_PATIENCE)

    def _start(self) -> None:
        (self._site / "releases").mkdir()
        self._configure(_NAMED)
        self._write("klinik", "Klinik öffnet im Mai", OLD_WORD)
        self._write("pflege", "Mehr Plätze in der Pflege", WITHDRAWN)
        self._write("rede", "Rede zum Pflegetag", HELD, "embargo: Redebeginn\n")
        self._do("run", "--once", "--no-serve")

    def _correct(self) -> None:
        self._write("klinik", "Klinik öffnet im Juni", NEW_WORD)
        self._do("ingest", "amt")

    def _withdraw(self) -> None:
        self._do("releases", "withdraw", self._named("Mehr Plätze"), "--reason", "Irrtum")

    def _lift(self) -> None:
        self._do("releases", "lift", self._named("Rede zum"))

    def _rename(self) -> None:
        self._configure(_RENAMED)
        self._write("apotheke", "Apotheken bleiben offen", LATER)
        self._do("run", "--once", "--no-serve")

    def _configure(self, topic: str) -> None:
        text = _CONFIG.format(port=self.port, archive=self._archive, topic=topic)
        (self._site / "config.toml").write_text(text, "utf-8")

    def _write(self, name: str, title: str, word: str, more: str = "") -> None:
        text = f"---\ntitle: {title}\ntopics: [Gesundheit]\n{more}---\nDas {word} steht in dieser Meldung allein.\n"
        (self._site / "releases" / f"{name}.md").write_text(text, "utf-8")

    def _named(self, title: str) -> str:
        """The id of the release whose title begins so."""
        for line in self._do("releases", "list", "--limit", "0").splitlines():
            if title in line:
                return line.split()[0]
        raise LookupError(title)

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            [SYNDICATE, *arguments], cwd=self._site, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode not in (0, 1):  # 1: something waits for a person, as an embargo does
            raise RuntimeError(f"syndicate {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout


@contextmanager
def archive() -> Iterator[int]:
    """The port of a feed with one entry of its own and four more on a page behind it (RFC 5005 section 4)."""
    entries = [_ENTRY.format(n=n, month=n + 1, word=PAST if n < 5 else "Heute:") for n in range(1, 6)]
    link = '<link rel="prev-archive" href="1.atom"/>'
    pages = {
        "/feed.atom": _FEED.format(link=link, entries=entries[-1]),
        "/1.atom": _FEED.format(link="", entries="".join(reversed(entries[:-1]))),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/atom+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
