"""What speaks at once, what waits, and what the clock puts in."""

from datetime import timedelta

import pytest

from histories import SOURCE, Entry, Shelf, news, poll
from syndicate.model import Item, Source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN, TWELVE, ONE = (f"2026-05-01T{hour}:00:00+02:00" for hour in (10, 12, 13))
TEXT = "Das Haus hat {} Betten. Im Herbst ziehen die ersten Gäste ein, im Winter folgt der Anbau am Südhang."
THIRTY, FORTY, FIFTY = (Entry("Betten", TEXT.format(number), id="b") for number in ("dreißig", "vierzig", "fünfzig"))


def shown(shelf: Shelf) -> list[str]:
    return [
        word
        for release in shelf.releases.values()
        for word in ("dreißig", "vierzig", "fünfzig")
        if word in release.content
    ]


@pytest.mark.parametrize(
    ("polls", "at_once", "next_day"),
    [
        ([THIRTY, FORTY], "vierzig", "vierzig"),
        ([THIRTY, FORTY, THIRTY], "vierzig", "dreißig"),  # an earlier revision: it waits
        ([THIRTY, FORTY, THIRTY, FORTY], "vierzig", "vierzig"),
        ([THIRTY, FORTY, THIRTY, FIFTY], "fünfzig", "fünfzig"),
        (
            [THIRTY._replace(updated=TEN), FORTY._replace(updated=TWELVE), THIRTY._replace(updated=ONE)],
            "dreißig",
            "dreißig",
        ),
        (
            [THIRTY._replace(updated=TEN), FORTY._replace(updated=TWELVE), THIRTY._replace(updated=TEN)],
            "vierzig",
            "vierzig",
        ),
        ([FORTY._replace(updated=TWELVE), THIRTY._replace(updated=TEN)], "vierzig", "vierzig"),  # never seen, but older
        ([THIRTY._replace(updated="2062-05-01T10:00:00Z"), FORTY._replace(updated=TEN)], "vierzig", "vierzig"),
        ([THIRTY._replace(updated=TWELVE), FORTY], "vierzig", "vierzig"),  # without a date it speaks
    ],
)
def test_old_news_does_not_correct(polls: list[Entry], at_once: str, next_day: str) -> None:
    shelf = Shelf()
    for entry in polls:
        poll(shelf, [entry])
        shelf.now += timedelta(minutes=10)
    assert shown(shelf) == [at_once]
    shelf.tick(DAY - HOUR)
    assert shown(shelf) == [next_day]


def test_stale_words_that_alone_have_come_for_a_day_speak() -> None:
    shelf = Shelf()
    old = THIRTY._replace(updated=TEN)
    poll(shelf, [FORTY._replace(updated=TWELVE)])
    poll(shelf, [old])
    assert shelf.tick(DAY - HOUR) == []
    assert news(poll(shelf, [old])) == []
    assert [c.verdict for c in shelf.tick(HOUR)] == ["corrected"]
    assert shown(shelf) == ["dreißig"]
    assert news(poll(shelf, [old])) == []
    assert [c.verdict for c in poll(shelf, [FORTY._replace(updated=TWELVE)])] == ["corrected"]


def test_an_embargo_counts_from_a_stale_copy_of_what_was_never_shown() -> None:
    shelf = Shelf()
    new = Item(id="b", title="Betten", content="<p>Neu.</p>", updated=TWELVE, embargo="2026-06-01T10:00:00Z")
    old = Item(id="b", title="Betten", content="<p>Alt.</p>", updated=TEN, embargo="Redebeginn")
    shelf.read(new)
    shelf.read(old)
    (release,) = shelf.releases.values()
    assert (release.content, release.embargo and release.embargo.until) == ("<p>Neu.</p>", None)
    shelf.read(new)
    (release,) = shelf.releases.values()
    assert release.state == "embargoed"


