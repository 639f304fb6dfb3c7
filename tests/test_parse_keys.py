"""The keys of front matter: German and English, nearly known ones, and those that say two things."""

import string
from collections.abc import Iterator
from dataclasses import replace

import pytest

from builders import reader
from syndicate.errors import ParseError
from syndicate.model import Contact, Enclosure, Image, Item, Related

read = reader("markdown")

ENGLISH = """
title: Neue Mensa
teaser: Sie öffnet im Herbst.
topics: [Schule, Kommunen]
date: 2026-05-12 10:00
updated: 2026-05-13
embargo: Redebeginn
url: https://amt.example/mensa
id: m1
author: Das Amt
language: de-CH
image: {src: mensa.jpg, alt: Ein Dach, caption: Das Dach, credit: dpa}
enclosures: [plan.pdf, {url: karte.pdf, title: Karte}]
contact: {name: Uta Muster, email: uta@amt.example, phone: 0711 123}
corrects: alt1
withdrawn: true
reason: Falsch
"""
GERMAN = """
Titel: Neue Mensa
Vorspann: Sie öffnet im Herbst.
Themen: [Schule, Kommunen]
Datum: 2026-05-12 10:00
Aktualisiert: 2026-05-13
Sperrfrist: Redebeginn
Link: https://amt.example/mensa
Kennung: m1
Autorin: Das Amt
Sprache: de-CH
Bild: {Quelle: mensa.jpg, Alternativtext: Ein Dach, Bildunterschrift: Das Dach, Bildnachweis: dpa}
Anlagen: [plan.pdf, {Adresse: karte.pdf, Titel: Karte}]
Kontakt: {Name: Uta Muster, E-Mail: uta@amt.example, Telefon: 0711 123}
Berichtigt: alt1
Zurückgezogen: ja
Grund: Falsch
"""
TOML = """
titel = "Neue Mensa"
vorspann = "Sie öffnet im Herbst."
themen = ["Schule", "Kommunen"]
datum = "2026-05-12 10:00"
aktualisiert = 2026-05-13
sperrfrist = "Redebeginn"
url = "https://amt.example/mensa"
id = "m1"
autor = "Das Amt"
sprache = "de-CH"
anlagen = ["plan.pdf", {url = "karte.pdf", titel = "Karte"}]
berichtigt = "alt1"
"zurückgezogen" = true
grund = "Falsch"
[bild]
datei = "mensa.jpg"
alternativtext = "Ein Dach"
bildunterschrift = "Das Dach"
foto = "dpa"
[kontakt]
name = "Uta Muster"
e-mail = "uta@amt.example"
telefon = "0711 123"
"""


def one(head: str, body: str = "Der Text.", fence: str = "---") -> Item:
    (item,) = read(f"{fence}\n{head}\n{fence}\n{body}\n")
    return item


def test_german_and_english_keys_are_the_same() -> None:
    english = one(ENGLISH)
    assert one(GERMAN) == english
    assert one(TOML, fence="+++") == english
    assert english == replace(
        english,
        title="Neue Mensa",
        kicker="Schule",
        topic_names=("Schule", "Kommunen"),
        images=(Image("mensa.jpg", "Ein Dach", "Das Dach", "dpa"),),
        enclosures=(Enclosure("plan.pdf"), Enclosure("karte.pdf", title="Karte")),
        contact=Contact("Uta Muster", "uta@amt.example", "0711 123"),
        withdrawn=True,
        notes=(),
    )


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("TITEL: A", "title", "A"),
        ("Über-Schrift: A", "title", "A"),
        ("thema: Schule", "topic_names", ("Schule",)),
        ("topic: [Schule, Forst]", "topic_names", ("Schule", "Forst")),
        ("topics: Schule", "topic_names", ("Schule",)),
        ("thema: Schule\ntopics: [Forst, Schule]", "topic_names", ("Schule", "Forst")),
        ("bilder: [a.png, b.png]", "images", (Image("a.png"), Image("b.png"))),
        ("foto: {url: a.png, quelle: dpa}", "images", (Image("a.png", credit="dpa"),)),
        ("foto: {quelle: bilder/a.png, fotografin: Uta}", "images", (Image("bilder/a.png", credit="Uta"),)),
        ("anhang: a.pdf", "enclosures", (Enclosure("a.pdf"),)),
        ("schlagworte: [a, b]\ntags: c", "categories", ("c", "a", "b")),
        ("veröffentlicht: 12. Mai 2026", "published", "12. Mai 2026"),
        ("geaendert: 12. Mai 2026", "updated", "12. Mai 2026"),
        ("titel: A\ntitle: A", "title", "A"),
        ("titel: A\ntitle:", "title", "A"),
        ("pressekontakt: Uta Muster, uta@amt.example", "contact", Contact("Uta Muster", "uta@amt.example")),
        ("contact: Pressestelle des Amtes", "contact", Contact("Pressestelle des Amtes")),
        ("siehe: x\nweitere meldungen: [Noch eine]", "related", (Related("Noch eine"),)),
    ],
)
def test_a_name_of_a_key(head: str, field: str, value: object) -> None:
    assert getattr(one(head), field) == value


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        ("tilte: A", "title"),
        ("titl: A", "title"),
        ("titell: A", "titel"),
        ("ueberschrfit: A", "überschrift"),
        ("titre: A", "title"),
        ("topik: A", "topic"),
        ("Themem: A", "themen"),
        ("thema s: A", "thema"),
        ("temas: A", "topics"),
        ("title: A\ndatm: 2026-05-12", "date"),
        ("title: A\nDatun: 2026-05-12", "datum"),
        ("title: A\ndaet: 2026-05-12", "date"),
        ("title: A\nfecha: 2026-05-12", "date"),
        ("title:\ntitlle: A", "title"),
        ("embrago: keine", "embargo"),
        ("title: A\nembargo: keine\nembrago: 2030-01-01", "embargo"),
    ],
)
def test_a_key_that_is_nearly_one_refuses_the_file(head: str, meant: str) -> None:
    name = head.rpartition("\n")[2].partition(":")[0]
    with pytest.raises(ParseError, match=rf"^{name}: is no key; did you mean {meant}\?$"):
        one(head)


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        ("tilte: A\nembrago: 2030-01-01", {"embrago": "embargo", "tilte": "title"}),
        ("daet: 2026-05-12\ntitle: A\nsperfrist bis: 2030", {"sperfrist bis": "sperrfrist", "daet": "date"}),
        ("tilte: A\nmeta: {embargo: 2030-01-01}", {"meta.embargo": None, "tilte": "title"}),
        ("sperfrist: 1\ntilte: A\nembrago: 2", {"sperfrist": "sperrfrist", "embrago": "embargo", "tilte": "title"}),
    ],
)
def test_of_several_misspelt_keys_each_is_named_an_embargos_first(head: str, meant: dict[str, str | None]) -> None:
    with pytest.raises(ParseError) as raised:
        one(head)
    assert str(raised.value) == " ".join(
        f"{name}: is no key; did you mean {key}?"
        if key
        else f"{name}: an embargo stands at the top of the front matter"
        for name, key in meant.items()
    )


