"""What is made of what feed readers show, and a real one that is told all that can happen to a release."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from benchmarks.readers.__main__ import backfilled, correction, lifted, played, renamed, withdrawal
from benchmarks.readers.programs import Entry, Newsboat
from benchmarks.readers.story import HELD, LATER, NEW_WORD, NOTICE, OLD_WORD, PAST, WITHDRAWN

Told = Callable[[Sequence[Entry]], str]


def _entry(word: str, *, unread: bool = False) -> Entry:
    return Entry("Titel", f"Das {word}.", unread)


@pytest.mark.parametrize(
    ("told", "entries", "said"),
    [
        (correction, [_entry(OLD_WORD)], "old words stay"),
        (correction, [_entry(NEW_WORD)], "new words, as read"),
        (correction, [_entry(NEW_WORD, unread=True)], "new words, unread"),
        (correction, [_entry(OLD_WORD), _entry(NEW_WORD, unread=True)], "new words beside the old, unread"),
        (withdrawal, [], "gone"),
        (withdrawal, [_entry(WITHDRAWN)], "old words stay"),
        (withdrawal, [Entry(NOTICE, "", False)], "notice, as read"),
        (withdrawal, [_entry(WITHDRAWN), Entry(NOTICE, "", True)], "notice beside the old words, unread"),
        (lifted, [], "missing"),
        (lifted, [_entry(HELD, unread=True)], "there, unread"),
        (lifted, [_entry(HELD), _entry(HELD)], "there 2 times, as read"),
        (renamed, [_entry(HELD)], "the feed has ended"),
        (renamed, [_entry(LATER), _entry(HELD)], "goes on"),
        (renamed, [_entry(LATER), _entry(HELD), _entry(HELD)], "entries doubled"),
        (backfilled, [_entry(LATER)], "nothing"),
        (backfilled, [_entry(PAST), _entry(PAST)], "2 old ones as new"),
    ],
)
def test_what_is_shown(told: Told, entries: list[Entry], said: str) -> None:
    assert told(entries) == said


@pytest.mark.large
def test_newsboat(tmp_path: Path) -> None:
    if missing := Newsboat.missing():
        pytest.skip(f"this machine has no {missing}")
    assert played(tmp_path, [Newsboat]) == {
        ("newsboat", "atom"): ["new words, as read", "old words stay", "there, unread", "goes on", "nothing"],
        ("newsboat", "rss"): ["new words, as read", "notice, as read", "there, unread", "goes on", "nothing"],
    }
