# ruff: noqa: E501  # a case is a row, however long
"""JSON that is too deep, too large, of the wrong types, or no JSON at all."""

import json
from typing import Any

from hostile.case import Case, read, refused
from hostile.make import entry_of_json, jsonfeed, link, news, ninjs, title

_WRONG: tuple[Any, ...] = (None, True, -1, 1e308, "", [], {}, [[]], {"a": {}}, 2**70, ["\0"], "\ud800")
_FIELDS = ("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image")
_FIELDS += ("date_published", "date_modified", "authors", "author", "tags", "language", "attachments", "_talland")
_NINJS = ("uri", "url", "headline", "headlines", "body_html", "bodies", "versioncreated", "firstcreated", "subject")
_NINJS += ("associations", "renditions", "byline", "language", "pubstatus", "embargoed", "infosource", "type")
_GOOD = entry_of_json(2)
_GOOD_NEWS = news(2)


def _with(name: str) -> bytes:
    """One item for each wrong type of a field, and a good one behind them."""
    return jsonfeed(*({**entry_of_json(10 + n), name: value} for n, value in enumerate(_WRONG)), _GOOD)


def _news_with(name: str) -> bytes:
    return ninjs(*({**news(10 + n), name: value} for n, value in enumerate(_WRONG)), _GOOD_NEWS)


def _raw(fields: str) -> bytes:
    """A feed of an item with these fields, as they are written, and of a good one."""
    item = f'{{"id": "1", "title": "{title(1)}", "url": "{link(1)}", "content_text": "Brücke", {fields}}}'
    return f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{item}, {json.dumps(_GOOD)}]}}'.encode()


TYPES = (
    *(read("json", f"every wrong type as {name}", _with(name), kept=None, holds=(title(2),)) for name in _FIELDS),
    *(read("ninjs", f"every wrong type as {name}", _news_with(name), kept=None, holds=(title(2),)) for name in _NINJS),
    *(
        read("json", f"every wrong type as the feed's {name}", jsonfeed(_GOOD, **{name: value}))
        for name in ("title", "home_page_url", "feed_url", "authors", "icon", "language", "hubs", "next_url")
        for value in (["\0", {"a": []}],)
    ),
    read("json", "items that are no objects", jsonfeed(None, 1, "x", [], [{}], True, _GOOD), kept=1, holds=(title(2),)),
    read("ninjs", "news that are no objects", ninjs(None, 1, "x", [], [{}], True, _GOOD_NEWS)),
    refused("json", "items that are an object", jsonfeed(items={"0": _GOOD})),
    refused("json", "items that are a number", jsonfeed(items=7)),
    refused("json", "a version that is a list", jsonfeed(_GOOD, version=["https://jsonfeed.org/version/1.1"][:0])),
)

