"""Which heading of a page is the release's title; the site's name is none."""

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from syndicate.notices import kind
from syndicate.parse.html.metadata import Metadata
from syndicate.parse.html.names import TITLE
from syndicate.parse.html.pieces import called
from syndicate.parse.tree import words
from syndicate.text import fold

_GENERIC = re.compile(
    r"(?:aktuelle[sn]?|presse|newsroom|news|nachrichten|meldung(?:en)?|startseite|home|service|themen|aktuell|"
    r"archiv|detail(?:s|seite|"
    r"ansicht)?|artikel|beitrag|suche|inhalt|hauptinhalt|navigation|menü|(?:presse|medien)(?:mitteilung|meldung|"
    r"information|"
    r"service|bereich|archiv|stelle)?(?:en)?|aktuelle (?:meldung|nachricht|pressemitteilung)(?:en)?|bereichsnavigation|"
    r"sie sind hier|wir über uns|bürgerservice|rathaus(?: aktuell)?|alle meldungen|uncategorized|allgemein|"
    r"sonstiges|blog)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+(?:[|–—·•»›]|-|::)\s+|\s*[|»]\s*")
_SITE = re.compile(
    r"(?:^|[\s_-])(?:kopf|kopfbereich|masthead|logo|branding|banner|site-?header|site-?name|site-?title|brand)(?:$|"
    r"[\s_-])"
)
_CONTENT = re.compile(r"(?:^|[\s_-])(?:article|content|main|inhalt|news-?single|meldung|detail)(?:$|[\s_-])")
_LONGEST = 400  # characters


def generic(text: str) -> bool:
    """A name that any page of a site may have: of the section, of the kind."""
    return bool(_GENERIC.fullmatch(text.strip(" :"))) or bool(kind.kind(text[:100]) and kind.certain(text.strip(" :")))


def heading(root: HtmlElement, meta: Metadata) -> HtmlElement | None:
    """The element that holds the title: the first rank that says what the page's own tags say, else the first `h1`."""
    expected = [fold(title) for title in meta.titles]
    sites = {fold(name) for name in meta.site}
    best: HtmlElement | None = None
    most = 0.0
    for element in root.iter("h1", "h2", "h3", "h4", "p", "div", "span"):
        score = _score(element, expected, sites)
        if score > most:
            best, most = element, score
    return best if best is not None else _unmarked(root, meta)


def _unmarked(root: HtmlElement, meta: Metadata) -> HtmlElement | None:
    """On a page without headings: the text in large type that is the page's title."""
    title = fold(without_site(meta.titles, meta.site) or "")
    bold = root.iter("b", "strong", "font", "big", "center", "td", "th", "p", "div")
    return next((element for element in bold if title and fold(words(element, _LONGEST)) == title), None)


def _score(element: HtmlElement, expected: Sequence[str], sites: set[str]) -> float:
    ranked = {"h1": 30, "h2": 10, "h3": 5, "h4": 3}.get(element.tag, 0)
    if not ranked and not (TITLE.search(called(element)) and len(element) < 4 and element.tag != "div"):
        return 0
    text = words(element, _LONGEST + 100)
    said = fold(text)
    if not said or len(text) > _LONGEST or said in sites or generic(text):
        return 0
    score = ranked + min(len(said), 60) / 20 - 25 * _of_site(element)
    if said in expected:
        score += 25
    elif len(said) > 12 and any(said in title or (len(title) > 12 and title in said) for title in expected):
        score += 20
    elif element.tag != "h1":
        return score - 4 if _inside(element) and element.tag in ("h2", "h3") else 0
    score += 4 * (element.get("itemprop") in ("headline", "name")) + 3 * _inside(element)
    return score


def _of_site(element: HtmlElement) -> bool:
    """Does it stand in the site's own head?"""
    above = (a for a in (element, *element.iterancestors()) if a.tag not in ("html", "body", "main", "article"))
    return any(_SITE.search(called(a)) for a in above)


def _inside(element: HtmlElement) -> bool:
    return any(
        above.tag in ("article", "main") or above.get("role") == "main" or _CONTENT.search(called(above))
        for above in element.iterancestors()
        if above.tag != "body"
    )


def without_site(titles: Iterable[str], sites: Iterable[str]) -> str | None:
    """What the page's tags call it, without the site's name before or behind it."""
    known = {fold(name) for name in sites}
    for title in titles:
        parts = [part for part in _PARTS.split(title) if part]
        kept = [part for part in parts if fold(part) not in known and not generic(part)]
        if len(kept) == len(parts) and any(fold(title).endswith(f": {name}") for name in known):
            return title.rpartition(": ")[0]
        if not kept:
            continue
        if len(kept) == len(parts):
            return kept[0] if len(parts) > 1 and "|" in title else title
        return max(kept, key=len)
    return None
