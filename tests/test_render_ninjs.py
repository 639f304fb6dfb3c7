"""ninjs 3.1: the whole object, as IPTC's schema wants it; what is left out where nothing is known; read back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from builders import (
    CORRECTIONS,
    GESUNDHEIT,
    NOON,
    SITE,
    make_headline,
    make_page,
    make_release,
    make_tombstone,
    rich_release,
)
from syndicate.formats import FORMATS
from syndicate.model import Contact, Document, Enclosure, FeedPage, Image, Item, Note, Related, ReleasePage, Topic
from syndicate.parse import parse
from syndicate.render import of_release, of_withdrawn, render
from syndicate.text import clean
from syndicate.validate import faults

SCHEMA = Path(__file__).parent / "data" / "schemas" / "ninjs-3.1.schema.json"  # IPTC's, MIT (beside it)
HEALTH = Topic("gesundheit", "Gesundheit", "Alles & mehr", mediatopic="medtop:07000000")


@cache
def schema() -> Draft202012Validator:
    """Places are GeoJSON, by a schema elsewhere: we name none."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    elsewhere = Registry().with_resource("https://geojson.org/schema/GeoJSON.json", Resource.from_contents(dialect))
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")), registry=elsewhere)


def loaded(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document.body)
    assert [error.message for error in schema().iter_errors(found)] == []
    assert faults(document) == ()
    assert document.body.decode() == json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return found


def head(page: FeedPage) -> dict[str, Any]:
    return loaded(render(page, ["ninjs"])[0])


def alone(release: Any, **fields: Any) -> dict[str, Any]:
    page = ReleasePage(site=SITE, release=release, topics=(HEALTH,), **fields)
    return loaded(of_release(page, "ninjs"))


def whole() -> FeedPage:
    return make_page(
        rich_release(),
        make_headline(),
        topic=HEALTH,
        topics=(HEALTH,),
        tombstones=(make_tombstone(),),
        corrections={"talland00003": CORRECTIONS},
    )


def test_an_empty_head() -> None:
    page = make_page(site=replace(SITE, rights="© Talland"))
    assert head(page) == {
        "uri": page.atom_id,
        "type": "composite",
        "title": "Pressemitteilungen: Gesundheit",
        "language": "de",
        "versionCreated": page.updated.isoformat(),
        "pubStatus": "usable",
        "copyrightNotice": "© Talland",
        "renditions": [
            {"name": "self", "href": f"{SITE.base_url}gesundheit.ninjs.json", "contentType": "application/json"},
            {"name": "page", "href": f"{SITE.base_url}gesundheit.html", "contentType": "text/html"},
        ],
        "standard": {
            "name": "ninjs",
            "version": "3.1",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
        },
        "associations": [],
    }


