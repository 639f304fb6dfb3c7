"""Change × where the release stands → positions, tombstones, pages and what is rendered again. No store."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import make_release
from syndicate.model import Change, Changes, Embargo, Key, Related, Release, Topic, Verdict
from syndicate.placement import ALL, Dirty, Ends, Held, Named, NewFeed, Page, Placement, Slot, Standing, place
from syndicate.text import head, tag_uri

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HELD: dict[str, Any] = {"embargo": Embargo(None), "issued": None}
GONE: dict[str, Any] = {"withdrawn": NOW, "reason": "Irrtum"}
EVERYTHING = Topic(ALL, ALL)
SIZE, TAG = 50, "talland.example,2026"


def release(id_: str = "r", **fields: Any) -> Release:
    return make_release(id_, **({"title": f"Titel von {id_}", "published": NOW, "url": None} | fields))


def change(verdict: Verdict, subject: Release, *feeds: str, **fields: Any) -> Change:
    reasons = tuple((Topic(feed, feed.capitalize()), "kicker") for feed in feeds)
    return Change(verdict=verdict, release=subject, reasons=reasons, **fields)


def placed(standing: Standing, *changes: Change, backfill: bool = False, page_size: int = SIZE) -> Placement:
    return place(Changes(changes=changes, backfill=backfill), standing, page_size=page_size, tag=TAG, now=NOW)


def taken(placement: Placement) -> str:
    return " ".join(f"{slot.release}@{slot.feed}:{slot.position}" for slot in placement.entered)


def emptied(placement: Placement) -> str:
    return " ".join(f"{slot.feed}:{slot.position}" for slot in placement.left)


# Where a release can stand before: in the head of two feeds, on their first pages, nowhere, under an embargo, ….
FEEDS = {ALL: Ends(last=9), "forst": Ends(last=4), "schule": Ends(last=2)}
PAGE = Page("forst", 1, 1, 3)
ARCHIVED = {ALL: Ends(last=9, newest=Page(ALL, 1, 1, 3), oldest=Page(ALL, 1, 1, 3), number=1)} | {
    "forst": Ends(last=6, newest=PAGE, oldest=PAGE, number=1)
}
IN_HEAD = Standing(held={"r": Held(release())}, feeds=FEEDS, slots={"r": (Slot("r", ALL, 9), Slot("r", "forst", 4))})
IN_ARCHIVE = Standing(
    held={"r": Held(release())}, feeds=ARCHIVED, slots={"r": (Slot("r", ALL, 2, 1), Slot("r", "forst", 2, 1))}
)
OF_THE_PAST = Standing(
    held={"r": Held(release(), past=True)},
    feeds={
        ALL: Ends(last=9, first=-1, newest=Page(ALL, 1, -3, -1), oldest=Page(ALL, 1, -3, -1), number=1),
        "forst": Ends(last=4, first=-1, newest=Page("forst", 1, -3, -1), oldest=Page("forst", 1, -3, -1), number=1),
    },
    slots={"r": (Slot("r", ALL, -1, 1), Slot("r", "forst", -1, 1))},
)
NOWHERE = Standing(feeds=FEEDS)
UNDER_EMBARGO = Standing(held={"r": Held(release(**HELD))}, feeds=FEEDS)
BURIED = replace(IN_HEAD, held={"r": Held(release(**GONE))})
EMBARGOED_PAST = Standing(held={"r": Held(release(**HELD), past=True)}, feeds=FEEDS)

CASES = """
stands          change     then  topics        backfill  takes                leaves           buried  past  feeds             pages
nowhere         new        yes   forst         no        r@all:10 r@forst:5   -                no      no    all forst         -
nowhere         new        yes   -             no        r@all:10             -                no      no    all               -
nowhere         new        held  forst         no        -                    -                no      no    -                 -
nowhere         new        yes   forst         yes       r@all:-1 r@forst:-1  -                no      yes   -                 -
nowhere         new        held  forst         yes       -                    -                no      yes   -                 -
embargoed       lifted     yes   forst         no        r@all:10 r@forst:5   -                no      no    all forst         -
embargoed       merged     yes   forst         no        r@all:10 r@forst:5   -                no      no    all forst         -
embargoed       merged     yes   forst         yes       r@all:10 r@forst:5   -                no      no    all forst         -
embargoed       corrected  held  forst         no        -                    -                no      no    -                 -
embargoed       withdrawn  gone  -             no        -                    -                no      no    -                 -
embargoed-past  lifted     yes   forst         no        r@all:10 r@forst:5   -                no      no    all forst         -
embargoed-past  merged     held  forst         no        -                    -                no      yes   -                 -
head            corrected  yes   forst         no        r@all:10 r@forst:5   all:9 forst:4    no      no    all forst         -
head            completed  yes   forst         no        r@all:10 r@forst:5   all:9 forst:4    no      no    all forst         -
head            minor      yes   forst         no        -                    -                no      no    all forst         -
head            merged     yes   forst,schule  no        r@schule:3           -                no      no    all forst schule  -
head            merged     yes   schule        no        r@schule:3           forst:4          no      no    all forst schule  -
head            merged     held  -             no        -                    all:9 forst:4    no      no    all forst         -
head            withdrawn  gone  -             no        -                    -                yes     no    all forst         -
head            corrected  yes   forst         yes       -                    -                no      no    all forst         -
head            merged     yes   forst,schule  yes       r@schule:-1          -                no      no    all forst         -
head            withdrawn  gone  -             yes       -                    -                yes     no    all forst         -
archive         corrected  yes   forst         no        r@all:10 r@forst:7   all:2 forst:2    no      no    all forst         all/1 forst/1
archive         minor      yes   forst         no        -                    -                no      no    all forst         all/1 forst/1
archive         merged     yes   schule        no        r@schule:1           forst:2          no      no    all forst schule  all/1 forst/1
archive         withdrawn  gone  -             no        -                    -                yes     no    all forst         all/1 forst/1
archive         minor      yes   forst         yes       -                    -                no      no    -                 all/1 forst/1
past            minor      yes   forst         no        -                    -                no      yes   all forst         all/1 forst/1
past            merged     yes   forst,schule  no        r@schule:-1          -                no      yes   all forst schule  all/1 forst/1
past            corrected  yes   forst         no        r@all:10 r@forst:5   all:-1 forst:-1  no      no    all forst         all/1 forst/1
past            corrected  yes   forst         yes       -                    -                no      yes   -                 all/1 forst/1
past            withdrawn  gone  -             no        -                    -                yes     yes   all forst         all/1 forst/1
buried          restored   yes   forst         no        r@all:10 r@forst:5   all:9 forst:4    no      no    all forst         -
"""  # noqa: E501 - a table
WHERE = {
    "nowhere": NOWHERE,
    "embargoed": UNDER_EMBARGO,
    "embargoed-past": EMBARGOED_PAST,
    "head": IN_HEAD,
    "archive": IN_ARCHIVE,
    "past": OF_THE_PAST,
    "buried": BURIED,
}


@dataclass(frozen=True)
class Case:
    stands: str
    change: Verdict
    then: str
    topics: str
    backfill: str
    takes: str
    leaves: str
    buried: str
    past: str
    feeds: str
    pages: str


def cases() -> list[Case]:
    lines = CASES.strip().splitlines()[1:]
    return [Case(*(cell.strip("-") for cell in re.split(r" {2,}", line))) for line in lines]  # type: ignore[arg-type]  # rows


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.stands}-{c.change}-{c.then}-{c.topics}-{c.backfill}")
def test_what_becomes_of_a_release(case: Case) -> None:
    then = {"yes": {}, "held": HELD, "gone": GONE}[case.then]
    standing = WHERE[case.stands]
    subject = release(**({"title": "Anders"} if case.change in ("corrected", "minor") else {}), **then)
    found = placed(
        standing, change(case.change, subject, *filter(None, case.topics.split(","))), backfill=case.backfill == "yes"
    )
    assert (taken(found), emptied(found)) == (case.takes, case.leaves)
    assert found.buried == (("r",) if case.buried == "yes" else ())
    assert found.past == {"r": case.past == "yes"}
    assert " ".join(found.changed_feeds) == case.feeds
    assert {f"{feed}/{number}" for feed, number in found.changed_pages} == {*case.pages.split()}
    assert {d.id for d in found.dirty if d.kind == "topic"} >= {*found.changed_feeds}
    assert {d.id for d in found.dirty if d.kind == "page"} >= {*case.pages.split()}
    shown = case.then == "yes" or case.stands in ("head", "archive", "past")
    assert (Dirty("release", "r") in found.dirty, Dirty("site") in found.dirty) == (shown, shown)


# --- several at once --------------------------------------------------------------------------------------------------


def test_the_newest_comes_on_top_then_the_first_of_the_document() -> None:
    days = {"b": 0, "c": 0, "a": 1, "old": -1}
    told = [change("new", release(i, published=NOW + timedelta(day))) for i, day in days.items()]
    assert taken(placed(Standing(), *told)) == "old@all:1 c@all:2 b@all:3 a@all:4"
    assert taken(placed(Standing(), *told, backfill=True)) == "a@all:-1 b@all:-2 c@all:-3 old@all:-4"


def test_of_two_words_on_one_release_the_last_says_where_it_stands() -> None:
    found = placed(NOWHERE, change("new", release(), "forst"), change("merged", release(), "schule"))
    assert (taken(found), emptied(found)) == ("r@all:10 r@schule:3", "")
    waits = change("held", release(), pending=release("", **HELD))
    assert taken(placed(NOWHERE, change("new", release(), "forst"), waits)) == "r@all:10 r@forst:5"
    gone = change("withdrawn", release(**GONE))
    assert taken(placed(NOWHERE, change("new", release(), "forst"), gone)) == ""


def test_news_stays_news_whatever_else_a_backfill_says_of_it() -> None:
    told = change("lifted", release(), "forst"), change("merged", release(), "forst", "schule")
    assert taken(placed(UNDER_EMBARGO, *told, backfill=True)) == "r@all:10 r@forst:5 r@schule:3"


def test_what_waits_behind_a_public_release_touches_nothing() -> None:
    found = placed(IN_HEAD, change("held", release(), "forst", pending=release("", **HELD)))
    assert found == Placement()


def test_unchanged_is_nothing() -> None:
    assert placed(IN_HEAD, change("unchanged", release(), "forst")) == Placement()


def new_feed(identifier: str, title: str) -> NewFeed:
    """Its atom:id is of the authority and the topic's first id."""
    return NewFeed(identifier, title, tag_uri(TAG, "feed", identifier))


