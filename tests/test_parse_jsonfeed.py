"""JSON Feed; the whole of an item is in data/feed/json11.json."""

import json
from typing import Any

import pytest

from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse import parse

SPEC = "https://jsonfeed.org/version"


def one(**fields: Any) -> Item:
    feed = {"version": "https://jsonfeed.org/version/1", "title": "T", "items": [{"title": "Titel", **fields}]}
    (item,) = parse(json.dumps(feed).encode())
    return item


@pytest.mark.parametrize(
    ("stated", "read"), [(7, "7"), (1.5, "1.5"), ("x", "x"), (True, None), ({}, None), (None, None)]
)
def test_ids_are_text(stated: Any, read: str | None) -> None:
    assert one(id=stated).id == read


@pytest.mark.parametrize(
    ("fields", "embargo"),
    [
        ({"embargoed": "2026-03-14T11:00:00Z"}, "2026-03-14T11:00:00Z"),
        ({"_presse": {"embargoedUntil": "Redebeginn"}}, "Redebeginn"),
        ({"_embargo": "11 Uhr"}, "11 Uhr"),
        ({"embargoed_until": "2026-03-14T11:00:00Z"}, "2026-03-14T11:00:00Z"),
        ({"embargoedUntil": "2026-03-14T11:00:00Z", "pubStatus": "withheld"}, "withheld"),
        ({"_ninjs": {"pubstatus": "stat:withheld"}}, "withheld"),
        ({"pubStatus": "embargoed"}, "embargoed"),
        ({"_ninjs": {"pubStatus": "embargoed", "embargoedUntil": "11 Uhr"}}, "11 Uhr"),
        ({"pubStatus": "usable"}, None),
        ({"pubStatus": ["withheld"]}, None),
        ({"embargoed": True}, "True"),
        ({"embargoed": False}, None),
        ({"embargoed": None}, None),
    ],
)
def test_a_field_for_the_embargo(fields: dict[str, Any], embargo: str | None) -> None:
    assert one(**fields).embargo == embargo


@pytest.mark.parametrize("size", [-1, 2**63, 1.5, "viel", True, None])
def test_an_impossible_size_is_none(size: Any) -> None:
    item = one(attachments=[{"url": "https://a.example/1.pdf", "mime_type": "application/pdf", "size_in_bytes": size}])
    assert [file.length for file in item.enclosures] == [None]


def test_fields_of_the_wrong_kind_are_not_there() -> None:
    item = one(url=7, tags="x", authors={"name": "x"}, attachments=3, image=[], date_published=2026, content_html={})
    assert item == Item(title="Titel", origin=item.origin)


def test_a_mark_before_the_document() -> None:
    assert parse(b'\xef\xbb\xbf{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "T"}]}')


@pytest.mark.parametrize("version", [f'"{SPEC}/1"', f'"{SPEC}/2"', '"1.1"', "1.1", "1", '"1.0"'])
def test_a_version(version: str) -> None:
    assert parse(f'{{"version": {version}, "items": [{{"id": "1", "title": "T"}}]}}'.encode())


@pytest.mark.parametrize("version", ["null", '""', '"2"', '"https://example.org/version/1"', '"11"', "true"])
def test_another_version(version: str) -> None:
    with pytest.raises(ParseError, match="no JSON Feed"):
        parse(f'{{"version": {version}, "items": [{{"id": "1", "title": "T"}}]}}'.encode())


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ({"date_published": "2026-05-11T10:00:00Z", "date_modified": "2026-05-12T10:00:00Z"}, "2026-05-11T10:00:00Z"),
        ({"date_published": "bald", "date_modified": "2026-05-12T10:00:00Z"}, "2026-05-12T10:00:00Z"),
        ({"date_modified": "2026-05-12T10:00:00Z"}, "2026-05-12T10:00:00Z"),
        ({"date_published": "bald"}, "bald"),
        ({}, None),
    ],
)
def test_the_first_date_that_can_be_read(fields: dict[str, str], published: str | None) -> None:
    assert one(**fields).published == published


def test_a_language_is_a_tag() -> None:
    assert one(language="de_CH").language == "de-CH"
    assert [item.language for item in feed({"title": "T", "language": "x"}, language="en, de")] == ["en"]


def test_version_1_has_one_author() -> None:
    assert one(author={"name": "Jana"}).authors == ("Jana",)


@pytest.mark.parametrize("status", ["canceled", "cancelled", "Withdrawn", "stat:canceled"])
@pytest.mark.parametrize("place", ["pubStatus", "pubstatus", "_pub_status"])
def test_an_item_that_is_taken_back_says_nothing_more(status: str, place: str) -> None:
    item = one(
        id="7", content_html="<p>X</p>", date_modified="2026-05-02T00:00:00Z", reason=" Falsch ", **{place: status}
    )
    assert item == Item(id="7", published="2026-05-02T00:00:00Z", withdrawn=True, reason="Falsch", origin=item.origin)