def test_everything_known_of_a_release() -> None:
    news = alone(rich_release(), corrections=CORRECTIONS)
    html, plain = (body.pop("value") for body in news["bodies"])
    associated = news.pop("associations")
    assert news == {
        "uri": "tag:presse.talland.example,2026:talland00003",
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "language": "de",
        "firstCreated": "2026-03-14T09:30:00+00:00",
        "versionCreated": "2026-03-14T12:00:00+00:00",
        "headlines": [
            {
                "role": "main",
                "contentType": "text/plain",
                "value": "„Größere Häuser“ – 12 Mio. € für Kliniken \N{HOSPITAL}",
            }
        ],
        "descriptions": [
            {"role": "text", "contentType": "text/plain", "value": "Das Land fördert drei Kliniken & ein Ärztehaus."}
        ],
        "bodies": [{"role": "main", "contentType": kind} for kind in ("text/html", "text/plain")],
        "by": "Ministerium für Gesundheit",
        "subjects": [
            {"name": "Krankenhäuser"},
            {
                "name": "Gesundheit",
                "uri": "tag:presse.talland.example,2026:topic:gesundheit",
                "literal": "gesundheit",
            },
            {"uri": "http://cv.iptc.org/newscodes/mediatopic/07000000", "literal": "medtop:07000000"},
        ],
        "genres": [{"name": "Pressemitteilung"}],
        "infoSources": [
            {"name": "Ministerium für Gesundheit", "role": "creator"},
            {
                "name": "Jürgen Müßig",
                "role": "contact",
                "contactInfo": [
                    {"type": "phone", "value": "0123 456-789"},
                    {"type": "email", "value": "presse@gm.talland.example"},
                ],
            },
            {"name": "Presse & Neues", "role": "source", "uri": "https://www.talland.example/feed"},
        ],
        "copyrightNotice": "© Land Talland",
        "rightsInfo": {"linkedRights": "https://creativecommons.org/licenses/by/4.0/"},
        "renditions": [
            {"name": "page", "href": "https://www.talland.example/presse/talland00003", "contentType": "text/html"}
        ],
        "standard": {
            "name": "ninjs",
            "version": "3.1",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
        },
    }
    assert [(each["name"], each["type"], each.get("rel")) for each in associated] == [
        *((f"picture-{n}", "picture", None) for n in (1, 2, 3, 4)),
        ("attachment-1", "component", "attachment"),
        ("attachment-2", "audio", "attachment"),
        ("attachment-3", "component", "attachment"),
        *((f"related-{n}", "text", "related") for n in (1, 2, 3)),
        ("correction-1", "text", "corrects"),
        ("correction-2", "text", "correctedBy"),
    ]
    assert associated[0] == {
        "name": "picture-1",
        "uri": f"{SITE.base_url}media/cd34/klinik.jpg",
        "type": "picture",
        "descriptions": [
            {"role": "text", "contentType": "text/plain", "value": "Die Klinik in Oberwiesen"},
            {"role": "alttext", "contentType": "text/plain", "value": "Ein Klinikgebäude"},
        ],
        "by": "Landesamt/Ö. Öztürk",
        "renditions": [{"name": "main", "href": f"{SITE.base_url}media/cd34/klinik.jpg", "contentType": "image/jpeg"}],
    }
    assert associated[3]["uri"] == "tag:presse.talland.example,2026:talland00003:picture-4"  # it has no address
    assert "renditions" not in associated[3]
    assert associated[4]["renditions"][0]["sizeInBytes"] == 1_432_000
    assert associated[7]["uri"] == "https://www.talland.example/aerztetag"
    assert associated[7]["subjects"] == [{"name": "Gesundheit"}]
    assert f'<img src="{SITE.base_url}media/ab12/plan.png" alt="Lageplan">' in html
    assert "Förderbescheid" in html
    assert "presse@gm.talland.example" in html
    assert "Das Land fördert" not in html  # teaser and pictures have fields of their own
    assert "klinik.jpg" not in html
    assert plain.splitlines()[0] == "Diese Meldung berichtigt: Zwölf <neue> Kliniken & Häuser"
    assert "Ministerin Ährenfeld übergab die Bescheide.\n\nFörderung\n\n" in plain


def test_a_head_has_the_news_objects_by_name_and_what_was_withdrawn() -> None:
    gone, full, headline = head(whole())["associations"]
    assert gone == {
        "name": "talland00009",
        "uri": "tag:presse.talland.example,2026:talland00009",
        "type": "text",
        "pubStatus": "canceled",
        "language": "de",
        "firstCreated": "2026-03-14T09:30:00+00:00",
        "versionCreated": "2026-03-14T12:00:00+00:00",
        "headlines": [{"role": "main", "contentType": "text/plain", "value": "Zurückgezogen"}],
        "descriptions": [
            {"role": "text", "contentType": "text/plain", "value": "Zurückgezogen am 14. März 2026."},
            {"role": "reason", "contentType": "text/plain", "value": "Die Zahlen waren falsch."},
        ],
    }
    single = alone(rich_release(), corrections=CORRECTIONS)
    assert {name: value for name, value in single.items() if name != "standard"} == {
        name: value for name, value in full.items() if name != "name"
    }
    assert (headline["name"], headline["representationType"]) == ("talland00002", "partial")
    assert [body["value"] for body in headline["bodies"]] == ["<p>Tallandtag eröffnet</p>", "Tallandtag eröffnet"]


def test_what_was_withdrawn_by_itself() -> None:
    document = of_withdrawn(make_tombstone(reason=None), SITE, "ninjs")
    assert document.path == "releases/talland00009.ninjs.json"
    found = loaded(document)
    assert (found["pubStatus"], found["uri"]) == ("canceled", "tag:presse.talland.example,2026:talland00009")
    assert [d["role"] for d in found["descriptions"]] == ["text"]
    assert parse(document.body) == (
        Item(
            id="tag:presse.talland.example,2026:talland00009",
            published="2026-03-14T12:00:00+00:00",
            withdrawn=True,
        ),
    )


