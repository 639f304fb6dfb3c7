"""Item → Release, or why not. Pure: `now` is handed in, ids and first-seen are proposals that `revise` replaces.

Law: `normalise(as_item(release)) == release`, but for what only `revise` and `classify` give, and
keys of an earlier form.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from syndicate import languages, mediatypes
from syndicate.markup import plain
from syndicate.model import Contact, Embargo, Enclosure, Image, Item, Rejected, Related, Release, Source
from syndicate.normalise import html, identity
from syndicate.normalise.html import clean_html, headings, lines, words
from syndicate.normalise.identity import Match, Named, keys, keys_under, plain_match
from syndicate.notices import dates, embargo, ends, takes_back
from syndicate.text import squeeze
from syndicate.urls import WEB, clean_url

__all__ = [
    "Match",
    "Named",
    "as_item",
    "clean_html",
    "headings",
    "headlines",
    "keys",
    "keys_under",
    "lines",
    "normalise",
    "plain",
    "plain_match",
    "words",
]

_SENTENCE = re.compile(r"(.{20,140}?[.!?…][“\"»]?)(?=\s|$)|(.{1,140})(?=\s|$)|(.{1,140})")
_UNREAD = 200  # characters of a date that nobody can read
_EMBARGO_LINE = 100  # characters; what is longer says more than that
_LONGEST = 2_000_000  # characters of one release: cleaning more takes a minute
_MOST = 200  # categories, images, enclosures, authors of one release: feedgen needs half a minute for 10,000


def normalise(  # size: a row for each field
    item: Item, source: Source, *, now: datetime, match: Match = plain_match
) -> Release | Rejected:
    """What we would hold of `item`; Rejected with the reason where that is nothing.

    `match`: how an operator's regular expression is searched for; None: it takes too long.
    """
    if item.damage:
        return Rejected(_where(item), item.damage)
    if len(item.content or "") > _LONGEST:
        return Rejected(_where(item), f"its text is longer than {_LONGEST:,} characters")
    base = item.base or item.url
    url = clean_url(item.url, item.base) if item.url else None
    content = html.clean_html(item.content or "", base, media=bool(item.path), images=source.images == "show")
    text = plain(content)
    heads = (item.title, item.teaser, item.kicker, item.kind, html.lines(text))
    printed = () if item.headline else embargo.told(heads)
    content, text = html.without_lines(content, text, _is_embargo)
    teaser = _words(item.teaser)
    teaser = None if teaser and _is_embargo(teaser) else teaser
    stated_title = _words(item.title)
    gone = not item.headline and takes_back(stated_title, [teaser or "", *text.split("\n\n")])
    told_title = stated_title or _first_sentence(teaser or text)
    language = languages.tag(item.language) or source.language
    title = told_title or ("Ohne Titel" if language.lower().startswith("de") else "Untitled")
    kicker = _words(item.kicker)
    inferred = () if stated_title else ("title",)
    times = _times(item, source, (item.embargo, *printed), now, inferred)
    stated = [times.stated.isoformat() if times.stated else ""]
    if times.stated and not dates.read(item.published, ZoneInfo(source.timezone)):
        stated.append("")  # an earlier program could not read it
    hashes = identity.hashes(
        source,
        title=told_title or " ".join((title, *html.shown(content))),
        text=f"{teaser or ''} {text}".strip(),
        stated=stated,
    )
    known = keys(Named(item.id, url, item.path), source, hashes, headline=item.headline, match=match)
    release = Release(
        atom_id=identity.proposed_atom_id(item, source, identity.strongest(known, kicker, title)),
        source=source.id,
        url=url,
        kind=_words(item.kind),
        kicker=kicker,
        title=title,
        teaser=teaser,
        content=content,
        language=language,
        images=_images(item, base, source),
        enclosures=_enclosures(item, base),
        related=tuple(r for related in item.related[:_MOST] if (r := _related(related, base, item.path))),
        authors=_distinct(item.authors),
        contact=_contact(item.contact),
        corrects=_words(item.corrects),
        license=clean_url(item.license) if item.license else None,
        categories=_distinct(item.categories),
        topic_names=_distinct(item.topic_names),
        origin=replace(item.origin, url=item.origin.url and clean_url(item.origin.url)) if item.origin else None,
        **times._asdict(),
        first_seen=now,
        headline=item.headline,
        entry=item.entry,
        withdrawn=now if item.withdrawn or gone else None,
        reason=_words(item.reason) or (teaser or text or None if gone else None),
        keys=known,
    )
    if not told_title and not (item.published or _states_anything(release)):
        return Rejected(_where(item), "says nothing at all")
    return release


def headlines(release: Release) -> tuple[Item, ...]:
    """The entries of a release's related block, as items of their own: known by their heads only."""
    return tuple(
        Item(
            kicker=r.topic,
            title=r.title,
            url=r.url,
            teaser=r.teaser,
            published=r.published,
            images=(r.image,) if r.image else (),
            language=release.language,
            headline=True,
        )
        for r in release.related
    )


