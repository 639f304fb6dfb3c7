"""Law 42 over what is served: until its end nothing that anybody can ask for differs from a world without the release.

Two worlds, one of which holds two releases under an embargo, behind servers of their own, are asked the same: what is
published and each family of routes, by the table of routes. And no route has a word of a release that was withdrawn.
"""

import gzip
import hmac
import http.client
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from syndicate.app import App, changed
from syndicate.config import load
from syndicate.model import Callback, Newsroom, Poll
from syndicate.pipeline import Withdraw
from syndicate.rooms import tokens
from syndicate.serve import Door, Server, create_app, routes_of
from waiting import PATIENCE
from worlds import NOW

BASE = "https://presse.talland.example/"
CONFIG = f"""
[site]
title = "Presse Talland"
base_url = "{BASE}"
tag = "talland.example,2026"
[publish]
page_size = 2
formats = ["atom", "rss", "json", "ninjs"]
[[topic]]
id = "forst"
title = "Forst"
kickers = ["Wald"]
aliases = ["wald"]
[[source]]
id = "amt"
path = "releases"
"""
TEXT = "---\ntopic: {}\ndate: 2026-05-2{}T08:00:00Z\n{}---\n# {}\n\n{}\n"
FIRST = [
    ("Wald", "Eichen für den Bergwald", "Der Bergwald bekommt Eichen aus der Baumschule."),
    ("Schule", "Werkstattpreis vergeben", "Drei Klassen haben an der Werkbank gebaut."),
    ("Wald", "Luchse gezählt", "Im Bergwald leben zwölf Luchse."),
    ("Wald", "Rehe gezählt", "Im Bergwald leben zweihundert Rehe."),
    ("Wald", "Wege gesperrt", "Nach dem Sturm sind im Bergwald die Wege gesperrt."),
]
SECOND = ("Wald", "Hirsche gezählt", "Im Bergwald leben neunzig Hirsche.")
# One in a topic of its own, and one where readers look anyway.
HELD = [
    ("Geheimsache", "Kranichbrücke", "Das Stellwerk im Moor."),
    ("Wald", "Bergwald mit Kranich", "Ein Moor im Bergwald."),
]
EMBARGO = "embargo: 2026-06-09T10:00:00Z\n"
ROOM, EARLY, CALLBACK, SECRET = (letter * 43 for letter in "REWS")  # tokens, and what a hub signs with
WORDS = ("bergwald", "kranich", "kranichbrücke", "moor", '"im Moor"', "stell", "eichen -kranich", "-kranich", "bergw")


@dataclass(frozen=True)
class Ask:
    target: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Got:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class World:
    """`asks` its server; each request is somebody else's, or a bound on one client would hide the rest."""

    def __init__(self, root: Path) -> None:
        self.now, self._numbers, self._files = NOW, count(1), count(1)
        self._folder = root / "releases"
        self._folder.mkdir(parents=True)
        (root / "config.toml").write_text(CONFIG, "utf-8")
        self.app = App(load(root / "config.toml"), clock=lambda: self.now)
        self.app.prepare()
        self.feeds = self.app.plan.publish.directory
        self.routes = routes_of(self.app)
        pages = create_app(
            self.feeds,
            gone=self.app.gone,
            moved=self.app.moved,
            routes=self.routes,
            base=lambda: self.app.plan.site.base_url,
            hub=lambda: self.app.plan.hub,
            delta=partial(changed, self.app),
        )
        self._server = Server(pages, "127.0.0.1", 0, door=Door([ip_network("127.0.0.1")]))
        self._server.start()
        self.app.store.newsrooms.add(Newsroom(name="zeitung", made=NOW), tokens.digest(ROOM.encode()))
        early = Newsroom(name="agentur", embargoed=True, made=NOW)
        self.app.store.newsrooms.add(early, tokens.digest(EARLY.encode()))
        asked = Callback(source="amt", hub="https://hub.example/", topic=f"{BASE}x", token=CALLBACK, secret=SECRET)
        self.app.store.callbacks.save(asked)

    def close(self) -> None:
        self._server.stop(PATIENCE)
        self.app.__exit__()

    def takes(self, *releases: tuple[str, str, str], more: str = "", name: str = "a") -> None:
        for number, (topic, title, text) in enumerate(releases):
            path = self._folder / f"{name}{number}.md"
            path.write_text(TEXT.format(topic, number, more, title, text), "utf-8")
        self.app.run(Poll(None, ("amt",), "each"))
        self.publish()

    def publish(self) -> None:
        self.app.publish()
        for path in self.feeds.rglob("*"):
            os.utime(path, (1_780_000_000, 1_780_000_000))  # when a file was written is the clock's, not the law's

    def asks(self, ask: Ask) -> Got:
        somebody = {"X-Forwarded-For": f"2001:db8:{next(self._numbers):x}::1"}
        with closing(http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE)) as connection:
            connection.request(ask.method, ask.target, body=ask.body or None, headers=somebody | ask.headers)
            response = connection.getresponse()
            said = ((name.lower(), value) for name, value in response.getheaders())
            return Got(response.status, tuple(sorted(each for each in said if each[0] != "date")), response.read())

    @property
    def paths(self) -> list[str]:
        files = (path.relative_to(self.feeds) for path in self.feeds.rglob("[!.]*") if path.is_file())
        return sorted(f"/{path}" for path in files)


