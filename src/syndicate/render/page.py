"""What every format says of a page and of an entry's topics, whatever its syntax."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from syndicate.mediatypes import UNKNOWN, is_media_type, media_type
from syndicate.model import Enclosure, FeedPage, Image, Related, Release, Site, Tombstone, Topic
from syndicate.render.address import absolute, feed_path, release_path
from syndicate.render.words import long_date, words
from syndicate.text import fold, squeeze
from syndicate.urls import clean_url

ALL = "all"
Content = Callable[[Release], str]  # the HTML of a release as an entry has it
MEDIATOPIC = "http://cv.iptc.org/newscodes/mediatopic/"


class Joined(NamedTuple):
    """A document that was put together, and what of it was not checked before, as a document.

    That is without the entries, which were made one by one, and on pages for people without what stands on each.
    """

    whole: bytes
    frame: bytes


class Category(NamedTuple):
    term: str
    scheme: str
    label: str | None = None


def feed_title(page: FeedPage) -> str:
    return page.site.title if page.topic.id == ALL else f"{page.site.title}: {page.topic.title}"


def author(page: FeedPage) -> str:
    """Atom wants one for every entry: the feed's stands where an entry names none."""
    return page.site.author or page.site.title


def feed_url(page: FeedPage, suffix: str, number: int | None = None) -> str:
    """Where a page of this topic's feed is published; without `number`, its head."""
    if page.address and number is None:
        return page.address
    return page.site.base_url + page.below + feed_path(page.topic.id, suffix, number)


def home_url(page: FeedPage) -> str:
    """The page for people that this is the feed of; the site itself for `all`, and where no pages are published."""
    if page.home:
        return page.home
    return page.site.base_url + (f"{page.topic.id}.html" if page.pages and page.topic.id != ALL else "")


def is_whole(page: FeedPage) -> bool:
    """Does this document hold everything that is in the feed, so that nothing is to be looked for behind it?"""
    return page.number is None and page.older is None and not page.is_delta and not page.address


def licence(release: Release) -> tuple[str | None, str | None]:
    """As an address, which is what a link with rel=license wants (RFC 4946), or else in words."""
    address = clean_url(release.license or "")
    return (address, None) if address else (None, release.license)


def entry_topics(release: Release, page: FeedPage) -> tuple[Topic, ...]:
    """The topics that an entry may name, in the order that classify gave them."""
    known = {topic.id: topic for topic in (*page.topics, page.topic) if topic.id != ALL}
    return tuple(known[id_] for id_ in dict.fromkeys(release.topics) if id_ in known)


def categories(release: Release, page: FeedPage) -> Iterator[Category]:
    """The topics; then, with schemes of their own, the printed kicker, the kind, and IPTC media topics.

    Our schemes are tag URIs (RFC 4151), so that they outlive a move to another host.
    """
    scheme = f"tag:{page.site.tag}:"
    topics = entry_topics(release, page)
    for topic in topics:
        yield Category(topic.id, scheme + "topic", topic.title)
    if release.kicker:
        yield Category(release.kicker, scheme + "kicker")
    if release.kind:
        yield Category(release.kind, scheme + "kind")
    for code in dict.fromkeys(topic.mediatopic for topic in topics if topic.mediatopic):
        yield Category(code, MEDIATOPIC)


def related_url(related: Related, page: FeedPage) -> str | None:
    """The address that the source gives, else our own page's where we show that release."""
    address = related.url or page.links.get((fold(related.topic or ""), fold(related.title)))
    return absolute(address, page.site) if address else None


def image_url(image: Image, page: FeedPage) -> str | None:
    return absolute(image.url, page.site) if image.url else None


def attachments(release: Release, page: FeedPage) -> Iterator[tuple[str, str, Enclosure]]:
    """The enclosures, each with its public address and a media type: stated, else of its suffix, else unknown."""
    for enclosure in release.enclosures:
        url = absolute(enclosure.url, page.site)
        stated = enclosure.type if is_media_type(enclosure.type or "") else None
        yield url, stated or media_type(url) or UNKNOWN, enclosure


def reason(tombstone: Tombstone) -> str:
    """Why it was withdrawn, in one line, without what XML cannot carry; empty where nobody said."""
    return squeeze(tombstone.reason or "")


def notice_title(tombstone: Tombstone, site: Site) -> str:
    """What stands in place of its title."""
    return words(site.language)[_became(tombstone)]


def notice_day(tombstone: Tombstone, site: Site) -> str:
    """Since when it stands there."""
    on = long_date(tombstone.when, site.language, site.timezone)
    return words(site.language)[f"{_became(tombstone)}_on"].format(date=on)


def _became(tombstone: Tombstone) -> str:
    return "moved" if tombstone.moved else "withdrawn"


def notice_url(tombstone: Tombstone, page: FeedPage) -> str:
    """Where a withdrawn release had its page, and now has a notice; or what is said instead."""
    return tombstone.address or page.site.base_url + release_path(tombstone.id)
