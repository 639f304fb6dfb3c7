# ruff: noqa: E501  # markup
"""What differs from site to site on release pages: texts, dates, contacts, closing lines; each with its truth."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from re import sub
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Truth:
    """What the page says. `published` has its time of day where the page states one; `body` are its paragraphs."""

    title: str = ""
    kicker: str | None = None
    teaser: str | None = None
    published: str | None = None
    body: list[str] = field(default_factory=list)
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    related: list[str] = field(default_factory=list)


@dataclass
class Slots:
    """The parts of a page as markup, for a layout to put in their places."""

    when: datetime
    number: str = ""
    body: str = ""
    contact: str = ""
    related: str = ""
    tail: str = ""
    side: str = ""


TITLES = (
    "Neue Feuerwache in Oberbrunn geht in Betrieb", "Land fördert 14 Dorfläden", "Mehr Platz für Lastenräder",
    "„Lesen verbindet“: Bücherbus fährt wieder", "Hochwasserschutz an der Ache wird ausgebaut",
    "Drei Schulen erhalten Auszeichnung für Klimaschutz", "Moorschutz kommt voran", "Wer zahlt den Winterdienst?",
    "Ministerin Ohlsen besucht Pflegeschule Tannroda", "Wolfsmonitoring: Zahl der Rudel bleibt stabil",
)  # fmt: skip
KICKERS = ("Feuerwehr", "Ländlicher Raum", "VERKEHR", "Kultur", "Wasser und Boden", "Bildung", "Pflege", "EU")
SENTENCES = (
    "Der Landkreis Brunnau hat die Bauarbeiten in dieser Woche abgeschlossen, drei Monate früher als geplant.",
    "„Das ist ein guter Tag für alle, die hier leben und arbeiten“, sagte Landrätin Edda Krohn bei der Übergabe.",
    "Insgesamt stehen dafür 2,4 Millionen Euro bereit, von denen das Land gut die Hälfte trägt.",
    "Die Vorarbeiten haben im Herbst begonnen, als die alte Leitung unter der Hauptstraße ersetzt wurde.",
    "An 17 Standorten wird in den kommenden Wochen gemessen, wie stark der Grundwasserspiegel gestiegen ist.",
    "Wer sich beteiligen möchte, kann seine Vorschläge bis Ende April an das Bürgerbüro in Tannroda senden.",
    "Nach Angaben des Landesamtes nutzen derzeit rund 3.800 Menschen das Angebot, die meisten davon werktags.",
    "Die Gemeinden entscheiden selbst, ob sie die Förderung für Gebäude oder für Personal verwenden.",
    "Im nächsten Schritt werden die Haltestellen umgebaut, damit alle ohne Stufen einsteigen können.",
    "Bis zum Sommer soll auch der zweite Abschnitt fertig sein, der durch das Tal der Ache führt.",
)
HEADINGS = ("Zweiter Abschnitt bis zum Sommer", "Hintergrund", "Stimmen aus der Region", "Zahlen und Fakten")
OTHERS = (
    "Förderbescheid für die Stadthalle Hohenlinde", "Neuer Radweg zwischen Tannroda und Brunnau",
    "Ehrung für 60 Jahre Ehrenamt", "Landtag berät Haushalt", "Waldbrandgefahr steigt", "Girls’ Day im Ministerium",
)  # fmt: skip
PEOPLE = ("Jana Böhm", "Dr. Nils Ahlert", "Maren Sattler", "Tom van der Velde")


def body(r: random.Random, truth: Truth, told: Sequence[str]) -> str:
    parts: list[str] = []
    for at, text in enumerate(told):
        if at and r.random() < 0.25:
            heading = r.choice(HEADINGS)
            if heading not in truth.body:
                truth.body.append(heading)
                parts.append(f"<h3>{heading}</h3>")
        if at and r.random() < 0.15:
            truth.body += ["Dorfplatz Oberbrunn,", "Bahnhof Tannroda."]
            parts.append("<ul><li>Dorfplatz Oberbrunn,</li><li>Bahnhof Tannroda.</li></ul>")
        truth.body.append(text)
        linked = text.replace("Tannroda", '<a href="/orte/tannroda">Tannroda</a>', 1)
        parts.append(f"<p>{linked}</p>")
    if r.random() < 0.2:
        truth.body.append("Der Eintritt ist frei.")
        parts.append("<p>Der Eintritt ist frei.</p>")
    return "\n".join(parts)


def contact(r: random.Random, truth: Truth) -> str:
    form = r.randrange(11)
    if form > 8:
        return ""
    name = truth.name = r.choice(PEOPLE)
    last = name.split()[-1].lower().replace("ö", "oe")
    mail = truth.email = f"{last}@mi.talland.example"
    phone = truth.phone = r.choice(("0361 57-3310", "+49 361 573311-12", "(0361) 573 31 10"))
    dial = f'<a href="tel:{sub("[^0-9+]", "", phone)}">{phone}</a>'
    words = r.choice((mail, "E-Mail schreiben", "E-Mail senden", "Nachricht schreiben", "Kontakt per E-Mail"))
    write = f'<a href="mailto:{mail}{r.choice(("", "?subject=Presse"))}">{words}</a>'
    title = r.choice(("Pressekontakt", "Kontakt für die Presse", "Ansprechpartnerin", "Medienkontakt", "Kontakt"))
    return (
        f"<section><h2>{title}</h2><p>{name}<br>Telefon: {phone}<br>{write}</p></section>",
        f"<h3>{title}</h3><dl><dt>Name</dt><dd>{name}</dd><dt>Telefon</dt><dd>{dial}</dd><dt>E-Mail</dt>"
        f"<dd>{write}</dd></dl>",
        f"<p>Rückfragen beantwortet {name}, Telefon {phone}, E-Mail: <a href='mailto:{mail}'>{mail}</a>.</p>",
        f"<div class='contact-box'><h4>{title}</h4><ul><li>{name}</li><li>Tel. {dial}</li><li>{write}</li></ul></div>",
        f"<address class='vcard'><strong class='fn'>{name}</strong><br>Pressesprecherin<br>{dial}<br>{write}</address>",
        f"<h2>{title}</h2><table><tr><th>Name</th><td>{name}</td></tr><tr><th>Telefon</th><td>{phone}</td></tr>"
        f"<tr><th>E-Mail</th><td>{write}</td></tr></table>",
        f"<p><strong>{title}:</strong><br>{name}<br>Tel.: {phone}<br>{mail.replace('@', '(at)')}</p>",
        f"<p>Für Rückfragen steht Ihnen {name} unter der Telefonnummer {phone} oder per E-Mail an "
        f"<a href='mailto:{mail}'>{mail}</a> zur Verfügung.</p>",
        f"<aside class='c-contact'><p class='c-contact__head'>{title}</p><p class='c-contact__name'>{name}</p>"
        f"<p><span class='label'>Telefon</span> <span class='value'>{dial}</span></p><p>{write}</p></aside>",
    )[form]


def related(r: random.Random, truth: Truth) -> str:
    if r.random() < 0.45:
        return ""
    titles = truth.related = r.sample(OTHERS, r.choice((1, 2, 3)))
    head = r.choice((
        "Weitere Meldungen", "Mehr zum Thema", "Das könnte Sie auch interessieren", "Verwandte Meldungen",
        "Ähnliche Beiträge", "Lesen Sie auch", "Weitere Pressemitteilungen zum Thema",
    ))  # fmt: skip
    links = [(f"/presse/{n}-{sub('[^a-z]+', '-', t.lower())}", t) for n, t in enumerate(titles)]
    form = r.randrange(4)
    if form == 0:
        items = "".join(f'<li><a href="{url}">{t}</a></li>' for url, t in links)
        return f"<h2>{head}</h2><ul>{items}</ul>"
    if form == 1:
        items = "".join(
            f'<div class="teaser"><span class="date">0{n + 1}.03.2026</span><h4><a href="{url}">{t}</a></h4></div>'
            for n, (url, t) in enumerate(links)
        )
        return f'<section class="related"><h3>{head}</h3><div class="row">{items}</div></section>'
    if form == 2:
        items = "".join(f'<p><a href="{url}">{t}</a></p>' for url, t in links)
        return f"<div><p><strong>{head}</strong></p>{items}</div>"
    items = "".join(
        f'<article class="card"><a href="{url}"><h3>{t}</h3><p>Das Ministerium teilt mit, worum es geht.</p></a></article>'
        for url, t in links
    )
    return f'<div class="more"><h2>{head}</h2>{items}</div>'


def number(r: random.Random) -> str:
    n, year = r.randint(3, 245), r.choice(("2026", "26"))
    told = r.choice((
        "", "", "", "", f"PM {n}/{year}", f"Nr. {n:03d}/{year}", f"Pressemitteilung Nr. {n}", f"Medieninfo {n}/{year}",
        f"PM-Nr.: {n}/{year}", f"Ausgabe {n}/{year}", f"Pressemitteilung {n} / {year}", f"Pressemeldung Nr. {n}-{year}",
        f"Meldung Nr. {n} vom {r.randint(1, 9)}. März 2026", f"Pressedienst {n}/{year}",
    ))  # fmt: skip
    return f'<p class="{r.choice(("nr", "presse-id", "zusatz", "text-muted"))}">{told}</p>' if told else ""


def tails(r: random.Random, when: datetime) -> list[str]:
    later = when + timedelta(days=2)
    return [
        '<p>Schlagwörter: <a href="/t/1">Oberbrunn</a>, <a href="/t/2">Ehrenamt</a></p>',
        '<div><span>Themen</span> <a href="/themen/wasser">Wasser</a> <a href="/themen/bau">Bauen</a></div>',
        "<p>Stichworte: Moor, Klima, Wasser</p>",
        '<p><a href="/sendto?u=1">Artikel versenden</a> | <a href="javascript:print()">Artikel drucken</a></p>',
        '<ul><li><a href="https://www.facebook.com/sharer.php?u=x">Facebook</a></li>'
        '<li><a href="https://x.com/intent/tweet?u=x">X</a></li><li><a href="mailto:?body=x">E-Mail</a></li></ul>',
        f"<p>Letzte Änderung: {later:%d.%m.%Y}</p>",
        f"<p>Zuletzt bearbeitet am {later:%d.%m.%Y} um {later:%H:%M} Uhr</p>",
        f"<p>Diese Seite wurde zuletzt am {later:%d.%m.%Y} aktualisiert.</p>",
        f"<p>Stand der Information: {later:%d.%m.%Y}</p>",
        "<p>Bewerten Sie diesen Artikel: ★★★★★ (3 Stimmen)</p>",
        '<p>War diese Seite hilfreich? <a href="#ja">Ja</a> <a href="#nein">Nein</a></p>',
        '<p><a href="/presse">« Zurück zur Übersicht</a></p>',
        '<p><a href="/rss.xml">RSS-Feed abonnieren</a></p>',
        '<p><a href="/newsletter">Newsletter bestellen</a></p>',
        '<div><a href="/p/1">← Vorherige Meldung: Landtag tagt</a> <a href="/p/2">Nächste Meldung: Messe öffnet →</a></div>',
        "<div><h3>Kommentare</h3><p>Es sind noch keine Kommentare vorhanden.</p></div>",
        "<div><h2>Neuen Kommentar schreiben</h2><p>Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder "
        'sind mit * markiert.</p><form><input name="k"></form></div>',
        '<p><a href="#top">Nach oben</a></p>',
        "<p>Teilen auf: <a href='https://www.linkedin.com/share?u=1'>LinkedIn</a></p>",
        "<p>Herausgeber: Staatskanzlei Talland</p>",
        "<p>Redaktion: Pressestelle</p>",
        "<p>Permalink: https://www.talland.example/-/4711</p>",
        "<p>Aufrufe: 218</p>",
        "<p>Kategorien: <a href='/k/1'>Allgemein</a></p>",
        '<p><a href="/presse/archiv">Alle Pressemitteilungen anzeigen</a></p>',
        '<p><a href="/pdf?id=9" class="pdf">Diese Meldung als PDF</a></p>',
    ]


def side(r: random.Random) -> str:
    links = "".join(f'<li><a href="/x/{n}">{t}</a></li>' for n, t in enumerate(r.sample(OTHERS, 3)))
    cloud = "".join(f'<a href="/tag/{t}" class="tag-cloud-link">{t}</a> ' for t in ("Klima", "Moor", "Bus", "EU"))
    event = (
        '<div class="event"><time datetime="2026-09-01T18:00">1. September</time> <a href="/e/1">Bürgerdialog</a></div>'
    )
    contact = (
        '<p>Bürgertelefon</p><p>Telefon 115</p><p><a href="mailto:info@talland.example">info@talland.example</a></p>'
    )
    every = [
        ("Neueste Beiträge", f"<ul>{links}</ul>"), ("Meistgelesen", f"<ol>{links}</ol>"), ("Schlagwörter", cloud),
        ("Weitere Meldungen", f"<ul>{links}</ul>"), ("Termine", event), ("Aktuelles", f"<ul>{links}</ul>"),
        ("Beliebte Artikel", f"<ul>{links}</ul>"), ("Servicetelefon", contact),
    ]  # fmt: skip
    return "".join(
        f'<section class="{r.choice(("widget", "block", "box", "portlet"))}"><h2>{head}</h2>{inner}</section>'
        for head, inner in r.sample(every, r.choice((0, 1, 2)))
    )


def german(when: datetime) -> str:
    months = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ]
    return f"{when.day}. {months[when.month - 1]} {when.year}"


def dateline(r: random.Random, s: Slots, truth: Truth) -> str:
    """A date line in the page's own wording: what it states, time of day included, goes into the truth."""
    w, later = s.when, s.when + timedelta(days=3)
    day, clock, iso = f"{w:%d.%m.%Y}", f"{w:%H:%M}", w.isoformat()
    exact = f'<time datetime="{iso}">{r.choice((day, german(w)))}</time>'
    with_time, without = [
        f"<p>{day}, {clock} Uhr</p>", f"<p>Veröffentlicht am {day} um {clock} Uhr</p>", exact, f"<div>{exact}</div>",
        f"<p>Veröffentlicht: {exact}</p>", f"<p><span>Datum</span> {exact}</p>", f"<p>{german(w)} | {clock} Uhr</p>",
        f"<p>{day} {clock} – aktualisiert: {later:%d.%m.%Y} {later:%H:%M}</p>", f"<span>Vom {exact}</span>",
        f'<p>Erstellt: {exact} | Geändert: <time datetime="{later.isoformat()}">{later:%d.%m.%Y}</time></p>',
    ], [
        f"<p>{day}</p>", f"<p>{w:%d.%m.%y}</p>", f"<p>KW {w:%V} / {day}</p>", f"<p>Datum: {day}</p>",
        f"<dl><dt>Datum</dt><dd>{day}</dd><dt>Ort</dt><dd>Tannroda</dd></dl>", f"<p>Tannroda, {german(w)}</p>",
        f"<table><tr><th>Datum</th><td>{day}</td></tr><tr><th>Ressort</th><td>Inneres</td></tr></table>",
        f"<p>Stand: {day}</p>", f"<p>{day} - Pressestelle</p>", f"<p>Redaktion | {day}</p>",
        f"<p>{german(w)} (zuletzt geändert am {later:%d.%m.%Y})</p>", f"<p>Erscheinungsdatum {day}</p>",
        f'<p><span class="label">Datum</span> <span class="value">{day}</span></p>', f"<p>Veröffentlichung: {day}</p>",
    ]  # fmt: skip
    if truth.kicker:
        without = [told for told in without if "Ressort" not in told]
    if r.random() < 0.5:
        truth.published = w.isoformat()
        return r.choice(with_time)
    truth.published = f"{w:%Y-%m-%d}"
    told = r.choice(without)
    if "Ressort" in told:
        truth.kicker = truth.kicker or "Inneres"
    return told
