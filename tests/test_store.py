"""Against the store's surface: what it keeps, what it orders, what it marks."""

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import make_release
from syndicate import store as stores
from syndicate.errors import StoreError, StoreLocked
from syndicate.model import (
    Capture,
    Change,
    Changes,
    Edition,
    Embargo,
    FetchState,
    FileState,
    Key,
    Known,
    Media,
    Rejected,
    Related,
    Release,
    Sketch,
    Sought,
    Topic,
    Verdict,
)
from syndicate.placement import Dirty, Placement, place
from syndicate.revise import sketch
from syndicate.store import ALL, Store, Written, daemon_lock

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SCHULE, FORST = Topic("schule", "Schule"), Topic("forst", "Forst")


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


def release(id_: str, **fields: Any) -> Release:
    return make_release(id_, **({"title": f"Titel {id_}", "published": NOW, "topics": ("schule",)} | fields))


def record(store: Store, changes: Changes, captures: Iterable[Capture] = (), *, now: datetime) -> None:
    with store.transaction():
        placement = place(changes, store.feeds.standing(changes), page_size=3, tag="talland.example,2026", now=now)
        store.record(changes, placement, captures=captures, now=now)


def put(
    store: Store,
    *releases: Release,
    verdict: Verdict = "new",
    topics: tuple[Topic, ...] = (SCHULE,),
    now: datetime = NOW,
) -> None:
    record(
        store,
        Changes(
            source="examples",
            changes=tuple(
                Change(
                    verdict=verdict,
                    release=r,
                    reasons=tuple((t, "kicker") for t in topics),
                    edition=Edition(source="examples", said=r),
                    capture="c",
                )
                for r in releases
            ),
        ),
        now=now,
    )


def head(store: Store, topic: str = ALL) -> list[str]:
    return [r.id for r in store.feeds.head(topic).releases]


def test_a_release_comes_back_as_it_was(store: Store) -> None:
    full = release(
        "aaaaaaaaaaa1", embargo=Embargo(NOW), lifted=NOW, related=(Related("T"),), keys=(Key("id", "s", "1"),)
    )
    put(store, full)
    assert store.releases.get("aaaaaaaaaaa1") == full
    assert store.releases.editions("aaaaaaaaaaa1") == (Edition(source="examples", said=full),)
    (revision,) = store.releases.history("aaaaaaaaaaa1").revisions
    assert (revision.number, revision.verdict, revision.release) == (1, "new", full)


def test_a_sketch_comes_with_its_release_and_is_worked_out_only_where_its_words_are_others(store: Store) -> None:
    words = " ".join(f"Eiche {number}" for number in range(100))
    carried = (*range(16),)
    for id_, of in (("aaaaaaaaaaa1", words), ("aaaaaaaaaaa2", "andere")):
        put(store, release(id_, teaser=None, content=words, sketch=Sketch(None, of, carried)))
        held = store.releases.get(id_)
        assert held
        assert held.sketch is None  # it stands in a table of its own
    own = sketch(release("x", teaser=None, content=words))
    found = store.known(Sought(sketches={(key := Key("hash", "", "carried")): carried, key._replace(value="own"): own}))
    assert {key.value: near for key, near in found.alike.items()} == {
        "carried": (("aaaaaaaaaaa1", 16),),
        "own": (("aaaaaaaaaaa2", 16),),
    }


def test_find_by_key_by_head_and_by_atom_id(store: Store) -> None:
    put(store, release("aaaaaaaaaaa1", kicker="Schule", keys=(Key("url", "", "u"),)))
    by_key = store.known(Sought(keys=frozenset({Key("url", "", "u"), Key("url", "", "anders")})))
    assert by_key.by_key == {Key("url", "", "u"): "aaaaaaaaaaa1"}
    assert by_key.editions["aaaaaaaaaaa1"][0].source == "examples"
    by_head = store.known(Sought(heads=frozenset({("schule", "titel aaaaaaaaaaa1")})))
    assert list(by_head.releases) == ["aaaaaaaaaaa1"]
    held = store.releases.get("aaaaaaaaaaa1")
    assert held
    by_atom_id = store.known(Sought(atom_ids=frozenset({held.atom_id, "urn:x"})))
    assert by_atom_id.by_atom_id == {held.atom_id: "aaaaaaaaaaa1"}
    nothing = store.known(Sought(heads=frozenset({("", "unbekannt")}), sketches={Key("hash", "", "h"): (1, 2)}))
    assert nothing == Known()


