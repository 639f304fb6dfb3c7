"""What asking the sources came to: a row each, and below it what a person should look at."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from syndicate.cli.terminal import console, count, local, print_json, rfc3339, table
from syndicate.model import Document, Source
from syndicate.polling import Call
from syndicate.service import Outcome, Service, clock
from syndicate.store import Quarantined

_COLUMNS = ("new", "corrected", "unchanged")


@dataclass(frozen=True)
class Row:
    """A source's outcome, and what of it is refused: now or at an earlier look."""

    outcome: Outcome
    refused: tuple[Quarantined, ...]
    noted: tuple[Quarantined, ...]  # harmless: only a part was not understood

    @property
    def counts(self) -> Counter[str]:
        """Verdict → releases; files that were not even read again are unchanged."""
        changes = self.outcome.changes
        if changes is None:
            return Counter()
        counts = Counter[str](change.verdict for change in changes.changes)
        counts["unchanged"] += max(changes.untouched - len(self.refused), 0)
        return counts

    @property
    def held(self) -> int:
        changes = self.outcome.changes.changes if self.outcome.changes else ()
        return sum(c.verdict != "unchanged" and (bool(c.pending) or c.release.state == "embargoed") for c in changes)

    @property
    def fine(self) -> bool:
        return self.outcome.error is None and not self.refused


def rows_of(outcomes: Iterable[Outcome], service: Service) -> list[Row]:
    rows = []
    for outcome in outcomes:
        found = service.store.sources.quarantined(outcome.source.id)
        refused, noted = (tuple(q for q in found if q.harmless is harmless) for harmless in (False, True))
        rows.append(Row(outcome, refused, noted))
    return rows


@contextmanager
def progress(total: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar on standard error while sources are asked, on a terminal only."""
    with _bar("Asking sources", total) as (bar, task):
        yield lambda outcome: bar.update(task, advance=1, description=outcome.source.id)


def follow(sources: Sequence[Source], service: Service, call: Call) -> tuple[Document, ...]:
    """Complete these sources' releases from their pages, after their teasers are out; the documents that changed."""
    total = service.store.page_queue.count_due((source.id for source in sources), clock())
    if not total:
        return ()
    with _bar("Reading pages", total) as (bar, task):
        service.complete_all(sources, lambda: bar.advance(task), call=call)
    return service.publish()


@contextmanager
def _bar(what: str, total: int) -> Iterator[tuple[Progress, TaskID]]:
    screen = console(err=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        yield bar, bar.add_task("", total=total)


def show(rows: Sequence[Row], zone: ZoneInfo) -> None:
    screen = console()
    if not rows:
        screen.print("There is no source to ask.")
        return
    listing = table(
        "Source",
        "New",
        "Corrected",
        "Unchanged",
        "Refused",
        "Result",
        numbers=("New", "Corrected", "Unchanged", "Refused"),
    )
    for row in rows:
        numbers = [str(row.counts[name]) for name in _COLUMNS]
        listing.add_row(row.outcome.source.id, *numbers, str(len(row.refused)), _result(row, zone))
    screen.print(listing)
    problems = [
        *(f"{r.outcome.source.id}: failed: {r.outcome.error}" for r in rows if r.outcome.error),
        *(f"{r.outcome.source.id}: refused {q.where}: {q.reason}" for r in rows for q in r.refused),
    ]
    notes = [f"{r.outcome.source.id}: noted {q.where}: {q.reason}" for r in rows for q in r.noted]
    for line in ("", *problems, *notes):
        screen.print(line, soft_wrap=True)
    if problems or notes:
        screen.print()


def show_alarms(service: Service) -> bool:
    """What a person should look at, on standard error; whether there is anything."""
    alarms = service.store.alarms.list()
    for alarm in alarms:
        console(err=True).print(f"needs you: {alarm.text}", soft_wrap=True)
    return bool(alarms)


def show_published(documents: Sequence[Document], service: Service) -> None:
    """How many documents changed, and where."""
    where = service.plan.publish.directory
    changed = f"{count(len(documents), 'document')} written" if documents else "Nothing to publish"
    console().print(f"{changed}: {where}", soft_wrap=True)


def show_json(rows: Sequence[Row], documents: Sequence[Document], service: Service, zone: ZoneInfo) -> None:
    print_json(
        {
            "sources": [_json(row, zone) for row in rows],
            "directory": str(service.plan.publish.directory),
            "published": [document.path for document in documents],
        }
    )


def _result(row: Row, zone: ZoneInfo) -> str:
    if row.outcome.error:
        return "failed"
    if row.outcome.waits:
        return f"waits until {local(row.outcome.waits, zone)}"
    if row.outcome.skipped:
        return row.outcome.skipped
    told = {k: n for k, n in row.counts.items() if n and k not in (*_COLUMNS, "held")}
    told |= {"under embargo": row.held} if row.held else {}
    return ", ".join(f"{number} {verdict}" for verdict, number in told.items()) or "ok"


def _json(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": row.outcome.source.id,
        "result": _told(row.outcome),
        **{name: row.counts[name] for name in _COLUMNS},
        **{verdict: row.counts[verdict] for verdict in ("completed", "dated", "merged", "withdrawn", "lifted")},
        "embargoed": row.held,
        "refused": [{"where": q.where, "reason": q.reason} for q in row.refused],
        "notes": [{"where": q.where, "reason": q.reason} for q in row.noted],
        "error": row.outcome.error,
        "waits": rfc3339(row.outcome.waits, zone),
        "skipped": row.outcome.skipped,
        "seconds": round(row.outcome.seconds, 3),
    }


def _told(outcome: Outcome) -> str:
    if outcome.error:
        return "failed"
    return "waits" if outcome.waits else "skipped" if outcome.skipped else "ok"
