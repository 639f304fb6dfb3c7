"""The press contact of a page: a block under a heading or a name, or one sentence behind the text."""

import re
from copy import deepcopy

from lxml.html import HtmlElement

import syndicate.parse.html.furniture as furniture
from syndicate.model import Contact
from syndicate.notices import contact
from syndicate.parse.plaintext import prose
from syndicate.parse.tree import holds_blocks, lines, words

_CONTACT = re.compile(
    r"(?:bei |für )?(?:rück|nach|presse|medien)?fragen(?: der (?:presse|medien))?(?: beantwortet|"
    r" richten sie)?(?: bitte)?(?: an)?|"
    r"(?:ihre?|unsere?) ansprech(?:partner|person)\w*.{0,40}|(?:presse|medien)-?(?:stelle|team|referat)|"
    r"so erreichen sie uns.{0,20}",
    re.IGNORECASE,
)
_MOST = 12  # lines of a contact
_AGAIN = 8  # elements behind its heading without an address, at most


def opens(text: str) -> bool:
    """Is it what stands above a contact, or a line that opens one?"""
    if (inline := contact.inline(text)) and contact.reachable(inline):
        return True
    return certain(text) or contact.may_open(text)


def certain(text: str) -> bool:
    """Does it speak of the press, or of questions, and not of the house's own address?"""
    return contact.opens(text) or (len(text) < 80 and bool(_CONTACT.fullmatch(text)))


def read(block: HtmlElement) -> Contact | None:
    """Who is asked, by e-mail or telephone; None where the block names no address."""
    said = contact.contact(_without_label(lines(_addressed(block)))[:_MOST])
    return said if said and (said.email or said.phone) else None


def addressed(block: HtmlElement) -> bool:
    """Does an `<address>` begin with what opens a contact: `Pressestelle`?"""
    first = next(iter(lines(block)), "").rstrip(" :")
    return bool(first) and (certain(first) or contact.may_open(first))


class Ends:
    """Where the lines of a contact end behind its heading: at running text, or at what is none of it."""

    def __init__(self) -> None:
        self._reached = False
        self._seen = 0

    def __call__(self, element: HtmlElement) -> bool:
        """Asked of each element behind the heading, in order."""
        self._seen += 1
        text = words(element, 1_000)
        reached = any(contact.reachable(line) for line in lines(_addressed(element)))
        if len(text) > 100 and prose(text) and not reached:
            return True
        if self._seen > _AGAIN or (self._reached and not reached):
            return True
        self._reached = self._reached or reached
        return False


def sentence(root: HtmlElement) -> Contact | None:
    """The last paragraph that says nothing but whom to ask, taken out of the page; None where there is none."""
    for element in reversed(list(root.iter("p", "div", "li", "td", "address"))):
        if holds_blocks(element):
            continue
        copy = _addressed(element)
        if said := contact.sentence(words(copy, 400)):
            furniture.drop(element)
            return said
    return None


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


def _without_label(told: list[str]) -> list[str]:
    """A block's lines without its heading and its furniture."""
    labelled = bool(told) and opens(told[0].rstrip(" :"))
    inline = filter(None, [contact.inline(line) for line in told[:labelled]])
    return [*inline, *(line for line in told[labelled:] if not furniture.noise(line))]
