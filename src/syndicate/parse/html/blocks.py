"""The blocks beside a release's text: related releases, press contact, downloads. By heading or name."""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

import syndicate.parse.html.cards as _cards
import syndicate.parse.html.files as _files
import syndicate.parse.html.furniture as furniture
from syndicate.model import Contact, Enclosure, Related
from syndicate.notices import contact
from syndicate.parse.html.names import CONTACT, DOWNLOADS, RELATED
from syndicate.parse.html.pieces import called
from syndicate.parse.html.sections import HEADINGS, wrapped
from syndicate.parse.plaintext import marks, prose
from syndicate.parse.tree import BLOCKS, chosen, lines, words
from syndicate.text import fold

_HEADING_LIKE = (*HEADINGS, "p", "div", "span", "strong", "b", "legend", "summary", "dt", "header")
_RELATED = re.compile(
    r"(?:weitere|ähnliche|verwandte|aktuelle|neueste|letzte|andere|mehr|neue)[nr]? (?:\w+ )?(?:\w*meldungen|"
    r"\w*mitteilungen|"
    r"nachrichten|artikel|beiträge|news|themen|presseinformationen|neuigkeiten|aktuelles|berichte)(?: .{0,60})?:?|"
    r"(?:das|dies) könnte (?:sie|dich) (?:auch |ebenfalls |noch )?interessieren:?|"
    r"(?:auch |ebenfalls |noch )?interessant(?: für sie)?:?|"
    r"(?:lesen|sehen) sie auch:?|siehe auch:?|(?:zum|mehr zum|weiteres zum|passend zum) thema:?|meistgelesen|"
    r"(?:latest|related|more|recent|further) (?:news|articles|releases|posts|stories)|ähnliche inhalte|"
    r"verwandte inhalte",
    re.IGNORECASE,
)
_DOWNLOADS = re.compile(
    r"(?:weitere |zum )?(?:downloads?|herunterladen|dateien|anlagen?|anhänge?|dokumente|download-?bereich|materialien|"
    r"pressematerial|zum download)(?: .{0,40})?:?",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:bei |für )?(?:rück|nach|presse|medien)?fragen(?: der (?:presse|medien))?(?: beantwortet|"
    r" richten sie)?(?: bitte)?(?: an)?|"
    r"(?:ihre?|unsere?) ansprech(?:partner|person)\w*.{0,40}|(?:presse|medien)-?(?:stelle|team|referat)|"
    r"so erreichen sie uns.{0,20}",
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
    for block in _named(root, kept, _opens_contact, CONTACT):
        said = contact.contact(_without_label(lines(_addressed(block)))[:12])
        if said and (said.email or said.phone):
            found.contact = found.contact or said
            furniture.drop(block)
    for block in _named(root, kept, _opens_downloads, DOWNLOADS):
        files = _files.files(block)
        if files and not _tells(block):
            found.enclosures += files
            furniture.drop(block)
    for block in _related(root, kept, related):
        if entries := _cards.cards(block):
            found.related += [_as_related(card) for card in entries]
            furniture.drop(block)
    found.related = list({(r.url or fold(r.title)): r for r in reversed(found.related)}.values())[::-1]
    return found


def _addressed(block: HtmlElement) -> HtmlElement:
    """A copy in which links to write or to call say where to."""
    copy = deepcopy(block)
    for link in copy.iter("a"):
        scheme, _, address = (link.get("href") or "").partition(":")
        if scheme.lower() in ("mailto", "tel") and address:
            shown = words(link)
            for inner in list(link):
                link.remove(inner)
            link.text = contact.linked(shown, address.partition("?")[0])
    return copy


def _related(root: HtmlElement, kept: set[HtmlElement], css: str | None) -> list[HtmlElement]:
    own = chosen(root, css) if css else []
    if own:
        return own
    blocks = _named(root, kept, _opens_related, RELATED)
    return [block for block in blocks if block.find(".//a[@href]") is not None]


def _opens_related(text: str) -> bool:
    return marks.related(text) or (len(text) < 100 and _RELATED.fullmatch(text) is not None)


def _opens_contact(text: str) -> bool:
    if (inline := contact.inline(text)) and contact.reachable(inline):
        return True
    return contact.opens(text) or contact.may_open(text) or (len(text) < 80 and bool(_CONTACT.fullmatch(text)))


def _opens_downloads(text: str) -> bool:
    return len(text) < 60 and _DOWNLOADS.fullmatch(text) is not None


def _without_label(told: list[str]) -> list[str]:
    """A block's lines without its heading and its furniture."""
    labelled = bool(told) and _opens_contact(told[0].rstrip(" :"))
    inline = filter(None, [contact.inline(line) for line in told[:labelled]])
    return [*inline, *(line for line in told[labelled:] if not furniture.noise(line))]


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
    parts = root.iter("div", "section", "aside", "ul", "dl", "address", "article", "nav")
    found += [element for element in parts if element not in kept and names.search(called(element))]
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
    return wrapped(at, lambda e: e in kept or (opens is _opens_contact and _ends_contact(e)))


def _headed(element: HtmlElement) -> bool:
    return any(sibling.tag in HEADINGS for sibling in islice(element.itersiblings(preceding=True), _NEAR))


def _filled(element: HtmlElement, heading: HtmlElement) -> bool:
    """Is there something in it besides its heading?"""
    return element is not heading and len(words(element)) > len(words(heading)) + 5


def _before(element: HtmlElement) -> int:
    """How much text stands before it in its parent, up to about `_MUCH`."""
    found = 0
    for sibling in islice(element.itersiblings(preceding=True), _NEAR):
        found += len(words(sibling, _MUCH))
        if found > _MUCH:
            break
    return found


def _ends_contact(element: HtmlElement) -> bool:
    """Running text without an address ends a contact's lines."""
    text = words(element, 1_000)
    return len(text) > 100 and prose(text) and not any(contact.reachable(line) for line in lines(element))


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
