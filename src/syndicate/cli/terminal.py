"""What commands print: tables, moments, JSON. Nothing is cut where the output is no terminal."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Span, Text

from syndicate.cli.streams import behind
from syndicate.text import visible

# Beyond what JSON itself escapes: a terminal acts on it, too.
_ACTS_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_WIDE = 100_000  # columns: a pipe has no width


class Screen(Console):
    """Prints text as it is: a title may have [brackets] or :colons: in it, but nothing that acts on the terminal.

    A table has no blanks at the ends of its lines, and is never narrower than its columns need.
    """

    def print(self, *objects: Any, **how: Any) -> None:
        """As `rich` does."""
        made = [_visible(each) for each in objects]
        if not any(isinstance(each, Table) for each in made):
            super().print(*made, **how)
        elif self.is_terminal:
            self.width = max(self.width, *(each.least for each in made if isinstance(each, Listing)), 1)
            super().print(*made, **how, crop=False)
        else:
            with self.capture() as captured:
                super().print(*made, **how)
            self.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


class Listing(Table):
    """A table of texts as others wrote them. `least`: the columns that it needs, where only its last one wraps."""

    @property
    def least(self) -> int:
        *whole, last = ([*map(str, column.cells)] for column in self.columns)
        words = (word for cell in (self.columns[-1].header, *last) for word in str(cell).split())
        headers = (str(column.header) for column in self.columns)
        widths = (max(map(cell_len, (header, *cells))) for header, cells in zip(headers, whole, strict=False))
        return sum(widths) + 2 * len(self.columns) + max(map(cell_len, words), default=0)

    def add_row(self, *cells: Any, **how: Any) -> None:
        """As `rich` does."""
        super().add_row(*map(_visible, cells), **how)


def _visible(shown: Any) -> Any:
    if isinstance(shown, Text):
        parts = ((visible(shown.plain[span.start : span.end]), span.style) for span in _spans(shown))
        return Text.assemble(*parts, style=shown.style, end=shown.end)
    return visible(shown) if isinstance(shown, str) else shown


def _spans(text: Text) -> Iterator[Span]:
    """All of it, styled or not, in order. Ours do not overlap."""
    place = 0
    for span in (*sorted(text.spans), Span(len(text), len(text), "")):
        if place < span.start:
            yield Span(place, span.start, "")
        if span.start < span.end:
            yield span
        place = span.end


def console(*, err: bool = False) -> Screen:
    stream = behind(sys.stderr if err else sys.stdout)
    width = None if stream.isatty() else _WIDE
    return Screen(file=stream, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """A plain table. Columns of `numbers` stand right; only the last column wraps where there is no room."""
    made = Listing(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        last = column == columns[-1]
        justify: Literal["left", "right"] = "right" if column in numbers else "left"
        made.add_column(column, justify=justify, no_wrap=not last, overflow="fold")
    return made


def print_json(value: object) -> None:
    """UTF-8 as it is; escaped where standard output cannot carry it."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    said = json.dumps(value, ensure_ascii=plain, indent=2)
    typer.echo(_ACTS_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", said))


def now() -> datetime:
    return datetime.now(UTC)


def rfc3339(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """For programs: with offset, whole seconds."""
    return moment.astimezone(zone).replace(microsecond=0).isoformat() if moment else None