def test_what_may_not_be_republished_is_its_teaser_and_the_way_to_it() -> None:
    release = rich_release(notes=(Note(NOON, "Eine Zahl war falsch."),))
    news = alone(release, content="teaser")
    assert news["representationType"] == "partial"
    assert "associations" not in news
    assert {source["role"] for source in news["infoSources"]} == {"creator", "source"}
    said = news["bodies"][0]["value"]
    assert 'href="https://www.talland.example/presse/talland00003"' in said
    assert "Eine Zahl war falsch." in said
    assert "Ährenfeld" not in json.dumps(news, ensure_ascii=False)


def test_a_licence_in_words_and_a_source_without_an_address() -> None:
    news = alone(make_release(license="Nur mit Quellenangabe", authors=("Amt A", "Amt B")))
    assert (news["usageTerms"], news["by"]) == ("Nur mit Quellenangabe", "Amt A; Amt B")
    assert "rightsInfo" not in news


def test_an_archive_has_none() -> None:
    assert render(make_page(make_release(), number=1), ["ninjs"]) == ()
    assert not FORMATS["ninjs"].archive


# --- read back --------------------------------------------------------------------------------------------------------


def read(page: FeedPage) -> tuple[Item, ...]:
    return parse(render(page, ["ninjs"])[0].body)


def test_what_matters_is_read_back() -> None:
    full, headline, gone = read(whole())
    release = rich_release()
    assert (full.id, full.url, full.title, full.teaser) == (
        release.atom_id,
        release.url,
        release.title,
        release.teaser,
    )
    assert (full.kicker, full.categories, full.authors) == (release.kicker, ("Gesundheit",), release.authors)
    assert (full.published, full.updated) == (release.published.isoformat(), release.updated.isoformat())
    assert (full.language, full.contact) == ("de", Contact("Jürgen Müßig", "presse@gm.talland.example", "0123 456-789"))
    assert full.images[0] == Image(
        f"{SITE.base_url}media/cd34/klinik.jpg", "Ein Klinikgebäude", "Die Klinik in Oberwiesen", "Landesamt/Ö. Öztürk"
    )
    assert (headline.id, headline.title) == ("tag:presse.talland.example,2026:talland00002", "Tallandtag eröffnet")
    assert (gone.withdrawn, gone.reason) == (True, "Die Zahlen waren falsch.")


def test_an_empty_head_holds_nothing() -> None:
    assert read(make_page()) == ()


def test_a_head_of_what_was_withdrawn_alone() -> None:
    (gone,) = read(make_page(tombstones=(make_tombstone(),)))
    assert gone.withdrawn


WORDS = st.text(min_size=1, max_size=40).map(clean).filter(lambda text: any(map(str.isalnum, text)))
PARAGRAPHS = WORDS.map(lambda text: "<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>")


@given(st.lists(st.tuples(WORDS, WORDS, PARAGRAPHS), max_size=3))
def test_any_words_are_read_as_those_of_the_other_json(said: list[tuple[str, str, str]]) -> None:
    releases = [
        make_release(f"talland{n:05}", title=title, teaser=teaser, content=content)
        for n, (title, teaser, content) in enumerate(said)
    ]
    page = make_page(*releases)
    loaded(render(page, ["ninjs"])[0])
    told = [(item.id, item.url, item.title) for item in read(page)]
    assert told == [(item.id, item.url, item.title) for item in parse(render(page, ["json"])[0].body)]


def every() -> Iterator[FeedPage]:
    rich = rich_release()
    yield whole()
    yield make_page(rich, topic=GESUNDHEIT, content={"examples": "teaser"})
    yield make_page(make_release(images=(Image(None, "Alt"), Image("https://a.example/b%20c.jpg"))))
    yield make_page(make_release(related=(Related("Titel"),), contact=Contact(phone="0123")))
    yield make_page(make_release(enclosures=(Enclosure("https://a.example/x.mp4", "video/mp4", 0),)))
    yield make_page(make_release(atom_id="urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", language="en"))


@pytest.mark.parametrize("page", list(every()))
def test_each_is_what_the_schema_wants(page: FeedPage) -> None:
    head(page)
