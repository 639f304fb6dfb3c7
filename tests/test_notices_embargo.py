"""Embargoes as they are printed: the end, or held until a person says so."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from builders import reader
from syndicate.model import Embargo, Release, Source
from syndicate.normalise import normalise
from syndicate.notices import embargo, ends

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 3, 13)
SATURDAY_11 = datetime(2026, 3, 14, 10, tzinfo=UTC)
FRIDAY_11 = datetime(2026, 3, 13, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    [
        "14. März 2026, 11:00 Uhr", "14. März 2026, 11 Uhr.", "Sperrfrist: 14. März 2026, 11:00 Uhr",
        "14.03.2026, 11 Uhr",
        "bis 14. März 2026, 11 Uhr MEZ", "bis zum 14. März 2026 um 11 Uhr",
        "Samstag, den 14. März 2026, 11.00 Uhr (Ortszeit)",
        "frei ab 14. März 2026, 11 Uhr", "2026-03-14T11:00:00+01:00", "2026-03-14 11:00", "14 March 2026, 10:00 GMT",
        "14. März 2026, 11 Uhr; 14.3.2026, 11 Uhr; 2026-03-14 11:00",
    ],
)  # fmt: skip
def test_a_time_with_its_day_ends_it(stated: str) -> None:
    assert ends.read(stated, None, BERLIN) == Embargo(until=SATURDAY_11)


@pytest.mark.parametrize("stated", ["11 Uhr", "11:00 Uhr MEZ", "heute, 11 Uhr", "Freitag, 11 Uhr", "ab 11 Uhr"])
def test_a_time_alone_is_that_of_the_releases_day(stated: str) -> None:
    assert ends.read(stated, FRIDAY, BERLIN) == Embargo(until=FRIDAY_11)
    assert ends.read(stated, None, BERLIN) == Embargo(event=stated)


@pytest.mark.parametrize("stated", ["14. März, 11 Uhr", "Samstag, 14.3., 11 Uhr", "Sa., 14. März, 11.00 Uhr"])
def test_a_day_without_its_year_is_the_next_one(stated: str) -> None:
    assert ends.read(stated, FRIDAY, BERLIN) == Embargo(until=SATURDAY_11)
    assert ends.read(stated, None, BERLIN) == Embargo(event=stated)


def test_the_next_one_may_be_in_the_next_year() -> None:
    end = datetime(2027, 1, 2, 10, tzinfo=UTC)
    assert ends.read("2. Januar, 11 Uhr", date(2026, 12, 30), BERLIN) == Embargo(until=end)


@pytest.mark.parametrize(
    "stated",
    [
        "14. März 2026", "bis einschließlich 14. März 2026", "Redebeginn", "Beginn der Sitzung, ca. 10 Uhr",
        "Redebeginn (14. März 2026, 11 Uhr)", "14. März 2026, 10 – 11 Uhr", "14. März 2026, 11 bis 12 Uhr",
        "14. März 2026, 11 Uhr oder Redebeginn", "14. März 2026, gegen 11 Uhr", "frühestens 14. März 2026, 11 Uhr",
        "ca. 11 Uhr", "morgen, 11 Uhr", "Samstag, 11 Uhr", "10. März, 11 Uhr", "Freitag, 14. März, 11 Uhr",
        "true", "31.02.2026, 11 Uhr",
        "14. März 2026, 11 Uhr; 14. März 2026, 12 Uhr", "14. März 2026, 11 Uhr; Redebeginn",
    ],
)  # fmt: skip
def test_when_in_doubt_hold(stated: str) -> None:
    assert ends.read(stated, FRIDAY, BERLIN) == Embargo(until=None, event=stated)


def test_a_datetime() -> None:
    assert ends.read(SATURDAY_11, None, BERLIN) == Embargo(until=SATURDAY_11)
    assert ends.read(datetime(2026, 3, 14, 11), None, BERLIN) == Embargo(until=SATURDAY_11)  # noqa: DTZ001  # naive on purpose
    assert ends.read(datetime(2999, 1, 1, tzinfo=UTC), None, BERLIN).until is None


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("Sperrfrist: 14. März 2026, 11:00 Uhr", "14. März 2026, 11:00 Uhr"),
        ("Sperrfrist bis 14. März 2026, 11 Uhr", "14. März 2026, 11 Uhr"),
        ("SPERRFRIST 14. März 2026, 11:00 Uhr – Landespreis für Ehrenamt", "14. März 2026, 11:00 Uhr"),
        ("Sperrfrist: 14. März 2026, 11 Uhr: Landespreis", "14. März 2026, 11 Uhr"),
        ("Sperrfrist: 14. März 2026, 11:00 Uhr. Der Minister eröffnet die Brücke.", "14. März 2026, 11:00 Uhr"),
        ("Sperrfrist: 14. März 2026, 11 Uhr\nDer Minister eröffnet die Brücke.", "14. März 2026, 11 Uhr"),
        ("Sperrfrist: 14. März 2026, 10 – 11 Uhr", "14. März 2026, 10 – 11 Uhr"),
        ("Sperrfrist: 14. März 2026, 11 Uhr – Redebeginn", "14. März 2026, 11 Uhr – Redebeginn"),
        ("Sperrfrist: Beginn der Sitzung, ca. 10 Uhr", "Beginn der Sitzung, ca. 10 Uhr"),
        ("Sperrfrist (bis 14. März 2026, 11 Uhr)", "14. März 2026, 11 Uhr"),
        ("*** Sperrfrist: Freitag, 11 Uhr ***", "Freitag, 11 Uhr"),
        ("Achtung, Sperrfrist: heute, 11 Uhr!", "heute, 11 Uhr"),
        ("Bitte Sperrfrist beachten: 11 Uhr", "11 Uhr"),
        ("Landespreis geht nach Talheim (Sperrfrist: 11 Uhr)", "11 Uhr"),
        ("(Sperrfrist: 11 Uhr) Landespreis geht nach Talheim", "11 Uhr"),
        ("Landespreis geht nach Talheim – Sperrfrist: Redebeginn", "Redebeginn"),
        ("Sperrvermerk: Redebeginn", "Redebeginn"),
        ("Sperrvermerk", "Sperrvermerk"),
        ("Frei ab 14. März 2026, 11 Uhr", "14. März 2026, 11 Uhr"),
        ("Frei ab Redebeginn", "Redebeginn"),
        ("Frei für Freitag, 13. März 2026, 11 Uhr", "Freitag, 13. März 2026, 11 Uhr"),
        ("Frei für die Samstagausgaben", "Samstagausgaben"),
        ("Freigabe: 14. März 2026, 11 Uhr", "14. März 2026, 11 Uhr"),
        ("Veröffentlichung frei ab 11 Uhr", "11 Uhr"),
        ("Embargoed until 14 March 2026, 11:00", "14 March 2026, 11:00"),
        ("EMBARGO: 14 March 2026", "14 March 2026"),
        ("[EMBARGO until 14 March 2026, 11:00] New law", "14 March 2026, 11:00"),
    ],
)
def test_a_statement_is_found(head: str, stated: str) -> None:
    assert embargo.find(None, "Brücke bei Talheim", head) == stated


PAGE = """Ministerium für Umwelt Talheim

