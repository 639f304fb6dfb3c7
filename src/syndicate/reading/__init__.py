"""Captures → releases ready to be decided on: parse and normalise, with the files that lie beside a release.

read          documents, each in a process with limits; a single one
fingerprint   of what reads: the program's rooms, and what a source's configuration has to do with it
"""

from syndicate.reading.fingerprint import reader_of, rooms
from syndicate.reading.read import Reading, Run, form_of, items_of, read, read_one, understood, unread_date

__all__ = [
    "Reading",
    "Run",
    "form_of",
    "items_of",
    "read",
    "read_one",
    "reader_of",
    "rooms",
    "understood",
    "unread_date",
]
