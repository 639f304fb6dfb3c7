"""Laws of newsrooms' own feeds, over histories of releases under embargo (tests/test_law_embargo.py has them).

A room without embargoes is the same in a world without what is held. In one with them nothing that was shown goes
without a word, and every document is valid.
"""

from datetime import datetime, timedelta

import lxml.etree
from hypothesis import HealthCheck, assume, event, given, settings

from syndicate.model import Newsroom, Plan
from syndicate.pipeline import Lift
from syndicate.rooms import Rooms
from syndicate.validate import faults
from test_law_embargo import Hand, Play, Step, both, by_hand, histories, is_the_same, known_faults
from test_rooms import ATOM, walk_of
from worlds import NOW

EVERYTHING = Newsroom(name="alles", made=NOW)
SOME = Newsroom(name="einiges", topics=("forst", "thema"), made=NOW)
EARLY = Newsroom(name="agentur", embargoed=True, made=NOW)
EARLY_SOME = Newsroom(name="forstagentur", topics=("forst", "thema"), embargoed=True, made=NOW)


class Room:
    """Of one newsroom in one of the worlds."""

    def __init__(self, play: Play, newsroom: Newsroom) -> None:
        self.play = play
        self.newsroom = newsroom
        self.now = NOW
        self.rooms = Rooms(play.world.store, self._plan, lambda: self.now)
        self.seen = set[str]()
        self.updated: dict[str, datetime] = {}

    def _plan(self) -> Plan:
        return self.play.world.plan

    def body(self, path: str) -> bytes | None:
        made = self.rooms.feed(self.newsroom, "n/", path)
        if made is None or made.document is None:
            return None
        assert faults(made.document) == (), path
        return made.document.body

    def tree(self, now: datetime) -> dict[str, bytes | None]:
        """Whatever there is, and whatever there could be."""
        self.now = now
        topics = ("all", "forst", "schule", "verkehr", "thema", "land", "nichts")
        heads = [f"{topic}.{suffix}" for topic in topics for suffix in ("atom", "rss", "json")]
        pages = [f"{topic}/{number}.atom" for topic in topics for number in (1, 2, 3)]
        return {path: self.body(path) for path in (*heads, *pages)}

    def visible(self) -> list[str]:
        """The ids of what readers see of its topics."""
        topics = {*self.newsroom.topics}
        seen = [release for release in self.play.releases() if release.visible]
        return sorted(release.atom_id for release in seen if not topics or not topics.isdisjoint(release.topics))

    def keeps_its_word(self, now: datetime) -> list[str]:
        """What has been shown is there still, or it is said that it is not; and no `updated` goes back.

        The ids of what there is.
        """
        self.now = now
        ids, gone = list[str](), set[str]()
        for body in walk_of(self.body, "all.atom"):
            root = lxml.etree.fromstring(body)
            for entry in root.findall("a:entry", ATOM):
                identifier = entry.findtext("a:id", "", ATOM)
                updated = datetime.fromisoformat(entry.findtext("a:updated", "", ATOM))
                assert updated >= self.updated.get(identifier, updated)
                self.updated[identifier] = updated
                ids.append(identifier)
            gone |= {stone.get("ref", "") for stone in root.findall("at:deleted-entry", ATOM)}
        assert len(ids) == len({*ids})
        assert gone.isdisjoint(ids)
        if not self.newsroom.topics:  # who leaves a topic leaves no tombstone
            assert {*self.seen} - {*ids} - gone == set()
        self.seen |= {*ids}
        return sorted(ids)


@known_faults
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories)
def test_rooms_keep_what_is_held_and_their_word(history: list[Step]) -> None:
    now = NOW
    with both() as (having, without):
        outside = [(Room(having, newsroom), Room(without, newsroom)) for newsroom in (EVERYTHING, SOME)]
        inside = [Room(having, newsroom) for newsroom in (EARLY, EARLY_SOME)]
        for step in history:
            now += timedelta(hours=1)
            if isinstance(step, Hand):
                by_hand(step, having, without, now)
            else:
                having.take(step, now)
                without.take(step, now)
            try:
                is_the_same(having, without, now)
            except AssertionError:
                assume(False)  # that law has a test of its own, which knows where two rules meet
            for one, other in outside:
                assert one.tree(now) == other.tree(now)
            for room in inside:
                room.tree(now)
                room.keeps_its_word(now)
            for room, _ in outside:
                assert room.keeps_its_word(now) == room.visible()
            held = [release for release, _ in having.world.store.releases.waiting() if not release.held]
            marked = (inside[0].body("all.json") or b"").count(b'"title": "SPERRFRIST')
            assert marked == len({release.id for release in held})
        event(f"waiting: {len(held)}")
        now += timedelta(hours=1)
        for release in held:
            if having.world.store.releases.get(release.id):
                having.world.act(Lift(release.id), now)
        inside[0].keeps_its_word(now)
        assert b"SPERRFRIST" not in (inside[0].body("all.json") or b"")