def test_resolve_takes_id_prefix_atom_id_and_url(store: Store) -> None:
    put(store, release("abcdaaaaaaa1", keys=(Key("url", "", "//talland.example/x"),)), release("abcdbbbbbbb2"))
    for reference in (
        "abcdaaaaaaa1",
        "abcda",
        "tag:presse.talland.example,2026:abcdaaaaaaa1",
        "http://www.talland.example/x/",
    ):
        assert store.releases.resolve(reference).id == "abcdaaaaaaa1"
    with pytest.raises(StoreError, match="2 releases"):
        store.releases.resolve("abcd")
    for reference in ("abc", "zzzz", "abc_", "%%%%"):
        with pytest.raises(StoreError, match="no such release"):
            store.releases.resolve(reference)


def test_within_one_transaction_the_newest_is_on_top_then_the_first_of_the_document(store: Store) -> None:
    put(
        store,
        release("b"),
        release("c"),
        release("a", published=NOW + timedelta(days=1)),
        release("old", published=NOW - timedelta(1)),
    )
    assert head(store) == head(store, "schule") == ["a", "b", "c", "old"]


def test_a_correction_takes_a_new_position_and_leaves_its_slot_empty(store: Store) -> None:
    put(store, release("a"), release("b"))
    put(store, release("b", revision=2), verdict="corrected")
    assert head(store) == ["b", "a"]
    put(store, release("c"))
    assert head(store) == ["c", "b", "a"]
    assert [r.number for r in store.releases.history("b").revisions] == [1, 2]


def test_of_two_words_in_one_poll_the_last_says_where_it_stands(store: Store) -> None:
    said: tuple[tuple[Verdict, Topic, Release], ...] = (
        ("new", FORST, release("a")),
        ("merged", SCHULE, release("a")),
        ("new", FORST, release("b")),
    )
    changes = [Change(verdict=verdict, release=r, reasons=((topic, "kicker"),)) for verdict, topic, r in said]
    waiting = release("", embargo=Embargo(NOW + timedelta(1)))
    changes.append(Change(verdict="held", release=release("b"), pending=waiting))
    record(store, Changes(changes=tuple(changes)), now=NOW)
    assert (head(store, "schule"), head(store, "forst"), head(store)) == (["a"], ["b"], ["a", "b"])


def test_what_is_no_correction_stays_where_it_is(store: Store) -> None:
    put(store, release("a"), release("b"))
    put(store, release("b", url="https://talland.example/neu"), verdict="merged", topics=(SCHULE, FORST))
    assert head(store) == ["a", "b"]
    assert head(store, "forst") == ["b"]


def test_leaving_a_topic_leaves_its_feed(store: Store) -> None:
    put(store, release("a"))
    put(store, release("a"), verdict="merged", topics=(FORST,))
    assert (head(store, "schule"), head(store, "forst"), head(store)) == ([], ["a"], ["a"])
    assert {m.id for m in store.feeds.marks() if m.kind == "topic"} == {"all", "schule", "forst"}


def test_the_head_holds_what_stands_above_the_last_closed_page(store: Store) -> None:
    for n in range(5):
        put(store, release(f"r{n}", published=NOW + timedelta(n)))
    assert head(store) == ["r4", "r3", "r2", "r1", "r0"]
    put(store, release("r5", published=NOW + timedelta(5)))
    assert head(store) == ["r5", "r4", "r3"]


def test_nothing_tells_of_an_embargo(store: Store) -> None:
    put(store, release("a"))
    store.feeds.clear(store.feeds.marks())
    before = store.feeds.list()
    put(store, release("x", embargo=Embargo(NOW + timedelta(1)), issued=None, title="Geheim"), topics=(FORST,))
    assert store.feeds.marks() == ()
    assert store.feeds.list() == before
    assert store.releases.due(NOW) == ()
    assert store.releases.due(NOW + timedelta(1)) == ("x",)
    assert [r.id for r, _ in store.releases.waiting()] == ["x"]


def test_what_waits_behind_a_public_release(store: Store) -> None:
    put(store, release("a"))
    store.feeds.clear(store.feeds.marks())
    waiting = release("", embargo=Embargo(NOW + timedelta(1)), title="Neu")
    record(store, Changes(changes=(Change(verdict="held", release=release("a"), pending=waiting),)), now=NOW)
    assert store.feeds.marks() == ()
    assert store.releases.get("a") == release("a")
    assert store.releases.waits("a") == (waiting,)
    assert store.releases.due(NOW + timedelta(1)) == ("a",)
    put(store, release("a", revision=2), verdict="lifted")
    assert store.releases.waits("a") == ()


