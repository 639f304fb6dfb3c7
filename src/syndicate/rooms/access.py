"""Who asks for a room: whose token it is, and who has failed too often."""

import binascii
import threading
from base64 import b64decode
from collections import OrderedDict, deque
from collections.abc import Callable

from syndicate.addresses import one_client
from syndicate.model import Newsroom
from syndicate.rooms.tokens import digest
from syndicate.store import Store

MOST = 20  # failures of an address …
SPAN = 60.0  # … in so many seconds
_REMEMBERED = 10_000  # addresses
_SCHEMES = {b"basic", b"bearer"}


class Refused(Exception):
    """Whoever asks has failed too often. `seconds`: when to come again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Access:
    """For threads. `tick` counts seconds. A token that is good is let in whatever others at its address have tried."""

    def __init__(self, store: Store, tick: Callable[[], float]) -> None:
        self._store = store
        self._failures = _Failures(tick)

    def by_header(self, authorization: bytes, client: str) -> Newsroom | None:
        """Whose token an Authorization names: as the password of any user (RFC 7617), or as it is (RFC 6750).

        None: nobody's. Raises Refused.
        """
        newsroom = self._of(_token(authorization))
        if newsroom is None:
            self._failures.failed(client, blank=not authorization)
        else:
            self._failures.passed(client)
        return newsroom

    def by_address(self, token: str, client: str) -> tuple[Newsroom | None, Newsroom | None]:
        """(who is let in by this token in an address, who is not because that is no place for its). Raises Refused."""
        newsroom = self._of(token.encode())
        if newsroom and not newsroom.embargoed:
            return newsroom, None
        self._failures.failed(client)
        return None, newsroom

    def _of(self, token: bytes) -> Newsroom | None:
        """Looked up at each request: what was revoked a moment ago lets nobody in. The same is done for any token."""
        newsroom = self._store.newsrooms.by_token(digest(token))
        return newsroom if newsroom and newsroom.state == "active" else None


class _Failures:
    """Of each address within the last minute. Who asks first without a token, as some programs do, and then with a good
    one, has not failed.
    """

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._guard = threading.Lock()
        self._of: OrderedDict[str, deque[tuple[float, bool]]] = OrderedDict()

    def failed(self, client: str, *, blank: bool = False) -> None:
        """Raises Refused where that is too often."""
        who, now = one_client(client), self._tick()
        with self._guard:
            times = self._of.setdefault(who, deque())
            self._of.move_to_end(who)
            while times and times[0][0] <= now - SPAN:
                times.popleft()
            if len(times) >= MOST:
                raise Refused(max(1, round(times[0][0] + SPAN - now)))
            times.append((now, blank))
            while len(self._of) > _REMEMBERED:
                self._of.popitem(last=False)

    def passed(self, client: str) -> None:
        who = one_client(client)
        with self._guard:
            if who in self._of:
                self._of[who] = deque(each for each in self._of[who] if not each[1])


def _token(authorization: bytes) -> bytes:
    """Empty where there is none to be read."""
    scheme, _, said = authorization.strip().partition(b" ")
    if scheme.lower() not in _SCHEMES:
        return b""
    if scheme.lower() == b"bearer":
        return said.strip()
    try:
        return b64decode(said.strip(), validate=True).partition(b":")[2]
    except binascii.Error:
        return b""
