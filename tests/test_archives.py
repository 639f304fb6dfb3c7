"""What a backfill brings stands in archive pages of its own, at the old end, and never in a head."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from builders import make_release
from syndicate.formats import SITEMAP
from syndicate.model import Change, Changes, Edition, Embargo, Release, Topic, Verdict
from syndicate.pipeline import Edit, Lift, Restore, Withdraw, mark_missing, prepare, reclassify
from worlds import NOW, SITE, World

FORST = Topic("forst", "Forst")
SCHULE = Topic("schule", "Schule")
DAY = timedelta(days=1)


class Archives(World):
    """Two slots a page, and releases that are recorded by their ids, so that a test can say where each stands."""

    def __init__(self, root: Path, page_size: int = 2) -> None:
        root.mkdir(exist_ok=True)
        super().__init__(root, page_size=page_size)
        self.ids: dict[str, str] = {}

    def record(
        self,
        *ids: str,
        backfill: bool = False,
        verdict: Verdict = "new",
        topics: tuple[Topic, ...] = (FORST,),
        now: datetime = NOW,
        **fields: Any,
    ) -> list[Release]:
        made = [
            make_release(
                i,
                atom_id=f"urn:x:{i}",
                title=f"Titel {i}",
                kicker="Forst",
                source="ordner",
                **({"published": NOW, "topics": tuple(t.id for t in topics)} | fields),
            )
            for i in ids
        ]
        changes = tuple(
            Change(
                verdict=verdict,
                release=release,
                reasons=tuple((t, "kicker") for t in topics),
                edition=Edition(source="ordner", said=release),
            )
            for release in made
        )
        self.put(Changes(source="ordner", changes=changes, backfill=backfill), now)
        return made

    def chain(self, topic: str = "forst", now: datetime = NOW) -> list[tuple[str, str]]:
        """As published, from the head by prev-archive: (path without extension, ids); checked against next_url."""
        self.publish(now)
        assert self.store.alarms.list() == ()  # all of it is valid
        found = [(path.removesuffix(".atom"), " ".join(i[-2:] for i in ids)) for path, ids in self.walk(topic)]
        by_json, address = [], f"{SITE.base_url}{topic}.json"
        while address:
            path = address.removeprefix(SITE.base_url)
            said = json.loads((self.feeds / path).read_text("utf-8"))
            shown = (i["id"][-2:] for i in said["items"] if i["title"] != "Zurückgezogen")
            by_json.append((path.removesuffix(".json"), " ".join(shown)))
            address = said.get("next_url", "")
        assert by_json == found
        self.leads_back(found)
        for (path, ids), (page, read) in zip(found, self.pages(topic), strict=True):
            assert page == (f"{path}.html" if path != "all" else "index.html")
            assert " ".join(i[-2:] for i in read) == ids
        return found

    def leads_back(self, chain: list[tuple[str, str]]) -> None:
        """next-archive is the way back, up to the page beside the head."""
        for (newer, _), (path, _) in itertools.pairwise(chain):
            links = feedparser.parse((self.feeds / f"{path}.atom").read_bytes()).feed.links
            back = [link.href for link in links if link.rel == "next-archive"]
            assert back == ([f"{SITE.base_url}{newer}.atom"] if "/" in newer else []), path

    def marked(self) -> set[str]:
        return {f"{mark.kind} {mark.id}".strip() for mark in self.store.feeds.marks()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Archives]:
    made = Archives(tmp_path)
    yield made
    made.close()


def updated(world: Archives, topic: str = "forst") -> datetime:
    row = next(row for row in world.store.feeds.list() if row.id == topic)
    assert row
    return row.updated


def test_what_a_backfill_brings_is_in_no_head(world: Archives) -> None:
    world.record("n1")
    world.record("p1", "p2", "p3", backfill=True)
    assert world.chain() == [("forst", "n1"), ("forst/1", "p1 p2"), ("forst/2", "p3")]
    assert world.chain("all") == [("all", "n1"), ("all/1", "p1 p2"), ("all/2", "p3")]
    for path in ("forst.rss", "forst.html", "index.html"):
        assert "Titel p1" not in (world.feeds / path).read_text("utf-8")
    assert (world.feeds / "releases" / "p1.html").is_file()


def test_the_newest_of_one_backfill_is_nearest_to_the_head_then_the_first_of_the_document(world: Archives) -> None:
    first = Changes(
        backfill=True,
        changes=tuple(
            Change(
                verdict="new",
                release=make_release(i, published=NOW - days * DAY, topics=("forst",), atom_id=f"urn:x:{i}"),
                reasons=((FORST, "kicker"),),
            )
            for i, days in (("p3", 5), ("p1", 1), ("p4", 9), ("p2", 5))
        ),
    )
    world.put(first)
    assert [ids for _, ids in world.chain()] == ["", "p1 p3", "p2 p4"]


def test_the_page_at_the_old_end_grows_until_it_is_full(world: Archives) -> None:
    seen = []
    for n in range(1, 5):
        world.record(f"p{n}", backfill=True)
        seen.append([ids for _, ids in world.chain()])
    assert seen == [["", "p1"], ["", "p1 p2"], ["", "p1 p2", "p3"], ["", "p1 p2", "p3 p4"]]


def test_a_page_of_the_head_hangs_between_the_head_and_the_past(world: Archives) -> None:
    world.record("p1", "p2", "p3", backfill=True)
    for n in range(1, 5):
        world.record(f"n{n}")
    world.record("p4", "p5", backfill=True)
    assert world.chain() == [
        ("forst", "n4 n3"),
        ("forst/3", "n2 n1"),
        ("forst/1", "p1 p2"),
        ("forst/2", "p3 p4"),
        ("forst/4", "p5"),
    ]


def test_a_backfill_under_closed_pages_leaves_them_but_for_a_link(world: Archives) -> None:
    for n in range(1, 7):
        world.record(f"n{n}")
    world.publish()
    before = world.bytes()
    world.record("p1", backfill=True, now=NOW + DAY)
    assert {m for m in world.marked() if "forst" in m} == {"page forst/1", "page forst/3"}
    assert [ids for _, ids in world.chain(now=NOW + DAY)] == ["n6 n5", "n4 n3", "n2 n1", "p1"]
    after = world.bytes()
    assert {p for p in before if before[p] != after[p]} == {
        f"{topic}/1.{form}" for topic in ("all", "forst") for form in ("atom", "json", "html")
    } | {"index.html", "sitemaps/head.xml"}  # the one says how many there are, the other which
    world.record("p2", backfill=True, now=NOW + DAY)
    assert {m for m in world.marked() if "forst" in m} == {"page forst/3"}


def test_readers_of_the_head_see_no_change(world: Archives) -> None:
    world.record("n1", topics=(FORST,))
    world.record("p1", backfill=True)
    world.publish()
    heads = {p: b for p, b in world.bytes().items() if p.startswith(("forst.", "all."))}
    world.record("p2", backfill=True, now=NOW + DAY)
    world.publish(NOW + DAY)
    assert heads.items() <= world.bytes().items()
    assert updated(world) == updated(world, "all") == NOW
    assert world.store.feeds.archive("forst", 1).updated == NOW + DAY


def test_a_topic_of_the_past_alone_has_a_feed(world: Archives) -> None:
    world.record("p1", "p2", "p3", backfill=True, published=NOW - 300 * DAY)
    assert world.chain() == [("forst", ""), ("forst/1", "p1 p2"), ("forst/2", "p3")]
    row = next(row for row in world.store.feeds.list() if row.id == "forst")
    assert row
    assert (row.entries, row.newest) == (3, NOW - 300 * DAY)
    assert b"forst.atom" in world.bytes()["topics.opml"]


def test_the_newest_of_a_topic_is_of_the_head_where_there_is_one(world: Archives) -> None:
    world.record("n1", published=NOW - 9 * DAY)
    world.record("p1", backfill=True, published=NOW)
    row = next(row for row in world.store.feeds.list() if row.id == "forst")
    assert row
    assert (row.entries, row.newest) == (2, NOW - 9 * DAY)


@pytest.mark.parametrize("verdict", ["new", "completed", "corrected", "merged"])
def test_a_backfill_moves_nothing_that_stands(world: Archives, verdict: Verdict) -> None:
    for n in range(1, 7):
        world.record(f"n{n}")
    world.record("p1", "p2", backfill=True)
    later: dict[str, Any] = {"verdict": verdict, "backfill": True, "topics": (FORST, SCHULE), "now": NOW + DAY}
    world.record("n1", "n3", "n5", "p2", revision=2, **later)
    assert [ids for _, ids in world.chain(now=NOW + DAY)] == ["n6 n5", "n4 n3", "n2 n1", "p1 p2"]
    # A further topic is entered at the old end.
    assert [ids for _, ids in world.chain("schule")] == ["", "n1 n3", "n5 p2"]
    assert updated(world) == NOW + DAY  # n5 has changed in the head
    assert world.store.feeds.archive("forst", 1).updated == NOW + DAY


def test_a_correction_of_the_past_moves_the_feed_only_where_its_head_shows_it(world: Archives) -> None:
    for n in range(1, 7):
        world.record(f"n{n}")
    world.record("p1", backfill=True)
    world.record("n1", "p1", verdict="minor", backfill=True, revision=2, now=NOW + DAY)
    assert updated(world) == NOW
    world.record("n6", verdict="minor", backfill=True, revision=2, now=NOW + DAY)
    assert updated(world) == NOW + DAY


def test_a_later_correction_takes_the_newest_position(world: Archives) -> None:
    world.record("p1", "p2", "p3", backfill=True)
    world.record("n1")
    world.record("p2", verdict="corrected", revision=2, now=NOW + DAY)
    assert world.chain() == [("forst", "p2 n1"), ("forst/1", "p1"), ("forst/2", "p3")]
    # Its slot stays empty: nothing that comes later stands there.
    world.record("p4", "p5", backfill=True)
    assert [ids for _, ids in world.chain()] == ["p2 n1", "p1", "p3 p4", "p5"]


def test_a_withdrawn_one_leaves_its_tombstone_on_its_page_and_in_the_head_for_a_time(world: Archives) -> None:
    world.record("n1")
    world.record("p1", "p2", "p3", backfill=True)
    world.publish()
    world.act(Withdraw("p1", "Irrtum"), NOW + DAY)
    assert [ids for _, ids in world.chain(now=NOW + DAY)] == ["n1", "p2", "p3"]
    assert updated(world) == NOW + DAY
    feeds = world.bytes()
    assert b'ref="urn:x:p1"' in feeds["forst.atom"]
    assert b'ref="urn:x:p1"' in feeds["forst/1.atom"]
    assert b'ref="urn:x:p1"' not in feeds["forst/2.atom"]
    assert "Zurückgezogen".encode() in feeds["forst.json"]
    assert not any(b"Titel p1" in body for body in feeds.values())
    world.publish(NOW + 92 * DAY)
    feeds = world.bytes()
    assert b'ref="urn:x:p1"' not in feeds["forst.atom"]
    assert b'ref="urn:x:p1"' in feeds["forst/1.atom"]
    world.act(Restore("p1"), NOW + 93 * DAY)
    assert [ids for _, ids in world.chain(now=NOW + 93 * DAY)] == ["p1 n1", "p2", "p3"]


def test_a_withdrawal_by_a_backfill_is_told_in_the_head(world: Archives) -> None:
    world.record("n1")
    world.record("p1", "p2", backfill=True)
    (release,) = world.record("p1", verdict="withdrawn", backfill=True, now=NOW + DAY, withdrawn=NOW + DAY)
    assert release.withdrawn
    assert updated(world) == NOW + DAY
    assert [ids for _, ids in world.chain(now=NOW + DAY)] == ["n1", "p2"]
    assert b'ref="urn:x:p1"' in world.bytes()["forst.atom"]


def test_an_embargo_of_the_past_ends_in_the_head(world: Archives) -> None:
    world.record("n1")
    world.publish()
    before = world.bytes()
    world.record("p1", backfill=True, embargo=Embargo(NOW + DAY), issued=None, now=NOW)
    world.publish()
    assert world.bytes() == before
    world.act(Lift("p1"), NOW + DAY)
    assert world.chain(now=NOW + DAY) == [("forst", "p1 n1")]


def test_an_embargo_that_a_backfill_finds_ended_is_news(world: Archives) -> None:
    world.record("n1")
    world.record("p1", backfill=True, embargo=Embargo(NOW + DAY), issued=None)
    world.record("p2", backfill=True)
    world.record("p1", backfill=True, verdict="merged", now=NOW + 2 * DAY)
    assert world.chain(now=NOW + 2 * DAY) == [("forst", "p1 n1"), ("forst/1", "p2")]
    assert updated(world) == NOW + 2 * DAY


def test_what_was_held_without_a_topic_is_still_of_the_past_when_one_claims_it(world: Archives) -> None:
    world.record("n1")
    world.record("p1", backfill=True, held=True, topics=(), issued=None)
    world.record("p2", backfill=True)
    world.plan = replace(world.plan, topics=(Topic("baum", "Baum", kickers=("Forst",)),))
    reclassify(world.store, plan=world.plan, now=NOW + DAY)
    assert world.chain("all", NOW + DAY) == [("all", "n1"), ("all/1", "p2 p1")]
    assert [ids for _, ids in world.chain("baum")] == ["n1", "p1 p2"]


def test_a_changed_page_size_applies_to_pages_that_begin_later(tmp_path: Path) -> None:
    world = Archives(tmp_path, page_size=4)
    world.record("p1", "p2", backfill=True)
    pages = []
    for size, more in ((2, ("p3",)), (2, ("p4", "p5", "p6", "p7")), (3, ("p8", "p9")), (3, ("pa", "pb"))):
        world.plan = replace(world.plan, publish=replace(world.plan.publish, page_size=size))
        world.record(*more, backfill=True)
        pages.append([ids for _, ids in world.chain()][1:])
    assert pages == [
        ["p1 p2 p3"],
        ["p1 p2 p3 p4", "p5 p6", "p7"],
        ["p1 p2 p3 p4", "p5 p6", "p7 p8", "p9"],
        ["p1 p2 p3 p4", "p5 p6", "p7 p8", "p9 pa pb"],
    ]
    world.close()


def test_a_renamed_topic_keeps_its_past(world: Archives) -> None:
    world.record("p1", "p2", "p3", backfill=True)
    world.record("n1")
    world.publish()
    wald = Topic("wald", "Wald", aliases=("forst",))
    world.plan = replace(world.plan, topics=(wald,))
    prepare(world.store, world.plan, now=NOW)
    assert world.chain("wald") == [("wald", "n1"), ("wald/1", "p1 p2"), ("wald/2", "p3")]
    world.record("p4", topics=(wald,), backfill=True)
    assert world.chain("wald")[-1] == ("wald/2", "p3 p4")


def test_a_feed_comes_anew_where_a_renamed_one_was(world: Archives) -> None:
    """It was made with the id that the renamed one keeps."""
    world.record("n1")
    names = ((Topic("wald", "Wald", aliases=("forst",)),), (Topic("wald", "Wald"), Topic("forst", "Forst")))
    for topics in names:
        world.plan = replace(world.plan, topics=topics)
        prepare(world.store, world.plan, now=NOW)
    world.record("n2")
    world.publish()
    ids = {row.id: row.atom_id for row in world.store.feeds.list()}
    assert ids["forst"] == f"{ids['wald']}-2"
    assert world.chain("forst") == [("forst", "n2")]


def test_a_page_of_the_past_that_somebody_deleted_is_written_again(world: Archives) -> None:
    world.record("p1", "p2", "p3", backfill=True)
    world.publish()
    (world.feeds / "forst" / "2.atom").unlink()
    mark_missing(world.store, world.plan, now=NOW)
    assert world.publish() == ["forst/2.atom"]


def test_nothing_is_linked_before_it_is_there(world: Archives) -> None:
    world.record("p1", backfill=True)
    world.publish()
    for n in range(2, 9):  # pages 2 to 4 hang on, one after the other
        world.record(f"p{n}", backfill=True)
    for n in range(1, 7):
        world.record(f"n{n}")
    numbers = [mark.id for mark in world.store.feeds.marks() if mark.id.startswith("forst/")]
    assert numbers == ["forst/4", "forst/3", "forst/2", "forst/1", "forst/5", "forst/6"]
    written = [path for path in world.publish() if path.startswith("forst") and path.endswith(".atom")]
    assert written == [*(f"{number}.atom" for number in numbers), "forst.atom"]


def test_a_page_comes_right_after_what_stands_on_it(world: Archives) -> None:
    """Then that is still at hand. A page of the past, or one that is to have another link alone, comes after them."""
    for n in range(1, 9):
        world.record(f"n{n}", topics=(FORST, SCHULE) if n % 2 else (FORST,))
    places = {path: at for at, path in enumerate(world.publish())}
    pages = {
        f"{topic}/{number}": [each.id for each in world.store.feeds.archive(topic, number).shown]
        for topic, numbers in (("forst", (1, 2, 3)), ("all", (1, 2, 3)), ("schule", (1,)))
        for number in numbers
    }
    for page, ids in pages.items():
        last = max(places[f"releases/{i}.html"] for i in ids)
        between = [path for path, at in places.items() if last < at < places[f"{page}.atom"]]
        assert not [path for path in between if path.startswith("releases/")], page
    world.record("n9", "n0")
    paths = world.publish()
    assert paths.index("forst/3.atom") > paths.index("releases/n0.html")


def test_what_was_deleted_is_written_again_in_the_order_of_the_first_time(world: Archives) -> None:
    names = ["n8", "n1", "n7", "n2", "n6", "n3"]  # not that of their names, in which they are found to be missing
    for name in names:
        world.record(name, topics=(FORST, SCHULE))
    first = world.publish()
    assert [path for path in first if path.startswith("releases/")] == [f"releases/{name}.html" for name in names]
    for path in first:
        (world.feeds / path).unlink()
    mark_missing(world.store, world.plan, now=NOW)
    assert world.publish() == first


def test_an_edit_of_the_past_keeps_its_place_where_it_is_minor(world: Archives) -> None:
    world.record("p1", "p2", backfill=True)
    world.act(Edit("p1", {"title": "Titel p1 neu"}, minor=True), NOW + DAY)
    assert [ids for _, ids in world.chain(now=NOW + DAY)] == ["", "p1 p2"]
    assert "Titel p1 neu" in (world.feeds / "forst" / "1.json").read_text("utf-8")


def test_positions_of_the_past_are_given_once(world: Archives) -> None:
    moments = itertools.count()
    for n in range(1, 6):
        world.record(f"p{n}", backfill=True, now=NOW + next(moments) * DAY)
        world.record(f"p{n}", verdict="corrected", revision=2, now=NOW + next(moments) * DAY)
    chain = world.chain(now=datetime(2026, 9, 1, tzinfo=UTC))
    assert [ids for _, ids in chain] == ["p5 p4 p3", "p2 p1", "", "", ""]


# --- what is written for one new release ------------------------------------------------------------------------------


def test_a_new_release_writes_no_closed_page_but_beside_the_one_that_closes(world: Archives) -> None:
    for n in range(11):
        world.record(f"n{n:02}")
    world.publish()
    heads = {f"{topic}.{form}" for topic in ("all", "forst") for form in ("atom", "rss", "json")}
    heads |= {"forst.html", "index.html", "sitemaps/head.xml", "sitemaps/topics.xml", "sitemap.xml"}
    closing = {f"{topic}/{n}.{form}" for topic in ("all", "forst") for n in (4, 5) for form in ("atom", "json", "html")}
    closing -= {"all/4.json", "forst/4.json"}  # JSON Feed links older pages only
    for n, closes in ((11, closing), (12, set())):
        world.record(f"n{n}", now=NOW + n * DAY)
        assert {*world.publish(NOW + n * DAY)} == heads | closes | {f"releases/n{n}.html"}


def maps(world: Archives) -> dict[str, list[str]]:
    """The releases of each map, by its name."""
    found = {}
    for path in sorted((world.feeds / "sitemaps").glob("*.xml")):
        locations = etree.parse(path).iterfind(f"{{{SITEMAP}}}url/{{{SITEMAP}}}loc")
        found[path.stem] = [loc.text[-7:-5] for loc in locations if "/releases/" in loc.text]
    return found


def test_each_release_stands_in_one_map_and_a_full_group_is_written_once(world: Archives) -> None:
    written = list[str]()
    for n in range(24):
        world.record(f"n{n:02}")
        written += [path for path in world.publish() if re.fullmatch(r"sitemaps/\d+\.xml", path)]
        ids = sorted(i for map_ in maps(world).values() for i in map_)
        assert ids == [f"{i:02}" for i in range(n + 1)]
    assert written == ["sitemaps/1.xml", "sitemaps/2.xml"]
    listed = [loc.text for loc in etree.parse(world.feeds / "sitemap.xml").iter(f"{{{SITEMAP}}}loc")]
    assert sorted(listed) == sorted(f"{SITE.base_url}sitemaps/{name}.xml" for name in maps(world))


def test_the_maps_name_what_readers_see(world: Archives) -> None:
    for n in range(12):
        world.record(f"n{n:02}")
    world.record("e1", embargo=Embargo(NOW + 9 * DAY), issued=None)
    world.record("h1", held=True, topics=(), issued=None)
    world.record("p1", "p2", "p3", backfill=True)
    world.publish()
    assert [i for name, ids in maps(world).items() for i in ids if name == "1"] == [f"{n:02}" for n in range(7, -1, -1)]
    world.act(Withdraw("n03", "Irrtum"), NOW + DAY)
    world.act(Edit("n05", {"title": "Titel neu"}), NOW + DAY)
    changed = world.publish(NOW + DAY)
    assert {"sitemaps/1.xml", "sitemaps/head.xml", "sitemap.xml"} <= {*changed}
    assert maps(world)["1"] == ["07", "06", "04", "02", "01", "00"]
    ids = sorted(i for map_ in maps(world).values() for i in map_)
    assert ids == sorted([f"{n:02}" for n in range(12) if n != 3] + ["p1", "p2", "p3"])


def test_news_are_no_news_after_two_days(world: Archives) -> None:
    world.record("n1", published=NOW)
    world.publish()
    for later, news in ((timedelta(hours=47), True), (2 * DAY, False)):
        changed = world.publish(NOW + later)
        assert changed == ([] if news else ["sitemaps/head.xml"])
        assert (b"news:news" in world.bytes()["sitemaps/head.xml"]) is news


def test_without_pages_there_are_no_maps(world: Archives) -> None:
    for n in range(12):
        world.record(f"n{n:02}")
    world.publish()
    assert {"1", "head", "topics"} == {*maps(world)}
    world.plan = replace(world.plan, publish=replace(world.plan.publish, html=False))
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    left = {path for path in world.bytes() if path.endswith((".html", ".xml"))}
    assert left == {"404.html"}
    assert b"Sitemap" not in world.bytes()["robots.txt"]


def test_what_waits_for_its_end_is_in_no_map_no_page_and_no_time_of_writing(tmp_path: Path) -> None:
    having, without = (Archives(tmp_path / name) for name in ("mit", "ohne"))
    for n in range(14):
        now = NOW + n * timedelta(hours=12)
        having.record(f"e{n:02}", embargo=Embargo(NOW + 99 * DAY), issued=None, published=now, now=now)
        having.record(f"q{n:02}", embargo=Embargo(NOW + 99 * DAY), issued=None, backfill=True, now=now)
        for world in (having, without):
            world.record(f"n{n:02}", published=now, now=now)
        assert having.publish(now) == without.publish(now)
        assert having.bytes() == without.bytes()
    assert "1" in maps(having)
    having.close()
    without.close()
