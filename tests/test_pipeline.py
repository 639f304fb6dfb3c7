"""The whole path on real files, a real store and a real folder of feeds."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import feedparser
import pytest

from servers import Reply, Server
from syndicate.errors import FetchError, ParseError, StoreError
from syndicate.model import Changes, Document, Source, Topic
from syndicate.pipeline import Lift, Withdraw, amend, prepare, reclassify, syndicate
from syndicate.recording import mark_all
from worlds import NOW, PAGE, SITE, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def test_a_page_becomes_feeds(world: World) -> None:
    world.write("hohenried.txt", PAGE)
    changes = world.poll()
    assert [(c.verdict, c.release.state) for c in changes.changes] == [
        ("new", "public"),
        ("new", "headline"),
        ("new", "headline"),
    ]
    world.publish()
    assert world.entries() == ["Neue Notaufnahme in Hohenried", "Eichen für den Bergwald", "Werkstattpreis vergeben"]
    assert world.entries("gesundheit") == ["Neue Notaufnahme in Hohenried"]
    atom = feedparser.parse((world.feeds / "gesundheit.atom").read_bytes())
    (entry,) = atom.entries
    assert entry.summary == "Die Notaufnahme in Hohenried ist fertig. Sie nimmt im Juni die Arbeit auf."
    assert "Jede Minute zählt" in entry.content[0].value
    assert "Berechne Lesezeit" not in entry.content[0].value
    release = changes.changes[0].release
    assert entry.link == f"https://presse.talland.example/releases/{release.id}.html"
    page = (world.feeds / "releases" / f"{release.id}.html").read_text("utf-8")
    for other in changes.changes[1:]:
        assert f"releases/{other.release.id}.html" in page


def test_two_cycles_over_the_same_change_nothing(world: World) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    world.publish()
    before, stats = world.bytes(), {p: p.stat().st_mtime_ns for p in world.feeds.rglob("*")}
    assert world.poll(NOW + timedelta(hours=1)).changes == ()
    assert world.publish() == []
    mark_all(world.store, now=NOW)
    assert world.publish() == []
    assert world.bytes() == before
    assert {p: p.stat().st_mtime_ns for p in world.feeds.rglob("*")} == stats


def test_a_touched_and_a_moved_file_are_no_news(world: World) -> None:
    path = world.write("a.txt", PAGE)
    world.poll()
    world.publish()
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert world.poll(NOW + timedelta(hours=1)).changes == ()
    path.rename(world.folder / "b.txt")
    assert {c.verdict for c in world.poll(NOW + timedelta(hours=2)).changes} == {"unchanged"}
    assert world.publish() == []


def test_one_release_saved_twice_with_other_related_blocks_is_one(world: World) -> None:
    world.write("montag.txt", PAGE)
    world.write("freitag.txt", PAGE.replace("Eichen für den Bergwald", "Radwege im Winter"))
    assert sorted(c.verdict for c in world.poll().changes) == ["new"] * 4 + ["unchanged"] * 2
    world.write("sonntag.txt", PAGE.replace("Werkstattpreis vergeben", "Ferien beginnen"))
    assert [c.release.title for c in world.poll(NOW + timedelta(hours=1)).changes if c.verdict == "new"] == [
        "Ferien beginnen"
    ]
    world.publish()
    assert world.entries().count("Neue Notaufnahme in Hohenried") == 1
    assert world.store.releases.list(states=("public",))[0].revision == 1


def test_a_headline_becomes_the_full_release_under_its_ids(world: World) -> None:
    world.write("a.txt", PAGE)
    line = world.poll().changes[1].release
    world.publish()
    assert world.entries("forst") == ["Eichen für den Bergwald"]
    world.write(
        "b.md",
        "---\ntitle: Eichen für den Bergwald\ntopic: FORST\ndate: 2026-05-30\n---\n\nDreißig Hektar Eichen gepflanzt.",
    )
    (change,) = world.poll(NOW + timedelta(hours=1)).changes
    assert (change.verdict, change.release.id, change.release.atom_id) == ("completed", line.id, line.atom_id)
    world.publish()
    (item,) = json.loads((world.feeds / "forst.json").read_text("utf-8"))["items"]
    assert item["id"] == line.atom_id
    assert "Dreißig Hektar" in item["content_html"]
    assert item["date_published"] == "2026-05-29T22:00:00+00:00"
    # The older one comes again, with the headline that has become a release: nothing happens.
    world.write("a.txt", PAGE.replace("Ein Wald im Nebel", "Ein anderes Bild"))
    assert {c.verdict for c in world.poll(NOW + timedelta(hours=2)).changes[1:]} == {"unchanged"}


def test_a_correction_keeps_the_id_and_comes_to_the_top(world: World) -> None:
    world.write("a.txt", PAGE.split("Weitere Meldungen")[0])
    world.write("b.md", "# Später\n\nEin anderer Text, der hier nur steht, damit er oben ist.")
    first = world.poll().changes[0].release
    world.publish()
    world.write("a.txt", PAGE.split("Weitere Meldungen")[0].replace("zwölf Millionen", "elf Millionen"))
    (change,) = world.poll(NOW + timedelta(hours=1)).changes
    assert (change.verdict, change.fields, change.release.revision) == ("corrected", ("content",), 2)
    assert (change.release.atom_id, change.release.published) == (first.atom_id, first.published)
    world.publish()
    assert world.entries()[0] == "Neue Notaufnahme in Hohenried"
    assert len(world.entries()) == 2
    assert [r.number for r in world.store.releases.history(first.id).revisions] == [1, 2]


SECRET = PAGE.replace("Gesundheit\n", "Sperrfrist: 2. Juni 2026, 14:00 Uhr\n\nGesundheit\n", 1)


def test_no_byte_tells_of_an_embargo_before_its_end(world: World) -> None:
    world.write("offen.md", "# Offen\n\nEin Text, den jeder lesen darf.")
    world.poll()
    world.publish()
    before = world.bytes()
    world.write("geheim.txt", SECRET)
    changes = world.poll(NOW + timedelta(hours=1))
    assert [c.release.state for c in changes.changes] == ["embargoed"]
    assert world.publish() == []
    mark_all(world.store, now=NOW)
    prepare(world.store, world.plan, now=NOW)
    assert world.publish() == []
    assert world.bytes() == before
    end = datetime(2026, 6, 2, 12, tzinfo=UTC)
    assert world.store.releases.due(end - timedelta(microseconds=1)) == ()
    (identifier,) = world.store.releases.due(end)
    lifted = amend(world.store, Lift(identifier), plan=world.plan, now=end)
    assert [(c.verdict, c.release.state) for c in lifted.changes] == [
        ("lifted", "public"),
        ("new", "headline"),
        ("new", "headline"),
    ]
    world.publish()
    assert world.entries()[0] == "Neue Notaufnahme in Hohenried"
    assert world.entries("gesundheit") == ["Neue Notaufnahme in Hohenried"]
    release = lifted.changes[0].release
    assert release.published == release.issued == end
    with pytest.raises(StoreError, match="no embargo"):
        amend(world.store, Lift(identifier), plan=world.plan, now=end)


def test_an_embargo_leaves_a_public_headline_as_it_is(world: World) -> None:
    world.write("a.txt", PAGE)
    line = world.poll().changes[1].release
    world.publish()
    before = world.bytes()
    world.write(
        "b.md",
        "---\ntitle: Eichen für den Bergwald\ntopic: Forst\nembargo: 2026-06-02T14:00:00+02:00\n---\n\nStreng geheim.",
    )
    (change,) = world.poll(NOW + timedelta(hours=1)).changes
    assert change.release.state == "embargoed"
    assert world.publish() == []
    assert world.poll(NOW + timedelta(hours=2)).changes == ()
    assert world.bytes() == before
    end = datetime(2026, 6, 2, 12, tzinfo=UTC)
    assert world.store.releases.due(end) == (change.release.id,)
    amend(world.store, Lift(change.release.id), plan=world.plan, now=end)
    assert world.store.releases.resolve(change.release.id).id == line.id
    world.publish()
    (item,) = json.loads((world.feeds / "forst.json").read_text("utf-8"))["items"]
    assert (item["id"], "Streng geheim." in item["content_html"]) == (line.atom_id, True)


def test_files_beside_a_release_are_published_with_it(world: World) -> None:
    (world.folder / "bilder").mkdir()
    (world.folder / "bilder" / "plan ä.png").write_bytes(b"\x89PNG\r\n\x1a\nplan")
    world.write(
        "a.md",
        "---\ntitle: Plan\ntopic: Schule\nimage: {src: 'bilder/plan ä.png', alt: Lageplan}\n"
        "enclosures: [fehlt.pdf]\n---\n\n![Noch einmal](bilder/plan%20ä.png) und [ein Link](bilder/fehlt.html)\n",
    )
    changes = world.poll()
    assert len(changes.notes) == 2
    world.publish()
    (item,) = json.loads((world.feeds / "schule.json").read_text("utf-8"))["items"]
    assert re.fullmatch(r"https://presse\.talland\.example/media/[0-9a-f]{16}/plan-ae\.png", item["image"])
    path = world.feeds / item["image"].removeprefix(SITE.base_url)
    assert path.read_bytes() == b"\x89PNG\r\n\x1a\nplan"
    assert item["content_html"].count(item["image"]) == 1
    assert "attachments" not in item
    # The attachment comes later: the file that names it is read again.
    (world.folder / "fehlt.pdf").write_bytes(b"%PDF-1.4")
    (change,) = world.poll(NOW + timedelta(hours=1)).changes
    assert change.fields == ("enclosures",)
    world.publish()
    (item,) = json.loads((world.feeds / "schule.json").read_text("utf-8"))["items"]
    assert item["attachments"][0]["size_in_bytes"] == 8
    assert item["attachments"][0]["mime_type"] == "application/pdf"


def test_a_picture_goes_with_its_withdrawal_also_where_its_publish_came_to_no_end(world: World) -> None:
    (world.folder / "plan.png").write_bytes(b"\x89PNG\r\n\x1a\nplan")
    world.write("a.md", "---\ntitle: Plan\ntopic: Schule\n---\n![Ein Plan](plan.png)\n")
    (change,) = world.poll().changes
    with patch.object(type(world.store.feeds), "clear", side_effect=KeyboardInterrupt), suppress(KeyboardInterrupt):
        world.publish()
    assert [*world.feeds.rglob("*.png")]
    amend(world.store, Withdraw(change.release.id), plan=world.plan, now=NOW + timedelta(hours=1))
    world.publish(NOW + timedelta(hours=1))
    assert [*world.feeds.rglob("*.png")] == []


def test_a_file_that_holds_no_release_costs_no_other(world: World) -> None:
    world.write("a.txt", PAGE)
    world.write("leer.txt", "")
    world.write("kaputt.md", "---\ntitle: [\n---\nText")
    changes = world.poll()
    assert [r.where for r in changes.rejected] == ["kaputt.md", "leer.txt"]
    assert changes.count("new") == 3
    assert [q.where for q in world.store.sources.quarantined("ordner")] == ["kaputt.md", "leer.txt"]
    again = world.poll(NOW + timedelta(hours=1))
    assert (again.rejected, again.changes) == ((), ())
    world.write("leer.txt", PAGE.replace("Hohenried", "Brunnau").split("Weitere")[0])
    world.poll(NOW + timedelta(hours=2))
    assert [q.where for q in world.store.sources.quarantined("ordner")] == ["kaputt.md"]


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Portal</title><link>https://www.talland.example/</link>
<description>d</description>{items}</channel></rss>"""
ITEM = """<item><title>Meldung {n}</title><link>https://www.talland.example/m/{n}</link>
<guid>https://www.talland.example/m/{n}</guid><description>Teaser {n}</description>
<pubDate>Fri, 29 May 2026 1{n}:00:00 UT</pubDate><category>Forst</category></item>"""


