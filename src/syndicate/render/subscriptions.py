"""OPML 2.0 of feeds that are read: for a feed reader's import, and for `parse.subscriptions`."""

from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree

from syndicate.formats import SOURCE_NAMESPACE
from syndicate.text import fold

ElementTree.register_namespace("syndicate", SOURCE_NAMESPACE)


class Feed(NamedTuple):
    """`topics` are names; without any, the feed stands in no folder.

    `settings`: what else is to come back at an import, as attributes of our own namespace, which feed readers leave
    aside (OPML 2.0, "Extending OPML").
    """

    url: str
    title: str
    topics: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


def subscriptions(title: str, feeds: Iterable[Feed]) -> bytes:
    """A folder for each topic, with its feeds: one that has several topics stands in each of their folders.

    Titles and addresses have no control characters. The same feeds give the same bytes.
    """
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body = ElementTree.SubElement(root, "body")
    folders: dict[str, ElementTree.Element] = {}
    for feed in feeds:
        outline = {"type": "rss", "text": feed.title, "title": feed.title, "xmlUrl": feed.url}
        outline |= {f"{{{SOURCE_NAMESPACE}}}{name}": value for name, value in feed.settings}
        parents = []
        for topic in feed.topics:
            if fold(topic) not in folders:
                folders[fold(topic)] = ElementTree.SubElement(body, "outline", text=topic, title=topic)
            parents.append(folders[fold(topic)])
        for parent in parents or [body]:
            ElementTree.SubElement(parent, "outline", outline)
    if not len(body):
        ElementTree.SubElement(body, "outline", text="–", isComment="true")  # a body must hold an outline
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
