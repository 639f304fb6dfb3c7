"""What commands print: tables, moments, JSON. Nothing is cut where the output is no terminal."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from typing import Any, TextIO

import typer

from syndicate.cli.listing import Listing, Marked
from syndicate.cli.streams import behind
from syndicate.text import count, visible

# Beyond what JSON itself escapes: a terminal acts on it, too.
_ACTING = "\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_ACTS_IN_JSON, _HARMLESS = re.compile(f"[{_ACTING}]"), re.compile(f"[^{_ACTING}]*+")
_WIDE = 100_000  # columns: a pipe has no width


_SCREEN = "syndicate.cli.screen"  # a module by name: it is heavy, and a pipe needs none of it
_TERMINALS = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")  # what makes `rich` take a pipe for one


class Plain:
    """What is no terminal: text as it is, whole, in one colour."""

    is_terminal = False

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def print(self, *objects: Any, **how: Any) -> None:
        """As a `Screen` does; what that alone can, it does."""
        if len(objects) == 1 and isinstance(objects[0], Listing) and not _folds(objects[0]):
            text = "\n".join(objects[0].lines())
        else:
            text = " ".join(map(str, objects))
            if "\t" in text or len(text) > _WIDE or any(not isinstance(each, str | Marked) for each in objects):
                screen = import_module(_SCREEN).screen(self._stream, _WIDE)
                screen.print(*objects, **how)
                return
            text = visible(text)
        self._stream.write(f"{text}\n")

    def show_cursor(self, show: bool) -> None:
        """There is none."""


class Silent:
    """A bar where nobody looks."""

    def update(self, *, advance: float = 0, description: str | None = None) -> None:
        pass


def console(*, err: bool = False) -> Any:
    """A `Plain`, or on a terminal a `Screen`."""
    stream = behind(sys.stderr if err else sys.stdout)
    return screen(err=err) if stream.isatty() or any(map(os.environ.get, _TERMINALS)) else Plain(stream)


def screen(*, err: bool = False) -> Any:
    """A `Screen`, for what only that can do."""
    stream = behind(sys.stderr if err else sys.stdout)
    return import_module(_SCREEN).screen(stream, None if stream.isatty() else _WIDE)


@contextmanager
def bar(what: str, total: int) -> Iterator[Any]:
    """How far something has come, on standard error, on a terminal only: `update(advance=…, description=…)`."""
    on = console(err=True)
    if not on.is_terminal:
        yield Silent()
        return
    with import_module(_SCREEN).bar(what, total, on) as shown:
        yield shown


@contextmanager
def in_parts(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar of a hundred, for what tells how much is done, of how much."""
    done = 0
    with bar(what, 100) as shown:

        def told(now_done: int, of: int) -> None:
            nonlocal done
            before, done = done, 100 * now_done // max(of, 1)
            shown.update(advance=done - before)

        yield told


def aside(line: str) -> None:
    """How far something has come, on standard error, on a terminal only."""
    if behind(sys.stderr).isatty():
        typer.echo(f"syndicate: {line}", err=True)


def table(*columns: str, numbers: Iterable[str] = ()) -> Listing:
    """A plain table. Columns of `numbers` stand right; only the last column wraps where there is no room."""
    return Listing(columns, frozenset(numbers))


def print_total(shown: int, of: int, one: str, more: str = "", *, many: str | None = None) -> None:
    """Below a list that does not show all: how many there are."""
    if shown < of:
        typer.echo(f"{shown} of {count(of, one, many)}{more}")


def _folds(listing: Listing) -> bool:
    """Has it cells of several lines, or tabs?"""
    return any("\n" in cell or "\t" in cell for row in listing.rows for cell in row)


def print_json(value: object) -> None:
    """UTF-8 as it is; escaped where standard output cannot carry it."""
    typer.echo(_escaped(json.dumps(value, ensure_ascii=not _is_utf8(), indent=2)))


def print_json_list(values: Iterable[object]) -> None:
    """As `print_json` of a list, each as it comes: a list may be long."""
    out, between = behind(sys.stdout), "[\n  "
    as_json = _quick if _is_utf8() else partial(json.dumps, indent=2)
    for value in values:
        out.write(between + _escaped(as_json(value)).replace("\n", "\n  "))  # no text in it has a line end of its own
        between = ",\n  "
    typer.echo("[]" if between.startswith("[") else "\n]")


def print_json_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """As `print_json` of an object; a value that is iterated over is a list, each as it comes."""
    out, between = behind(sys.stdout), "{"
    for name, value in pairs:
        out.write(f"{between}\n  {json.dumps(name)}: ")
        if isinstance(value, Iterator):
            start = "["
            for each in value:
                out.write(f"{start}\n    " + _escaped(_indented(each)).replace("\n", "\n    "))
                start = ","
            out.write("[]" if start == "[" else "\n  ]")
        else:
            out.write(_escaped(_indented(value)).replace("\n", "\n  "))
        between = ","
    typer.echo("\n}")


def _indented(value: object) -> str:
    return _quick(value) if _is_utf8() else json.dumps(value, indent=2)


def _is_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _quick(value: object) -> str:
    """The same as `json.dumps` has it, in a fourth of the time; but it knows no text that is none in UTF-8."""
    try:
        return str(_anything().dump_json(value, indent=2), "utf-8")
    except ValueError:
        return json.dumps(value, ensure_ascii=False, indent=2)


@cache
def _anything() -> Any:
    return import_module("pydantic").TypeAdapter(Any)  # heavy: few commands need it


def _escaped(said: str) -> str:
    if _HARMLESS.fullmatch(said):  # most is
        return said
    return _ACTS_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", said)


def now() -> datetime:
    return datetime.now(UTC)
