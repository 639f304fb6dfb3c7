"""How much one client may ask: buckets that fill with time. Pure arithmetic; the clock is handed in.

Of each client and document: 120 answers, and one more a second. Of each client: twice as many as there are documents,
and a thousand, and a thirtieth of that more a minute; so whoever asks for every document once an hour, all at once, is
never refused. A 304 costs a tenth. What is made for each asking (search, combined feeds) has two a second besides.

A bucket is one number: the moment at which it will be full again. So one that is full is one that is not there, and
forgetting one forgives.
"""

from collections import OrderedDict
from typing import NamedTuple

WHOLE, HELD = 1.0, 0.1  # what an answer costs, and a 304
_DOCUMENT = 120.0
_SPAN = 1800.0  # seconds until an empty bucket of a client is full
_MADE, _MADE_A_SECOND = 60.0, 2.0
_MOST = 100_000
_DUST = 1e-6  # seconds: sums of these numbers are not exact


class Rate(NamedTuple):
    """A bucket: `span` (seconds) until it is full when it is empty, `each` (seconds) until one answer is back."""

    span: float
    each: float


_OF_DOCUMENT = Rate(_DOCUMENT, 1.0)
_OF_MADE = Rate(_MADE / _MADE_A_SECOND, 1 / _MADE_A_SECOND)


class Buckets:
    """Not for threads: the event loop owns them. `documents`: how many are published, as far as is known."""

    def __init__(self, documents: int = 0, most: int = _MOST) -> None:
        self._most = most
        self._full: OrderedDict[object, float] = OrderedDict()  # bucket → when it is full; the idlest first
        self.documents = documents

    @property
    def documents(self) -> int:
        return self._documents

    @documents.setter
    def documents(self, number: int) -> None:
        self._documents = number
        self._each = _SPAN / (2 * number + 1000)

    def take(self, client: str, document: str, now: float, cost: float = WHOLE) -> float:
        """0 where the answer may be given, which is counted then; else the seconds until it may.

        `client` as `clients.counted` has it, `document` its path, `now` in seconds of a clock that never goes back.
        """
        return self._take(client, (client, document), _OF_DOCUMENT, now, cost)

    def take_made(self, client: str, now: float) -> float:
        """The same of an answer that is made for who asks."""
        return self._take(client, (client,), _OF_MADE, now, WHOLE)

    def give_back(self, client: str, document: str | None, cost: float) -> None:
        """Of what was taken for an answer that cost less; `document` None: of one that was made."""
        own, each = ((client,), _OF_MADE.each) if document is None else ((client, document), _OF_DOCUMENT.each)
        for bucket, seconds in ((client, self._each), (own, each)):
            if bucket in self._full:
                self._full[bucket] -= cost * seconds

    def forget(self, now: float) -> None:
        """Those that are full, the idlest first: of who has not asked for half an hour nothing is left."""
        while self._full and next(iter(self._full.values())) <= now:
            self._full.popitem(last=False)

    def __len__(self) -> int:
        return len(self._full)

    def _take(self, client: str, own: object, rate: Rate, now: float, cost: float) -> float:
        """Of both, or of none. It stands on the way of each answer: hence written out, and no more than this."""
        full, (span, each) = self._full, rate
        first, second = full.get(client, now), full.get(own, now)
        first = (first if first > now else now) + cost * self._each
        second = (second if second > now else now) + cost * each
        if first - now > _SPAN + _DUST or second - now > span + _DUST:
            return max(first - now - _SPAN, second - now - span)
        full[client], full[own] = first, second
        full.move_to_end(client)
        full.move_to_end(own)
        if len(full) > self._most:
            full.popitem(last=False)
            if len(full) > self._most:
                full.popitem(last=False)
        return 0.0
