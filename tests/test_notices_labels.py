"""Labels, lines of dates, numbers and closing lines: each row a line as it is printed, and what it means."""

import pytest

from syndicate.notices import closings, contact, datelines, kind, labels


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Datum:", "published"),
        ("Veröffentlicht am", "published"),
        ("Erscheinungsdatum", "published"),
        ("Stand", "published"),
        ("Online seit", "published"),
        ("Published on", "published"),
        ("Gespeichert von redaktion am", "published"),
        ("Letzte Änderung:", "changed"),
        ("zuletzt geändert am", "changed"),
        ("Zuletzt bearbeitet", "changed"),
        ("Aktualisierungsdatum", "changed"),
        ("Last modified", "changed"),
        ("Pressemitteilung Nr.", "number"),
        ("PM-Nr.:", "number"),
        ("Ressort", "topic"),
        ("Themenfeld", "topic"),
        ("Rubrik:", "topic"),
        ("Schlagwörter", "tags"),
        ("abgelegt unter:", "tags"),
        ("Filed under", "tags"),
        ("Redaktion", "author"),
        ("Herausgeberin", "author"),
        ("Ort", "place"),
        ("Typ:", "kind"),
        ("Uhrzeit", "event"),
        ("Seitenaufrufe", "page"),
        ("Erscheinungstermin", "published"),
        ("Publié le", "published"),
        ("Mis à jour le", "changed"),
        ("Ultimo aggiornamento:", "changed"),
        ("Parole chiave", "tags"),
        ("Verkehr", None),
        ("Themen der Zeit", None),
        ("Datenschutz", None),
        ("Ortsumgehung", None),
        ("Redaktionsschluss naht", None),
    ],
)
def test_a_label_names_what_stands_beside_it(label: str, meaning: str | None) -> None:
    assert labels.meaning(label) == meaning


@pytest.mark.parametrize(
    ("line", "published", "changed", "rest"),
    [
        ("04.06.2026", "04.06.2026", None, ""),
        ("04.06.26", "04.06.26", None, ""),
        ("KW 23 / 04.06.2026", "04.06.2026", None, ""),
        ("Datum 4. Juni 2026", "4. Juni 2026", None, ""),
        ("June 4, 2026", "June 4, 2026", None, ""),
        ("04.06.2026 | 09:15 Uhr", "04.06.2026 | 09:15 Uhr", None, ""),
        ("Do., 04.06.2026 - 09:15", "04.06.2026 - 09:15", None, ""),
        ("04.06.2026, zuletzt geändert 06.06.2026", "04.06.2026", "06.06.2026", ""),
        ("Erstellt: 04.06.2026 | Aktualisiert: 06.06.2026", "04.06.2026", "06.06.2026", ""),
        ("4. Juni 2026 (geändert am 6. Juni 2026)", "4. Juni 2026", "6. Juni 2026", ""),
        ("Geändert: 06.06.2026, veröffentlicht: 04.06.2026", "04.06.2026", "06.06.2026", ""),
        ("von amt3 — veröffentlicht 04.06.2026 09:15", "04.06.2026 09:15", None, ""),
        ("04.06.2026 - Kreisverwaltung", "04.06.2026", None, ""),
        ("Redaktion | 04.06.2026", "04.06.2026", None, ""),
        ("Rubrik: Wald | 04.06.2026", "04.06.2026", None, "Wald"),
        ("04.06.2026 | Wald: Neue Eichen", "04.06.2026", None, "Wald: Neue Eichen"),
        ("Meldung Nr. 7 vom 4. Juni 2026", "4. Juni 2026", None, ""),
        ("Presseinformation 7 – 4. Juni 2026, 9 Uhr 15", "4. Juni 2026, 9 Uhr 15", None, ""),
        ("Von Pressestelle | 4. Juni 2026 | 09:15 Uhr | Lesezeit ca. 2 Minuten", "4. Juni 2026 | 09:15 Uhr", None, ""),
        ("Presse-Info Nr. 7-2026 vom 4.6.2026", "4.6.2026", None, ""),
        ("Ausgabe Nr. 7 · Donnerstag, den 04.06.2026", "Donnerstag, den 04.06.2026", None, ""),
        ("Publié le 4 juin 2026 à 9h15 - Mis à jour le 6 juin 2026", "4 juin 2026 à 9h15", "6 juin 2026", ""),
        ("Comunicato stampa n. 7 – 4 giugno 2026, ore 9:15", "4 giugno 2026, ore 9:15", None, ""),
        ("Published 4 June 2026, 9:15 am", "4 June 2026, 9:15 am", None, ""),
    ],
)
def test_the_first_date_is_that_of_publication_unless_its_label_says_otherwise(
    line: str, published: str | None, changed: str | None, rest: str
) -> None:
    stated = kind.meta(line)
    assert stated is not None
    assert (stated.date, stated.updated, stated.rest) == (published, changed, rest)


