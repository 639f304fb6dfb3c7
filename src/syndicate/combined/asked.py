"""What is asked for, in one form: topics sorted, each once, as they are called today; words squeezed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from syndicate.errors import SearchRefused
from syndicate.placement import ALL
from syndicate.text import squeeze

FEED = "feed"  # where these feeds are, before their suffix; no topic has this id
SEARCH = "search"
MOST_TOPICS = 32

Fields = Sequence[tuple[str, str]]


class Asked(NamedTuple):
    """`topics`: ids; none: all. `words`: as they were typed; empty: none."""

    topics: tuple[str, ...] = ()
    words: str = ""

    @property
    def fields(self) -> Fields:
        """As a query has them."""
        return (*(("topic", topic) for topic in self.topics), *((("q", self.words),) if self.words else ()))

    def address(self, base: str, path: str) -> str:
        """Of a feed or a page of this."""
        query = urlencode(self.fields)
        return f"{base}{path}?{query}" if query else f"{base}{path}"


def asked(fields: Fields, renamed: Mapping[str, str]) -> Asked:
    """What these fields ask for; others are left aside. SearchRefused where that is too much, or said twice.

    `renamed`: earlier id of a topic → its id today. Whether there is such a topic is not looked at.
    """
    topics = {renamed.get(value, value) for name, value in fields if name == "topic" and value}
    words = [squeeze(value) for name, value in fields if name == "q"]
    if len(words) > 1:
        raise SearchRefused("twice", "q stands there twice")
    if len(topics) > MOST_TOPICS:
        raise SearchRefused("topics", f"more than {MOST_TOPICS} topics")
    if ALL in topics:  # which is every topic
        topics = set() if any(words) else {ALL}
    return Asked(tuple(sorted(topics)), "".join(words))
