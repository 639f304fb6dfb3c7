# ruff: noqa: E501  # a case is a row, however long
"""Documents that mean harm, or that nobody meant to be read: each is read or refused, and harms nothing."""

import os
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from hostile import addresses, jsoncases, make, pagecases, values, xmlcases
from hostile.case import MEDIA_TYPE, Case, Kind
from hostile.check import expect_sound
from hostile.world import HostileWorld, Run, ask, bounded, look, workers
from servers import Server
from syndicate.errors import ParseError
from syndicate.parse import subscriptions
from worlds import NOW


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def canary() -> Iterator[Server]:
    """Who is led here has followed a document where it must not."""
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with workers() as started:
        yield started


REFUSED_ADDRESSES = (
    *(f.translate({0: None, 1: None}) for f in addresses.FORMS[:4]),
    "file:///etc/passwd",
    "data:,x",
    "",
    "x",
    "http://",
)
CASES = (*xmlcases.CASES, *jsoncases.CASES, *pagecases.CASES, *values.CASES)


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory, server: Server, run: Run) -> Iterator[HostileWorld]:
    """For all that is refused: nothing of it is held, so nothing tells one case from the next."""
    with HostileWorld(tmp_path_factory.mktemp("common"), server, run=run) as world:
        ask(world, world.neighbour, seconds=10)
        yield world
        expect_sound(world)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_document(case: Case, tmp_path: Path, server: Server, canary: Server, run: Run, common: HostileWorld) -> None:
    if case.outcome == "refused":
        expect_case(case, common, canary)
        return
    with HostileWorld(tmp_path, server, run=run, large=case.large) as world:
        ask(world, world.neighbour, seconds=10)
        expect_case(case, world, canary)
        expect_sound(world)


def expect_case(case: Case, world: HostileWorld, canary: Server) -> None:
    held = world.held
    heard = ask(world, world.of(case, canary.url("")), seconds=case.seconds)
    said = f"{heard.outcome}, {len(heard.releases)} releases in {heard.seconds:.2f} s: {heard.reason[:1000]}"
    assert heard.outcome == case.outcome, said
    if case.kept is not None:
        assert len(heard.releases) == case.kept, said
    assert case.outcome == "read" or world.held == held, said
    assert case.says in heard.reason, said
    words = heard.words
    assert [text for text in case.holds if text not in words] == [], said
    assert [text for text in case.lacks if text in words] == [], said
    assert max(map(len, heard.reasons), default=0) < 500, said
    assert not canary.requests, canary.requests
    assert world.network.strayed == [], said


@pytest.mark.parametrize("number", range(len(values.TRAPS)))
@pytest.mark.parametrize("kind", values.TRAPPED)
def test_no_text_is_a_trap(kind: Kind, number: int, run: Run) -> None:
    """What makes a pattern try everything takes no longer than anything else of its size."""
    look(kind, values.trap(kind, values.TRAPS[number]), run, seconds=1.5)


@pytest.mark.parametrize("kind", ["rss", "atom", "rdf", "json", "ninjs", "html", "markdown", "page"])
def test_cut_at_every_point(kind: Kind, run: Run) -> None:
    """What is torn is refused, or its whole entries are kept: never a part of one."""
    makers = {"rss": make.item, "rdf": make.item, "atom": make.entry, "json": make.entry_of_json, "ninjs": make.news}
    document = getattr(make, {"json": "jsonfeed"}.get(kind, kind))
    whole = document(*(makers[kind](n) for n in (1, 2, 3))) if kind in makers else document(1)
    most = 0
    for end in range(0, len(whole), 23):
        titles = look(kind, whole[:end], run, seconds=0.5)
        if kind in makers:
            assert set(titles) <= {make.title(n) for n in (1, 2, 3)}, whole[max(end - 60, 0) : end]
            most = max(most, len(titles))
    assert kind not in ("rss", "atom", "rdf") or most >= 2


@pytest.mark.parametrize("changes", ["id", "date", "id and date"])
def test_what_changes_at_each_fetch(changes: str, tmp_path: Path, server: Server, run: Run) -> None:
    """Of an entry with an address of its own, no second release is made."""
    with HostileWorld(tmp_path, server, run=run) as world:
        ask(world, world.neighbour, seconds=10)
        for poll in range(3):
            now = NOW + timedelta(hours=poll)
            said = {"guid": f"g{poll}"} if "id" in changes else {}
            said |= {"date": format_datetime(now)} if "date" in changes else {}
            entries = [make.item(n, **{k: f"{v}-{n}" if k == "guid" else v for k, v in said.items()}) for n in (1, 2)]
            ask(world, world.served("quelle", make.rss(*entries), MEDIA_TYPE["rss"]), seconds=5, now=now)
            world.publish(now)
            assert len(world.entries()) == 4
        expect_sound(world)