Gesundheit
Neue Klinik in Talheim eröffnet
12. Mai 2026
Lesezeit: 2 Minuten

Das Land hat in Talheim eine neue Klinik eröffnet. Sie hat 120 Betten und kostet 40 Millionen Euro.

„Das ist ein guter Tag für Talheim“, sagte Ministerin Anna Beispiel bei der Eröffnung in der Stadt.

Die Klinik nimmt am Montag ihren Betrieb auf. Sie ist mit dem Bus zu erreichen und liegt am Rand der Stadt.
"""
IN_WORDS = [
    "Ｓｐｅｒｒｆｒｉｓｔ： 14.03.2099",
    "S P E R R F R I S T : 14. März 2099, 11 Uhr",
    "S P E R R F R I S T",
    "*** SPERRFRIST ***",
    "__Sperrfrist__",
    "Sperr\u200bfrist: Redebeginn",
    "1. Sperrfrist: 14. März 2099",
    "Mit Sperrfrist 14. März 2099, 11 Uhr",
    "Hinweis: Sperrfrist 14. März 2099, 11 Uhr",
    "Wichtig: Sperrfrist: Redebeginn",
    "Achtung: Sperrfrist!",
    "Es gilt die Sperrfrist: Redebeginn",
    "Bitte beachten Sie die Sperrfrist 14. März 2099, 11 Uhr",
    "Bitte beachten Sie die Sperrfrist!",
    "Sperrfristende: 14.03.2099, 11 Uhr",
    "Sperrfristvermerk: 14.03.2099",
    "Sendesperrfrist: 14.03.2099",
    "Sperrfrist Print: Samstagausgaben",
    "Sperrfrist Online: 14.03.2099",
    "Sperrfrist für Printmedien: Samstagausgaben",
    "Sperrfrist für alle Medien 14. März 2099, 11 Uhr",
    "Sperrfrist Ende der Sitzung, 14. März 2099",
    "Sperrfrist/Embargo: 14.03.2099",
    "Sperrfrist = 14.03.2099",
    "Sperrfrist; Ende der Sitzung",
    "Sperrfrist. 14.03.2099",
    "Sperrfrist: keine Veröffentlichung vor 14. März 2099, 11 Uhr",
    "Sperfrist: 14. März 2099",
    "Gesperrt bis 14. März 2099, 11 Uhr",
    "Vorabinformation, gesperrt bis 14. März 2099, 11 Uhr",
    "Bis 14. März 2099, 11 Uhr gesperrt",
    "Zur Veröffentlichung am 14. März 2099, 11 Uhr",
    "Veröffentlichungstermin: 14. März 2099",
    "Embargo 14/03/2099 11:00",
    "Strictly under embargo: noon",
    "Presse-Embargo: 14.03.2099",
    "Die Sperrfrist endet am 14. März 2099",
    "Die Sperrfrist endet am 14. März 2099.",
    "PM 12/2026 Magdeburg Sperrfrist: 14.03.2099",
    "| Sperrfrist | 14.03.2099 |",
    "| Sperrfrist | Ende der Sitzung |",
    "Die Brücke ist fertig. Sperrfrist: Redebeginn. Der Minister kommt.",
    "Veröffentlichung erst nach Ablauf der Sperrfrist",
    f"Presse Sperrfrist: 14. März 2099, 11 Uhr {'Der Minister eröffnet die Brücke. ' * 8}",
]


@pytest.mark.parametrize("line", IN_WORDS)
def test_a_statement_in_other_words_holds(line: str) -> None:
    found = embargo.find("Brücke bei Talheim", None, line)
    assert found is not None
    held = ends.read(found, FRIDAY, BERLIN)
    assert held.until is None or held.until > datetime(2099, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("line", [line for line in IN_WORDS if len(line) <= 160])
@pytest.mark.parametrize("place", ["Talheim\n\n{}", "eröffnet\n{}", "2 Minuten\n\n{}", "Stadt.\n\n{}"])
def test_it_holds_a_page(line: str, place: str) -> None:
    before = place.partition("\n")[0]
    text = PAGE.replace(before + "\n", place.format(line) + "\n\n", 1)
    assert line in text
    for item in reader("page")(text):
        release = normalise(item, Source(id="p", tag="talland.example,2026"), now=datetime(2026, 6, 1, tzinfo=UTC))
        assert isinstance(release, Release)
        assert release.state == "embargoed"


@pytest.mark.parametrize(
    ("stated", "end"),
    [
        ("25. Oktober 2026, 02:30 Uhr", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("25. Oktober 2026, 02:30 Uhr MESZ", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25. Oktober 2026, 02:30 Uhr MEZ", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T00:30:00Z", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # noqa: DTZ001  # naive on purpose
        ("25. Oktober, 2.30 Uhr", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2.30 Uhr", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2.30 Uhr MESZ", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("29. März 2026, 02:30 Uhr", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_of_two_instants_the_later_ends_it(stated: str | datetime, end: datetime) -> None:
    assert ends.read(stated, date(2026, 10, 25), BERLIN) == Embargo(until=end)


@pytest.mark.parametrize(
    ("stated", "holds"),
    [
        ("Sonntag, 14.03.2026, 11 Uhr", True),
        ("Sonntag, den 14. März 2026, 11 Uhr", True),
        ("So., 14.03.2026, 11 Uhr", True),
        ("Sunday, 14 March 2026, 11:00", True),
        ("Samstag, 14.03.2026, 11 Uhr", False),
        ("Sonnabend, 14.03.2026, 11 Uhr", False),
        ("Sa., 14.03.2026, 11 Uhr", False),
        ("Saturday, 14 March 2026, 11:00", False),
    ],
)
def test_a_weekday_that_is_wrong_holds(stated: str, holds: bool) -> None:
    assert ends.read(stated, FRIDAY, BERLIN).until == (None if holds else SATURDAY_11)


@pytest.mark.parametrize(
    "head",
    [
        "Es gibt keine Sperrfrist",
        "Die Sperrfrist ist abgelaufen",
        "Ohne Sperrfrist",
        "Sperrfrist für Gülle endet am 31. Januar",
        "Neue Sperrfrist für Kommunen ab 1. November",
        "Die Sperrfrist für Gülle auf Grünland beginnt am 1. November.",
        "Bauern müssen die Sperrfrist ab 1. November beachten",
        "Handelsembargo gegen Talland: Was ab 1. Juli gilt",
        "Waffenembargo: Bund verschärft die Regeln ab 1. Juli",
        "Ölembargo gegen Talland ab 1. Juli",
        "Öl-Embargo: Preise steigen ab 1. Juli",
        "EU verlängert Embargo bis 2027",
        "EU verlängert Embargo bis 31. Juli 2027",
        "Embargo gegen Talland gilt ab 1. Juli 2027",
        "L 12 bei Talheim gesperrt bis 14. März",
        "Bis 14. März: L 12 bei Talheim gesperrt",
        "Nach dem Streit um die Sperrfrist, der lange währte, " + "spricht der Minister am 14. März. " * 5,
        "Die Sperrfrist endet für Dünger am 31. Januar.",
        "Sperrfrist für Dünger: Land erlaubt Ausnahmen",
        "Land verlängert die Sperrfrist – Bauern atmen auf",
        "Sperrfrist aufgehoben",
        "Sperrfrist: keine",
        "Sperrvermerk im Haushalt aufgehoben",
        "Embargo gegen Talland verlängert",
        "Freie Fahrt für Busse",
        "Frei ab sofort: Museum öffnet",
        "Frei ab 16 Jahren",
        "Frei für alle: Museum öffnet",
        "Frei: Der Radweg nach Talheim",
        "Freitag, 14. März: Tag der offenen Tür",
        "Es gilt das gesprochene Wort",
        "",
        None,
    ],
)
def test_a_mention_is_none(head: str | None) -> None:
    assert embargo.find(head) is None


def test_what_is_found_can_be_read() -> None:
    found = embargo.find("SPERRFRIST 14. März 2026, 11:00 Uhr – Landespreis")
    assert found is not None
    assert ends.read(found, None, BERLIN) == Embargo(until=SATURDAY_11)


def test_long_text_takes_no_time() -> None:
    assert embargo.find("Sperrfrist: " + "(– " * 200_000) is not None
    assert ends.read("bis " * 100_000, FRIDAY, BERLIN).until is None
    for text in ("sperr-" * 20_000, "S " * 100_000, "Sperrfrist " * 20_000, "für die " * 20_000 + "\n" + "| " * 50_000):
        embargo.find(text)