SYNTAX = (
    refused("json", "100,000 levels of lists", b"[" * 100_000 + b"]" * 100_000),
    refused("json", "100,000 levels that never end", b'{"a":' * 100_000),
    refused("json", "100,000 levels in an extension of an item", lambda: _raw(f'"_x": {"[" * 100_000}{"]" * 100_000}')),
    read("json", "900 levels in an extension of an item", _raw(f'"_x": {"[" * 900}{"]" * 900}'), holds=(title(2),)),
    refused("ninjs", "100,000 levels of associations", lambda: b'[{"uri":"urn:x","headline":"Neu","associations":' + b"[" * 100_000),
    read("json", "NaN", _raw('"_x": NaN'), kept=2),
    read("json", "Infinity as a length", _raw('"attachments": [{"url": "https://www.talland.example/a", "mime_type": "a/b", "size_in_bytes": Infinity}]'), kept=2),
    read("json", "minus Infinity as an id", _raw('"id": -Infinity'), kept=2),
    read("json", "1e999 as an id", _raw('"id": 1e999'), 2, holds=(title(2),)),
    read("json", "a number of 100,000 digits", lambda: _raw(f'"id": {"9" * 100_000}'), kept=2),
    read("json", "a number of 4,000 digits as an id", _raw(f'"id": {"9" * 4000}'), 2, holds=(title(2),)),
    read("json", "the same key twice", _raw('"title": "Der zweite Titel"'), 2, holds=("Der zweite Titel", title(2))),
    read("json", "a lone surrogate, escaped", _raw('"title": "Neue \\ud800 Brücke \\udc00"'), 2, holds=("Neue Brücke", title(2))),
    read("json", "a lone surrogate in every text", jsonfeed({key: f"{value}\udfff" for key, value in entry_of_json(1).items()}, _GOOD), 2, holds=(title(2),)),
    read("json", "a lone surrogate as a key", _raw('"\\ud800": 1'), 2),
    read("ninjs", "a lone surrogate in every text", ninjs({key: f"{value}\ud83d" for key, value in news(1).items()}, _GOOD_NEWS), 2, holds=(title(2),)),
    read("json", "an escaped NUL in a title", _raw('"title": "Neue\\u0000 Brücke"'), 2, holds=("Neue Brücke",), lacks=("\0",)),
    read("json", "U+FFFE, U+FFFF and controls, escaped", _raw('"title": "Neue\\ufffe\\uffff\\u001b Brücke"'), 2, holds=("Neue Brücke",), lacks=("\ufffe", "\uffff", "\x1b")),
    read("ninjs", "controls, escaped", ninjs(news(1, headline="Neue\0\x1b\ufffe Brücke"), _GOOD_NEWS), 2, holds=("Neue Brücke",)),
    read("json", "a raw NUL", jsonfeed(_GOOD).replace(b"Neue", b"Neue\0"), lacks=("\0",)),
    refused("json", "a raw control character", jsonfeed(_GOOD).replace(b"Neue", b"Neue\x01")),
    refused("json", "a comma too many", jsonfeed(_GOOD).replace(b"}]}", b"},]}")),
    refused("json", "comments", b"// feed\n" + jsonfeed(_GOOD)),
    refused("json", "single quotation marks", jsonfeed(_GOOD).replace(b'"', b"'")),
    refused("json", "JSON with a callback", b"callback(" + jsonfeed(_GOOD) + b");"),
    refused("json", "the prefix against inclusion", b")]}',\n" + jsonfeed(_GOOD)),
    refused("json", "one object a line", jsonfeed(_GOOD) + b"\n" + jsonfeed(_GOOD)),
    refused("json", "an empty object", b"{}"),
    refused("json", "an empty list", b"[]"),
    refused("json", "null", b"null"),
    refused("json", "an empty body", b""),
    read("json", "a feed without items", jsonfeed(items=[]), 0),
    refused("json", "a megabyte of opening quotation marks", lambda: b'{"version": "https://jsonfeed.org/version/1.1", ' + b'"' * 1_000_000),
    refused("json", "a text that never ends", lambda: jsonfeed(_GOOD)[:-40] + b"\\" * 1_000_001),
    read("json", "UTF-16 with a mark", jsonfeed(_GOOD).decode().encode("utf-16"), holds=(title(2),)),
    read("json", "UTF-8 with a mark", b"\xef\xbb\xbf" + jsonfeed(_GOOD), holds=(title(2),)),
    read("json", "__proto__ and constructor", _raw('"__proto__": {"title": "NIEMALS"}, "constructor": {"prototype": 1}, "__class__": "x"'), 2, lacks=("NIEMALS",)),
    read("json", "20,000 keys in an item", lambda: jsonfeed(entry_of_json(1, **{f"k{n}": n for n in range(20_000)}), _GOOD), 2, holds=(title(2),)),
    read("json", "10,000 extensions in an item", lambda: jsonfeed(entry_of_json(1, **{f"_k{n}": {"a": {"b": n}} for n in range(10_000)}), _GOOD), 2, holds=(title(2),)),
    read("ninjs", "an object that is its own association", ninjs(news(1, associations={"a": news(1, associations={"a": news(1)})}), _GOOD_NEWS), kept=None, holds=(title(2),)),
    refused("json", "HTML instead of JSON", b"<!DOCTYPE html><html><body><h1>Wartung</h1></body></html>"),
)  # fmt: skip

CASES: tuple[Case, ...] = (*TYPES, *SYNTAX)
