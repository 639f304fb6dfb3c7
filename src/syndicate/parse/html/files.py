"""Files that a release hands out: address, type, size and name of each."""

import re
from itertools import islice
from posixpath import splitext
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from syndicate.mediatypes import TYPES, essence
from syndicate.model import Enclosure
from syndicate.parse.tree import words
from syndicate.text import squeeze

_HANDED_OUT = frozenset(
    {".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp", ".zip", ".epub"}
    | {".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".mp4", ".m4v", ".webm", ".mov", ".ics"}
)
_SIZE = re.compile(r"(?P<number>\d{1,4}(?:[.,]\d{1,3})?)\s*(?P<unit>[kmg]i?b|[kmg]byte|bytes?)\b", re.IGNORECASE)
_UNITS = {"b": 1, "k": 1000, "m": 1000**2, "g": 1000**3}
_FACTS = re.compile(
    r"\s*[\[(]?\s*(?:(?:ist )?(?:nicht )?barrierefrei|datei|format|pdf|docx?|xlsx?|pptx?|zip|mp3|mp4|\d+ seiten|"
    r"\d{1,4}(?:[.,]\d{1,3})?\s*(?:[kmg]i?b|[kmg]byte|bytes?)|öffnet .{0,30}|[,;|/·:–-]|\s)+[\])]?\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:zum |weitere )?(?:downloads?|herunterladen|dateien|datei|anlagen?|anhänge?|anhang|dokumente?|materialien)",
    re.IGNORECASE,
)
_MOST = 200


def files(part: HtmlElement) -> list[Enclosure]:
    """The files that a part of a page links, and the sounds and films that it plays; each address once."""
    found: dict[str, Enclosure] = {}
    for element in part.iter("a", "audio", "video", "source"):
        address = (element.get("href") or element.get("src") or "").strip()
        kind = media_type(address, element.get("type"))
        if kind and address not in found and len(found) < _MOST:
            said = words(element) if element.tag == "a" else squeeze(element.get("title") or "")
            around = _around(element)
            found[address] = Enclosure(address, kind, _size(said) or _size(around), _name(said, element))
    return list(found.values())


def handed(leaf: HtmlElement) -> bool:
    """A line that but hands out files, with a label before them: `Dateien: pm45.pdf (PDF, 112 KB)`."""
    links = list(leaf.iter("a"))
    if not links or len(links) > _MOST or not all(media_type(a.get("href") or "", a.get("type")) for a in links):
        return False
    label, colon, said = words(leaf, 400).partition(":")
    for link in links:
        said = said.replace(words(link), " ", 1)
    return bool(colon and _LABEL.fullmatch(label.strip()) and (not said.strip() or _FACTS.fullmatch(said)))


def _around(link: HtmlElement) -> str:
    """What stands beside a link, and beside no other one."""
    said = ""
    for above in link.iterancestors():
        if above.tag in ("ul", "ol", "table", "body") or len({a.get("href") for a in islice(above.iter("a"), 20)}) > 1:
            break
        said = words(above, 400)
        if above.tag in ("li", "tr", "p", "dd"):
            break
    return said


def media_type(address: str, stated: str | None = None) -> str | None:
    """That of a file which is handed out; None for a page or a picture."""
    if not address or address.startswith(("#", "data:", "javascript:", "mailto:", "tel:")):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    for name in (parts.path, unquote(parts.query)):  # some systems name the file in the query
        suffix = splitext(name)[1].lower()
        if suffix in _HANDED_OUT:
            return TYPES.get(suffix)
    plain = essence(stated or "")
    if plain in TYPES.values() and not plain.startswith(("image/", "text/")) and plain != "application/json":
        return plain
    return "application/pdf" if "__blob=publicationfile" in parts.query.lower() else None


def _size(text: str) -> int | None:
    """In bytes, as exact as it is printed."""
    match = _SIZE.search(text)
    if not match:
        return None
    return round(float(match["number"].replace(",", ".")) * _UNITS[match["unit"][0].lower()])


def _name(said: str, link: HtmlElement) -> str | None:
    if re.fullmatch(r"\S+\.\w{2,5}", said):
        return said  # its own name
    name = _FACTS.sub("", said).strip()
    name = re.sub(r"^(?:PDF|Download|Datei|Dokument)\b\s*[:–-]\s*", "", name)
    return name or squeeze(link.get("title") or link.get("download") or "") or None
