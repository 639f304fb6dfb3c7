"""ninjs, by versions: one news object, lists, packages."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from syndicate.errors import ParseError
from syndicate.model import Image, Item
from syndicate.notices import embargo_of as stated_embargo_of
from syndicate.parse import detect, parse

VERSION_1 = {
    "uri": "urn:newsml:talland.example:1",
    "type": "text",
    "versioncreated": "2026-05-13T10:00:00+02:00",
    "firstcreated": "2026-05-12T10:00:00+02:00",
    "pubstatus": "usable",
    "language": "de",
    "byline": "Jana Örtel",
    "headline": "Neue Klinik & mehr <3",
    "description_text": "Die Klinik öffnet.",
    "description_caption": "Das Bild",
    "body_text": "Erste Zeile",
    "body_html": "<p>Erste <b>Zeile</b></p>",
    "body_nitf": "<nitf/>",
    "usageterms": "Nur für Talland",
    "ednote": "intern",
    "subject": [{"code": "a", "name": "Gesundheit"}, {"name": "Krankenhäuser"}, {"code": "x"}, 7],
    "renditions": {"main": {"href": "https://talland.example/1.jpg", "mimetype": "image/jpeg"}},
}
VERSION_3 = {
    "uri": "urn:newsml:talland.example:1",
    "versionCreated": "2026-05-13T10:00:00+02:00",
    "contentCreated": "2026-05-12T10:00:00+02:00",
    "language": "de",
    "by": "Jana Örtel",
    "headlines": [{"role": "sub", "value": "Auch"}, {"role": "main", "value": "Neue Klinik & mehr <3"}],
    "descriptions": [{"value": "Die Klinik öffnet.", "contentType": "text/plain"}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": "Erste Zeile"},
        {"role": "richtext", "contentType": "application/xhtml+xml", "value": "<p>Erste <b>Zeile</b></p>"},
        {"role": "nitf", "contentType": "application/xml", "value": "<nitf/>"},
    ],
    "subjects": [{"name": "Gesundheit"}, {"name": "Krankenhäuser"}],
    "renditions": [
        {"href": "https://talland.example/klein.jpg", "contentType": "image/jpeg", "width": 100},
        {"href": "https://talland.example/1.jpg", "contentType": "image/jpeg", "width": 900},
        {"href": "https://talland.example/1.mp4", "contentType": "video/mp4", "width": 9000},
    ],
}
READ = Item(
    id="urn:newsml:talland.example:1",
    kicker="Gesundheit",
    title="Neue Klinik & mehr <3",
    teaser="Die Klinik öffnet.",
    content="<p>Erste <b>Zeile</b></p>",
    language="de",
    published="2026-05-12T10:00:00+02:00",
    updated="2026-05-13T10:00:00+02:00",
    categories=("Krankenhäuser",),
    authors=("Jana Örtel",),
    images=(Image("https://talland.example/1.jpg"),),
)


def read(document: Any) -> tuple[Item, ...]:
    return parse(json.dumps(document).encode())


def one(**fields: Any) -> Item:
    (item,) = read({"uri": "urn:x", "headline": "Titel", **fields})
    return item


@pytest.mark.parametrize("news", [VERSION_1, VERSION_3], ids=["1", "3"])
@pytest.mark.parametrize(
    "around", [lambda n: n, lambda n: [n, n], lambda n: {"items": [n]}, lambda n: {"associations": [n]}]
)
def test_news_objects(news: dict[str, Any], around: Any) -> None:
    items = read(around(news))
    assert set(items) == {READ}
    assert len(items) == (2 if isinstance(around(news), list) else 1)


def test_pictures_that_belong_to_it() -> None:
    picture = {"type": "picture", "description_text": "Die Klinik", "byline": "dpa", "alt_text": "Ein Haus"}
    wide = {"href": "https://talland.example/a.jpg", "width": 10}
    assert one(associations={"main": {**picture, "renditions": {"a": wide}}}).images == (
        Image("https://talland.example/a.jpg", "Ein Haus", "Die Klinik", "dpa"),
    )
    held = {**picture, "renditions": [wide], "embargoedUntil": "2026-05-12T10:00:00Z"}
    assert (
        one(associations=[held, {**held, "pubStatus": "canceled"}, {"type": "video", "renditions": [wide]}]).images
        == ()
    )


@pytest.mark.parametrize(
    ("fields", "embargo"),
    [
        ({"embargoed": "2026-05-12T10:00:00Z"}, "2026-05-12T10:00:00Z"),
        ({"embargoedUntil": "2026-05-12T10:00:00Z"}, "2026-05-12T10:00:00Z"),
        ({"ednote": "Sperrfrist: 11 Uhr"}, "Sperrfrist: 11 Uhr"),
        ({"edNote": "Ergänzt um ein Zitat"}, None),
        ({"ednote": "Keine Sperrfrist."}, None),
        ({"usageterms": "Frei zur Veröffentlichung ab 11 Uhr"}, "Frei zur Veröffentlichung ab 11 Uhr"),
        ({"usageTerms": "Abdruck frei, Beleg erbeten"}, None),
        ({"embargoedreason": "Redebeginn"}, "Redebeginn"),
        ({"embargoedreason": "Redebeginn", "embargoed": "2026-05-12T10:00:00Z"}, "2026-05-12T10:00:00Z"),
        ({"embargoed": "2026-05-12T10:00:00Z", "pubstatus": "withheld"}, "withheld"),
        ({"pubStatus": "usable"}, None),
    ],
)
def test_an_embargo(fields: dict[str, str], embargo: str | None) -> None:
    assert one(**fields).embargo == embargo


def test_a_canceled_one_says_nothing_more() -> None:
    gone = {"uri": "urn:x", "pubStatus": "canceled", "versionCreated": "2026-05-12T10:00:00Z", "edNote": "intern"}
    tombstone = Item(id="urn:x", published="2026-05-12T10:00:00Z", withdrawn=True)
    assert read(gone) == read({**gone, "headline": "Titel", "bodies": [{"value": "X"}]}) == (tombstone,)
    assert read({**gone, "associations": [VERSION_1]}) == (tombstone,)
    assert read([gone, VERSION_1]) == (READ, tombstone)
    assert read([gone, {"uri": "urn:x", "headline": "T", "versionCreated": "2026-05-13T10:00:00Z"}])[0].title == "T"


def test_what_a_composite_takes_back() -> None:
    gone = {"name": "1", "uri": "urn:x", "pubStatus": "canceled", "headlines": [{"value": "Zurückgezogen"}]}
    why = {"descriptions": [{"value": "Die Klinik"}, {"role": "reason", "value": "Ein Fehler."}]}
    package = {"uri": "urn:feed", "type": "composite", "pubStatus": "usable"}
    told = {"associations": [VERSION_3, {**gone, **why, "type": "text"}, {**gone, "type": "picture", "uri": "urn:y"}]}
    assert read({**package, **told}) == (READ, Item(id="urn:x", withdrawn=True, reason="Ein Fehler."))
    assert read({**package, "associations": []}) == ()
    with pytest.raises(ParseError, match="no ninjs"):
        read({**package, "associations": [{**gone, "type": "picture"}]})


def test_an_address_and_words_of_version_3() -> None:
    page = {"name": "page", "href": "https://talland.example/1", "contentType": "text/html"}
    assert one(renditions=[page]).url == "https://talland.example/1"
    assert one(renditions=[page], url="https://talland.example/2").url == "https://talland.example/2"
    words = [{"role": "alttext", "value": "Ein Haus"}, {"role": "text", "value": "Die Klinik"}]
    picture = {"type": "picture", "renditions": [{"href": "https://talland.example/a.jpg"}]}
    assert [one(associations=[{**picture, "descriptions": told}]).images for told in (words, words[:1])] == [
        (Image("https://talland.example/a.jpg", "Ein Haus", "Die Klinik"),),
        (Image("https://talland.example/a.jpg", "Ein Haus"),),
    ]


def test_words_without_a_type() -> None:
    assert one(body_text="Eins\nzwei\n\ndrei").content == "<p>Eins<br>zwei</p><p>drei</p>"
    assert one(bodies=[{"value": "<p>Eins</p>"}]).content == "<p>Eins</p>"
    assert one(headline="Titel", description_text="Titel").teaser is None
    assert one(headline="Korrektur: Neue Klinik").corrects == "Neue Klinik"


def test_fields_of_the_wrong_kind_are_not_there() -> None:
    item = one(bodies=7, subject="x", byline=["a"], renditions=[3, {"href": 4}], associations=[[]], language=1)
    assert item == Item(id="urn:x", title="Titel")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (VERSION_1, "ninjs"),
        (VERSION_3, "ninjs"),
        ({"guid": "x", "versioncreated": "y"}, "ninjs"),
        ({"version": "https://jsonfeed.org/version/1.1", "items": [], "_ninjs": VERSION_1}, "json"),
        ({"headline": "x"}, "json"),
        ({"text": '"uri": "headline":'}, "json"),
    ],
)
def test_it_is_recognised(document: Any, name: str) -> None:
    assert detect(json.dumps(document).encode()) == name


@pytest.mark.parametrize("body", ["[]", "3", '{"uri": "x"}', '{"headline": "x"}', '[{"uri": 1, "headline": "x"}]', "{"])
def test_what_is_no_ninjs(body: str) -> None:
    with pytest.raises(ParseError, match=r"is JSON, but no ninjs|is no valid JSON"):
        parse(body.encode(), format="ninjs")


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        ({"y": {"embargoedUntil": "11 Uhr"}}, "11 Uhr"),
        ({"y": [{"z": {"Sperrfrist": "11 Uhr"}}]}, "11 Uhr"),
        ({"y": {"pubStatus": "withheld"}}, "withheld"),
        ({"y": {"embargoed": False}}, None),
        ({"y": "Sperrfrist"}, None),
    ],
)
def test_an_embargo_deep_in_an_extension(extension: dict[str, object], said: str | None) -> None:
    assert stated_embargo_of({"_x": extension, "title": "T"}, extension) == said
    assert stated_embargo_of({"_x": [extension]}) == said
    assert stated_embargo_of({"x": extension}) is None


@pytest.mark.parametrize("wrap", [list, lambda news: {"uri": "urn:p", "items": news}], ids=["list", "package"])
def test_of_too_many_the_first_are_read_and_the_rest_is_told(wrap: Callable[[list[Any]], Any]) -> None:
    items = read(wrap([{"uri": f"urn:{n}", "headline": f"Meldung {n}"} for n in range(10_000)]))
    assert [items[0].title, items[-2].title] == ["Meldung 0", "Meldung 4999"]
    assert items[-1].damage == "the feed has 5,000 entries more than the 5,000 that are read of one document"


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({"bodies": [{"role": "main", "value": "x" * 1_500_000}] * 2}, "more than 2,000,000 characters"),
        ({"associations": json.loads("[" * 300 + "]" * 300)}, "more than 200 levels"),
    ],
)
def test_one_beyond_measure_is_put_aside(field: dict[str, Any], reason: str) -> None:
    beyond, good = read([{"uri": "urn:1", "headline": "Lang", **field}, {"uri": "urn:2", "headline": "Gut"}])
    assert (beyond.id, beyond.content, good.damage) == ("urn:1", None, None)
    assert reason in (beyond.damage or "")
