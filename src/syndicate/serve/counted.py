"""What was answered, by kind of document and status: counted beside the requests where they are many."""

from collections import Counter
from collections.abc import Iterable, Mapping

from starlette.types import Message, Scope, Send

from syndicate.formats import FORMATS

# By the first part of the path, or all of it: what is no published file.
_ROUTES = {
    "healthz": "health",
    "readyz": "health",
    "hub": "hub",
    "n": "newsroom",
    "search": "search",
    "websub": "callback",
    "media": "media",
    "releases": "release",
    "sitemaps": "other",
}
_FEEDS = frozenset(row.suffix for row in FORMATS.values())
_MADE = frozenset(f"feed.{suffix}" for suffix in _FEEDS)
NOTED = "noted"  # of a request's state: it is counted by what was noted of it

Numbers = Mapping[tuple[str, int], int]


class Counted:
    """`add` is the event loop's, `take_in` the thread's that takes in what was noted; `numbers` is anybody's."""

    def __init__(self) -> None:
        self._here = Counter[tuple[str, int]]()
        self._beside = Counter[tuple[str, int]]()

    def add(self, path: str, status: int) -> None:
        self._here[kind_of_request(path), status] += 1

    def take_in(self, noted: Iterable[tuple[str, int]]) -> None:
        """Paths and statuses."""
        for (path, status), number in Counter(noted).items():
            self._beside[kind_of_request(path), status] += number

    def numbers(self) -> Numbers:
        """Kind and status → how many, since the start."""
        return dict(self._here) | {key: number + self._here[key] for key, number in dict(self._beside).items()}

    def counting(self, scope: Scope, send: Send) -> Send:
        """Counts the answer to this request as it begins, if it is not noted."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and NOTED not in scope.get("state", ()):
                self.add(scope["path"].removeprefix("/"), message["status"])
            await send(message)

        return sending


def kind_of_request(path: str) -> str:
    """One of a few words, whatever is asked for; `path` as it is relative to the folder."""
    first, slash, rest = path.partition("/")
    name = rest if slash else first
    if kind := _ROUTES.get(first):
        return kind
    if first in _MADE:
        return "combined"
    suffix = name.partition(".")[2]
    if suffix in _FEEDS:
        return "archive" if slash else "feed"
    return "page" if suffix in ("", "html") else "other"


__all__ = ["NOTED", "Counted", "Numbers", "kind_of_request"]
