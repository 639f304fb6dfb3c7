"""Law 43: reading only what is new in a document comes to what reading all of it comes to, whatever the history: of the
documents, of the clock, of what a person does in between."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from made_up import FORMS, SCOPES, TEXTS, TYPES, Document, Entry, Form, body
from portals import html, page
from servers import Reply, Server
from syndicate.client import PageDelay
from syndicate.errors import StoreError, SyndicateError
from syndicate.fulltext import backfill, complete_all
from syndicate.model import Changes, Push, Source
from syndicate.pipeline import Act, Edit, Lift, Restore, Settle, Split, Withdraw, receive
from syndicate.work import Tools, Work
from worlds import NOW, SITE, World

pytestmark = pytest.mark.sqlite
HOUR = timedelta(hours=1)

# --- histories --------------------------------------------------------------------------------------------------------


class Then(NamedTuple):
    """The page of this number says what stands in that row from now on; a `delta` is told; what is done after it."""

    page: int | None = None
    delta: bool = False
    walks: bool = False
    asks: bool = True


class Step(NamedTuple):
    """`edit` of the document at `place`, after `hours`, and after what a person did to the release number `place`."""

    edit: str
    place: int
    entry: Entry
    hours: int
    act: str
    other: bool  # it is the second source's
    then: Then = Then()


EDITS = ("now", "now", "add", "add", "change", "change", "remove", "move", "double", "back", "head", "scope", "gone")
EDITS += ("not gone", "broken", "same", "copy")
ACTS = ("",) * 8 + ("withdraw", "restore", "edit", "revert", "lift", "split", "forget")
# Most entries are plain: those alone can be passed over.
TEXT = st.sampled_from((0, 0, 0, 0, 1, 2, 3, 3, *range(len(TEXTS))))
DATE = st.sampled_from((0, 1, 1, 1, 2, 2, 3, 4))
NAME = st.none() | st.integers(0, 7)
ENTRY = st.builds(
    Entry,
    st.integers(0, 5),
    st.sampled_from((0, 0, 0, 1, 2, 3)),
    TEXT,
    DATE,
    st.sampled_from((0, 0, 0, 1, 2, 3)),
    st.integers(0, 2),
    NAME,
    NAME,
)
FIRST = tuple(Entry(n, id=n if n % 3 else None, link=n if n % 2 else None, date=n % 3) for n in range(5))
STEP = st.builds(
    Step,
    st.sampled_from(EDITS),
    st.integers(0, 5),
    ENTRY,
    st.sampled_from((1, 1, 1, 2, 9, 30)),
    st.sampled_from(ACTS),
    st.sampled_from((False, False, False, True)),
)


SELDOM = st.sampled_from((False, False, False, True))
THEN = st.builds(Then, st.none() | st.integers(0, 7), SELDOM, SELDOM, SELDOM.map(lambda seldom: not seldom))
FOLLOWED_STEP = st.builds(lambda step, then: step._replace(then=then), STEP, THEN)


def edited(document: Document, before: Document, step: Step) -> Document:
    place = step.place % max(1, len(document.entries))
    match step.edit:
        case "back":
            return before
        case "now":
            return document._replace(head=(document.head + 1) % 3)
        case "head":
            return document._replace(head=(document.head + 2) % 8)
        case "scope":
            return document._replace(scope=(document.scope + 1) % len(SCOPES))
        case "gone":
            return document._replace(gone=(*document.gone, step.place))
        case "not gone":
            return document._replace(gone=document.gone[1:])
        case "broken":
            return document._replace(broken=not document.broken)
        case _:
            return document._replace(entries=with_another(document.entries, place, step))


def with_another(entries: tuple[Entry, ...], place: int, step: Step) -> tuple[Entry, ...]:
    before, chosen, after = entries[:place], entries[place : place + 1], entries[place + 1 :]
    match step.edit:
        case "add":
            return (step.entry, *entries)
        case "change":
            return (*before, *(e._replace(text=step.entry.text, updated=step.entry.updated) for e in chosen), *after)
        case "remove":
            return (*before, *after)
        case "move":
            return (*after, *chosen, *before)
        case "double":
            return (*entries, *(step.entry._replace(id=e.id, link=e.link) for e in chosen))
        case "copy":
            return (*(e._replace(id=step.entry.id, link=step.entry.link) for e in chosen), *entries)
    return entries


@dataclass
class Life:
    """One world and its two sources; `whole`: it reads all of each document."""

    world: World
    server: Server
    form: Form
    whole: bool
    now: datetime = NOW
    documents: dict[str, Document] = field(default_factory=dict)
    before: dict[str, Document] = field(default_factory=dict)
    pages: dict[int, int] = field(default_factory=dict)  # which of PAGES each is

    def take(self, step: Step) -> list[tuple[object, ...]]:
        self.now += step.hours * HOUR
        told = [change for changes in (*self.clock(), *self.person(step)) for change in changes.changes]
        name = "zwei" if step.other else "eins"
        document = self.documents.get(name, Document(FIRST[: 2 if step.other else 5]))
        self.documents[name], self.before[name] = edited(document, self.before.get(name, Document()), step), document
        source = Source(id=name, url=self.server.url(f"/{name}"), allow_private=True, tag=SITE.tag, priority=step.other)
        source = self.published(source, step)
        if self.whole:
            self.world.store.documents.keep(name, None)
        with suppress(SyndicateError):
            told += self.polled(source).changes
        beyond = self.beyond(source, step)
        return [(change.verdict, change.release.id, change.release.title) for change in told if change.tells] + beyond

    def polled(self, source: Source) -> Changes:
        return self.world.poll(self.now, source)

    def published(self, source: Source, _: Step) -> Source:
        """What its server answers from now on, and how it is asked."""
        found = body(self.documents[source.id], self.form)
        self.server.answers(f"/{source.id}", Reply(body=found, headers=TYPES[self.form]))
        return source

    def beyond(self, _source: Source, _: Step) -> list[tuple[object, ...]]:
        """What else comes of a source, after its poll."""
        return []

    def clock(self) -> list[Changes]:
        """What has come to its end by now, as the daemon finds it each second."""
        store = self.world.store
        made = [self.world.act(Lift(i, due=self.now), self.now) for i in store.releases.due(self.now)]
        due = store.releases.unsettled(self.now)
        return made + [self.world.act(Settle(i, edition.source), self.now) for i, edition in due]

    def person(self, step: Step) -> list[Changes]:
        store = self.world.store
        if step.act == "forget":
            store.sources.forget("eins")
        held = sorted(release.id for release in store.releases.list())
        if not held or not step.act or step.act == "forget":
            return []
        chosen = held[step.place % len(held)]
        acts: dict[str, Act] = {
            "withdraw": Withdraw(chosen),
            "restore": Restore(chosen),
            "edit": Edit(chosen, {"title": "Von Hand"}),
            "revert": Edit(chosen, revert=("title",)),
            "lift": Lift(chosen),
            "split": Split(chosen, "zwei"),
        }
        with suppress(StoreError):
            return [self.world.act(acts[step.act], self.now)]
        return []


PAGES = (
    html(page("Haus")),
    html(page("Haus", "Im Wald steht ein Haus.", "Es hat zwölf Zimmer und einen Garten am Südhang.")),
    html(page("Haus", before="<p>Sperrfrist: 2. Juni 2026, 20:00 Uhr</p>")),
    html(page("Haus", before="<p>Sperrfrist: bis zum Beginn der Rede</p>")),
    html(page("Haus am Südhang", kicker="Verkehr", teaser=None)),
    html(page("Haus", "Die Pressemitteilung wurde zurückgezogen.")),
    html(page("Etwas ganz anderes")),
    Reply(status=404),
)


class Followed(Life):
    """Its entries have pages of their own, which change as well; its documents go on, and some tell what is new alone.

    `then` of a step: which of its pages says what from now on, and what comes of the source besides.
    """

    older = Document(tuple(Entry(n, id=n + 2, link=n + 2, date=1) for n in range(5)))

    def published(self, source: Source, step: Step) -> Source:
        for number in range(8):
            self.server.answers(f"/p/{number}", PAGES[self.pages.setdefault(number, 0)])
        if step.then.page is not None:
            self.pages[step.place] = step.then.page
            self.server.answers(f"/p/{step.place}", PAGES[step.then.page])
        document, site = self.documents[source.id], self.server.url("/p/")
        delta = step.then.delta and step.edit in ("add", "change", "double")
        said = document._replace(entries=document.entries[:1], gone=()) if delta else document
        older = self.server.url(f"/{source.id}/2")
        headers = {**TYPES[self.form], "ETag": f'"{self.now:%d%H}"'} | ({"IM": "feed"} if delta else {})
        found = body(said, self.form, site=site, older=older)
        self.server.answers(f"/{source.id}", Reply(226 if delta else 200, found, headers))
        self.server.answers(f"/{source.id}/2", Reply(body=body(self.older, self.form, site=site), headers=headers))
        return replace(source, fulltext=True)

    def beyond(self, source: Source, step: Step) -> list[tuple[object, ...]]:
        plan = replace(self.world.plan, sources=(source,))
        tools = Tools(client=self.world.client, page_delay=PageDelay(0))
        work = Work(plan=plan, store=self.world.store, tools=tools, clock=lambda: self.now)
        told = list[tuple[object, ...]]()
        if step.then.walks:
            told.append((backfill(source, 1, work, restart=step.place == 0),))
        if step.then.asks:
            for done in complete_all([source], work):
                made = done.changes.changes if done.changes else ()
                told.append((done.url, done.error, *((change.verdict, change.release.id) for change in made)))
        return told


RULES = (
    {},
    {"drop": ("category:*", "/Haus/")},
    {"keep": ("title:*a*", "text:*garten*")},
    {"drop": ("title:*1*", "title:*3*", "url:*2")},
    {"update": "ignore"},
    {"update": "quiet", "drop": ("text:wald",)},
    {"identity": "id"},
    {"identity": "link", "keep": ("title:*",)},
    {"identity": "([0-9])$"},
)


class RuledBy(Life):
    """Its operator has other rules now and then: by what is done to a document."""

    def published(self, source: Source, step: Step) -> Source:
        super().published(source, step)
        if step.hours == 2:
            self.pages[0] = step.place + step.entry.text
        return replace(source, **RULES[self.pages.get(0, 1) % len(RULES)])


class Pushed(Life):
    """Before some of its polls, its hub has pushed the first few of what these find; before others all of it."""

    pushes = "some"

    def published(self, source: Source, step: Step) -> Source:
        super().published(source, step)
        document = self.documents[source.id]
        if self.pushes == "all":
            self.told = self.push(source, document)
        elif step.then.delta:
            few = step.place % (len(document.entries) + 1)
            self.told = self.push(source, document._replace(entries=document.entries[:few]))
        return source

    def push(self, source: Source, document: Document) -> list[tuple[object, ...]]:
        if self.whole:
            self.world.store.documents.keep(source.id, None)
        found = Push(
            body=body(document, self.form), media_type=TYPES[self.form]["Content-Type"], coding="", at=self.now
        )
        with suppress(SyndicateError):
            made = receive(source, found, store=self.world.store, plan=self.world.plan, now=self.now)
            return [
                (change.verdict, change.release.id, change.release.title) for change in made.changes if change.tells
            ]
        return []

    def beyond(self, source: Source, step: Step) -> list[tuple[object, ...]]:
        return self.told if self.pushes == "some" and step.then.delta else []


class PushedWhole(Pushed):
    """Its hub has always pushed what its poll finds: that comes to nothing more."""

    pushes = "all"

    def polled(self, source: Source) -> Changes:
        made = super().polled(source)
        assert [change for change in made.changes if change.tells] == []
        return made


# What is held for the next poll alone, and search indexes.
APART = ("document", "meta", "sqlite_", "_sqlite")


def stored(path: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = [name for name in tables if not name.startswith(APART)]
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in kept}


def play(
    steps: Sequence[Step], form: Form, server: Server, kind: type[Life], *, whole: bool
) -> tuple[list[Any], dict[str, Any], dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        life = kind(World(Path(folder), page_size=3, html=False), server, form, whole)
        told = [life.take(step) for step in steps]
        life.world.publish(life.now)
        published = life.world.bytes()
        life.world.close()
        return told, stored(Path(folder) / "s.db"), published


def assert_same(steps: Sequence[Step], form: Form, kind: type[Life] = Life) -> None:
    with Server() as server:
        whole, new = (play(steps, form, server, kind, whole=each) for each in (True, False))
    for one, other in zip(whole, new, strict=True):
        assert other == one


SPLIT = [
    Step("now", 0, Entry(), 9, "", other=False),
    Step("head", 4, Entry(), 1, "", other=True),
    Step("back", 1, Entry(), 1, "split", other=False),
]


TWICE = [Step("gone", 3, Entry(), 1, "", other=False)] * 2 + [Step("now", 0, Entry(), 1, "", other=False)]

# The words by which a source's entry is known are another release's from now on: of two entries of another source.
MOVED = [
    Step("now", 0, Entry(), 1, "", other=True),
    Step("now", 0, Entry(), 1, "", other=False),
    Step("copy", 0, Entry(id=7, link=7), 1, "", other=False),
    Step("now", 0, Entry(), 1, "", other=True),
]


@given(st.lists(STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@example(SPLIT, "atom")  # what a person has parted, a source's unchanged entry may be of either part
@example(TWICE, "json")  # what is taken back twice counts once
@example(MOVED, "json")  # what an unchanged entry is known by names another release since
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_reading_what_is_new_comes_to_what_reading_all_comes_to(steps: list[Step], form: Form) -> None:
    assert_same(steps, form)


@given(st.lists(FOLLOWED_STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
def test_so_it_does_where_a_hub_has_pushed_some_of_it(steps: list[Step], form: Form) -> None:
    assert_same(steps, form, Pushed)


@given(st.lists(FOLLOWED_STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=8)
def test_so_it_does_whatever_rules_its_operator_has(steps: list[Step], form: Form) -> None:
    assert_same(steps, form, RuledBy)


@given(st.lists(STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
def test_what_is_pushed_and_then_polled_comes_to_what_is_polled(steps: list[Step], form: Form) -> None:
    """The same is published, and the poll tells nothing that the push has not."""
    with Server() as server:
        polled, pushed = (play(steps, form, server, kind, whole=False) for kind in (Life, PushedWhole))
    assert pushed[2] == polled[2]


# Two entries at one address, which differ in what is no word: each tells otherwise of its page at each poll.
SHARED = [
    Step("double", 1, Entry(1, date=1, topic=1), 1, "", other=False),
    *[Step("now", 0, Entry(), 2, "", other=False)] * 3,
]


@given(st.lists(FOLLOWED_STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@example(SHARED, "rss")
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=8)
def test_so_it_does_where_pages_are_followed_where_it_is_walked_back_and_where_what_is_new_alone_is_told(
    steps: list[Step], form: Form
) -> None:
    assert_same(steps, form, Followed)
