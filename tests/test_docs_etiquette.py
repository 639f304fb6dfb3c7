"""docs/etiquette.md promises numbers and names to other people: they are those of the code."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from httpcore._sync.http11 import HTTP11Connection

from syndicate.alarms import MOMENTS
from syndicate.client import ACCEPT_ENCODING, MAX_REDIRECTS, PERMANENT
from syndicate.config import LISTS, TABLES
from syndicate.polling import LONGEST_BACKOFF, interval, location

PAGE = re.sub(r"\s+", " ", (Path(__file__).parents[1] / "docs" / "etiquette.md").read_text(encoding="utf-8"))
FETCH = TABLES["fetch"]
LARGEST_HEAD = HTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE  # bytes; tests/test_client_hops.py floods it


def hours(time: timedelta) -> int:
    return round(time / timedelta(hours=1))


@pytest.mark.parametrize(
    "sentence",
    [
        f"no more than {FETCH['per_host'].default} at once to one host",
        f"no more than {FETCH['per_host'].default} feeds of one server in a second",
        {"1h": "that is an hour"}[str(FETCH["interval"].default)],
        f"never less than {interval.LEAST // timedelta(minutes=1)} minutes",
        f"at most {interval.STRETCH} intervals",
        f"up to {hours(interval.LONGEST_PAUSE)} hours",
        f"once {location.MOVES} good polls were led there",
        f"fails {location.FAILURES} times in a row",
        f"never more than {MAX_REDIRECTS} redirects",
        f"lengthened by up to {interval.SPREAD:.0%}".replace("%", " %"),
        f"the first by up to {interval.FIRST_SPREAD:.0%}".replace("%", " %"),
        f"At most {str(FETCH['max_bytes'].default).replace('MB', ' MB')} of an answer",
        f"within {str(FETCH['timeout'].default).removesuffix('s')} seconds",
        f"at most {LARGEST_HEAD // 1024} kB of header",
        str(FETCH["user_agent"].default)
        .replace("{version}", "1.0")
        .replace("{base_url}", "https://presse.example.org/"),
        *(f"`{coding}`" for coding in ACCEPT_ENCODING.split(", ")),
    ],
)
def test_what_it_says_is_so(sentence: str) -> None:
    assert sentence in PAGE


def test_words_for_numbers() -> None:
    assert (interval.QUIET, "a twentieth of the quiet time" in PAGE) == (20, True)
    assert (interval.DAY, "holds for up to a day" in PAGE) == (timedelta(days=1), True)
    assert (interval.WIDEST_SPREAD, "never by more than an hour" in PAGE) == (timedelta(hours=1), True)
    assert (interval.UNFINISHED, "asked again after a minute" in PAGE) == (timedelta(minutes=1), True)
    assert (LONGEST_BACKOFF, "for up to a week" in PAGE) == (timedelta(weeks=1), True)
    assert (MOMENTS, "its last dozen changes" in PAGE) == (12, True)
    assert (FETCH["page_delay"].default, "with a second between them" in PAGE) == ("1s", True)
    assert sorted(PERMANENT) == [301, 308]


def test_the_keys_that_it_names_are_there() -> None:
    named = {
        word for word in re.findall(r"`(\w+)(?: = \w+)?`", PAGE) if word in {"adaptive", "allow_private", "headers"}
    }
    assert named == {"adaptive", "allow_private", "headers"}
    assert named <= LISTS["source"].keys()