def test_a_feed_is_made_once() -> None:
    found = placed(Standing(), change("new", release("a"), "forst"), change("new", release("b"), "forst"))
    assert found.created == (new_feed("forst", "Forst"), new_feed(ALL, ALL))


# --- pages ------------------------------------------------------------------------------------------------------------


def pages_of(placement: Placement) -> list[tuple[int, int, int]]:
    return [(page.number, page.first, page.last) for page in placement.pages]


def marked(placement: Placement) -> list[str]:
    return [mark.id for mark in placement.dirty if mark.kind in ("page", "topic")]


def full(last: int, first: int = 0, *pages: tuple[int, int, int]) -> Standing:
    """`all` with these positions taken, and these pages, the oldest first."""
    made = [Page(ALL, *page) for page in pages]
    ends = Ends(
        last=last,
        first=first,
        newest=made[-1] if made else None,
        oldest=made[0] if made else None,
        number=max((page.number for page in made), default=0),
        taken=frozenset(range(max(0, made[-1].last) + 1 if made else 1, last + 1)),
    )
    return Standing(feeds={ALL: ends})


@pytest.mark.parametrize(
    ("standing", "backfill", "pages", "dirty"),
    [
        (full(4), False, [], ["all"]),
        (full(5), False, [(1, 1, 3)], ["all/1", "all"]),
        (full(8, 0, (1, 1, 3)), False, [(2, 4, 6)], ["all/1", "all/2", "all"]),
        (full(0), True, [(1, -3, -1)], ["all/1", "all"]),  # the head gains a link, and is not changed otherwise
        (full(5, -1, (1, -3, -1)), True, [], ["all/1"]),
        (full(5, -3, (1, -3, -1)), True, [(2, -6, -4)], ["all/2", "all/1"]),
        (full(8, 0, (1, 1, 3)), True, [(2, -3, -1)], ["all/2", "all/1"]),
        (full(5, -2, (1, -3, -1)), False, [(2, 1, 3)], ["all/1", "all/2", "all"]),
        (full(9, -3, (2, -3, -1), (1, 1, 4)), False, [(3, 5, 7)], ["all/1", "all/3", "all"]),
        (full(5, -3, (1, -5, -1)), True, [], ["all/1"]),  # begun when pages were larger
    ],
)
def test_pages_close_at_the_head_and_grow_at_the_old_end(
    standing: Standing, backfill: bool, pages: list[tuple[int, int, int]], dirty: list[str]
) -> None:
    found = placed(standing, change("new", release()), backfill=backfill, page_size=3)
    assert (pages_of(found), marked(found)) == (pages, dirty)


