"""topics.opml: every topic's feed, for a feed reader's import."""

import pytest
from lxml import etree

from builders import GESUNDHEIT, SITE
from syndicate.model import Topic
from syndicate.render import opml

KUNST = Topic("kunst-und-kultur", "Kunst & Kultur", "Museen, <Theater>")


def test_one_outline_a_topic() -> None:
    document = opml(SITE, [KUNST, GESUNDHEIT])
    assert (document.path, document.media_type) == ("topics.opml", "text/x-opml")
    root = etree.fromstring(document.body)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert {child.tag: child.text for child in root[0]} == {
        "title": "Pressemitteilungen",
        "ownerName": "Staatskanzlei Talland",
    }
    assert [dict(outline.attrib) for outline in root[1]] == [
        {
            "text": "Kunst & Kultur",
            "title": "Kunst & Kultur",
            "type": "rss",
            "xmlUrl": f"{SITE.base_url}kunst-und-kultur.atom",
            "htmlUrl": f"{SITE.base_url}kunst-und-kultur.html",
            "description": "Museen, <Theater>",
            "language": "de",
        },
        {
            "text": "Gesundheit",
            "title": "Gesundheit",
            "type": "rss",
            "xmlUrl": f"{SITE.base_url}gesundheit.atom",
            "htmlUrl": f"{SITE.base_url}gesundheit.html",
            "language": "de",
        },
    ]


@pytest.mark.parametrize(
    ("formats", "expected"),
    [(("json", "rss", "atom"), ".atom"), (("rss", "json"), ".rss"), (("json",), ".json")],
)
def test_atom_first_of_what_is_published(formats: tuple[str, ...], expected: str) -> None:
    (outline,) = etree.fromstring(opml(SITE, [GESUNDHEIT], formats=formats, pages=False).body)[1]
    assert outline.get("xmlUrl") == f"{SITE.base_url}gesundheit{expected}"
    assert outline.get("htmlUrl") is None


def test_without_topics_it_is_still_opml() -> None:
    """The specification wants one outline at least; this one leads nowhere."""
    (outline,) = etree.fromstring(opml(SITE, []).body)[1]
    assert {str(key): str(value) for key, value in outline.attrib.items()} == {
        "text": "Zurzeit keine Meldungen.",
        "isComment": "true",
    }


def test_same_topics_same_bytes() -> None:
    assert opml(SITE, [KUNST]).body == opml(SITE, [KUNST]).body
