"""The blocks beside a release's text: related releases, press contact, downloads. By heading or name."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

import syndicate.parse.html.cards as _cards
import syndicate.parse.html.columns as columns
import syndicate.parse.html.contacts as contacts
import syndicate.parse.html.files as _files
import syndicate.parse.html.furniture as furniture
import syndicate.parse.html.tail as tail
from syndicate.markup import BLOCKS
from syndicate.model import Contact, Enclosure, Related
from syndicate.parse.html.names import CONTACT, DOWNLOADS, RELATED
from syndicate.parse.html.pieces import called
from syndicate.parse.html.sections import HEADINGS, wrapped
from syndicate.parse.plaintext import marks
from syndicate.parse.tree import chosen, words
from syndicate.text import fold

_HEADING_LIKE = (*HEADINGS, "p", "div", "span", "strong", "b", "legend", "summary", "dt", "header")
_RELATED = re.compile(
    r"(?:weitere|ähnliche|verwandte|aktuelle|neueste|letzte|andere|mehr|neue)[nr]? (?:\w+ )?(?:\w*meldungen|"
    r"\w*mitteilungen|"
    r"nachrichten|artikel|beiträge|news|themen|presseinformationen|neuigkeiten|aktuelles|berichte)(?: .{0,60})?:?|"
    r"(?:das|dies) könnte (?:sie|dich) (?:auch |ebenfalls |noch )?interessieren:?|"
    r"(?:auch |ebenfalls |noch )?interessant(?: für sie)?:?|"
    r"(?:meist ?(?:gelesen|geklickt|gesucht)|beliebt|am häufigsten gelesen|top)e?[nr]?(?: .{0,40})?:?|(?:most|"
    r"popular|trending) "
    r"(?:read|viewed|popular|news|posts|articles|stories):?|"
    r"(?:lesen|sehen) sie auch:?|siehe auch:?|(?:mehr |weiteres |passend )?zu(?:m| diesem| dem) thema:?|meistgelesen|"
    r"(?:latest|related|more|recent|further) (?:news|articles|releases|posts|stories)|ähnliche inhalte|"
    r"verwandte inhalte|(?:à (?:lire|voir)|voir|lire) (?:aussi|également)|(?:articles|actualités|communiqués|sujets) "
    r"(?:liés|similaires|associés)|sur le même (?:sujet|thème)|leggi anche|vedi anche|"
    r"(?:notizie|articoli|comunicati) correlat[ei]|potrebbe(?:ro)? interessar\w+.{0,20}|(?:ver|lea|véase|leer) también|"
    r"(?:noticias|artículos|notícias) relacionad[ao]s|lees ook|zie ook|gerelateerd.{0,20}|(?:zobacz|czytaj) także",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r".*\bzu[mr]? (?:diesem |selben |gleichen )?(?:thema|artikel|meldung)|.*\binteress\w*(?: .{0,20})?|(?:lesen|"
    r"sehen) sie auch|"
    r"siehe auch|(?:ähnliche|verwandte)\b.*|passend\b.*|related\b.*|see also|"
    r"(?:à lire|à voir|voir|lire) .{4,9}|sur le même .*|(?:leggi|vedi) anche|"
    r".*correlat[ei]|potrebbe.*|.*también|.*relacionad[ao]s|(?:lees|zie) ook|gerelateerd.*|.*także|"
    r"you (?:may|might)\b.*|read also",
    re.IGNORECASE,
)
_OF_SITE = re.compile(
    r"(?:neu(?:est|st)?e[srn]?|aktuell(?:e[srn]?|es)?|letzte[nr]?|latest|recent|newest|meist|beliebt|top\b|most|"
    r"popular|trending)",
    re.IGNORECASE,
)
_DOWNLOADS = re.compile(
    r"(?:weitere |zum )?(?:downloads?|herunterladen|dateien|anlagen?|anhänge?|dokumente|download-?bereich|materialien|"
    r"pressematerial|zum download)(?: .{0,40})?:?",
    re.IGNORECASE,
)
_HEADING = 120  # characters of a block's heading, at most
_NEAR = 50  # elements before one in its parent that are looked at
_MUCH = 120  # characters before a heading: it stands within a text, not above a block of its own


@dataclass(slots=True)
class Blocks:
    related: list[Related] = field(default_factory=list)
    contact: Contact | None = None
    enclosures: list[Enclosure] = field(default_factory=list)


def take(root: HtmlElement, heading: HtmlElement | None, related: str | None = None) -> Blocks:
    """Read the blocks and take them out of the page. `heading` is the release's; `related` the operator's selector."""
    found = Blocks()
    kept = set() if heading is None else {heading, *heading.iterancestors()}
    for block in _named(root, kept, contacts.opens, CONTACT):
        if columns.beside(block, heading) and not _says(block, contacts.certain):
            continue  # the house's own address
        if said := contacts.read(block):
            found.contact = found.contact or said
            furniture.drop(block)
    for block in _named(root, kept, _opens_downloads, DOWNLOADS):
        files = _files.files(block)
        if files and not _tells(block):
            found.enclosures += files
            furniture.drop(block)
    for block in _related(root, kept, related):
        if entries := _cards.cards(block):
            if related or _of_release(block, heading):
                found.related += [_as_related(card) for card in entries]
            furniture.drop(block)
    columns.drop(root, heading)
    found.contact = found.contact or contacts.sentence(root)
    found.related = list({(r.url or fold(r.title)): r for r in reversed(found.related)}.values())[::-1]
    return found


def _related(root: HtmlElement, kept: set[HtmlElement], css: str | None) -> list[HtmlElement]:
    own = chosen(root, css) if css else []
    if own:
        return own
    blocks = _named(root, kept, _opens_related, RELATED)
    return [block for block in blocks if block.find(".//a[@href]") is not None]


def _of_release(block: HtmlElement, heading: HtmlElement | None) -> bool:
    """Is it the release's own block: its heading says so, or it stands within the article; no list of the site's?"""
    if _says(block, lambda text: bool(_SAYS_SO.fullmatch(text))):
        return True
    if columns.beside(block, heading):
        return False
    of_site = _says(block, lambda text: bool(_OF_SITE.match(text)) and _opens_related(text))
    return not of_site or columns.in_article(block, heading)


def _says(block: HtmlElement, test: Callable[[str], bool]) -> bool:
    """Does one of the first texts of a block, its heading's, say so?"""
    heads = islice((e for e in block.iter(*_HEADING_LIKE) if _heads(e) and words(e, _HEADING)), 3)
    return any(test(words(e, _HEADING + 1).rstrip(" :")) for e in heads)


