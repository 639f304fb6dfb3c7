"""Which release an entry is, and which entry speaks: histories of one feed, and what is held at their end."""

from datetime import timedelta

import pytest

from histories import Entry, Shelf, news, poll

TEXT = "Die Gemeinde baut zwischen Ober- und Unterwiesen einen Weg, der im Herbst fertig wird und vier Brücken hat."
OTHER = "Forstleute pflanzen auf dreißig Hektar Eichen und Ahorn, damit der Wald die Trockenheit übersteht."
TEN, TWELVE = "2026-05-01T10:00:00+02:00", "2026-05-01T12:00:00+02:00"
WEG, WALD = "https://amt.example/weg", "https://amt.example/wald"

BAU = Entry("Der Weg kommt", TEXT, id="a1", link=WEG, date=TEN, kicker="Bau", authors=("Amt",))
VERKEHR = BAU._replace(id="a2", kicker="Verkehr", authors=("Presse",))
FIRST = Entry("Der Weg kommt", TEXT, id="weg#0", link=WEG, date=TEN, updated=TEN)
SECOND = FIRST._replace(text=f"{TEXT} Der Minister war da.", id="weg#3", updated=TWELVE)
NO_ID = FIRST._replace(id=None, updated=None)
PEGEL = Entry("Pegelstand", "In Unterwiesen steht der Fluss bei 12 cm.")
HIGHER = PEGEL._replace(text="In Unterwiesen steht der Fluss bei 340 cm.")
OBERWIESEN = PEGEL._replace(text="In Oberwiesen fiel der Bach am Montag auf 2 m.")
LOWER = PEGEL._replace(text="In Oberwiesen fiel der Bach am Montag auf 1 m.")
EICHEN = Entry("Eichen im Bergwald", OTHER, id="latest", link=WALD, date=TWELVE)
LATEST = BAU._replace(id="latest")


@pytest.mark.parametrize(
    ("history", "held", "corrected"),
    [
        ([[BAU, VERKEHR]], 1, 0),
        ([[BAU._replace(date=None), VERKEHR._replace(date=None)]], 1, 0),
        ([[BAU, VERKEHR._replace(date=TWELVE)]], 2, 0),
        ([[BAU, VERKEHR._replace(link=WALD)]], 2, 0),
        ([[BAU, VERKEHR._replace(title="Der Weg")]], 2, 0),
        ([[BAU], [BAU, VERKEHR]], 1, 1),  # another author is seen
        ([[BAU], [VERKEHR._replace(link=WALD), BAU]], 2, 0),
        ([[FIRST], [SECOND], [FIRST, SECOND]], 1, 1),
        ([[FIRST], [SECOND], [SECOND, FIRST], [FIRST, SECOND]], 1, 1),
        ([[NO_ID], [NO_ID._replace(text=OTHER)], [NO_ID._replace(text=OTHER), NO_ID]], 1, 1),
        ([[NO_ID], [NO_ID._replace(text=OTHER)], [NO_ID, NO_ID._replace(text=OTHER)]], 1, 1),
        ([[LATEST], [EICHEN]], 2, 0),
        ([[LATEST], [EICHEN], [LATEST]], 2, 0),
        ([[LATEST._replace(link=None)], [EICHEN._replace(link=None)]], 2, 0),
        ([[LATEST._replace(text="")], [EICHEN._replace(text="")]], 2, 0),
        ([[BAU], [BAU._replace(title="Vier Brücken", link=WALD)]], 1, 1),  # another title and link, the same text
        # with neither id nor link: the words, also where a few of them change
        ([[PEGEL, PEGEL]], 1, 0),
        ([[PEGEL, PEGEL._replace(date=TEN)]], 2, 0),
        ([[PEGEL], [HIGHER]], 1, 1),
        ([[PEGEL._replace(date=TEN)], [HIGHER._replace(date=TEN)]], 1, 1),
        ([[PEGEL._replace(date=TEN)], [HIGHER._replace(date=TWELVE)]], 2, 0),
        ([[PEGEL], [HIGHER, PEGEL]], 2, 0),
        ([[PEGEL], [PEGEL, HIGHER]], 2, 0),
        ([[PEGEL], [HIGHER._replace(title="Hochwasser")]], 2, 0),
        ([[PEGEL], [PEGEL._replace(text="Die Anlage wird gewartet.")]], 2, 0),
        ([[PEGEL, OBERWIESEN], [HIGHER, LOWER]], 2, 2),
        ([[PEGEL, OBERWIESEN], [LOWER, HIGHER]], 2, 2),
        ([[PEGEL], [HIGHER._replace(link=WEG)]], 2, 0),
        ([[PEGEL], [HIGHER._replace(id="p1")]], 2, 0),
        ([[BAU], [BAU._replace(title="Vier Brücken", text="Sie werden im Herbst fertig.")]], 2, 0),
    ],
)
def test_one_entry_speaks(history: list[list[Entry]], held: int, corrected: int) -> None:
    shelf = Shelf()
    told = []
    for document in (*history, history[-1], history[-1]):
        told += news(poll(shelf, document))
        shelf.now += timedelta(minutes=10)
    assert (len(shelf.releases), sum(verdict == "corrected" for verdict, _ in told)) == (held, corrected)
    assert told[-1:] == [] or len(told) == held + corrected


def test_joined_entries_add_topics_and_authors_that_stay() -> None:
    shelf = Shelf()
    poll(shelf, [BAU, VERKEHR])
    for document in ([BAU, VERKEHR], [VERKEHR, BAU], [VERKEHR], [BAU]):
        shelf.tick(timedelta(days=3))
        assert news(poll(shelf, document)) == []
        (release,) = shelf.releases.values()
        assert (release.kicker, release.kickers, release.authors) == ("Bau", ("Verkehr",), ("Amt", "Presse"))


def test_an_id_that_has_named_three_names_none() -> None:
    shelf = Shelf()
    third = Entry(
        "Werkstattpreis vergeben",
        "Eine Schule in Brunnau hat den Preis gewonnen.",
        id="latest",
        link="https://amt.example/preis",
    )
    for entry in (LATEST, EICHEN, third):
        poll(shelf, [entry])
    changed = third._replace(link="https://amt.example/preise", text="Eine Schule in Brunnau gewann ihn.")
    (change,) = poll(shelf, [changed])
    assert change.verdict == "new"
    assert poll(shelf, [changed])[0].verdict == "unchanged"


def test_a_shared_id_that_stands_alone_later_is_nobody_elses() -> None:
    """Of an entry by itself nobody can tell that its id is shared; its words can."""
    shelf = Shelf()
    weekly = BAU._replace(link=WALD, text=f"{TEXT} Wieder.")
    assert [c.verdict for c in poll(shelf, [BAU, weekly])] == ["new", "new"]
    for alone in (BAU, weekly, BAU):
        assert news(poll(shelf, [alone])) == []


def test_no_release_is_without_a_key() -> None:
    """Another source has the words, and its release is not to be joined."""
    ours, text = Shelf(), f"{TEXT} {OTHER}"
    poll(ours, [Entry("Der Weg kommt", text, date=TEN)])
    (key,) = next(iter(ours.releases.values())).keys
    assert key.kind == "hash"