@pytest.mark.parametrize(
    "line",
    [
        "Wahl am 4. Juni 2026 – ein Aufruf",
        "Programm für den 4. Juni 2026",
        "Mehr Wohngeld ab 1. Januar 2027",
        "04.06.2026 - 06.06.2026",  # a span of days is an event's
        "Termin: 04.06.2026, 10 Uhr",
        "Ort: Rathaus am Markt",
        "Der Vertrag vom 4. Juni 2026 gilt weiter.",
    ],
)
def test_words_that_lead_to_a_date_are_no_label(line: str) -> None:
    assert kind.meta(line) is None
    assert datelines.read("Wahl am 4. Juni 2026 – ein Aufruf") is None or kind.meta(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "PM 7/2026",
        "PM-Nr. 7/2026",
        "Medieninformation 7/26",
        "Nr. 045/26",
        "Nr. 7",
        "007/2026",
        "Presseinformation Nr. 7",
        "Pressemitteilung 7 / 2026",
        "Medieninfo 7/26",
        "Pressedienst 7/2026",
        "Ausgabe 7/26",
    ],
)
def test_a_number_is_no_text(line: str) -> None:
    assert kind.number(line)
    assert (kind.meta(line) or kind.Meta(rest="?")).rest == ""


@pytest.mark.parametrize(
    "line", ["7 von 12 Kitas", "Nummer eins im Land", "Naturschutz", "24 Stunden", "Meldung des Tages", "2026"]
)
def test_what_counts_something_is_no_number(line: str) -> None:
    assert not kind.number(line)


CLOSING = """
    Schlagworte: Moor, Wasser|Abgelegt unter: Umwelt|Themen: Umwelt|Beitrag versenden|Artikel weiterempfehlen
    Teilen|Diese Meldung drucken|Als PDF speichern|Meldung als PDF|RSS-Feed abonnieren|Newsletter bestellen
    Zurück zur Übersicht|« Zurück|Alle Pressemitteilungen anzeigen|Link kopieren|Nach oben|Zum Seitenanfang
    Seite 1 von 3|Bookmark|Tweet|Letzte Änderung: 12.03.2026|Zuletzt aktualisiert am 12.03.2026, 10:03 Uhr
    Stand der Information: 12.03.2026|Diese Seite wurde zuletzt am 12.03.2026 geändert.
    War dieser Artikel hilfreich?|Bewerten Sie diesen Beitrag: 1 2 3 4 5|Kommentare (0)
    Es sind noch keine Kommentare vorhanden.|Neuen Kommentar schreiben|Ihre E-Mail-Adresse wird nicht gezeigt.
    Herausgeber: Staatskanzlei|Redaktion: Pressestelle|Seitenaufrufe: 218|Permalink: https://www.talland.example/4
    Vorherige Meldung: Messe öffnet|Nächster Artikel »|Folgen Sie uns auf Mastodon.|Share this article|Print
    Back to overview|* * *|###|© Staatskanzlei 2026|Dieser Artikel wurde 218 mal gelesen.|Veröffentlicht in Allgemein
    Pressemitteilung als PDF herunterladen (112 KB)|Erschienen am 12.03.2026 in der Rubrik Presse|Imprimer Partager
    Das könnte Ihnen auch gefallen|Sie haben einen Fehler gefunden? Schreiben Sie uns.|Torna indietro
    Diese Meldung finden Sie auch unter www.talland.example/presse.
"""
KEPT = """
    Der Eintritt ist frei.|Weitere Informationen: www.talland.example|Termin: Samstag, 14. März, 11 Uhr|Ort: Rathaus
    Quelle: Statistisches Landesamt|Hinweis für die Redaktionen|Nächste Woche beginnt der Umbau|Anmeldung bis 3. Mai
    Zum Förderprogramm|Mit freundlichen Grüßen|Bürgerbüro, Marktplatz 1, 12345 Talstadt|«Kultur für alle»|Az. 3 K 12/26
    Zurück in den Beruf: ein Wegweiser|Kommentar der Ministerin|Fotos stehen im Internet bereit|Teil eins|Die Presse ist
    Konzert im Dock|Retour in die Heimat|Veröffentlicht wird der Bericht im Mai|Erschienen sind 14 Gemeinden
"""


