"""FeedPage → Document. Pure: the same page gives the same bytes.

A format is a function `render(FeedPage, Content) -> bytes` in a module of its own and a row in `formats`; a `Content`
gives the HTML of each of the page's releases, composed once for all formats. One whose entries are the same on every
page has two functions more, `entry(Release, FeedPage, str) -> bytes` and `joined(FeedPage, entries) -> Joined`, so that
an entry need be made only once. One with a document for each release has `alone(Release, FeedPage) -> bytes` and
`withdrawn(Tombstone, Site) -> bytes`. The modules are heavy: a cycle with nothing new imports none of them.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.render import body, content, html, shown, sitemap, words
    from syndicate.render.address import absolute, absolute_html, feed_path, page_path, release_path
    from syndicate.render.documents import (
        content_of,
        entry,
        feed_paths,
        has_page,
        joined,
        joins,
        of_release,
        of_withdrawn,
        render,
    )
    from syndicate.render.favicon import icons
    from syndicate.render.linktypes import short_type
    from syndicate.render.opml import opml
    from syndicate.render.page import Joined
    from syndicate.render.stylesheet import colours, inlined, stylesheet
    from syndicate.render.subscriptions import Feed, subscriptions

__all__ = [
    "Feed",
    "Joined",
    "absolute",
    "absolute_html",
    "body",
    "colours",
    "content",
    "content_of",
    "entry",
    "feed_path",
    "feed_paths",
    "has_page",
    "html",
    "icons",
    "inlined",
    "joined",
    "joins",
    "of_release",
    "of_withdrawn",
    "opml",
    "page_path",
    "release_path",
    "render",
    "short_type",
    "shown",
    "sitemap",
    "stylesheet",
    "subscriptions",
    "words",
]

by_need(
    __name__,
    {
        "address": ("absolute", "absolute_html", "feed_path", "page_path", "release_path"),
        "documents": (
            "content_of",
            "entry",
            "feed_paths",
            "has_page",
            "joined",
            "joins",
            "of_release",
            "of_withdrawn",
            "render",
        ),
        "favicon": ("icons",),
        "linktypes": ("short_type",),
        "opml": ("opml",),
        "page": ("Joined",),
        "stylesheet": ("colours", "inlined", "stylesheet"),
        "subscriptions": ("Feed", "subscriptions"),
    },
)
