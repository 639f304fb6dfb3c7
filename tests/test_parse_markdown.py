"""Markdown files: each in data/markdown beside what is read from it; and what is refused, with its line."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builders import reader
from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse import parse

read = reader("markdown")

FILES = sorted((Path(__file__).parent / "data/markdown").glob("*.md"))


def told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: told(v) for key, v in value.items() if v not in (None, (), False) and key != "entry"}
    if isinstance(value, (list, tuple)):
        return [told(v) for v in value]
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_file(path: Path, ends: bytes) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
    items = parse(path.read_bytes().replace(b"\n", ends), path=path.name)
    assert [told(asdict(item)) for item in items] == expected


def one(head: str, body: str = "Text", fence: str = "---") -> Item:
    (item,) = read(f"{fence}\n{head}\n{fence}\n{body}")
    return item


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [a\nteaser: b\n---\n", "^line 2: front matter: a bracket is opened here and not closed"),
        ("---\ntitle: a: b\n---\n", "^line 2: front matter: a value with a colon in it needs quotation marks"),
        ("---\ntitle: „a“:\n---\n", "^line 2: front matter: a value with a colon in it needs quotation marks"),
        ("---\ntitle:a\nteaser: b\n---\n", "^line 3: front matter: begins with blanks, or the line above"),
        ("---\ntitle: a\n teaser: b\n---\n", "^line 3: front matter: begins with blanks, or the line above"),
        ('---\ntitle: "a\nteaser: b\n---\n', "^line 2: front matter: a quotation mark is opened here"),
        ('---\ntitle: "a" b\n---\n', "^line 2: front matter: quotation marks or brackets must be around"),
        ("---\ntitle: a\n\tteaser: b\n---\n", "^line 3: front matter: a tab where blanks should be"),
        ("---\ntitle: @a\n---\n", "^line 2: front matter: a value that begins with @ needs quotation marks"),
        ("---\ntitle: - a\n---\n", "^line 2: front matter: a value that begins with - needs quotation marks"),
        ("---\ntitle: ? a\n---\n", r"^line 2: front matter: a value that begins with \? needs quotation marks"),
        ("---\ntitle: ,a\n---\n", "^line 2: front matter: a value that begins with , needs quotation marks"),
        ("---\ntitle: a\nb\nteaser: c\n---\n", "^line 3: front matter: no key is in this line"),
        ("\n\n---\ntitle: a\ntitle: b\n---\n", "^line 5: front matter: 'title' is there twice"),
        ("---\nimage:\n  src: a\n  src: b\n---\n", "^line 4: front matter: 'src' is there twice"),
        ("---\nTitle: a\ntitle: b\n---\n", "title: is there twice"),
        ("---\na: &x [1]\ntitle: *x\n---\n", r"^line 3: front matter: a value that begins with \* needs"),
        ("---\ntitle: a\nText", "^line 1: the front matter that --- opens is never closed"),
        ("---\nnur ein Satz\n---\n", "^line 2: front matter is `key: value`"),
        ("---\n? [a]\n: b\n---\n", "^line 2: front matter: a key must be a word"),
        ("---\ntitle: !!python/object:os.system x\n---\n", "^line 2: front matter"),
        (f"---\na: {'[' * 5000}\n---\n", "nested too deeply"),
        (f"---\na: {'x' * 70_000}\n---\n", "longer than"),
        ('+++\ntitle = "a"\nteaser = \n+++\n', "^line 3: front matter"),
        ('+++\ntitle = "a"\ntitle = "b"\n+++\n', "^line 3: front matter"),
        ('+++\ntitle = "a\n', "^line 1: the front matter that \\+\\+\\+ opens is never closed"),
        ("---\ntitle: [a, b]\n---\n", r"title: \['a', 'b'\] is not a text"),
        ("---\ntitle: true\n---\n", "title: true is not a text"),
        ("---\ntopics: {a: b}\n---\n", "topics: .* is not a name or a list of names"),
        ("---\nwithdrawn: vielleicht\n---\n", "withdrawn: 'vielleicht' is not true or false"),
        ("---\ndate: [1]\n---\n", "date: .* is not a date"),
        ("+++\ndate = 11:00:00\n+++\n", "date: .* is not a date"),
        ("---\nembargo: [1]\n---\n", "embargo: .* is not a time"),
        ("---\ncontact: [a]\n---\n", "contact: .* is not a table"),
        ("---\ncontact: {name: [a]}\n---\n", r"contact\.name: .* is not a text"),
        ("---\nimage: {credit: }\n---\n", r"image\.src: an image needs an address"),
        ("---\nimages: [[a]]\n---\n", "images: .* is not a text, or a table"),
        ("---\nenclosures: [{type: a/b}]\n---\n", r"enclosures\.url: an attachment needs an address"),
        ("---\nenclosures: [{url: a, length: viel}]\n---\n", r"enclosures\.length: 'viel' is not a number of bytes"),
        ("---\nrelated: [{url: a}]\n---\n", r"related\.title: a related release needs a title"),
        ("---\nteaser:\n---\n\n", "neither a title nor a text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read(text)


@pytest.mark.parametrize(
    ("head", "embargo"),
    [
        ("embargo: 2026-06-30T14:00:00+02:00", "2026-06-30T14:00:00+02:00"),
        ("embargo: Redebeginn", "Redebeginn"),
        ("embargo: 11:00", "11:00"),
        ("embargo: 2026-06-30", "2026-06-30"),
        ("Sperrfrist: 14. März 2026, 11 Uhr", "14. März 2026, 11 Uhr"),
        ("embargoed-until: 11 Uhr", "11 Uhr"),
        ("embargo: true", "True"),
        ("frei ab: 11 Uhr", "11 Uhr"),
        ("Frei-ab: Redebeginn", "Redebeginn"),
        ("frei für: Samstagausgaben", "Samstagausgaben"),
        ("frei_fuer: Samstagausgaben", "Samstagausgaben"),
        ("Freigabe: Redebeginn", "Redebeginn"),
        ("Freigabezeitpunkt: Redebeginn", "Redebeginn"),
        ("sperrfrist bis: 11 Uhr", "11 Uhr"),
        ("gesperrt_bis: 11 Uhr", "11 Uhr"),
        ("SPERR-FRIST: 11 Uhr", "11 Uhr"),
        ("Sperre: true", "True"),
        ("Veröffentlichungstermin: 2099-03-14", "2099-03-14"),
        ("embargo_grund: Redebeginn", "Redebeginn"),
        ("kind: 'Sperrfrist: 11 Uhr'", "Sperrfrist: 11 Uhr"),
        ("type: Vorabinformation, gesperrt bis 11 Uhr", "Vorabinformation, gesperrt bis 11 Uhr"),
        ("kind: Pressemitteilung", None),
        ("kind: Keine Sperrfrist", None),
        ("embargo: 2026-06-30T14:00:00+02:00\nsperrfrist: Redebeginn", "2026-06-30T14:00:00+02:00 / Redebeginn"),
        ("gesperrt: nein", None),
        ("frei ab:", None),
        ("embargo: keine", None),
        ("embargo:", None),
        ("embargo: false", None),
    ],
)
def test_an_embargo(head: str, embargo: str | None) -> None:
    assert one(head).embargo == embargo


def test_toml_has_times_of_its_own() -> None:
    item = one(
        'title = "T"\nembargo = 2026-06-30T14:00:00Z\ndate = 2026-06-30\nupdated = 2026-07-01T08:00:00', fence="+++"
    )
    assert item.embargo == datetime(2026, 6, 30, 14, tzinfo=UTC)
    assert (item.published, item.updated) == ("2026-06-30", "2026-07-01T08:00:00")
    assert one("embargo = 11:00:00", fence="+++").embargo == "11:00:00"


@pytest.mark.parametrize(
    ("text", "title", "content"),
    [
        ("# Titel *schön*\n\nText", "Titel schön", "<p>Text</p>"),
        ("Titel\n=====\n\nText", "Titel", "<p>Text</p>"),
        ("---\nteaser: x\n---\n# Titel\n\nText", "Titel", "<p>Text</p>"),
        ("---\ntitle: Anders\n---\n# Titel\n\nText", "Anders", "<h1>Titel</h1>\n<p>Text</p>"),
        ("---\ntitle: Titel\n---\n# Titel\n\nText", "Titel", "<p>Text</p>"),
        ("Nur Text", None, "<p>Nur Text</p>"),
        ("> # Kein Titel\n\nText", None, "<blockquote>\n<h1>Kein Titel</h1>\n</blockquote>\n<p>Text</p>"),
        ("---\n\nText", None, "<hr />\n<p>Text</p>"),
        ("# <3 & `a<b` \\* mehr\n\nText", "<3 & a<b * mehr", "<p>Text</p>"),
        ("# Nur ein Titel", "Nur ein Titel", None),
    ],
)
def test_title_and_body(text: str, title: str | None, content: str | None) -> None:
    (item,) = read(text)
    assert (item.title, item.content) == (title, content)


def test_characters_that_nobody_sees_are_left_out() -> None:
    assert one("title: A\x07B\x0b").title == "AB"
    assert one('title = "A\x07B"', fence="+++").title == "AB"


@pytest.mark.parametrize("value", ["0711", "12:30", "no", "2026-05-12", "1e3", "0x1f", "1_000"])
def test_yaml_scalars_stay_as_written(value: str) -> None:
    assert one(f"id: {value}\ntitle: {value}").title == value


def test_real_files(shared: Path) -> None:
    truth = json.loads((shared / "releases/truth.json").read_text("utf-8"))["files"]
    files = [name for name in truth if name.startswith("md/")]
    assert files
    for name in files:
        (item,) = parse((shared / "releases" / name).read_bytes(), path=name)
        expected = truth[name]
        assert (item.kicker, item.title, item.teaser) == (expected["kicker"], expected["title"], expected["teaser"])
        assert list(item.topic_names) == expected["topics"]
        assert item.published == expected["date"]
        assert (item.embargo and item.embargo.isoformat()) == (expected["embargo"] and expected["embargo"]["until"])
        assert [(i.alt, i.caption, i.credit) for i in item.images] == [
            (i["alt"], i["caption"], i["credit"]) for i in expected["images"]
        ]
        assert (item.images[0].url if item.images else None) == expected["image_url"]
        assert item.contact is not None
        assert [item.contact.name, item.contact.email, item.contact.phone] == expected["contact"]


def test_a_draft_is_not_published() -> None:
    with pytest.raises(ParseError, match="draft: true"):
        read("---\ntitle: Entwurf\ndraft: true\n---\n\nNoch nicht fertig.")
    (item,) = read("---\ntitle: Fertig\ndraft: false\n---\n\nJetzt aber.")
    assert item.notes == ()


@pytest.mark.parametrize(
    ("head", "corrects"),
    [
        ("title: 'Korrektur: Neue Klinik'", "Neue Klinik"),
        ("title: 'Korrektur: Neue Klinik'\ncorrects: abc123", "abc123"),
        ("title: Korrektur der Finanzplanung beschlossen", None),
    ],
)
def test_a_notice_of_correction(head: str, corrects: str | None) -> None:
    assert one(head).corrects == corrects


def test_why_it_is_withdrawn() -> None:
    item = one("title: T\nwithdrawn: true\nreason: Falsche Zahlen")
    assert (item.withdrawn, item.reason, item.notes) == (True, "Falsche Zahlen", ())
