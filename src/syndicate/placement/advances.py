"""What changes do to what embargoed newsrooms have in advance. Pure.

Nothing of it is public: positions and pages know nothing of it. It is remembered whether there is such a newsroom or
not, since nothing else tells afterwards what was shown under which id, and until when it was said to be held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.model import Change, Changes, Embargo, Release
from syndicate.placement.values import ALL, Advance, Advances, Standing


def concerned(changes: Changes, standing: Standing) -> frozenset[str]:
    """The ids of releases, as they were and as they are, that are in advance, or may have been. Mostly none."""
    return frozenset(i for change in changes.changes if _is_concerned(change, standing) for i in _ids(change))


def advancing(changes: Changes, standing: Standing, known: Iterable[Advance], *, now: datetime) -> Advances:
    """What there is in advance from now on. `known`: what there was of those that are `concerned`."""
    advancing = _Advancing(standing, known, now)
    for change in changes.changes:
        if _is_concerned(change, standing):
            advancing.take(change)
    return Advances(rows=tuple(advancing.changed.values()), feeds=advancing.feeds)


def _is_concerned(change: Change, standing: Standing) -> bool:
    if change.renamed:
        return True
    before = standing.held.get(change.release.id)
    says = change.tells or change.verdict == "held"
    return says and bool(change.pending or change.release.never_shown or (before and before.advance))


def _ids(change: Change) -> Iterable[str]:
    return (change.release.id, *(i for pair in change.renamed for i in pair))


class _Advancing:
    """As it is while the changes are taken one by one."""

    def __init__(self, standing: Standing, known: Iterable[Advance], now: datetime) -> None:
        self._standing = standing
        self._rows = {row.atom_id: row for row in known}
        self._now = now
        self.changed: dict[str, Advance] = {}
        self.feeds: dict[str, datetime] = {}

    def take(self, change: Change) -> None:
        now, release = dict(change.renamed), change.release
        for row in [*self._rows.values()]:
            if row.release in now:
                self._put(replace(row, release=now[row.release]))
        for _, yielding in change.yields:
            self._yield(yielding, release)
        held = [row for row in self._rows.values() if row.release == release.id and row.ended is None]
        if release.state == "embargoed" and change.tells:
            self._hold(change, release.embargo, held)
        elif change.pending:
            self._hold(change, change.pending.embargo, held)
        elif release.withdrawn and release.never_shown:
            for row in held:
                self._move(row, release)
        else:
            for row in held:
                if row.source is None or release.withdrawn or row.source == change.waits_no_more:
                    self._move(replace(row, ended=self._now), release)

    def _yield(self, held: Release, release: Release) -> None:
        """Its id is that of what readers have from now on: it goes on under another one."""
        row = self._rows.get(release.atom_id)
        if row and row.release == held.id:
            self._move(replace(row, atom_id=held.atom_id), held)
            self._move(replace(row, release=release.id, ended=self._now), release)

    def _hold(self, change: Change, embargo: Embargo | None, rows: Sequence[Advance]) -> None:
        release, row = change.release, next(iter(rows), None)
        source = (change.pending.source or "") if change.pending else None
        if row is None:
            new = Advance(
                atom_id=release.atom_id,
                release=release.id,
                since=self._now,
                updated=self._now,
                embargo=embargo,
                source=source,
            )
            self._move(new, release)
            return
        before, moved = row, row.embargo is not None and row.embargo != embargo
        row = replace(row, embargo=embargo, earlier=row.embargo if moved else row.earlier, source=source)
        if moved or before.embargo is None or change.fields or change.pending or change.verdict == "restored":
            self._move(row, release)
        else:  # other topics, say
            self._put(row)
            self._touch(release)

    def _move(self, row: Advance, release: Release) -> None:
        """It is another to whoever has it."""
        before = self._rows.get(row.atom_id)
        self._put(replace(row, updated=max(self._now, before.updated + timedelta(seconds=1)) if before else self._now))
        self._touch(release)

    def _put(self, row: Advance) -> None:
        self._rows[row.atom_id] = self.changed[row.atom_id] = row

    def _touch(self, release: Release) -> None:
        held = self._standing.held.get(release.id)
        for topic in (*release.topics, *(held.release.topics if held else ()), ALL):
            self.feeds[topic] = self._now
