"""How often a feed wants to be asked, as its channel says."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Rhythm
from syndicate.parse import rhythm

SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
ITEM = "<item><title>T</title><ttl>1</ttl></item>"


def rss(inner: str) -> Rhythm:
    return rhythm(
        f'<?xml version="1.0"?><rss version="2.0" {SY}><channel><title>T</title>{inner}{ITEM}</channel></rss>'
    )


@pytest.mark.parametrize(
    ("inner", "minutes"),
    [
        ("<ttl>60</ttl>", 60),
        ("<ttl> 90 </ttl>", 90),
        ("<ttl><![CDATA[15]]></ttl>", 15),
        ("<ttl>bald</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl/>", None),
        ("", None),
        ("<!-- <ttl>60</ttl> -->", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<sy:updatePeriod>\n hourly \n</sy:updatePeriod><sy:updateFrequency> 2 </sy:updateFrequency>", 30),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 6 * 60),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 12 * 60),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>manchmal</sy:updatePeriod>", None),
        ("<x:updatePeriod>daily</x:updatePeriod>", 24 * 60),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<ttl>9999999</ttl>", 3650 * 24 * 60),
    ],
)
def test_every(inner: str, minutes: int | None) -> None:
    assert rss(inner).every == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("inner", "hours"),
    [
        ("<skipHours><hour>0</hour><hour>7</hour><hour> 23 </hour></skipHours>", {0, 7, 23}),
        ("<skipHours><hour>24</hour><hour>25</hour><hour>x</hour><hour>7</hour></skipHours>", {0, 7}),
        ("<skipHours/>", set()),
        ("<hour>5</hour>", set()),
    ],
)
def test_hours(inner: str, hours: set[int]) -> None:
    assert rss(inner).skip_hours == hours


def test_days() -> None:
    assert rss("<skipDays><day>Monday</day><day>sunday</day><day>Montag</day></skipDays>").skip_days == {0, 6}


def test_what_an_entry_says_does_not_count_but_what_stands_behind_them_does() -> None:
    assert rss("") == Rhythm()
    assert rhythm(f"<rss><channel>{ITEM}{ITEM}<ttl>20</ttl></channel></rss>").every == timedelta(minutes=20)


def test_a_broken_feed_still_says_it() -> None:
    assert rhythm("Fehler<rss version=2.0><channel><ttl>20</ttl><title>A & B<item><tit").every == timedelta(minutes=20)


@pytest.mark.parametrize("text", ["", "kein XML", "<html><ttl>5</ttl></html>", '{"version": "x", "ttl": 5}', "<rss"])
def test_what_says_nothing(text: str) -> None:
    assert rhythm(text) == Rhythm()


@pytest.mark.parametrize("piece", ["<item>", "<ttl>", "<skipHours>", "<!--", "</item>", "<hour>"])
def test_a_megabyte_of_one_thing_takes_no_time(piece: str) -> None:
    assert rhythm(f"<rss><channel>{piece * (1_000_000 // len(piece))}") == Rhythm()


@given(st.lists(st.sampled_from(["<rss>", "<ttl>", "5", "</ttl>", "<skipHours>", "<hour>", "99", "</", ">", "<item>"])))
def test_it_never_raises(pieces: list[str]) -> None:
    rhythm("<rss>" + "".join(pieces))
