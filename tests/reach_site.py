"""A site that is served and counts who holds what, and clients of whom everything is known."""

import gzip
import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cli_site import SCHOOL, Site
from syndicate.app import App, changed
from syndicate.config import load
from syndicate.reach import Intake
from syndicate.serve import Observed, Server, create_app, routes_of

FEED = "schule.atom"


@dataclass
class Client:
    """Keeps what it gets, and says so by ETag or by date, or never."""

    agent: str
    by: str = "etag"  # etag | date | both | nothing
    gzip: bool = False
    feed: bool = False  # takes what has changed for the feed (RFC 3229)
    kept: dict[str, dict[str, str]] = field(default_factory=dict)  # by path
    words: str = ""
    token: str = ""

    def fetch(self, port: int, path: str = FEED, method: str = "GET") -> int:
        headers = {"User-Agent": self.agent} | ({"Accept-Encoding": "gzip"} if self.gzip else {})
        headers |= {"A-IM": "feed"} if self.feed else {}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        has = self.kept.get(path, {})
        for by, name, kept in (("etag", "If-None-Match", "etag"), ("date", "If-Modified-Since", "last-modified")):
            if kept in has and self.by in (by, "both"):
                headers[name] = has[kept]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, f"/{path}", headers=headers)
        with connection.getresponse() as answer:
            body = answer.read()
            if answer.status in (200, 226) and method == "GET":
                self.kept[path] = {name.lower(): value for name, value in answer.getheaders()}
                packed = self.kept[path].get("content-encoding") == "gzip"
                self.words = (gzip.decompress(body) if packed else body).decode()
        connection.close()
        return answer.status


class Watched(Site):
    """A site that is served, and what is served is counted when it is said so."""

    port = 0

    def serve(self) -> Iterator["Watched"]:
        with App(load(self.config)) as app:
            self.app = app
            self.observed = Observed(Intake(app.store, app.clock).take_in, app.clock)
            pages = create_app(self.feeds, note=self.observed.note, delta=partial(changed, app), routes=routes_of(app))
            with Server(pages, "127.0.0.1", 0) as server:
                self.port = server.port
                yield self

    def fetch(self, *clients: Client, path: str = FEED) -> None:
        for client in clients:
            assert client.fetch(self.port, path) in (200, 226, 304)
        self.observed.hand_on()

    def reach(self, release: str = "") -> dict[str, Any]:
        found: dict[str, Any] = self.run("reach", release or self.id, "--json").json
        return found

    def numbers(self, release: str = "") -> dict[str, tuple[int, int, int]]:
        """By agent: old, new, without validators."""
        agents = self.reach(release)["agents"]
        return {each["agent"]: (each["old"], each["new"], each["without_validators"]) for each in agents}

    @property
    def id(self) -> str:
        return self.of("Werkstattpreis")

    def of(self, title: str) -> str:
        return next(row["id"] for row in self.run("releases", "list", "--json").json if title in row["title"])

    def held(self) -> list[tuple[object, ...]]:
        return self.app.store._connection.execute("SELECT * FROM holds").fetchall()

    def correct(self) -> None:
        assert self.run("releases", "edit", self.id, "--title", "Werkstattpreis für Erlenstadt").code == 0

    def withdraw(self) -> None:
        assert self.run("releases", "withdraw", self.id).code == 0

    def tell_more(self) -> None:
        """Another release of the same feed, undated: a new version, in which nothing is corrected."""
        number = self.more = getattr(self, "more", 0) + 1
        self.put(
            f"mehr{number}",
            SCHOOL.replace("Werkstattpreis für Brunnau", f"Ferienplan {number}").replace(
                "date: 2026-03-14 11:00\n", ""
            ),
        )
        assert self.run("run", "--once").code == 0


def clients(agent: str, number: int, **how: Any) -> list[Client]:
    return [Client(agent, **how) for _ in range(number)]
