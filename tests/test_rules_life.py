"""What rules of a source come to, over polls: what is held, what is dropped, and what a person is told."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from servers import Reply, Server
from syndicate.model import Changes, Source
from syndicate.pipeline import Lift, Withdraw
from worlds import NOW, SITE, World

HOUR = timedelta(hours=1)
HANGS, LONG = "/(x+)+$/", f"{'x' * 40}!"


class Office:
    """A source and its feed; `poll` is told its entries by their names, `name: words`."""

    def __init__(self, world: World, server: Server, name: str = "amt") -> None:
        self.world, self.server = world, server
        self.source = Source(id=name, url=server.url(f"/{name}"), allow_private=True, tag=SITE.tag)
        self.now = NOW

    def set(self, **rules: Any) -> None:
        self.source = replace(self.source, **rules)
        others = tuple(source for source in self.world.plan.sources if source.id != self.source.id)
        self.world.plan = replace(self.world.plan, sources=(*others, self.source))

    def poll(self, *entries: str, gone: str = "") -> Changes:
        self.now += HOUR
        body = atom(entries, gone)
        self.server.answers(f"/{self.source.id}", Reply(body=body, headers={"Content-Type": "application/atom+xml"}))
        changes = self.world.poll(self.now, self.source)
        self.world.publish(self.now)
        return changes

    @property
    def dropped(self) -> list[tuple[str, str]]:
        return sorted((each.title, each.rule) for each in self.world.store.dropped.list([self.source.id]))

    @property
    def alarms(self) -> dict[str, str]:
        return {alarm.kind: alarm.text for alarm in self.world.store.alarms.list()}

    @property
    def shown(self) -> list[str]:
        return sorted(self.world.entries())


def atom(entries: tuple[str, ...], gone: str = "") -> bytes:
    """`name: words`, `name/id/link: words`; `#topic` among them is a category."""
    taken = f'<at:deleted-entry ref="{gone}" when="2026-06-01T12:00:00Z"/>' if gone else ""
    spaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
    return f"<feed {spaces}><title>Amt</title><id>urn:amt</id>{taken}{''.join(map(entry, entries))}</feed>".encode()


def entry(said: str) -> str:
    names, _, words = said.partition(": ")
    name, own, link = (*names.split("/"), "", "")[:3]
    text = " ".join(word for word in words.split() if not word.startswith("#"))
    topics = "".join(f'<category term="{word[1:]}"/>' for word in words.split() if word.startswith("#"))
    return (
        f"<entry><id>urn:{own or name}</id><title>Meldung {name}</title>"
        f'<link href="https://amt.example/{link or name}"/>{topics}<content>{text}</content></entry>'
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Server() as server, closing(World(tmp_path)) as world:
        yield Office(world, server)


def counts(changes: Changes) -> dict[str, int]:
    told = {name: changes.count(name) for name in ("new", "corrected", "quiet", "unchanged")}
    return {name: number for name, number in {**told, "dropped": changes.dropped}.items() if number}


def test_it_is_decided_at_first_sight(office: Office) -> None:
    office.set(drop=("text:sport",))
    assert counts(office.poll("a: Etwas", "b: Sport heute")) == {"new": 1, "dropped": 1}
    assert office.shown == ["Meldung a"]
    assert office.dropped == [("Meldung b", "text:sport")]
    # It comes again as it was, beside others, and costs nothing.
    assert counts(office.poll("c: Anderes", "a: Etwas", "b: Sport heute")) == {"new": 1, "unchanged": 2}
    # What is held gets its corrections, whatever they say.
    assert counts(office.poll("c: Anderes", "a: Etwas vom Sport", "b: Sport heute")) == {"corrected": 1, "unchanged": 2}
    assert office.shown == ["Meldung a", "Meldung c"]
    # What was dropped is judged anew when its source changes it.
    assert counts(office.poll("a: Etwas vom Sport", "b: Kultur heute")) == {"new": 1, "unchanged": 1}
    assert office.dropped == []
    assert counts(office.poll("a: Etwas vom Sport", "b: Kultur und Sport")) == {"corrected": 1, "unchanged": 1}


def test_other_rules_let_it_in_or_not_and_what_is_held_stays(office: Office) -> None:
    office.poll("a: Etwas", "b: Sport heute")
    office.set(drop=("text:sport",))
    assert counts(office.poll("a: Etwas", "b: Sport heute")) == {"unchanged": 2}  # it was held before the rule
    assert counts(office.poll("a: Etwas", "b: Sport morgen", "c: Sport")) == {
        "corrected": 1, "unchanged": 1, "dropped": 1,
    }  # fmt: skip
    office.set(drop=())
    assert counts(office.poll("a: Etwas", "b: Sport morgen", "c: Sport")) == {"new": 1, "unchanged": 2}
    assert office.dropped == []


def test_a_rule_and_a_correction_at_once(office: Office) -> None:
    """Other rules do not make another reader of it: the correction is one."""
    office.poll("a: Etwas steht hier")
    office.set(keep=("title:*b",))
    assert counts(office.poll("a: Etwas anderes steht hier")) == {"corrected": 1}


def test_a_tombstone_of_either(office: Office) -> None:
    office.set(drop=("title:*b",))
    office.poll("a: Etwas", "b: Sport")
    office.set(drop=("title:*",))
    gone = office.poll("b: Sport", gone="urn:a")
    assert gone.count("withdrawn") == 1
    assert office.poll(gone="urn:b").count("withdrawn") == 0
    assert office.shown == ["Zurückgezogen"]


def test_what_is_withdrawn_by_a_person_stays_so(office: Office) -> None:
    (change,) = office.poll("a: Etwas").changes
    office.world.act(Withdraw(change.release.id), office.now)
    office.set(drop=("title:*",))
    assert counts(office.poll("a: Etwas Neues")) == {"unchanged": 1}
    assert office.dropped == []


def test_under_an_embargo(office: Office) -> None:
    office.set(drop=("title:*a",))
    held = "Sperrfrist: 2. Juni 2026, 18 Uhr"
    assert counts(office.poll(f"a: {held} Etwas", f"b: {held} Anderes")) == {"new": 1, "dropped": 1}
    before = office.world.bytes()
    office.set(drop=("title:*",))
    assert counts(office.poll(f"b: {held} Anderes, neu")).get("dropped") is None  # it is held
    assert office.world.bytes() == before
    (release,) = (r.id for r, _ in office.world.store.releases.waiting())
    office.world.act(Lift(release), office.now)
    office.world.publish(office.now)
    assert office.shown == ["Meldung b"]


def test_twice_in_a_document_is_one(office: Office) -> None:
    office.set(drop=("category:sport",))
    twins = ("a: Dasselbe #Sport", "a: Dasselbe #Kultur")
    assert office.poll(*twins, "b: Etwas").dropped == 2 - 1  # by one name
    assert counts(office.poll(*twins, "b: Etwas", "c: Mehr")) == {"new": 1, "unchanged": 3}
    office.set(drop=(), keep=("category:kultur",))
    assert counts(office.poll(*twins, "b: Etwas", "c: Mehr"))["new"] == 1
    assert office.shown == ["Meldung a", "Meldung b", "Meldung c"]


@pytest.mark.parametrize(("identity", "shown"), [("auto", 0), ("id", 1)])
def test_what_goes_together_goes_by_the_identity_that_its_source_has(office: Office, identity: str, shown: int) -> None:
    """Of one link and in the same words: one release, or by their ids two, of which a rule means one."""
    office.set(identity=identity, drop=("category:sport",))
    told = office.poll("a/x-1/p: Dasselbe #Sport", "a/x-2/p: Dasselbe #Kultur")
    assert (told.dropped, told.count("new"), len(office.shown)) == (2 - shown, shown, shown)


def test_two_sources_decide_each_for_itself(office: Office) -> None:
    words = " ".join(f"Wort{n}" for n in range(80))
    other = Office(office.world, office.server, "portal")
    other.set(drop=("title:*",))
    office.set()
    office.poll(f"a: {words}")
    assert counts(other.poll(f"x//a: {words}")) == {"dropped": 1}
    assert [e.source for e in office.world.store.releases.editions(*(r.id for r in releases(office)))] == ["amt"]
    other.set(drop=())
    other.poll(f"x//a: {words}")
    assert len(office.world.store.releases.editions(*(r.id for r in releases(office)))) == 2


def releases(office: Office) -> list[Any]:
    found = office.world.store.releases.listing([], None, None, None)
    return [*found]


def test_rules_that_drop_everything_ask_for_a_person(office: Office) -> None:
    office.set(drop=("title:*b", "title:*a"))
    office.poll("a: Etwas", "b: Anderes")
    told = "amt: its rules drop everything, so nothing is held of what it has: drop = title:*b, title:*a"
    assert office.alarms["rules"] == told
    office.poll("c: Mehr", "a: Etwas", "b: Anderes")
    assert "rules" not in office.alarms
    # From now on it is known that they let something past: for thirty days.
    office.poll("a: Etwas", "b: Anderes, neu")
    assert "rules" not in office.alarms
    office.now += timedelta(days=31)
    office.poll("a: Etwas, neu", "b: Anderes")
    assert "rules" in office.alarms
    office.set(drop=())
    office.poll("a: Etwas, neu", "b: Anderes")
    assert "rules" not in office.alarms


def test_a_keep_that_nothing_matches_asks_and_what_is_held_does_not(office: Office) -> None:
    office.poll("a: Etwas")
    office.set(keep=("category:schule",))
    office.poll("a: Etwas", "b: Anderes")
    assert "rules" not in office.alarms  # one of them is held
    office.poll("b: Anderes", "c: Mehr")
    assert office.alarms["rules"].endswith(": keep = category:schule")
    assert office.dropped == [("Meldung b", "keep"), ("Meldung c", "keep")]


def test_one_that_hangs_keeps_the_entry_and_is_told(office: Office) -> None:
    office.set(drop=(HANGS, "title:*b"))
    assert counts(office.poll(f"a: {LONG}", "b: Anderes")) == {"new": 1, "dropped": 1}
    assert office.alarms["expression"].startswith("amt: a rule takes too long and is not heeded, ")
    assert office.alarms["expression"].endswith(HANGS)
    office.poll(f"a: {LONG}", "b: Anderes")  # until the rules are others
    assert "expression" in office.alarms
    office.set(drop=("title:*b",))
    office.poll(f"a: {LONG}", "b: Anderes")
    assert "expression" not in office.alarms


@pytest.mark.parametrize("update", ["correct", "quiet", "ignore"])
def test_what_a_change_is(office: Office, update: str) -> None:
    office.set(update=update)
    office.poll("a: Etwas steht hier", "b: Anderes")
    (before,) = (r for r in releases(office) if r.title == "Meldung a")
    told = counts(office.poll("a: Etwas anderes steht hier", "b: Anderes"))
    after = office.world.store.releases.get(before.id)
    assert after
    match update:
        case "correct":
            assert told == {"corrected": 1, "unchanged": 1}
            assert after.updated > before.updated
        case "quiet":
            assert told == {"quiet": 1, "unchanged": 1}
            assert (after.updated, after.revision) == (before.updated, 2)
            assert "anderes" in after.content
        case "ignore":
            assert told == {"unchanged": 2}
            assert after == before
            assert counts(office.poll("a: Etwas anderes steht hier", "b: Anderes", "c: x")) == {
                "new": 1,
                "unchanged": 2,
            }
            office.set(update="correct")
            assert counts(office.poll("a: Etwas anderes steht hier", "b: Anderes"))["corrected"] == 1


@pytest.mark.parametrize("update", ["quiet", "ignore"])
def test_embargoes_and_withdrawals_are_no_corrections(office: Office, update: str) -> None:
    office.set(update=update)
    office.poll("a: Etwas steht hier", "b: Anderes")
    held = office.poll("a: Sperrfrist: 9. Juni 2026, 18 Uhr Etwas Neues", "b: Anderes")
    assert held.count("held") == 1
    assert office.poll("b: Anderes", gone="urn:a").count("withdrawn") == 1


IDENTITIES = ("auto", "id", "link", "[-/]([0-9]+)")


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize(
    ("first", "second", "new"),
    [
        # name/id/link: words → is the second another release?
        ("a/x-1/p-1: Ein Text", "a/x-1/p-1: Ein anderer Text", ""),
        ("a/x-1/p-1: Ein Text", "a/x-2/p-1: Ein Text", "id regex"),
        ("a/x-1/p-1: Ein Text", "a/x-1/p-2: Ein Text", "link"),
        ("a/x-1/p-1: Ein Text", "a/x-2/p-2: Ein Text", "id link regex"),
        ("a/x-1/p-1: Ein Text", "a/y-1/q-1: Ein Text", "id link"),
        ("a/x-1/p-1: Ein Text", "b/x-1/p-1: Davon nun völlig verschieden", "auto"),
    ],
)
def test_by_what_it_is_known(office: Office, identity: str, first: str, second: str, new: str) -> None:
    office.set(identity=identity)
    office.poll(first)
    told = office.poll(second)
    name = identity if identity in IDENTITIES[:3] else "regex"
    assert told.count("new") == (name in new.split()), counts(told)
    again = office.poll(second, "z/z-99/z-99: Beiwerk")
    assert (again.count("new"), again.count("corrected")) == (1, 0)
    assert counts(office.poll("z/z-99/z-99: Beiwerk", second)) == {"unchanged": 2}


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("before", IDENTITIES)
def test_another_identity_makes_no_release_of_what_is_as_it_was(office: Office, before: str, identity: str) -> None:
    entries = ("a/x-1/p-1: Ein Text", "b/x-2/p-2: Ein anderer Text", "c/y-3/q-3: Ein dritter")
    office.set(identity=before)
    office.poll(*entries)
    published = office.world.bytes()
    office.set(identity=identity)
    told = counts(office.poll(*entries))
    assert (told.get("new"), told.get("corrected")) == (None, None)
    assert office.world.bytes() == published
    assert counts(office.poll(*entries, "d/y-4/q-4: Noch einer")) == {"new": 1, "unchanged": 3}


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("before", IDENTITIES)
def test_a_tombstone_names_it_by_its_id_whatever_it_is_known_by(office: Office, before: str, identity: str) -> None:
    """Also in the first document that is read by another identity, where the entry does not stand any more."""
    office.set(identity=before)
    office.poll("a/x-1/p-1: Ein Text", "b/x-2/p-2: Ein anderer Text")
    office.set(identity=identity)
    assert office.poll("b/x-2/p-2: Ein anderer Text", gone="urn:x-1").count("withdrawn") == 1
    assert office.poll("b/x-2/p-2: Ein anderer Text", gone="urn:x-1").changes == ()
    assert office.shown == ["Meldung b", "Zurückgezogen"]


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("before", IDENTITIES)
def test_what_waits_under_an_embargo_is_known_by_another_identity(office: Office, before: str, identity: str) -> None:
    held = "Sperrfrist: 2. Juni 2026, 18 Uhr."
    office.set(identity=before)
    office.poll("a/x-1/p-1: Ein Text")
    waiting = (f"a/x-1/p-1: {held} Ein neuer Text", f"b/x-2/p-2: {held} Ein anderer")
    office.poll(*waiting)
    assert len(releases(office)) == 2
    office.set(identity=identity)
    office.poll(*waiting)
    office.poll(*(words.replace("Ein ", "Kein ") for words in waiting))
    assert len(releases(office)) == 2


@pytest.mark.parametrize("identity", IDENTITIES)
def test_an_embargo_on_what_readers_have_whatever_it_is_known_by(office: Office, identity: str) -> None:
    """By its address alone: the source makes up another id each time."""
    office.set(identity=identity)
    office.poll("a/x-1/p-1: Ein Text")
    name = "a/x-9/p-1" if identity in ("link", "/p-([0-9]+)") else "a/x-1/p-9" if identity == "id" else "a/x-1/p-1"
    office.poll(f"{name}: Sperrfrist: 2. Juni 2026, 18 Uhr. Ein neuer Text")
    assert len(releases(office)) == 1


@pytest.mark.parametrize("identity", ["link", "/p-([0-9]+)", "x-([0-9]+)"])
def test_an_earlier_id_that_is_taken_back_beside_the_entry_of_another_takes_nothing(
    office: Office, identity: str
) -> None:
    """Of a source that makes up another id at each change. Also where nothing else of the document has changed."""
    office.set(identity=identity)
    office.poll("a/x-1/p-1: Ein Text", "b/x-2/p-2: Ein anderer")
    entries = ("a/x-1r2/p-1: Ein Text", "b/x-2/p-2: Ein anderer")
    for gone in ("", "urn:x-1", "urn:x-1"):
        assert office.poll(*entries, gone=gone).count("withdrawn") == 0
    assert office.poll(*entries, "c/x-3/p-3: Ein dritter", gone="urn:x-1").count("withdrawn") == 0
    assert office.shown == ["Meldung a", "Meldung b", "Meldung c"]
    assert office.poll(*entries[1:], gone="urn:x-1r2").count("withdrawn") == 1