@pytest.mark.parametrize(
    ("taken", "pages"),
    [
        ({1, 2, 3, 4, 5}, [(1, 1, 3)]),
        ({3, 5}, [(1, 1, 3)]),
        ({4, 5}, []),  # nothing stands on it any more
        ({4, 5, 6, 7, 8, 9, 10, 11}, [(2, 4, 6), (3, 7, 9)]),  # the chain goes past its number
        ({1, 11}, [(1, 1, 3)]),
        ({9, 11}, [(3, 7, 9)]),
        ({12}, []),
    ],
)
def test_a_page_on_which_nothing_stands_is_not_made(taken: set[int], pages: list[tuple[int, int, int]]) -> None:
    standing = Standing(feeds={ALL: Ends(last=max(taken), taken=frozenset(taken))})
    assert pages_of(placed(standing, change("new", release()), page_size=3)) == pages


def test_what_is_corrected_again_and_again_leaves_no_page_behind() -> None:
    shelf = Shelf()
    for n in range(40):
        verdict: Verdict = "corrected" if n else "new"
        shelf.record(change(verdict, release(title=f"Fassung {n}"), "forst"), backfill=False, page_size=3)
    assert shelf.pages == {}
    assert shelf.ends["forst"].last == 40


# --- who links to whom ------------------------------------------------------------------------------------------------

