"""An excerpt that its text repeats, whatever a content system adds to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.notices import excerpt
from syndicate.text import fold
from waiting import frugal

TEXT = "Der Kreis baut die Brücke bei Hohenried neu. Im Mai beginnt der Abriss, im Herbst der Bau. Die Straße bleibt."
OPENING = "Der Kreis baut die Brücke bei Hohenried neu. Im Mai beginnt"


@pytest.mark.parametrize(
    "teaser",
    [
        TEXT,
        OPENING,
        f"{OPENING} der Ab…",
        f"{OPENING} […]",
        f"{OPENING} [...]",
        f"{OPENING} (…) mehr",
        f"{OPENING}... Weiterlesen",
        f"{OPENING} … Continue reading Eine Brücke →",
        f"{OPENING} Read More Here »",
        f"{OPENING} [mehr]",
        f"{OPENING} … Den ganzen Artikel lesen",
        f"{OPENING}… Lire la suite",
        f"{OPENING} der Abriss. The post Eine Brücke first appeared on Kreis Hohenried.",
        f"{OPENING}... The post Eine Brücke appeared first on Kreis Hohenried.",
        f"{OPENING} … Weiterlesen Der Beitrag Eine Brücke erschien zuerst auf Kreis Hohenried.",
        f"{OPENING} L’article Un pont est apparu en premier sur Kreis.",
        f"{OPENING} La entrada Un puente se publicó primero en Kreis.",
        f"{OPENING} L'articolo Un ponte proviene da Kreis.",
        "DER KREIS baut die Brücke bei Hohenried neu",
        "",
        "…",
    ],
)
def test_what_the_text_repeats(teaser: str) -> None:
    assert excerpt.repeats(teaser, TEXT)


@pytest.mark.parametrize(
    ("before", "bare"),
    [
        ("Vorspann\n", ""),
        ("Von Ada Lenz, 4. Mai 2026\n", ""),
        ("Foto: Brücke (Bild: Lenz)\n", TEXT),
        ("Hohenried. – ", ""),
    ],
)
def test_what_stands_before_the_first_paragraph_hides_nothing(before: str, bare: str) -> None:
    assert excerpt.repeats(f"{OPENING} […]", before + TEXT, bare)


@pytest.mark.parametrize(
    "teaser",
    [
        "Der Kreis baut eine andere Brücke.",
        f"{OPENING} der Bau.",
        f"{OPENING} mehr Verkehr.",
        "mehr",
        "Weiterlesen",
        "Die Straße",
        "☀",
        f"{TEXT} Mehr sagt der Landrat.",
    ],
)
def test_what_the_text_does_not_say(teaser: str) -> None:
    assert not excerpt.repeats(teaser, TEXT)


def test_short_words_in_the_text_are_no_opening() -> None:
    assert not excerpt.repeats("Im Mai", TEXT)
    assert excerpt.repeats("Im Mai", f"Termin\n{TEXT}", "Im Mai geht es los.")


@pytest.mark.parametrize("said", ["mehr " * 50_000, "the post " * 20_000, "weiterlesen " * 20_000])
def test_time_is_linear(said: str) -> None:
    with frugal(10):  # a second or two
        assert not excerpt.repeats(said, "Text")


@pytest.mark.parametrize("said", ["", "…", "[...]", "Weiterlesen", "Continue reading »", "mehr …", "(mehr)"])
def test_a_mark_alone_says_nothing(said: str) -> None:
    assert not excerpt.says(said)
    assert excerpt.says(f"{OPENING} {said}")


@pytest.mark.parametrize("said", ["Neu.", "5 €", "★", "漢字", "Mehr Licht"])
def test_a_word_says_something(said: str) -> None:
    assert excerpt.says(said)


@given(st.text(st.characters(exclude_categories=[])))
def test_letters_are_what_is_alphanumeric_of_the_folded_text(text: str) -> None:
    assert excerpt.letters(text) == "".join(filter(str.isalnum, fold(text)))
