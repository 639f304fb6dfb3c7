"""What asking the sources came to: a row each, and below it what a person should look at."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.app import App, of_alarm
from syndicate.cli.terminal import bar, console, print_json, table
from syndicate.model import Document, Event, Polled, Recorded, Source
from syndicate.polling import Call
from syndicate.store import Quarantined
from syndicate.text import count, local, on_one_line, rfc3339

_COLUMNS = ("new", "corrected", "unchanged")
_FURTHER = ("completed", "dropped", "quiet", "dated", "merged", "withdrawn", "lifted")


@dataclass(frozen=True)
class Row:
    """What asking a source came to, and what of it is refused: now or at an earlier look.

    `polled` without its changes: of these it is counted how many `held` an embargo, and how many have which verdict.
    """

    polled: Polled
    counts: Counter[str]
    held: int
    refused: tuple[Quarantined, ...]
    noted: tuple[Quarantined, ...]  # harmless: only a part was not understood

    @property
    def fine(self) -> bool:
        return self.polled.error is None and not self.refused


def rows_of(events: Iterable[Event], program: App) -> list[Row]:
    """A row for each that was asked, once all have been: the releases of an event are let go with it."""
    told = [_counted(event) for event in events if isinstance(event, Polled)]
    found = defaultdict[str, list[Quarantined]](list)
    for each in program.store.sources.quarantined() if told else ():
        found[each.source].append(each)
    rows = []
    for polled, counts, untouched, held in told:
        refused, noted = (tuple(q for q in found[polled.source] if q.harmless is kind) for kind in (False, True))
        if untouched is not None:  # files that were not even read again are unchanged
            counts["unchanged"] += max(untouched - len(refused), 0)
        rows.append(Row(polled, counts, held, refused, noted))
    return rows


def _counted(polled: Polled) -> tuple[Polled, Counter[str], int | None, int]:
    """Without its changes: how many have which verdict, how many were untouched, and how many are held."""
    changes = polled.changes
    if changes is None:
        return polled, Counter(), None, 0
    held = sum(
        c.verdict != "unchanged" and (bool(c.pending) or c.release.state == "embargoed") for c in changes.changes
    )
    counts = Counter[str](change.verdict for change in changes.changes)
    counts["unchanged"] += changes.passed
    counts["dropped"] = changes.dropped
    return replace(polled, changes=None), counts, changes.untouched, held


@contextmanager
def progress(total: int) -> Iterator[Callable[[Event], None]]:
    """A bar on standard error while sources are asked, on a terminal only."""
    with bar("Asking sources", total) as shown:

        def told(event: Event) -> None:
            if isinstance(event, Polled):
                shown.update(advance=1, description=event.source)
            elif isinstance(event, Recorded):
                shown.update(description=f"{event.source}: {event.read} of {event.read + event.left} files")

        yield told


def follow(sources: Sequence[Source], program: App, call: Call) -> tuple[Document, ...]:
    """Complete these sources' releases from their pages, after their teasers are out; the documents that changed."""
    total = program.store.pages.count_due((source.id for source in sources), program.clock())
    if not total:
        return ()
    with bar("Reading pages", total) as shown:
        program.complete_all(sources, lambda _: shown.update(advance=1), call=call)
    return program.publish()


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
        listing.add_row(row.polled.source, *numbers, str(len(row.refused)), _result(row, zone))
    screen.print(listing)
    problems = [
        *(f"{r.polled.source}: failed: {r.polled.error}" for r in rows if r.polled.error),
        *(f"{r.polled.source}: refused {q.where}: {q.reason}" for r in rows for q in r.refused),
    ]
    notes = [f"{r.polled.source}: noted {q.where}: {q.reason}" for r in rows for q in r.noted]
    for line in ("", *problems, *notes):
        screen.print(on_one_line(line), soft_wrap=True)
    if problems or notes:
        screen.print()


def show_alarms(program: App) -> bool:
    """What a person should look at, on standard error; whether there is anything."""
    alarms = program.store.alarms.list()
    for alarm in alarms:
        console(err=True).print(f"needs you: {on_one_line(of_alarm(alarm).text)}", soft_wrap=True)
    return bool(alarms)


def show_published(documents: Sequence[Document], program: App) -> None:
    """How many documents changed, and where."""
    where = program.plan.publish.directory
    if other := program.other_publisher():
        console().print(f"What is to be published, process {other} writes within seconds", soft_wrap=True)
        return
    changed = f"{count(len(documents), 'document')} written" if documents else "Nothing to publish"
    console().print(f"{changed}: {where}", soft_wrap=True)


def show_json(rows: Sequence[Row], documents: Sequence[Document], program: App, zone: ZoneInfo) -> None:
    print_json(
        {
            "sources": [_json(row, zone) for row in rows],
            "directory": str(program.plan.publish.directory),
            "documents": len(documents),
            "published": [document.path for document in documents],
        }
    )


def _result(row: Row, zone: ZoneInfo) -> str:
    if row.polled.error:
        return "failed"
    if row.polled.waits:
        return f"waits until {local(row.polled.waits, zone)}"
    if row.polled.skipped:
        return row.polled.skipped
    told = {k: n for k, n in row.counts.items() if n and k not in (*_COLUMNS, "held")}
    told |= {"under embargo": row.held} if row.held else {}
    return ", ".join(f"{number} {verdict}" for verdict, number in told.items()) or "ok"


def _json(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": row.polled.source,
        "result": _told(row.polled),
        **{name: row.counts[name] for name in _COLUMNS},
        **{name: row.counts[name] for name in _FURTHER},
        "failed": row.polled.error is not None,
        "embargoed": row.held,
        "refused": [{"where": q.where, "reason": q.reason} for q in row.refused],
        "notes": [{"where": q.where, "reason": q.reason} for q in row.noted],
        "error": row.polled.error,
        "waits": rfc3339(row.polled.waits, zone),
        "skipped": row.polled.skipped,
        "seconds": round(row.polled.seconds, 3),
    }


def _told(polled: Polled) -> str:
    if polled.error:
        return "failed"
    return "waits" if polled.waits else "skipped" if polled.skipped else "ok"
