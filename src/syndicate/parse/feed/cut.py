"""A feed cut into its entries: lxml alone, so that nothing has to be read to find out that nothing is new."""

from syndicate.parse.cut import Cut, is_short
from syndicate.parse.feed import entry as said
from syndicate.parse.feed.xml import outline
from syndicate.parse.rhythm import rhythm
from syndicate.text import digest


def cut(text: str, url: str | None = None) -> Cut | None:
    """None of a feed that is not well-formed as it came, or beyond what an XML parser bears by itself."""
    found = outline(text, url)
    if found is None:
        return None
    inherits = said.inherited(found.head)
    if not is_short(inherits):
        return None
    entries = (said.entry_digest(entry, inherits) for entry in found.entries)
    taken = map(said.tombstone_digest, found.tombstones)
    return Cut("feed", digest(found.kind, length=16), (*entries, *taken), rhythm(text))
