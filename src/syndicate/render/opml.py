"""OPML 2.0: every topic's feed, for a feed reader's import."""

from collections.abc import Collection, Sequence
from xml.etree import ElementTree

from syndicate.formats import FORMATS
from syndicate.mediatypes import TYPES
from syndicate.model import Document, Site, Topic
from syndicate.render.address import feed_path
from syndicate.render.words import words


def opml(site: Site, topics: Sequence[Topic], *, formats: Collection[str] = ("atom",), pages: bool = True) -> Document:
    """`topics.opml`: one outline a topic, in the order given, with its Atom feed and its page.

    Where no Atom is published, the next format stands in. No dates: the same topics give the same bytes.
    """
    suffix = next((row.suffix for name, row in FORMATS.items() if name in formats), FORMATS["atom"].suffix)
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = site.title
    if site.author:
        ElementTree.SubElement(head, "ownerName").text = site.author
    body = ElementTree.SubElement(root, "body")
    for topic in topics:
        about = {
            "text": topic.title,
            "title": topic.title,
            "type": "rss",
            "xmlUrl": site.base_url + feed_path(topic.id, suffix),
            "htmlUrl": f"{site.base_url}{topic.id}.html" if pages else "",
            "description": topic.description,
            "language": site.language,
        }
        ElementTree.SubElement(body, "outline", {name: value for name, value in about.items() if value})
    if not topics:  # a body must hold an outline
        ElementTree.SubElement(body, "outline", text=words(site.language)["no_releases"], isComment="true")
    ElementTree.indent(root)
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
    return Document("topics.opml", TYPES[".opml"], written)
