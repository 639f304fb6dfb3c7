"""`python -m benchmarks.readers`: the table, and who could not be asked. A few minutes."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.readers.desktop import Liferea, Thunderbird
from benchmarks.readers.programs import Entry, Newsboat, Program, Reader, Rss2email, Sfeed
from benchmarks.readers.story import HELD, LATER, NEW_WORD, NOTICE, OLD_WORD, PAST, WITHDRAWN, Story, archive

PROGRAMS: tuple[type[Program], ...] = (Newsboat, Reader, Rss2email, Sfeed, Liferea, Thunderbird)
# tt-rss asks no address on loopback, and no port but 80 and 443: it cannot be tried so.
_DOCS = Path(__file__).parents[2] / "docs" / "readers.md"
_BEGIN, _END = "<!-- made by `python -m benchmarks.readers --write` -->", "<!-- until here -->"


def _with(word: str, entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if word in entry.title or word in entry.text]


def _how(found: Sequence[Entry]) -> str:
    return "unread" if any(entry.unread for entry in found) else "as read"


def correction(entries: Sequence[Entry]) -> str:
    old, new = _with(OLD_WORD, entries), _with(NEW_WORD, entries)
    if not new:
        return "old words stay"
    return f"new words beside the old, {_how(new)}" if old else f"new words, {_how(new)}"


def withdrawal(entries: Sequence[Entry]) -> str:
    old, notice = _with(WITHDRAWN, entries), _with(NOTICE, entries)
    if not notice:
        return "old words stay" if old else "gone"
    return f"notice beside the old words, {_how(notice)}" if old else f"notice, {_how(notice)}"


def lifted(entries: Sequence[Entry]) -> str:
    found = _with(HELD, entries)
    return f"there{_doubled(found)}, {_how(found)}" if found else "missing"


def renamed(entries: Sequence[Entry]) -> str:
    others = [word for word in (HELD, NEW_WORD) if len(_with(word, entries)) > 1]
    return "the feed has ended" if not _with(LATER, entries) else "entries doubled" if others else "goes on"


def backfilled(entries: Sequence[Entry]) -> str:
    found = len(_with(PAST, entries))
    return f"{found} old ones as new" if found else "nothing"


def _doubled(found: Sequence[Entry]) -> str:
    return f" {len(found)} times" if len(found) > 1 else ""


SHOWN: dict[str, Callable[[Sequence[Entry]], str]] = {
    "correction": correction,
    "withdrawal": withdrawal,
    "lifted embargo": lifted,
    "renamed topic": renamed,
    "backfill": backfilled,
}


def played(folder: Path, programs: Sequence[type[Program]]) -> dict[tuple[str, str], list[str]]:
    """What each program shows after each event, by its name and the format."""
    (folder / "site").mkdir()
    with archive() as port:
        story = Story(folder / "site", port)
        readers = dict[tuple[str, str], Program]()
        shown = {(program.name, name): list[str]() for program in programs for name in program.formats}
        for event, happen in story.events():
            happen()
            with story.served():
                for program in programs if not readers else ():
                    for name in program.formats:
                        readers[program.name, name] = program(folder / program.name / name, story.address(name))
                for key, reader in readers.items():
                    reader.fetch()
                    if event in SHOWN:
                        shown[key].append(SHOWN[event](reader.entries()))
                    reader.read_all()
            print(f"  {event}", file=sys.stderr, flush=True)
    return shown


def table(programs: Sequence[type[Program]], shown: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    yield f"| feed reader | format | {' | '.join(SHOWN)} |"
    yield f"|{'---|' * (2 + len(SHOWN))}"
    for program in programs:
        for name in program.formats:
            yield f"| {program.name} {program.version()} | {name} | {' | '.join(shown[program.name, name])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/readers.md")
    parser.add_argument("names", nargs="*", metavar="PROGRAM", help="only these")
    given = parser.parse_args()
    wanted = [program for program in PROGRAMS if not given.names or program.name in given.names]
    for program in wanted:
        if reason := program.missing():
            print(f"{program.name}: left out, as this machine has no {reason}", file=sys.stderr)
    there = [program for program in wanted if not program.missing()]
    with tempfile.TemporaryDirectory() as folder:
        lines = "\n".join(table(there, played(Path(folder), there)))
    print(lines)
    if given.write:
        before, _, rest = _DOCS.read_text("utf-8").partition(_BEGIN)
        _, _, after = rest.partition(_END)
        _DOCS.write_text(f"{before}{_BEGIN}\n{lines}\n{_END}{after}", "utf-8")


if __name__ == "__main__":
    main()