def test_an_extension_takes_back_whatever_else_is_said() -> None:
    item = one(id="7", pubStatus="usable", _ninjs={"pubStatus": "canceled", "reason": 3}, _b={"pubstatus": "withheld"})
    assert (item.withdrawn, item.reason) == (True, None)


def test_a_withdrawal_names_its_release() -> None:
    assert one(pubStatus="canceled", url="https://a.example/1").withdrawn
    nameless = one(pubStatus="canceled")
    assert not nameless.withdrawn
    assert nameless.damage


def test_a_feed_that_breaks_off_withdraws_nothing() -> None:
    feed = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "pubStatus": "canceled"}]}'
    assert [item.withdrawn for item in parse(feed.encode())] == [True]
    for cut in range(1, len(feed)):
        with pytest.raises(ParseError):
            parse(feed[:-cut].encode(), format="json")


@pytest.mark.parametrize(("modified", "withdrawn"), [("2026-05-01T00:00:00Z", True), ("2026-05-03T00:00:00Z", False)])
def test_of_an_item_and_its_withdrawal_the_later_stands(modified: str, withdrawn: bool) -> None:
    gone = {"id": "1", "pubStatus": "canceled", "date_modified": "2026-05-02T00:00:00Z"}
    items = [gone, {"id": "1", "title": "T", "date_modified": modified}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    assert [item.withdrawn for item in parse(json.dumps(feed).encode())] == [withdrawn]


def test_a_notice_of_correction() -> None:
    assert one(title="Berichtigung: Neue Klinik").corrects == "Neue Klinik"
    said = "<p>Diese Meldung ersetzt die <a href='/7'>Pressemitteilung Nr. 7</a>.</p><p>Mehr</p>"
    assert one(url="https://a.example/8", content_html=said).corrects == "https://a.example/7"


def feed(*items: Any, **fields: Any) -> tuple[Item, ...]:
    document = {"version": "https://jsonfeed.org/version/1.1", "items": items, **fields}
    return parse(json.dumps(document).encode(), media_type="application/feed+json")


@pytest.mark.parametrize("home", [{"feed_url": "https://a.example/feed.json"}, {"home_page_url": "https://a.example/"}])
def test_relative_addresses_are_those_of_the_feed(home: dict[str, str]) -> None:
    (item,) = feed({"title": "T", "url": "/1", "image": "b.jpg", "attachments": [{"url": "c.pdf"}]}, **home)
    assert item.url == "https://a.example/1"
    assert [image.url for image in item.images] == ["https://a.example/b.jpg"]
    assert [file.url for file in item.enclosures] == ["https://a.example/c.pdf"]


def test_an_item_without_words_is_what_it_links_to() -> None:
    assert (
        one(title="", url="https://a.example/1").content
        == '<p><a href="https://a.example/1">https://a.example/1</a></p>'
    )
    assert one(title="", attachments=[{"url": "https://a.example/plan.pdf"}]).content == "<p>plan.pdf</p>"
    assert one(title="", id="7").damage is None


def nested(levels: int) -> list[Any]:
    return [nested(levels - 1)] if levels else []


ODD = (
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 5_000,
    '"<p>\\ud800"',
    '["\\udfff"]',
    '"http://[\\ud800"',
    f'"<b>&#{"9" * 5_000};</b>"',
)
FIELDS = (
    "id",
    "url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "date_published",
    "tags",
    "_x",
    "headline",
)


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_a_value_that_python_does_not_take_harms_nothing(value: str) -> None:
    for field in FIELDS:
        said = f'"{field}": {value}, "{field}": {value}'
        item = f'{{"uri": "u", "headline": "T", "title": "T", "body_html": "<p>x", {said}}}'
        for document in (f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{item}]}}', f"[{item}]"):
            assert len(parse(document.encode(), media_type="application/json")) == 1


def test_an_item_beyond_measure_is_put_aside() -> None:
    long, good = feed({"title": "Lang", "content_text": "x" * 2_000_001}, {"title": "Gut"})
    assert "more than 2,000,000 characters" in (long.damage or "")
    deep, wide = feed({"title": "Tief", "_x": nested(300)}, {"id": 7, "_x": {"a": ["x" * 1_500_000] * 2}})
    assert "more than 200 levels" in (deep.damage or "")
    assert "more than 2,000,000 characters" in (wide.damage or "")
    assert wide.id == "7"
    assert good.damage is None


def test_of_too_many_items_the_first_are_read_and_the_rest_is_told() -> None:
    items = feed(*({"title": str(number)} for number in range(5_002)))
    assert len(items) == 5_001
    assert items[0].title == "0"
    assert items[-1].damage == "the feed has 2 entries more than the 5,000 that are read of one document"


def test_a_number_of_ten_thousand_digits_costs_no_feed() -> None:
    text = '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "T", "x": %s}]}' % ("9" * 10_000)
    assert [item.title for item in parse(text.encode())] == ["T"]
