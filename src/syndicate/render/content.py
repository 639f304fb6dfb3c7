"""The composed HTML of an entry: everything that a release holds, in the order in which a newsroom reads it."""

from collections.abc import Iterator
from functools import cache, partial
from html import escape

from syndicate.addresses import mailto
from syndicate.model import Contact, Enclosure, FeedPage, Image, Release, Tombstone
from syndicate.notices import excerpt
from syndicate.render.address import absolute, absolute_html, alternate
from syndicate.render.body import openings, read
from syndicate.render.correction import linked, notes
from syndicate.render.linktypes import file_name, short_type
from syndicate.render.page import Content, image_url, notice_day, reason, related_url
from syndicate.render.words import file_size, words
from syndicate.urls import canonical_url


def contents(page: FeedPage) -> Content:
    """`compose` for the releases of this page, each composed once, however many formats ask."""
    return cache(partial(compose, page=page))


def compose(release: Release, page: FeedPage, heading_level: int = 2) -> str:
    """Notes and links of corrections, teaser, images, body, attachments, related releases, press contact. Never empty.

    Every address is absolute. A release of which only the head is known has its title as content. Where only a source's
    teaser may be republished, there is neither image nor body, but the link. `heading_level` is that of our own
    headings (h2 … h6).
    """
    opening = _opening(release, page)
    if not is_full(release, page):
        return _original(opening, release, page)
    body = absolute_html(release.content, page.site).strip()
    lead = release.teaser or ("" if body else release.title)
    said, pictured = _read(body, lead) if lead or any(image.url for image in release.images) else ((), set[str]())
    parts = [
        *opening,
        "" if excerpt.repeats(lead, *said) else _paragraph(lead),
        *(_figure(image, page) for image in release.images if not image.url or _key(image.url, page) not in pictured),
        body,
        *_behind(release, page, heading_level),
    ]
    return "\n".join(part for part in parts if part)


def compose_body(release: Release, page: FeedPage) -> str:
    """The same where teaser and pictures have fields of their own: without them. Never empty."""
    opening = _opening(release, page)
    if not is_full(release, page):
        return _original(opening, release, page)
    body = absolute_html(release.content, page.site).strip() or _paragraph(release.teaser or release.title)
    return "\n".join(part for part in (*opening, body, *_behind(release, page)) if part)


def is_full(release: Release, page: FeedPage) -> bool:
    """May its words and pictures be republished whole? Else its teaser alone."""
    return page.content.get(release.source or "") != "teaser"


def compose_notice(tombstone: Tombstone, page: FeedPage) -> str:
    """What stands in place of a withdrawn release: the day and the reason, nothing of its words."""
    site, day = page.site, notice_day(tombstone, page.site)
    if tombstone.moved:
        link = escape(tombstone.address or site.base_url)
        return f'<p>{day} <a href="{link}">{words(site.language)["about_release"]}</a></p>'
    return "\n".join(_paragraph(line) for line in (day, reason(tombstone)) if line)


def _original(opening: list[str], release: Release, page: FeedPage) -> str:
    """The teaser, and the way to what it is the teaser of."""
    address, text = alternate(release, page.site), words(page.site.language)["original"]
    link = f'<p><a href="{escape(address)}">{text}</a></p>'
    return "\n".join((*opening, _paragraph(release.teaser or release.title), link))


def _behind(release: Release, page: FeedPage, level: int = 2) -> tuple[str, ...]:
    return (
        _section("attachments", _attachments(release.enclosures, page), page, level),
        _section("related", _related(release, page), page, level),
        _section("press_contact", _contact(release.contact, page), page, level),
    )


def _opening(release: Release, page: FeedPage) -> list[str]:
    mark = page.marks.get(release.id)
    return [
        *([mark.opening] if mark else []),
        *map(_paragraph, notes(release, page.site)),
        *(
            f'<p>{says}: <a href="{escape(url)}">{escape(title, quote=False)}</a></p>'
            for says, title, url in linked(page.corrections.get(release.id, ()), page.site)
        ),
    ]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>"


def _read(body: str, lead: str) -> tuple[tuple[str, ...], set[str]]:
    """What the body says where its lead may be, and which pictures it shows."""
    if not body:
        return (), set()
    tree = read(body, deep=False)
    return openings(tree, excerpt.reach(lead)), {canonical_url(image.get("src", "")) for image in tree.iter("img")}


def _key(address: str, page: FeedPage) -> str:
    return canonical_url(absolute(address, page.site))


def _figure(image: Image, page: FeedPage) -> str:
    """The picture with its words; the words alone where it has no address."""
    say = words(page.site.language)
    credit = f"{say['image_credit']}: {image.credit}" if image.credit else ""
    if url := image_url(image, page):
        caption = " ".join(filter(None, (image.caption, f"({credit})" if credit and image.caption else credit)))
        shown = f'<img src="{escape(url)}" alt="{escape(image.alt or "")}">'
        below = f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else ""
        return f"<figure>{shown}{below}</figure>"
    told = dict.fromkeys(filter(None, (image.alt, image.caption)))
    if not told:
        return _paragraph(credit) if credit else ""
    return _paragraph(f"{say['image']}: {' – '.join(told)}" + (f" ({image.credit})" if image.credit else ""))


def _section(title: str, inner: str, page: FeedPage, level: int) -> str:
    return f"<h{level}>{words(page.site.language)[title]}</h{level}>\n{inner}" if inner else ""


def _list(rows: Iterator[str]) -> str:
    inner = "\n".join(f"<li>{row}</li>" for row in rows)
    return f"<ul>\n{inner}\n</ul>" if inner else ""


def _attachments(enclosures: tuple[Enclosure, ...], page: FeedPage) -> str:
    def row(enclosure: Enclosure) -> str:
        url = absolute(enclosure.url, page.site)
        kind = short_type(enclosure.type, url)
        size = file_size(enclosure.length, page.site.language) if enclosure.length else None
        facts = ", ".join(filter(None, (kind, size)))
        name = enclosure.title or file_name(url) or words(page.site.language)["file"]
        return f'<a href="{escape(url)}">{escape(name, quote=False)}</a>' + (f" ({facts})" if facts else "")

    return _list(row(enclosure) for enclosure in enclosures)


def _related(release: Release, page: FeedPage) -> str:
    def rows() -> Iterator[str]:
        for related in release.related:
            title, url = escape(related.title, quote=False), related_url(related, page)
            topic = f"{escape(related.topic, quote=False)}: " if related.topic else ""
            yield topic + (f'<a href="{escape(url)}">{title}</a>' if url else title)

    return _list(rows())


def _contact(contact: Contact | None, page: FeedPage) -> str:
    if contact is None:
        return ""
    say = words(page.site.language)
    lines = [escape(contact.name, quote=False)] if contact.name else []
    if contact.phone:
        lines.append(f"{say['phone']}: {escape(contact.phone, quote=False)}")
    if contact.email:
        address, shown = mailto(contact.email), escape(contact.email, quote=False)
        lines.append(f"{say['email']}: " + (f'<a href="{escape(address)}">{shown}</a>' if address else shown))
    return f"<p>{'<br>'.join(lines)}</p>" if lines else ""
