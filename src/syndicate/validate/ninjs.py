"""What makes a ninjs 3.1 document invalid, of what we write: one news object, or a composite of several. Pure.

IPTC's schema is closed: a member that it does not know is a fault.
"""

from collections.abc import Iterator
from typing import Any

from syndicate.model import Document
from syndicate.validate.jsonfeed import read
from syndicate.validate.rules import ID, MEDIA_TYPE, TEXT, TIMESTAMP, WEB, Fault, wrong

_CHOICES = {
    "type": ("text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"),
    "pubStatus": ("usable", "withheld", "canceled"),
    "representationType": ("full", "partial"),
}
_DATES = ("firstCreated", "versionCreated", "contentCreated", "embargoedUntil", "expires")
_WORDS = ("headlines", "descriptions", "bodies")
_LISTED = ("people", "organisations", "places", "subjects", "objects", "infoSources", "genres", "altIds", "events")
_TEXTS = (
    "title by language copyrightHolder copyrightNotice usageTerms edNote slugline located profile version".split()  # noqa: SIM905
)
_MEMBERS = frozenset(
    {
        *("uri", "type", "representationType", "pubStatus", "urgency", "standard", "rightsInfo", "renditions"),
        *("associations", "trustIndicators", "digitalSourceType", "eventDetails", "plannedCoverage"),
        *(*_DATES, *_WORDS, *_LISTED, *_TEXTS),
    }
)
_ASSOCIATED = _MEMBERS | {"name", "rel"}


def check(_: Document, text: str) -> Iterator[Fault]:
    news = read(text)
    if not isinstance(news, dict):
        yield Fault("not an object")
        return
    is_composite = news.get("type") == "composite"
    yield from map(Fault, _object(news, _MEMBERS, deep=not is_composite))
    if is_composite:
        yield from _entries(news)


def _entries(news: dict[str, Any]) -> Iterator[Fault]:
    entries = news.get("associations")
    if not isinstance(entries, list):
        yield Fault("associations is not a list")
        return
    seen = set()
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            yield Fault(f"association {number} is not an object")
            continue
        uri = entry.get("uri")
        uri = uri if isinstance(uri, str) else ""
        yield from (Fault(reason, uri) for reason in _associated(entry))
        if uri and (uri in seen or uri == news.get("uri")):
            yield Fault("its uri stands twice", uri)
        seen.add(uri)


def _associated(entry: dict[str, Any]) -> Iterator[str]:
    yield from wrong("name", entry.get("name"), TEXT)
    yield from _object(entry, _ASSOCIATED)


def _object(news: dict[str, Any], members: frozenset[str], *, deep: bool = True) -> Iterator[str]:
    yield from wrong("uri", news.get("uri"), ID)
    yield from (f"ninjs has no {name}" for name in news if name not in members)
    yield from (f"{name} is none of ninjs" for name, known in _CHOICES.items() if news.get(name, known[0]) not in known)
    for name in _TEXTS:
        if not isinstance(news.get(name, ""), str):
            yield f"{name} is not text"
    for name in _DATES:
        if name in news:
            yield from wrong(name, news[name], TIMESTAMP)
    for name in _WORDS:
        if not all(isinstance(each.get("value"), str) for each in _listed(news, name)):
            yield f"{name} without text"
    for name in _LISTED:
        if not all(_listed(news, name)):
            yield f"{name} are not objects"
    for rendition in _listed(news, "renditions"):
        yield from _rendition(rendition)
    if deep:
        for entry in _listed(news, "associations"):
            yield from _associated(entry)


def _rendition(rendition: dict[str, Any]) -> Iterator[str]:
    yield from wrong("rendition name", rendition.get("name"), TEXT)
    yield from wrong("rendition href", rendition.get("href"), WEB)
    if "contentType" in rendition:
        yield from wrong("rendition contentType", rendition["contentType"], MEDIA_TYPE)
    size = rendition.get("sizeInBytes", 0)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        yield "rendition sizeInBytes is not a number of bytes"


def _listed(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What is no list of objects stands for an empty one, so that the rule for its members finds it."""
    value = holder.get(name, [])
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else [{}]
