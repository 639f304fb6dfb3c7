"""What commands print: tables, moments, JSON. Nothing is cut where the output is no terminal."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

_WIDE = 100_000  # columns: a pipe has no width


def console(*, err: bool = False) -> Console:
    """Prints text as it is: a title may have [brackets] or :colons: in it."""
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """A plain table. Columns of `numbers` stand right; only the last column wraps where there is no room."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        last = column == columns[-1]
        justify: Literal["left", "right"] = "right" if column in numbers else "left"
        made.add_column(column, justify=justify, no_wrap=not last, overflow="fold")
    return made


def print_json(value: object) -> None:
    """UTF-8 as it is; escaped where standard output cannot carry it."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    typer.echo(json.dumps(value, ensure_ascii=plain, indent=2))


def now() -> datetime:
    return datetime.now(UTC)


def rfc3339(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """For programs: with offset, whole seconds."""
    return moment.astimezone(zone).replace(microsecond=0).isoformat() if moment else None
