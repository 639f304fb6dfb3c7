"""A statement of a press office in a document of every format, at every place where one stands."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

from syndicate.model import Rejected, Release, Source
from syndicate.normalise import normalise
from syndicate.parse import parse

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TITLE = "Neue Bücherei in Talheim eröffnet"
TEASER = "Das Land hat die neue Bücherei in Talheim mit zwei Millionen Euro gefördert."
TEXT = (
    "Die Bücherei hat 30.000 Bände und einen Lesesaal mit Blick auf den Fluss.",
    "„Das ist ein guter Tag für alle, die gerne lesen“, sagte Ministerin Anna Beispiel bei der Eröffnung.",
    "Im Erdgeschoss liegen die Zeitungen aus, im ersten Stock stehen die Romane und die Gedichte.",
    "Das Haus steht allen offen. Wer einen Ausweis hat, kann Bücher für vier Wochen nach Hause nehmen.",
    "Die Architektin hat den alten Speicher erhalten und nur das Dach erneuert.",
    "Der Gemeinderat hatte dem Bau vor drei Jahren zugestimmt.",
)
DETAILS = ("Ort: Talheim, Hauptstraße 1", "Architektin: Uta Klein")
PLACES = ("first", "last", "above", "title before", "title behind", "list", "table", "cells")
FORMATS = ("text", "markdown", "html", "rss", "atom", "json", "ninjs")


def held(statement: str, form: str, place: str) -> Release:
    """The release that a document says, read as of NOW in Berlin."""
    items = parse(document(statement, form, place), format=_NAMES.get(form, form), url="https://www.talland.example/1")
    (item,) = (item for item in items if not item.headline)
    found = normalise(item, Source(id="s", tag="talland.example,2026"), now=NOW)
    assert isinstance(found, Release), found.reason if isinstance(found, Rejected) else found
    return found


def applies(statement: str, place: str) -> bool:
    """A label and its value in two cells: only where the statement has both."""
    return place != "cells" or ": " in statement


def document(statement: str, form: str, place: str) -> bytes:
    return _WRITERS[form](statement, place).encode()


_NAMES = {"text": "page", "rss": "feed", "atom": "feed"}


def _title(statement: str, place: str) -> str:
    if place == "title before":
        return f"{statement} – {TITLE}"
    return f"{TITLE} ({statement})" if place == "title behind" else TITLE


def _details(statement: str, place: str) -> list[list[str]]:
    """Rows of one or two cells."""
    rows = (*DETAILS, statement) if place in ROWS else ()
    return [row.split(": ", 1) if place == "cells" else [row] for row in rows]


ROWS = ("list", "table", "cells")


def _blocks(statement: str, place: str) -> list[str]:
    """The paragraphs below the title. `alone`: nothing else is told."""
    if place == "alone":
        return [statement]
    return [
        *([statement] if place == "first" else []),
        TEASER,
        *TEXT,
        *(statement.split("\n") if place == "last" else []),
        *([statement] if place == "markup" else []),
    ]


def _text(statement: str, place: str) -> str:
    details = _details(statement, place)
    rows = "\n".join(f"• {row[0]}" if place == "list" else "\n".join(row) for row in details)
    blocks = _blocks(statement, place)
    above = [statement] if place == "above" else []
    parts = ["Kultur", _title(statement, place), "12. Mai 2026", "Lesezeit: 2 Minuten", *blocks[:4], rows, *blocks[4:]]
    return "\n\n".join([*above, *filter(None, parts)]) + "\n"


def _markdown(statement: str, place: str) -> str:
    if place == "field":
        return f"---\ntitle: {TITLE}\nsperrfrist: {json.dumps(statement)}\n---\n" + "\n\n".join(_blocks("", place))
    details = _details(statement, place)
    rows = "\n".join(f"- {row[0]}" if place == "list" else f"| {' | '.join(row)} |" for row in details)
    blocks = _blocks(statement, place)
    above = [statement] if place == "above" else []
    return "\n\n".join([*above, f"# {_title(statement, place)}", *blocks[:4], *filter(None, [rows]), *blocks[4:]])


def _markup(statement: str, place: str) -> str:
    details = _details(statement, place)
    rows = "".join(
        f"<li>{escape(row[0])}</li>"
        if place == "list"
        else "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in details
    )
    rows = rows and (f"<ul>{rows}</ul>" if place == "list" else f"<table>{rows}</table>")
    blocks = [
        block if place == "markup" and block == statement else f"<p>{escape(block)}</p>"
        for block in _blocks(statement, place)
    ]
    return "\n".join([*blocks[:4], rows, *blocks[4:]])


def _html(statement: str, place: str) -> str:
    title = escape(_title(statement, place))
    above = f"<p>{escape(statement)}</p>" if place == "above" else ""
    return (
        f"<!doctype html><html lang=de><head><title>{title}</title></head><body><main><article>{above}<h1>{title}</h1>"
        f"{_markup(statement, place)}</article></main></body></html>"
    )


def _rss(statement: str, place: str) -> str:
    field = f"<x:sperrfrist>{escape(statement)}</x:sperrfrist>" if place == "field" else ""
    teaser = statement if place == "above" else "" if place == "alone" else TEASER
    return (
        '<rss version="2.0" xmlns:x="urn:x" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>T</title><link>https://www.talland.example/</link><description>T</description><item>"
        f"<title>{escape(_title(statement, place))}</title><guid>1</guid>{field}<description>{escape(teaser)}"
        f"</description><content:encoded>{escape(_markup(statement, place))}</content:encoded></item></channel></rss>"
    )


def _atom(statement: str, place: str) -> str:
    field = f'<x:embargo xmlns:x="urn:x">{escape(statement)}</x:embargo>' if place == "field" else ""
    teaser = statement if place == "above" else "" if place == "alone" else TEASER
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:t</id><updated>2026-05-12T10:00:00Z</updated>'
        f"<entry><title>{escape(_title(statement, place))}</title><id>urn:1</id><updated>2026-05-12T10:00:00Z</updated>"
        f'{field}<summary>{escape(teaser)}</summary><content type="html">{escape(_markup(statement, place))}</content>'
        "</entry></feed>"
    )


def _json(statement: str, place: str) -> str:
    item = {"id": "1", "title": _title(statement, place), "content_html": _markup(statement, place), "summary": TEASER}
    if place == "alone":
        del item["summary"]
    if place == "above":
        item["summary"] = statement
    if place == "field":
        item["_presse"] = {"embargo": statement}
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item]})


def _ninjs(statement: str, place: str) -> str:
    news = {
        "uri": "urn:1", "type": "text", "headline": _title(statement, place), "body_html": _markup(statement, place),
        "description_text": statement if place == "above" else "" if place == "alone" else TEASER,
    }  # fmt: skip
    return json.dumps(news | ({"embargoed": statement} if place == "field" else {}))


_WRITERS: dict[str, Callable[[str, str], str]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
    "rss": _rss,
    "atom": _atom,
    "json": _json,
    "ninjs": _ninjs,
}