def test_who_links_to_a_release_is_rendered_again_when_it_appears(store: Store) -> None:
    put(store, release("a", related=(Related("Später", "Forst"),)))
    store.feeds.clear(store.feeds.marks())
    late = release("b", title="SPÄTER", kicker="forst", headline=True, url=None)
    put(store, late, topics=(FORST,))
    marks = {(m.kind, m.id) for m in store.feeds.marks()}
    assert {("release", "a"), ("release", "b"), ("topic", "schule"), ("topic", "forst"), ("site", "")} <= marks
    assert store.feeds.links([release("a", related=(Related("Später", "Forst"),))]).related == {
        ("forst", "spaeter"): ("b", None)
    }


def test_a_mark_set_again_is_not_cleared_by_the_older_one(store: Store) -> None:
    put(store, release("a"))
    marks = store.feeds.marks()
    store.feeds.write(Placement(dirty=(Dirty("topic", "schule"),)), NOW)
    store.feeds.clear(marks)
    assert [(m.kind, m.id) for m in store.feeds.marks()] == [("topic", "schule")]


def test_a_topics_updated_never_goes_back(store: Store) -> None:
    put(store, release("a"), now=NOW)
    put(store, release("b"), now=NOW - timedelta(hours=1))
    row = next(row for row in store.feeds.list() if row.id == "schule")
    assert row
    assert (row.updated, row.entries, row.newest) == (NOW, 2, NOW)
    assert row.atom_id.startswith("tag:talland.example,2026:")


def test_a_key_names_one_release_the_one_that_uses_it_now(store: Store) -> None:
    key = Key("path", "examples", "a.txt")
    put(store, release("a", keys=(key,)), release("b", keys=(key,)))
    assert store.known(Sought(keys=frozenset({key}))).by_key == {key: "b"}


def test_source_bytes_are_kept_once_where_they_made_a_release(store: Store) -> None:
    used, unused = Capture(body=b"<rss/>", url="https://talland.example/rss"), Capture(body=b"other")
    change = Change(verdict="new", release=release("a"), capture=used.hash)
    for _ in range(2):
        record(store, Changes(source="s", changes=(change,)), captures=(used, unused), now=NOW)
        record(
            store, Changes(source="s", changes=(replace(change, release=release("b"), capture=unused.hash),)), now=NOW
        )
    (found,) = store.releases.history("a").captures.values()
    assert found[:4] == (used.hash, "s", NOW, "https://talland.example/rss")
    assert store.releases.history("b").captures == {}


