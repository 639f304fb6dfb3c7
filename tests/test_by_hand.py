"""What a person changes of a release stands over its source, is told where it hides something, and can go back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.app import hidden
from syndicate.errors import StoreError
from syndicate.model import Contact, Embargo, Image, Media, Release, Topic
from syndicate.pipeline import Edit, Lift, Withdraw
from worlds import NOW, World

HOUR = timedelta(hours=1)
PICTURE = Image("https://bild.example/neu.png", "Ein Dach")
MAY = datetime(2026, 5, 12, 8, tzinfo=UTC)
# field: (as a person sets it, as front matter says it later, what that is)
FIELDS: dict[str, tuple[Any, str, Any]] = {
    "title": ("Von Hand", "title: Später", "Später"),
    "teaser": (None, "teaser: Später.", "Später."),
    "kicker": ("Forst", "kicker: Verkehr", "Verkehr"),
    "language": ("en", "language: fr", "fr"),
    "images": ((PICTURE,), "image: https://bild.example/b.png", (Image("https://bild.example/b.png"),)),
    "contact": (Contact("Uta Muster"), "contact: Pressestelle", Contact("Pressestelle")),
    "url": ("https://amt.example/hand", "url: https://amt.example/spaet", "https://amt.example/spaet"),
    "stated": (MAY, "date: 2026-05-20T10:00:00Z", datetime(2026, 5, 20, 10, tzinfo=UTC)),
    "assigned": (("Schule",), "topics: [Verkehr, Forst]", ("verkehr", "forst")),
}


def text(*said: str) -> str:
    names = [line.partition(":")[0] for line in said]
    lines = [*said, *(line for line in ("title: Mensa", "topics: [Bau]") if line.partition(":")[0] not in names)]
    return "---\n" + "\n".join(lines) + "\n---\n\nDie Mensa öffnet im Herbst und hat vierzig Plätze.\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def polled(world: World, *said: str, now: datetime = NOW) -> Release:
    world.write("a.md", text(*said))
    release = world.poll(now).changes[0].release
    return held(world, release.id)


def held(world: World, identifier: str) -> Release:
    found = world.store.releases.get(identifier)
    assert found
    return found


def hides(world: World) -> list[str]:
    return [found.field for found in hidden(world.store, world.store.releases.edited())]


def value(release: Release, field: str) -> Any:
    return release.topics if field == "assigned" else getattr(release, field)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_stands_over_its_source_until_it_is_given_back(world: World, field: str) -> None:
    by_hand, front_matter, later = FIELDS[field]
    identifier = polled(world).id
    world.act(Edit(identifier, {field: by_hand}), NOW + HOUR)
    shown = value(held(world, identifier), field)
    assert shown == (("schule",) if field == "assigned" else by_hand)
    assert hides(world) == []
    polled(world, "author: Das Amt", now=NOW + 2 * HOUR)  # another field: nothing is hidden
    assert hides(world) == []
    polled(world, front_matter, now=NOW + 3 * HOUR)
    assert value(held(world, identifier), field) == shown
    assert hides(world) == [field]
    world.act(Edit(identifier, {field: by_hand}), NOW + 4 * HOUR)  # said again: a person has seen it
    assert hides(world) == []
    polled(world, now=NOW + 5 * HOUR)
    polled(world, front_matter, now=NOW + 6 * HOUR)
    world.act(Edit(identifier, revert=(field,)), NOW + 7 * HOUR)
    release = held(world, identifier)
    assert (value(release, field), world.store.releases.edits(identifier)) == (later, {})
    assert "published" not in release.inferred or field != "stated"
    world.publish(NOW + 7 * HOUR)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_which_its_source_said_nothing_is_empty_again(world: World, field: str) -> None:
    before = polled(world)
    world.act(Edit(before.id, {field: FIELDS[field][0]}), NOW + HOUR)
    world.act(Edit(before.id, revert=(field,), minor=True), NOW + 2 * HOUR)
    after = held(world, before.id)
    assert value(after, field) == value(before, field)
    assert (after.published, after.inferred) == (before.published, before.inferred)


@pytest.mark.parametrize(
    ("field", "verdict"),
    [
        ("title", "corrected"),
        ("images", "corrected"),
        ("url", "minor"),
        ("stated", "dated"),
        ("assigned", "reclassified"),
    ],
)
def test_what_no_copy_shows_is_no_correction(world: World, field: str, verdict: str) -> None:
    identifier = polled(world).id
    (change,) = world.act(Edit(identifier, {field: FIELDS[field][0]}), NOW + HOUR).changes
    assert change.verdict == verdict
    assert change.release.updated == (NOW + HOUR if verdict == "corrected" else NOW)


def test_a_note_makes_it_one(world: World) -> None:
    identifier = polled(world).id
    (change,) = world.act(Edit(identifier, {"assigned": ("Schule",)}, note="Falsches Thema."), NOW + HOUR).changes
    assert (change.verdict, change.fields, change.release.topics) == ("corrected", ("note",), ("schule",))
    (change,) = world.act(Edit(identifier, revert=("assigned",), minor=True), NOW + 2 * HOUR).changes
    assert (change.verdict, change.release.topics) == ("reclassified", ("bau",))


def test_topics_by_hand_are_all_that_it_is_in(world: World) -> None:
    forest = Topic("forst", "Forst", keywords=("Mensa",), aliases=("wald",))
    world.plan = replace(world.plan, topics=(forest,), sources=(replace(world.source, topics=("Amt",)),))
    identifier = polled(world, "tags: Forst").id
    assert held(world, identifier).topics == ("bau", "amt", "forst")
    world.act(Edit(identifier, {"assigned": ("wald", "Schule")}), NOW + HOUR)
    assert held(world, identifier).topics == ("forst", "schule")
    world.publish(NOW + HOUR)
    assert world.entries("bau") == []
    assert world.entries("schule") == ["Mensa"]


def test_a_picture_of_the_editors_is_published_and_goes(world: World) -> None:
    identifier = polled(world).id
    media = Media("ab12", "dach.png", "image/png", b"\x89PNG\r\n\x1a\n")
    picture = Image("media:ab12/dach.png", "Ein Dach")
    world.act(Edit(identifier, {"images": (picture,)}, media=(media,)), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert world.bytes()["media/ab12/dach.png"] == media.body
    world.act(Withdraw(identifier), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert "media/ab12/dach.png" not in world.bytes()


def test_before_anybody_has_seen_it_any_date_can_be_put_right(world: World) -> None:
    identifier = polled(world, "embargo: Redebeginn", "date: 2026-04-01T10:00:00Z").id
    world.act(Edit(identifier, {"stated": MAY}), NOW + HOUR)
    assert (held(world, identifier).published, held(world, identifier).stated) == (MAY, MAY)
    polled(world, "embargo: Redebeginn", "date: 2026-04-02T10:00:00Z", now=NOW + 2 * HOUR)
    world.act(Lift(identifier), NOW + 3 * HOUR)
    release = held(world, identifier)
    assert (release.published, release.inferred) == (MAY, ())
    with pytest.raises(StoreError, match="is public already, and that date is to come"):
        world.act(Edit(identifier, {"stated": NOW + 30 * HOUR}), NOW + 4 * HOUR)


@pytest.mark.parametrize(
    ("said", "act", "reason"),
    [
        ("date: 2026-05-01", {"fields": {"stated": MAY}}, "its source states its date, and readers have seen it"),
        ("", {"revert": ("title",)}, "its title is not changed by hand"),
        ("", {"fields": {"embargo": Embargo(event="Rede")}}, "is public already"),
    ],
)
def test_what_cannot_be_changed(world: World, said: str, act: dict[str, Any], reason: str) -> None:
    before = polled(world, *filter(None, [said]))
    with pytest.raises(StoreError, match=reason):
        world.act(Edit(before.id, **act), NOW + HOUR)
    assert held(world, before.id) == before


def test_an_address_that_another_has_is_not_taken(world: World) -> None:
    identifier = polled(world).id
    world.write("b.md", text("title: Wald", "url: https://amt.example/wald").replace("Mensa", "Eiche"))
    other = world.poll(NOW + HOUR).changes[-1].release.id
    with pytest.raises(StoreError, match=f"https://www.amt.example/wald/ is the address of {other}"):
        world.act(Edit(identifier, {"url": "https://www.amt.example/wald/"}), NOW + 2 * HOUR)


def test_an_embargo_that_is_given_back_holds_or_is_refused(world: World) -> None:
    identifier = polled(world, "embargo: 2026-06-03T12:00:00Z").id
    world.act(Edit(identifier, {"embargo": Embargo(event="Redebeginn")}), NOW + HOUR)
    world.act(Edit(identifier, revert=("embargo",)), NOW + 2 * HOUR)
    assert world.store.releases.due(NOW + 50 * HOUR) == (identifier,)
    world.act(Edit(identifier, {"embargo": Embargo(event="Redebeginn")}), NOW + 3 * HOUR)
    with pytest.raises(StoreError, match="states no embargo that holds; `releases lift` publishes it"):
        world.act(Edit(identifier, revert=("embargo",)), NOW + 60 * HOUR)
    assert held(world, identifier).state == "embargoed"
