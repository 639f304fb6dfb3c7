"""What stands in a head, in so few characters that each version of it is remembered by them: one digest of each entry.

Equal digests, equal bytes: what a reader of one version has in common with another is known without either document.
"""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import blake2b

from syndicate.model import Tombstone

_SIZE = 6  # bytes: of two heads of a hundred entries, one in some ten billions has two that are mistaken for equal
WIDTH = 8  # characters of a digest in base64


def of_entry(body: bytes) -> str:
    """Of the lines of one entry, as they stand in a document."""
    return b64encode(blake2b(body, digest_size=_SIZE).digest()).decode()


def of_tombstone(tombstone: Tombstone) -> str:
    """Of what a document says of it, as a tombstone or as a notice."""
    return of_entry(repr(tombstone).encode())


def joined(digests: Sequence[str]) -> str:
    """As the store keeps them (`Version.positions`)."""
    return "".join(digests)


def split(positions: str) -> frozenset[str]:
    """What was joined."""
    return frozenset(positions[at : at + WIDTH] for at in range(0, len(positions), WIDTH))
