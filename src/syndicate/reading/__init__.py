"""Captures → releases ready to be decided on: parse and normalise, with the files that lie beside a release.

captures      the documents of a poll, each in a process with limits
read          one document
values        what they come to
told          what the next poll is to know of an entry
judging       what a source's rules say of an entry, in a bounded time
difference    which entries of a document have to be read, beside what is kept of the last one
fingerprint   of what reads: the program's rooms, and what a source's configuration has to do with it
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.reading.captures import read
    from syndicate.reading.difference import Difference, name, signature, signatures
    from syndicate.reading.fingerprint import reader_of, rooms, words_by
    from syndicate.reading.judging import OFTEN, Judge, bounded, within
    from syndicate.reading.read import form_of, items_of, read_one, understood, unread_date
    from syndicate.reading.run import Run, modules
    from syndicate.reading.told import Told
    from syndicate.reading.values import Reading

__all__ = [
    "OFTEN",
    "Difference",
    "Judge",
    "Reading",
    "Run",
    "Told",
    "bounded",
    "form_of",
    "items_of",
    "modules",
    "name",
    "read",
    "read_one",
    "reader_of",
    "rooms",
    "signature",
    "signatures",
    "understood",
    "unread_date",
    "within",
    "words_by",
]

by_need(
    __name__,
    {
        "fingerprint": ("reader_of", "rooms", "words_by"),
        "captures": ("read",),
        "difference": ("Difference", "name", "signature", "signatures"),
        "judging": ("OFTEN", "Judge", "bounded", "within"),
        "read": ("form_of", "items_of", "read_one", "understood", "unread_date"),
        "run": ("Run", "modules"),
        "told": ("Told",),
        "values": ("Reading",),
    },
)