def _lines(table: str) -> list[str]:
    return [line.strip() for row in table.strip().splitlines() for line in row.split("|")]


@pytest.mark.parametrize("line", _lines(CLOSING))
def test_what_a_page_says_of_itself_closes_a_text(line: str) -> None:
    assert closings.closing(line)


@pytest.mark.parametrize("line", _lines(KEPT))
def test_what_a_release_says_at_its_end_stays(line: str) -> None:
    assert not closings.closing(line)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Rückfragen beantwortet Ida Holm, Telefon 0555 12-34, E-Mail holm@talland.example.", "Ida Holm"),
        ("Für Rückfragen steht Ihnen Dr. Jost Ahrens unter Telefon 0555 12-34 zur Verfügung.", "Dr. Jost Ahrens"),
        ("Bei Fragen wenden Sie sich bitte an Frau Ida Holm (Tel. 0555 12-34).", "Ida Holm"),
        ("Ansprechpartnerin für die Presse ist Ida Holm, holm@talland.example.", "Ida Holm"),
        ("Weitere Auskünfte erteilt das Forstamt unter Telefon 0555 12-34.", "Forstamt"),
        ("Weitere Informationen gibt es unter www.talland.example oder Telefon 0555 12-34.", None),
        ("V. i. S. d. P.: Ida Holm, Am Markt 1, 12345 Talstadt Fon 0555 12-34 | Mail holm@talland.example", "Ida Holm"),
        ("Verantwortlich: Ida Holm, Telefon 0555 12-34", "Ida Holm"),
        ("Pressesprecherin: Ida Holm · 0555 12-34 · holm@talland.example", "Ida Holm"),
        ("Herausgeberin: Staatskanzlei, Am Markt 1, 12345 Talstadt, Tel. 0555 12-34", "Staatskanzlei"),
        ("Verantwortlich für die Planung ist Ida Holm, Telefon 0555 12-34.", None),
        ("Fragen und Antworten gibt es am 12. März im Rathaus, Zimmer 12.", None),
        ("Kontakt hält das Land auch zu Firmen im Ausland.", None),
    ],
)
def test_a_contact_in_a_sentence(line: str, name: str | None) -> None:
    said = contact.sentence(line)
    assert (said.name if said else None) == name


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("Tel.0555 12-34", "0555 12-34"),
        ("0555/1234", "0555/1234"),
        ("Telefon +49 (0)555 12-34", "+49 (0)555 12-34"),
        ("04.03.2026 09:30", None),
        ("Nummer 045/2026", None),
        ("045/26", None),
    ],
)
def test_neither_a_date_nor_a_number_of_a_release_is_a_telephone(line: str, phone: str | None) -> None:
    assert contact.phone(line) == phone
