"""What `releases edit` is given, as fields of a release: clean as if a source had said so."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from syndicate import languages
from syndicate.app import App, topic_rows
from syndicate.cli.named import topics_named
from syndicate.cli.options import WrongUse
from syndicate.cli.releases.picture import Picture, pictured
from syndicate.errors import ParseError
from syndicate.fetch import MAX_BYTES
from syndicate.model import Contact, Embargo, Media, Release, Source
from syndicate.normalise import as_item, clean_html, lines, normalise, plain
from syndicate.notices import contact, dates, embargo, ends, stated_embargo
from syndicate.parse import decode, frontmatter, paragraphs, parse
from syndicate.store import ALL
from syndicate.text import local, squeeze
from syndicate.urls import clean_url, without_secrets

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
    date: str | None = None
    url: str | None = None
    contact: str | None = None
    topic: tuple[str, ...] = ()
    image: Picture = field(default_factory=Picture)

    def says(self, option: str) -> bool:
        return bool(getattr(self, option) != getattr(Given(), option))


def edited(
    given: Given, release: Release, source: Source, program: App, *, now: datetime
) -> tuple[dict[str, Any], tuple[Media, ...]]:
    """(field of `Release` → its new value, None where it is to be without one; the files that these name).

    WrongUse where one cannot be used.
    """
    zone = ZoneInfo(program.plan.site.timezone)
    fields = _written(given, release, source, zone, now)
    media: tuple[Media, ...] = ()
    if given.url is not None:
        fields["url"] = _url(given.url)
    if given.contact is not None:
        said = squeeze(given.contact)
        fields["contact"] = (contact.contact(re.split("[,;] ?", said)) or Contact(name=said)) if said else None
    if given.date is not None:
        fields["stated"] = _date(given.date, zone)
    if given.topic:
        fields["assigned"] = _topics(given.topic, program)
    if given.image != Picture():
        fields["images"], media = pictured(given.image, release)
    if given.embargo is not None:
        dated = replace(release, stated=fields.get("stated", release.stated))
        fields["embargo"] = _embargo(given.embargo, dated, zone, now)
    return fields, media


def _written(given: Given, release: Release, source: Source, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Title, teaser, kicker, body and language."""
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
    stated = embargo.find(
        *(words.get(name) for name in _HEADS), lines(plain(clean_html(words.get("content", ""), None)))
    )
    held = ends.read(stated, _day(release, zone), zone) if stated and given.embargo is None else None
    if held and release.state != "embargoed" and not _has_ended(held, now):
        raise WrongUse(f"the text states an embargo ({stated}), but the release is under none: take that line away")
    return fields


def _url(said: str) -> str | None:
    if not squeeze(said):
        return None
    url = clean_url(said)
    if url is None or without_secrets(said) != said:
        raise WrongUse(f"{said}: is no address of a page (http or https, without a password)")
    return url


def _date(said: str, zone: ZoneInfo) -> datetime:
    if found := dates.parse(said, zone):
        return found
    raise WrongUse(f'"{said}" is no date (like 2026-05-12, 2026-05-12T10:00:00+02:00 or 12. Mai 2026, 10 Uhr)')


def _topics(said: Iterable[str], program: App) -> tuple[str, ...]:
    """Those that there are: a misspelt one would have a feed for ever."""
    rows = [row for row in topic_rows(program.plan, program.store) if row.id != ALL]
    return tuple(row.title for row in topics_named(map(squeeze, said), program.plan, rows))


def _cleaned(words: Mapping[str, Any], release: Release, source: Source, now: datetime) -> dict[str, Any]:
    """These words as they come out of what a source would have to say."""
    made = normalise(replace(as_item(release), **words), source, now=now)
    if not isinstance(made, Release):
        raise WrongUse(made.reason)
    return {name: getattr(made, name) for name in words}


def _embargo(said: str, release: Release, zone: ZoneInfo, now: datetime) -> Embargo:
    """An end that can be read, or an event; what has figures is meant as a time, and would wait for ever."""
    if not stated_embargo(said):
        raise WrongUse(f"an embargo is ended by `syndicate releases lift {release.id}`")
    held = ends.read(said, _day(release, zone), zone)
    if _has_ended(held, now):
        raise WrongUse(f"{local(held.until, zone)} has passed; `syndicate releases lift {release.id}` ends an embargo")
    if held.until is None and (re.search(r"\d", said) or not re.search(r"[^\W\d_]{3}", said)):
        raise WrongUse(
            f'"{said}" is no time that can be read (like 2026-05-12T10:00:00+02:00 or 12. Mai 2026, 10 Uhr);'
            " an event is said without figures, and waits for `releases lift`"
        )
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
