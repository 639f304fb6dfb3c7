"""FeedPage → Document. Pure: the same page gives the same bytes.

A format is a function `render(FeedPage, Content) -> bytes` in a module of its own and a row in `formats`; a `Content`
gives the HTML of each of the page's releases, composed once for all formats. The modules are heavy: a cycle with
nothing new imports none of them.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.render import body, content, html, shown, sitemap, words
    from syndicate.render.address import absolute, absolute_html, feed_path, page_path, release_path
    from syndicate.render.documents import feed_paths, render
    from syndicate.render.favicon import icons
    from syndicate.render.linktypes import short_type
    from syndicate.render.opml import opml
    from syndicate.render.stylesheet import stylesheet
    from syndicate.render.subscriptions import Feed, subscriptions

__all__ = [
    "Feed",
    "absolute",
    "absolute_html",
    "body",
    "content",
    "feed_path",
    "feed_paths",
    "html",
    "icons",
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
        "documents": ("feed_paths", "render"),
        "favicon": ("icons",),
        "linktypes": ("short_type",),
        "opml": ("opml",),
        "stylesheet": ("stylesheet",),
        "subscriptions": ("Feed", "subscriptions"),
    },
)
