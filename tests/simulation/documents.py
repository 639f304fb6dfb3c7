"""What the made web says: words, and the documents that carry them."""

import functools
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
KICKERS = ("Forst", "Schule", "Gesundheit", "Verkehr", "Europa")
_BEFORE = (
    "Wald Eiche Brücke Straße Schule Klinik Förder Land Gemeinde Hoch Tief Winter Sommer Haus Feld Strom Wärme Netz"
)
_AFTER = "plan programm mittel bau preis gesetz tag werk stelle amt rat hilfe karte messe weg schutz dienst kreis lehre"
_VERBS = "fördert eröffnet prüft plant baut schützt ehrt ordnet begrüßt vergibt senkt erhöht verlängert beendet beginnt"
_NOUNS = [a + b for a in _BEFORE.split() for b in _AFTER.split()]


def sentence(random: Random) -> str:
    words = [random.choice(_NOUNS) for _ in range(random.randint(4, 9))]
    return f"Die {words[0]} {random.choice(_VERBS.split())} {' und '.join(words[1:3])} mit {', '.join(words[3:])}."


_MARK = re.compile(r"\bw\d+(?:[vth]\d+)?x\b")


@functools.cache
def _marks(title: str, text: str) -> frozenset[str]:
    return frozenset(_MARK.findall(f"{title} {text}"))


class Held(NamedTuple):
    """An embargo; `until` None: a person says when."""

    until: datetime | None


class Said(NamedTuple):
    """What an entry says of a truth: its marks are in its words. `taken_back`: that it is gone, and nothing else."""

    truth: int
    version: int
    title: str
    text: str
    kicker: str
    stated: datetime | None
    updated: datetime | None
    id: str | None
    url: str | None
    held: Held | None = None
    taken_back: bool = False

    @property
    def marks(self) -> frozenset[str]:
        """Those of its words."""
        return frozenset() if self.taken_back else _marks(self.title, self.text)

    @property
    def embargo(self) -> str | None:
        """As press offices print it."""
        if self.held is None:
            return None
        if self.held.until is None:
            return "Redebeginn"
        return f"{self.held.until.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"

    @property
    def body(self) -> Sequence[str]:
        """Its paragraphs."""
        if self.taken_back:
            return ("Diese Pressemitteilung wurde zurückgezogen.",)
        return (*([f"Sperrfrist: {self.embargo}"] if self.held else []), *self.text.split("\n"))


def flickering(said: Said, seen: int) -> Said:
    """With how often it was seen."""
    return said._replace(text=f"{said.text}\nBisher {seen} Mal gelesen.")


def rss(said: Sequence[Said], now: datetime) -> tuple[str, str]:
    def item(each: Said) -> str:
        out = f"<item><title>{escape(each.title)}</title>"
        out += f"<link>{escape(each.url)}</link>" if each.url else ""
        out += f'<guid isPermaLink="false">{escape(each.id)}</guid>' if each.id else ""
        out += f"<pubDate>{format_datetime(each.stated)}</pubDate>" if each.stated else ""
        out += f"<category>{each.kicker}</category>"
        return f"{out}<description>{escape(_html(each))}</description></item>"

    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Amt</title><link>https://amt.example/</link>'
        f"<description>d</description><lastBuildDate>{format_datetime(now)}</lastBuildDate>"
        f"{''.join(map(item, said))}</channel></rss>"
    ), "application/rss+xml"


def atom(said: Sequence[Said], now: datetime) -> tuple[str, str]:
    def entry(each: Said) -> str:
        out = f"<entry><title>{escape(each.title)}</title><id>{escape(each.id or '')}</id>"
        out += f'<link href="{escape(each.url)}"/>' if each.url else ""
        out += f"<published>{each.stated.isoformat()}</published>" if each.stated else ""
        out += f"<updated>{(each.updated or each.stated or now).isoformat()}</updated>"
        out += f'<category term="{each.kicker}"/>'
        return f'{out}<content type="html">{escape(_html(each))}</content></entry>'

    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Amt</title>'
        f"<id>tag:amt.example,2026:f</id><updated>{now.isoformat()}</updated>{''.join(map(entry, said))}</feed>"
    ), "application/atom+xml"


def jsonfeed(said: Sequence[Said], now: datetime) -> tuple[str, str]:
    items = [
        {
            "id": each.id,
            "url": each.url,
            "title": each.title,
            "content_html": _html(each),
            "date_published": each.stated and each.stated.isoformat(),
            "date_modified": each.updated and each.updated.isoformat(),
            "tags": [each.kicker],
        }
        for each in said
    ]
    items = [{name: value for name, value in item.items() if value is not None} for item in items]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Amt", "_now": now.isoformat(), "items": items}
    return json.dumps(feed), "application/feed+json"


def markdown(said: Said) -> str:
    fields = {
        "title": said.title,
        "topic": said.kicker,
        "id": said.id,
        "url": said.url,
        "date": said.stated and said.stated.isoformat(),
        "embargo": said.held and (said.held.until.isoformat() if said.held.until else "Redebeginn"),
        "withdrawn": "true" if said.taken_back else None,
    }
    front = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"---\n{front}---\n\n" + "\n\n".join(said.text.split("\n")) + "\n"


def page(said: Said) -> str:
    """The text of a press page."""
    if said.taken_back:
        return f"{said.title}\n\n{said.body[0]}\n"
    held = f"Sperrfrist: {said.embargo}\n\n" if said.held else ""
    return f"{held}{said.kicker}\n\n{said.title}\n\n" + "\n\n".join(said.text.split("\n")) + "\n"


def html(said: Said) -> str:
    """A page of a press office."""
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{escape(said.title)}</title></head><body>'
        f"<main><article><p>{said.kicker}</p><h1>{escape(said.title)}</h1>{_html(said)}</article></main></body></html>"
    )


def _html(said: Said) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in said.body)


FEEDS = {"rss": rss, "atom": atom, "json": jsonfeed}
FILES = {".md": markdown, ".txt": page, ".html": html}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
