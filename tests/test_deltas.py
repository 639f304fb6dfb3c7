"""What changed in a feed since a version of it: whoever holds that version and applies it has what the head shows."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndicate.documents import delta
from syndicate.errors import StoreError
from syndicate.formats import ATOM, CONTENT, FORMATS, TOMBSTONES
from syndicate.model import Document
from syndicate.pipeline import Edit, Restore, Withdraw, prepare
from syndicate.store import Version
from syndicate.validate import faults
from test_archives import FORST, SCHULE, Archives
from worlds import NOW

HOUR = timedelta(hours=1)
FORMS = ("atom", "rss", "json")


def opened(root: Path, formats: tuple[str, ...] = FORMS) -> Archives:
    world = Archives(root)
    world.plan = replace(world.plan, publish=replace(world.plan.publish, formats=formats, html=False))
    prepare(world.store, world.plan, now=NOW)
    return world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Archives]:
    yield (made := opened(tmp_path))
    made.close()


class Read(NamedTuple):
    """What a reader takes from a document: by id (updated, title, content), and what was withdrawn."""

    entries: dict[str, tuple[str, str, str]]
    gone: frozenset[str] = frozenset()

    def and_then(self, later: "Read") -> "Read":
        left = {i: said for i, said in self.entries.items() if i not in later.gone}
        return Read(left | later.entries, (self.gone | later.gone) - later.entries.keys())


def read(body: bytes, form: str) -> Read:
    if form == "json":
        items = json.loads(body)["items"]
        return Read({i["id"]: (i["date_modified"], i["title"], i["content_html"]) for i in items})
    root = etree.fromstring(body)
    if form == "rss":
        said = ("guid", f"{{{ATOM}}}updated", "title", f"{{{CONTENT}}}encoded")
        found = [[item.findtext(name, "") for name in said] for item in root.iter("item")]
    else:
        said = tuple(f"{{{ATOM}}}{name}" for name in ("id", "updated", "title", "content"))
        found = [[entry.findtext(name, "") for name in said] for entry in root.iter(f"{{{ATOM}}}entry")]
    gone = frozenset(each.get("ref", "") for each in root.iter(f"{{{TOMBSTONES}}}deleted-entry"))
    return Read({i: (updated, title, content) for i, updated, title, content in found}, gone)


def since(world: Archives, form: str, version: Version, now: datetime, topic: str = "forst") -> Document | None:
    return delta(world.store, world.plan, topic, form, version, now)


def latest(world: Archives, form: str = "atom", topic: str = "forst") -> Version:
    found = world.store.versions.latest(f"{topic}.{FORMATS[form].suffix}")
    assert found is not None
    return found


class Reader:
    """Who has read each version of a head of `forst`, and asks at each step with what each of them has."""

    def __init__(self, world: Archives) -> None:
        self.world, self.held, self.deltas = world, dict[str, dict[int, Read]](), 0

    def looks(self, now: datetime) -> None:
        for form in self.world.plan.publish.formats:
            body = (self.world.feeds / f"forst.{form}").read_bytes()
            head, version = read(body, form), latest(self.world, form)
            for number, before in self.held.setdefault(form, {}).items():
                held = self.world.store.versions.get(number)
                if held and (document := since(self.world, form, held, now)):
                    self.deltas += 1
                    self._applies(before, document, head, form, len(body))
            self.held[form][version.id] = head

    @staticmethod
    def _applies(before: Read, document: Document, head: Read, form: str, most: int) -> None:
        assert faults(document) == ()
        assert len(document.body) < most
        said = read(document.body, form)
        assert [i for i in head.entries if i in said.entries] == [*said.entries]  # in the order of the head
        now = before.and_then(said)
        assert {i: now.entries.get(i) for i in head.entries} == head.entries
        assert head.gone.isdisjoint(now.entries)
        assert head.gone <= now.gone
        if form == "atom":
            assert b"complete" not in document.body


NAMES = [f"n{n}" for n in range(6)]


def arrive(world: Archives, name: str, now: datetime, past: bool) -> None:
    if not world.store.releases.among([name]):
        world.record(name, now=now, backfill=past, published=now, updated=now, issued=now, topics=(FORST, SCHULE))


def edit(world: Archives, name: str, now: datetime, minor: bool) -> None:
    world.act(Edit(name, {"title": f"Titel {name} {now:%d %H}"}, minor=minor), now)


def leave_or_come(world: Archives, name: str, now: datetime, leave: bool) -> None:
    world.act(Edit(name, {"assigned": ("schule",) if leave else ("forst", "schule")}), now)


def withdraw(world: Archives, name: str, now: datetime, _: bool) -> None:
    world.act(Withdraw(name, "Irrtum"), now)


def restore(world: Archives, name: str, now: datetime, _: bool) -> None:
    world.act(Restore(name), now)


Step = Callable[[Archives, str, datetime, bool], None]
STEPS: list[Step] = [arrive, arrive, edit, edit, leave_or_come, withdraw, restore, restore]


@settings(max_examples=settings().max_examples // 4, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(NAMES), st.booleans(), st.sampled_from([1, 1, 480])),
        max_size=12,
    ),
    st.sampled_from(FORMS),
)
def test_who_applies_a_delta_has_what_the_head_shows(steps: list[tuple[Step, str, bool, int]], form: str) -> None:
    with tempfile.TemporaryDirectory() as root, pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        world = opened(Path(root), (form,))
        reader, now = Reader(world), NOW
        for name in NAMES[:3]:
            arrive(world, name, now, past=False)
        for step, name, flag, hours in steps:
            now += hours * HOUR
            with suppress(StoreError):
                step(world, name, now, flag)
            world.publish(now)
            reader.looks(now)
        world.close()


def links(body: bytes) -> dict[str, str]:
    root = etree.fromstring(body)
    return {link.get("rel", ""): link.get("href", "") for link in root.findall(f"{{{ATOM}}}link")}


@pytest.mark.parametrize("form", FORMS)
def test_a_delta_is_the_head_without_what_is_known_and_never_says_that_it_is_all(world: Archives, form: str) -> None:
    world.record("n1", "n2")
    world.publish()
    whole = (world.feeds / f"forst.{form}").read_bytes()
    before = latest(world, form)
    world.act(Edit("n1", {"title": "Titel n1 neu"}), NOW + HOUR)
    world.publish(NOW + HOUR)
    found = since(world, form, before, NOW + HOUR)
    assert found is not None
    assert (found.path, found.media_type) == (f"forst.{form}", FORMATS[form].media_type)
    assert [title for _, title, _ in read(found.body, form).entries.values()] == ["Titel n1 neu"]
    if form != "json":
        assert b"complete" in whole
        assert b"complete" not in found.body
    if form == "atom":
        head = (world.feeds / "forst.atom").read_bytes()
        assert links(found.body) == links(head)
        assert etree.fromstring(found.body).findtext(f"{{{ATOM}}}id") == etree.fromstring(head).findtext(
            f"{{{ATOM}}}id"
        )


def test_a_walk_goes_on_from_a_delta_over_the_pages_that_have_closed_since(world: Archives) -> None:
    world.record("n1", "n2", "n3")
    world.publish()
    before = latest(world)
    world.record("n4")
    world.publish()
    found = since(world, "atom", before, NOW)
    assert found is not None
    assert links(found.body)["prev-archive"].endswith("forst/1.atom")


def test_what_was_withdrawn_is_told_and_what_left_the_topic_is_not(world: Archives) -> None:
    world.record("n1", "n2", "n3", topics=(FORST, SCHULE))
    world.publish()
    before = {form: latest(world, form) for form in FORMS}
    world.act(Withdraw("n1", "Irrtum"), NOW + HOUR)
    world.act(Edit("n2", {"assigned": ("schule",)}), NOW + HOUR)
    world.publish(NOW + HOUR)
    said = {form: since(world, form, held, NOW + HOUR) for form, held in before.items()}
    found = {form: read(document.body, form) for form, document in said.items() if document}
    assert found["atom"] == Read({}, frozenset({"urn:x:n1"}))
    assert {form: [*each.entries] for form, each in found.items()} == {
        "atom": [],
        "rss": ["urn:x:n1"],
        "json": ["urn:x:n1"],
    }
    assert b"Titel n1" not in b"".join(document.body for document in said.values() if document)


def _nothing_since(world: Archives) -> Version:
    return latest(world)


def _of_another_document(world: Archives) -> Version:
    found = latest(world, "json")
    world.record("n3")
    world.publish()
    return found


def _of_before_anybody_kept_what_stood_there(world: Archives) -> Version:
    found = latest(world)._replace(positions=None)
    world.record("n3")
    world.publish()
    return found


def _of_before_three_closed_pages(world: Archives) -> Version:
    found = latest(world)
    for name in ("n3", "n4", "n5", "n6", "n7", "n8"):
        world.record(name)
    world.publish()
    return found


def _of_an_empty_head(world: Archives) -> Version:
    found = latest(world)._replace(positions="")
    world.record("n3")
    world.publish()
    return found


def _the_store_is_ahead(world: Archives) -> Version:
    found = latest(world)
    world.record("n3")
    world.publish()
    world.act(Edit("n1", {"title": "Titel n1 neu"}), NOW)
    return found


def _of_an_alias(world: Archives) -> Version:
    found = latest(world)
    topics = (replace(FORST, id="wald", aliases=("forst",)),)
    world.plan = replace(world.plan, topics=topics)
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    return found


def _of_a_format_that_is_published_no_more(world: Archives) -> Version:
    found = latest(world)
    world.plan = replace(world.plan, publish=replace(world.plan.publish, formats=("json",)))
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    return found


NONE = [
    _nothing_since,
    _of_another_document,
    _of_before_anybody_kept_what_stood_there,
    _of_before_three_closed_pages,
    _of_an_empty_head,
    _the_store_is_ahead,
    _of_an_alias,
    _of_a_format_that_is_published_no_more,
]


@pytest.mark.parametrize("held", NONE, ids=lambda held: held.__name__)
def test_where_there_is_no_delta_the_head_is_to_be_sent(world: Archives, held: Callable[[Archives], Version]) -> None:
    world.record("n1", "n2")
    world.publish()
    assert since(world, "atom", held(world), NOW) is None


def test_what_changed_is_asked_for_while_a_feed_is_published(world: Archives) -> None:
    """In threads of their own: what is at hand of entries is shared with the publish."""
    names = [f"m{n}" for n in range(5)]
    world.record("n1", "n2")
    world.publish()
    held, over = latest(world), threading.Event()

    def asks() -> int:
        count = 0
        while not over.is_set():
            count += since(world, "atom", held, NOW) is not None
        return count + (since(world, "atom", held, NOW) is not None)

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(asks) for _ in range(3)]
        for name in names:
            world.record(name)
            world.act(Edit(name, {"title": f"Titel {name} neu"}, minor=True), NOW)
            world.publish()
            held = latest(world)
        world.record("n3")
        world.publish()
        over.set()
        assert all(each.result() for each in asked)
