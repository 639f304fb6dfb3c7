"""The next older page of a list page, and whether it has one."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate.parse.tree import base_of, chosen, names, words
from syndicate.text import squeeze
from syndicate.urls import clean_url

_MOST = 100  # pagination blocks
_MOST_LINKS = 5_000  # that are looked at: no page has so many

_PAGER = re.compile(
    r"pagin|\bpager|blätter|blaetter|seitennav|page-?nav|nav-?index|browsebox|pages\b|page-numbers|nav-links|"
    r"posts-navigation|listing-?bar",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:zur |eine )?(?:nächsten?|folgenden?|next)"
    r"(?: (?:seite|page|\d+|meldungen|ergebnisse|treffer|einträge|results).*)?|"
    r"weiter(?: (?:blättern|zur nächsten seite|zu seite \d+).*)?|(?:seite )?(?:vorwärts|vor)(?: blättern)?|"
    r"(?:zu )?(?:weitere[nr]? )?(?:älteren?|older|earlier)(?: \w+){0,3}|(?:eine seite )?weiter",
    re.IGNORECASE,
)
_OLDER = re.compile(
    r"(?:zu )?(?:älteren?|older) (?:\w*meldungen|\w*mitteilungen|\w*beiträgen?|einträgen?|artikeln?|nachrichten|posts|"
    r"entries|news)|nächste seite|next page|weiter zur nächsten seite",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"neuer|newer|zurück|vorherig|vorige|previous|prev\b|letzte|last\b|erste|first\b|ende\b|schließen", re.IGNORECASE
)
_LOAD = re.compile(
    r"(?:weitere|mehr|nächste|ältere)(?: \w*(?:meldungen|mitteilungen|beiträge|einträge|ergebnisse|artikel|nachrichten|"
    r"treffer|news))? (?:laden|anzeigen|einblenden)|"
    r"(?:load|show) (?:more|older)(?: (?:news|results|articles|releases|posts|entries))?",
    re.IGNORECASE,
)
_ADDRESSES = ("href", "data-url", "data-href", "data-next-url", "data-next", "data-load-url", "data-src", "hx-get")
_ARROWS = ("›", ">", "→", "»", ">>", "⟩", "❯", "▶", "chevron_right", "arrow_forward")
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])(?:next|nächste|naechste|weiter|forward|older)(?:$|[\s_-])", re.IGNORECASE)
_OFF = re.compile(r"(?:^|[\s_-])(?:disabled|inactive|deaktiviert)(?:$|[\s_-])", re.IGNORECASE)
_CURRENT = re.compile(r"(?:^|[\s_-])(?:current|active|aktiv|aktuell|selected)(?:$|[\s_-])", re.IGNORECASE)


def paged(root: HtmlElement) -> bool:
    """Has the page a pagination block, or a neighbour that its head names?"""
    rels = {word for link in root.iter("link") for word in (link.get("rel") or "").casefold().split()}
    parts = root.iter("nav", "ul", "ol", "div", "p", "section")
    return bool(rels & {"next", "prev"}) or any(_PAGER.search(names(part)) and _links(part) for part in parts)


def next_of(root: HtmlElement, url: str | None, selector: str | None) -> Iterator[str | None]:
    """Addresses that may be the next older page's, the surest first; `selector` is the operator's."""
    base = base_of(root, url)
    if selector:
        for element in chosen(root, selector):
            yield _address(element if element.get("href") else element.find(".//a[@href]"), base)
    for tag in ("link", "a", "area"):
        for link in root.iter(tag):
            if "next" in (link.get("rel") or "").casefold().split():
                yield _address(link, base)
    yield from _by_looks(root, base, url)


def _by_looks(root: HtmlElement, base: str | None, url: str | None) -> Iterator[str | None]:
    """Links of this site whose words say it: of a pagination block any form of it, elsewhere only a plain one."""
    blocks = [
        element
        for element in root.iter("nav", "ul", "ol", "div", "p", "section", "table", "span")
        if _is_pager(element)
    ]
    inside = list(dict.fromkeys(link for block in blocks[:_MOST] for link in _links(block)))
    ranked = [(_rank(link), link) for link in inside]
    found = [link for _, link in sorted((pair for pair in ranked if pair[0]), key=lambda pair: pair[0])]
    found += [link for block in blocks[:_MOST] for link in _numbered(block)]
    found += [e for e in islice(root.iter("a", "button"), _MOST_LINKS) if _stated(e) and _loads(e)]
    found += [link for link in _links(root) if any(_OLDER.fullmatch(said) for said in _said(link)) and not _back(link)]
    for link in found:
        address = _address(link, base)
        if address and (url is None or _host(address) == _host(clean_url(url, ipv6=True) or url)):
            yield address


def _loads(element: HtmlElement) -> bool:
    """Is it the button that loads more of the list?"""
    return any(_LOAD.fullmatch(said[:100]) for said in _said(element))


def _stated(element: HtmlElement) -> str:
    """The address that a link, or a button with a script, leads to."""
    return next((value for name in _ADDRESSES if (value := (element.get(name) or "").strip())), "")


def _is_pager(element: HtmlElement) -> bool:
    return bool(_PAGER.search(f"{names(element)} {element.get('aria-label') or ''}")) and not _pager_above(element)


def _pager_above(element: HtmlElement) -> bool:
    """Only the outermost block of a pagination is looked through, so that each link is once."""
    above = element.getparent()
    while above is not None:
        if _PAGER.search(f"{names(above)} {above.get('aria-label') or ''}") and above.tag != "body":
            return True
        above = above.getparent()
    return False


def _links(element: HtmlElement) -> list[HtmlElement]:
    return [link for link in islice(element.iter("a"), _MOST_LINKS) if link.get("href")]


def _said(link: HtmlElement) -> list[str]:
    """How a link calls itself: its words, its label, its title, a picture's description."""
    labels = [link.get("aria-label"), link.get("title"), *(image.get("alt") for image in link.iter("img"))]
    bare = [re.sub(r"^[\W_]+|[\W_]+$", "", said) for said in (words(link), *(squeeze(label or "") for label in labels))]
    return [said for said in bare if said][:4]


def _back(link: HtmlElement) -> bool:
    return any(_BACK.search(said[:100]) for said in _said(link)) or bool(_BACK.search(names(link)) and not _said(link))


def _rank(link: HtmlElement) -> int:
    """1: its words say it, 2: its class does, 3 and more: an arrow, the single one first; 0: it is not the one."""
    around = f"{names(link)} {names(parent) if (parent := link.getparent()) is not None else ''}"
    if _OFF.search(around) or link.get("aria-disabled") == "true" or _back(link):
        return 0
    if any(_NEXT.fullmatch(said[:100]) for said in _said(link)):
        return 1
    if _NEXT_CLASS.search(around):
        return 2
    text = words(link)
    return 3 + _ARROWS.index(text) if text in _ARROWS else 0


def _numbered(block: HtmlElement) -> Iterator[HtmlElement]:
    """The link that stands behind the number of the page one is on."""
    at: int | None = None
    for element in block.iter("a", "span", "strong", "li", "em", "b", "button"):
        text = words(element).removeprefix("Seite ")
        if not re.fullmatch(r"\d{1,5}", text):
            continue
        if element.get("aria-current") or _CURRENT.search(names(element)) or element.tag in ("strong", "em", "b"):
            at = int(text)
        elif element.tag == "a" and at is not None and int(text) == at + 1:
            yield element
            return


def _address(link: HtmlElement | None, base: str | None) -> str | None:
    address = _stated(link) if link is not None else ""
    return clean_url(address, base) if address and not address.startswith("#") else None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
