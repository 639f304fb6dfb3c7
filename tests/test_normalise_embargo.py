"""Embargoes as they are printed: the end, or held until a person says so."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from syndicate.model import Embargo
from syndicate.normalise import embargo

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
    ],
)  # fmt: skip
def test_a_time_with_its_day_ends_it(stated: str) -> None:
    assert embargo.read(stated, None, BERLIN) == Embargo(until=SATURDAY_11)


@pytest.mark.parametrize("stated", ["11 Uhr", "11:00 Uhr MEZ", "heute, 11 Uhr", "Freitag, 11 Uhr", "ab 11 Uhr"])
def test_a_time_alone_is_that_of_the_releases_day(stated: str) -> None:
    assert embargo.read(stated, FRIDAY, BERLIN) == Embargo(until=FRIDAY_11)
    assert embargo.read(stated, None, BERLIN) == Embargo(event=stated)


@pytest.mark.parametrize("stated", ["14. März, 11 Uhr", "Samstag, 14.3., 11 Uhr", "Sa., 14. März, 11.00 Uhr"])
def test_a_day_without_its_year_is_the_next_one(stated: str) -> None:
    assert embargo.read(stated, FRIDAY, BERLIN) == Embargo(until=SATURDAY_11)
    assert embargo.read(stated, None, BERLIN) == Embargo(event=stated)


def test_the_next_one_may_be_in_the_next_year() -> None:
    end = datetime(2027, 1, 2, 10, tzinfo=UTC)
    assert embargo.read("2. Januar, 11 Uhr", date(2026, 12, 30), BERLIN) == Embargo(until=end)


@pytest.mark.parametrize(
    "stated",
    [
        "14. März 2026", "bis einschließlich 14. März 2026", "Redebeginn", "Beginn der Sitzung, ca. 10 Uhr",
        "Redebeginn (14. März 2026, 11 Uhr)", "14. März 2026, 10 – 11 Uhr", "14. März 2026, 11 bis 12 Uhr",
        "14. März 2026, 11 Uhr oder Redebeginn", "14. März 2026, gegen 11 Uhr", "frühestens 14. März 2026, 11 Uhr",
        "ca. 11 Uhr", "morgen, 11 Uhr", "Samstag, 11 Uhr", "10. März, 11 Uhr", "Freitag, 14. März, 11 Uhr",
        "true", "31.02.2026, 11 Uhr",
    ],
)  # fmt: skip
def test_when_in_doubt_hold(stated: str) -> None:
    assert embargo.read(stated, FRIDAY, BERLIN) == Embargo(until=None, event=stated)


def test_a_datetime() -> None:
    assert embargo.read(SATURDAY_11, None, BERLIN) == Embargo(until=SATURDAY_11)
    assert embargo.read(datetime(2026, 3, 14, 11), None, BERLIN) == Embargo(until=SATURDAY_11)  # noqa: DTZ001  # naive on purpose
    assert embargo.read(datetime(2999, 1, 1, tzinfo=UTC), None, BERLIN).until is None


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
        ("Sperrfrist (bis 14. März 2026, 11 Uhr)", "bis 14. März 2026, 11 Uhr"),
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


@pytest.mark.parametrize(
    "head",
    [
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
    assert embargo.read(found, None, BERLIN) == Embargo(until=SATURDAY_11)


def test_long_text_takes_no_time() -> None:
    assert embargo.find("Sperrfrist: " + "(– " * 200_000) is not None
    assert embargo.read("bis " * 100_000, FRIDAY, BERLIN).until is None
