"""What a value must be to stand in a document, and how a fault is told. Pure."""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from syndicate.addresses import is_address, is_id, is_iri, is_link, is_public
from syndicate.mediatypes import is_media_type
from syndicate.text import squeeze

_SHOWN = 200  # characters of a value that a fault quotes

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RFC_822 = re.compile(  # with the year of four digits that RSS 2.0 prefers
    rf"(?:({'|'.join(_DAYS)}), )?\d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{{4}} "
    r"\d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|UT|GMT|[ECMP][SD]T|Z)",
    re.ASCII,
)


class Fault(NamedTuple):
    """`entry` is the id of the entry whose fault it is, "" where that has none; None: the document's own."""

    text: str
    entry: str | None = None

    def __str__(self) -> str:
        if self.entry is None:
            return self.text
        return f"entry {squeeze(self.entry)[:_SHOWN] or 'without id'}: {self.text}"


class Kind(NamedTuple):
    """What a value may be: in words, and as a test."""

    words: str
    admits: Callable[[str], object]


def wrong(name: str, value: object, kind: Kind) -> tuple[str, ...]:
    """The reason why `value` cannot be the `name` of something, if there is one; None is a value that is not there."""
    if value is None:
        return (f"no {name}",)
    if not isinstance(value, str):
        return (f"{name} is not {kind.words}",)
    return () if kind.admits(value) else (f"{name} {value[:_SHOWN]!r} is not {kind.words}",)


def _timestamp(text: str) -> bool:
    if not _RFC_3339.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mail_date(text: str) -> bool:
    shape = _RFC_822.fullmatch(text)
    if not shape:
        return False
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return False
    return shape[1] in (None, _DAYS[moment.weekday()])


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


TEXT = Kind("text", str.strip)
ID = Kind("an absolute IRI", is_iri)
SOURCE_ID = Kind("a web address, a tag or a URN", is_id)
WEB = Kind("an absolute http or https address", is_address)
ENCLOSURE = Kind("an http or https address with a public host", is_public)
LINK = Kind("an absolute http, https or mailto address", is_link)
MEDIA_TYPE = Kind("a media type", is_media_type)
TIMESTAMP = Kind("a date with a zone (RFC 3339)", _timestamp)
MAIL_DATE = Kind("a date (RFC 822)", _mail_date)
DIGITS = Kind("a number of bytes", _digits)
