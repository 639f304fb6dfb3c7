"""JSON Feed; the whole of an item is in data/feed/json11.json."""

import json
from typing import Any

import pytest

from syndicate.model import Item
from syndicate.parse import parse


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


def test_version_1_has_one_author() -> None:
    assert one(author={"name": "Jana"}).authors == ("Jana",)
