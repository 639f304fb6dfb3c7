"""Styles. What a browser shows of a feed: a style sheet, published beside the feeds. Pure.

A style in CSS alone: it works on any server, and browsers have dropped XSLT. Feed readers never ask for it.
"""

import base64
import hashlib
import re

from markupsafe import Markup

from syndicate.mediatypes import TYPES
from syndicate.model import Document, FeedPage, Site
from syndicate.render.templates import environment
from syndicate.render.words import words

_PATH = "feed.css"


def stylesheet(site: Site) -> Document:
    """`feed.css`, which speaks the site's language."""
    said = Markup(_quoted(words(site.language)["feed_text"]))  # noqa: S704 - our own words
    text = environment.get_template(_PATH).render(feed_text=said)
    return Document(_PATH, TYPES[".css"], text.encode())


def colours() -> str:
    """And kinds of letters, light and dark, as variables: what each style of our own stands behind."""
    return environment.get_template("colours.css").render()


def inlined(source: str) -> tuple[Markup, str]:
    """A style of our own in one line, as it stands in a page, and the source that a policy allows it by (CSP 3)."""
    style = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(style), f"'sha256-{digest}'"  # noqa: S704 - our own file


def styled(document: bytes, page: FeedPage) -> bytes:
    """The page as an XML document that names its style behind its declaration; relative: any address of it will do."""
    declaration, end, rest = document.partition(b"?>\n")
    way = "../" * (page.below.count("/") + (page.number is not None)) + _PATH
    return declaration + end + f'<?xml-stylesheet type="text/css" href="{way}"?>\n'.encode() + rest


def _quoted(text: str) -> str:
    """A string of CSS (Syntax, section 4.3.5); the words are ours, of one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
