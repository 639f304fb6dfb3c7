"""`/n/…` over a real server: who is let in, what all others are told, and that no token is anywhere but there."""

import base64
import gzip
import http.client
import json
import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli_site import ROAD, SCHOOL, SPEECH, Process, Site, free_port, waited
from syndicate.app import App
from syndicate.config import load
from syndicate.rooms import Access, Refused, tokens
from syndicate.serve import Newsrooms, Request, Route, Server, create_app
from waiting import until

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURED = """---
title: Bild vom Forst
topics: [Forst]
embargo: Redebeginn
image: {src: forst.png, alt: Ein Wald}
---
Ein Bild.
"""
ASKS = 'Basic realm="syndicate", charset="UTF-8", Bearer'


@dataclass
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return ", ".join(value for found, value in self.headers if found.lower() == name)

    @property
    def told(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """All that can be told from it, but for the second."""
        return self.status, [each for each in self.headers if each[0].lower() != "date"], self.body


@dataclass
class Paper:
    site: Site
    app: App
    port: int
    seconds: "Seconds"
    rooms: Newsrooms
    tokens: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, *options: str) -> str:
        added = self.site.run("newsrooms", "add", name, *options)
        assert added.code == 0, added.err
        self.tokens[name] = added.out.strip()
        return self.tokens[name]

    def get(self, path: str, token: str | None = None, *, method: str = "GET", **headers: str) -> Got:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = basic(token)
        return ask(self.port, f"/{path}", method, sent)


class Seconds:
    """A clock that goes on by `pace` at each look."""

    def __init__(self) -> None:
        self.now, self.pace = 0.0, 3_600.0

    def __call__(self) -> float:
        self.now += self.pace
        return self.now


def basic(token: str, user: str = "redaktion") -> str:
    return "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()


@contextmanager
def served(site: Site) -> Iterator[Paper]:
    site.run("run", "--once")
    seconds = Seconds()
    with App(load(site.config)) as app:
        app.prepare()
        rooms = Newsrooms(app, seconds)
        pages = create_app(site.feeds, gone=app.gone, moved=app.moved, routes=[Route("n", rooms, below=True)])
        with Server(pages, "127.0.0.1", 0) as server:
            yield Paper(site, app, server.port, seconds, rooms)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    site = Site(tmp_path_factory.mktemp("site"), school=SCHOOL, road=ROAD, speech=SPEECH, pictured=PICTURED)
    (site.releases / "forst.png").write_bytes(PNG)
    site.put("schulbild", PICTURED.replace("embargo: Redebeginn\n", "").replace("Forst", "Schule"))
    with served(site) as made:
        made.add("blatt", "--topics", "schule")
        made.add("alles")
        made.add("agentur", "--embargoed")
        made.add("schulagentur", "--embargoed", "--topics", "schule")
        yield made


UNNAMED = (
    "n",
    "n/schule.atom",
    "n/nichts.atom",
    "n/all.json",
    "n/schule/1.atom",
    "n/x/9.atom",
    "n/media/ab/x.png",
    "n/x",
    "n/",
    "n//x",
    "n/%ff",
    "n/.x",
)
BAD = (
    "",
    "Basic",
    "Basic !!",
    "Basic ÿ",
    basic(""),
    basic("x" * 43),
    "Bearer x",
    "Bearer",
    "Digest username=x",
    "Basic " + base64.b64encode(b"ohne").decode(),
)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_without_a_good_token_all_is_the_same_401(paper: Paper, method: str) -> None:
    expected = paper.get("n/schule.atom", method=method)
    assert (expected.status, expected["www-authenticate"], expected["cache-control"]) == (401, ASKS, "no-store")
    assert (expected["referrer-policy"], expected["vary"].lower()) == ("no-referrer", "authorization")
    for path in UNNAMED:
        assert paper.get(path, method=method).told == expected.told, path
        for sent in BAD:
            assert paper.get(path, method=method, Authorization=sent).told == expected.told, (path, sent)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_below_a_token_that_is_none_is_nothing(paper: Paper, method: str) -> None:
    unknown = paper.get("gibtsnicht.atom", method=method)
    assert (unknown.status, unknown["referrer-policy"]) == (404, "no-referrer")
    for token in ("x", "x" * 43, "X" * 43, paper.tokens["agentur"], paper.tokens["blatt"][:-1] + "."):
        for path in ("schule.atom", "nichts.atom", "all.json", "Schule/1.atom", "media/ab/x.png", "a/b/c"):
            assert paper.get(f"n/{token}/{path}", method=method).told == unknown.told, (token, path)
    paper.rooms.uses.settle()
    told = paper.site.run("status").out
    assert "newsroom agentur: its token" in told
    assert paper.tokens["agentur"] not in told


