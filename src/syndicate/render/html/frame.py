"""The frame of every page: templates, the style in it, what its head and its foot say. Pure."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from syndicate.addresses import mailto
from syndicate.errors import RenderError
from syndicate.mediatypes import TYPES, media_type
from syndicate.model import Document, Media, Site
from syndicate.render.address import absolute
from syndicate.render.page import Joined
from syndicate.render.shown import Link
from syndicate.render.stylesheet import inlined
from syndicate.render.templates import environment
from syndicate.render.words import words


def _stylesheet(*files: str) -> tuple[Markup, str]:
    """The style of pages, in one line, and the policy that allows it, images and media alone (CSP 3)."""
    style, allowed = inlined("\n".join(environment.get_template(file).render() for file in files))
    policy = (
        f"default-src 'none'; style-src {allowed}; img-src http: https:; media-src http: https:; "
        "base-uri 'none'; form-action 'self'"
    )
    return style, policy


_STYLE, _POLICY = _stylesheet("colours.css", "style.css")
_STYLES = {"search.html": _stylesheet("colours.css", "style.css", "search.css")}  # of pages with more than all have
_POLICY_SHOWN = str(escape(_POLICY))
_DOCTYPE = b"<!DOCTYPE html>\n"
_BASE = environment.get_template("base.html")
_TEMPLATES = ("index.html", "topic.html", "release.html", "notice.html", "search.html")
_PAGES = {name: environment.get_template(name) for name in _TEMPLATES}
_HEAD: Any = environment.get_template("head.html").module
_HOLES = (Markup("<!--head-->"), Markup("<!--main-->"))  # no text has one: what is not ours is escaped
_SITES = 8  # whose frames are remembered: one has two


class Frame(NamedTuple):
    """What is the same on all pages of a site: before, between and behind what a page has of its own."""

    before: bytes
    between: bytes
    behind: bytes

    def around(self, head: bytes, main: bytes) -> bytes:
        return b"".join((self.before, head, self.between, main, self.behind))


@lru_cache(_SITES)
def frame(site: Site, *, first: bool = False, template: str = "") -> Frame:
    """`first`: of the page that all others lead to; `template`: of one with a style of its own."""
    head, main = _HOLES
    style, policy = _STYLES.get(template, (_STYLE, _POLICY))
    text = _BASE.render(
        site=site,
        word=words(site.language),
        style=style,
        policy=policy,
        footer=_footer(site),
        first=first,
        head=head,
        main=main,
    )
    before, _, rest = text.partition(head)
    between, _, behind = rest.partition(main)
    return Frame(before.encode(), between.encode(), behind.encode())


class Head(NamedTuple):
    """What a page says of itself to browsers and search engines.

    `canonical` is empty for what none of these should keep. `atom_id` is a release's, `article` what is said of one.
    """

    title: str
    description: str = ""
    canonical: str = ""
    atom_id: str = ""
    feeds: Markup = Markup()
    newer: str = ""
    older: str = ""
    article: Markup = Markup()


def empty(site: Site, *, first: bool = False) -> Document:
    """A page with nothing of its own: it is checked once for all of them."""
    return Document("", TYPES[".html"], frame(site, first=first).around(b"<title>-</title>", b"<h1>-</h1>"))


def framed(template: str, path: str, site: Site, head: Head, /, *, first: bool = False, **values: Any) -> Joined:
    """A page at this path, and what it has of its own: all that does not stand on each. Raises RenderError."""
    main = _PAGES[template].render(values, site=site, title=head.title, word=words(site.language))
    try:
        own = (_HEAD.head(head, site, media_type(site.icon)).encode(), main.encode())
    except UnicodeEncodeError as error:
        raise RenderError(f"{path}: {error}") from error
    styled = template if template in _STYLES else ""
    return Joined(frame(site, first=first, template=styled).around(*own), b"".join((_DOCTYPE, *own)))


def alone(page: Document, files: Iterable[Media], site: Site) -> Document:
    """The page as one file that can be opened where nothing is published yet: with its own pictures and films in it."""
    text = page.body.decode().replace(_POLICY_SHOWN, _POLICY_SHOWN.replace("http: https:", "http: https: data:"))
    for file in files:
        address = escape(absolute(f"media:{file.hash}/{file.name}", site))
        data = f"data:{file.type};base64,{base64.b64encode(file.body).decode()}"
        for attribute in ("src", "poster"):
            text = text.replace(f' {attribute}="{address}"', f' {attribute}="{data}"')
    return replace(page, body=text.encode())


def _footer(site: Site) -> list[Link]:
    word = words(site.language)
    known = (
        ("imprint", site.imprint_url),
        ("privacy", site.privacy_url),
        ("accessibility", site.accessibility_url),
    )
    links = [Link(word[key], url) for key, url in known if url]
    if not site.contact:
        return links
    if urlsplit(site.contact).scheme in ("http", "https", "mailto"):
        return [*links, Link(word["contact"], site.contact)]
    return [*links, Link(f"{word['contact']}: {site.contact}", mailto(site.contact))]
