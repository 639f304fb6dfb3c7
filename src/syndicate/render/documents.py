"""A page in the formats that are wanted of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from typing import Any

from syndicate.errors import RenderError
from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Release, ReleasePage, Site, Tombstone, Topic
from syndicate.render.address import feed_path, release_path
from syndicate.render.page import ALL, Content, Joined


def render(page: FeedPage, formats: Iterable[str]) -> tuple[Document, ...]:
    """The page in each of these formats, in their order; an archive page only in those that have archives.

    RenderError names the format and, where it is one release's fault, that release.
    """
    content = content_of(page)
    return tuple(_document(page, name, content) for name in _having(page, formats))


def joins(name: str) -> bool:
    """Is a document of this format joined of entries that were made one by one?"""
    return _function(name, "joined") is not None


def content_of(page: FeedPage) -> Content:
    """The HTML of releases as entries on this page have it, each composed once."""
    content: Content = _load("syndicate.render.content", "contents")(page)
    return content


def entry(release: Release, page: FeedPage, name: str, content: Content) -> bytes:
    """The lines of a release in this format, which `joins`: the same on every page. RenderError names both."""
    try:
        lines: bytes = _load(_module(name), "entry")(release, page, content(release))
    except Exception as error:  # whatever a library raises
        path = feed_path(page.topic.id, FORMATS[name].suffix, page.number)
        raise RenderError(f"{path}: release {release.id}: {error}") from error
    return lines


def joined(page: FeedPage, name: str, entries: Sequence[bytes]) -> tuple[Document, Document]:
    """The page with these entries in this format, which `joins`; and the same without entries. May raise RenderError.

    The `releases` of the page are left aside.
    """
    form = FORMATS[name]
    path = feed_path(page.topic.id, form.suffix, page.number)
    try:
        made: Joined = _load(_module(name), "joined")(page, entries)
    except Exception as error:
        raise RenderError(f"{path}: {error}") from error
    return Document(path, form.media_type, made.whole), Document(path, form.media_type, made.frame)


def of_release(page: ReleasePage, name: str) -> Document:
    """A release by itself, in a format that has a document for each. RenderError names it."""
    release = page.release
    alone = FeedPage(
        site=page.site,
        topic=Topic(ALL, page.site.title),
        atom_id=release.atom_id,
        updated=release.updated,
        releases=(release,),
        topics=page.topics,
        links=page.links,
        corrections={release.id: page.corrections},
        content={release.source or "": page.content},
    )
    return _by_itself(release.id, name, partial(_load(_module(name), "alone"), release, alone))


def of_withdrawn(tombstone: Tombstone, site: Site, name: str) -> Document:
    """What stands there for good once it is withdrawn: nothing of its words."""
    return _by_itself(tombstone.id, name, partial(_load(_module(name), "withdrawn"), tombstone, site))


def _by_itself(release: str, name: str, make: Callable[[], bytes]) -> Document:
    form = FORMATS[name]
    path = release_path(release, form.suffix)
    try:
        return Document(path, form.media_type, make())
    except Exception as error:  # whatever a library raises
        raise RenderError(f"{path}: {error}") from error


def has_page(page: FeedPage, name: str) -> bool:
    """Is there such a page in this format? Not each has archives."""
    return page.number is None or FORMATS[name].archive


def feed_paths(page: FeedPage, formats: Iterable[str]) -> tuple[str, ...]:
    """Where `render` would put the page in these formats."""
    return tuple(feed_path(page.topic.id, FORMATS[name].suffix, page.number) for name in _having(page, formats))


def _having(page: FeedPage, formats: Iterable[str]) -> Iterator[str]:
    return (name for name in formats if has_page(page, name))


def _document(page: FeedPage, name: str, content: Content) -> Document:
    form = FORMATS[name]
    path = feed_path(page.topic.id, form.suffix, page.number)
    function = partial(_load(_module(name), "render"), content=content)
    try:
        return Document(path, form.media_type, function(page))
    except Exception as error:  # whatever a library raises: the caller must learn which release it was
        raise RenderError(f"{path}: {_culprit(page, function)}{error}") from error


def _culprit(page: FeedPage, function: Callable[[FeedPage], bytes]) -> str:
    """The release that cannot be rendered even alone; empty where the page cannot even without releases."""

    def fails(*releases: Release) -> bool:
        try:
            function(replace(page, releases=releases))
        except Exception:
            return True
        return False

    return "" if fails() else next((f"release {release.id}: " for release in page.releases if fails(release)), "")


def _module(name: str) -> str:
    return f"syndicate.render.{FORMATS[name].renderer}"


def _function(name: str, function: str) -> Callable[..., Any] | None:
    found: Callable[..., Any] | None = getattr(import_module(_module(name)), function, None)
    return found


@cache
def _load(module: str, function: str) -> Callable[..., Any]:
    loaded: Callable[..., Any] = getattr(import_module(module), function)
    return loaded