def rss(*numbers: int) -> bytes:
    return RSS.format(items="".join(ITEM.format(n=n) for n in numbers)).encode()


def test_a_feed_is_asked_conditionally_and_only_after_it_was_stored(world: World, server: Server) -> None:
    source = Source(id="portal", url=server.url("/rss"), allow_private=True, tag=SITE.tag)
    server.answers("/rss", Reply(body=b"<html>Wartung</html>", headers={"Content-Type": "text/html", "ETag": '"bad"'}))
    with pytest.raises(ParseError, match="/rss"):
        world.poll(source=source)
    server.answers("/rss", Reply(body=rss(1, 2), headers={"Content-Type": "application/rss+xml", "ETag": '"v1"'}))
    assert world.poll(source=source).count("new") == 2
    assert "if-none-match" not in {name.lower() for name in server.requests[-1].headers}
    server.answers("/rss", Reply(status=304))
    assert world.poll(source=source).changes == ()
    assert server.requests[-1].headers["If-None-Match"] == '"v1"'
    state = world.store.sources.state("portal")
    assert state.failures == 0
    assert state.next_poll
    assert NOW + source.interval <= state.next_poll <= NOW + 1.1 * source.interval
    server.answers("/rss", Reply(status=503, headers={"Retry-After": "600"}))
    with pytest.raises(FetchError, match="503"):
        world.poll(source=source)
    state = world.store.sources.state("portal")
    assert (state.failures, state.etag) == (1, '"v1"')
    assert state.not_before
    assert timedelta(seconds=600) < state.not_before - NOW < timedelta(seconds=606)  # from the answer
    world.publish()
    assert world.entries("forst") == ["Meldung 2", "Meldung 1"]