@pytest.mark.parametrize(
    ("head", "notes"),
    [
        ("title: A\ntilte: B", ["tilte (did you mean title?)"]),  # the title is there
        ("title: A\nteasr: B", ["teasr (did you mean teaser?)"]),
        ("title: A\nlayout: post\nlektorat: ja", ["layout", "lektorat"]),
        ("title: A\nbild: {src: a.png, zoom: 3, atl: B}", ["bild.zoom", "bild.atl (did you mean alt?)"]),
        ("title: A\ndate: 2026-05-12\ndata: {a: b}", ["data (did you mean date?)"]),
    ],
)
def test_a_key_that_nobody_knows_does_no_harm(head: str, notes: list[str]) -> None:
    assert one(head).notes == tuple(f"unknown key in the front matter: {note}" for note in notes)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("titel: A\ntitle: B", "^title: is there twice, as titel and title, and they say different things$"),
        ("datum: 2026-05-12\ndate: 2026-05-13", "^date: is there twice"),
        ("lang: de\nsprache: en", "^language: is there twice"),
        ("bild: {alt: A, alternativtext: B, src: a}", r"^bild\.alt: is there twice"),
        ("meta: {sperrfrist: 2030-01-01}", r"^meta\.sperrfrist: an embargo stands at the top"),
        ("meta: [{a: {embrago: 2030-01-01}}]", r"^meta\.a\.embrago: an embargo stands at the top"),
        ("bild: {src: a.png, sperrfrist: 2030-01-01}", r"^bild\.sperrfrist: an embargo stands at the top"),
    ],
)
def test_what_cannot_be_meant_is_refused(head: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        one(head)


@pytest.mark.parametrize("head", ["hinweis: Sperrfrist 14. März 2030", "anmerkung: Embargo bis Redebeginn"])
def test_an_embargo_under_a_name_that_nobody_knows_holds(head: str) -> None:
    assert one(head).embargo


def misspelt(word: str) -> Iterator[str]:
    """With one letter wrong: left out, doubled, another, changed places; and with another word behind it."""
    letters = string.ascii_lowercase + "äöü"
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at + 1] + word[at:]
        yield word[:at] + letters[at % len(letters)] + word[at + 1 :]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    yield from (f"{word}{end}" for end in ("-until", " bis", "_ende", "s", "Ab", ":"))


@pytest.mark.parametrize("word", ["embargo", "sperrfrist", "sperrvermerk", "freigabe", "gesperrt", "EMBARGO"])
def test_a_misspelt_embargo_is_never_public(word: str) -> None:
    """Either it holds, or the file is refused."""
    for first in misspelt(word):
        for name in (first, f"{first} bis", f"{first}_until", f"presse-{first}"):
            try:
                held = one(f'title: A\ndate: 2026-05-12\n"{name}": 2030-01-01').embargo
            except ParseError as error:
                held = str(error).partition("did you mean ")[2]
            assert held, name


def test_a_file_that_only_takes_back_needs_no_text() -> None:
    (item,) = read("---\nid: m1\nzurückgezogen: ja\ngrund: Falsche Zahlen\n---\n")
    assert (item.id, item.withdrawn, item.reason, item.title, item.content) == (
        "m1",
        True,
        "Falsche Zahlen",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("title: A\ndate: 2026-05-12\n\nDer Text.", True),
        ("----\nTitel: A\nSperrfrist: 14. März 2030\n----\n\nDer Text.", True),
        ("--\ntitel: A\n--\n\nDer Text.", True),
        ("—\nThemen: A\n—\nDer Text.", True),
        ("—\nIn Kürze: Der Wald wächst.\n—\n\nDer Text.", False),
        ("—\nTitel: A\n\nDer Text.", False),
        ("~~~\nthema: B\n\ntitel: A\n~~~\n\nDer Text.", True),
        ("Titel: Was wir von Ämtern wissen\n\nDer Text.", False),
        ("Datum: 12. Mai 2026\nThema: Schule\n\nDer Text.", False),
        ("# A\n\nDer Text über Titel: Es sind viele.", False),
    ],
)
def test_front_matter_without_its_lines_is_no_text(text: str, bare: bool) -> None:
    if bare:
        with pytest.raises(ParseError, match="stands between two lines of ---"):
            read(text)
    else:
        assert read(text)
