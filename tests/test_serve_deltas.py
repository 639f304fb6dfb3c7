"""226 with `A-IM: feed` (RFC 3229), over a real server: who gets a part of a feed, and who the feed."""

import gzip
import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from syndicate.app import App, changed
from syndicate.config import load
from syndicate.errors import StoreError
from syndicate.model import Poll
from syndicate.serve import Server, create_app
from test_serve_files import FEED, GZIP, Answer, Site

PART = b"<feed>Neues aus Talland</feed>\n" * 30
KNOWN, NEWER, LARGE, BROKEN = "a" * 32, "b" * 32, "c" * 32, "d" * 32
IM = {"A-IM": "feed"}
DIGITS = hashlib.sha256(FEED).hexdigest()[:32]


@dataclass
class Maker:
    """What the daemon makes of versions, and what it was asked."""

    asked: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    reached: threading.Event = field(default_factory=threading.Event)
    holds: threading.Event | None = None
    fault: Exception | None = None

    def make(self, path: str, bases: tuple[str, ...], digits: str) -> tuple[str, bytes] | None:
        self.asked.append((path, bases, digits))
        self.threads.add(threading.get_ident())
        self.reached.set()
        if self.holds:
            self.holds.wait(10)
        if self.fault:
            raise self.fault
        if BROKEN in bases:
            raise KeyError(BROKEN)
        if LARGE in bases:
            return LARGE, FEED
        known = [base for base in (NEWER, KNOWN) if base in bases]
        return (known[0], PART) if known else None


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def site(tmp_path: Path, maker: Maker) -> Iterator[Site]:
    app = create_app(tmp_path, delta=maker.make, moved={"alt.atom": "neu.atom"}.get, hub=lambda: "https://hub.example/")
    with Server(app, "127.0.0.1", 0) as running:
        here = Site(tmp_path, running.port)
        for path in ("neu.atom", "neu.rss", "neu.json", "neu.html", "neu/1.atom", "alt.atom"):
            here.put(path, FEED)
        yield here


def holding(*tags: str) -> dict[str, str]:
    return IM | {"If-None-Match": ", ".join(tags)}


@pytest.mark.parametrize("path", ["/neu.atom", "/neu.rss", "/neu.json"])
def test_who_holds_a_version_gets_what_came_since(site: Site, maker: Maker, path: str) -> None:
    whole = site.ask(path)
    for _ in range(2):  # made, and kept
        part = site.ask(path, holding(f'"{KNOWN}"'))
        assert (part.status, part.body) == (226, PART)
        assert part.headers["im"] == "feed"
        assert part.headers["delta-base"] == f'"{KNOWN}"'
        assert part.headers["cache-control"] == "no-store, im, max-age=60"
        assert int(part.headers["content-length"]) == len(PART)
        assert "content-encoding" not in part.headers
        for name in ("etag", "last-modified", "content-type", "vary", "link", "access-control-allow-origin"):
            assert part.headers[name] == whole.headers[name], name
    assert maker.asked == [(path[1:], (KNOWN,), DIGITS)]
    assert threading.get_ident() not in maker.threads


def test_head_too(site: Site) -> None:
    for _ in range(2):
        head = site.ask("/neu.atom", holding(f'"{KNOWN}"'), "HEAD")
        assert (head.status, head.body, head.headers["im"]) == (226, b"", "feed")
        assert int(head.headers["content-length"]) == len(PART)


def test_compressed(site: Site) -> None:
    packed = site.ask("/neu.atom", GZIP).headers["etag"]
    for tag in (f'"{KNOWN}-gzip"', f'"{KNOWN}"'):
        for _ in range(2):
            part = site.ask("/neu.atom", GZIP | holding(tag))
            assert (part.status, part.headers["content-encoding"]) == (226, "gzip")
            assert gzip.decompress(part.body) == PART
            assert (part.headers["etag"], part.headers["delta-base"]) == (packed, tag)


@pytest.mark.parametrize(
    ("tags", "base"),
    [
        (f'W/"{KNOWN}"', KNOWN),
        (f'W/"{KNOWN}-gzip"', f"{KNOWN}-gzip"),
        (f'"{KNOWN}", "{NEWER}"', NEWER),
        (f'"{"0" * 32}", W/"{KNOWN}"', KNOWN),
        (f'"another", "{KNOWN}"', KNOWN),
    ],
)
def test_of_several_versions_the_newest_that_is_known(site: Site, tags: str, base: str) -> None:
    part = site.ask("/neu.atom", holding(tags))
    assert (part.status, part.headers["delta-base"]) == (226, f'"{base}"')


