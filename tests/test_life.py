"""A release's life after it was published: corrected, withdrawn, restored, edited, split; a topic renamed."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from servers import Reply, Server
from syndicate.errors import StoreError
from syndicate.model import Change, Changes, Embargo, Source, Topic
from syndicate.pipeline import Edit, Lift, Restore, Split, Withdraw, mark_missing, prepare, reclassify
from syndicate.recording import expire, mark_all
from worlds import NOW, PAGE, SITE, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def md(title: str, text: str, **front: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in {"title": title, "topic": "Schule", **front}.items())
    return f"---\n{lines}---\n\n{text}\n"


def published(world: World, text: str = md("Irrtum", "Das stimmt leider gar nicht.")) -> str:
    """One release that readers have seen; its id."""
    world.write("a.md", text)
    identifier = world.poll().changes[0].release.id
    world.publish()
    return identifier


def atom(world: World, topic: str = "schule") -> str:
    return (world.feeds / f"{topic}.atom").read_text("utf-8")


def item(world: World, topic: str = "schule", n: int = 0) -> dict[str, str]:
    found: dict[str, str] = json.loads((world.feeds / f"{topic}.json").read_text("utf-8"))["items"][n]
    return found


# --- withdrawal -------------------------------------------------------------------------------------------------------


def test_a_withdrawal_reaches_every_reader(world: World) -> None:
    identifier = published(world)
    own_id = item(world)["id"]
    world.act(Withdraw(identifier, "Zahlen\x07 falsch"), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert not any(b"Irrtum" in body or b"stimmt leider" in body for body in world.bytes().values())
    assert f'ref="{own_id}"' in atom(world)
    notice = item(world)
    assert (notice["id"], notice["title"], "Zahlen falsch" in notice["content_html"]) == (own_id, "Zurückgezogen", True)
    page = (world.feeds / "releases" / f"{identifier}.html").read_text("utf-8")
    assert "noindex" in page
    row = next(row for row in world.store.feeds.list() if row.id == "schule")
    assert row
    assert (row.entries, row.updated) == (0, NOW + HOUR)
    with pytest.raises(StoreError, match="already"):
        world.act(Withdraw(identifier))


def test_no_crawl_brings_it_back(world: World) -> None:
    identifier = published(world)
    world.act(Withdraw(identifier), NOW + HOUR)
    for n, text in enumerate([md("Irrtum", "Das stimmt leider gar nicht, oder doch."), md("Neu", "Anderer Text.")]):
        world.write("a.md", text)
        assert {c.verdict for c in world.poll(NOW + (n + 2) * HOUR).changes} <= {"unchanged", "new"}
    world.publish(NOW + DAY)
    assert world.store.releases.get(identifier).state == "withdrawn"  # type: ignore[union-attr]  # it is there


def test_notices_and_tombstones_have_their_time(world: World) -> None:
    identifier = published(world)
    world.act(Withdraw(identifier), NOW)
    world.publish(NOW)
    for days, notice, tombstone in [(29, True, True), (31, False, True), (89, False, True), (91, False, False)]:
        now = NOW + days * DAY
        with world.store.transaction():
            expire(world.store, world.plan.publish, now=now)
        if world.store.feeds.marks():
            world.publish(now)
        assert bool(world.entries("schule")) == notice, days
        assert ("deleted-entry" in atom(world)) == tombstone, days


def test_a_restored_release_comes_after_its_tombstone(world: World) -> None:
    identifier = published(world)
    world.act(Withdraw(identifier), NOW + HOUR)
    world.publish(NOW + HOUR)
    (change,) = world.act(Restore(identifier), NOW + HOUR).changes
    assert change.release.updated > NOW + HOUR
    world.publish(NOW + HOUR)
    assert "deleted-entry" not in atom(world)
    assert world.entries("schule") == ["Irrtum"]
    with pytest.raises(StoreError, match="not withdrawn"):
        world.act(Restore(identifier))


@pytest.mark.parametrize("words", ["Der Text, anders.", "Das stimmt leider nicht, die Zahlen waren ganz andere."])
def test_a_restored_release_is_corrected_by_its_file_and_is_one(world: World, words: str) -> None:
    identifier = published(world)
    world.act(Withdraw(identifier), NOW + HOUR)
    world.act(Restore(identifier), NOW + 2 * HOUR)
    world.write("a.md", md("Irrtum", words))
    changes = world.poll(NOW + 3 * HOUR).changes
    assert [(c.verdict, c.release.id) for c in changes] == [("corrected", identifier)]
    world.publish(NOW + 3 * HOUR)
    assert world.entries("schule") == ["Irrtum"]


def test_a_restored_release_outlives_its_file_until_that_speaks_again(world: World) -> None:
    """A person's word stands: neither a file that is not there nor one that goes unchanged says anything."""
    source = replace(world.source, missing="withdraw")
    identifier = published(world)
    world.write("b.md", md("Bleibt", "Ein anderer Text, der immer da ist."))
    world.poll()
    (world.folder / "a.md").unlink()
    assert [c.verdict for c in world.poll(NOW + HOUR, source).changes] == ["withdrawn"]
    world.act(Restore(identifier), NOW + 2 * HOUR)
    assert world.poll(NOW + 3 * HOUR, source).changes == ()
    world.write("a.md", md("Irrtum", "Das stimmt leider gar nicht, ist aber wieder da."))
    assert [(c.verdict, c.release.id) for c in world.poll(NOW + 4 * HOUR, source).changes] == [
        ("corrected", identifier)
    ]
    (world.folder / "a.md").unlink()
    assert [c.verdict for c in world.poll(NOW + 5 * HOUR, source).changes] == ["withdrawn"]


