"""A page in the formats that are wanted of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from typing import Any

from syndicate.errors import RenderError
from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Release
from syndicate.render.address import feed_path
from syndicate.render.page import Content


def render(page: FeedPage, formats: Iterable[str]) -> tuple[Document, ...]:
    """The page in each of these formats, in their order; an archive page only in those that have archives.

    RenderError names the format and, where it is one release's fault, that release.
    """
    content = _load("syndicate.render.content", "contents")(page)
    return tuple(_document(page, name, content) for name in _having(page, formats))


def feed_paths(page: FeedPage, formats: Iterable[str]) -> tuple[str, ...]:
    """Where `render` would put the page in these formats."""
    return tuple(feed_path(page.topic.id, FORMATS[name].suffix, page.number) for name in _having(page, formats))


def _having(page: FeedPage, formats: Iterable[str]) -> Iterator[str]:
    """Those of the formats that have such a page: not each has archives."""
    return (name for name in formats if page.number is None or FORMATS[name].archive)


def _document(page: FeedPage, name: str, content: Content) -> Document:
    form = FORMATS[name]
    path = feed_path(page.topic.id, form.suffix, page.number)
    function = partial(_load(f"syndicate.render.{form.renderer}", "render"), content=content)
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


@cache
def _load(module: str, function: str) -> Callable[..., Any]:
    loaded: Callable[..., Any] = getattr(import_module(module), function)
    return loaded
