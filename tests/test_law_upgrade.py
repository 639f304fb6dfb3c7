"""Law: for every history, no id is new, and no `updated` and no position moves by an upgrade: alone, or at once with
what the source itself changes, which is a correction as ever."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from syndicate.model import Changes, Key, Release
from syndicate.reading import Reading
from test_upgrade import newer, positions, steady
from worlds import NOW, World

pytestmark = pytest.mark.sqlite

DAY = timedelta(days=1)
TEXTS = ("Die Gäste ziehen ein.", "Der Wald am Südhang wächst wieder.", "Die Brücke bei Brunnau ist für Busse frei.")


class Entry(NamedTuple):
    """What a feed's entry states: a text by its number, with or without an id and a link of its own."""

    number: int
    text: int
    id: bool
    link: bool

    def xml(self) -> str:
        guid = f"<guid isPermaLink='false'>a{self.number}</guid>" if self.id else ""
        link = f"<link>https://amt.example/{self.number}</link>" if self.link else ""
        text = f"{TEXTS[self.text]} {self.number}"
        return f"<item>{guid}{link}<title>Haus {self.number}</title><description>{text}</description></item>"


class Reader(NamedTuple):
    """What a newer program makes otherwise of the same bytes."""

    title: bool = False
    words: bool = False
    topic: bool = False
    link: bool = False
    date: bool = False

    def __call__(self, release: Release) -> Release:
        if self.title:
            release = replace(release, title=f"{release.title}: neu")
        if self.words:
            release = replace(release, teaser=None, content=f"<p>{(release.teaser or '')[::-1]}</p>{release.content}")
        if self.topic:
            release = replace(release, kicker="Land", categories=("Bau",))
        if self.link and release.url:
            url = f"{release.url}/neu"
            keys = tuple(Key("url", "", url) if key.kind == "url" else key for key in release.keys)
            release = replace(release, url=url, keys=keys)
        if self.date:
            release = replace(release, published=NOW - DAY, stated=NOW - DAY, inferred=())
        if self.title or self.words:
            keys = tuple(replaced(key) if key.kind == "hash" else key for key in release.keys)
            release = replace(release, keys=keys)
        return release

    def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        part = function(*arguments)
        if isinstance(part, Reading):
            part.incoming = [(self(release), capture) for release, capture in part.incoming]
        return part


def replaced(key: Key) -> Key:
    return key._replace(value=f"neu{key.value}")


NUMBERS = range(4)
ENTRY = st.builds(Entry, st.sampled_from(NUMBERS), st.integers(0, 2), st.booleans(), st.booleans())
DOCUMENT = st.lists(ENTRY, min_size=1, max_size=4, unique_by=lambda entry: entry.number)
READER = st.builds(Reader, *[st.booleans()] * 5)


def write(world: World, document: list[Entry]) -> None:
    items = "".join(entry.xml() for entry in document)
    world.write("feed.xml", f"<rss version='2.0'><channel><title>Amt</title>{items}</channel></rss>")


def verdicts(changes: Changes) -> list[str]:
    return sorted(c.verdict for c in changes.changes if c.verdict not in ("unchanged", "quiet", "merged"))


@settings(max_examples=settings.default.max_examples // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=st.lists(DOCUMENT, min_size=1, max_size=3), reader=READER)
@example(history=[[Entry(0, 0, False, False)]], reader=Reader(title=True, words=True))
@example(history=[[Entry(0, 0, True, True)], [Entry(0, 1, True, True)]], reader=Reader(True, True, True, True, True))
def test_an_upgrade_moves_nothing(history: list[list[Entry]], reader: Reader) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), page_size=2)
        for day, document in enumerate(history):
            write(world, document)
            world.poll(NOW + day * DAY)
        world.publish(NOW + 3 * DAY)
        before, places = steady(world), positions(world)
        source = newer(world.source)
        assert verdicts(world.poll(NOW + 4 * DAY, source, run=reader.run)) == []
        after = steady(world)
        assert {i: (a, u) for i, (a, u, *_) in after.items()} == {i: (a, u) for i, (a, u, *_) in before.items()}
        assert positions(world) == places
        assert verdicts(world.poll(NOW + 5 * DAY, source, run=reader.run)) == []
        world.publish(NOW + 5 * DAY)
        world.close()


@settings(max_examples=settings.default.max_examples // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENT, which=st.integers(0, 3), reader=READER, upgraded=st.booleans())
def test_what_the_source_changes_is_a_correction_as_ever(
    document: list[Entry], which: int, reader: Reader, upgraded: bool
) -> None:
    """`upgraded`: before the source changes it, or at once with that."""
    document = [entry._replace(id=True) for entry in document]
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        write(world, document)
        world.poll(NOW)
        source = newer(world.source)
        if upgraded:
            world.poll(NOW + DAY, source, run=reader.run)
        edited = document[which % len(document)]
        rest = [entry for entry in document if entry is not edited]
        write(world, [edited._replace(text=(edited.text + 1) % 3), *rest, Entry(9, 0, True, True)])
        assert verdicts(world.poll(NOW + 2 * DAY, source, run=reader.run)) == ["corrected", "new"]
        world.close()