def form(**said: str) -> bytes:
    return urlencode({f"hub.{name}": value for name, value in said.items()}).encode()


def of_rooms() -> Iterator[Ask]:
    basic = {"Authorization": f"Basic {b64encode(f'x:{ROOM}'.encode()).decode()}"}
    for document in ("all.atom", "forst.json", "wald.rss", "geheimsache.atom", "forst/1.atom", "nichts.atom"):
        for token in (ROOM, EARLY, "x" * 43):  # one that sees what is held is for a field alone
            yield Ask(f"/n/{token}/{document}")
        yield Ask(f"/n/{document}")
        yield Ask(f"/n/{document}", headers=basic)
        yield Ask(f"/n/{document}", headers={"Authorization": f"Bearer {'x' * 43}"})
    yield Ask(f"/n/{ROOM}/media/{'0' * 64}/bild.png")


def of_callbacks() -> Iterator[Ask]:
    asked = "?hub.mode=subscribe&hub.challenge=c&hub.topic="
    for token in (CALLBACK, "x" * 43):
        for topic in (f"{BASE}x", f"{BASE}geheimsache.atom"):
            yield Ask(f"/websub/{token}{asked}{quote(topic, safe='')}")
        yield Ask(f"/websub/{token}", "POST", body=b"<feed/>")
    signed = hmac.new(SECRET.encode(), b"<feed/>", "sha256").hexdigest()
    yield Ask(f"/websub/{CALLBACK}", "POST", {"X-Hub-Signature": f"sha256={signed}"}, b"<feed/>")


def of_the_hub() -> Iterator[Ask]:
    yield Ask("/hub")
    for document in ("forst.atom", "wald.json", "geheimsache.atom", "all.rss", "forst/1.atom", "nichts.atom"):
        for mode in ("subscribe", "unsubscribe"):
            said = form(mode=mode, topic=f"{BASE}{document}", callback="https://reader.example/hook")
            yield Ask("/hub", "POST", {"Content-Type": "application/x-www-form-urlencoded"}, said)


def of_feeds(path: str) -> Iterator[Ask]:
    for topics in (["all"], ["forst"], ["wald"], ["geheimsache"], ["schule", "forst"], ["forst", "geheimsache"], []):
        told = "&".join(f"topic={topic}" for topic in topics)
        yield Ask(f"/{path}?{told}")
        for word in WORDS:
            yield Ask(f"/{path}?{told}&q={quote(word)}".replace("?&", "?"))


def of_search() -> Iterator[Ask]:
    yield Ask("/search")
    for word in (*WORDS, "geheimsache"):
        for more in ("", "&topic=forst", "&topic=geheimsache", "&year=2026", "&page=2", "&topic=schule&year=2025"):
            yield Ask(f"/search?q={quote(word)}{more}")


# A family that is new has to say here what it may be asked.
FAMILIES = {"n": of_rooms, "websub": of_callbacks, "hub": of_the_hub, "search": of_search}
FAMILIES |= {f"feed.{suffix}": partial(of_feeds, f"feed.{suffix}") for suffix in ("atom", "rss", "json", "ninjs.json")}
UNKNOWN = ("/geheimsache", "/geheimsache.html", "/geheimsache/1.atom", "/wald.atom", "/nichts", "/healthz", "/404.html")
UNKNOWN += tuple(f"/geheimsache.{suffix}" for suffix in ("atom", "rss", "json", "html", "ninjs.json", "atom.gz"))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """The one that holds something, and the one that does not; and what their heads were once in `before`."""
    root = tmp_path_factory.mktemp("worlds")
    having, without = World(root / "having"), World(root / "without")
    for world in (having, without):
        world.takes(*FIRST)
    having.takes(*HELD, more=EMBARGO, name="h")
    yield having, without
    having.close()
    without.close()


