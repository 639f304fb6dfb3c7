"""What the pages for people show of a release, in the words of the site's language and the time of its zone. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from syndicate.addresses import mailto
from syndicate.model import Contact, Correction, Enclosure, Image, Release, Site, Topic
from syndicate.render.address import absolute, page_path, page_url
from syndicate.render.body import first_words
from syndicate.render.linktypes import file_name, short_type
from syndicate.render.words import file_size, long_date, long_time, words
from syndicate.text import fold, slug
from syndicate.urls import canonical_url

_TOPICS = 1_000  # whose names are remembered as they are compared
_SUMMARY = 320  # characters of a release's first paragraph, where it has no teaser


class When(NamedTuple):
    iso: str  # for <time datetime>
    text: str


class Link(NamedTuple):
    text: str
    url: str | None = None


class Fact(NamedTuple):
    label: str
    links: Sequence[Link]


class Attachment(NamedTuple):
    title: str
    url: str
    type: dict[str, str]
    facts: str  # PDF, 1,4 MB


class Entry(NamedTuple):
    """A release as the templates take it. `lang` are the attributes of foreign text."""

    release: Release
    url: str
    lang: dict[str, str]
    kicker_url: str | None
    published: When
    updated: When | None
    seen: bool  # nobody stated the date: it is that of first sight
    summary: str
    picture: str | None


def shown(release: Release, site: Site, topics: Iterable[Topic], content: str) -> Entry:
    """`topics` are those a kicker may lead to; `content` is "full" or "teaser"."""
    seen = "published" in release.inferred
    changed = release.revision > 1 and release.updated - release.published >= timedelta(minutes=1)
    topic = _kicker_topic(release, topics)
    full = content == "full"
    return Entry(
        release=release,
        url=page_url(release, site),
        lang=_lang(release, site),
        kicker_url=f"{site.base_url}{page_path(topic.id)}" if topic else None,
        published=day(release.published, site) if seen else when(release.published, site),
        updated=when(release.updated, site) if changed else None,
        seen=seen,
        summary=release.teaser or (first_words(release.content, _SUMMARY) if full else ""),
        picture=next((absolute(image.url, site) for image in release.images if image.url and full), None),
    )


def when(moment: datetime, site: Site) -> When:
    """Day and time in the site's zone; at midnight the day alone, for then nobody said a time."""
    local = moment.astimezone(ZoneInfo(site.timezone))
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return day(moment, site)
    return When(local.isoformat(timespec="seconds"), long_time(moment, site.language, site.timezone))


def day(moment: datetime, site: Site) -> When:
    local = moment.astimezone(ZoneInfo(site.timezone))
    return When(local.date().isoformat(), long_date(moment, site.language, site.timezone))


def days(moments: Iterable[datetime], site: Site) -> str:
    """`Meldungen vom 3. Januar bis 17. Februar 2026`; of no moment, that they are older ones."""
    word, zone = words(site.language), ZoneInfo(site.timezone)
    found = sorted(moments)
    if not found:
        return word["older"]
    ends = (long_date(moment, site.language, site.timezone) for moment in (found[0], found[-1]))
    first, last = (end.replace(" ", "\N{NO-BREAK SPACE}") for end in ends)
    if first == last:
        return word["one_day"].format(day=last)
    year = f"\N{NO-BREAK SPACE}{found[-1].astimezone(zone).year}"
    return word["days"].format(first=first.removesuffix(year), last=last)


def images(release: Release, site: Site, pictured: Collection[str]) -> Iterator[Image]:
    """Each with its public address; without those that the body shows (`pictured`: their canonical addresses)."""
    for image in release.images:
        url = absolute(image.url, site) if image.url else None
        if (url and canonical_url(url) not in pictured) or (not url and (image.alt or image.caption)):
            yield Image(url, image.alt, image.caption, image.credit)


def attachment(enclosure: Enclosure, site: Site) -> Attachment:
    url = absolute(enclosure.url, site)
    size = file_size(enclosure.length, site.language) if enclosure.length else None
    title = enclosure.title or file_name(url) or words(site.language)["file"]
    facts = ", ".join(filter(None, (short_type(enclosure.type, url), size)))
    return Attachment(title, url, {"type": enclosure.type} if enclosure.type else {}, facts)


def contact(who: Contact | None) -> list[Link]:
    """Name, e-mail and telephone, the latter two to be clicked."""
    if who is None:
        return []
    lines = ((who.name, None), (who.email, mailto(who.email)), (who.phone, phone(who.phone)))
    return [Link(text, url) for text, url in lines if text]


def phone(number: str | None) -> str | None:
    """`tel:` (RFC 3966) where it is one number; the (0) of `+49 (0)711` is not dialled."""
    if not number or not re.fullmatch(r"\+?[\d\s()/.–-]+", number):
        return None
    digits = re.sub(r"[^\d+]", "", re.sub(r"^(\+.*?)\(0\)", r"\1", number))
    return f"tel:{digits}" if 3 <= len(digits.removeprefix("+")) <= 15 else None


def facts(release: Release, site: Site, topics: Sequence[Topic], corrections: Sequence[Correction] = ()) -> list[Fact]:
    """What stands beside a release; `topics` are its own. What it corrects is named only where it is not linked."""
    word = words(site.language)
    corrects = "" if any(c.kind == "corrects" for c in corrections) else release.corrects or ""
    rows = [
        Fact(word["topics"], [Link(topic.title, f"{site.base_url}{topic.id}.html") for topic in topics]),
        Fact(word["author"], [Link(author) for author in release.authors]),
        Fact(word["corrects"], [Link(corrects, corrects)] if corrects.startswith(("http://", "https://")) else []),
        Fact(word["licence"], [Link(release.license, release.license)] if release.license else []),
    ]
    return [row for row in rows if row.links]


def _lang(release: Release, site: Site) -> dict[str, str]:
    """`dir` too, for a language may be written from the right."""
    foreign = release.language.casefold() != site.language.casefold()
    return {"lang": release.language, "dir": "auto"} if foreign else {}


def _kicker_topic(release: Release, topics: Iterable[Topic]) -> Topic | None:
    """The topic that the kicker stands for, among those of the release."""
    kicker = release.kicker or ""
    named, told = slug(kicker), fold(kicker)
    for topic in topics:
        if (topic.id == named or told in _names(topic)) and topic.id in release.topics:
            return topic
    return None


@lru_cache(_TOPICS)
def _names(topic: Topic) -> frozenset[str]:
    return frozenset(map(fold, (topic.title, *topic.kickers)))
