"""JSON Feed 1.1: the whole item, and what is left out where nothing is known."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CORRECTIONS, GESUNDHEIT, SITE, make_headline, make_page, make_release, make_tombstone, rich_release
from syndicate.model import FeedPage, Topic
from syndicate.render import content as composed
from syndicate.render import render as render_feed
from syndicate.text import clean


def render(page: FeedPage) -> bytes:
    return render_feed(page, ["json"])[0].body


def feed(*releases: Any, **fields: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render(make_page(*releases, **fields)))
    return loaded


def test_an_empty_feed() -> None:
    assert feed() == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Pressemitteilungen: Gesundheit",
        "home_page_url": f"{SITE.base_url}gesundheit.html",
        "feed_url": f"{SITE.base_url}gesundheit.json",
        "language": "de",
        "authors": [{"name": "Staatskanzlei Talland"}],
        "items": [],
    }


def test_everything_known_of_a_release() -> None:
    release = rich_release()
    topic = Topic("gesundheit", "Gesundheit", "Alles & mehr", mediatopic="medtop:07000000")
    page = make_page(release, topic=topic, topics=(topic,))
    assert json.loads(render(page))["items"] == [
        {
            "id": "tag:presse.talland.example,2026:talland00003",
            "url": "https://www.talland.example/presse/talland00003",
            "title": "„Größere Häuser“ – 12 Mio. € für Kliniken 🏥",
            "content_html": composed.compose(release, page),
            "summary": "Das Land fördert drei Kliniken & ein Ärztehaus.",
            "image": f"{SITE.base_url}media/cd34/klinik.jpg",
            "date_published": "2026-03-14T09:30:00+00:00",
            "date_modified": "2026-03-14T12:00:00+00:00",
            "authors": [{"name": "Ministerium für Gesundheit"}],
            "tags": ["Gesundheit"],
            "attachments": [
                {
                    "url": f"{SITE.base_url}media/ef56/Bescheid%20Nord.pdf",
                    "mime_type": "application/pdf",
                    "title": "Förderbescheid",
                    "size_in_bytes": 1432000,
                },
                {"url": "https://www.talland.example/rede.mp3", "mime_type": "audio/mpeg"},
                {
                    "url": "https://www.talland.example/download?id=7",
                    "mime_type": "application/octet-stream",
                    "title": "Anlage",
                },
            ],
            "_syndicate": {
                "about": SITE.base_url,
                "kind": "Pressemitteilung",
                "kicker": "Krankenhäuser",
                "topics": ["gesundheit"],
                "mediatopics": ["medtop:07000000"],
                "images": [
                    {
                        "url": f"{SITE.base_url}media/cd34/klinik.jpg",
                        "alt": "Ein Klinikgebäude",
                        "caption": "Die Klinik in Oberwiesen",
                        "credit": "Landesamt/Ö. Öztürk",
                    },
                    {"url": "https://bilder.talland.example/b", "alt": "Ein Bett"},
                    {"url": f"{SITE.base_url}media/ab12/plan.png", "alt": "Lageplan", "caption": "Der Lageplan"},
                    {"alt": "Die Ministerin am Rednerpult", "caption": "Symbolbild", "credit": "dpa"},
                ],
                "related": [
                    {
                        "topic": "Gesundheit",
                        "title": "Ärztetag in Talstadt",
                        "url": "https://www.talland.example/aerztetag",
                    },
                    {"topic": "Pflege", "title": "Pflege wird gestärkt"},
                    {"topic": "Landesregierung", "title": "Tallandtag eröffnet"},
                ],
                "contact": {"name": "Jürgen Müßig", "email": "presse@gm.talland.example", "phone": "0123 456-789"},
                "license": "https://creativecommons.org/licenses/by/4.0/",
            },
        }
    ]


def test_a_headline_still_has_content() -> None:
    (item,) = feed(make_headline(topics=()))["items"]
    assert item == {
        "id": "tag:presse.talland.example,2026:talland00002",
        "url": f"{SITE.base_url}releases/talland00002.html",
        "title": "Tallandtag eröffnet",
        "content_html": "<p>Tallandtag eröffnet</p>",
        "date_published": "2026-03-14T09:30:00+00:00",
        "date_modified": "2026-03-14T09:30:00+00:00",
        "_syndicate": {"about": SITE.base_url},
    }


def test_a_foreign_language_is_marked() -> None:
    items = feed(make_release(language="en"), make_release())["items"]
    assert [item.get("language") for item in items] == ["en", None]


@pytest.mark.parametrize(
    ("fields", "own", "older"),
    [
        ({"older": 4}, "gesundheit.json", "gesundheit/4.json"),
        ({"number": 4, "older": 3, "newer": 5}, "gesundheit/4.json", "gesundheit/3.json"),
        ({"number": 1, "newer": 2}, "gesundheit/1.json", None),
    ],
)
def test_next_url_leads_into_the_past(fields: dict[str, int], own: str, older: str | None) -> None:
    head = feed(make_release(), **fields)
    assert head["feed_url"] == SITE.base_url + own
    assert head.get("next_url") == (SITE.base_url + older if older else None)


def test_a_withdrawn_release_leaves_a_notice_in_the_head_alone() -> None:
    notice, item = feed(make_release(), tombstones=(make_tombstone(),))["items"]
    assert notice == {
        "id": "tag:presse.talland.example,2026:talland00009",
        "url": f"{SITE.base_url}releases/talland00009.html",
        "title": "Zurückgezogen",
        "content_html": "<p>Zurückgezogen am 14. März 2026.</p>\n<p>Die Zahlen waren falsch.</p>",
        "date_published": "2026-03-14T09:30:00+00:00",
        "date_modified": "2026-03-14T12:00:00+00:00",
    }
    assert item["id"] == "tag:presse.talland.example,2026:talland00001"
    assert len(feed(make_release(), tombstones=(make_tombstone(),), number=1)["items"]) == 1


def test_corrections_are_told_by_kind() -> None:
    one, other = feed(make_release(), make_release("talland00002"), corrections={"talland00001": CORRECTIONS})["items"]
    assert one["_syndicate"] == {
        "about": SITE.base_url,
        "topics": ["gesundheit"],
        "corrects": [
            {"title": "Zwölf <neue> Kliniken & Häuser", "url": "https://www.talland.example/presse/alt?a=1&b=2"}
        ],
        "corrected_by": [{"title": "Berichtigung: Elf Kliniken", "url": f"{SITE.base_url}releases/talland00008.html"}],
    }
    assert other["_syndicate"] == {"about": SITE.base_url, "topics": ["gesundheit"]}


def test_text_is_written_as_it_is() -> None:
    body = render(make_page(rich_release(), topic=GESUNDHEIT))
    assert "„Größere Häuser“ – 12 Mio. € für Kliniken 🏥".encode() in body
    assert body.endswith(b"}\n")
    assert body.decode() == json.dumps(json.loads(body), ensure_ascii=False, indent=2) + "\n"


@given(st.text(min_size=1).map(clean), st.text().map(clean))
def test_any_clean_text_survives(title: str, teaser: str) -> None:
    (item,) = feed(make_release(title=title, teaser=teaser or None))["items"]
    assert (item["title"], item.get("summary", "")) == (title, teaser)


@pytest.mark.parametrize(
    ("licence", "address", "terms"),
    [("https://example.org/by", "https://example.org/by", None), ("CC BY 4.0", None, "CC BY 4.0"), (None, None, None)],
)
def test_a_licence_is_an_address_or_terms(licence: str | None, address: str | None, terms: str | None) -> None:
    (item,) = feed(make_release(license=licence))["items"]
    assert (item["_syndicate"].get("license"), item["_syndicate"].get("rights")) == (address, terms)


@pytest.mark.parametrize("icon", ["", "icon.png"])
def test_the_icon_of_the_site(icon: str) -> None:
    found = feed(make_release(), site=replace(SITE, icon=icon))
    assert [found.get(name) for name in ("icon", "favicon")] == [SITE.base_url + icon if icon else None] * 2