def test_what_was_never_public_leaves_nothing(world: World) -> None:
    world.publish()
    before = world.bytes()
    world.write("a.md", md("Geheim", "Noch nicht.", embargo="Redebeginn"))
    identifier = world.poll().changes[0].release.id
    world.act(Withdraw(identifier), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert world.bytes() == before


def test_the_page_for_nothing_lists_the_topics_that_readers_see(world: World) -> None:
    world.write("a.md", md("Eins", "Der erste Text."))
    world.poll()
    world.publish()
    before = world.bytes()["404.html"]
    assert b"/schule.html" in before
    assert b"/all.html" not in before
    world.write("b.md", md("Geheim", "Noch nicht.", topic="Neue Brücke", embargo="Redebeginn"))
    identifier = world.poll().changes[0].release.id
    world.publish(NOW + HOUR)
    assert world.bytes()["404.html"] == before
    world.act(Lift(identifier), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert '/neue-bruecke.html">Neue Brücke</a>'.encode() in world.bytes()["404.html"]


def test_its_files_go_with_it_unless_another_shows_them(world: World) -> None:
    (world.folder / "plan.png").write_bytes(b"\x89PNG\r\n\x1a\nplan")
    world.write("a.md", md("Eins", "Der erste Text.", image="plan.png"))
    world.write("b.md", md("Zwei", "Der zweite Text.", image="plan.png"))
    first, second = (c.release.id for c in world.poll().changes)
    world.publish()
    for identifier, left in ((first, 1), (second, 0)):
        world.act(Withdraw(identifier), NOW + HOUR)
        world.publish(NOW + HOUR)
        assert len(list((world.feeds / "media").rglob("*.png"))) == left


def test_a_removed_file_withdraws_where_that_is_wanted(world: World) -> None:
    for n in range(20):
        world.write(f"{n:02}.md", md(f"Meldung Nummer {n}", f"Der Text der Meldung {n}."))
    world.poll()
    source = replace(world.source, missing="withdraw")
    (world.folder / "03.md").unlink()
    assert world.poll(NOW + HOUR).count("withdrawn") == 0  # missing = "keep"
    world.write("03.md", md("Meldung Nummer 3", "Der Text der Meldung 3."))
    world.poll(NOW + 2 * HOUR)
    (world.folder / "03.md").unlink()
    (change,) = world.poll(NOW + 3 * HOUR, source).changes
    assert (change.verdict, change.release.title) == ("withdrawn", "Meldung Nummer 3")
    # An accident: half of them. Nothing goes, a person is asked, until they are back.
    kept = {p: p.read_text("utf-8") for p in sorted(world.folder.iterdir())[:9]}
    for path in kept:
        path.unlink()
    for n in (4, 5):
        assert world.poll(NOW + n * HOUR, source).count("withdrawn") == 0
        assert [a.kind for a in world.store.alarms.list()] == ["guard"]
    for path, text in kept.items():
        world.write(path.name, text)
    assert world.poll(NOW + 6 * HOUR, source).count("withdrawn") == 0
    assert world.store.alarms.list() == ()


def test_a_moved_file_withdraws_nothing(world: World) -> None:
    source = replace(world.source, missing="withdraw")
    for n in range(3):
        world.write(f"{n}.md", md(f"Meldung Nummer {n}", f"Der Text der Meldung {n}."))
    world.poll(source=source)
    for n, (old, new) in enumerate([("0.md", "sub/null.md"), ("sub/null.md", "wieder/0.md")]):
        (world.folder / new).parent.mkdir()
        (world.folder / old).rename(world.folder / new)
        assert {c.verdict for c in world.poll(NOW + (n + 1) * HOUR, source).changes} == {"unchanged"}
    assert world.poll(NOW + 3 * HOUR, source).changes == ()
    (world.folder / "wieder/0.md").unlink()
    (change,) = world.poll(NOW + 4 * HOUR, source).changes
    assert (change.verdict, change.release.title) == ("withdrawn", "Meldung Nummer 0")


def test_what_went_before_it_was_wanted_goes_when_it_is(world: World) -> None:
    for n in range(3):
        world.write(f"{n}.md", md(f"Meldung Nummer {n}", f"Der Text der Meldung {n}."))
    world.poll()
    (world.folder / "1.md").unlink()
    assert world.poll(NOW + HOUR).changes == ()
    (change,) = world.poll(NOW + 2 * HOUR, replace(world.source, missing="withdraw")).changes
    assert change.release.title == "Meldung Nummer 1"


def test_a_withdrawal_from_an_archive_page_is_told_in_the_head_too(tmp_path: Path) -> None:
    world = World(tmp_path, page_size=2)
    for n in range(9):
        world.write(f"{n}.md", md(f"Meldung Nummer {n}", f"Der Text der Meldung {n}."))
    oldest = world.poll().changes[-1].release
    world.publish()
    assert oldest.atom_id in (world.feeds / "schule" / "1.atom").read_text("utf-8")
    world.act(Withdraw(oldest.id), NOW + HOUR)
    world.publish(NOW + HOUR)
    for name in ("schule.atom", "schule/1.atom", "all.atom"):
        assert f'ref="{oldest.atom_id}"' in (world.feeds / name).read_text("utf-8"), name
    assert world.entries("schule")[0] == "Zurückgezogen"
    world.close()


def test_an_empty_folder_is_an_accident(world: World) -> None:
    path = world.write("a.md", md("Einzige", "Der einzige Text."))
    world.poll()
    path.unlink()
    assert world.poll(NOW + HOUR, replace(world.source, missing="withdraw")).changes == ()
    assert [a.kind for a in world.store.alarms.list()] == ["guard"]


ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:talland:feed</id><title>Portal</title>
<updated>2026-05-30T10:00:00Z</updated><author><name>Portal</name></author>{entries}</feed>"""
ENTRY = """<entry><id>urn:talland:{n}</id><title>Meldung {n} über Eichen</title><updated>2026-05-30T10:00:00Z</updated>
<link href="https://www.talland.example/m/{n}"/><category term="Forst"/><summary>Teaser {n}.</summary></entry>"""
DELETED = """<at:deleted-entry ref="urn:talland:{n}" when="2026-06-01T10:00:00Z"><at:comment>Irrtum</at:comment>
</at:deleted-entry>"""


def feed(*numbers: int, deleted: tuple[int, ...] = ()) -> Reply:
    entries = [ENTRY.format(n=n) for n in numbers] + [DELETED.format(n=n) for n in deleted]
    return Reply(body=ATOM.format(entries="".join(entries)).encode())


def test_a_sources_tombstones_withdraw_what_it_delivered_itself(world: World) -> None:
    with Server() as server:
        portal = Source(id="portal", url=server.answers("/a", feed(*range(30))), allow_private=True, tag=SITE.tag)
        liar = Source(id="liar", url=server.answers("/b", feed(50, deleted=(1, 2))), allow_private=True, tag=SITE.tag)
        world.poll(source=portal)
        assert world.poll(source=liar).count("withdrawn") == 0
        server.answers("/a", feed(*range(3, 30), deleted=(0, 1)))
        changes = world.poll(NOW + HOUR, portal)
        assert sorted(c.release.atom_id for c in changes.changes if c.verdict == "withdrawn") == [
            "urn:talland:0",
            "urn:talland:1",
        ]
        assert changes.changes[-1].release.reason == "Irrtum"
        # Torn: not a word of it withdraws anything. And not too many at once.
        torn = feed(3, deleted=(4,)).body.replace(b"</feed>", b"<entry><title>x")
        server.answers("/a", Reply(body=torn))
        assert world.poll(NOW + 2 * HOUR, portal).count("withdrawn") == 0
        server.answers("/a", feed(3, deleted=tuple(range(4, 16))))
        assert world.poll(NOW + 3 * HOUR, portal).count("withdrawn") == 0
        assert [a.subject for a in world.store.alarms.list() if a.kind == "guard"] == ["portal"]
    world.publish(NOW + DAY)
    assert "urn:talland:0" not in [entry.id for entry in feedparser.parse(atom(world, "forst")).entries]


# --- correction by hand -----------------------------------------------------------------------------------------------


def test_an_edit_is_a_correction_that_a_later_poll_does_not_undo(world: World) -> None:
    identifier = published(world)
    (change,) = world.act(Edit(identifier, {"title": "Richtig"}, note="Titel geändert"), NOW + HOUR).changes
    assert (change.verdict, change.release.revision, change.release.updated) == ("corrected", 2, NOW + HOUR)
    world.publish(NOW + HOUR)
    assert item(world)["title"] == "Richtig"
    assert "Titel geändert" in item(world)["content_html"]
    world.write("a.md", md("Irrtum", "Das stimmt jetzt aber wirklich."))
    (change,) = world.poll(NOW + 2 * HOUR).changes
    assert (change.release.title, change.fields, [note.text for note in change.release.notes]) == (
        "Richtig",
        ("content",),
        ["Titel geändert"],
    )
    assert [r.number for r in world.store.releases.history(identifier).revisions] == [1, 2, 3]


def test_a_typo_is_corrected_in_place(world: World) -> None:
    identifier = published(world, md("Tipfehler", "Der Text."))
    world.write("b.md", md("Oben", "Ein zweiter Text, der oben steht."))
    world.poll(NOW + HOUR)
    (change,) = world.act(Edit(identifier, {"title": "Tippfehler"}, minor=True), NOW + 2 * HOUR).changes
    assert (change.verdict, change.release.updated, change.release.revision) == ("minor", NOW, 2)
    world.publish(NOW + 2 * HOUR)
    assert world.entries("schule") == ["Oben", "Tippfehler"]


def test_an_embargo_can_be_set_anew_but_hides_nothing_that_was_shown(world: World) -> None:
    world.write("a.md", md("Geheim", "Noch nicht.", embargo="Redebeginn"))
    identifier = world.poll().changes[0].release.id
    world.act(Edit(identifier, {"embargo": Embargo(NOW + HOUR)}), NOW)
    assert world.store.releases.due(NOW + HOUR) == (identifier,)
    world.poll(NOW)  # what the file says does not undo it
    world.act(Lift(identifier), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert world.entries("schule") == ["Geheim"]
    with pytest.raises(StoreError, match="public already"):
        world.act(Edit(identifier, {"embargo": Embargo(NOW + DAY)}), NOW + HOUR)


def test_a_correction_notice_links_both_ways(world: World) -> None:
    identifier = published(world, md("Notaufnahme in Hohenried öffnet", "Sie öffnet am Montag.", id="n-1"))
    world.write("b.md", md("Berichtigung zur Notaufnahme", "Sie öffnet am Dienstag.", corrects="n-1"))
    other = world.poll(NOW + HOUR).changes[0].release
    assert other.corrects == "n-1"
    world.publish(NOW + HOUR)
    newer, older = item(world, n=0), item(world, n=1)
    assert f"releases/{identifier}.html" in newer["content_html"]
    assert f"releases/{other.id}.html" in older["content_html"]
    # The link goes with what it leads to.
    world.act(Withdraw(other.id), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert item(world, n=0)["title"] == "Zurückgezogen"
    assert other.id not in item(world, n=1)["content_html"]


def test_a_held_correction_is_not_linked(world: World) -> None:
    published(world, md("Notaufnahme in Hohenried öffnet", "Sie öffnet am Montag.", id="n-1"))
    before = world.bytes()
    world.write("b.md", md("Berichtigung", "Sie öffnet am Dienstag.", corrects="n-1", embargo="Redebeginn"))
    world.poll(NOW + HOUR)
    world.publish(NOW + HOUR)
    assert world.bytes() == before


# --- editions ---------------------------------------------------------------------------------------------------------

LONG = " ".join(f"Satz {n} sagt etwas über die Eichen am Berg und über ihre {n * 7} Nachbarn." for n in range(12))


def two_editions(world: World, tmp_path: Path) -> tuple[Source, str]:
    """The ministry's comes second, with another title and kicker, and a few words changed."""
    world.write("a.md", md("Eichen am Berg", LONG, topic="Forst"))
    identifier = world.poll().changes[0].release.id
    folder = tmp_path / "ministerium"
    folder.mkdir()
    (folder / "m.md").write_text(
        md("Ministerium pflanzt Bäume", LONG.replace("Satz 3", "Zeile 3"), topic="Umwelt"), "utf-8"
    )
    ministry = Source(id="ministerium", path=str(folder), tag=SITE.tag)
    world.plan = replace(world.plan, sources=(*world.plan.sources, ministry))
    return ministry, identifier


def test_near_identical_texts_of_two_sources_are_editions_of_one_release(world: World, tmp_path: Path) -> None:
    ministry, identifier = two_editions(world, tmp_path)
    (change,) = world.poll(NOW + HOUR, ministry).changes
    assert (change.verdict, change.release.id, change.release.title) == ("merged", identifier, "Eichen am Berg")
    world.publish(NOW + HOUR)
    assert world.entries("umwelt") == world.entries("forst") == ["Eichen am Berg"]
    # The portal's goes, the ministry's goes on.
    world.write("a.md", md("Eichen am Berg", LONG, topic="Forst", withdrawn="true"))
    (change,) = world.poll(NOW + 2 * HOUR).changes
    assert (change.release.state, change.release.title) == ("public", "Ministerium pflanzt Bäume")


def test_split_makes_two_releases_that_stay_apart(world: World, tmp_path: Path) -> None:
    ministry, identifier = two_editions(world, tmp_path)
    world.poll(NOW + HOUR, ministry)
    rest, apart = world.act(Split(identifier, "ministerium"), NOW + 2 * HOUR).changes
    assert (rest.release.id, apart.release.id != identifier) == (identifier, True)
    assert apart.release.atom_id != rest.release.atom_id
    world.publish(NOW + 2 * HOUR)
    assert (world.entries("forst"), world.entries("umwelt")) == (["Eichen am Berg"], ["Ministerium pflanzt Bäume"])
    path = Path(ministry.path or "") / "m.md"
    path.write_text(path.read_text("utf-8").replace("Satz 5", "Zeile 5"), "utf-8")
    (change,) = world.poll(NOW + 3 * HOUR, ministry).changes
    assert (change.verdict, change.release.id) == ("corrected", apart.release.id)
    with pytest.raises(StoreError, match="no second edition"):
        world.act(Split(identifier, "ministerium"))


# --- renamed topics ---------------------------------------------------------------------------------------------------


def test_a_renamed_topic_keeps_its_ids_and_its_old_address(tmp_path: Path) -> None:
    old = World(tmp_path, topics=(Topic("klinik", "Kliniken", kickers=("Gesundheit",)),), page_size=2)
    for n in range(5):
        old.write(f"{n}.txt", PAGE.split("Weitere")[0].replace("Hohenried", f"Ort {n}"))
    old.poll()
    old.publish()
    before = feedparser.parse((old.feeds / "klinik.atom").read_bytes())
    assert (old.feeds / "klinik" / "1.atom").exists()
    old.close()
    new = World(
        tmp_path, topics=(Topic("gesundheit", "Gesundheit", kickers=("Gesundheit",), aliases=("klinik",)),), page_size=2
    )
    new.publish(NOW + HOUR)
    after = feedparser.parse((new.feeds / "gesundheit.atom").read_bytes())
    assert after.feed.id == before.feed.id
    assert [e.id for e in after.entries] == [e.id for e in before.entries]
    for name in (".atom", ".rss", ".json", ".html", "/1.atom"):
        assert (new.feeds / f"klinik{name}").read_bytes() == (new.feeds / f"gesundheit{name}").read_bytes()
    assert "klinik.atom" not in (new.feeds / "topics.opml").read_text("utf-8")
    prepare(new.store, new.plan, now=NOW + HOUR)
    assert new.publish(NOW + HOUR) == []
    new.close()


# --- nothing invalid --------------------------------------------------------------------------------------------------


def spoil(world: World, identifier: str, **fields: str) -> None:
    """As a fault of ours in an earlier stage would: what is held cannot be rendered as a valid document."""
    stored = world.store.releases.get(identifier)
    assert stored
    spoilt = replace(stored, **fields)  # type: ignore[arg-type]  # of any field
    change = Change(verdict="minor", release=spoilt, reasons=((Topic("schule", "Schule"), "kicker"),))
    world.put(Changes(changes=(change,)))


@pytest.mark.parametrize("fields", [{"url": "kein url"}, {"title": "\x00"}, {"title": ""}, {"atom_id": "mit leer"}])
def test_a_release_that_cannot_be_rendered_is_left_out_of_a_valid_feed(world: World, fields: dict[str, str]) -> None:
    world.write("a.md", md("Eins", "Der erste Text."))
    world.write("b.md", md("Zwei", "Der zweite Text."))
    first = world.poll().changes[0].release.id
    world.publish()
    spoil(world, first, **fields)
    world.publish(NOW + HOUR)
    assert world.entries("schule") == ["Zwei"]
    assert [entry.title for entry in feedparser.parse(atom(world)).entries] == ["Zwei"]
    assert ("render", first) in [(a.kind, a.subject) for a in world.store.alarms.list()]
    assert world.store.feeds.marks() == ()
    spoil(world, first, url="https://www.talland.example/eins", title="Eins", atom_id="urn:talland:eins")
    world.publish(NOW + 2 * HOUR)
    assert sorted(world.entries("schule")) == ["Eins", "Zwei"]
    assert world.store.alarms.list() == ()


def test_where_nothing_helps_the_last_good_feed_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    published(world)
    before = world.bytes()
    publish = replace(world.plan.publish, formats=("atom", "json"))
    world.plan = replace(world.plan, site=replace(SITE, language="!"), publish=publish)
    monkeypatch.setattr("syndicate.documents.validation.faults", lambda document: ("says nothing good",))
    mark_all(world.store, now=NOW)
    ours = ["404.html", "feed.css"]  # of our words alone
    assert world.publish(NOW + HOUR) == ours
    assert {p: b for p, b in world.bytes().items() if p not in ours} == {
        p: b for p, b in before.items() if p not in ours
    }
    assert {a.kind for a in world.store.alarms.list()} == {"render"}


# --- what an attacker tried -------------------------------------------------------------------------------------------

THREE = [
    ("Brücke fertig", "Über die Talle führt wieder eine Brücke aus Stein."),
    ("Schule eröffnet", "Achtzig Kinder lernen seit Montag in neuen Räumen."),
    ("Wald wächst", "Auf dem Hochtalkopf stehen nun neunzigtausend Eichen."),
]


def test_a_file_used_again_and_again_is_each_time_another_release(world: World) -> None:
    ids = set()
    for n, (title, text) in enumerate([*THREE, THREE[0], THREE[1], THREE[0]]):
        world.write("aktuell.md", md(title, text))
        ids |= {c.release.atom_id for c in world.poll(NOW + n * HOUR).changes}
    assert len(ids) == 3  # the first ones come back as themselves, by their words
    world.publish(NOW + DAY)
    assert sorted(world.entries("schule")) == sorted(title for title, _ in THREE)


def test_a_moved_file_that_is_edited_later_is_still_the_same_release(world: World) -> None:
    published(world, md("Eichen am Berg", LONG))
    (world.folder / "a.md").rename(world.folder / "b.md")
    world.poll(NOW + HOUR)
    world.write("b.md", md("Eichen am Berg", LONG + " Und noch ein Satz."))
    assert [c.verdict for c in world.poll(NOW + 2 * HOUR).changes] == ["corrected"]


def test_a_withdrawn_release_does_not_come_back_by_moving_and_editing_its_file(world: World) -> None:
    identifier = published(world, md("Eichen am Berg", LONG))
    world.act(Withdraw(identifier), NOW + HOUR)
    (world.folder / "a.md").rename(world.folder / "b.md")
    world.poll(NOW + 2 * HOUR)
    world.write("b.md", md("Eichen am Berg", LONG + " Und noch ein Satz."))
    assert [c.verdict for c in world.poll(NOW + 3 * HOUR).changes] == ["unchanged"]


def another_source(world: World, tmp_path: Path, text: str, priority: int = 0) -> Source:
    folder = tmp_path / "andere"
    folder.mkdir(exist_ok=True)
    (folder / "b.md").write_text(text, "utf-8")
    other = Source(id="andere", path=str(folder), tag=SITE.tag, priority=priority)
    world.plan = replace(world.plan, sources=(*world.plan.sources, other))
    return other


OPEN = "Was alle wissen dürfen, das steht in diesem einen Satz und in noch einem zweiten dahinter."
SECRET = OPEN + " Der dritte ist noch geheim."
HELD = {"url": "https://www.talland.example/u", "embargo": "2026-06-03T12:00:00Z"}


def test_the_topic_of_a_held_edition_is_not_told(world: World, tmp_path: Path) -> None:
    published(world, md("Alt", OPEN, url=HELD["url"]))
    other = another_source(world, tmp_path, md("Neu", SECRET, **{**HELD, "topic": "Geheimthema"}))
    world.poll(NOW + HOUR, other)
    world.write("a.md", md("Alt", OPEN + " Und mehr.", url=HELD["url"]))
    world.poll(NOW + 2 * HOUR)
    world.plan = replace(world.plan, topics=(Topic("x", "X"),))
    reclassify(world.store, plan=world.plan, now=NOW + 3 * HOUR)
    world.publish(NOW + 3 * HOUR)
    assert world.entries("schule") == ["Alt"]
    assert not any(b"eheim" in body for body in world.bytes().values())
    # At its end it joins: the first source's words stay, its topic comes.
    world.act(Lift(world.store.releases.list()[0].id), NOW + 2 * DAY)
    world.publish(NOW + 2 * DAY)
    assert world.entries("geheimthema") == ["Alt"]


@pytest.mark.parametrize("act", [{"fields": {"kicker": "Forst"}, "minor": True}, {"note": "Nur ein Hinweis"}])
def test_an_edit_beside_a_held_version_hides_and_shows_nothing(world: World, act: dict[str, Any]) -> None:
    identifier = published(world, md("Alt", OPEN))
    world.write("a.md", md("Alt", SECRET, embargo=HELD["embargo"]))
    assert [c.verdict for c in world.poll(NOW + HOUR).changes] == ["held"]
    world.act(Edit(identifier, **act), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert world.entries() == ["Alt"]
    assert not any(b"geheim" in body for body in world.bytes().values())
    assert world.store.releases.due(NOW + 3 * DAY) == (identifier,)


def test_a_held_version_outlives_withdrawal_and_restore(world: World) -> None:
    identifier = published(world, md("Alt", OPEN))
    world.write("a.md", md("Alt", SECRET, embargo=HELD["embargo"]))
    world.poll(NOW + HOUR)
    world.act(Withdraw(identifier), NOW + 2 * HOUR)
    assert world.store.releases.due(NOW + 3 * DAY) == ()
    world.act(Restore(identifier), NOW + 3 * HOUR)
    world.act(Lift(identifier), NOW + 3 * DAY)
    world.publish(NOW + 3 * DAY)
    assert "noch geheim" in item(world)["content_html"]


def test_what_was_put_right_while_it_was_withdrawn_is_what_comes_back(world: World) -> None:
    identifier = published(world, md("Mensa", "Sie hat 120 Plätze und öffnet im Herbst für alle Schulen der Stadt."))
    world.act(Withdraw(identifier), NOW + HOUR)
    world.write("a.md", md("Mensa", "Sie hat 240 Plätze und öffnet im Herbst für alle Schulen der Stadt."))
    changes = world.poll(NOW + 2 * HOUR)
    assert [change.verdict for change in changes.changes] == ["unchanged"]
    world.publish(NOW + 2 * HOUR)
    assert not any(b"240" in body for path, body in world.bytes().items())
    world.act(Restore(identifier), NOW + 3 * HOUR)
    world.publish(NOW + 3 * HOUR)
    assert "240 Plätze" in item(world)["content_html"]
    assert not any(b"120 Pl" in body for path, body in world.bytes().items())
    assert [change.verdict for change in world.poll(NOW + 4 * HOUR).changes] in ([], ["unchanged"])


def test_an_embargo_that_comes_while_it_is_withdrawn_is_not_restored_away(world: World) -> None:
    identifier = published(world, md("Mensa", OPEN))
    world.act(Withdraw(identifier), NOW + HOUR)
    world.write("a.md", md("Mensa", SECRET, embargo=HELD["embargo"]))
    world.poll(NOW + 2 * HOUR)
    world.act(Restore(identifier), NOW + 3 * HOUR)
    world.publish(NOW + 3 * HOUR)
    assert not any(b"geheim" in body for body in world.bytes().values())


EIGHT, ELEVEN = "2026-06-01T20:00:00+00:00", "2026-06-01T23:00:00+00:00"  # hours after NOW


@pytest.mark.parametrize(
    ("first", "then", "out"),
    [
        (EIGHT, ELEVEN, 11),
        (ELEVEN, EIGHT, 8),
        (EIGHT, "Redebeginn", None),
        ("Redebeginn", EIGHT, 8),
        (EIGHT, None, 4),
    ],
)
def test_an_end_that_is_put_off_while_it_is_withdrawn_holds(
    world: World, first: str, then: str | None, out: int | None
) -> None:
    """Nobody has seen it: what its source says by now is what holds it, and what comes out."""
    world.write("a.md", md("Mensa", "Sie öffnet im Herbst.", embargo=first))
    identifier = world.poll().changes[0].release.id
    world.act(Withdraw(identifier), NOW + HOUR)
    world.write("a.md", md("Mensa", "Sie öffnet im Winter.", **({"embargo": then} if then else {})))
    world.poll(NOW + 2 * HOUR)
    world.act(Restore(identifier), NOW + 4 * HOUR)
    for hours in range(4, 13):
        now = NOW + hours * HOUR
        for due in world.store.releases.due(now):
            world.act(Lift(due, due=now), now)
        world.publish(now)
        assert any(b"Winter" in body for body in world.bytes().values()) == (out is not None and hours >= out)
        assert not any(b"Herbst" in body for body in world.bytes().values())


def test_a_lifted_edition_does_not_displace_one_with_higher_priority(world: World, tmp_path: Path) -> None:
    published(world, md("Alt", OPEN, url=HELD["url"]))
    other = another_source(world, tmp_path, md("Neu", SECRET, **HELD), priority=-1)
    world.poll(NOW + HOUR, other)
    identifier = world.store.releases.list()[0].id
    world.act(Lift(identifier), NOW + 2 * DAY)
    world.publish(NOW + 2 * DAY)
    assert world.entries("schule") == ["Alt"]
    assert world.store.releases.waits(identifier) == ()


def test_the_same_short_text_from_two_sources_is_one_release(world: World, tmp_path: Path) -> None:
    text = md("Brücke fertig", "Über die Talle führt seit heute wieder eine Brücke.")
    published(world, text)
    assert [c.verdict for c in world.poll(NOW + HOUR, another_source(world, tmp_path, text)).changes] == ["merged"]


def test_no_related_block_tells_of_what_was_withdrawn(world: World) -> None:
    world.write("seite.txt", PAGE)
    line = next(c.release for c in world.poll().changes if c.release.title.startswith("Eichen"))
    world.publish()
    world.act(Withdraw(line.id), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert not any("Eichen für den Bergwald" in body.decode() for body in world.bytes().values())
    world.act(Restore(line.id), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert "Eichen für den Bergwald" in (world.feeds / "gesundheit.atom").read_text("utf-8")


def test_no_page_has_the_address_of_a_withdrawn_one_that_it_corrects(world: World) -> None:
    address = "https://amt.example/presse/zitronenfalter-im-moor"
    world.write("a.md", md("Falter im Moor", "Zwölf Falter flattern über dem Moor.", url=address))
    world.write("b.md", md("Falter im Wald", "Es waren elf, und sie flogen im Wald.", corrects=address))
    first = next(change.release for change in world.poll().changes if change.release.url)
    world.publish()
    world.act(Withdraw(first.id), NOW + HOUR)
    world.publish(NOW + HOUR)
    left = [path for path, body in world.bytes().items() if b"zitronenfalter" in body and first.id not in path]
    assert left == []
    world.act(Restore(first.id), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert "zitronenfalter" in (world.feeds / "all.atom").read_text("utf-8")


def test_what_is_nested_without_end_is_read_all_the_same(world: World) -> None:
    world.write("tief.md", md("Tief", "<div>" * 100_000 + "tief"))
    world.write("flach.md", md("Flach", "Ein gewöhnlicher Text."))
    changes = world.poll()
    assert [c.release.title for c in changes.changes] == ["Flach", "Tief"]
    assert "tief" in changes.changes[1].release.content


def test_feeds_that_were_deleted_come_back(world: World) -> None:
    published(world)
    before = world.bytes()
    shutil.rmtree(world.feeds)
    mark_missing(world.store, world.plan, now=NOW)
    world.publish(NOW + HOUR)
    assert world.bytes() == before


def test_a_portal_that_moves_its_pages_makes_no_new_releases(world: World) -> None:
    entry = """<entry><id>{id}</id><title>Eichen am Berg</title><updated>2026-05-30T10:00:00Z</updated>
<published>2026-05-30T10:00:00Z</published><link href="{id}"/><category term="Forst"/>
<content>{text}</content></entry>"""
    with Server() as server:
        portal = Source(id="portal", url=server.url("/a"), allow_private=True, tag=SITE.tag)
        for n, (identifier, text) in enumerate(
            [("https://a.example/alt/1", LONG), ("https://a.example/neu/eichen-1", LONG.replace("Satz 3", "Zeile 3"))]
        ):
            server.answers("/a", Reply(body=ATOM.format(entries=entry.format(id=identifier, text=text)).encode()))
            verdicts = [c.verdict for c in world.poll(NOW + n * HOUR, portal).changes]
            assert verdicts == (["corrected"] if n else ["new"])
    world.publish(NOW + DAY)
    assert len(world.entries("forst")) == 1


def test_what_is_withdrawn_is_not_split(world: World, tmp_path: Path) -> None:
    ministry, identifier = two_editions(world, tmp_path)
    world.poll(NOW + HOUR, ministry)
    world.act(Withdraw(identifier), NOW + 2 * HOUR)
    with pytest.raises(StoreError, match="withdrawn"):
        world.act(Split(identifier, "ministerium"), NOW + 3 * HOUR)


def test_a_restored_release_stays_though_its_file_is_gone(world: World) -> None:
    for n in range(3):
        world.write(f"{n}.md", md(f"Meldung Nummer {n}", f"Der Text der Meldung {n}."))
    world.poll()
    source = replace(world.source, missing="withdraw")
    (world.folder / "1.md").unlink()
    (change,) = world.poll(NOW + HOUR, source).changes
    world.act(Restore(change.release.id), NOW + 2 * HOUR)
    assert world.poll(NOW + 3 * HOUR, source).changes == ()
    world.publish(NOW + 3 * HOUR)
    assert len(world.entries("schule")) == 3


def test_two_held_versions_of_two_sources_come_each_at_its_end(world: World, tmp_path: Path) -> None:
    published(world, md("Alt", OPEN, url=HELD["url"]))
    other = another_source(
        world, tmp_path, md("Neu B", SECRET, url=HELD["url"], embargo="2026-06-05T12:00:00Z"), priority=5
    )
    world.write("a.md", md("Neu A", SECRET, url=HELD["url"], embargo="2026-06-03T12:00:00Z"))
    # The own one waits behind what readers have, the other stands apart.
    assert [c.verdict for c in (*world.poll(NOW + HOUR).changes, *world.poll(NOW + HOUR, other).changes)] == [
        "held",
        "new",
    ]
    for day, title in ((3, "Neu A"), (5, "Neu B")):
        now = NOW + (day - 1) * DAY
        for identifier in world.store.releases.due(now):
            world.act(Lift(identifier, due=now), now)
        world.publish(now)
        assert world.entries("schule") == [title]


def test_a_headline_and_its_release_in_one_poll(world: World) -> None:
    world.write("a.txt", PAGE)
    world.write("b.md", md("Eichen für den Bergwald", "Dreißig Hektar Eichen werden gesetzt.", topic="Forst"))
    world.poll()
    world.publish()
    assert world.entries("forst") == ["Eichen für den Bergwald"]


def test_a_lift_that_was_put_off_meanwhile_lifts_nothing(world: World) -> None:
    world.write("a.md", md("Geheim", "Noch nicht.", embargo="2026-06-03T12:00:00Z"))
    identifier = world.poll().changes[0].release.id
    with pytest.raises(StoreError, match="put off"):
        world.act(Lift(identifier, due=NOW + HOUR), NOW + HOUR)


def test_a_picture_that_two_show_goes_with_the_last(world: World) -> None:
    (world.folder / "plan.png").write_bytes(b"\x89PNG\r\n\x1a\nplan")
    world.write("a.md", md("Eins", "Der erste Text.", image="plan.png"))
    world.write("b.md", md("Zwei", "Der zweite Text.", image="plan.png"))
    first, second = (c.release.id for c in world.poll().changes)
    world.publish()
    for n, (identifier, left) in enumerate(((second, 1), (first, 0))):
        world.act(Withdraw(identifier), NOW + (n + 1) * HOUR)
        world.publish(NOW + (n + 1) * HOUR)
        assert len(list((world.feeds / "media").rglob("*.png"))) == left


def test_a_picture_that_two_show_goes_where_both_go_at_once(world: World) -> None:
    (world.folder / "plan.png").write_bytes(b"\x89PNG\r\n\x1a\nplan")
    world.write("a.md", md("Eins", "Der erste Text.", image="plan.png"))
    world.write("b.md", md("Zwei", "Der zweite Text.", image="plan.png"))
    ids = [c.release.id for c in world.poll().changes]
    world.publish()
    for identifier in ids:
        world.act(Withdraw(identifier), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert list((world.feeds / "media").rglob("*.png")) == []
