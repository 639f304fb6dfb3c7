"""What every entry has from its feed, beside what it says itself: people and a language. The words of an element.

Apart from all else that an entry says: who only looks whether an entry is new needs no more than this.
"""

import base64
from collections.abc import Iterator

from syndicate import languages
from syndicate.mediatypes import essence
from syndicate.parse.feed.element import Element, Part, language, local, parts, repaired, words
from syndicate.parse.feed.xml import Entry
from syndicate.parse.fields import MOST, characters, names, people, plain, plain_title
from syndicate.text import squeeze

HTML = ("html", "text/html", "application/xhtml+xml")


def inherited(head: Entry) -> tuple[str, ...]:
    """What every entry has from its feed."""
    return (*authors(head), stated_language(head, head) or "")


def authors(entry: Entry, feed: Entry | None = None) -> tuple[str, ...]:
    """Names, else addresses. An Atom entry without one has its source's or its feed's (RFC 4287 section 4.2.1)."""
    own = all_of(entry, ("atom", "author"), ("rss", "author"), ("rss", "creator"), ("dc", "creator"), ("dc", "author"))
    others = all_of(entry, ("itunes", "author"), ("", "author"), ("", "creator"))
    found = _people(own) or _people(others)
    if found or feed is None:
        return found
    sources = [Entry(p.element, parts(p.element, kind="atom")) for p in all_of(entry, ("atom", "source"))]
    return next((said for around in (*sources, feed) if (said := authors(around))), ())


def stated_language(entry: Entry, feed: Entry) -> str | None:
    """dc:language, else xml:lang, else the feed's."""
    own = languages.first(texts(entry, ("dc", "language"), ("rss", "language")))
    within = (
        language(part.element)
        for name in ("content", "encoded", "fullitem", "body", "summary", "description", "title")
        for part in entry.parts
        if part.name == name and part.vocabulary != "media"
    )
    inner = next(filter(None, within), None)
    around = languages.first(texts(feed, ("rss", "language"), ("dc", "language")))
    return own or inner or entry.language or around or feed.language


def plain_text(part: Part) -> str:
    """The words of a text construct. Atom says what a text is (RFC 4287 section 3.1); elsewhere it is to be guessed."""
    element = part.element
    if len(element):
        return squeeze(repaired("".join(_shown(element))))
    text = repaired(element.text or "")
    if element.get("mode") == "base64" or element.get("type") == "application/octet-stream":  # Atom 0.3
        try:
            text = base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except ValueError:
            return ""
    if part.vocabulary != "atom":
        return plain_title(text)
    return plain(text) if essence(element.get("type") or "") in HTML else characters(text)


def all_of(entry: Entry, *keys: tuple[str, str]) -> list[Part]:
    """In the order of the entry."""
    named = [said for key in keys if (said := entry.named.get(key))]
    if len(named) < 2:
        return named[0] if named else []
    return [part for part in entry.parts if (part.vocabulary, part.name) in keys]


def texts(entry: Entry, *keys: tuple[str, str]) -> Iterator[str]:
    """In the order of the keys."""
    return (text for key in keys for part in entry.named.get(key, ()) if (text := plain_text(part)))


def _shown(element: Element) -> Iterator[str]:
    """The text in an element, without that of its scripts."""
    if local(element) not in ("script", "style"):
        yield element.text or ""
        for child in element:
            yield from _shown(child)
            yield child.tail or ""


def _people(stated: list[Part]) -> tuple[str, ...]:
    return names(name for part in stated[:MOST] for name in people(_named(part.element)))


def _named(element: Element) -> str:
    if not len(element):
        return words(element)
    inner = {local(child): words(child) for child in reversed(element) if words(child)}
    return next((inner[key] for key in ("name", "email", "uri", "url", "homepage") if key in inner), words(element))
