"""Whatever happens to releases, in whatever order, with a crash between any two steps: what always holds.

The walk from the head yields each visible release once. Nothing that is held or withdrawn leaves a word in any output.
Pages do not shift, and what a backfill brought is in no head. Nothing that is dirty is forgotten. The same state gives
the same bytes.
"""

import json
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from syndicate.errors import StoreError
from syndicate.model import Changes, Embargo, Plan, Release, Source, Topic
from syndicate.pipeline import Edit, Lift, Restore, Split, Withdraw, prepare, reclassify, record
from syndicate.recording import mark_all
from syndicate.store import Store
from worlds import NOW, SITE, World

TOPICS = ("Forst", "Schule", "Europa")
LONG = " ".join(f"Im Satz {{n}} zum Wort{{n}}x steht etwas über {k} Eichen und {k * 3} Nachbarn." for k in range(8))


def counted(store: Store) -> list[tuple[str, int, datetime | None]]:
    """Of each feed how many entries it shows, and the date of the newest in its head, else of the last that came."""
    found = []
    for topic in sorted(store.feeds.outline().pages):
        pages = store.feeds.outline().pages[topic]
        head = store.feeds.head(topic).shown
        rest = [each for number in pages for each in store.feeds.archive(topic, number).shown]
        newest = max((each.published for each in head), default=None)
        if newest is None and rest:
            older = store.feeds.head(topic).older
            while older is not None and newest is None:
                page = store.feeds.archive(topic, older)
                newest, older = next((each.published for each in page.shown), None), page.older
        found.append((topic, len(head) + len(rest), newest))
    return found


class Crash(BaseException):
    """As if the machine had lost its power."""