def _opens_related(text: str) -> bool:
    return marks.related(text) or (len(text) < 100 and _RELATED.fullmatch(text) is not None)


def _opens_downloads(text: str) -> bool:
    return len(text) < 60 and _DOWNLOADS.fullmatch(text) is not None


def _named(
    root: HtmlElement, kept: set[HtmlElement], opens: Callable[[str], bool], names: re.Pattern[str]
) -> list[HtmlElement]:
    """The blocks whose heading or name says what they are; none that holds the release's own heading."""
    found: list[HtmlElement] = []
    for element in list(root.iter(*_HEADING_LIKE)):
        text = words(element, 2 * _HEADING)
        if not text or len(text) > _HEADING or not opens(text.rstrip(" :")):
            continue
        if element not in kept and element.getparent() is not None and _heads(element):
            found.append(_under(element, kept, opens))
    parts = root.iter("div", "section", "aside", "ul", "dl", "table", "address", "article", "nav")
    found += [element for element in parts if element not in kept and names.search(called(element))]
    if opens is contacts.opens:
        found += [e for e in root.iter("address") if e not in kept and contacts.addressed(e)]
    return _outermost(found)


def _outermost(found: Iterable[HtmlElement]) -> list[HtmlElement]:
    unique = list(dict.fromkeys(found))
    known = set(unique)
    return [e for e in unique if not any(above in known for above in e.iterancestors())]


def _heads(element: HtmlElement) -> bool:
    """Can it be a heading: it holds no block of its own?"""
    return element.tag in HEADINGS or not any(inner.tag in BLOCKS - {"br"} for inner in element.iterdescendants())


def _under(heading: HtmlElement, kept: set[HtmlElement], opens: Callable[[str], bool]) -> HtmlElement:
    """What a heading stands above: the element around it, or its following siblings, wrapped in one."""
    at = heading
    while (parent := at.getparent()) is not None and parent not in kept and parent.tag not in ("body", "main", "html"):
        if _before(at) > _MUCH or _headed(at):
            break
        if _filled(at, heading):
            return at
        at = parent
    if _filled(at, heading):
        return at
    ends = contacts.Ends() if opens is contacts.opens else None
    return wrapped(at, lambda e: e in kept or _other(e, opens) or (ends is not None and ends(e)))


def _other(element: HtmlElement, opens: Callable[[str], bool]) -> bool:
    """Is it about the page, or does it begin with the heading of a block of another kind?"""
    if tail.of_page(element, words(element, _HEADING + 100)):
        return True
    first = next((e for e in element.iter(*_HEADING_LIKE) if _heads(e) and words(e, _HEADING)), None)
    text = words(first, _HEADING + 1).rstrip(" :") if first is not None else ""
    others = (_opens_related, _opens_downloads, contacts.certain)
    return bool(text) and not opens(text) and any(other(text) for other in others if other is not opens)


def _headed(element: HtmlElement) -> bool:
    return any(sibling.tag in HEADINGS for sibling in islice(element.itersiblings(preceding=True), _NEAR))


def _filled(element: HtmlElement, heading: HtmlElement) -> bool:
    """Is there something in it besides its heading?"""
    return element is not heading and len(words(element)) > len(words(heading)) + 5


def _before(element: HtmlElement) -> int:
    """How much text stands before it in its parent, up to about `_MUCH`."""
    found = 0
    for sibling in islice(element.itersiblings(preceding=True), _NEAR):
        found += len(words(sibling, 2 * _MUCH))
        if found > _MUCH:
            break
    return found


def _tells(block: HtmlElement) -> bool:
    """Does it hold running text, so that it is no mere list of files?"""
    return sum(len(words(p)) for p in block.iter("p") if p.find(".//a") is None) > 600


def _as_related(card: "_cards.Card") -> Related:
    return Related(
        title=card.title,
        topic=card.topic,
        url=card.url,
        teaser=card.teaser,
        published=card.published,
        image=card.image,
    )