NAMES = (
    "-rf.md", "a b.md", "a\nb.md", "<script>alert(1)<script>.md", "a'\"`$(id);&|.md", "\u202edm.md", "é\u0301.md",
    "a" * 240 + ".md", "CON.md", "%2e%2e%2fx.md", "a.md.md", "\\..\\..\\x.md", "{{7*7}}.md", "ä ö?#&.md", "~.md",
)  # fmt: skip


def test_hostile_names_in_a_folder(tmp_path: Path, server: Server, run: Run) -> None:
    with HostileWorld(tmp_path, server, run=run) as world:
        ask(world, world.neighbour, seconds=10)
        for n, name in enumerate(NAMES):
            (world.folder / name).write_bytes(make.markdown(n, body=f"{make.TEXT[0]} Das ist Nummer {n}."))
        (tmp_path / "draussen.md").write_bytes(make.markdown(99))
        (world.folder / "verweis.md").symlink_to(tmp_path / "draussen.md")
        (world.folder / "kreis").symlink_to(world.folder)
        os.mkfifo(world.folder / "rohr.md")
        Path(os.fsdecode(os.fsencode(world.folder) + b"/kein-\xff-utf8.md")).write_bytes(make.markdown(98))
        heard = ask(world, world.source, seconds=10)
        assert len(heard.releases) == len(NAMES)
        assert make.title(99) not in heard.words
        assert "not UTF-8" in heard.reason
        expect_sound(world)


F = 'xmlUrl="https://www.talland.example/feed"'
LISTS = (
    ("nothing", b"", None),
    ("no XML", b"\x00\x01 Quellen", None),
    ("HTML", b"<!DOCTYPE html><html><body><h1>Wartung</h1></body></html>", None),
    ("a feed", make.rss(), None),
    ("an external entity", f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{{canary}}/x">]><opml><body><outline text="&x;" {F}/></body></opml>'.encode(), None),
    ("a billion laughs", b'<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><opml><body><outline text="&b;"/></body></opml>', None),
    ("100,000 folders in each other", b"<opml><body>" + b'<outline text="x">' * 100_000, None),
    ("a DTD on the network", make.opml(f"<outline {F}/>").replace(b"<opml", b'<!DOCTYPE opml SYSTEM "{canary}/o.dtd"><opml'), 1),
    ("addresses that cannot be asked", make.opml(*(f'<outline xmlUrl="{make.escape(form)}"/>' for form in REFUSED_ADDRESSES), f"<outline {F}/>"), 1),
    ("the same feed 1,000 times", make.opml(f"<outline {F}/>" * 1_000), 1),
    ("an address of 100 kB", make.opml(f'<outline xmlUrl="https://www.talland.example/{"a" * 100_000}"/>', f"<outline {F}/>"), 1),
    ("a title of 100 kB, controls and bidi", make.opml(f'<outline text="{"T&#x202e;" * 50_000}" {F}/>'), 1),
    ("10,000 attributes", make.opml(f"<outline {F} " + " ".join(f"a{n}='1'" for n in range(10_000)) + "/>"), 1),
    ("references to what is no character", make.opml(f'<outline text="&#0;&#xD800;&unbekannt;&" {F}/>'), 1),
)  # fmt: skip


@pytest.mark.parametrize(("name", "body", "feeds"), LISTS, ids=[row[0] for row in LISTS])
def test_a_list_of_subscriptions(name: str, body: bytes, feeds: int | None, canary: Server) -> None:
    """How many feeds it names; None: it is refused. Nothing that it names is asked."""
    body = body.replace(b"{canary}", canary.url("").removesuffix("/").encode())
    with bounded(3):
        try:
            found = subscriptions(body)
        except ParseError:
            found = None
    assert (found and len(found.feeds)) == feeds
    for feed in found.feeds if found else ():
        assert feed.url.startswith(("https://", "http://"))
        assert len(feed.title or "") < 1000
    assert not canary.requests