class Life(RuleBasedStateMachine):
    releases = Bundle("releases")

    @initialize(page_size=st.integers(2, 5))
    def begin(self, page_size: int) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        # Thousands of small steps: nobody writes these files meanwhile, and this disk loses no power.
        self.patches = [patch("time.sleep"), patch("os.fsync")]
        for each in self.patches:
            each.start()
        self.root = Path(self.temporary.name)
        self.page_size = page_size
        self.now = NOW
        self.count = 0
        self.pages: dict[str, list[str]] = {}  # all that ever stood on it
        self.sizes: dict[str, int] = {}
        self.ids: set[str] = set()
        self.past: set[str] = set()  # atom ids of what a backfill brought, and nothing has moved since
        self.filled: set[str] = set()  # of all that a backfill spoke of
        self.states: dict[str, str] = {}
        self.crashed = False
        self._open()

    def _open(self) -> None:
        self.world = World(self.root, page_size=self.page_size)
        second = self.root / "zweite"
        second.mkdir(exist_ok=True)
        self.second = Source(id="zweite", path=str(second), tag=SITE.tag, priority=1)
        # Two formats and pages say what the walks need; the fewer files, the more histories are tried.
        publish = replace(self.world.plan.publish, formats=("atom", "json"))
        sources = (*self.world.plan.sources, self.second)
        self.world.plan = replace(self.world.plan, sources=sources, publish=publish)
        prepare(self.world.store, self.world.plan, now=self.now)

    def _tick(self) -> None:
        self.now += timedelta(hours=1)

    def _poll(self, source: Source | None = None, *, past: bool = False) -> None:
        def of_the_past(store: Store, changes: Changes, plan: Plan, **given: Any) -> None:
            record(store, replace(changes, backfill=past), plan, **given)

        with patch.object(sys.modules["syndicate.pipeline.ingest"], "record", of_the_past):
            self._remember(self.world.poll(self.now, source), past=past)

    def _remember(self, changes: Changes, *, past: bool = False) -> None:
        """What is of the past stays so until something else moves it, or an embargo ends."""
        for change in changes.changes:
            release = change.release
            moved = not past and change.verdict in ("completed", "corrected", "lifted", "restored")
            if past:
                self.filled.add(release.atom_id)
            if past and change.verdict == "new":
                self.past.add(release.atom_id)
            elif release.visible and (moved or self.states.get(release.id) == "embargoed"):
                self.past.discard(release.atom_id)
            if change.verdict != "unchanged":
                self.states[release.id] = release.state
            self.ids.add(release.id)

    def _write(self, folder: Path, n: int, topic: str, extra: str = "", text: str = "") -> None:
        body = LONG.format(n=n)
        content = f"---\ntitle: Meldung Wort{n}x\ntopic: {topic}\n{extra}---\n\n{body} {text}\n"
        path = folder / f"{n}.md"
        path.write_text(content, encoding="utf-8")
        os.utime(path, (1_600_000_000 + self.now.timestamp() % 1e8,) * 2)

    @rule(
        target=releases, topic=st.sampled_from(TOPICS), many=st.integers(1, 4), held=st.booleans(), past=st.booleans()
    )
    def arrive(self, topic: str, many: int, held: bool, past: bool) -> object:
        self._tick()
        numbers = range(self.count, self.count + many)
        self.count += many
        for n in numbers:
            self._write(self.world.folder, n, topic, "embargo: Redebeginn\n" if held else "")
        self._poll(past=past)
        return multiple(*numbers)

    @rule(
        n=releases, topic=st.sampled_from(TOPICS), text=st.sampled_from(["", "Neu.", "Ganz neu."]), past=st.booleans()
    )
    def say_again(self, n: int, topic: str, text: str, past: bool) -> None:
        self._tick()
        self._write(self.world.folder, n, topic, text=text)
        self._poll(past=past)

    @rule(n=releases, topic=st.sampled_from(TOPICS), past=st.booleans())
    def another_source_says_it_too(self, n: int, topic: str, past: bool) -> None:
        self._tick()
        self._write(Path(self.second.path or ""), n, topic, text="Sagt das Ministerium.")
        self._poll(self.second, past=past)

    def _act(self, act: Lift | Withdraw | Restore | Edit | Split) -> None:
        self._tick()
        with suppress(StoreError):  # it is not in a state where that can be done
            self._remember(self.world.act(act, self.now))

    def _of(self, n: int) -> str:
        found = [r.id for r in self.world.store.releases.list() if f"Wort{n}x" in r.title + r.content]
        return found[0] if found else "none"

    @rule(n=releases)
    def lift(self, n: int) -> None:
        self._act(Lift(self._of(n)))

    @rule(n=releases)
    def withdraw(self, n: int) -> None:
        self._act(Withdraw(self._of(n), "Irrtum"))

    @rule(n=releases)
    def restore(self, n: int) -> None:
        self._act(Restore(self._of(n)))

    @rule(n=releases, minor=st.booleans(), title=st.sampled_from(["A", "B"]))
    def edit(self, n: int, minor: bool, title: str) -> None:
        self._act(Edit(self._of(n), {"title": f"Meldung Wort{n}x {title}"}, minor=minor))

    @rule(n=releases)
    def put_off(self, n: int) -> None:
        self._act(Edit(self._of(n), {"embargo": Embargo(self.now + timedelta(days=9))}))

    @rule(n=consumes(releases))
    def split(self, n: int) -> None:
        self._act(Split(self._of(n), "zweite"))

    @rule(kicker=st.sampled_from(TOPICS))
    def map_a_kicker(self, kicker: str) -> None:
        self._tick()
        self.world.plan = replace(self.world.plan, topics=(Topic("thema", "Thema", kickers=(kicker,)),))
        reclassify(self.world.store, plan=self.world.plan, now=self.now)

    @rule(after=st.integers(0, 6))
    def crash_while_publishing(self, after: int) -> None:
        left = [after]
        real = os.replace

        def replace_or_crash(source: str, target: str) -> None:
            if not left[0]:
                raise Crash
            left[0] -= 1
            real(source, target)

        try:
            with patch("os.replace", replace_or_crash):
                self.world.publish(self.now)
        except Crash:
            self._start_again()

    def _start_again(self) -> None:
        self.world.close()
        topics = self.world.plan.topics
        self._open()
        self.world.plan = replace(self.world.plan, topics=topics)

    @rule(page_size=st.integers(2, 5))
    def change_the_page_size(self, page_size: int) -> None:
        self.page_size = page_size
        self._start_again()

    @invariant()
    def it_all_holds(self) -> None:
        if not hasattr(self, "world"):
            return
        self.world.publish(self.now)
        assert self.world.store.feeds.marks() == ()
        mark_all(self.world.store, now=self.now)
        assert self.world.publish(self.now) == []
        self._versions_are_what_is_published()
        self._kept_lines_are_those_that_would_be_made()
        releases = [r for r in map(self.world.store.releases.get, sorted(self.ids)) if r]
        self._walks_yield_each_once(releases)
        self._nothing_of_the_past_is_in_a_head()
        self._nothing_leaks(releases)
        self._pages_do_not_shift()

    def _versions_are_what_is_published(self) -> None:
        """Whatever ended half way: of each document of a feed the last version is that; each event is one of a kind."""
        paths = [path for path in self.world.feeds.rglob("*") if path.suffix in (".atom", ".json")]
        names = {str(path.relative_to(self.world.feeds)): path for path in paths}
        last = {name: self.world.store.versions.latest(name) for name in names}
        assert {name: version.hash if version else "" for name, version in last.items()} == {
            name: sha256(path.read_bytes()).hexdigest()[:32] for name, path in names.items()
        }
        told = [
            (each.kind, each.release, each.revision, each.generation) for each in self.world.store.happened.since(0)
        ]
        assert len({*told}) == len(told)

    def _kept_lines_are_those_that_would_be_made(self) -> None:
        """What is published with the lines of entries that were kept is what is published without any."""
        store = self.world.store
        with store.transaction():
            store.fragments.drop_all()
        mark_all(store, now=self.now)
        assert self.world.publish(self.now) == []
        assert [(row.id, row.entries, row.newest) for row in store.feeds.list()] == counted(store)

    def _walks_yield_each_once(self, releases: list[Release]) -> None:
        visible = {r.atom_id: r for r in releases if r.visible}
        assert len({r.atom_id for r in releases}) == len(releases)
        for topic in ("all", *sorted({t for r in releases for t in r.topics})):
            if topic not in self.world.store.feeds.outline().pages:
                continue
            walked = [i for _, ids in self.world.walk(topic) for i in ids]
            standing = {i: r.id for i, r in visible.items() if topic in ("all", *r.topics)}
            assert sorted(walked) == sorted(standing), topic
            read = [i for _, ids in self.world.pages(topic) for i in ids]
            assert sorted(read) == sorted(standing.values()), topic
            for r in visible.values():
                assert r.updated >= r.published
        assert sorted(self.world.mapped()) == sorted(r.id for r in visible.values())

    def _nothing_of_the_past_is_in_a_head(self) -> None:
        for path in self.world.feeds.glob("*.json"):
            items = json.loads(path.read_text("utf-8"))["items"]
            assert not self.past & {i["id"] for i in items if i["title"] != "Zurückgezogen"}, path.name

    def _nothing_leaks(self, releases: list[Release]) -> None:
        shown = " ".join(r.title + r.content for r in releases if r.visible)
        output = b"\n".join(self.world.bytes().values()).decode()
        for n in range(self.count):
            word = f"Wort{n}x"
            assert (word in output) <= (word in shown), word

    def _pages_do_not_shift(self) -> None:
        for path in self.world.feeds.rglob("*/*.json"):
            name = str(path.relative_to(self.world.feeds))
            ids = [item["id"] for item in json.loads(path.read_text("utf-8"))["items"]]
            size = self.sizes.setdefault(name, self.page_size)
            before = self.pages.setdefault(name, ids)
            # At the old end, and only there, a page grows until it is full, also by what has left it and comes back.
            more = ids[len([i for i in ids if i in before]) :]
            assert ids == [i for i in before if i in ids] + more, name
            assert self.filled.issuperset(more), name
            assert len(ids) <= size, name
            self.pages[name] = ids

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            self.temporary.cleanup()
            for each in self.patches:
                each.stop()


Life.TestCase.settings = settings(
    max_examples=settings().max_examples * 2 // 5,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_a_life = Life.TestCase
