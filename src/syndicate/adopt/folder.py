"""What another store has published, found in its folder: feeds by their chains, pages, files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from syndicate.adopt.feed import FeedDocument, feed_document
from syndicate.adopt.page import PublishedPage, published_page
from syndicate.errors import ParseError, PublishError, StoreError
from syndicate.formats import FORMATS
from syndicate.mediatypes import UNKNOWN, media_type
from syndicate.model import Media, Plan, Site
from syndicate.placement import Kind
from syndicate.publish import folder_of, gzip_of
from syndicate.render import feed_path
from syndicate.store import ALL, Written

NOT_READ_BACK = "nothing is read back from one; go back to a backup of its store (`syndicate restore PATH`)"
_ATOM = FORMATS["atom"].suffix
_SUFFIXES = "|".join([*(row.suffix for row in FORMATS.values()), "html"])
_HEAD = re.compile(rf"([a-z0-9-]+)\.(?:{_SUFFIXES})")
_CLOSED = re.compile(rf"([a-z0-9-]+)/(\d+)\.(?:{_SUFFIXES})")
_PAGE = re.compile(r"releases/([a-z0-9]{12})\.html")
_ALONE = re.compile(rf"releases/([a-z0-9]{{12}})\.(?:{'|'.join(r.suffix for r in FORMATS.values() if r.releases)})")
_MEDIA = re.compile(r"media/([0-9a-f]+)/([^/]+)")
_SITE = re.compile(
    r"index\.html|404\.html|topics\.opml|feed\.css|icon\.(?:png|svg)|favicon\.ico|robots\.txt|sitemap\.xml"
    r"|sitemaps/[a-z0-9]+\.xml"
)


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """A topic's chain, the head first, and the numbers of its archive pages in that order."""

    topic: str
    documents: tuple[FeedDocument, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """`aliases`: an earlier id whose files are copies → the topic whose they are."""

    site: Site  # as it was when it was published
    feeds: tuple[PublishedFeed, ...]
    aliases: Mapping[str, str]
    pages: Mapping[str, PublishedPage] = field(default_factory=dict)  # by id
    media: Mapping[str, Path] = field(default_factory=dict)  # by path below the folder
    files: Mapping[str, Path] = field(default_factory=dict)  # the others that are of our layout, by path


def folder(plan: Plan, now: datetime) -> Folder:
    """What is published there. PublishError where there is nothing that can be read back, or half of it is missing."""
    directory = folder_of(plan.publish.directory, NOT_READ_BACK)
    try:
        found = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
        for name in [name for name in found if gzip_of(name.removesuffix(".gz")) == name]:
            del found[name]  # the same compressed: made anew of the file
        heads = {m[1]: _read(directory, name) for name in sorted(found) if (m := _HEAD.fullmatch(name)) and _atom(name)}
        if ALL not in heads:
            raise PublishError(f"{directory}: has no {ALL}.{_ATOM}, so nothing can be adopted from it")
        base = heads[ALL].address.removesuffix(f"{ALL}.{_ATOM}")
        site = replace(plan.site, base_url=base, language=heads[ALL].language)
        own = {topic: head.address.removeprefix(base).removesuffix(f".{_ATOM}") for topic, head in heads.items()}
        pages = {
            m[1]: published_page(m[1], p.read_bytes(), site, now) for n, p in found.items() if (m := _PAGE.fullmatch(n))
        }
        return Folder(
            site=site,
            feeds=tuple(_chain(directory, topic, head, base) for topic, head in heads.items() if own[topic] == topic),
            aliases={alias: topic for alias, topic in own.items() if alias != topic},
            pages=pages,
            media={name: path for name, path in found.items() if _MEDIA.fullmatch(name)},
            files={name: path for name, path in found.items() if not _MEDIA.fullmatch(name)},
        )
    except ParseError as error:
        raise PublishError(f"{directory}: cannot be adopted: {error}") from error
    except OSError as error:
        raise StoreError(f"{error.filename or directory}: cannot be read: {error.strerror}") from error


def _atom(name: str) -> bool:
    return name.endswith(f".{_ATOM}")


def _read(directory: Path, path: str) -> FeedDocument:
    return feed_document((directory / path).read_bytes(), path)


def _chain(directory: Path, topic: str, head: FeedDocument, base: str) -> PublishedFeed:
    """From the head by prev-archive. PublishError where a page is missing: what stood on it would be lost."""
    documents, numbers = [head], list[int]()
    while (older := documents[-1].older) is not None:
        path = older.removeprefix(base)
        closed = _CLOSED.fullmatch(path)
        if closed is None or path != feed_path(topic, _ATOM, int(closed[2])) or int(closed[2]) in numbers:
            raise PublishError(f"{directory / feed_path(topic, _ATOM)}: its chain of archive pages leads to {older}")
        if not (directory / path).is_file():
            raise PublishError(
                f"{directory / path}: is missing; put it back from a copy of the folder, or what stood on it is lost"
            )
        documents.append(_read(directory, path))
        numbers.append(int(closed[2]))
    return PublishedFeed(topic, tuple(documents), tuple(numbers))


def media_of(there: Folder) -> Iterator[Media]:
    """The files beside releases, as a store keeps them."""
    for name, path in there.media.items():
        if found := _MEDIA.fullmatch(name):
            yield Media(found[1], found[2], media_type(found[2]) or UNKNOWN, path.read_bytes())


def written(there: Folder, shown_by: Mapping[str, tuple[str, ...]]) -> Iterator[Written]:
    """Whose each file is, so that what is out of date goes. `shown_by`: media path → releases.

    What is not of our layout is nobody's, and stays.
    """
    ids = {feed.topic: {*feed.numbers} for feed in there.feeds}

    def owner(name: str) -> tuple[Kind, str] | None:
        if _SITE.fullmatch(name):
            return "site", ""
        if found := _PAGE.fullmatch(name) or _ALONE.fullmatch(name):
            return "release", found[1]
        if found := _HEAD.fullmatch(name) or _CLOSED.fullmatch(name):
            topic = there.aliases.get(found[1], found[1])
            if topic not in ids:
                return None
            number = int(found[2]) if found.re is _CLOSED else None
            return ("page", f"{topic}/{number}") if number in ids[topic] else ("topic", topic)
        return None

    for name, path in there.files.items():
        if whose := owner(name):
            yield Written(name, _hash(path), *whose)
    for name, path in there.media.items():
        for release in shown_by.get(name, ()):
            yield Written(name, _hash(path), "release", release)
        if name not in shown_by:  # nobody shows it any more
            yield Written(name, _hash(path), "site", "")


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
