"""What a change does to what embargoed newsrooms have in advance: a row for each, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders import make_release
from syndicate.model import Change, Changes, Edition, Embargo, Release
from syndicate.placement import Advance, Advances, Held, Standing, advancing, concerned

THEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW = THEN + timedelta(hours=1)
AT_TEN, OPEN = Embargo(until=datetime(2026, 6, 2, 10, tzinfo=UTC)), Embargo(event="Redebeginn")


def release(**fields: Any) -> Release:
    return make_release("rede00000001", **{"atom_id": "urn:rede", "topics": ("forst",), "issued": None, **fields})


HELD = release(embargo=AT_TEN)
PUBLIC = release(issued=THEN)
ROW = Advance(atom_id="urn:rede", release="rede00000001", since=THEN, updated=THEN, embargo=AT_TEN)
WAITS = replace(ROW, source="amt")
SAID = Edition(source="amt", said=PUBLIC)


def done(change: Change, *rows: Advance, before: Release | None = None) -> Advances:
    known = {row.release: row for row in rows}
    held = {change.release.id: Held(before, advance=bool(known))} if before else {}
    standing, changes = Standing(held=held), Changes(changes=(change,))
    if not concerned(changes, standing):
        return Advances()
    return advancing(changes, standing, rows, now=NOW)


def change(verdict: Any, release: Release, **more: Any) -> Change:
    return Change(verdict=verdict, release=release, **more)


CASES: list[tuple[str, Change, list[Advance], Release | None, list[Advance]]] = [
    ("a public one is nobody's advance", change("new", PUBLIC), [], None, []),
    ("a correction of one that never was", change("corrected", PUBLIC, edition=SAID), [], PUBLIC, []),
    ("it comes", change("new", HELD), [], None, [replace(ROW, since=NOW, updated=NOW)]),
    (
        "it is corrected",
        change("corrected", HELD, fields=("title",)),
        [ROW],
        HELD,
        [replace(ROW, updated=NOW)],
    ),
    ("it is said to be the same", change("merged", HELD), [ROW], HELD, [ROW]),
    (
        "it is postponed",
        change("merged", replace(HELD, embargo=OPEN)),
        [ROW],
        HELD,
        [replace(ROW, updated=NOW, embargo=OPEN, earlier=AT_TEN)],
    ),
    (
        "it is postponed once more, and from when is kept through a correction",
        change("corrected", replace(HELD, embargo=OPEN), fields=("title",)),
        [replace(ROW, embargo=OPEN, earlier=AT_TEN)],
        HELD,
        [replace(ROW, updated=NOW, embargo=OPEN, earlier=AT_TEN)],
    ),
    (
        "it is withdrawn before its end",
        change("withdrawn", replace(HELD, withdrawn=NOW)),
        [ROW],
        HELD,
        [replace(ROW, updated=NOW)],
    ),
    (
        "and restored",
        change("restored", HELD),
        [ROW],
        replace(HELD, withdrawn=THEN),
        [replace(ROW, updated=NOW)],
    ),
    (
        "it ends",
        change("lifted", replace(HELD, lifted=NOW, issued=NOW)),
        [ROW],
        HELD,
        [replace(ROW, updated=NOW, ended=NOW)],
    ),
    (
        "what was over is let alone",
        change("corrected", replace(HELD, lifted=THEN, issued=THEN), fields=("title",)),
        [replace(ROW, ended=THEN)],
        replace(HELD, lifted=THEN, issued=THEN),
        [],
    ),
    (
        "its source says it in public, under other ids",
        change("lifted", replace(PUBLIC, id="oeffentlich1", atom_id="urn:neu"), was="rede00000001"),
        [ROW],
        None,
        [replace(ROW, release="oeffentlich1", updated=NOW, ended=NOW)],
    ),
    (
        "it is joined to what readers have",
        change("unchanged", replace(PUBLIC, id="oeffentlich1", atom_id="urn:neu"), absorbs=("rede00000001",)),
        [ROW],
        None,
        [replace(ROW, release="oeffentlich1", updated=NOW, ended=NOW)],
    ),
    (
        "what is public takes its id: it goes on under another one",
        change(
            "new",
            replace(PUBLIC, id="oeffentlich1"),
            yields=(("rede00000001", replace(HELD, id="anders000001", atom_id="urn:anders")),),
        ),
        [ROW],
        None,
        [
            replace(ROW, release="oeffentlich1", updated=NOW, ended=NOW),
            replace(ROW, release="anders000001", atom_id="urn:anders", updated=NOW),
        ],
    ),
    (
        "a version of a public one waits",
        change("held", PUBLIC, pending=replace(HELD, source="amt")),
        [],
        PUBLIC,
        [replace(WAITS, since=NOW, updated=NOW)],
    ),
    (
        "it ends",
        change("lifted", replace(PUBLIC, lifted=NOW), edition=SAID),
        [WAITS],
        PUBLIC,
        [replace(WAITS, updated=NOW, ended=NOW)],
    ),
    (
        "it is taken back",
        change("held", PUBLIC, edition=SAID),
        [WAITS],
        PUBLIC,
        [replace(WAITS, updated=NOW, ended=NOW)],
    ),
    (
        "another source corrects what is public",
        change("corrected", PUBLIC, fields=("title",), edition=replace(SAID, source="land")),
        [WAITS],
        PUBLIC,
        [],
    ),
    (
        "what it waits behind is withdrawn",
        change("withdrawn", replace(PUBLIC, withdrawn=NOW)),
        [WAITS],
        PUBLIC,
        [replace(WAITS, updated=NOW, ended=NOW)],
    ),
]


@pytest.mark.parametrize(("what", "change", "rows", "before", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_change_and_what_is_had_in_advance(
    what: str, change: Change, rows: list[Advance], before: Release | None, expected: list[Advance]
) -> None:
    found = done(change, *rows, before=before)
    assert sorted(found.rows, key=lambda row: row.atom_id != "urn:rede") == expected
    moved = any(row.updated == NOW for row in expected)
    assert ("all" in found.feeds) is (moved or bool(expected))
    assert set(found.feeds) <= {"all", "forst"}


def test_what_changes_twice_at_once_moves_on_twice() -> None:
    """As in one poll: no two states of an entry have the same `updated`."""
    twice = tuple(change("corrected", HELD, fields=("title",)) for _ in range(2))
    standing = Standing(held={HELD.id: Held(HELD, advance=True)})
    (row,) = advancing(Changes(changes=twice), standing, [ROW], now=NOW).rows
    assert row.updated == NOW + timedelta(seconds=1)
