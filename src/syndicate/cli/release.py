"""A release for people, in a terminal."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from syndicate.cli.terminal import console
from syndicate.model import Embargo, Image, Release
from syndicate.normalise import headings, plain
from syndicate.text import local

_FIRST = 3  # paragraphs of the body


def show_release(release: Release, zone: ZoneInfo) -> None:
    """Its fields, then the beginning of its text."""
    screen = console()
    if above := " · ".join(filter(None, (release.kind, release.kicker))):
        screen.print(Text(above, style="dim"))
    screen.print(Text(release.title, style="bold"))
    listing = Table.grid(padding=(0, 2, 0, 0))
    listing.add_column(no_wrap=True, style="dim")
    listing.add_column(overflow="fold")
    for name, value in _fields(release, zone):
        listing.add_row(name, value)
    screen.print(listing)
    if release.teaser:
        screen.print(Text(f"\n{release.teaser}", style="italic"))
    paragraphs = plain(release.content).split("\n\n") if release.content else []
    titles = {*headings(release.content)}
    for paragraph in paragraphs[:_FIRST]:
        screen.print(Text(f"\n{paragraph}", style="bold" if paragraph in titles else ""))
    if len(paragraphs) > _FIRST:
        screen.print(Text(f"\n… {len(paragraphs) - _FIRST} more paragraphs", style="dim"))


def embargo_in_words(embargo: Embargo | None, zone: ZoneInfo) -> str:
    if embargo is None:
        return ""
    return (
        f"until {local(embargo.until, zone)}"
        if embargo.until
        else f"{embargo.event or 'no readable end'}: waits for a person"
    )


def _fields(release: Release, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Name and value of what there is."""
    yield from ((name, value) for name, value in _head(release, zone) if value)
    yield from (("image", line) for image in release.images if (line := image_in_words(image)))
    for e in release.enclosures:
        yield (
            "attachment",
            " · ".join(filter(None, (e.title, e.url, e.type, f"{e.length:,} bytes" if e.length else None))),
        )
    for related in release.related:
        yield "related", " · ".join(filter(None, (related.topic, related.title, related.url)))
    if release.contact:
        yield "contact", ", ".join(filter(None, (release.contact.name, release.contact.email, release.contact.phone)))
    for heading in headings(release.content):
        yield "heading", heading


def _head(release: Release, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "id", release.id
    yield "state", release.state + (f" (revision {release.revision})" if release.revision > 1 else "")
    held = f"ended {local(release.lifted, zone)}" if release.embargo and release.lifted else None
    yield "embargo", held or embargo_in_words(release.embargo, zone)
    yield "published", local(release.published, zone)
    yield "updated", local(release.updated, zone) if release.updated != release.published else ""
    yield "inferred", ", ".join(release.inferred)
    yield "topics", ", ".join(release.topics)
    yield "source", release.source or ""
    yield "url", release.url or ""
    yield "authors", ", ".join(release.authors)
    yield "corrects", release.corrects or ""
    yield "language", release.language


def image_in_words(image: Image) -> str:
    credit = f"© {image.credit}" if image.credit else None
    return " · ".join(
        filter(None, (image.alt, image.caption if image.caption != image.alt else None, credit, image.url))
    )
