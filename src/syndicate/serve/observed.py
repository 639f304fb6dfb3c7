"""What was answered of feeds, gathered beside the requests: a thread of its own hands it on, once in a while."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import structlog

from syndicate.errors import SyndicateError
from syndicate.formats import FORMATS
from syndicate.model import ETAG_DIGITS
from syndicate.reach import Answered, agent_of
from syndicate.serve.asked import Asked
from syndicate.serve.conditional import instant, own_tags

log = structlog.get_logger()

_MOST = 32_768  # answers that wait; more are not told: a request never waits for this
_PAUSE, _QUIET = 0.5, 2.0  # seconds between two times of handing on, and after one with nothing
_FEEDS = tuple(f".{row.suffix}" for row in FORMATS.values())

Noted = tuple[str, str, int, Asked]


class Observed:
    """`note` is called with each answer (`create_app`); `take_in` with those of feeds, by the thread. Started once.

    `count`: hears of all of them, by path and status.
    """

    def __init__(
        self,
        take_in: Callable[[Sequence[Answered]], object],
        clock: Callable[[], datetime],
        count: Callable[[Iterable[tuple[str, int]]], object] = lambda _: None,
    ) -> None:
        self._noted = deque[Noted](maxlen=_MOST)
        self.note: Callable[[Noted], object] = self._noted.append
        self._take_in = take_in
        self._clock = clock
        self._count = count
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="observed", daemon=True)

    @property
    def waiting(self) -> int:
        """Answers that are to be handed on."""
        return len(self._noted)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 1.0) -> None:
        """What was noted until now is handed on."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        pause = _PAUSE
        while not self._stopping.wait(pause):
            pause = _PAUSE if self.hand_on() else _QUIET
        self.hand_on()

    def hand_on(self) -> int:
        """What was noted until now; how much that was. By one thread at a time."""
        noted = [self._noted.popleft() for _ in range(len(self._noted))]
        try:
            now = self._clock()
            self._count((path, status) for path, _, status, _ in noted)
            self._take_in([found for each in _once(noted) if (found := answered(each, now))])
        except SyndicateError as error:  # of the store: it is told where it is needed
            log.debug("what was answered is not counted", reason=str(error))
        except Exception as error:  # a fault of ours costs some numbers
            log.error("what was answered cannot be counted", reason=repr(error))
        return len(noted)


def _once(noted: Iterable[Noted]) -> Iterator[Noted]:
    """That somebody holds what he holds need not be told twice."""
    told = set[tuple[object, ...]]()
    for each in noted:
        path, digest, status, asked = each
        if status == 304:
            holds = (path, digest, asked.get(b"user-agent"), asked.get(b"if-none-match"))
            if holds in told:
                continue
            told.add(holds)
        yield each


def answered(noted: Noted, now: datetime) -> Answered | None:
    """What an answer says of who asked; None: it is of no feed, or says nothing."""
    path, digest, status, asked = noted
    if not path.endswith(_FEEDS):
        return None
    none_match, since = asked.get(b"if-none-match"), asked.get(b"if-modified-since")
    unchanged = status == 304
    named = [digits for _, digits in own_tags(none_match or b"")]
    if unchanged and none_match is not None and not named:  # `*`: that is no version
        return None
    date = instant(since) if since is not None and none_match is None else None
    return Answered(path, digest[:ETAG_DIGITS], unchanged, named, date, agent_of(asked.get(b"user-agent", b"")), now)