OTHER = {"o": (Slot("o", "schule", 2), Slot("o", ALL, 2, 1))}
LINKS = [Dirty("release", "o"), Dirty("page", "all/1"), Dirty("topic", "schule")]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, release(title="Neu da"), True),  # it appears
        (release(title="Neu da", **HELD), release(title="Neu da"), True),
        (release(title="Neu da"), release(title="Neu da", **GONE), True),  # it goes
        (release(title="Neu da"), release(title="Ganz anders"), True),
        (release(title="Ganz anders"), release(title="Neu da"), True),
        (
            release(title="Neu da"),
            release(title="Neu da", url="https://talland.example/neu"),
            True,
        ),  # it leads elsewhere
        (release(title="Neu da"), release(title="Neu da", content="<p>Anders</p>"), False),
        (None, release(title="Neu da", **HELD), False),
    ],
)
def test_who_names_it_in_a_related_block_is_told(before: Release | None, after: Release, told: bool) -> None:
    relating = {head("", "Neu da"): ("o",)}
    held = {"r": Held(before)} if before else {}
    found = placed(Standing(held=held, slots=OTHER, relating=relating), change("merged", after))
    assert ({*LINKS} <= {*found.dirty}) is told


def names(said: str, *found: Named, **fields: Any) -> Placement:
    standing = Standing(named={said: found} if found else {}, slots=OTHER)
    return placed(standing, change("new", release(corrects=said, **fields)))


