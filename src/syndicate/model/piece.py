"""What is kept of a source's last document: enough to tell which of its entries have to be read."""

from typing import NamedTuple

from syndicate.model.item import Key
from syndicate.model.values import dataclass


class Piece(NamedTuple):
    """An entry of a document, or what it takes back.

    `digest` is of its bytes and of what it inherits (`Item.entry`); None: it cannot be used. `names` are hashes of what
    it is known by in its document. `told`: how its source's last words are signed while they are these; None: it is
    read at each poll. `gone`: what a tombstone means. `dropped`: by a rule, so nothing is held of it.
    """

    digest: str | None
    names: tuple[str, ...] = ()
    told: str | None = None
    gone: Key | None = None
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class LastDocument:
    """The last one that was read and recorded, by which `reader`, with a digest of its `head`; in its own order."""

    reader: str
    head: str
    pieces: tuple[Piece, ...] = ()
