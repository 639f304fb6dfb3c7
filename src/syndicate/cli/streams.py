"""The one way out: whatever is printed or logged passes here, and nothing in it moves a cursor or turns a line round.

File names, titles, keys of front matter and errors of other people's servers hold what others chose. Tables and colours
write behind this, with texts that `terminal` has made visible itself.
"""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from syndicate.text import visible


class Shown:
    """A text stream on which no character is more than a character; lines end as they did."""

    def __init__(self, stream: TextIO) -> None:
        self.behind = stream

    def write(self, text: str) -> int:
        self.behind.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)


def behind(stream: Any) -> TextIO:
    """What a terminal's own escapes are written to."""
    found: TextIO = getattr(stream, "behind", stream)
    return found


@contextmanager
def shown() -> Iterator[None]:
    """Within, standard output and error are such streams. One that was closed for us is as good as /dev/null."""
    _all_open()
    before = sys.stdout, sys.stderr
    out, err = (behind(stream or open(os.devnull, "w", encoding="utf-8")) for stream in before)  # noqa: SIM115 - ours to the end
    for stream in (out, err):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without umlauts still gets its answer
    sys.stdout, sys.stderr = Shown(out), Shown(err)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def hung_up() -> int:
    """Nobody reads standard output any more: nothing is said of it, not even at the end of the process. The status."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return 1


def _all_open() -> None:
    """Else the store would be opened as standard output, and be printed into."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free
