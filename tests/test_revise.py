"""The only place that decides: each case is what a store holds, what a source says, and what is to come of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from builders import make_release
from syndicate.model import Change, Edition, Embargo, Image, Key, Known, Related, Release, Source
from syndicate.revise import SourceContext, lift, plainly_other, revise, without_shared_keys
from syndicate.text import head

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SOURCE = Source(id="portal")
BODY = "<p>Die Klinik in Oberwiesen erhält zwölf Millionen Euro für einen neuen Anbau am Südhang des Berges.</p>"
OTHER = "<p>Forstleute pflanzen auf dreißig Hektar Eichen und Ahorn, damit der Wald die Trockenheit übersteht.</p>"


def said(name: str = "klinik", **fields: Any) -> Release:
    """As normalise proposes it: no id yet, keys strongest first."""
    keys = (Key("id", "portal", name), Key("url", "", f"//talland.example/{name}"), Key("hash", "", name))
    defaults: dict[str, Any] = {
        "id": "",
        "atom_id": f"urn:talland:{name}",
        "source": "portal",
        "url": f"https://talland.example/{name}",
        "title": "Klinik Oberwiesen wird erweitert",
        "content": BODY,
        "published": NOW,
        "stated": NOW,
        "first_seen": NOW,
        "issued": None,
        "topics": (),
        "keys": keys,
    }
    return make_release(**(defaults | fields))


def known(*releases: Release, source: str = "portal") -> Known:
    """A store that holds these."""
    heads: dict[tuple[str, str], tuple[str, ...]] = {}
    for r in releases:
        heads[head(r.kicker, r.title)] = (*heads.get(head(r.kicker, r.title), ()), r.id)
    return Known(
        by_key={key: r.id for r in releases for key in r.keys},
        by_head=heads,
        by_atom_id={r.atom_id: r.id for r in releases},
        releases={r.id: r for r in releases},
        editions={r.id: (Edition(source=source, said=r),) for r in releases if not r.headline},
    )


def stored(release: Release | None = None, **fields: Any) -> Release:
    """As it was recorded at NOW."""
    return replace(release or said(), **({"id": "stored000001", "issued": NOW} | fields))


def decide(
    *releases: Release, store: Known | None = None, source: Source = SOURCE, now: datetime = LATER
) -> list[Change]:
    numbers = count(1)
    teller = SourceContext(source, lambda _: f"minted{next(numbers):06}")
    return list(revise([(r, "capture") for r in releases], store or Known(), teller, now=now))


def test_a_new_release_gets_an_id_and_keeps_the_sources_atom_id() -> None:
    (change,) = decide(said())
    assert (change.verdict, change.release.id, change.release.atom_id) == ("new", "minted000001", "urn:talland:klinik")
    assert change.capture == "capture"
    assert change.edition
    assert change.edition.said.id == "minted000001"


@pytest.mark.parametrize(
    "again",
    [
        said(),
        said(stated=LATER, published=LATER),  # a system that states the time of the request
        said(related=(Related("Ganz anderes"),)),
        said(content=BODY.replace(" ", "\n  ")),
        said(keys=(Key("url", "", "//talland.example/klinik"),)),
        said(keys=(Key("hash", "", "klinik"),), url="https://talland.example/klinik-1"[:-2]),
    ],
    ids=["same", "date is now", "related block", "white space", "by url", "by words"],
)
def test_nothing_new(again: Release) -> None:
    (change,) = decide(again, store=known(stored()))
    assert change.verdict == "unchanged"
    assert change.release == stored()


def test_a_cache_buster_is_no_change() -> None:
    before = stored(
        said(images=(Image("https://talland.example/b.jpg?v=1"),), content='<img src="https://x.example/a?1">')
    )
    again = said(images=(Image("https://talland.example/b.jpg?v=2"),), content='<img src="https://x.example/a?2">')
    assert decide(again, store=known(before))[0].verdict == "unchanged"


@pytest.mark.parametrize(
    ("again", "fields"),
    [
        (said(title="Klinik Oberwiesen wird saniert"), ("title",)),
        (said(teaser="Zwölf Millionen."), ("teaser",)),
        (said(content=BODY.replace("zwölf", "elf")), ("content",)),
        (said(images=(Image(alt="Ein Kran"),)), ("images",)),
    ],
)
def test_a_correction_keeps_ids_and_date_and_moves_updated(again: Release, fields: tuple[str, ...]) -> None:
    (change,) = decide(again, store=known(stored()))
    assert (change.verdict, change.fields) == ("corrected", fields)
    r = change.release
    assert (r.id, r.atom_id, r.published, r.updated, r.revision) == (
        "stored000001",
        "urn:talland:klinik",
        NOW,
        LATER,
        2,
    )


def test_updated_moves_even_if_the_clock_does_not() -> None:
    (change,) = decide(said(teaser="Neu."), store=known(stored(updated=NOW)), now=NOW)
    assert change.release.updated > NOW


def test_a_date_stated_later_replaces_the_first_seen_once() -> None:
    undated = stored(said(stated=None, inferred=("published",)))
    stated = NOW - timedelta(days=3)
    (change,) = decide(said(stated=stated, published=stated), store=known(undated))
    assert (change.verdict, change.release.published, change.release.inferred) == ("dated", stated, ())
    again = replace(change.release, issued=NOW)
    (change,) = decide(said(stated=LATER, published=LATER), store=known(again))
    assert change.release.published == stated


def test_one_guid_for_several_entries_is_none() -> None:
    shared = Key("id", "portal", "same")
    first = said("a", keys=(shared, Key("url", "", "a"), Key("hash", "", "a")), atom_id="urn:talland:same")
    second = said(
        "b", keys=(shared, Key("url", "", "b"), Key("hash", "", "b")), atom_id="urn:talland:same", title="Zweite"
    )
    changes = decide(first, second)
    assert [c.verdict for c in changes] == ["new", "new"]
    assert shared not in changes[0].release.keys
    assert changes[1].release.atom_id.startswith("tag:")
    assert changes[0].release.atom_id != changes[1].release.atom_id


def test_shared_keys_are_none_however_often_it_is_said() -> None:
    shared, own = Key("id", "portal", "same"), [Key("hash", "", name) for name in "abb"]
    batch = [(said(keys=(shared, words)), "capture") for words in own]
    once = without_shared_keys(batch)
    assert [release.keys for release, _ in once] == [(words,) for words in own]
    assert without_shared_keys(once) == once
    assert without_shared_keys(batch[1:]) == batch[1:]


def test_the_same_entry_twice_is_one() -> None:
    assert [c.verdict for c in decide(said(), said())] == ["new", "unchanged"]


def test_equal_words_under_new_addresses_are_the_release_moved() -> None:
    moved = said(keys=(Key("id", "portal", "neu"), Key("url", "", "//talland.example/neu"), Key("hash", "", "klinik")))
    (change,) = decide(replace(moved, url="https://talland.example/neu"), store=known(stored()))
    assert change.verdict == "merged"
    assert change.release.id == "stored000001"
    assert change.release.url == "https://talland.example/neu"


def test_equal_words_twice_in_one_document_are_two_releases() -> None:
    keys = (Key("id", "portal", "woche-2"), Key("url", "", "//talland.example/w2"), Key("hash", "", "klinik"))
    weekly = said(keys=keys, url="https://talland.example/w2")
    assert [c.verdict for c in decide(said(), weekly, store=known(stored()))] == ["unchanged", "new"]


def test_an_address_used_again_for_another_release() -> None:
    other = said(
        title="Eichen für den Bergwald",
        content=OTHER,
        atom_id="urn:talland:klinik",
        keys=(Key("url", "", "//talland.example/klinik"), Key("hash", "", "eichen")),
    )
    (change,) = decide(other, store=known(stored()))
    assert change.verdict == "new"
    assert change.release.atom_id not in ("urn:talland:klinik", "")


def test_what_is_taken_back_is_that_one_whatever_its_words_are_by_now() -> None:
    """It was corrected in between, and nobody has read that: what its source takes back must not stay public."""
    gone = said(title="Eichen für den Bergwald", content=OTHER, withdrawn=NOW)
    (change,) = decide(gone, store=known(stored()))
    assert (change.verdict, change.release.id) == ("withdrawn", stored().id)


def test_title_or_text_alone_does_not_make_it_another() -> None:
    assert plainly_other(said(), said(title="Eichen für den Bergwald", content=OTHER))
    assert not plainly_other(said(), said(title="Eichen für den Bergwald"))
    assert not plainly_other(said(), said(content=OTHER))


def test_another_sources_id_is_not_believed() -> None:
    liar = Source(id="liar")
    claim = said(
        title="Eichen", content=OTHER, source="liar", url=None, keys=(Key("id", "liar", "klinik"), Key("hash", "", "x"))
    )
    (change,) = decide(claim, store=known(stored()), source=liar)
    assert change.verdict == "new"
    assert change.release.atom_id != stored().atom_id


def test_another_sources_address_is_not_taken_over() -> None:
    liar = Source(id="liar")
    url = Key("url", "", "//talland.example/klinik")
    claim = said(title="Eichen", content=OTHER, source="liar", keys=(url, Key("hash", "", "x")))
    (change,) = decide(claim, store=known(stored()), source=liar)
    assert change.verdict == "new"
    assert change.release.keys == (Key("url", "liar", url.value), Key("hash", "", "x"))
    # Both are found again, each by its own.
    both = known(stored(), change.release)
    both = replace(both, editions={**both.editions, change.release.id: (Edition(source="liar", said=change.release),)})
    assert decide(claim, store=both, source=liar)[0].verdict == "unchanged"
    assert decide(said(keys=(url,)), store=both)[0].release.id == "stored000001"


@pytest.mark.parametrize(
    ("priority", "title"), [(0, "Klinik Oberwiesen wird erweitert"), (5, "Ministerium: Klinik wird größer")]
)
def test_an_edition_of_another_source(priority: int, title: str) -> None:
    ministry = Source(id="ministerium", priority=priority)
    edition = said(
        title="Ministerium: Klinik wird größer",
        source="ministerium",
        keys=(Key("url", "", "//talland.example/klinik"),),
    )
    (change,) = decide(edition, store=known(stored()), source=ministry)
    assert change.release.id == "stored000001"
    assert change.release.title == title
    assert change.verdict == ("corrected" if priority else "merged")


HEAD = {
    "kicker": "Gesundheit",
    "headline": True,
    "url": None,
    "content": "",
    "keys": (),
    "stated": None,
    "inferred": ("published",),
}


def test_a_headline_becomes_the_full_release_under_its_ids() -> None:
    line = stored(said(**HEAD), atom_id="tag:minted")
    (change,) = decide(said(kicker="GESUNDHEIT", stated=None, inferred=("published",)), store=known(line))
    r = change.release
    assert change.verdict == "completed"
    assert (r.id, r.atom_id, r.headline, r.published, r.updated) == ("stored000001", "tag:minted", False, NOW, LATER)


def test_a_headline_is_made_only_where_nothing_is_known_of_it() -> None:
    line = said(**{**HEAD, "kicker": "Gesundheit"})
    full = stored(said(kicker="Gesundheit"))
    for release in (full, replace(full, embargo=Embargo(LATER)), replace(full, withdrawn=NOW), stored(line)):
        assert [c.verdict for c in decide(line, store=known(release))] == ["unchanged"]
    assert [c.verdict for c in decide(line, line)] == ["new", "unchanged"]


def test_two_full_releases_never_merge_by_title() -> None:
    other = said("zwei", keys=(Key("id", "portal", "zwei"),))
    assert decide(other, store=known(stored()))[0].verdict == "new"


def test_what_is_withdrawn_does_not_come_back() -> None:
    (change,) = decide(said(title="Ganz neu"), store=known(stored(withdrawn=NOW)))
    assert change.verdict == "unchanged"
    assert change.release.state == "withdrawn"


def test_an_embargo_on_what_is_public_holds_the_new_version_only() -> None:
    held = said(teaser="Geheim", embargo=Embargo(LATER + timedelta(days=1)))
    (change,) = decide(held, store=known(stored()))
    assert change.verdict == "held"
    assert change.release == stored()
    assert change.pending
    assert change.pending.teaser == "Geheim"


def test_changes_before_an_embargo_ends_are_no_corrections() -> None:
    held = stored(said(embargo=Embargo(LATER + timedelta(days=1))), issued=None)
    (change,) = decide(said(teaser="Neu", embargo=held.embargo), store=known(held))
    assert change.release.revision == 1
    assert change.release.state == "embargoed"
    assert change.release.teaser == "Neu"


def test_lifting_shows_an_undated_release_as_of_now() -> None:
    held = stored(said(embargo=Embargo(LATER), stated=None, inferred=("published",)), issued=None)
    change = lift(held, None, now=LATER)
    r = change.release
    assert (change.verdict, r.state, r.published, r.updated, r.lifted) == ("lifted", "public", LATER, LATER, LATER)


def test_lifting_keeps_a_stated_date_that_has_passed() -> None:
    change = lift(stored(said(embargo=Embargo(LATER)), issued=None), None, now=LATER)
    assert change.release.published == NOW


def test_lifting_what_waits_behind_a_headline_completes_it() -> None:
    line = stored(said(**HEAD), atom_id="tag:minted")
    pending = said(kicker="Gesundheit", embargo=Embargo(LATER))
    change = lift(line, pending, now=LATER)
    r = change.release
    assert change.verdict == "lifted"
    assert (r.id, r.atom_id, r.state, r.content, r.updated) == ("stored000001", "tag:minted", "public", BODY, LATER)
