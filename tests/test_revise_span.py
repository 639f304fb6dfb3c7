"""Where two versions differ, and whether that is the same place as before."""

from itertools import pairwise
from typing import Any

import pytest

from builders import make_release
from histories import Entry, Shelf, poll
from syndicate.model import Release
from syndicate.revise import common, spans, within, words_at

TEXT = "Das Haus ist fertig. Aufrufe: {} Im Herbst ziehen die ersten Gäste ein, im Winter folgt der Anbau."


def version(text: str = TEXT.format(1), **fields: Any) -> Release:
    return make_release(content=f"<p>{text}</p>", **fields)


@pytest.mark.parametrize(
    ("after", "fields"),
    [
        (version(), []),
        (version(TEXT.format(2)), ["content"]),
        (version(TEXT.format(2).replace("Winter", "Sommer")), ["content", "content"]),
        (version(title="Anders"), ["title"]),
        (version(url="https://www.talland.example/anders"), ["url"]),
        (version(authors=("Amt",)), ["authors"]),
    ],
)
def test_the_places_that_changed(after: Release, fields: list[str]) -> None:
    assert [span.field for span in spans(version(), after)] == fields


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (TEXT.format(7), TEXT.format(8), True),
        (TEXT.format(7), TEXT.format("8 und mehr"), True),
        (TEXT.format(7).replace("fertig", "offen"), TEXT.format(8).replace("fertig", "offen"), True),
        (TEXT.format(7), TEXT.format(7).replace("Herbst", "Frühling"), False),
        (TEXT.format(7), TEXT.format(7).replace("fertig", "offen"), False),
        (TEXT.format(7), TEXT.format(8).replace("fertig", "offen"), False),
        (TEXT.format(7), TEXT.format(7).replace("Winter", "Sommer"), False),
        (TEXT.format(7), TEXT.format(7) + " Und mehr.", False),
    ],
)
def test_one_place_is_told_from_others(before: str, after: str, same: bool) -> None:
    known = spans(version(TEXT.format(1)), version(TEXT.format(2)))
    assert within(spans(version(before), version(after)), known) is same


def test_what_is_equal_by_chance_does_not_make_it_another_place() -> None:
    adverts = ("für Sie und für uns", "für uns im Angebot", "Reisen und für uns", "alles für Sie")
    versions = [version(TEXT.format(advert)) for advert in adverts]
    changes = [spans(a, b) for a, b in pairwise(versions)]
    (place,) = common(*changes)
    assert words_at(versions[0], place) == adverts[0]


@pytest.mark.parametrize(
    ("entry", "states"),
    [
        ("title", "Haus am Hang ({} Kommentare)"),
        ("text", "vor {} Stunden. Das Haus ist fertig und wird im Herbst bezogen."),
        ("text", "Das Haus ist fertig und wird im Herbst bezogen. {} Leser"),
        ("link", "https://amt.example/haus?r={}"),
        ("id", "haus-{}"),
    ],
)
def test_what_changes_at_each_poll_is_told_three_times_at_most(entry: str, states: str) -> None:
    shelf, told = Shelf(), 0
    same = Entry(
        "Haus am Hang", "Das Haus ist fertig und wird im Herbst bezogen.", id="h", link="https://amt.example/h"
    )
    for number in range(12):
        (change,) = poll(shelf, [same._replace(**{entry: states.format(number)})])
        told += change.verdict != "unchanged"
    assert len(shelf.releases) == 1
    assert told <= 4
