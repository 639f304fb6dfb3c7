"""What a terminal shows: colours, its own width, and something to look at while one waits. Heavy: imported for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Span, Text

from syndicate.cli.listing import Listing, Marked
from syndicate.text import visible


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
            self.width = max(self.width, *(_least(each) for each in objects if isinstance(each, Listing)), 1)
            super().print(*made, **how, crop=False)
        else:
            with self.capture() as captured:
                super().print(*made, **how)
            self.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def screen(stream: TextIO, width: int | None) -> Screen:
    """On a stream; None: as wide as its terminal."""
    return Screen(file=stream, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)


class Bar:
    """How far something has come."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._task = progress, progress.add_task("", total=total)

    def update(self, *, advance: float = 0, description: str | None = None) -> None:
        self._progress.update(self._task, advance=advance, description=description)


@contextmanager
def bar(what: str, total: int, on: Screen) -> Iterator[Bar]:
    """Shown while the block runs, on a terminal only."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=on, transient=True, disable=not on.is_terminal) as progress:
        yield Bar(progress, total)


def _visible(shown: Any) -> Any:
    if isinstance(shown, Listing):
        return _table(shown)
    if isinstance(shown, Marked):
        return Text.assemble((visible(shown.mark), shown.style), visible(shown.line))
    if isinstance(shown, Text):
        parts = ((visible(shown.plain[span.start : span.end]), span.style) for span in _spans(shown))
        return Text.assemble(*parts, style=shown.style, end=shown.end)
    return visible(shown) if isinstance(shown, str) else shown


def _table(listing: Listing) -> Table:
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in listing.columns:
        last = column == listing.columns[-1]
        justify: Literal["left", "right"] = "right" if column in listing.numbers else "left"
        made.add_column(column, justify=justify, no_wrap=not last, overflow="fold")
    for row in listing.rows:
        made.add_row(*row)
    return made


def _least(listing: Listing) -> int:
    """The columns of the terminal that a table needs, where only its last one wraps."""
    *whole, last = zip(listing.columns, *listing.rows, strict=True)
    words = (word for cell in last for word in cell.split())
    return (
        sum(max(map(cell_len, cells)) for cells in whole)
        + 2 * len(listing.columns)
        + max(map(cell_len, words), default=0)
    )


def _spans(text: Text) -> Iterator[Span]:
    """All of it, styled or not, in order. Ours do not overlap."""
    place = 0
    for span in (*sorted(text.spans), Span(len(text), len(text), "")):
        if place < span.start:
            yield Span(place, span.start, "")
        if span.start < span.end:
            yield span
        place = span.end
