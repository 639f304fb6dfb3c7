"""May a source be asked now, and why not: each reason, for each who asks."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from syndicate.model import FetchState, Source
from syndicate.polling import Call, Turn, Why, follows_pages, page_turn, turn
from worlds import NOW

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
SOON = NOW + HOUR
URL = "https://amt.example/rss"
SOURCE = Source(id="s", url=URL)
ASKED = FetchState(source="s", configured=URL, last_attempt=NOW - HOUR, last_success=NOW - HOUR, next_poll=NOW)

CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str, datetime | None]] = [
    # what holds, of the source, of its state, of the moment; why it is not asked by due, each, named; its next poll
    ("never asked", {}, {"last_attempt": None, "next_poll": None}, {}, "– – –", None),
    ("due", {}, {}, {}, "– – –", NOW),
    ("early", {}, {"next_poll": NOW + HOUR}, {}, "early – –", NOW + HOUR),
    ("not enabled", {"enabled": False}, {}, {}, "disabled disabled –", None),
    ("paused", {}, {"paused": True}, {}, "paused paused –", None),
    ("paused and early", {}, {"paused": True, "next_poll": NOW + HOUR}, {}, "paused paused –", None),
    ("gone", {}, {"gone": True}, {}, "gone gone –", None),
    ("sent away", {}, {"not_before": NOW + HOUR}, {}, "not_before not_before not_before", NOW + HOUR),
    ("sent away until now", {}, {"not_before": NOW}, {}, "– – –", NOW),
    ("sent away for a week", {}, {"not_before": NOW + WEEK}, {}, "not_before not_before not_before", NOW + WEEK),
    ("sent away for longer", {}, {"not_before": NOW + WEEK + HOUR}, {}, "– – –", NOW),
    ("its host rests", {}, {}, {"host_rests": NOW + HOUR}, "host_rests host_rests host_rests", NOW + HOUR),
    ("its host rested", {}, {}, {"host_rests": NOW - HOUR}, "– – –", NOW),
    ("its host rests for years", {}, {}, {"host_rests": NOW + 99 * WEEK}, "– – –", NOW),
    ("is being asked", {}, {}, {"being_asked": True}, "being_asked being_asked being_asked", NOW),
    ("paused, host rests", {}, {"paused": True}, {"host_rests": NOW + HOUR}, "paused paused host_rests", None),
    ("gone, sent away", {}, {"gone": True, "not_before": NOW + HOUR}, {}, "gone gone not_before", None),
    (
        "the clock was ahead",
        {},
        {"last_attempt": NOW + 9 * WEEK, "next_poll": NOW + 9 * WEEK},
        {},
        "– – –",
        None,
    ),
    (
        "the clock was a little ahead",
        {},
        {"last_attempt": NOW + HOUR, "next_poll": NOW + HOUR},
        {},
        "early – –",
        NOW + HOUR,
    ),
    (
        "another url: gone, sent away and early count no more",
        {},
        {"configured": "https://alt.example/", "gone": True, "not_before": NOW + HOUR, "next_poll": NOW + HOUR},
        {},
        "– – –",
        None,
    ),
    ("another url, paused", {}, {"configured": "https://alt.example/", "paused": True}, {}, "paused paused –", None),
    (
        "a folder",
        {"url": None, "path": "/r"},
        {"configured": None, "next_poll": NOW + HOUR},
        {},
        "early – –",
        NOW + HOUR,
    ),
]


@pytest.mark.parametrize(
    ("source", "state", "moment", "why", "later"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_whose_turn_it_is(
    source: dict[str, Any], state: dict[str, Any], moment: dict[str, Any], why: str, later: datetime | None
) -> None:
    asked = (replace(SOURCE, **source), replace(ASKED, **state))
    turns = [turn(*asked, now=NOW, call=call, **moment) for call in (Call.DUE, Call.EACH, Call.NAMED)]
    assert " ".join(t.why.name.lower() if t.why else "–" for t in turns) == why
    assert [t.next for t in turns] == [later] * 3


def test_what_a_server_asked_for_is_told_whatever_else_holds() -> None:
    state = replace(ASKED, paused=True, not_before=NOW + HOUR)
    assert turn(SOURCE, state, now=NOW, host_rests=NOW + 2 * HOUR) == Turn(Why.PAUSED, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("source", "state", "moment", "why"),
    [
        ({}, {}, {}, "– – –"),
        ({"enabled": False}, {}, {}, "disabled disabled –"),
        ({}, {"paused": True}, {}, "paused paused –"),
        ({}, {"gone": True, "not_before": NOW + HOUR, "next_poll": NOW + HOUR}, {}, "– – –"),
        ({}, {}, {"host_rests": NOW + HOUR}, "host_rests host_rests host_rests"),
        ({}, {}, {"host_rests": NOW + 2 * WEEK}, "– – –"),
        ({}, {}, {"being_asked": True}, "being_asked being_asked being_asked"),
    ],
)
def test_whose_pages_may_be_asked(
    source: dict[str, Any], state: dict[str, Any], moment: dict[str, Any], why: str
) -> None:
    asked = (replace(SOURCE, **source), replace(ASKED, **state))
    turns = [page_turn(*asked, now=NOW, call=call, **moment) for call in (Call.DUE, Call.EACH, Call.NAMED)]
    assert " ".join(t.why.name.lower() if t.why else "–" for t in turns) == why


@pytest.mark.parametrize(
    ("fields", "follows"),
    [({"fulltext": True}, True), ({}, True), ({"fulltext": False}, False), ({"url": None, "path": "/r"}, False)],
)
def test_which_sources_have_pages(fields: dict[str, Any], follows: bool) -> None:
    assert follows_pages(replace(SOURCE, **fields)) == follows
