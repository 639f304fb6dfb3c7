"""Small functions that make a value with sensible defaults; a test states only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from syndicate.formats import USUAL
from syndicate.model import (
    Contact,
    Correction,
    Enclosure,
    FeedPage,
    Image,
    Item,
    Origin,
    Related,
    Release,
    Site,
    Tombstone,
    Topic,
)
from syndicate.parse import parse

SITE = Site(
    title="Pressemitteilungen",
    base_url="https://presse.talland.example/",
    author="Staatskanzlei Talland",
    tag="presse.talland.example,2026",
)
GESUNDHEIT = Topic("gesundheit", "Gesundheit")
ALL = Topic("all", "Alle Meldungen")
MORNING = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
CORRECTIONS = (
    Correction("corrects", "Zwölf <neue> Kliniken & Häuser", "https://www.talland.example/presse/alt?a=1&b=2"),
    Correction("corrected_by", "Berichtigung: Elf Kliniken", SITE.base_url + "releases/talland00008.html"),
)


def at(text: str) -> datetime:
    """An aware moment from `2026-03-14 11:00`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def make_release(id_: str = "talland00001", **fields: Any) -> Release:
    """A public release of the topic gesundheit; atom_id and url follow the id unless given."""
    defaults: dict[str, Any] = {
        "id": id_,
        "atom_id": f"tag:presse.talland.example,2026:{id_}",
        "source": "examples",
        "url": f"https://www.talland.example/presse/{id_}",
        "title": "Neues Gesundheitszentrum in Oberwiesen",
        "language": "de",
        "published": MORNING,
        "updated": fields.get("published", MORNING),
        "issued": MORNING,
        "first_seen": MORNING,
        "topics": ("gesundheit",),
    }
    return Release(**(defaults | fields))


def make_headline(id_: str = "talland00002", **fields: Any) -> Release:
    """Only its head is known: no teaser, no content, no address of its own."""
    return make_release(id_, **({"headline": True, "url": None, "title": "Tallandtag eröffnet"} | fields))


def rich_release(id_: str = "talland00003", **fields: Any) -> Release:
    """Every field that a reader may see."""
    defaults: dict[str, Any] = {
        "kind": "Pressemitteilung",
        "kicker": "Krankenhäuser",
        "title": "„Größere Häuser“ – 12 Mio. € für Kliniken 🏥",
        "teaser": "Das Land fördert drei Kliniken & ein Ärztehaus.",
        "content": "<p>Ministerin Ährenfeld übergab die Bescheide.</p>\n<h2>Förderung</h2>"
        '<p><img src="media:ab12/plan.png" alt="Lageplan"> Mehr im <a href="https://www.talland.example/plan">Plan</a>.</p>',
        "images": (
            Image("media:cd34/klinik.jpg", "Ein Klinikgebäude", "Die Klinik in Oberwiesen", "Landesamt/Ö. Öztürk"),
            Image("https://bilder.talland.example/b", "Ein Bett"),
            Image("media:ab12/plan.png", "Lageplan", "Der Lageplan"),
            Image(None, "Die Ministerin am Rednerpult", "Symbolbild", "dpa"),
        ),
        "enclosures": (
            Enclosure("media:ef56/Bescheid%20Nord.pdf", "application/pdf", 1_432_000, "Förderbescheid"),
            Enclosure("https://www.talland.example/rede.mp3"),
            Enclosure("https://www.talland.example/download?id=7", None, None, "Anlage"),
        ),
        "related": (
            Related("Ärztetag in Talstadt", "Gesundheit", "https://www.talland.example/aerztetag"),
            Related("Pflege wird gestärkt", "Pflege"),
            Related("Tallandtag eröffnet", "Landesregierung"),
        ),
        "authors": ("Ministerium für Gesundheit",),
        "contact": Contact("Jürgen Müßig", "presse@gm.talland.example", "0123 456-789"),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "origin": Origin(
            "https://www.talland.example/feed",
            "Presse & Neues",
            "Sat, 14 Mar 2026 10:00:00 +0100",
            "© Land Talland",
            "https://www.talland.example/feed",
        ),
        "updated": NOON,
    }
    return make_release(id_, **(defaults | fields))


def make_tombstone(id_: str = "talland00009", **fields: Any) -> Tombstone:
    defaults: dict[str, Any] = {
        "atom_id": f"tag:presse.talland.example,2026:{id_}",
        "when": NOON,
        "published": MORNING,
        "reason": "Die Zahlen waren falsch.",
    }
    return Tombstone(id_, **(defaults | fields))


def make_page(*releases: Release, **fields: Any) -> FeedPage:
    """The head of gesundheit with these releases. `site` may be a Site, or a dict of what differs from SITE."""
    defaults: dict[str, Any] = {
        "site": SITE,
        "topic": GESUNDHEIT,
        "atom_id": "tag:presse.talland.example,2026:feed:gesundheit",
        "updated": NOON,
        "releases": releases,
        "topics": (GESUNDHEIT,),
        "formats": USUAL,
    }
    if isinstance(fields.get("site"), dict):
        fields["site"] = replace(SITE, **fields["site"])
    return FeedPage(**(defaults | fields))


class Reader(Protocol):
    def __call__(
        self, text: str, url: str | None = None, select: tuple[tuple[str, str], ...] = ()
    ) -> tuple[Item, ...]: ...


def reader(format: str) -> Reader:
    """What `parse` finds in a text that is of this format, whatever it looks like."""

    def read(text: str, url: str | None = None, select: tuple[tuple[str, str], ...] = ()) -> tuple[Item, ...]:
        body = text.encode("utf-8", "surrogatepass")
        return parse(body, url=url, media_type="text/plain; charset=utf-8", format=format, select=select)

    return read