def as_item(release: Release) -> Item:
    """What a source would have to say for us to hold this release."""
    ids = [key.value for key in release.keys if key.kind == "id"]
    paths = [key.value for key in release.keys if key.kind == "path"]
    held = release.embargo
    return Item(
        id=ids[0] if ids else None,
        url=release.url,
        path=paths[0] if paths else None,
        kind=release.kind,
        kicker=release.kicker,
        title=None if "title" in release.inferred else release.title,
        teaser=release.teaser,
        content=release.content,
        language=release.language,
        published=release.stated or release.unread,
        updated=release.modified,
        embargo=(held.until or held.event) if held else None,
        categories=release.categories,
        topic_names=release.topic_names,
        authors=release.authors,
        images=release.images,
        enclosures=release.enclosures,
        related=release.related,
        contact=release.contact,
        corrects=release.corrects,
        license=release.license,
        withdrawn=release.withdrawn is not None,
        reason=release.reason,
        headline=release.headline,
        entry=release.entry,
        origin=release.origin,
    )


class _Times(NamedTuple):
    """Fields of a release."""

    stated: datetime | None
    unread: str | None
    published: datetime
    modified: datetime | None
    updated: datetime
    embargo: Embargo | None
    lifted: datetime | None
    inferred: tuple[str, ...]


def _times(
    item: Item, source: Source, said: tuple[str | datetime | None, ...], now: datetime, inferred: tuple[str, ...]
) -> _Times:
    """Dates and embargo (semantics: Dates, Embargo)."""
    zone = ZoneInfo(source.timezone)
    stated = dates.parse(item.published, zone)
    day = stated.astimezone(zone).date() if stated else None
    held = _strictest(ends.read(statement, day, zone) for statement in said if statement)
    if held is None and not item.headline and stated and stated > now and source.future == "embargo":
        held = Embargo(until=stated)
    lifted = held.until if held and held.until and held.until <= now else None
    waiting = held is not None and lifted is None
    published = stated
    if published is None or (published > now and not waiting):
        # A date to come is shown as the moment of first showing; under an embargo that moment is its end.
        published, inferred = now, (*inferred, "published")
    modified = dates.parse(item.updated, zone)
    modified = modified if modified and modified <= now else None
    return _Times(
        stated=stated,
        unread=None if stated or not item.published else _words(str(item.published)[:_UNREAD]),
        published=published,
        modified=modified,
        updated=max(published, modified) if modified else published,
        embargo=held,
        lifted=lifted,
        inferred=inferred,
    )


def _strictest(embargoes: Iterable[Embargo]) -> Embargo | None:
    """Of several statements the one that waits for a person, else the latest end."""
    found = list(embargoes)
    waiting = (held for held in found if held.until is None)
    return next(waiting, max(found, key=lambda held: held.until.timestamp() if held.until else 0, default=None))


def _is_embargo(line: str) -> bool:
    """Is this line an embargo's statement and nothing else? It is for the press office, not for readers."""
    return len(line) <= _EMBARGO_LINE and embargo.statement(line) is not None


def _images(item: Item, base: str | None, source: Source) -> tuple[Image, ...]:
    found: dict[Image, None] = {}
    for image in item.images[:_MOST]:
        url = _address(image.url, base, item.path) if image.url and source.images == "show" else None
        kept = Image(url, _words(image.alt), _words(image.caption), _words(image.credit))
        if kept != Image():
            found[kept] = None
    return tuple(found)


def _enclosures(item: Item, base: str | None) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for enclosure in item.enclosures[:_MOST]:
        url = _address(enclosure.url, base, item.path)
        if url and url not in found:
            length = enclosure.length if enclosure.length is not None and 0 <= enclosure.length < 2**63 else None
            found[url] = Enclosure(url, mediatypes.stated(enclosure.type), length, _words(enclosure.title))
    return tuple(found.values())


def _related(related: Related, base: str | None, path: str | None) -> Related | None:
    title = _words(related.title)
    if not title:
        return None
    image = related.image and Image(
        _address(related.image.url, base, path) if related.image.url else None,
        _words(related.image.alt),
        _words(related.image.caption),
        _words(related.image.credit),
    )
    return Related(
        title,
        _words(related.topic),
        clean_url(related.url, base) if related.url else None,
        _words(related.teaser),
        _words(related.published),
        image,
    )


def _address(address: str, base: str | None, path: str | None) -> str | None:
    """Absolute; in a file that names no address of its own, a relative one stays as it is written."""
    if path and base is None and "//" not in address and ":" not in address:
        return squeeze(address) or None
    return clean_url(address, base, WEB | {"media"} if path else WEB)


def _contact(contact: Contact | None) -> Contact | None:
    if contact is None:
        return None
    kept = Contact(_words(contact.name), _words(contact.email), _words(contact.phone))
    return None if kept == Contact() else kept


def _words(text: str | None) -> str | None:
    return squeeze(text) or None if text else None


def _distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in texts[:_MOST] if (word := squeeze(text))))


def _first_sentence(text: str) -> str:
    match = _SENTENCE.match(squeeze(text[:1000]))
    return match[0].strip() if match else ""


def _states_anything(release: Release) -> bool:
    """No entry is lost that has an id, an address, a category, an author, a date or a file, and no words."""
    known = any(key.kind != "hash" for key in release.keys)
    names = release.kicker or release.categories or release.authors or release.topic_names
    files = release.images or release.enclosures or html.shown(release.content)
    return bool(known or names or release.stated or files)


def _where(item: Item) -> str:
    return item.path or item.url or item.id or squeeze(item.title or "") or "an entry without a name"