COUNTER = "Das Haus ist fertig. Aufrufe: {} Im Herbst ziehen die ersten Gäste ein, im Winter folgt der Anbau."


def counted(number: int, text: str = COUNTER) -> Entry:
    return Entry("Haus", text.format(number), id="h")


def test_what_flickers_waits_until_it_has_rested() -> None:
    shelf = Shelf()
    verdicts = []
    for number in range(8):
        verdicts += [c.verdict for c in poll(shelf, [counted(number)])]
        shelf.tick(HOUR)
    assert verdicts == ["new", *["corrected"] * 3, *["unchanged"] * 4]
    (release,) = shelf.releases.values()
    for _ in range(3):  # for days, too
        for number in range(10, 13):
            assert news(poll(shelf, [counted(number)])) == []
            assert news(shelf.tick(12 * HOUR)) == []
    (change,) = shelf.tick(DAY)
    assert (change.verdict, change.release.updated) == ("minor", release.updated)
    assert "Aufrufe: 12" in change.release.content


def test_a_change_anywhere_else_is_a_correction_at_once() -> None:
    shelf = Shelf()
    for number in range(5):
        poll(shelf, [counted(number)])
    right = COUNTER.replace("Herbst", "Frühling")
    assert [c.verdict for c in poll(shelf, [counted(6, right)])] == ["corrected"]
    assert [c.verdict for c in poll(shelf, [counted(7, right)])] == ["unchanged"]
    beside = right.replace("fertig.", "fertig und offen.")
    assert [c.verdict for c in poll(shelf, [counted(8, beside)])] == ["corrected"]
    assert [c.verdict for c in poll(shelf, [counted(9, beside)])] == ["unchanged"]


def test_a_stated_change_does_not_flicker() -> None:
    shelf = Shelf()
    for number in range(6):
        told = poll(shelf, [counted(number)._replace(updated=f"2026-05-01T{10 + number}:00:00Z")])
        assert [c.verdict for c in told] == ["corrected" if number else "new"]


def test_a_category_that_leaves_stays_for_a_day() -> None:
    shelf = Shelf()
    both, one = (Entry("Betten", TEXT, id="b", kicker="Bau", categories=names) for names in (("Umwelt",), ()))
    poll(shelf, [both])
    for entry in (one, both, one, one):
        assert [c.verdict for c in poll(shelf, [entry])] == ["unchanged"]
        shelf.tick(HOUR)
        assert [release.categories for release in shelf.releases.values()] == [("Umwelt",)]
    assert [c.verdict for c in shelf.tick(DAY)] == ["merged"]
    assert [release.categories for release in shelf.releases.values()] == [()]


# --- files ------------------------------------------------------------------------------------------------------------

FOLDER = Source(id="ordner", path="/nirgends", tag=SOURCE.tag)


def file(path: str, number: str) -> Item:
    return Item(id="b", path=path, title="Betten", content=f"<p>{TEXT.format(number)}</p>")


def test_a_file_at_its_own_path_speaks_at_once() -> None:
    shelf = Shelf(FOLDER)
    verdicts = [
        c.verdict
        for n in ("dreißig", "vierzig", "dreißig", "vierzig")
        for c in shelf.read(file("a.md", n), paths=["a.md"])
    ]
    assert verdicts == ["new", "corrected", "corrected", "corrected"]


def test_a_copy_of_an_old_version_is_ignored_while_the_newer_file_is_there() -> None:
    shelf = Shelf(FOLDER)
    both = ["a.md", "alt/a.md"]
    shelf.read(file("a.md", "dreißig"), paths=both)
    shelf.read(file("a.md", "vierzig"), paths=both)
    (change,) = shelf.read(file("alt/a.md", "dreißig"), paths=both)
    assert (change.verdict, change.copy_of) == ("unchanged", "a.md")
    (change,) = shelf.read(file("alt/a.md", "dreißig"), paths=["alt/a.md"])
    assert change.verdict == "corrected"
