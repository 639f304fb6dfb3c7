"""Made press releases: the same number gives the same words, in each run and on each machine."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

TOPICS = ("Arbeitsmarkt", "Europa", "Forst", "Gesundheit", "Innere Sicherheit", "Kunst und Kultur", "Schule", "Verkehr")
_LEXICON = (
    "Ährenfeld Bahnhof Bergwald Brücke Deich Erlenstadt Feuerwehr Förderung Gemeinde Haushalt Hohenried Jugend "
    "Klinik Kreis Land Lehrkräfte Ministerium Museum Notaufnahme Orchester Pflege Polizei Quartier Rathaus Schiene "
    "Schule Sommer Straße Talland Übung Verein Wald Werkstatt Zukunft beginnt bleibt eröffnet erhält fördert plant "
    "prüft"
)
WORDS = _LEXICON.split()
_FIRST = datetime(2025, 1, 1, 8, tzinfo=UTC)
_MINUTES = 400_000  # in which all of them appear, long ago
_PARAGRAPHS, _LENGTH = 5, 70  # of so many words: with its marks a release is about 4.4 KB


def paragraphs(number: int, version: int = 1) -> list[str]:
    words = random.Random(number)
    made = [" ".join(words.choices(WORDS, k=_LENGTH)) + "." for _ in range(_PARAGRAPHS)]
    return made if version == 1 else [f"Fassung {version}. {made[0]}", *made[1:]]


def title(number: int) -> str:
    return f"Meldung {number} aus {random.Random(number).choice(WORDS)}"


def topic(number: int) -> str:
    return TOPICS[number % len(TOPICS)]


def published(number: int) -> datetime:
    return _FIRST + timedelta(minutes=number % _MINUTES)


def html(number: int, version: int = 1) -> str:
    """The text with the markup that a press office's editor makes: emphasis, links, a list, a picture."""
    first, *others = paragraphs(number, version)
    made = [f"<p class='teaser'><strong>{first}</strong></p>"]
    made.append(
        f"<figure><img src='/bild/{number}.jpg' alt='Ein Bild' width='800' height='600'/>"
        "<figcaption>Foto: Presse</figcaption></figure>"
    )
    for at, text in enumerate(others):
        words = text.split()
        marked = [
            f"<em>{word}</em>" if n % 11 == 3 else f"<a href='/thema/{at}-{n}'>{word}</a>" if n % 23 == 7 else word
            for n, word in enumerate(words)
        ]
        made.append(f"<p>{' '.join(marked[:40])}<br/>{' '.join(marked[40:60])}</p>")
        made.append(
            "<ul>" + "".join(f"<li>{' '.join(marked[n : n + 6])}</li>" for n in range(60, len(words), 6)) + "</ul>"
        )
    return "\n".join(made)


def rss_item(number: int, site: str, version: int = 1) -> str:
    """An item with a summary, and its text in `content:encoded`."""
    return (
        f"<item><title>{title(number)}</title><link>{site}/meldung/{number}</link><guid isPermaLink='false'>m-{number}"
        f"</guid><category>{topic(number)}</category><pubDate>{format_datetime(published(number))}</pubDate>"
        f"<description>{paragraphs(number)[0][:200]}</description>"
        f"<content:encoded><![CDATA[{html(number, version)}]]></content:encoded></item>\n"
    )


def rss(site: str, name: str, items: str, printed: str) -> bytes:
    """A feed of these items. `printed` is its `lastBuildDate`."""
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>{name}</title><link>{site}/</link><description>Meldungen</description><language>de</language>"
        f"<lastBuildDate>{printed}</lastBuildDate>\n{items}</channel></rss>\n"
    ).encode()


def json_item(number: int, site: str) -> dict[str, object]:
    """An item of a JSON Feed."""
    return {
        "id": f"m-{number}",
        "url": f"{site}/meldung/{number}",
        "title": title(number),
        "content_html": html(number),
        "date_published": published(number).isoformat(),
        "tags": [topic(number)],
    }


def markdown(number: int, version: int = 1, most: int | None = None) -> str:
    """A release as a Markdown file with front matter; of at most so many paragraphs."""
    return (
        f"---\ntitle: {title(number)}\ntopics: [{topic(number)}]\ndate: {published(number).isoformat()}\n"
        f"teaser: Fassung {version}.\n---\n" + "\n\n".join(paragraphs(number, version)[:most]) + "\n"
    )
