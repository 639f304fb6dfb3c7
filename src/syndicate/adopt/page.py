"""What a release's own page says that its entry does not: whose page it is, and whether it is but a notice."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import lxml.html
from lxml import etree

from syndicate.model import Site
from syndicate.notices import dates
from syndicate.render import words as said_by_us

_NOON = timedelta(hours=12)  # a notice names the day alone


class PublishedPage(NamedTuple):
    """A page `releases/ID.html`. `withdrawn` is of a notice: the noon of the day that it names."""

    id: str
    atom_id: str | None = None  # None: of a program that did not yet say so
    canonical: str | None = None
    headline: bool = False
    undated: bool = False  # nobody had stated a date
    corrected: bool = False
    withdrawn: datetime | None = None
    reason: str | None = None


def published_page(identifier: str, body: bytes, site: Site, now: datetime) -> PublishedPage:
    """What can be read of it; a page that is damaged says nothing. `now`: of a notice whose day cannot be read."""
    try:
        tree = lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return PublishedPage(identifier)
    word = said_by_us.words(site.language)
    canonical = str(tree.xpath("string(//link[@rel='canonical']/@href)"))
    page = PublishedPage(
        identifier,
        str(tree.xpath("string(//meta[@name='dcterms.identifier']/@content)")) or None,
        canonical or None,
    )
    lines = [*_texts(tree, ".//main//p")]
    if page.canonical is None and tree.xpath("//meta[@name='robots' and contains(@content, 'noindex')]"):
        why = next(filter(None, (_after(f"{word['reason']}: ", line) for line in lines)), None)
        return page._replace(withdrawn=_day(lines, word["withdrawn_on"], site) or now, reason=why)
    facts = [*_texts(tree, ".//header//span")]
    return page._replace(
        headline=word["headline_only"] in lines,
        undated=any(fact.startswith(f"{word['first_seen']} ") for fact in facts),
        corrected=any(fact.startswith(f"{word['updated']} ") for fact in facts),
    )


def _texts(tree: etree._Element, path: str) -> Iterator[str]:
    return (
        str(etree.tostring(each, method="text", encoding="unicode", with_tail=False)) for each in tree.iterfind(path)
    )


def _after(start: str, line: str) -> str | None:
    return line.removeprefix(start) if line.startswith(start) else None


def _day(lines: list[str], sentence: str, site: Site) -> datetime | None:
    pattern = re.compile(re.escape(sentence).replace(re.escape("{date}"), "(.+)"))
    found = next(filter(None, map(pattern.fullmatch, lines)), None)
    day = dates.parse(found[1], ZoneInfo(site.timezone)) if found else None
    return day and day + _NOON