def test_a_correction_means_an_address_or_the_longest_title_that_it_names() -> None:
    short, long = Named("s", "zwölf kliniken", NOW, False), Named("o", "zwölf kliniken im norden", NOW, False)
    newer, address = long._replace(id="n", published=NOW + timedelta(1)), Named("a", "egal", NOW, True)
    assert names("Zwölf Kliniken im Norden", short, long).corrects == {"r": "o"}
    assert names("Zwölf Kliniken im Norden", long, newer).corrects == {"r": "n"}
    assert names("Zwölf Kliniken im Norden", short, long, newer, address).corrects == {"r": "a"}
    assert names("Nichts davon").corrects == {"r": None}
    assert names("https://talland.example/r", Named("r", "titel von r", NOW, True)).corrects == {"r": None}  # itself
    assert {*LINKS} <= {*names("Zwölf Kliniken im Norden", short, long).dirty}


def test_who_is_corrected_is_told_where_that_is_all_that_changed() -> None:
    named = {"urn:x:o": (Named("o", "", NOW, True),)}
    corrects, silent = release(corrects="urn:x:o"), release()
    added = Standing(held={"r": Held(silent)}, slots=OTHER, named=named)
    assert {*LINKS} <= {*placed(added, change("corrected", corrects)).dirty}
    taken_back = Standing(held={"r": Held(corrects)}, slots=OTHER, corrections=frozenset({("r", "o")}))
    assert {*LINKS} <= {*placed(taken_back, change("corrected", silent)).dirty}
    as_before = replace(taken_back, named=named)
    assert Dirty("release", "o") not in placed(as_before, change("corrected", corrects)).dirty


@pytest.mark.parametrize(
    ("said", "earlier"),
    [
        ("https://www.talland.example/a/", release("a", keys=(Key("url", "", "//talland.example/a"),))),
        ("Meldung 4711", release("a", keys=(Key("id", "quelle", "Meldung 4711"),))),
        ("urn:x:4711", release("a", atom_id="urn:x:4711")),
        ("Zu: Zwölf Kliniken im Norden", release("a", title="Zwölf Kliniken im Norden")),
    ],
)
def test_a_correction_means_what_stands_above_it_in_its_document(said: str, earlier: Release) -> None:
    corrects = change("new", release(corrects=said))
    assert placed(Standing(), change("new", earlier), corrects).corrects["r"] == "a"


def test_what_its_related_block_names_is_kept_once_by_its_folded_head() -> None:
    related = (Related("Später", "Forst"), Related("SPÄTER", "forst"))
    found = placed(NOWHERE, change("new", release(related=related), "forst"))
    assert found.related == {"r": (("forst", "spaeter"),)}


# --- what always holds ------------------------------------------------------------------------------------------------


