"""What rules of a source (`keep`, `drop`) would have done to what is held, and to what was dropped. Pure.

Judged by the words that are held: at first sight a release may have had fewer of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from syndicate import rules
from syndicate.model import NO_KEEP, Dropped, Release, Source
from syndicate.rules import Search

_KNOWN = ("title", "url")  # of what was dropped
_EVER = datetime.min.replace(tzinfo=UTC)


def ruled_otherwise(before: Source | None, after: Source) -> bool:
    """Has it other rules?"""
    return (before.keep, before.drop) != (after.keep, after.drop) if before else rules.of(after)


def why_out(said: Release, source: Source, search: Search) -> str:
    """By which rule it would not come in; empty: it would."""
    if said.withdrawn or not rules.of(source):
        return ""
    ruled = rules.judged(said, source, search)
    if ruled.drop is not None:
        return f'drop "{ruled.drop}"'
    return "" if ruled.kept else "keep: none of its rules matches"


def let_in(dropped: Dropped, source: Source, search: Search) -> str | None:
    """Why what was dropped would come in, if it is still there; None: it would not. Its title and address are known."""
    entry = Release(title=dropped.title, url=dropped.url, language="", published=_EVER, updated=_EVER, first_seen=_EVER)
    known = replace(source, keep=(), drop=_about(source.drop, known=True))
    if rules.judged(entry, known, search).out or dropped.rule in source.drop:
        return None
    doubtful = bool(_about(source.drop, known=False))
    if source.keep:
        sure = _about(source.keep, known=True)
        kept = bool(sure) and not rules.judged(entry, replace(source, keep=sure, drop=()), search).out
        if not kept and not _about(source.keep, known=False):
            return None
        doubtful |= not kept
    by = "none of keep matched" if dropped.rule == NO_KEEP else f'drop "{dropped.rule}"'
    return f"it was dropped ({by})" + (", and may come in: its title and address alone are known" if doubtful else "")


def _about(texts: Sequence[str], *, known: bool) -> tuple[str, ...]:
    """The rules that look at nothing but what is known of it, or the others."""
    return tuple(text for text in texts if (rules.rule(text).field in _KNOWN) is known)