def test_a_crash_records_nothing(store: Store) -> None:
    def ingest() -> None:
        with store.transaction():
            put(store, release("a"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest()
    assert store.releases.get("a") is None
    assert store.feeds.marks() == ()


def test_two_writers_at_once_wait_for_each_other(store: Store) -> None:
    found: list[bool] = []

    def once() -> None:
        with store.transaction():
            known = store.known(Sought(keys=frozenset({Key("url", "", "u")})))
            found.append(bool(known.by_key))
            if not known.by_key:
                put(store, release("a", keys=(Key("url", "", "u"),)))

    threads = [threading.Thread(target=once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] + [True] * 7


def test_fetch_state_and_files(store: Store) -> None:
    assert store.sources.state("s") == FetchState(source="s")
    state = FetchState(source="s", etag='W/"x y"', last_modified="gestern", next_poll=NOW, failures=2, error="kaputt")
    store.sources.save(state)
    a = FileState(path="a.txt", size=1, mtime_ns=2**62, hash="h", companions=(("b.png", -1, -1),))
    b = FileState(path="b.txt", size=1, mtime_ns=1, reason="holds no release")
    store.sources.save_files("s", state, [a, b])
    again = store.sources.state("s")
    assert again == replace(state, files={"a.txt": a, "b.txt": b})
    store.sources.save_files("s", again, [a])
    assert store.sources.state("s").files == {"a.txt": a}
    assert ["s" in store.sources.due(NOW + timedelta(seconds=late)).later for late in (-1, 0)] == [True, False]


def test_quarantine_is_replaced_place_by_place(store: Store) -> None:
    store.sources.quarantine("s", ["a.txt"], [("a.txt", Rejected("a.txt", "leer"), False)], NOW)
    store.sources.quarantine("s", [""], [("", Rejected("Eintrag 3", "ohne Titel"), True)], NOW)
    assert [(q.where, q.reason, q.harmless) for q in store.sources.quarantined()] == [
        ("Eintrag 3", "ohne Titel", True),
        ("a.txt", "leer", False),
    ]
    store.sources.quarantine("s", ["a.txt"], [], NOW)
    assert [q.where for q in store.sources.quarantined("s")] == ["Eintrag 3"]


def test_what_is_published_is_found_by_its_folder(store: Store) -> None:
    paths = [
        *("all-in.atom", "all.atom", "all/1.atom", "all/10.json", "bau.atom", "index.html", "releases0.html"),
        *("media/a/x.png", "media/a0/y.png", "media/b/0/z.png", "releases/b.html", "releases/ä.html"),
    ]
    store.outputs.wrote([Written(path, "h", "site", "") for path in paths], [])
    store.outputs.wrote([Written("bau.atom", "h", "topic", "bau")], [])
    assert store.outputs.folders() == ("", "all", "media/a", "media/a0", "media/b/0", "releases")
    for folder in ("", "all", "media", "media/a", "releases", "nowhere"):
        found = [row.path for row in store.outputs.within(folder)]
        there = [path for path in paths if path.rpartition("/")[0] == folder]
        assert sorted({*found}) == sorted(there)
        assert len(found) == len(there) + (folder == "")  # one path of the root is two owners'


def test_outputs_and_media(store: Store) -> None:
    store.outputs.wrote([Written("a.html", "h", "release", "a"), Written("b.atom", "h", "topic", "b")], [])
    store.outputs.wrote([], [Written("a.html", "h", "release", "a")])
    assert [w.path for w in store.outputs.written()] == ["b.atom"]
    media = Media("ab12", "plan.png", "image/png", b"\x89PNG")
    store.outputs.keep([media, media])
    shows = release("a", content='<img src="media:ab12/plan.png"> <a href="media:no/x.pdf">x</a>')
    assert store.outputs.beside(shows) == (media,)
    put(store, shows)


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("Das ist keine Datenbank, sondern ein Text, der lang genug ist. " * 20)
    with pytest.raises(StoreError, match=r"s\.db"):
        stores.open(f"sqlite:///{tmp_path}/s.db")
    with pytest.raises(StoreError, match=r"nirgends\.db: its folder cannot be made: "):
        stores.open(f"sqlite:///{tmp_path}/s.db/nirgends.db")


@pytest.mark.parametrize(
    "url", ["", "s.db", "sqlite:s.db", "sqlite:///", "sqlite:///:memory:", "mysql://me:geheim@h/x"]
)
def test_an_address_that_is_none_is_told_what_is_supported(url: str) -> None:
    for ask in (stores.open, stores.exists, stores.running, stores.shown):
        with pytest.raises(StoreError, match="is not a store") as error:
            ask(url)
        assert "geheim" not in str(error.value)


@pytest.mark.sqlite
def test_an_address_is_relative_to_the_configuration_or_absolute(tmp_path: Path) -> None:
    assert stores.located("sqlite:///daten/s.db", tmp_path) == f"sqlite:///{tmp_path}/daten/s.db"
    assert stores.located("sqlite:////var/lib/s.db", tmp_path) == "sqlite:////var/lib/s.db"
    with stores.open(f"sqlite:///{tmp_path}/neu/s.db") as store:
        assert (str(store), store.lost) == (str(tmp_path / "neu" / "s.db"), False)
        assert store.size > 0
    assert stores.exists(f"sqlite:///{tmp_path}/neu/s.db")
    assert not stores.exists(f"sqlite:///{tmp_path}/s.db")


@pytest.mark.sqlite
def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    stores.open(f"sqlite:///{tmp_path}/s.db").close()
    raw = sqlite3.connect(tmp_path / "s.db")
    tables = [*raw.iterdump()]
    stores.open(f"sqlite:///{tmp_path}/s.db").close()
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert [*raw.iterdump()] == tables
    raw.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["s.db", "link.db", "far/s.db"])
def test_one_daemon_a_store(name: str, tmp_path: Path) -> None:
    """By whichever name it is opened."""
    (tmp_path / "link.db").symlink_to(tmp_path / "s.db")
    (tmp_path / "far").symlink_to(tmp_path)
    with (
        daemon_lock(f"sqlite:///{tmp_path}/s.db"),
        pytest.raises(StoreLocked, match=r"process \d+"),
        daemon_lock(f"sqlite:///{tmp_path}/{name}"),
    ):
        pass
    with daemon_lock(f"sqlite:///{tmp_path}/s.db"):
        pass


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Wald", "Wald"),
        ("Wa\0ld\0", "Wa\ufffdld\ufffd"),
        ("\\u0000", "\\u0000"),  # six letters that look like it
        ("\\\0", "\\\ufffd"),
        ("\\\\\\u0000\0", "\\\\\\u0000\ufffd"),
    ],
)
def test_no_text_of_a_list_has_a_nul(said: str, kept: str, store: Store) -> None:
    assert [*store._connection.of("SELECT value ->> 0, value ->> 1 FROM json_each(?)", [[said, "x"]])] == [(kept, "x")]