def test_a_good_token_is_let_in_by_whatever_way_is_open_to_it(paper: Paper) -> None:
    for name, path, status in (
        ("blatt", "schule.atom", 200),
        ("blatt", "all.json", 200),
        ("blatt", "verkehr.atom", 404),
        ("blatt", "forst.atom", 404),
        ("alles", "forst.atom", 200),
        ("agentur", "forst.rss", 200),
        ("schulagentur", "all.atom", 200),
        ("schulagentur", "forst.atom", 404),
    ):
        token = paper.tokens[name]
        by_basic = paper.get(f"n/{path}", token)
        assert by_basic.status == status, (name, path)
        for sent in (
            f"bearer {token}",
            f"Bearer  {token}",
            basic(token, ""),
            basic(token, "a"),
            basic(token).upper()[:6] + basic(token)[6:],
        ):
            assert paper.get(f"n/{path}", Authorization=sent).told == by_basic.told, sent
        if not name.endswith("agentur"):
            by_address = paper.get(f"n/{token}/{path}")
            assert by_address.status == status
            if status == 200:
                below = f"/n/{token}/".encode()
                assert by_address.body.replace(below, b"/n/").replace(b"../../", b"../") == by_basic.body
        if status == 404:
            assert by_basic.told == paper.get("gibtsnicht.atom").told


