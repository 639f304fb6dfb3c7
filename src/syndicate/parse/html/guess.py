"""The text of a page whose markup does not tell, or tells it wrong: what trafilatura finds, if it is enough."""

import re
from html import escape
from importlib import import_module

from lxml.html import HtmlElement

from syndicate.markup import BLOCKS, UNSEEN
from syndicate.parse.fields import plain
from syndicate.parse.html.body import markup
from syndicate.parse.html.pieces import called
from syndicate.parse.plaintext import prose
from syndicate.parse.tree import tree, words

_OTHER = frozenset({"nav", "footer", "aside", "dialog", "form", *UNSEEN})
_NAMED = re.compile(r"cookie|consent|gdpr|dsgvo|newsletter|comment|kommentar|breadcrumb")
_PARAGRAPHS = ("p", "li", "div", "td", "dt", "dd", "blockquote", "section", "h2", "h3", "h4")
_MOST = 500  # paragraphs
_LEAST = 200  # characters that a release tells in at least two paragraphs
_OPENING = 60  # characters by which a paragraph is found again


def guessed(source: str, url: str | None) -> str | None:
    """HTML; None where the page tells next to nothing."""
    page = tree(source)
    texts = _texts(page) if page is not None else []
    told = [text for text in texts if prose(text)]
    if len(told) < 2 or sum(map(len, told)) < _LEAST:
        return None
    extract = import_module("trafilatura").extract  # 0.3 s: few pages need it
    found = extract(
        source, url=url, output_format="html", include_links=True, include_tables=True, include_comments=False
    )
    root = tree(found) if found else None
    content = markup(list(root.iter("body"))) if root is not None else None
    said = plain(content or "")
    own = texts[texts.index(told[0]) : texts.index(told[-1]) + 1]
    if all(text[:_OPENING] in said for text in own):
        return content
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in own)


def _texts(page: HtmlElement) -> list[str]:
    """The paragraphs of the page's own part, each once."""
    found: dict[str, None] = {}
    outside: set[HtmlElement] = set()
    for part in page.iter():
        if part not in outside and (part.tag in _OTHER or _NAMED.search(called(part))):
            outside.update(part.iter())
    for element in page.iter(*_PARAGRAPHS):
        inner = (child for child in element.iterdescendants() if child.tag in BLOCKS and child.tag != "br")
        if next(inner, None) is not None:
            continue
        text = words(element)
        if text and element not in outside:
            found[text] = None
    return [*found][:_MOST]
