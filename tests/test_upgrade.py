"""An upgrade corrects nothing: another reader of the same bytes, which here is another configuration of the source and
a `run` that finds other words, replaces in place."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from older import as_it_was
from portals import EICHEN, TEXT, Portal, entry, html, page
from portals import feed as teasers
from portals import rss as as_feed
from servers import Reply, Server
from syndicate.model import Embargo, Release, Source
from syndicate.reading import Reading, Run, reader_of, rooms
from syndicate.store import of_file
from worlds import NOW, SITE, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Reader = Callable[[Release], Release | None]  # what today's program makes of a release; None: it refuses the entry


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path, page_size=3)
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as opened:
        yield opened


def reads(reader: Reader) -> Run:
    """What reads documents, by another program."""

    def run(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        part = function(*arguments)
        if isinstance(part, Reading):
            read = [(reader(release), capture) for release, capture in part.incoming]
            part.incoming = [(release, capture) for release, capture in read if release]
        return part

    return run


def newer(source: Source) -> Source:
    """The same source, as a newer program takes it."""
    return replace(source, select=(("title", "h1"),))


def shouting(release: Release) -> Release:
    return replace(release, title=release.title.upper(), teaser=f"{release.teaser} Mehr.", kicker="Land")


def steady(world: World) -> dict[str, Any]:
    """What an upgrade leaves: ids, dates, and the order in each feed."""
    held = world.store.releases.list()
    return {r.id: (r.atom_id, r.updated, r.published, r.revision, r.issued) for r in held}


def positions(world: World) -> list[tuple[str, int]]:
    rows = world.store._connection.execute("SELECT release, position FROM slot WHERE topic = 'all'")
    return sorted(rows)


def rss(*items: str, note: str = "") -> Reply:
    body = (
        f"<rss version='2.0'><channel><title>Amt</title><copyright>{note}</copyright>{''.join(items)}</channel></rss>"
    )
    return Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml", "ETag": f'"{hash(body)}"'})


def item(number: int, text: str = "Die Gäste ziehen ein.") -> str:
    return (
        f"<item><guid isPermaLink='false'>a{number}</guid><link>https://amt.example/{number}</link>"
        f"<title>Haus {number}</title><description>{text}</description><category>Bau</category></item>"
    )


def feed(server: Server) -> Source:
    return Source(id="amt", url=server.url("/rss"), allow_private=True, tag=SITE.tag, fulltext=False)


@pytest.mark.parametrize("answer", ["304", "200"])
def test_a_feed_that_has_not_changed_is_read_again_from_the_bytes_that_were_kept(
    world: World, server: Server, answer: str
) -> None:
    source = feed(server)
    server.answers("/rss", rss(item(1), item(2)))
    world.poll(NOW, source)
    world.publish()
    before, places = steady(world), positions(world)
    if answer == "304":
        server.answers("/rss", Reply(status=304, body=b""))
    changes = world.poll(NOW + DAY, newer(source), run=reads(shouting))
    assert [change.verdict for change in changes.changes] == ["quiet", "quiet"]
    assert (steady(world), positions(world)) == (before, places)
    world.publish(NOW + DAY)
    assert world.entries() == ["HAUS 1", "HAUS 2"]
    asked = len(server.requests)
    again = world.poll(NOW + 2 * DAY, newer(source), run=reads(shouting))
    assert len(server.requests) == asked + 1
    assert not any(change.verdict != "unchanged" for change in again.changes)


def test_what_is_read_as_it_was_touches_no_feed(world: World) -> None:
    """Also where nobody stated title and date."""
    world.write("a.md", "---\ntopic: Bau\n---\nIn 27 Gemeinden haben Dorfläden eröffnet. Sie sind zugänglich.\n")
    (made,) = world.poll().changes
    assert made.release.inferred == ("title", "published")
    world.publish()
    before = world.bytes()
    again = world.poll(NOW + DAY, newer(world.source))
    assert [change.verdict for change in again.changes] == ["unchanged"]
    world.publish(NOW + DAY)
    assert world.bytes() == before


def test_what_the_source_itself_has_changed_is_a_correction_and_nothing_else_is(world: World, server: Server) -> None:
    source = feed(server)
    server.answers("/rss", rss(item(1), item(2), item(3)))
    world.poll(NOW, source)
    server.answers("/rss", rss(item(1, "Die Gäste bleiben aus."), item(2), item(3), note="2026"))
    changes = world.poll(NOW + DAY, newer(source), run=reads(shouting))
    assert [change.verdict for change in changes.changes] == ["corrected", "quiet", "quiet"]


def old(world: World) -> None:
    """A store as an earlier program has left it: it knows no hashes and no readers."""
    path = Path(str(world.store))
    world.store.close()
    as_it_was(path)
    db = sqlite3.connect(path)
    db.execute("UPDATE edition SET reader = NULL, entry = NULL, data = json_remove(data, '$.entry', '$.reader')")
    db.execute("UPDATE release SET data = json_remove(data, '$.entry', '$.reader')")
    db.execute("UPDATE source SET learnt = json_remove(learnt, '$.reader')")
    db.execute("UPDATE file SET reader = NULL")
    db.commit()
    db.close()
    world.store = of_file(path)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("kept", "verdicts"),
    [(True, ["corrected", "quiet", "quiet"]), (False, ["quiet", "quiet", "quiet"])],
    ids=["from the bytes that were kept", "without them: in place, as nobody knows what the source has changed"],
)
def test_a_store_of_an_earlier_program(world: World, server: Server, kept: bool, verdicts: list[str]) -> None:
    source = feed(server)
    server.answers("/rss", rss(item(1), item(2), item(3)))
    world.poll(NOW, source)
    old(world)
    if not kept:
        world.store._connection.execute("DELETE FROM capture")
    server.answers("/rss", rss(item(1, "Die Gäste bleiben aus."), item(2), item(3), note="2026"))
    changes = world.poll(NOW + DAY, newer(source), run=reads(shouting))
    assert [change.verdict for change in changes.changes] == verdicts


@pytest.mark.sqlite
@pytest.mark.parametrize("before", [lambda _: None, old], ids=["known", "of an earlier program"])
def test_files_are_read_again_once(world: World, before: Callable[[World], None]) -> None:
    for name in "abc":
        world.write(f"{name}.md", f"---\ntopic: Bau\n---\n# Haus {name}\n\nDie Gäste ziehen {name} ein.\n")
    world.poll()
    world.publish()
    kept, places = steady(world), positions(world)
    before(world)
    source = newer(world.source)
    changes = world.poll(NOW + DAY, source, run=reads(shouting))
    assert [change.verdict for change in changes.changes] == ["quiet"] * 3
    assert (steady(world), positions(world)) == (kept, places)
    assert world.poll(NOW + 2 * DAY, source, run=reads(shouting)).read == 0


def test_what_was_refused_and_can_be_read_now_is_new(world: World) -> None:
    world.write("a.md", "---\ntitle: [\n---\nText\n")
    assert len(world.poll().rejected) == 1
    source = newer(world.source)
    assert world.poll().read == 0
    made = Release(title="Haus", language="de", published=NOW, updated=NOW, first_seen=NOW, source="ordner")

    def run(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return Reading(incoming=[(made, arguments[0].hash)], files=[replace(arguments[0].state, reason=None)])

    assert world.poll(NOW + DAY, source, run=run).count("new") == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("kept", [True, False])
def test_an_upgrade_lifts_no_embargo(world: World, kept: bool) -> None:
    world.write("a.md", "---\ntitle: Haus\nembargo: nach der Sitzung\n---\nDie Gäste ziehen ein.\n")
    world.poll()
    if not kept:
        old(world)
    source = newer(world.source)
    run = reads(lambda release: replace(release, embargo=None))
    for day in (1, 2):
        world.poll(NOW + day * DAY, source, run=run)
        (release,) = world.store.releases.list()
        assert release.state == "embargoed"
    world.write("a.md", "---\ntitle: Haus\n---\nDie Gäste ziehen heute ein.\n")
    world.poll(NOW + 3 * DAY, source, run=run)
    assert [r.state for r in world.store.releases.list()] == ["public"], "its source itself says no word of it any more"


def test_an_embargo_that_only_today_s_reader_sees(world: World) -> None:
    world.write("a.md", "---\ntitle: Haus\n---\nDie Gäste ziehen ein.\n")
    world.poll()
    run = reads(lambda release: replace(release, embargo=Embargo(event="nach der Sitzung")))
    (change,) = world.poll(NOW + DAY, newer(world.source), run=run).changes
    assert change.verdict == "held"
    (release,) = world.store.releases.list()
    assert (release.state, release.revision) == ("public", 1), "readers keep what they have, a person is asked"


def test_an_upgrade_withdraws_nothing(world: World) -> None:
    world.write("a.md", "---\ntitle: Haus\n---\nDie Gäste ziehen ein.\n")
    world.poll()
    run = reads(lambda release: replace(release, withdrawn=NOW))
    world.poll(NOW + DAY, newer(world.source), run=run)
    assert [r.state for r in world.store.releases.list()] == ["public"]


def test_a_date_that_only_today_s_reader_sees(world: World) -> None:
    world.write("a.md", "---\ntitle: Haus\n---\nDie Gäste ziehen ein.\n")
    world.poll()
    (before,) = world.store.releases.list()
    stated = NOW - 10 * DAY
    run = reads(lambda release: replace(release, published=stated, updated=stated, stated=stated, inferred=()))
    world.poll(NOW + DAY, newer(world.source), run=run)
    (after,) = world.store.releases.list()
    assert (after.published, after.updated) == (stated, before.updated)


@pytest.mark.sqlite
@pytest.mark.parametrize("before", [lambda _: None, old], ids=["known", "of an earlier program"])
@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        (Reply(status=304), ["quiet"]),
        (html(page(before="<!-- 2 -->")), ["quiet"]),
        (html(page(EICHEN, *TEXT, "Nachtrag: Es sind zweitausend Bäume.")), ["corrected"]),
    ],
    ids=["unchanged", "other bytes, the same words", "completed by the portal"],
)
def test_pages_of_releases(
    tmp_path: Path, server: Server, before: Callable[[World], None], answer: Reply, verdicts: list[str]
) -> None:
    def scored(release: Release) -> Release:
        return replace(release, content=release.content.replace("<p>", "<p>– ")) if release.content else release

    server.answers("/feed", as_feed(teasers(entry(EICHEN, server.url("/1")))))
    server.answers("/1", html(page(), ETag='"1"'), answer)
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        portal.publish()
        before(portal)
        portal.store._connection.execute(
            "UPDATE wanted SET said = json_remove(said, '$.reader', '$.entry'), page = json_remove(page, '$.reader')"
        )
        kept = steady(portal)
        portal.source = newer(portal.source)
        portal.plan = replace(portal.plan, sources=(portal.source,))
        asked = len(portal.asked("/1"))
        polled = portal.poll(NOW + HOUR, portal.source, run=reads(scored))
        assert not polled.count("corrected", "completed", "new")
        assert len(portal.asked("/1")) == asked, "an upgrade asks no page sooner"
        done = portal.read_one(NOW + 2 * HOUR, run=reads(scored))
        assert [change.verdict for change in done.changes.changes] == verdicts
        (release,) = portal.store.releases.list()
        assert "<p>– " in release.content
        assert (steady(portal) == kept) is (verdicts == ["quiet"])


def test_a_folder_s_many_files_are_recorded_in_batches(world: World) -> None:
    """Empty files, which are refused at once, and at the end of the alphabet a release."""
    for number in range(400):
        world.write(f"a{number:03}.txt", "")
    world.write("z.md", "---\ntitle: Haus\n---\nDie Gäste ziehen ein.\n")
    first = world.poll()
    state = world.store.sources.state(world.source.id)
    assert (first.read, first.left, len(state.files), state.last_success) == (300, 101, 300, None)
    world.write("a000.txt", "Notiz")
    second = world.poll()
    done = first.followed_by(second)
    assert (second.read, done.left, done.count("new"), done.read, done.untouched) == (102, 0, 1, 402, 0)
    assert world.store.sources.state(world.source.id).last_success == NOW
    # After an upgrade, what has changed goes before what is only read again.
    world.write("z.md", "---\ntitle: Haus\n---\nDie Gäste ziehen heute ein.\n")
    third = world.poll(NOW + DAY, newer(world.source))
    assert (third.read, third.left, third.count("corrected")) == (300, 101, 1)


def test_nothing_is_withdrawn_while_files_are_left(world: World) -> None:
    source = replace(world.source, missing="withdraw")
    world.write("a.md", "---\ntitle: Haus\n---\nDie Gäste ziehen ein.\n").rename(world.folder / "zz.md")
    world.poll(source=source)
    (world.folder / "zz.md").rename(world.folder / "zzz.md")
    for number in range(300):
        world.write(f"a{number:03}.txt", "")
    assert world.poll(source=source).left == 1
    assert [release.state for release in world.store.releases.list()] == ["public"]
    assert world.poll(source=source).left == 0
    assert [release.state for release in world.store.releases.list()] == ["public"], "it has only moved"


def test_a_list_s_headline_under_another_topic_is_the_same_headline(world: World) -> None:
    world.write("liste.txt", (Path(__file__).parent / "data" / "page" / "list-dated.txt").read_text("utf-8"))
    made = world.poll().changes
    assert len(made) > 2
    assert all(change.release.headline for change in made)
    before = steady(world)
    run = reads(lambda release: replace(release, kicker="Land"))
    changes = world.poll(NOW + DAY, newer(world.source), run=run)
    assert {change.verdict for change in changes.changes} == {"quiet"}
    assert steady(world) == before
    assert {release.kicker for release in world.store.releases.list()} == {"Land"}


def test_the_fingerprint_is_of_every_room_that_reads() -> None:
    """Also of one that a parser gets tomorrow: imports tell which they are."""
    found = rooms(Path(__file__).parents[1] / "src" / "syndicate")
    assert {"reading", "parse", "normalise", "notices", "text", "markup", "mediatypes"} <= found.keys()
    assert not {"store", "revise", "render", "placement", "config", "model"} & found.keys()
    assert all(found.values())


@pytest.mark.parametrize(
    "line",
    ["from syndicate.b import x", "from syndicate import a, b", "from syndicate import (\n    a,\n    b as c,\n)"],
)
def test_every_form_of_an_import_names_a_room(tmp_path: Path, line: str) -> None:
    (tmp_path / "reading.py").write_text(f"{line}\n\nfrom x import y\n")
    (tmp_path / "a.py").touch()
    (tmp_path / "b.py").write_text("there")
    assert rooms(tmp_path)["b"] == "there"


def test_what_takes_part_in_reading_a_source() -> None:
    source = Source(id="a", url="https://a.example/")
    others = [
        replace(source, timezone="Europe/Lisbon"), replace(source, language="en"), replace(source, format="html"),
        replace(source, images="text"), replace(source, headlines=False), replace(source, select=(("title", "h1"),)),
    ]  # fmt: skip
    same = [
        replace(source, interval=DAY), replace(source, priority=3), replace(source, topics=("Bau",)),
        replace(source, enabled=False), replace(source, content="teaser"), replace(source, url="https://b.example/"),
    ]  # fmt: skip
    assert len({reader_of(other) for other in (source, *others)}) == 7
    assert {reader_of(other) for other in same} == {reader_of(source)}