def test_a_room_is_asked_as_politely_as_what_is_published(paper: Paper) -> None:
    token = paper.tokens["agentur"]
    plain = paper.get("n/all.atom", token)
    assert (plain["cache-control"], plain["content-type"]) == (
        "private, no-store",
        "application/atom+xml; charset=utf-8",
    )
    assert {each.strip().lower() for each in plain["vary"].split(",")} == {"accept-encoding", "authorization"}
    assert plain["referrer-policy"] == "no-referrer"
    packed = paper.get("n/all.atom", token, Accept_Encoding="gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert packed["etag"] != plain["etag"]
    for form, how in ((plain, {}), (packed, {"Accept_Encoding": "gzip"})):
        for method in ("GET", "HEAD"):
            held = paper.get("n/all.atom", token, method=method, If_None_Match=form["etag"], **how)
            assert (held.status, held.body, held["etag"]) == (304, b"", form["etag"])
            assert held["cache-control"] == "private, no-store"
    head = paper.get("n/all.atom", token, method="HEAD")
    assert (head.body, head["content-length"], head["etag"]) == (b"", str(len(plain.body)), plain["etag"])
    assert paper.get("n/all.atom", paper.tokens["alles"])["etag"] != plain["etag"]
    assert paper.get("n/all.atom", token, method="POST").status == 405


def test_files_are_in_the_rooms_that_show_what_they_are_beside(paper: Paper) -> None:
    def address(token: str, path: str) -> str:
        (found,) = [i for item in json.loads(paper.get(path, token).body)["items"] if (i := item.get("image"))]
        return str(found).removeprefix(paper.app.plan.site.base_url)

    held = address(paper.tokens["agentur"], "n/forst.json")
    public = address(paper.tokens["blatt"], "n/schule.json")
    assert held.startswith("n/media/")
    assert public.startswith("media/")
    assert paper.get(held.removeprefix("n/")).status == 200  # the same picture beside a public release
    got = paper.get(held, paper.tokens["agentur"])
    assert (got.status, got.body, got["content-type"], got["cache-control"]) == (
        200,
        PNG,
        "image/png",
        "private, no-store",
    )
    assert "sandbox" in got["content-security-policy"]
    assert paper.get(f"n/{public}", paper.tokens["blatt"]).body == PNG
    assert paper.get(f"n/{paper.tokens['blatt']}/{public}").body == PNG
    assert paper.get(held, paper.tokens["agentur"], If_None_Match=got["etag"]).status == 304
    for path in ("n/media/0/x.png", f"{held}x", f"{held}/x", "n/media/x", "n/media"):
        assert paper.get(path, paper.tokens["agentur"]).status == 404, path
    assert paper.get(held).status == 401


def test_who_fails_too_often_is_sent_away_and_who_has_a_good_token_is_not(paper: Paper) -> None:
    paper.seconds.now, paper.seconds.pace = paper.seconds.now + 3_600, 0.5
    try:
        answers = [paper.get("n/all.atom", "x").status for _ in range(22)]
        assert answers == [401] * 20 + [429] * 2
        assert 0 < int(paper.get("n/TOKEN/all.atom")["retry-after"]) <= 60
        assert paper.get("n/all.atom").status == 429
        assert paper.get("n/all.atom", paper.tokens["alles"]).status == 200
        paper.seconds.now += 60
        assert paper.get("n/all.atom", "x").status == 401
    finally:
        paper.seconds.pace = 3_600


def test_who_asks_first_without_a_token_has_not_failed(paper: Paper) -> None:
    paper.seconds.now, paper.seconds.pace = paper.seconds.now + 3_600, 0.01
    try:
        for _ in range(30):
            assert paper.get("n/all.atom").status == 401
            assert paper.get("n/all.atom", paper.tokens["alles"]).status == 200
    finally:
        paper.seconds.pace = 3_600


def test_a_revoked_or_suspended_token_is_none_from_the_next_request_on(paper: Paper) -> None:
    token = paper.add("kurz")
    assert paper.get("n/all.atom", token).status == 200
    paper.app.store.newsrooms.suspend(datetime.now(UTC))
    try:
        assert paper.get("n/all.atom", token).told == paper.get("n/all.atom").told
        assert paper.get(f"n/{token}/all.atom").status == 404
    finally:
        paper.site.run("newsrooms", "confirm")
    assert paper.get("n/all.atom", token).status == 200
    paper.site.run("newsrooms", "revoke", "kurz")
    assert paper.get("n/all.atom", token).told == paper.get("n/all.atom").told
    assert paper.get(f"n/{token}/all.atom").status == 404


def test_the_last_use_is_told(paper: Paper) -> None:
    token = paper.add("gelesen")
    before = datetime.now(UTC).replace(microsecond=0)
    for _ in range(3):
        paper.get("n/all.atom", token)
    paper.rooms.uses.settle()
    (row,) = [each for each in paper.site.run("newsrooms", "list", "--json").json if each["name"] == "gelesen"]
    assert datetime.fromisoformat(row["last_use"]) >= before


def test_a_renamed_topic_leads_on_within_the_room(tmp_path: Path) -> None:
    site = Site(tmp_path, school=SCHOOL)
    site.run("run", "--once")
    token = site.run("newsrooms", "add", "blatt", "--topics", "schule").out.strip()
    config = site.config.read_text("utf-8")
    site.config.write_text(
        config.replace('title = "Schule"', 'id = "bildung"\ntitle = "Schule"\naliases = ["schule"]'), "utf-8"
    )
    with App(load(site.config)) as app:
        app.prepare()
        rooms = Newsrooms(app)
        for path, target in (("schule.atom", "bildung.atom"), ("schule/1.json", "../bildung/1.json")):
            moved = rooms(Request("GET", f"n/{path}", headers={b"authorization": basic(token).encode()}))
            assert moved is not None
            assert (moved.status, dict(moved.headers)[b"location"].decode()) == (301, target)
        found = rooms(Request("GET", f"n/{token}/bildung.atom"))
        assert found is not None
        assert found.status == 200


def test_failures_are_counted_by_network() -> None:
    class Nobody:
        class newsrooms:
            @staticmethod
            def by_token(_: bytes) -> None:
                return None

    access = Access(Nobody(), lambda: 0.0)  # type: ignore[arg-type]
    for number in range(20):
        access.by_header(b"Bearer x", f"2001:db8::{number}")
    with pytest.raises(Refused):
        access.by_header(b"Bearer x", "2001:db8::ff")
    access.by_header(b"Bearer x", "2001:db8:1::1")
    access.by_header(b"Bearer x", "192.0.2.1")


def test_a_token_is_never_like_a_topic() -> None:
    assert all(any(letter.isupper() or letter == "_" for letter in tokens.make()) for _ in range(200))


SPOKEN = "---\ntitle: Rede zum Forstjahr\ntopics: [Forst]\n{}---\n{}\n"
HELD = "embargo: 2099-01-02T{}:00+01:00\n"


def test_a_room_is_watched_through_a_whole_embargo(tmp_path: Path) -> None:
    """By commands beside the server, as an operator gives them; outside nothing is seen before it is lifted."""
    with served(Site(tmp_path, school=SCHOOL)) as paper:
        site, token, other = paper.site, paper.add("agentur", "--embargoed"), paper.add("alles")

        def told(front: str, text: str) -> list[tuple[str, str]]:
            site.put("rede", SPOKEN.format(front, text))
            assert site.run("ingest", "amt").code == 0
            return seen(token)

        def seen(token: str) -> list[tuple[str, str]]:
            items = json.loads(paper.get("n/all.json", token).body)["items"]
            return [(item["title"], item["content_html"]) for item in items]

        def outside() -> list[Got]:
            paths = (
                "all.atom",
                "forst.json",
                "topics.opml",
                "index.html",
                f"n/{other}/all.atom",
                f"n/{other}/forst.rss",
            )
            return [paper.get(path) for path in paths]

        school, public = seen(other)[0], [got.told for got in outside()]
        first, *rest = told(HELD.format("10:00"), "Eichen.")
        assert rest == [school]
        assert first[0] == "SPERRFRIST bis 2. Januar 2099, 10:00 Uhr: Rede zum Forstjahr"
        assert "Mehr Eichen" in told(HELD.format("10:00"), "Mehr Eichen.")[0][1]
        moved = told(HELD.format("11:00"), "Mehr Eichen.")[0][0]
        assert moved.startswith(
            "SPERRFRIST bis 2. Januar 2099, 11:00 Uhr – verschoben, bisher bis 2. Januar 2099, 10:00"
        )
        assert [got.told for got in outside()] == public
        release = site.release("--state", "embargoed")["id"]
        assert site.run("releases", "withdraw", release, "--reason", "Abgesagt").code == 0
        assert [title for title, _ in seen(token)] == ["Zurückgezogen", school[0]]
        assert [got.told for got in outside()] == public
        assert site.run("releases", "restore", release).code == 0
        assert seen(token)[0][0] == moved
        assert [got.told for got in outside()] == public
        assert site.run("releases", "lift", release).code == 0
        assert seen(token) == seen(other) != [school]
        assert seen(token)[0][0] == "Rede zum Forstjahr"
        assert "Noch mehr" in told(HELD.format("11:00"), "Noch mehr Eichen.")[0][1]
        assert seen(token) == seen(other)
        assert site.run("releases", "withdraw", release).code == 0
        assert (
            [title for title, _ in seen(token)] == [title for title, _ in seen(other)] == ["Zurückgezogen", school[0]]
        )


@pytest.mark.sqlite
def test_no_token_is_anywhere_but_there(tmp_path: Path) -> None:
    """In no line of a daemon that tells everything, in no published file, in no byte of the store."""
    port = free_port()
    site = Site(tmp_path, port=port, school=SCHOOL, speech=SPEECH)
    given = {name: site.run("newsrooms", "add", name, *more).out.strip() for name, more in NAMED.items()}
    with Process(site, "run", "-v") as daemon:
        waited(port, "all.atom", "Werkstattpreis", daemon)
        paths = [
            "all.atom",
            "all/1.atom",
            "all.rss",
            "nichts.atom",
            "media/ab/c.png",
            "%FF",
            "%00",
            "a%2Fb",
            "../x",
            "x?y=%FF",
            "{0}",
            "{0}/{0}",
        ]
        for token in (*given.values(), "x" * 43):
            for path in paths:
                for sent in (None, f"Bearer {token}", basic(token)):
                    headers = {"Authorization": sent} if sent else {}
                    for method in ("GET", "HEAD", "POST"):
                        referring = headers | {"Referer": f"http://a/n/{token}/x"}
                        ask(port, f"/n/{token}/{path.format(token)}", method, referring)
                        ask(port, f"/n/{path.format(token)}", method, headers)
            for line in (f"GET /n/{token}/x HTTP/9", f"G /n/{token} x", f"GET /n/x HTTP/1.1\r\nA {token}"):
                with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                    connection.sendall(f"{line}\r\n\r\n".encode())
                    connection.recv(1024)
        (path,) = tmp_path.glob("*.db")
        with sqlite3.connect(path) as store:  # a fault of ours while somebody asks
            store.execute("ALTER TABLE newsroom RENAME TO gone")
        for token in given.values():
            assert ask(port, f"/n/{token}/all.atom").status == 503
            assert ask(port, "/n/all.atom", headers={"Authorization": basic(token)}).status == 503
        with sqlite3.connect(path) as store:
            store.execute("ALTER TABLE gone RENAME TO newsroom")
        until(lambda: "its token" in site.run("status").out, "the alarm")
        daemon.ends(signal.SIGTERM)
    told = daemon.out.read_bytes() + daemon.err.read_bytes() + site.run("status", "--json").out.encode()
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    for token in given.values():
        for form in (token.encode(), basic(token).partition(" ")[2].encode()):
            assert form not in told
            assert not any(form in body for body in kept)
    assert b"a route could not answer" in told


NAMED: dict[str, tuple[str, ...]] = {"blatt": (), "agentur": ("--embargoed",)}


def ask(port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return Got(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


@pytest.mark.sqlite
def test_what_is_asked_of_the_store_tells_nothing(paper: Paper) -> None:
    """Whichever token it is that is not let in: the same questions, and nothing is waited for."""
    asked = list[str]()
    conn = paper.app.store._connection.db.conn
    conn.set_trace_callback(lambda sql: asked.append(re.sub("x'[^']*'", "?", sql, flags=re.IGNORECASE)))
    try:
        told = set()
        for path, sent in (
            ("n/x/all.atom", ""),
            (f"n/{'X' * 43}/all.atom", ""),
            (f"n/{paper.tokens['agentur']}/all.atom", ""),
            (f"n/{paper.tokens['agentur']}/nichts.atom", ""),
            ("n/all.atom", ""),
            ("n/nichts.atom", basic("x" * 43)),
            ("n/all/1.atom", "Bearer y"),
        ):
            asked.clear()
            paper.rooms(Request("GET", path, headers={b"authorization": sent.encode()}))
            told.add(tuple(asked))
        assert len(told) == 1
    finally:
        conn.set_trace_callback(None)