@pytest.mark.parametrize(
    "headers",
    [
        {},
        IM,
        {"If-None-Match": f'"{KNOWN}"'},
        {"A-IM": "vcdiff", "If-None-Match": f'"{KNOWN}"'},
        {"A-IM": "feed;q=0", "If-None-Match": f'"{KNOWN}"'},
        {"A-IM": "feed;q=0.000", "If-None-Match": f'"{KNOWN}"'},
        {"A-IM": "feeds", "If-None-Match": f'"{KNOWN}"'},
        {"A-IM": "x-feed", "If-None-Match": f'"{KNOWN}"'},
        holding(f'"{"0" * 32}"'),
        holding('"x"'),
        holding(KNOWN),
        holding(f'"{KNOWN.upper()}"'),
        holding(f'"{LARGE}"'),
        holding(f'"{BROKEN}"'),
        holding(""),
        IM | {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ],
)
def test_everybody_else_gets_the_feed(site: Site, headers: dict[str, str]) -> None:
    whole = site.ask("/neu.atom")
    for _ in range(2):
        answer = site.ask("/neu.atom", headers)
        assert (answer.status, answer.body) == (200, FEED)
        assert "im" not in answer.headers
        assert answer.headers["vary"] == whole.headers["vary"] == "accept-encoding, a-im, sec-fetch-dest"


@pytest.mark.parametrize("a_im", ["feed", "FEED", "vcdiff, feed", "feed;q=0.5, gzip", "diffe;q=1.0 , feed ; q=1"])
def test_ways_to_ask_for_it(site: Site, a_im: str) -> None:
    assert site.ask("/neu.atom", {"A-IM": a_im, "If-None-Match": f'"{KNOWN}"'}).status == 226


def test_who_is_up_to_date_is_told_so(site: Site, maker: Maker) -> None:
    tag = site.ask("/neu.atom").headers["etag"]
    for headers in (holding(tag), holding(f'"{KNOWN}"', tag), holding("*")):
        answer = site.ask("/neu.atom", headers)
        assert (answer.status, answer.headers["vary"]) == (304, "accept-encoding, a-im, sec-fetch-dest")
    assert maker.asked == []


def test_a_precondition_comes_first(site: Site) -> None:
    assert site.ask("/neu.atom", holding(f'"{KNOWN}"') | {"If-Match": '"x"'}).status == 412


@pytest.mark.parametrize(("path", "status"), [("/neu.html", 200), ("/neu/1.atom", 200), ("/alt.atom", 301)])
def test_only_heads_have_it(site: Site, maker: Maker, path: str, status: int) -> None:
    answer = site.ask(path, holding(f'"{KNOWN}"'))
    assert answer.status == status
    assert "a-im" not in answer.headers.get("vary", "")
    assert maker.asked == []


def test_ten_thousand_readers_of_one_version_cost_one(site: Site, maker: Maker) -> None:
    """Also those who come while it is made; nobody else waits."""
    maker.holds = threading.Event()
    with ThreadPoolExecutor(12) as readers:
        waiting = [readers.submit(site.ask, "/neu.atom", holding(f'"{KNOWN}"')) for _ in range(12)]
        assert maker.reached.wait(10)
        assert site.ask("/neu.atom").status == 200
        maker.holds.set()
        assert {answer.result().status for answer in waiting} == {226}
    assert len(maker.asked) == 1


def test_a_new_version_has_deltas_of_its_own(site: Site, maker: Maker) -> None:
    site.ask("/neu.atom", holding(f'"{KNOWN}"'))
    site.put("neu.atom", FEED + b"\n")
    assert site.ask("/neu.atom", holding(f'"{KNOWN}"')).status == 226
    assert len({digits for *_, digits in maker.asked}) == 2


def test_where_it_cannot_be_said_now_it_is_asked_again(site: Site, maker: Maker) -> None:
    maker.fault = StoreError("is being published")
    assert answered(site).status == 200
    maker.fault = None
    assert answered(site).status == 226


def answered(site: Site) -> Answer:
    return site.ask("/neu.atom", holding(f'"{KNOWN}"'))


def test_what_is_published_has_a_part_for_who_was_here_before(tmp_path: Path) -> None:
    """Whole: from a file in a folder to the answer."""
    (tmp_path / "releases").mkdir()
    config = tmp_path / "config.toml"
    config.write_text('site.tag = "talland.example,2026"\n[[source]]\nid = "amt"\npath = "releases"\n', "utf-8")

    def publish(*names: str) -> None:
        for name in names:
            text = f"---\ntopic: Brücken\n---\n# {name}\n\nDie Brücke {name} ist fertig, heißt es in Talland."
            (tmp_path / "releases" / f"{name}.md").write_text(text, "utf-8")
        app.run(Poll(None, ("amt",), "each"))
        app.publish()

    with App(load(config)) as app:
        app.prepare()
        publish(*(f"Nummer{n}" for n in range(9)))
        pages = create_app(tmp_path / "feeds", delta=partial(changed, app))
        with Server(pages, "127.0.0.1", 0) as running:
            site = Site(tmp_path / "feeds", running.port)
            for path in ("/bruecken.atom", "/all.json", "/all.rss"):
                tag = site.ask(path).headers["etag"]
                publish(f"Neu{path[1:].replace('.', '')}")
                part, whole = site.ask(path, holding(tag)), site.ask(path)
                assert (part.status, part.headers["etag"]) == (226, whole.headers["etag"])
                assert len(part.body) < len(whole.body) / 2
                assert f"Neu{path[1:].replace('.', '')}".encode() in part.body
                assert b"Nummer3" not in part.body
                assert site.ask(path, holding(whole.headers["etag"])).status == 304
            with pytest.raises(StoreError):
                changed(app, "all.atom", (tag.strip('"'), site.ask("/all.atom").headers["etag"].strip('"')), "0" * 32)
            assert changed(app, "all.atom", ("0" * 32,), "0" * 32) is None
            assert changed(app, "all.xml", (KNOWN,), KNOWN) is None
