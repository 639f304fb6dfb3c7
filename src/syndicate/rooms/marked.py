"""A release as an embargoed newsroom has it before its end: title and content say first until when. Pure."""

from dataclasses import replace
from datetime import datetime
from html import escape

from syndicate.model import Embargo, FeedPage, Mark, Release, Site
from syndicate.placement import Advance
from syndicate.render import absolute, absolute_html, content_of, words


def mark(advance: Advance, language: str, timezone: str) -> str:
    """`SPERRFRIST bis 14. März 2026, 11:00 Uhr`, `SPERRFRIST (bis zur Freigabe)`; where it was moved, from when."""
    say = words.words(language)

    def until(embargo: Embargo | None) -> str:
        end = embargo.until if embargo else None
        return (
            say["embargo_until"].format(time=words.long_time(end, language, timezone)) if end else say["embargo_open"]
        )

    said = say["embargo"].format(until=until(advance.embargo))
    if advance.earlier is None or until(advance.earlier) == until(advance.embargo):
        return said
    return say["embargo_moved"].format(mark=said, before=until(advance.earlier).strip("()"))


def marked(release: Release, advance: Advance, page: FeedPage) -> tuple[Release, FeedPage, str]:
    """The release with its mark, a page that has it, and the HTML of its content. `page` knows what it links to.

    Its files are below the newsroom's own addresses.
    """
    line, embargo = mark(advance, release.language, page.site.timezone), advance.embargo or Embargo()
    printed = f": {escape(embargo.event, quote=False)}" if embargo.event else ""
    opening = [f"<p><strong>{escape(line, quote=False)}</strong>{printed}</p>"]
    if advance.source is not None:
        opening.append(f"<p>{words.words(release.language)['embargo_of_version']}</p>")
    inside = _inside(release, replace(page.site, base_url=page.site.base_url + page.below))
    teaser = f"{line}. {release.teaser}" if release.teaser else None
    named = replace(inside, title=f"{line}: {release.title}", teaser=teaser)
    page = replace(page, releases=(named,), marks={release.id: Mark("\n".join(opening), embargo)})
    return named, page, content_of(page)(inside)


def _inside(release: Release, site: Site) -> Release:
    """With the addresses at which a newsroom gets what is of it."""
    return replace(
        release,
        content=absolute_html(release.content, site),
        images=tuple(replace(image, url=image.url and absolute(image.url, site)) for image in release.images),
        enclosures=tuple(replace(each, url=absolute(each.url, site)) for each in release.enclosures),
    )


def dated(release: Release, advance: Advance, updated: datetime | None = None) -> Release:
    """When it came, and when it last changed there. A date that is still to come is none yet."""
    published = min(release.published, advance.since)
    return replace(release, published=published, updated=max(updated or advance.updated, published))