class Shelf:
    """Rows in memory: what a store keeps of a `Placement`, so that histories can be played without one."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
        self.ends: dict[str, Ends] = {}
        self.pages: dict[str, list[Page]] = {}
        self.slots: list[Slot] = []
        self.given: dict[str, list[int]] = {}  # feed → every position, in the order in which it was taken

    def standing(self) -> Standing:
        slots: dict[str, tuple[Slot, ...]] = {}
        for slot in self.slots:
            page = next((p.number for p in self.pages.get(slot.feed, ()) if p.first <= slot.position <= p.last), None)
            slots[slot.release] = (*slots.get(slot.release, ()), replace(slot, page=page))
        return Standing(held=self.held, slots=slots, feeds=self.ends)

    def record(self, *changes: Change, backfill: bool, page_size: int) -> Placement:
        found = placed(self.standing(), *changes, backfill=backfill, page_size=page_size)
        for change in changes:
            self.held[change.release.id] = Held(change.release, found.past[change.release.id])
        for feed in found.created:
            assert feed.id not in self.ends
            self.ends[feed.id] = Ends()
        left = {(slot.feed, slot.position) for slot in found.left}
        assert left <= {(slot.feed, slot.position) for slot in self.slots}
        self.slots = [slot for slot in self.slots if (slot.feed, slot.position) not in left] + [*found.entered]
        for slot in found.entered:
            self.given.setdefault(slot.feed, []).append(slot.position)
        for page in found.pages:
            self.pages.setdefault(page.feed, []).append(page)
        for feed, positions in self.given.items():
            pages = sorted(self.pages.get(feed, ()), key=lambda page: page.last)
            self.ends[feed] = Ends(
                last=max(0, *positions),
                first=min(0, *positions),
                newest=pages[-1] if pages else None,
                oldest=pages[0] if pages else None,
                number=max((page.number for page in pages), default=0),
            )
            above = (s.position for s in self.slots if s.feed == feed and s.position > self.ends[feed].closed_to)
            self.ends[feed] = replace(self.ends[feed], taken=frozenset(above))
        return found

    def stands(self, release: str) -> list[str]:
        return sorted(slot.feed for slot in self.slots if slot.release == release)


@dataclass(frozen=True)
class Step:
    verdict: Verdict
    releases: tuple[int, ...]
    feeds: frozenset[str]
    state: str  # yes, held, gone
    backfill: bool
    page_size: int


STEPS = st.builds(
    Step,
    verdict=st.sampled_from(["new", "corrected", "minor", "merged", "lifted", "completed"]),
    releases=st.lists(st.integers(0, 8), min_size=1, max_size=4, unique=True).map(tuple),
    feeds=st.frozensets(st.sampled_from(["forst", "schule"])),
    state=st.sampled_from(["yes", "yes", "yes", "held", "gone"]),
    backfill=st.booleans(),
    page_size=st.integers(2, 3),
)


@given(st.lists(STEPS, max_size=30))
def test_whatever_happens(steps: list[Step]) -> None:
    shelf = Shelf()
    for step in steps:
        before, stood = dict(shelf.held), {i: shelf.stands(i) for i in shelf.held}
        then: dict[str, Any] = {"yes": {}, "held": HELD, "gone": GONE}[step.state]
        told = [
            change(_verdict(step, before.get(f"r{n}")), release(f"r{n}", **then), *step.feeds)
            for n in step.releases
            if _can(step, before.get(f"r{n}"))
        ]
        found = shelf.record(*told, backfill=step.backfill, page_size=step.page_size)
        _positions_are_never_given_twice(shelf)
        _pages_are_full_and_the_head_is_short_enough(shelf)
        for each in told:
            _stands_where_it_should(each, shelf, stood)
            if not each.release.visible and not (each.release.id in before and before[each.release.id].release.visible):
                assert each.release.id not in {mark.id for mark in found.dirty}
        if step.state != "yes" and not any(i in before and before[i].release.visible for i in found.past):
            empty = Placement(past=found.past, related=found.related, corrects=found.corrects)
            assert found == empty  # nothing public tells of it
        if step.backfill:
            lifted = {i for i, held in before.items() if held.release.state == "embargoed"}
            assert all(slot.position < 0 for slot in found.entered if slot.release not in lifted)


def _can(step: Step, before: Held | None) -> bool:
    """What was withdrawn comes back by `restore` alone, which is of no backfill."""
    return not (before and before.release.withdrawn) or (step.state == "yes" and not step.backfill)


def _verdict(step: Step, before: Held | None) -> Verdict:
    if before is None:
        return "new"
    if before.release.withdrawn and step.state == "yes":
        return "restored"
    return "withdrawn" if step.state == "gone" else "corrected" if step.verdict == "new" else step.verdict


def _positions_are_never_given_twice(shelf: Shelf) -> None:
    for positions in shelf.given.values():
        assert [p for p in positions if p > 0] == [*range(1, max(0, *positions) + 1)]
        assert [p for p in positions if p < 0] == [*range(-1, min(0, *positions) - 1, -1)]


def _pages_are_full_and_the_head_is_short_enough(shelf: Shelf) -> None:
    for feed, pages in shelf.pages.items():
        numbers = [page.number for page in pages]
        assert numbers == sorted({*numbers})
        chain = sorted(pages, key=lambda page: page.first)
        assert all(older.last < newer.first for older, newer in pairwise(chain))
        assert len(shelf.ends[feed].taken) < 2 * 3


def _stands_where_it_should(told: Change, shelf: Shelf, stood: dict[str, list[str]]) -> None:
    subject = told.release
    wanted = sorted({ALL, *(topic.id for topic, _ in told.reasons)})
    if subject.visible:
        assert shelf.stands(subject.id) == wanted
    else:
        assert shelf.stands(subject.id) == (stood.get(subject.id, []) if subject.withdrawn else [])
