"""What holds an entry of a list: the element around each link that leads to another release."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from syndicate.parse.html.names import KICKER, TITLE
from syndicate.parse.html.pieces import called
from syndicate.parse.html.sections import HEADINGS, wrapped
from syndicate.parse.tree import words

MOST = 500  # entries of one page
_CARD = re.compile(
    r"(?:^|[\s_-])(?:card|teaser|item|entry|result|hit|article|news|meldung|pressemitteilung|press-?release|row|"
    r"listing|"
    r"c-teaser|tile|box|post|views-row|search-?result|list-?group-item|linklist__item)(?:$|[\s_-])"
)
MORE_LINK = re.compile(
    r"[›»>→\s]*(?:mehr|mehr (?:erfahren|lesen|dazu|informationen|anzeigen|infos)|weiter(?:lesen)?|weiter lesen|"
    r"lesen sie mehr|"
    r"zur (?:meldung|pressemitteilung|nachricht)|zum (?:artikel|beitrag)|details?|read more|more|artikel lesen|"
    r"jetzt lesen|"
    r"(?:vollständige |ganze )?(?:meldung|pressemitteilung|nachricht|artikel|beitrag) (?:lesen|öffnen|anzeigen))"
    r"(?:\s*:.{0,200}|\s+(?:über|zu|zum thema) .{0,200})?[\s›»>→….:]*",
    re.IGNORECASE,
)
_NO_ENTRY = re.compile(r"^(?:#|javascript:|mailto:|tel:|data:)", re.IGNORECASE)


def holders(part: HtmlElement) -> list[HtmlElement]:
    """The way of dividing the part that gives the most of its links a holder of their own."""
    links = [link for link in part.iter("a") if _leads(link)]
    if not links:
        return []
    divided = [
        _outermost(part.iter("article")),
        _outermost(element for element in part.iter("li") if element.getparent().tag in ("ul", "ol")),
        [row for row in part.iter("tr") if row.find(".//th") is None or row.find(".//td") is not None],
        _repeated(part),
        list(part.iter("dd")),
        list(part.iter("p")),
    ]
    best: list[HtmlElement] = []
    held = 0
    for elements in divided:
        holding = [element for element in elements if element is not part and link_of(element) is not None]
        inside = {link for element in holding for link in element.iter("a")}
        covered = sum(link in inside for link in links)
        # what holds many addresses is no entry, but a group of them
        single = sum(len({link.get("href") for link in e.iter("a") if _leads(link)}) <= 3 for e in holding)
        if holding and single * 3 >= len(holding) * 2 and covered > held * 1.15 + 0.5:
            best, held = holding, covered
    if 2 * held >= len(links) or len(best) > 2:
        return best
    return _headed(part, links) or _around(links, part)


def _around(links: Sequence[HtmlElement], part: HtmlElement) -> list[HtmlElement]:
    """Of each link the widest element that holds no other address, and no heading but its own."""
    found: dict[HtmlElement, None] = {}
    once = {link.get("href"): link for link in reversed(links)}
    for link in [*reversed(once.values())][:MOST]:
        at = link
        while (parent := at.getparent()) is not None and parent is not part and parent.tag not in ("body", "ul", "ol"):
            others = any(_leads(a) and a.get("href") != link.get("href") for a in parent.iter("a"))
            headed = any(
                link not in h.iterdescendants() and h not in link.iterdescendants() for h in parent.iter("h2", "h3")
            )
            if others or headed:
                break
            at = parent
        found[at] = None
    return list(found)


def _outermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those that stand in no other; one that holds several with links is a group, so the inner ones count."""
    every = list(elements)
    known = set(every)
    groups = set()
    inner_links: Counter[HtmlElement] = Counter()
    for element in every:
        if link_of(element) is None:
            continue
        above = next((a for a in element.iterancestors() if a in known), None)
        if above is not None:
            inner_links[above] += 1
            if inner_links[above] > 1:
                groups.add(above)
    return [e for e in every if e not in groups and not any(a in known and a not in groups for a in e.iterancestors())]


def _repeated(part: HtmlElement) -> list[HtmlElement]:
    """Elements named like an entry, of which at least two stand side by side or have the same name."""
    named = [e for e in part.iter("div", "section", "a", "span") if _CARD.search(called(e)) and e is not part]
    counts = Counter((e.tag, e.get("class")) for e in named)
    return _outermost(e for e in named if counts[e.tag, e.get("class")] > 1)


def _headed(part: HtmlElement, links: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Headings that are links, each with what follows it up to the next one: most of the links are such."""
    for rank in HEADINGS[1:4]:
        linked = [h for h in part.iter(rank) if any(_leads(link) for link in h.iter("a"))]
        if len(linked) > 1 and 2 * len(linked) >= len(links):
            return [wrapped(heading, lambda _: False) for heading in linked]
    return []


def _leads(link: HtmlElement) -> bool:
    """Does it lead to another page, and say to which?"""
    address = (link.get("href") or "").strip()
    return bool(address) and not _NO_ENTRY.match(address)


def link_of(holder: HtmlElement) -> HtmlElement | None:
    """The link of an entry: that of its title, else the first with words, else the first."""
    links = [holder] if holder.tag == "a" and _leads(holder) else [link for link in holder.iter("a") if _leads(link)]
    titled = (link for link in links if _in_title(link) or any(_is_title(e) for e in link.iterdescendants()))
    worded = (
        link for link in links
        if len(text := words(link)) > 7 and not MORE_LINK.fullmatch(text[:300]) and not KICKER.search(called(link))
    )  # fmt: skip
    return next((link for found in (titled, worded, links) for link in found), None)


def _is_title(element: HtmlElement) -> bool:
    return element.tag in ("h1", "h2", "h3", "h4", "h5", "h6") or bool(TITLE.search(called(element)))


def _in_title(link: HtmlElement) -> bool:
    return any(_is_title(above) for above in (link, link.getparent()) if above is not None)
