"""Dates as sources state them → the right instant, or none."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.notices import dates

BERLIN = ZoneInfo("Europe/Berlin")

TIMES = {
    # RFC 822, with every legal zone, and what feeds make of it
    "Fri, 17 May 2019 15:34:00 UT": "2019-05-17T15:34:00",
    "Fri, 17 May 2019 15:34:00 GMT": "2019-05-17T15:34:00",
    "Fri, 17 May 2019 15:34:00 Z": "2019-05-17T15:34:00",
    "17 May 2019 15:34 +0200": "2019-05-17T13:34:00",
    "Fri, 17 May 2019 15:34:00 -0330": "2019-05-17T19:04:00",
    "Thu, 01 Jan 04 19:48:21 EST": "2004-01-02T00:48:21",
    "Thu, 01 Jul 2004 19:48:21 EDT": "2004-07-01T23:48:21",
    "Thu, 01 Jan 2004 19:48:21 CST": "2004-01-02T01:48:21",
    "Thu, 01 Jul 2004 19:48:21 CDT": "2004-07-02T00:48:21",
    "Thu, 01 Jan 2004 19:48:21 MST": "2004-01-02T02:48:21",
    "Thu, 01 Jul 2004 19:48:21 MDT": "2004-07-02T01:48:21",
    "Thu, 01 Jan 2004 19:48:21 PST": "2004-01-02T03:48:21",
    "Thu, 01 Jul 2004 19:48:21 PDT": "2004-07-02T02:48:21",
    "Fri, 17 May 2019 15:34:00 A": "2019-05-17T15:34:00",  # military: RFC 5322 section 4.3 says UTC
    "Mon, 17 May 2019 15:34:00 +0200": "2019-05-17T13:34:00",  # a Friday
    "Fri, 17 May 2019 15:34:00 +0200 (CEST)": "2019-05-17T13:34:00",
    "Fri, 17 May 2019 15:34:00": "2019-05-17T13:34:00",
    "Fri, 11 Okt 2019 10:00:00 +0200": "2019-10-11T08:00:00",
    "Sunday, 06-Nov-94 08:49:37 GMT": "1994-11-06T08:49:37",
    "Thu Jan  1 19:48:21 2004": "2004-01-01T18:48:21",
    "Thu Jan  1 19:48:21 GMT 2004": "2004-01-01T19:48:21",
    # ISO 8601
    "2026-06-29T10:00": "2026-06-29T08:00:00",
    "2026-06-29T10:00Z": "2026-06-29T10:00:00",
    "2026-06-29t10:00:00z": "2026-06-29T10:00:00",
    "2026-06-29T10:00+02": "2026-06-29T08:00:00",
    "2026-06-29T10:00:00+0200": "2026-06-29T08:00:00",
    "2026-06-29T10:00:00.5+02:00": "2026-06-29T08:00:00.500000",
    "2026-06-29T10:00:00,123456789Z": "2026-06-29T10:00:00.123456",
    "2026-06-29 10:00:00": "2026-06-29T08:00:00",
    "2026-06-29 10:00:00 -5": "2026-06-29T15:00:00",
    "2026-06-29T10:00+02:00[Europe/Berlin]": "2026-06-29T08:00:00",
    "20260629T1000Z": "2026-06-29T10:00:00",
    "20260629T100030+0200": "2026-06-29T08:00:30",
    "2026-06-29T24:00": "2026-06-29T22:00:00",
    "2026-06-29T10:00:60Z": "2026-06-29T10:01:00",
    # German and other
    "14. März 2026, 11:00 Uhr": "2026-03-14T10:00:00",
    "14. Ma\u0308rz 2026, 11:00\u00a0Uhr": "2026-03-14T10:00:00",
    "14.03.2026, 11 Uhr": "2026-03-14T10:00:00",
    "14.03.2026 - 11.30 Uhr": "2026-03-14T10:30:00",
    "14.03.2026 | 11:00": "2026-03-14T10:00:00",
    "14. 3. 2026 um 11 Uhr": "2026-03-14T10:00:00",
    "Samstag, den 14. März 2026, 11 Uhr 30": "2026-03-14T10:30:00",
    "1. Juli 2025, 8.05 Uhr MESZ": "2025-07-01T06:05:00",
    "3. Dez. 2025, 11.30 Uhr MEZ": "2025-12-03T10:30:00",
    "Mittwoch, 3. Dezember 2025, 24 Uhr": "2025-12-03T23:00:00",
    "2026-06-29 10:00 CEST": "2026-06-29T08:00:00",
    "2026-06-29 10:00 BST": "2026-06-29T09:00:00",
    "June 29, 2026 3:05 PM": "2026-06-29T13:05:00",
    "June 29th, 2026 at 12 am": "2026-06-28T22:00:00",
    "1719655200": "2024-06-29T10:00:00",
    "1719655200000": "2024-06-29T10:00:00",
    "1719655200.25": "2024-06-29T10:00:00",
    "20260629100030": "2026-06-29T08:00:30",
    "202606291000": "2026-06-29T08:00:00",
    "2026-W27-1T10:00Z": "2026-06-29T10:00:00",
    "2026-06-29 10:00 GMT+2": "2026-06-29T08:00:00",
    "2026-06-29 10:00 UTC+02:00": "2026-06-29T08:00:00",
    "Mon Jun 29 2026 10:00:00 GMT+0200 (Central European Summer Time)": "2026-06-29T08:00:00",
    "Mon Jun 29 10:00:00 +0200 2026": "2026-06-29T08:00:00",
    "２９. Juni ２０２６, １０：００ Uhr": "2026-06-29T08:00:00",
    # both clock changes
    "2026-10-25T02:30": "2026-10-25T00:30:00",  # twice: the earlier
    "2026-03-29T02:30": "2026-03-29T01:30:00",  # never: 3:30
}

DAYS = {
    "1. Juli 2025": date(2025, 7, 1),
    "Freitag, 11. Oktober 2019": date(2019, 10, 11),
    "Mi., 12. Mai 2026": date(2026, 5, 12),
    "11.10.19": date(2019, 10, 11),
    "2026/6/29": date(2026, 6, 29),
    "2026-06-29": date(2026, 6, 29),
    "20260629": date(2026, 6, 29),
    "5. Jänner 2024": date(2024, 1, 5),
    "5. Jän. 2024": date(2024, 1, 5),
    "5. Maerz 2024": date(2024, 3, 5),
    "June 29, 2026": date(2026, 6, 29),
    "29 June 2026": date(2026, 6, 29),
    "10 février 2020": date(2020, 2, 10),
    "10 de enero de 2020": date(2020, 1, 10),
    "1er janvier 2020": date(2020, 1, 1),
    "1º de março de 2020": date(2020, 3, 1),
    "06Jan2020": date(2020, 1, 6),
    "6 Jan '20": date(2020, 1, 6),
    "2020.01.06": date(2020, 1, 6),
    "2026-W27-1": date(2026, 6, 29),
    "2026W271": date(2026, 6, 29),
    "2026-180": date(2026, 6, 29),
    "٢٩ يونيو ٢٠٢٦": date(2026, 6, 29),
}

# What no program could write, and a person reads all the same; by `parse` only: it ends no embargo.
FOUND = {
    # a weekday or a language that nobody knows, before the day
    "Qui, 20 Set 2018 19:42:40 -0300": "2018-09-20T22:42:40",
    "út, 07 Jan 2020 09:05:00 +0100": "2020-01-07T08:05:00",
    "Ma, 06 Jan 2020 09:05:00 CET": "2020-01-06T08:05:00",
    "Kedd Jan  7 09:05:00 +0000 2020": "2020-01-07T09:05:00",
    "Published on Monday, January 6, 2020 at 9:05 AM": "2020-01-06T08:05:00",
    # zones: unknown, by name, twice
    "Mon, 06 Jan 2020 09:05:00 IST": "2020-01-06T08:05:00",
    "Mon, 06 Jul 2020 09:05:00 XYZ": "2020-07-06T07:05:00",
    "Mon, 06 Jan 2020 09:05:00 Europe/Lisbon": "2020-01-06T09:05:00",
    "Mon, 06 Jan 2020 09:05:00 America/Port_of_Spain": "2020-01-06T13:05:00",
    "Mon, 06 Jan 2020 09:05:00 US/Eastern": "2020-01-06T14:05:00",
    "Mon, 06 Jan 2020 09:05:00 Etc/GMT": "2020-01-06T09:05:00",
    "Mon, 06 Jan 2020 09:05:00 Europe/Nowhere": "2020-01-06T08:05:00",
    "Mon, 06 Jan 2020 09:05:00 +0000 +0000": "2020-01-06T09:05:00",
    "Mon, 06 Jan 2020 09:05:00 +0200 GMT": "2020-01-06T07:05:00",
    "Mon, 06 Jan 2020 09:05:00 +00:00:00": "2020-01-06T09:05:00",
    "Mon, 06 Jan 2020 09:05:00 &#43;0200": "2020-01-06T07:05:00",
    "2020-01-06T09:05:00+0200Z": "2020-01-06T07:05:00",
    "2020-01-06T09:05:00ZZ": "2020-01-06T09:05:00",
    "2026-06-29T10:00+19:00": "2026-06-29T08:00:00",
    # times
    "2006-01-17T12:35:9+01:00": "2006-01-17T11:35:09",
    "Mon, 06 Jan 2020 9:5:0 GMT": "2020-01-06T09:05:00",
    "2020-1-6T9:5": "2020-01-06T08:05:00",
    "09:05 Uhr, 06.01.2020": "2020-01-06T08:05:00",
    "6. Januar 2020 um 9 Uhr früh": "2020-01-06T08:00:00",
    "24/Set/2018:19:42:40 -0300": "2018-09-24T22:42:40",
    # languages
    "20 settembre 2018 alle ore 19:42": "2018-09-20T17:42:00",
    "20 de setembro de 2018 às 19h42": "2018-09-20T17:42:00",
    "20 września 2018, godz. 19:42": "2018-09-20T17:42:00",
    "20. září 2018 v 19:42": "2018-09-20T17:42:00",
    "20 sep. 2018 om 19.42 uur": "2018-09-20T17:42:00",
    "20 septembre 2018 à 19 h 42": "2018-09-20T17:42:00",
    "2018. szeptember 20. 19:42": "2018-09-20T17:42:00",
    "20 сентября 2018 г., 19:42": "2018-09-20T17:42:00",
    "2018年9月20日 19:42": "2018-09-20T17:42:00",
    "2018/9/24（月） 19:42": "2018-09-24T17:42:00",
    "2018년 9월 20일 19:42": "2018-09-20T17:42:00",
    # figures that can be one day only
    "29/06/2026 14:30": "2026-06-29T12:30:00",
    "6/29/2026 2:30:15 PM": "2026-06-29T12:30:15",
    "Thu, 08/09/2018 - 15:10": "2018-08-09T13:10:00",
    "dom, 05/01/2020 - 10:00": "2020-01-05T09:00:00",
    "Mié 05/08/2020 10:00": "2020-08-05T08:00:00",
    # markup
    '<time datetime="2020-01-06T09:05:00+02:00">vorgestern</time>': "2020-01-06T07:05:00",
    "<span>06.01.2020</span> <span>09:05</span>": "2020-01-06T08:05:00",
}
FOUND_DAYS = {
    "2020-01-06T": date(2020, 1, 6),
    "2026-06-29T25:00": date(2026, 6, 29),
    "2026-06-29T10:61": date(2026, 6, 29),
    "2026-06-29T24:01": date(2026, 6, 29),
    "14. März 2026, 11 bis 12 Uhr": date(2026, 3, 14),
    "14. März 2026 und 15. März 2026": date(2026, 3, 14),
    "Stand: 6. Januar 2020": date(2020, 1, 6),
    "8/21/2018": date(2018, 8, 21),
    "21-08-2018": date(2018, 8, 21),
    "8/21/18": date(2018, 8, 21),
    "5/5/2018": date(2018, 5, 5),
    '<time datetime="2020-01-06">Montag</time>': date(2020, 1, 6),
}
MONTHS = {  # as the ends of a line and of a sentence have them, long and short
    "Italian": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Dutch": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "Polish": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "Polish, of": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "Portuguese": "jan fev mar abr mai jun jul ago set out nov dez",
    "Spanish": "ene feb mar abr may jun jul ago sep oct nov dic",
    "French": "janv févr mars avr mai juin juil août sept oct nov déc",
    "Czech": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "Czech, of": "ledna února března dubna května června července srpna září října listopadu prosince",
    "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
    "Russian": "янв фев мар апр мая июн июл авг сен окт ноя дек",
}

UNREADABLE = [
    "", " ", "now", "gestern", "heute, 11 Uhr", "heute, KW 2", "11 Uhr", "2026", "2026-06", "14. März", "2026-W12",
    "32.01.2026", "30.02.2026", "0.1.2026", "2026-13-01", "2026-W54-1", "2026-366", "1. Xember 2025", "June 31, 2026",
    "05/06/2018", "14/12/13", "4 weeks ago", "Wed, 30 Nov -0001 00:00:00 +0000", "0000-00-00 00:00:00",
    "Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T01:00:00+01:00", "1969-12-31T19:00:00-05:00", "1969-12-31T10:00Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2101-01-02", "9999999999", "12345678901",
    "1" * 100_000, "1. Juli 2025 " * 20_000, "<time datetime='bald'>bald</time>",
]  # fmt: skip


@pytest.mark.parametrize(("stated", "expected"), TIMES.items())
def test_a_time(stated: str, expected: str) -> None:
    assert dates.read(stated, BERLIN) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), True)


@pytest.mark.parametrize(("stated", "expected"), DAYS.items())
def test_a_day_alone_is_its_midnight_in_the_sources_zone(stated: str, expected: date) -> None:
    midnight = datetime(expected.year, expected.month, expected.day, tzinfo=BERLIN)
    assert dates.read(stated, BERLIN) == (midnight.astimezone(UTC), False)


def test_a_day_with_a_zone_is_its_midnight_there() -> None:
    assert dates.read("2026-06-29Z", BERLIN) == (datetime(2026, 6, 29, tzinfo=UTC), False)
    assert dates.read("2026-06-29-05:00", BERLIN) == (datetime(2026, 6, 29, 5, tzinfo=UTC), False)


@pytest.mark.parametrize(("stated", "expected"), FOUND.items())
def test_a_time_that_a_person_finds(stated: str, expected: str) -> None:
    assert dates.parse(stated, BERLIN) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(("stated", "expected"), FOUND_DAYS.items())
def test_the_day_alone_where_no_time_can_be_read(stated: str, expected: date) -> None:
    midnight = datetime(expected.year, expected.month, expected.day, tzinfo=BERLIN)
    assert dates.parse(stated, BERLIN) == midnight.astimezone(UTC)


@pytest.mark.parametrize("stated", [*FOUND, *FOUND_DAYS, *UNREADABLE])
def test_what_cannot_be_read_whole_ends_no_embargo(stated: str) -> None:
    assert dates.read(stated, BERLIN) is None


@pytest.mark.parametrize("names", MONTHS.values(), ids=MONTHS)
def test_months(names: str) -> None:
    stated = [f"Do, 9 {name} 2020 10:00:00 +0000" for name in names.split()]
    expected = [datetime(2020, number, 9, 10, tzinfo=UTC) for number in range(1, 13)]
    assert [dates.parse(said, BERLIN) for said in stated] == expected


@pytest.mark.parametrize("stated", UNREADABLE)
def test_what_is_no_date(stated: str) -> None:
    assert dates.parse(stated, BERLIN) is None


def test_the_first_of_several_that_can_be_read() -> None:
    assert dates.first((None, "heute", "Thu, 01 Jan 1970 00:00:00 +0000", "2020-01-06")) == "2020-01-06"
    assert dates.first(("heute", "morgen")) == "heute"  # so that it can be told which one nobody could read
    assert dates.first((None, "")) is None


def test_a_datetime_is_taken_as_it_is() -> None:
    assert dates.parse(datetime(2026, 6, 29, 10), BERLIN) == datetime(2026, 6, 29, 8, tzinfo=UTC)  # noqa: DTZ001  # naive on purpose
    assert dates.parse(datetime(2026, 6, 29, 10, tzinfo=timezone(timedelta(hours=-3))), BERLIN) == datetime(
        2026, 6, 29, 13, tzinfo=UTC
    )
    assert dates.parse(None, BERLIN) is None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-06-29T10:00:00+02:00", "2026-06-29T08:00:00"),
        ("Qui, 20 Set 2018 19:42:40 -0300", "2018-09-20T22:42:40"),
        ("Mon, 06 Jan 2020 09:05:00 XYZ", None),
        ("2026-06-29T10:00:00", None),
        ("2026-06-29", None),
        ("bald", None),
        (None, None),
    ],
)
def test_an_instant_that_is_the_same_for_everybody(stated: str | None, expected: str | None) -> None:
    assert dates.instant(stated) == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


def test_a_time_of_day_alone() -> None:
    assert dates.clock("um 19.30 Uhr") == (timedelta(hours=19, minutes=30), None)
    assert dates.clock("10:15 Uhr MESZ") == (timedelta(hours=10, minutes=15), timezone(timedelta(hours=2)))
    assert dates.clock("11") is None
    assert dates.clock("ca. 11 Uhr") is None


INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001  # given its zone here
    lambda moment: moment.replace(microsecond=0)
)
GERMAN = [
    None,
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


@given(INSTANTS, st.sampled_from([0, 120, -300, 345]))
def test_what_is_written_is_read_again(moment: datetime, minutes: int) -> None:
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    forms = [
        local.isoformat(),
        local.strftime("%Y-%m-%d %H:%M:%S%z"),
        local.strftime("%Y%m%dT%H%M%S%z"),
        local.strftime("%d %b %Y %H:%M:%S %z"),
        f"{local.day}. {GERMAN[local.month]} {local.year}, {local.hour}:{local:%M:%S} Uhr {local:%z}",
        local.strftime("%d.%m.%Y %H:%M:%S %z"),
    ]
    assert {dates.parse(form, BERLIN) for form in forms} == {moment}


@given(st.text(max_size=140))
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = dates.parse(text, BERLIN)
    assert moment is None or (moment.tzinfo is UTC and 1970 <= moment.year <= 2100)
