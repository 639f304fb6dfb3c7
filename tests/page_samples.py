"""A site's pages with everything on them that a page can have, of the invented state Talland."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from syndicate.formats import USUAL
from syndicate.model import (
    Contact,
    Correction,
    Document,
    Enclosure,
    FeedPage,
    Image,
    Note,
    Related,
    Release,
    ReleasePage,
    Site,
    Tombstone,
    Topic,
)
from syndicate.render import html as html_pages

_NOON = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
_TOPICS = tuple(
    Topic(id=id_, title=title, kickers=(title,))
    for id_, title in (
        ("gesundheit", "Gesundheit"),
        ("schule", "Schule"),
        ("kunst-und-kultur", "Kunst und Kultur"),
        ("innere-sicherheit", "Innere Sicherheit"),
        ("staedtebaufoerderung", "Städtebauförderung"),
        ("wiedervernaessung", "Hochmoorwiedervernässungsförderrichtlinie"),
        ("europa", "Europa"),
    )
)
_BODY = """
<p>Das Land Talland fördert im kommenden Jahr <a href="https://www.talland.example/foerderung">zwölf neue
Gesundheitszentren</a> mit zusammen 62 Millionen Euro. „Niemand soll weiter als eine halbe Stunde zur nächsten Ärztin
fahren müssen“, sagte Gesundheitsministerin Dr. Alma Reuter am Dienstag in Bergau.</p>
<h3>Zwölf Standorte, ein Gedanke</h3>
<p>Die Zentren entstehen dort, wo heute die Wege am längsten sind. Den Anfang machen Bergau, Seeheim und
Oberwaldkirchen-Untergrünbach an der Donaudampfschifffahrtsgesellschaftskapitänsstraße.</p>
<ul><li>je Standort bis zu fünf Millionen Euro</li><li>Sprechstunden auch am Abend<ol><li>montags</li></ol></li></ul>
<h6>So geht es weiter</h6>
<blockquote><p>„Wir bauen nicht Häuser, wir verkürzen Wege.“</p></blockquote>
<table><caption>Mittel je Jahr</caption><thead><tr><th></th><th>Standorte im ganzen Land</th><th>Bewilligte Mittel des
Landes</th><th>Kofinanzierung durch die Landkreise</th><th>Zuwendungsbescheide</th></tr></thead><tbody><tr><th>2026</th>
<td>drei</td><td>12.500.000 Euro</td><td>3.125.000 Euro</td><td>Januar</td></tr></tbody></table>
<h2></h2>
<p>Mehr unter https://www.talland.example/gesundheit/versorgung/zentren/foerderrichtlinie-und-antragsunterlagen-2026.</p>
<p><a href="https://www.talland.example/karte.png"><img src="media:0f/karte.svg"></a></p>
<h1>Zahlen</h1><dl><dt>Zentren</dt><dd>12</dd></dl><pre>
Az. 51-5410.9/12 vom ersten Juli zweitausendfünfundzwanzig, Referat</pre>
<main lang="n/a"><video src="https://bilder.talland.example/film.mp4"></video><li>lose Zeile</li></main>
"""

FULL = Release(
    id="a1b2c3d4e5f6",
    atom_id="tag:talland.example,2026:1",
    url="https://www.talland.example/presse/gesundheitszentren",
    kind="Pressemitteilung",
    kicker="Gesundheit",
    title="Land fördert zwölf neue Gesundheitszentren im ländlichen Raum – 62 Millionen Euro bis 2028",
    teaser="Niemand soll weiter als eine halbe Stunde zur nächsten Ärztin fahren müssen: Das Land baut die Versorgung "
    "dort aus, wo die Wege heute am längsten sind.",
    content=_BODY,
    language="de",
    images=(
        Image("media:0f/zentrum.svg", "Modell eines Zentrums aus Holz", "So soll es aussehen", "Amt Bergau / Ö. Kurz"),
        Image(None, "Ministerin Reuter (links) mit Landrat Klaus Öhm", None, "dpa"),
        Image("media:0f/plan.svg", None, "Lageplan"),
    ),
    enclosures=(
        Enclosure("media:0f/Förderrichtlinie.pdf", "application/pdf", 1_400_000, "Förderrichtlinie 2026"),
        Enclosure("https://bilder.talland.example/ton.mp3", "audio/mpeg"),
    ),
    related=(
        Related("Neue Meisterschule in Seeheim", "Schule"),
        Related("Land startet Impfwoche", "Gesundheit", "https://www.talland.example/presse/impfwoche"),
        Related("Nur ein Titel, und nichts weiter", None),
    ),
    authors=("Ministerium für Gesundheit Talland",),
    contact=Contact("Jana Böhm, Pressestelle", "presse@gesundheit.talland.example", "+49 (0)711 123-4567"),
    corrects="https://www.talland.example/presse/zentren-alt",
    license="https://creativecommons.org/licenses/by/4.0/",
    published=_NOON,
    updated=_NOON + timedelta(days=1),
    first_seen=_NOON,
    revision=2,
    notes=(
        Note(_NOON + timedelta(days=1), "Es sind zwölf Zentren, nicht elf; die Summe ist 62 Millionen Euro."),
        Note(_NOON + timedelta(hours=2), "Seeheim hieß in der ersten Fassung Seebach."),
    ),
    topics=("gesundheit", "staedtebaufoerderung"),
)
HEADLINE = Release(
    id="b1b2c3d4e5f6",
    kicker="Schule",
    title="„Neue Meisterschule“ in Seeheim",
    language="de",
    images=(Image(None, "Ein Auszubildender steht an einer Werkbank."),),
    published=_NOON - timedelta(days=2, hours=1),
    updated=_NOON,
    first_seen=_NOON,
    inferred=("published",),
    headline=True,
    topics=("schule",),
)
FOREIGN = Release(
    id="c1b2c3d4e5f6",
    kicker="Europa",
    title="Talland and its partner regions sign a treaty on <rail> & rivers",
    content="<p>Seven regions on one river have agreed to run their night trains together, so that a ticket bought "
    "in one is good in all of them. The treaty takes effect in December, a first timetable follows in autumn.</p>",
    language="en",
    images=(Image("media:0f/zentrum.svg", "A night train", None, "Rail office"),),
    published=datetime(2025, 6, 27, 22, 0, tzinfo=UTC),
    updated=_NOON,
    first_seen=_NOON,
    topics=("europa",),
)
RELEASES = (FULL, HEADLINE, FOREIGN)
CORRECTIONS = {
    FULL.id: (
        Correction("corrects", "Land fördert elf neue Gesundheitszentren", "https://www.talland.example/presse/alt"),
        Correction("corrected_by", "Berichtigung zu den Gesundheitszentren", "https://www.talland.example/presse/neu"),
    ),
    FOREIGN.id: (Correction("corrected_by", "Correction: eight regions", "https://www.talland.example/presse/rail"),),
}
WITHDRAWN = Tombstone("d1b2c3d4e5f6", "tag:talland.example,2026:4", _NOON, _NOON, "Die Zahlen waren falsch.")


def site(base_url: str, language: str = "de") -> Site:
    return Site(
        title="Pressemitteilungen des Landes Talland",
        base_url=base_url,
        language=language,
        author="Pressestelle Talland",
        rights="© Land Talland",
        imprint_url="https://www.talland.example/impressum",
        privacy_url="https://www.talland.example/datenschutz",
        accessibility_url="https://www.talland.example/barrierefreiheit",
        contact="presse@talland.example",
    )


def pages(base_url: str, language: str = "de") -> Iterator[Document]:
    """One document of every kind, and those with least on them."""
    here = site(base_url, language)
    links = {("schule", "neue meisterschule in seeheim"): f"{base_url}releases/{HEADLINE.id}.html"}

    def head(topic: Topic, *releases: Release, **fields: Any) -> FeedPage:
        return FeedPage(
            formats=USUAL,
            site=here,
            topic=topic,
            atom_id="tag:x",
            updated=_NOON,
            releases=releases,
            topics=_TOPICS,
            corrections=CORRECTIONS,
            **fields,
        )

    every = head(Topic(id="all", title="Alle Meldungen"), *RELEASES * 5, older=12)
    counts = (1204, 16, 1, 3, 2, 5, 1)
    summaries = [html_pages.TopicSummary(topic, count, _NOON) for topic, count in zip(_TOPICS, counts, strict=True)]
    summaries.append(html_pages.TopicSummary(Topic(id="forst", title="Forst"), 0, None))
    yield html_pages.index_page(summaries, every)
    yield html_pages.topic_page(every)
    yield html_pages.topic_page(
        head(Topic(id="gesundheit", title="Gesundheit", description="Ärzte, Kliniken, Pflege."), FULL)
    )
    yield html_pages.topic_page(head(_TOPICS[0], *RELEASES, number=3, newer=4, older=2))
    yield html_pages.topic_page(head(_TOPICS[0], number=1, newer=2))
    yield html_pages.topic_page(head(Topic(id="wiedervernaessung", title="Hochmoorwiedervernässungsförderrichtlinie")))
    for release in RELEASES:
        told = CORRECTIONS.get(release.id, ())
        yield html_pages.release_page(
            ReleasePage(site=here, release=release, topics=_TOPICS, links=links, formats=USUAL, corrections=told)
        )
    yield html_pages.not_found(here)
    yield html_pages.withdrawn_page(WITHDRAWN, here)
