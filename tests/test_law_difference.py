"""Law 43: reading only what is new in a document comes to what reading all of it comes to, whatever the history: of the
documents, of the clock, of what a person does in between."""

import json
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any, Literal, NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servers import Reply, Server
from syndicate.errors import StoreError, SyndicateError
from syndicate.model import Changes, Source
from syndicate.pipeline import Act, Edit, Lift, Restore, Settle, Split, Withdraw
from worlds import NOW, SITE, World

HOUR = timedelta(hours=1)
LONG = "Im Herbst ziehen die ersten {0} Gäste in das Haus am Südhang ein, im Winter folgt der Anbau mit {0} Zimmern."
TEXTS = (
    LONG,
    LONG.replace("Herbst", "Sommer"),
    LONG.format("zwölf"),
    "Der Wald Nummer {0} wächst.",
    "Der Wald wächst. Aufrufe: 1",
    "Der Wald wächst. Aufrufe: 2",
    "Der Wald wächst. Aufrufe: 3",
    f"Sperrfrist: 01.06.2026, 20 Uhr\n\n{LONG.format('zwölf')[::-1]}",
    "Sperrfrist: bis zum Beginn der Rede\n\nDie Rede ist lang.",
    "Die LÃ¤nder fÃ¶rdern BrÃ¼cken.",
    "",
)
DATES = (None, "2026-05-30T10:00:00Z", "2026-05-31T10:00:00Z", "2026-06-02T10:00:00Z", "neulich am Vormittag")
TITLES = ("Haus {0}", "Haus am Südhang", "Pressemitteilung", "")


class Entry(NamedTuple):
    """What an entry states; the fields are numbers of the rows above, ids and links are shared now and then."""

    number: int = 0
    title: int = 0
    text: int = 0
    date: int = 0
    updated: int = 0
    topic: int = 0
    id: int | None = None
    link: int | None = None


class Document(NamedTuple):
    """What a source says at a poll. `head` changes what entries do not inherit, `scope` what they do."""

    entries: tuple[Entry, ...] = ()
    gone: tuple[int, ...] = ()
    head: int = 0
    scope: int = 0
    broken: bool = False


Form = Literal["rss", "atom", "json"]
SCOPES = ("", " xml:base='https://amt.example/sub/'", " xml:lang='en'", " xmlns:media='http://search.yahoo.com/mrss/'")


def body(document: Document, form: Form) -> bytes:
    text = {"rss": rss, "atom": atom, "json": jsonfeed}[form](document)
    if document.broken:
        text = text.replace("</title>", "<title>", 1)
    encoding = "utf-16" if document.head == 3 and form != "json" else "utf-8"
    return text.encode(encoding)


def facts(entry: Entry) -> dict[str, str | None]:
    return {
        "id": None if entry.id is None else f"urn:amt:{entry.id}",
        "link": None if entry.link is None else f"https://amt.example/{entry.link}",
        "title": TITLES[entry.title].format(entry.number),
        "text": TEXTS[entry.text].format(entry.number),
        "date": DATES[entry.date],
        "updated": DATES[entry.updated],
        "topic": ("Bau", "Verkehr", None)[entry.topic],
    }


def element(name: str, value: str | None, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(value)}</{name}>" if value is not None else ""


def rss(document: Document) -> str:
    made = [
        "<item>"
        + element("guid", said["id"], " isPermaLink='false'")
        + element("title", said["title"] or None)
        + element("link", said["link"])
        + element("description", said["text"] or None)
        + element("pubDate", said["date"])
        + element("category", said["topic"])
        + "</item>"
        for said in map(facts, document.entries)
    ]
    head = f"<title>Amt {document.head // 2}</title><lastBuildDate>{document.head}</lastBuildDate>"
    head += "<language>en</language>" if document.scope == 2 else ""
    return f"<rss version='2.0'{SCOPES[document.scope]}><channel>{head}{''.join(made)}</channel></rss>"


