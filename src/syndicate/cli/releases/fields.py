"""What `releases edit` is given, as fields of a release: clean as if a source had said so."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from syndicate import languages
from syndicate.cli.options import WrongUse
from syndicate.errors import ParseError
from syndicate.fetch import MAX_BYTES
from syndicate.model import Embargo, Release, Source
from syndicate.normalise import as_item, clean_html, lines, normalise
from syndicate.notices import embargo, ends, stated_embargo
from syndicate.parse import decode, frontmatter, paragraphs, parse
from syndicate.text import local, squeeze

_HEADS = ("title", "teaser", "kicker")
_WORDS = (*_HEADS, "language")
_BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|$)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """The options, as typed; `body` is a file's name, - is standard input."""

    title: str | None = None
    teaser: str | None = None
    kicker: str | None = None
    body: str | None = None
    language: str | None = None
    embargo: str | None = None


def edited(given: Given, release: Release, source: Source, zone: ZoneInfo, *, now: datetime) -> dict[str, Any]:
    """Field of `Release` → its new value, None where it is to be without one. WrongUse where one cannot be used."""
    words: dict[str, Any] = {name: said for name in _WORDS if (said := getattr(given, name)) is not None}
    for name in ("title", "language"):
        if name in words and not squeeze(words[name]):
            raise WrongUse(f"--{name} says nothing, and a release needs one")
    if given.body is not None:
        words["content"] = _content(given.body, words.get("title", release.title))
    fields = _cleaned(words, release, source, now)
    if given.language is not None and not languages.tag(given.language):
        raise WrongUse(f'"{given.language}" is no language (like de, en, de-CH)')
    if given.body is not None and not fields["content"]:
        raise WrongUse(f"{given.body} holds no text")
    if given.embargo is not None:
        return fields | {"embargo": _embargo(given.embargo, release, zone, now)}
    said = embargo.find(*(words.get(name) for name in _HEADS), lines(clean_html(words.get("content", ""), None)))
    if said and release.state != "embargoed" and not _has_ended(ends.read(said, _day(release, zone), zone), now):
        raise WrongUse(f"the text states an embargo ({said}), but the release is under none: take that line away")
    return fields


def _cleaned(words: Mapping[str, Any], release: Release, source: Source, now: datetime) -> dict[str, Any]:
    """These words as they come out of what a source would have to say."""
    made = normalise(replace(as_item(release), **words), source, now=now)
    if not isinstance(made, Release):
        raise WrongUse(made.reason)
    return {name: getattr(made, name) for name in words}


def _embargo(said: str, release: Release, zone: ZoneInfo, now: datetime) -> Embargo:
    if not stated_embargo(said):
        raise WrongUse(f"an embargo is ended by `syndicate releases lift {release.id}`")
    held = ends.read(said, _day(release, zone), zone)
    if _has_ended(held, now):
        raise WrongUse(f"{local(held.until, zone)} has passed; `syndicate releases lift {release.id}` ends an embargo")
    return held


def _day(release: Release, zone: ZoneInfo) -> date | None:
    return release.stated.astimezone(zone).date() if release.stated else None


def _has_ended(held: Embargo, now: datetime) -> bool:
    return held.until is not None and held.until <= now


def _content(name: str, title: str) -> str:
    """A file's text as HTML, by the ending of its name; standard input is plain text."""
    try:
        text = decode(_bytes(name))
    except ParseError as error:
        raise WrongUse(f"{name}: {error}") from error
    suffix = Path(name).suffix.lower()
    if suffix in (".md", ".markdown"):
        return _markdown(name, text, title)
    if suffix in (".html", ".htm"):
        match = _BODY.search(text)
        return match[1] if match else text
    return paragraphs(text.replace("\r\n", "\n").replace("\r", "\n"))


def _markdown(name: str, text: str, title: str) -> str:
    """Read as a release's file is, where a heading that repeats the title is no part of the text."""
    fields, _ = frontmatter.split(text)
    if fields is not None:
        # Its embargo would be passed over, so would its title.
        raise WrongUse(f"{name} has front matter; --body takes a text alone")
    titled = f"---\ntitle: {json.dumps(squeeze(title), ensure_ascii=False)}\n---\n{text}"
    (item,) = parse(titled.encode(), format="markdown")
    return item.content or ""


def _bytes(name: str) -> bytes:
    try:
        if name == "-":
            body = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongUse(f"{name}: cannot be read: {error.strerror}") from error
    if len(body) > MAX_BYTES:
        raise WrongUse(f"{name} is larger than {MAX_BYTES:,} bytes")
    return body
