"""The frame of every page: templates, the style in it, what its head and its foot say. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from syndicate.addresses import mailto
from syndicate.errors import RenderError
from syndicate.mediatypes import TYPES, media_type
from syndicate.model import Document, Media, Site
from syndicate.render.address import absolute
from syndicate.render.shown import Link
from syndicate.render.templates import environment
from syndicate.render.words import words


def _stylesheet() -> tuple[Markup, str]:
    """The style of all pages, in one line, and the policy that allows it, images and media alone (CSP 3)."""
    source = environment.get_template("style.css").render()
    style = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src http: https:; media-src http: https:; "
        "base-uri 'none'; form-action 'none'"
    )
    return Markup(style), policy  # noqa: S704 - our own file


_STYLE, _POLICY = _stylesheet()
_POLICY_SHOWN = str(escape(_POLICY))
_PAGES = {name: environment.get_template(name) for name in ("index.html", "topic.html", "release.html", "notice.html")}


def framed(template: str, path: str, site: Site, *, title: str, **values: Any) -> Document:
    """`canonical` is empty for what no search engine should keep; `atom_id` is a release's. Raises RenderError."""
    text = _PAGES[template].render(
        {"description": "", "canonical": "", "discovery": (), "atom_id": "", "newer": "", "older": "", **values},
        site=site,
        title=title,
        word=words(site.language),
        style=_STYLE,
        policy=_POLICY,
        footer=_footer(site),
        icon_type=media_type(site.icon),
    )
    try:
        return Document(path, TYPES[".html"], text.encode())
    except UnicodeEncodeError as error:
        raise RenderError(f"{path}: {error}") from error


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