def atom(document: Document) -> str:
    made = [
        "<entry>"
        + element("id", said["id"])
        + element("title", said["title"] or None)
        + (f"<link href='{said['link']}'/>" if said["link"] else "")
        + element("content", said["text"] or None)
        + element("published", said["date"])
        + element("updated", said["updated"])
        + (f"<category term='{said['topic']}'/>" if said["topic"] else "")
        + "</entry>"
        for said in map(facts, document.entries)
    ]
    made += [f"<at:deleted-entry ref='urn:amt:{n}' when='2026-06-01T12:00:00Z'/>" for n in document.gone]
    spaces = "xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'"
    head = f"<title>Amt {document.head // 2}</title><updated>2026-06-01T12:00:0{document.head}Z</updated>"
    head += "<author><name>Amt</name></author>" if document.scope == 2 else ""
    return f"<feed {spaces}{SCOPES[document.scope]}>{head}{''.join(made)}</feed>"


def jsonfeed(document: Document) -> str:
    names = {"link": "url", "text": "content_text", "date": "date_published", "updated": "date_modified"}
    items: list[Any] = []
    for entry in document.entries:
        said = {names.get(key, key): value for key, value in facts(entry).items() if value}
        said["tags"] = [said.pop("topic")] if "topic" in said else []  # type: ignore[assignment]  # JSON
        items.append(said)
    items += [
        {"id": f"urn:amt:{n}", "date_modified": "2026-06-01T12:00:00Z", "pubStatus": "canceled"} for n in document.gone
    ]
    head = {"language": "en"} if document.scope == 1 else {"authors": [{"name": "Amt"}]} if document.scope == 2 else {}
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": f"Amt {document.head}", **head, "items": items}
    )


# --- histories --------------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """`edit` of the document at `place`, after `hours`, and after what a person did to the release number `place`."""

    edit: str
    place: int
    entry: Entry
    hours: int
    act: str
    other: bool  # it is the second source's


EDITS = ("now", "now", "add", "add", "change", "change", "remove", "move", "double", "back", "head", "scope", "gone")
EDITS += ("not gone", "broken", "same")
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

    def take(self, step: Step) -> list[tuple[str, str, str]]:
        self.now += step.hours * HOUR
        told = [change for changes in (*self.clock(), *self.person(step)) for change in changes.changes]
        name = "zwei" if step.other else "eins"
        document = self.documents.get(name, Document(FIRST[: 2 if step.other else 5]))
        self.documents[name], self.before[name] = edited(document, self.before.get(name, Document()), step), document
        source = Source(id=name, url=self.server.url(f"/{name}"), allow_private=True, tag=SITE.tag, priority=step.other)
        self.server.answers(f"/{name}", Reply(body=body(self.documents[name], self.form), headers=TYPES[self.form]))
        if self.whole:
            self.world.store.documents.keep(name, None)
        with suppress(SyndicateError):
            told += self.world.poll(self.now, source).changes
        return [(change.verdict, change.release.id, change.release.title) for change in told if change.tells]

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


TYPES = {
    "rss": {"Content-Type": "application/rss+xml"},
    "atom": {"Content-Type": "application/atom+xml"},
    "json": {"Content-Type": "application/feed+json"},
}
# What is held for the next poll alone, and search indexes.
APART = ("document", "meta", "sqlite_", "_sqlite")


def stored(path: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = [name for name in tables if not name.startswith(APART)]
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in kept}


def play(
    steps: Sequence[Step], form: Form, server: Server, *, whole: bool
) -> tuple[list[Any], dict[str, Any], dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        life = Life(World(Path(folder), page_size=3, html=False), server, form, whole)
        told = [life.take(step) for step in steps]
        life.world.publish(life.now)
        published = life.world.bytes()
        life.world.close()
        return told, stored(Path(folder) / "s.db"), published


def assert_same(steps: Sequence[Step], form: Form) -> None:
    with Server() as server:
        whole, new = (play(steps, form, server, whole=each) for each in (True, False))
    for one, other in zip(whole, new, strict=True):
        assert other == one


SPLIT = [
    Step("now", 0, Entry(), 9, "", other=False),
    Step("head", 4, Entry(), 1, "", other=True),
    Step("back", 1, Entry(), 1, "split", other=False),
]


TWICE = [Step("gone", 3, Entry(), 1, "", other=False)] * 2 + [Step("now", 0, Entry(), 1, "", other=False)]


@given(st.lists(STEP, min_size=2, max_size=9), st.sampled_from(("rss", "atom", "json")))
@example(SPLIT, "atom")  # what a person has parted, a source's unchanged entry may be of either part
@example(TWICE, "json")  # what is taken back twice counts once
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_reading_what_is_new_comes_to_what_reading_all_comes_to(steps: list[Step], form: Form) -> None:
    assert_same(steps, form)