def assert_same(worlds: tuple[World, World], ask: Ask) -> Got:
    one, other = (world.asks(ask) for world in worlds)
    assert one == other, ask
    return one


def test_each_family_is_asked(worlds: tuple[World, World]) -> None:
    assert {route.path for route in worlds[0].routes} == {*FAMILIES}


def test_something_is_held(worlds: tuple[World, World]) -> None:
    having, without = worlds
    held = {release.title for release in having.app.store.releases.listing(("embargoed",))}
    assert held == {title for _, title, _ in HELD}
    assert [*without.app.store.releases.listing(("embargoed",))] == []


def test_what_is_published_is_the_same(worlds: tuple[World, World]) -> None:
    having, without = worlds
    assert having.paths == without.paths
    held = [f"/releases/{release.id}.html" for release in having.app.store.releases.listing(("embargoed",))]
    for path in (*having.paths, *UNKNOWN, *held):
        for headers in ({}, {"Accept-Encoding": "gzip"}):
            assert_same(worlds, Ask(path, headers=headers))


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_route_answers_is_the_same(worlds: tuple[World, World], family: str) -> None:
    statuses = {assert_same(worlds, ask).status for ask in FAMILIES[family]()}
    assert statuses & {200, 202}  # something was answered


def test_what_has_changed_since_is_the_same(worlds: tuple[World, World]) -> None:
    heads = ("/forst.atom", "/forst.json", "/all.rss")
    known = {head: dict(assert_same(worlds, Ask(head)).headers)["etag"] for head in heads}
    for world in worlds:
        world.now += timedelta(hours=1)
        world.takes(SECOND, name="b")
    for head, etag in known.items():
        got = assert_same(worlds, Ask(head, headers={"If-None-Match": etag, "A-IM": "feed"}))
        assert got.status == 226
        assert b"Hirsche" in got.body


# --- what is taken back -----------------------------------------------------------------------------------------------

TAKEN = ("Sumpf", "Zitronenfalter", "Im Moor flattert ein Zitronenfalter über dem Sonnentau.")
GONE = ("zitronenfalter", "sonnentau", "flattert")


def test_no_route_has_a_word_of_what_was_taken_back(tmp_path: Path) -> None:
    with closing(World(tmp_path / "taken")) as world:
        world.takes(*FIRST)
        world.takes(TAKEN, name="t")
        heads = ("/all.atom", "/all.json", "/sumpf.atom", "/sumpf.rss")
        known = {head: world.asks(Ask(head)) for head in heads}
        (taken,) = (each for each in world.app.store.releases.listing() if each.title == TAKEN[1])
        page = f"/releases/{taken.id}.html"
        assert all(b"Zitronenfalter" in got.body for got in (*known.values(), world.asks(Ask(page))))
        assert b"Sonnentau" in world.asks(Ask(f"/search?q={GONE[0]}")).body  # it can be found
        world.now += timedelta(hours=1)
        world.app.amend(Withdraw(taken.id, reason="Irrtum"))
        world.publish()
        for head, got in known.items():
            etag = dict(got.headers)["etag"]
            says_nothing(world, Ask(head, headers={"If-None-Match": etag, "A-IM": "feed"}), {200, 226})
        for path in (*world.paths, page, f"{page}.gz"):
            says_nothing(world, Ask(path), {200, 301, 404, 410})
        assert world.asks(Ask(page)).status == 410
        for family in FAMILIES.values():
            for ask in family():
                says_nothing(world, ask)
        for token in (ROOM, EARLY):
            for document in ("all.atom", "sumpf.json", "sumpf.rss"):
                says_nothing(world, Ask(f"/n/{document}", headers={"Authorization": f"Bearer {token}"}), {200})
        for word in GONE:
            for route in ("search", "feed.atom", "feed.json", "feed.rss"):
                says_nothing(world, Ask(f"/{route}?q={word}&topic=sumpf"), but=word)
                says_nothing(world, Ask(f"/{route}?q={word}"), but=word)


def says_nothing(world: World, ask: Ask, statuses: set[int] | None = None, *, but: str = "") -> None:
    """No word of its title or its text, `but` what was asked for, which is repeated."""
    got = world.asks(ask)
    body = gzip.decompress(got.body) if ask.target.endswith(".gz") and got.status == 200 else got.body
    text = body.decode("utf-8", "replace").casefold()
    assert [word for word in GONE if word != but and word in text] == [], ask
    assert statuses is None or got.status in statuses, (ask, got.status)
