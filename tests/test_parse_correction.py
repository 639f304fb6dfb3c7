"""Which titles and first paragraphs say that an earlier release was wrong, and what they say of it."""

import pytest

from syndicate.parse import correction


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Berichtigung: Neue Klinik in Talheim", "Neue Klinik in Talheim"),
        ("Korrektur: Neue Klinik", "Neue Klinik"),
        ("KORREKTUR – Neue Klinik", "Neue Klinik"),
        ("Korrektur - Neue Klinik", "Neue Klinik"),
        ("[Korrektur] Neue Klinik", "Neue Klinik"),
        ("+++ Korrektur +++ Neue Klinik", "Neue Klinik"),
        ("2. Korrektur: Neue Klinik", "Neue Klinik"),
        ("Richtigstellung zu „Neue Klinik“", "„Neue Klinik“"),
        ("Richtigstellung zu den Zahlen der Klinik", "Zahlen der Klinik"),
        ("Korrigierte Fassung: Neue Klinik", "Neue Klinik"),
        ("Korrigierte Fassung vom 12. Mai 2026: Neue Klinik", "Neue Klinik"),
        ("Update: Neue Klinik", "Neue Klinik"),
        ("Correction: New clinic", "New clinic"),
        ("Correction to press release 7/2026", "press release 7/2026"),
        ("Korrektur zur Pressemitteilung Nr. 7: Neue Klinik", "Pressemitteilung Nr. 7: Neue Klinik"),
        ("Korrektur unserer Meldung vom 12. Mai", "Meldung vom 12. Mai"),
        ("Korrigierte Fassung", "Korrigierte Fassung"),
        ("Berichtigung", "Berichtigung"),
        ("Neue Klinik (Korrektur)", "Neue Klinik"),
        ("Neue Klinik – korrigierte Fassung", "Neue Klinik"),
        ("Neue Klinik (Update der Zahlen)", None),
        ("Zumeldung: Land baut Klinik", None),
        ("Korrektur der Finanzplanung beschlossen", None),
        ("Korrektur der „Schuldenbremse“ gefordert", None),
        ("Korrektur-Vorschläge liegen vor", None),
        ("Berichtigungen im Grundbuch: So geht es", None),
        ("Richtigstellung zu Medienberichten über die Klinik", None),
        ("Richtigstellung: Bericht der Zeitung ist falsch", None),
        ("Update für die Verwaltung", None),
        ("Update 2026: Land erneuert Rechner", None),
        ("Neue Klinik in Talheim", None),
        ("", None),
        (None, None),
    ],
)
def test_a_title(title: str | None, said: str | None) -> None:
    assert correction.corrects(title, None, None) == said


@pytest.mark.parametrize(
    ("title", "paragraph", "said"),
    [
        ("Neue Klinik", "Diese Meldung berichtigt die Meldung <a href='/7.html'>Alte Klinik</a>.",
         "https://talland.example/7.html"),
        ("Neue Klinik", "Wir korrigieren damit unsere <a href='https://b.example/7'>Pressemitteilung vom 12. Mai</a>.",
         "https://b.example/7"),
        ("Korrektur: Neue Klinik", "In der <a href='https://b.example/7'>Pressemitteilung Nr. 7</a> war ein Fehler.",
         "https://b.example/7"),
        ("Korrektur: Neue Klinik", "In der Pressemitteilung Nr. 7 war die Zahl falsch.", "Neue Klinik"),
        ("Korrektur: Neue Klinik", "Mehr über <a href='https://b.example/7'>die Klinik</a>.", "Neue Klinik"),
        ("Korrektur: Neue Klinik", "Die <a href='javascript:x'>Meldung</a> war falsch.", "Neue Klinik"),
        ("Korrektur: Neue Klinik", "Die <a href='/8.html'>Meldung</a> war falsch.", "Neue Klinik"),
        ("Korrektur", "Die Meldung vom 12. Mai ist falsch.", "Die Meldung vom 12. Mai ist falsch."),
        ("Korrektur", "Die Klinik hat 12 Betten.", "Korrektur"),
        ("Neue Klinik", "Korrektur: Die Klinik hat <b>12</b> Betten.", "Die Klinik hat 12 Betten."),
        ("Neue Klinik", "Diese Fassung ersetzt die Pressemitteilung Nr. 7.",
         "Diese Fassung ersetzt die Pressemitteilung Nr. 7."),
        ("Neue Klinik", "Korrektur: In einer früheren Fassung dieser Meldung fehlte ein Wort.", None),
        ("Neue Klinik", "Die neue Brücke ersetzt die <a href='https://b.example/7'>alte</a>.", None),
        ("Neue Klinik", "Die Klinik ersetzt das alte Haus, teilt das Amt mit.", None),
        ("Neue Klinik", "Update: Die Klinik öffnet heute.", None),
        ("Neue Klinik", "In der <a href='https://b.example/7'>Pressemitteilung vom 12. Mai</a> steht mehr.", None),
    ],
)  # fmt: skip
def test_a_first_paragraph(title: str, paragraph: str, said: str | None) -> None:
    assert correction.corrects(title, None, paragraph, "https://talland.example/8.html") == said


def test_the_first_two_paragraphs_with_words_and_the_last_are_asked() -> None:
    said = "<p>Korrektur: <b>12</b> Betten.</p>"
    other = "<p>Die Klinik öffnet.</p>\n"
    places = (
        f"<p><img src='1.jpg'></p>{said}{other}",
        other + said + other,
        other * 900 + said,
        "Korrektur: 12 Betten.",
    )
    assert [correction.corrects("Neue Klinik", None, content) for content in places] == ["12 Betten."] * 4
    assert correction.corrects("Neue Klinik", None, other * 3 + said + other * 3) is None
    assert correction.corrects("Neue Klinik", None, "<p></p>") is None


def test_a_teaser_may_be_the_notice() -> None:
    assert correction.corrects("Neue Klinik", "Korrektur: 3 < 4.", "<p>Die Klinik öffnet.</p>") == "3 < 4."
    assert correction.corrects("Neue Klinik", "Die Klinik öffnet.", "<p>Korrektur: 12 Betten.</p>") == "12 Betten."
    assert correction.corrects("Neue Klinik", None, None) is None


@pytest.mark.parametrize(
    "text", ["Korrektur " * 5000, "(" * 9000, "<a href=" * 3000, "Korrektur: " + "<p" * 9000, "diese korrigiert " * 900]
)
def test_no_text_takes_long(text: str) -> None:
    assert len(correction.corrects(text, text, text) or "") <= 300
