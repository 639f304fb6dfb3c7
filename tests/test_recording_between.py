"""What is decided outside of the transaction, while others write: it comes to what it would, one after the other."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate import store as stores
from syndicate.errors import StoreError
from syndicate.model import Changes, Embargo, FetchState, Release, Source
from syndicate.normalise import normalise
from syndicate.parse import parse
from syndicate.pipeline import Edit, Lift, Split, Withdraw
from syndicate.recording import Heard, decide, known_ahead, known_of, record, take_in
from syndicate.store import QueuedPage
from waiting import until
from worlds import World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = " ".join(f"Wort{number} steht hier" for number in range(80))
MINISTRY, PORTAL, TALLAND = (
    Source(id=name, url=f"https://{name}.example/feed", tag="presse.talland.example,2026")
    for name in ("ministerium", "portal", "talland")
)
Step = Callable[[World], object]


def said(
    source: Source, own: str = "1", title: str = "Neue Notaufnahme in Hohenried", words: str = WORDS, **item: Any
) -> Release:
    """As its feed says it: with an id and an address of its own, unless another one is given."""
    url = item.pop("url", f"https://{source.id}.example/{own}")
    document = f"<item><guid isPermaLink='false'>{own}</guid><title>{title}</title><link>{url}</link>"
    document += f"<description>{item.pop('lead', '')}{words}</description></item>"
    (entry,) = parse(f"<rss version='2.0'><channel>{document}</channel></rss>".encode())
    release = normalise(entry, source, now=NOW)
    assert isinstance(release, Release)
    return replace(release, **item)


def hears(source: Source, *releases: Release) -> Step:
    def step(world: World) -> Changes:
        with world.store.transaction():
            heard = Heard([(release, None) for release in releases], ())
            return take_in(heard, source, store=world.store, plan=world.plan, now=NOW)

    return step


def acts(act: Callable[[str], Any], later: timedelta = timedelta(minutes=1)) -> Step:
    """On the first release that there is."""

    def step(world: World) -> None:
        with suppress(StoreError):
            world.act(act(world.store.releases.list()[-1].id), NOW + later)

    return step


EMBARGO = Embargo(until=NOW + timedelta(days=1))
URL = "https://amt.example/notaufnahme"
STOCK = "Die Landesregierung Talland teilt mit, dass alle Schulen und Kliniken des Landes daran beteiligt sind."
PARTS = [[f"Teil{part}x{number}" for number in range(80)] for part in range(4)]
OTHER = "Etwas ganz anderes wird hier gesagt, von dem sonst niemand spricht."
MINE, THEIRS = said(MINISTRY), said(PORTAL)
LONGER = said(MINISTRY, words=f"{WORDS} Nachtrag.")
HIDDEN = said(MINISTRY, embargo=EMBARGO)

# What there is, what another thread writes between, what is decided before that, and how often it is decided.
BETWEEN: list[tuple[str, Sequence[Step], Step, tuple[Source, Release], int]] = [
    ("nothing that it has looked at", (), hears(PORTAL, said(PORTAL, "9", "Wald", OTHER)), (MINISTRY, MINE), 1),
    ("the same text", (), hears(PORTAL, THEIRS), (MINISTRY, MINE), 2),
    (
        "a text that has a little in common",
        (),
        hears(PORTAL, said(PORTAL, "9", "Wald", f"{OTHER} {STOCK} {OTHER} {' '.join(f'Wald{n}' for n in range(60))}")),
        (MINISTRY, said(MINISTRY, words=f"{WORDS} {STOCK}")),
        1,
    ),
    (
        "texts that have a little in common, each with another part",
        (),
        hears(PORTAL, *(said(PORTAL, f"9{p}", f"Wald {p}", " ".join(PARTS[p])) for p in range(4))),
        (MINISTRY, said(MINISTRY, words=" ".join(word for part in PARTS for word in part[:40]))),
        1,
    ),
    (
        "the same address",
        (),
        hears(PORTAL, said(PORTAL, "9", words=OTHER, url=URL)),
        (MINISTRY, replace(said(MINISTRY, url=URL), embargo=None)),
        2,
    ),
    ("itself", (), hears(MINISTRY, MINE), (MINISTRY, MINE), 2),
    ("itself, in other words", (hears(MINISTRY, MINE),), hears(MINISTRY, LONGER), (MINISTRY, MINE), 2),
    ("that of another source", (hears(MINISTRY, MINE),), hears(PORTAL, THEIRS), (MINISTRY, LONGER), 2),
    (
        "what another source says, whose text is another",
        (hears(MINISTRY, MINE),),
        hears(PORTAL, said(PORTAL, "9", "Wald", OTHER)),
        (MINISTRY, LONGER),
        1,
    ),
    (
        "its headline",
        (),
        hears(PORTAL, replace(said(PORTAL, "9"), headline=True, content="")),
        (MINISTRY, MINE),
        2,
    ),
    ("under an embargo", (), hears(PORTAL, replace(THEIRS, embargo=EMBARGO)), (MINISTRY, MINE), 2),
    ("its own, under an embargo", (hears(MINISTRY, HIDDEN),), hears(PORTAL, THEIRS), (MINISTRY, HIDDEN), 2),
    ("the end of its embargo", (hears(MINISTRY, HIDDEN),), acts(Lift), (MINISTRY, LONGER), 2),
    (
        "the end of another's embargo",
        (hears(PORTAL, replace(said(PORTAL, "9", "Wald", OTHER), embargo=EMBARGO)),),
        acts(Lift),
        (MINISTRY, MINE),
        2,  # whose keys go to another layer: nobody tells which
    ),
    ("that it is withdrawn", (hears(MINISTRY, MINE),), acts(Withdraw), (MINISTRY, LONGER), 2),
    (
        "what a person changes",
        (hears(MINISTRY, MINE),),
        acts(lambda i: Edit(i, fields={"title": "Von Hand"})),
        (MINISTRY, LONGER),
        2,
    ),
    (
        "that it is two",
        (hears(MINISTRY, MINE), hears(PORTAL, THEIRS)),
        acts(lambda i: Split(i, "portal")),
        (PORTAL, said(PORTAL, words=f"{WORDS} Nachtrag.")),
        2,
    ),
    ("the state of a source", (), lambda world: world.store.sources.save(FetchState(source="x")), (MINISTRY, MINE), 1),
    (
        "a page of its source",
        (),
        lambda world: world.store.pages.put(QueuedPage(said=said(MINISTRY, "9"), due=NOW)),
        (MINISTRY, MINE),
        2,
    ),
    (
        "a page of another source",
        (),
        lambda world: world.store.pages.put(QueuedPage(said=said(TALLAND, "9"), due=NOW)),
        (MINISTRY, MINE),
        1,
    ),
]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[World, World]]:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        made.append(World(tmp_path / name))
    yield made[0], made[1]
    for world in made:
        world.close()


def decided(world: World, source: Source, release: Release, times: list[int]) -> Changes:
    """As a poll does it."""
    store, plan = world.store, world.plan
    heard = Heard([(release, None)], ())

    def deciding() -> Changes:
        times.append(1)
        store.pages.known(source.id, (release,))
        return decide(heard, source, store=store, plan=plan, now=NOW)

    def recorded(changes: Changes) -> Changes:
        record(store, changes, plan, now=NOW)
        return changes

    return store.decided(deciding, recorded)


def one_after_the_other(
    worlds: tuple[World, World], before: Sequence[Step], between: Step, mine: tuple[Source, Release]
) -> tuple[World, World]:
    """All of it in the first world; in the other one what was before."""
    one, other = worlds
    for step in before:
        step(one)
        step(other)
    between(one)
    decided(one, *mine, [])
    return one, other


def held(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """All that there is of releases, but for the order of what has none, and the marks."""
    found = dict[str, list[tuple[Any, ...]]]()
    db = world.store._connection
    for table in ("release", "key", "edition", "edit", "pending", "apart", "sketch", "revision", "event", "slot"):
        found[table] = sorted(db.execute(f"SELECT * FROM {table}"), key=repr)
    rows = db.execute("SELECT words, sketch FROM release").fetchall()
    assert {(n, i) for i, blob in rows for n in array("q", blob)} == {*found["sketch"]}
    return found


@pytest.mark.parametrize(("what", "before", "between", "mine", "times"), BETWEEN, ids=[row[0] for row in BETWEEN])
def test_it_comes_to_what_it_would_one_after_the_other(
    what: str,
    before: Sequence[Step],
    between: Step,
    mine: tuple[Source, Release],
    times: int,
    worlds: tuple[World, World],
) -> None:
    one, other = one_after_the_other(worlds, before, between, mine)
    counted = list[int]()
    with ThreadPoolExecutor(1) as pool, other.store.transaction():
        waits = pool.submit(decided, other, *mine, counted)
        until(lambda: stores.waiting(other.url) == 1)
        assert len(counted) == 1
        between(other)
    waits.result()
    assert len(counted) == times
    assert held(other) == held(one)


@pytest.mark.sqlite
@pytest.mark.parametrize(("what", "before", "between", "mine", "times"), BETWEEN, ids=[row[0] for row in BETWEEN])
def test_what_was_looked_up_ahead_is_asked_again_where_it_is_otherwise(
    what: str,
    before: Sequence[Step],
    between: Step,
    mine: tuple[Source, Release],
    times: int,
    worlds: tuple[World, World],
) -> None:
    one, other = one_after_the_other(worlds, before, between, mine)
    known_ahead(other.store, [mine[1]], tag=mine[0].tag)
    between(other)
    asked = list[str]()
    other.store._connection.db.conn.set_trace_callback(asked.append)
    decided(other, *mine, [])
    other.store._connection.db.conn.set_trace_callback(None)
    assert held(other) == held(one)
    again = any(sql.startswith("SELECT key.kind, key.scope, key.value, release, named") for sql in asked)
    assert again is (times == 2 and what != "a page of its source")  # pages are not looked up ahead


@pytest.mark.sqlite
def test_what_was_looked_up_ahead_is_told_to_one_decision_alone(worlds: tuple[World, World]) -> None:
    """A later one asks anew, also where nothing was written; and so does whoever decides nothing."""
    store, told = worlds[0].store, list[str]()
    store._connection.db.conn.set_trace_callback(told.append)

    def asked() -> int:
        told.clear()
        known_of(store, [MINE], tag=MINISTRY.tag)
        return len(told)

    whole = asked()
    assert whole > 0
    known_ahead(store, [MINE], tag=MINISTRY.tag)
    assert asked() == whole
    assert [store.decided(asked, lambda number: number) for _ in range(2)] == [0, whole]


def test_another_process_may_have_written_anything(worlds: tuple[World, World]) -> None:
    world, counted = worlds[0], list[int]()
    decided(world, MINISTRY, MINE, [])
    with ThreadPoolExecutor(1) as pool:
        with world.store.transaction():
            waits = pool.submit(decided, world, PORTAL, said(PORTAL, "9", "Wald", OTHER), counted)
            until(lambda: stores.waiting(world.url) == 1)
            world.store._connection.execute("UPDATE meta SET value = 'theirs' WHERE name = 'recorded'")
        assert [change.verdict for change in waits.result().changes] == ["new"]
    assert len(counted) == 2


def test_nothing_is_written_while_it_is_decided(worlds: tuple[World, World]) -> None:
    store = worlds[0].store
    for write in (lambda: store.sources.pause("x"), lambda: store.together(lambda: None)):
        with pytest.raises(RuntimeError, match="nothing is written while it is decided"):
            store.decided(write, lambda _: None)
    assert store.decided(lambda: store.releases.counts(), lambda counts: counts) == {}


def test_what_raises_while_it_is_decided_raises_here(worlds: tuple[World, World]) -> None:
    store = worlds[0].store
    with pytest.raises(KeyError):
        store.decided(lambda: {}["x"], lambda _: None)
    store.sources.pause("x")
    assert store.sources.state("x").paused


def test_of_two_sources_at_once_each_finds_the_other(worlds: tuple[World, World]) -> None:
    """Both have decided when the first one records."""
    world, counted = worlds[0], list[int]()
    with ThreadPoolExecutor(2) as pool, world.store.transaction():
        for number, (source, release) in enumerate([(MINISTRY, MINE), (PORTAL, THEIRS)], 1):
            pool.submit(decided, world, source, release, counted)
            until(lambda number=number: stores.waiting(world.url) == number)  # type: ignore[misc]
    (release,) = world.store.releases.list()
    assert [edition.source for edition in world.store.releases.editions(release.id)] == ["ministerium", "portal"]
    assert len(counted) == 3
