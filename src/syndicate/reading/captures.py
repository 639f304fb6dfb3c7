"""The captures of a poll, one after the other.

What cannot be read is a value here: a file that is refused, an entry that is quarantined. Only a whole feed raises.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from syndicate import rules
from syndicate.doors import Brief, ByName
from syndicate.errors import ParseError, WorkerLost, WorkersClosed
from syndicate.fetch import MAX_BYTES
from syndicate.model import Capture, Rejected, Source
from syndicate.reading.fingerprint import words_by
from syndicate.reading.judging import OFTEN
from syndicate.reading.run import Run
from syndicate.reading.values import Reading

_read_brief = Brief("syndicate.reading.read", "read_one")
_read_one = ByName("syndicate.reading.read", "read_one")  # who has it called elsewhere needs none of the parsers


def read(
    captures: Iterable[Capture],
    source: Source,
    *,
    now: datetime,
    max_bytes: int = MAX_BYTES,
    run: Run | None = None,
    form: str | None = None,
) -> Reading:
    """ParseError where a feed as a whole is none; a file that is none is refused and costs no other.

    With `run`, each document is read in a process with limits. A process that dies says nothing about the document:
    WorkerLost for a feed; a file is read again later (`FileState.again`), after the others and in a process of its own,
    and refused only after several such deaths. `form` is what the source's last document was.
    """
    reading, reader = Reading(), words_by(source)
    for capture in sorted(captures, key=lambda capture: bool(capture.state and capture.state.lost)):
        place = capture.path or ""
        given_up = {each for each, times in reading.hung.items() if times >= OFTEN}
        asked = rules.without(source, given_up)  # of a folder no file waits for what hung at three
        arguments = (capture, asked, now, max_bytes, form)
        try:
            part = _run(run, capture, asked, arguments) if run else _read_one(*arguments)
        except WorkersClosed:
            raise
        except WorkerLost as error:
            if capture.state is None:
                raise WorkerLost(f"{capture.url or place}: {error}") from error
            reading.lose(place, capture.state, error, now)
            continue
        except ParseError as error:
            if capture.state is None:
                raise type(error)(f"{capture.url or place}: {error}") from error
            reading.rejected_at.append((place, Rejected(place, str(error))))
            reading.files.append(replace(capture.state, reason=str(error), lost=0))
            continue
        if capture.known:  # what it takes back it has taken back before
            part.gone = []
        part.incoming = [(replace(release, reader=reader), found) for release, found in part.incoming]
        reading.add(part)
    return reading


def _run(run: Run, capture: Capture, source: Source, arguments: tuple[object, ...]) -> Reading:
    alone = {"alone": True} if capture.state and capture.state.lost else {}
    brief = capture.brief and not rules.may_hang(source)  # an expression that hangs would hang here
    part: Reading = run(_read_brief if brief else _read_one, *arguments, **alone)
    return part
