"""What follows the last paragraph of a release on its page: judged by its shape, not by its place or name."""

import re

from lxml.html import HtmlElement

import syndicate.parse.html.facts as facts
import syndicate.parse.html.files as files
import syndicate.parse.html.furniture as furniture
from syndicate.markup import BLOCKS
from syndicate.notices import closings
from syndicate.parse.plaintext import marks, prose
from syndicate.parse.tree import holds_blocks, words

_MOST = 150  # parts at the end that are looked at
_TEXT = 700  # characters
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "dt", "legend", "summary")
_SERVICE = re.compile(
    r"^(?:javascript:|#|mailto:\?|whatsapp:|tg:|fb-messenger:|threema:)|facebook\.com/(?:sharer|share|dialog)|"
    r"(?:twitter|x)\.com/(?:intent|share|home\?status)|linkedin\.com/(?:share|cws)|xing\.com/(?:spi|social|app/user)|wa\.me/|"
    r"t\.me/share|bsky\.app/intent|reddit\.com/submit|pinterest\.\w+/pin|[?&](?:share|print|type=98|view=print|replytocom)\b|"
    r"sendto|send-?to|recommend|weiterempfehl|/print(?:/|$)|druckversion|/rss|/feed/?$|\.rss|\.xml$|/newsletter|"
    r"/(?:tags?|schlagwort|schlagworte|stichwort|keywords?|taxonomy|kategorie|category|themen?)/|@@search|Subject=|/search\?|"
    r"/suche\?",
    re.IGNORECASE,
)
_RELATIONS = frozenset({"tag", "prev", "next", "bookmark", "author", "nofollow-share"})
_FACTS = frozenset({"tags", "author", "number", "page", "topic", "kind", "published", "changed"})


def cut(part: HtmlElement) -> None:
    """Take out what is about the page, behind the last running text; notes, lists and addresses of the release stay."""
    every = _leaves(part)
    told = next((at for at in range(len(every), 0, -1) if _tells(every[at - 1])), 0)
    under: HtmlElement | None = None  # a heading above a page's subjects
    for leaf in every[told:][-_MOST:]:
        if leaf.getparent() is None:
            continue
        text = words(leaf, _TEXT)
        if leaf.tag in _HEADINGS or _label(leaf):
            under = leaf if closings.subjects(text) or closings.closing(text) else None
            if under is not None:
                furniture.drop(leaf)
        elif (under is not None and _linked(leaf)) or of_page(leaf, text):
            furniture.drop(leaf)
    _orphans(part)


def _leaves(part: HtmlElement) -> list[HtmlElement]:
    """The blocks that hold no block, and what stands between blocks without one."""
    found: list[HtmlElement] = []
    mixed: dict[HtmlElement, bool] = {}
    for element in part.iter():
        if not isinstance(element.tag, str) or element is part:
            continue
        parent = element.getparent()
        if element.tag in BLOCKS and element.tag not in ("br", "hr"):
            if not _blocks(element, mixed):
                found.append(element)
        elif parent is not None and (parent is part or _blocks(parent, mixed)) and not _blocks(element, mixed):
            found.append(element)
    return [leaf for leaf in found if words(leaf, 3)]


def _blocks(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    if element not in known:
        known[element] = holds_blocks(element)
    return known[element]


def _tells(leaf: HtmlElement) -> bool:
    text = words(leaf, _TEXT)
    return leaf.tag not in _HEADINGS and prose(text) and not of_page(leaf, text)


def of_page(leaf: HtmlElement, text: str) -> bool:
    """Is a part about the page, by its words, its links or its label?"""
    if closings.closing(text) or marks.footer(text) or furniture.noise(text):
        return True
    if (_linked(leaf) and _services(leaf)) or files.handed(leaf):
        return True
    group = facts.group(leaf)
    return group is not None and group.element is leaf and all(fact.meaning in _FACTS for fact in group.facts)


def _label(leaf: HtmlElement) -> bool:
    """A line of its own that is but a name: bold, or called a label."""
    text = words(leaf, 60)
    return len(text) < 40 and closings.subjects(text) and leaf.find(".//a") is None and leaf.tag != "a"


def _linked(leaf: HtmlElement) -> bool:
    """Is all that it says a link, but for signs and a word or two before them?"""
    links = [leaf] if leaf.tag == "a" else list(leaf.iter("a"))
    said = sum(len(words(link, _TEXT)) for link in links)
    return bool(links) and said + 3 * len(links) + 2 >= len(words(leaf, _TEXT))


def _services(leaf: HtmlElement) -> bool:
    """Do all its links share, print, subscribe, or lead to a subject's page?"""
    links = [leaf] if leaf.tag == "a" else list(leaf.iter("a"))
    return all(
        _SERVICE.search((link.get("href") or "#").strip())
        or _RELATIONS & set((link.get("rel") or "").casefold().split())
        for link in links
    )


def _orphans(part: HtmlElement) -> None:
    """A heading at the end that stands above nothing any more."""
    for heading in reversed(list(part.iter("h2", "h3", "h4", "h5", "h6"))):
        behind = _behind(heading, part)
        if behind:
            return
        furniture.drop(heading)


def _behind(heading: HtmlElement, part: HtmlElement) -> bool:
    """Does anything stand behind it?"""
    at = heading
    while at is not part and at is not None:
        if (at.tail or "").strip() or any(words(s, 3) or s.find(".//img") is not None for s in at.itersiblings()):
            return True
        at = at.getparent()
    return False
