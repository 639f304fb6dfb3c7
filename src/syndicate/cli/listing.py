"""Tables and marked lines as values, and how they stand where the output is no terminal."""

from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len

from syndicate.text import visible


class Marked(NamedTuple):
    """A line with its first words in a style."""

    mark: str
    style: str
    line: str

    def __str__(self) -> str:
        return self.mark + self.line


@dataclass
class Listing:
    """A table of texts as others wrote them. Columns of `numbers` stand right."""

    columns: tuple[str, ...]
    numbers: frozenset[str]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add_row(self, *cells: str) -> None:
        self.rows.append(tuple(map(visible, cells)))

    def lines(self) -> list[str]:
        """Each row whole, without blanks at its end."""
        rows = [self.columns, *self.rows]
        filled = [[*map(_width, row)] for row in rows]
        widths = [max(column) for column in zip(*filled, strict=True)]
        right = [column in self.numbers for column in self.columns]
        return [
            "  ".join(
                " " * (width - its) + cell if justified else cell + " " * (width - its)
                for cell, its, width, justified in zip(row, has, widths, right, strict=True)
            ).rstrip()
            for row, has in zip(rows, filled, strict=True)
        ]


def _width(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)