def test_a_release_stored_under_the_older_form_of_its_host_is_found(world: World) -> None:
    """An earlier program took fußball.example for fussball.example. Readers get the right address, once."""
    page = "---\ntitle: {}\nurl: https://{}.example/halle\n---\nDie Halle wird im {} eröffnet, sagt der Verein.\n"
    world.write("a.md", page.format("Neue Halle für den Verein", "fussball", "Mai"))
    (old,) = world.poll().changes
    world.folder.joinpath("a.md").unlink()
    world.write("b.md", page.format("Neue Halle für unseren Verein", "fußball", "Juni"))
    (new,) = world.poll().changes
    assert (new.verdict, new.release.id) == ("corrected", old.release.id)
    assert new.release.url == "https://xn--fuball-cta.example/halle"


def test_two_sources_at_once_make_one_release(world: World, server: Server) -> None:
    server.answers("/rss", Reply(body=rss(1, 2, 3), delay=0.2))
    sources = [Source(id=f"s{n}", url=server.url("/rss"), allow_private=True, tag=SITE.tag) for n in range(4)]
    done: list[Changes] = []
    threads = [threading.Thread(target=lambda s=s: done.append(world.poll(source=s))) for s in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(c.count("new") for c in done) == 3
    world.publish()
    assert len(world.entries()) == 3


def test_a_kill_between_record_and_publish_loses_nothing(world: World, tmp_path: Path) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    world.close()
    again = World(tmp_path)
    assert "gesundheit.atom" in again.publish()
    again.close()


def test_a_kill_while_publishing_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    replaced: list[object] = []
    real: Callable[..., None] = os.replace

    def stop(source: object, target: object) -> None:
        if len(replaced) == 4:
            raise KeyboardInterrupt
        replaced.append(target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            world.publish()
    world.publish()
    whole = world.bytes()
    mark_all(world.store, now=NOW)
    assert world.publish() == []
    assert world.bytes() == whole
    assert "gesundheit.rss" in whole


def test_what_somebody_deleted_is_written_again_at_the_next_start(world: World) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    world.publish()
    (world.feeds / "gesundheit.atom").unlink()
    (world.feeds / "index.html").unlink()
    prepare(world.store, world.plan, now=NOW)
    assert sorted(world.publish()) == ["gesundheit.atom", "index.html"]


def test_another_configuration_is_rendered_at_the_next_start(world: World) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    world.publish()
    publish = replace(world.plan.publish, formats=("atom",))
    world.plan = replace(world.plan, publish=publish, site=replace(SITE, title="Presse Talland"))
    prepare(world.store, world.plan, now=NOW)
    assert "gesundheit.atom" in world.publish()
    assert not list(world.feeds.glob("*.rss"))
    assert b"Presse Talland" in (world.feeds / "gesundheit.atom").read_bytes()


def test_configured_topics_have_a_feed_from_the_start(tmp_path: Path) -> None:
    world = World(tmp_path, topics=(Topic("europa", "Europa"),))
    world.publish()
    assert world.entries("europa") == []
    assert "europa" not in (world.feeds / "topics.opml").read_text("utf-8")
    world.close()


def test_an_unmapped_kicker_can_be_held(tmp_path: Path) -> None:
    world = World(tmp_path, topics=(Topic("schule", "Schule", kickers=("Schule",)),), unmapped="hold")
    world.write("a.txt", PAGE)
    states = [c.release.state for c in world.poll().changes]
    assert states == ["held", "held", "headline"]
    world.publish()
    assert world.entries() == ["Werkstattpreis vergeben"]
    assert not any(b"Hohenried" in body for body in world.bytes().values())
    world.close()


def test_new_rules_move_what_is_held_already(world: World) -> None:
    world.write("a.txt", PAGE)
    release = world.poll().changes[0].release
    world.publish()
    plan = replace(world.plan, topics=(Topic("klinik", "Kliniken", kickers=("Gesundheit",)),))
    (change,) = reclassify(world.store, plan=plan, now=NOW + timedelta(hours=1)).changes
    assert change.verdict == "reclassified"
    assert (change.release.topics, change.release.updated) == (("klinik",), release.updated)
    world.publish()
    assert (world.entries("klinik"), world.entries("gesundheit")) == (["Neue Notaufnahme in Hohenried"], [])
    assert world.entries()[0] == "Neue Notaufnahme in Hohenried"
    assert reclassify(world.store, plan=plan, now=NOW + timedelta(hours=2)).changes == ()


def test_without_pages_only_releases_without_an_address_have_one(tmp_path: Path) -> None:
    world = World(tmp_path, html=False)
    world.write("a.md", "---\ntitle: A\nurl: https://www.talland.example/a\n---\nText der Meldung A.")
    world.write("b.md", "# B\n\nText der Meldung B.")
    world.poll()
    paths = world.publish()
    assert len([p for p in paths if p.startswith("releases/")]) == 1
    assert "index.html" not in paths
    world.close()


def test_a_release_withdrawn_in_its_file_goes_from_every_output(world: World) -> None:
    text = "---\ntitle: Irrtum\ntopic: Schule\n---\n\nDas stimmt leider gar nicht.\n"
    world.write("a.md", text)
    world.poll()
    world.publish()
    world.write("a.md", text.replace("---\n\n", "withdrawn: true\n---\n\n"))
    (change,) = world.poll(NOW + timedelta(hours=1)).changes
    assert change.release.state == "withdrawn"
    world.publish()
    assert world.entries("schule") == ["Zurückgezogen"]
    assert not any(b"Irrtum" in body for body in world.bytes().values())
    world.write("a.md", text)
    assert {c.verdict for c in world.poll(NOW + timedelta(hours=2)).changes} == {"unchanged"}


def test_the_seed(world: World, shared: Path) -> None:
    text = (shared / "seed" / "kanagawa.txt").read_text("utf-8")
    world.write("kanagawa.txt", text)
    changes = world.poll()
    assert [c.release.state for c in changes.changes] == ["public"] + ["headline"] * 15
    world.publish()
    counts = {row.title: row.entries for row in world.store.feeds.list() if row.id != "all"}
    assert counts == {
        "Kooperation": 1,
        "Schule": 1,
        "Gesundheit": 3,
        "Gleichstellung": 1,
        "Städtebauförderung": 1,
        "Bürgerbeteiligung": 1,
        "Kunst und Kultur": 1,
        "Forst": 1,
        "Bahngipfel": 1,
        "Landesregierung": 1,
        "Innere Sicherheit": 1,
        "Kinder und Jugendliche": 1,
        "Arbeitsmarkt": 1,
        "Europa": 1,
    }
    for c in changes.changes:
        for words in (c.release.title, c.release.teaser or "", c.release.content):
            assert not re.search(r"Berechne Lesezeit|• Teilen|Symbolbild$", words)
    first = changes.changes[0].release
    assert first.images[0].caption == "Symbolbild"
    assert changes.changes[2].release.images[0].credit == "dpa"


def test_changed_documents_are_returned(world: World) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    assert all(isinstance(d, Document) for d in syndicate(world.store, world.plan, now=NOW))


def test_the_archive_yields_each_release_once_and_pages_do_not_shift(tmp_path: Path) -> None:
    world = World(tmp_path, page_size=5)
    world.write("0.rss", RSS.format(items="".join(ITEM.format(n=n).replace("1{n}:", "10:") for n in range(9))))
    world.poll()
    world.publish()
    assert [path for path, _ in world.walk()] == ["all.atom"]
    numbers = range(10, 23)
    world.write("1.rss", RSS.format(items="".join(ITEM.format(n=n).replace(f"1{n}:", "11:") for n in numbers)))
    world.poll(NOW + timedelta(hours=1))
    world.publish()
    pages = dict(world.walk("forst"))
    assert list(pages) == ["forst.atom", "forst/3.atom", "forst/2.atom", "forst/1.atom"]
    assert [len(ids) for ids in pages.values()] == [7, 5, 5, 5]
    assert len({i for ids in pages.values() for i in ids}) == 22
    before = world.bytes()
    # A correction on page 2 comes to the top; page 1 and its neighbours keep their bytes.
    world.write(
        "1.rss",
        RSS.format(
            items="".join(ITEM.format(n=n).replace(f"1{n}:", "11:") for n in numbers).replace("Teaser 22<", "Neu<")
        ),
    )
    assert world.poll(NOW + timedelta(hours=2)).count("corrected") == 1
    changed = world.publish()
    assert "forst/2.atom" in changed
    assert not {"forst/1.atom", "forst/3.atom", "all/1.json"} & set(changed)
    pages = dict(world.walk("forst"))
    assert [len(ids) for ids in pages.values()] == [8, 5, 4, 5]
    assert len({i for ids in pages.values() for i in ids}) == 22
    assert {p: b for p, b in world.bytes().items() if p.startswith("forst/1")} == {
        p: b for p, b in before.items() if p.startswith("forst/1")
    }
    # The JSON feeds are a walk of their own.
    found, path = [], "forst.json"
    while path:
        feed = json.loads((world.feeds / path).read_text("utf-8"))
        found += [item["id"] for item in feed["items"]]
        path = feed.get("next_url", "").removeprefix(SITE.base_url)
    assert sorted(found) == sorted(i for ids in pages.values() for i in ids)
    # Everything rendered again gives the same bytes, archives included.
    mark_all(world.store, now=NOW)
    assert world.publish() == []
    world.close()


@pytest.mark.parametrize(
    ("name", "notice"),
    [
        ("a.md", "---\nzurückgezogen: ja\ngrund: Falscher Ort\n---\n"),
        ("b.md", "---\nid: m1\nwithdrawn: true\n---\n"),
        ("b.md", "---\nurl: https://amt.example/m1\nwithdrawn: true\n---\n"),
        ("a.md", "Diese Pressemitteilung wurde zurückgezogen.\n"),
        ("a.txt", "Diese Pressemitteilung wurde zurückgezogen.\n"),
        ("a.html", "<h1>Neue Mensa</h1><p>Diese Pressemitteilung wurde zurückgezogen.</p>"),
        ("a.html", "<main><p>Schule</p><h1>Neue Mensa</h1><p>Diese Meldung wurde zurückgezogen.</p></main>"),
    ],
)
def test_a_file_that_is_but_a_notice_takes_back(world: World, name: str, notice: str) -> None:
    """What it held before, or what it names."""
    text = "---\nid: m1\nurl: https://amt.example/m1\ntitle: Neue Mensa\n---\n\nDie Mensa öffnet im Herbst.\n"
    page = f"<h1>Neue Mensa</h1><p>{'Die Mensa öffnet im Herbst. ' * 4}</p>"
    before = {"a.txt": PAGE, "a.html": page}
    world.write(name if name in before else "a.md", before.get(name, text))
    identifier = world.poll().changes[0].release.id
    world.write(name, notice)
    changes = world.poll(NOW + timedelta(hours=1))
    assert (changes.count("withdrawn"), changes.rejected) == (1, ())
    release = world.store.releases.get(identifier)
    assert release
    assert release.withdrawn


def test_a_file_that_is_named_and_not_there_is_noted(world: World) -> None:
    """Also where the release has a page of its own, beside which it may be."""
    head = "title: A\nanlagen: [plan.pdf]\nbild: fehlt.png"
    world.write("a.md", f"---\n{head}\n---\n\nText.\n")
    world.write("b.md", f"---\n{head}\nurl: https://amt.example/b/\n---\n\nText mit [Link](mehr.html).\n")
    assert [(note.where, note.reason) for note in world.poll().notes] == [
        ("a.md", 'names "fehlt.png": is not there'),
        ("a.md", 'names "plan.pdf": is not there'),
        ("b.md", 'names "fehlt.png": is not there, so it is taken as an address beside https://amt.example/b/'),
        ("b.md", 'names "plan.pdf": is not there, so it is taken as an address beside https://amt.example/b/'),
    ]
