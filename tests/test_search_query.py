"""What is typed into a search field, and what is searched for by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import SearchRefused
from syndicate.search import LONGEST, MOST_TERMS, Query, Term, read

# Typed; terms that are wanted, * where the last word may go on; - before those that are not.
TABLE = [
    ("klinik", "klinik*"),
    ("  neue \u00a0Klinik ", "neue* klinik*"),
    ("in Ulm", "in ulm*"),
    ("öl", "oel*"),  # is oel
    ("2026 12", "2026* 12"),
    ('"neue Klinik"', "neue+klinik"),
    ("“neue Klinik” „im Amt‟", "neue+klinik im+amt"),
    ("Baden-Württemberg", "baden+wuerttemberg*"),
    ("E-Mail a.b", "e+mail* a+b"),
    ("Wald -Brand", "wald* -brand*"),
    ('Wald -"im Brand"', "wald* -im+brand"),
    ("Wald --Brand", "wald* -brand*"),
    ("Wald - Brand", "wald* brand*"),
    ("Wald-Brand", "wald+brand*"),
    ("wald Wald WALD", "wald*"),
    ('"', None),
    ('Wald "Brand', "wald* brand*"),
    ('Wald"im Brand"', "wald* im+brand"),
    ('"" Wald ""', "wald*"),
    ("Wald OR Brand", "wald* or brand*"),
    ("Wald AND (Brand NOT NEAR)", "wald* and* brand* not* near*"),
    ("title:Wald ^Brand Wa*", "title+wald* brand* wa"),
    ('Wald"*', "wald*"),
    ("{said}: x + y", "said* x y"),
    ("'; DROP TABLE release; --", "drop* table* release*"),
    ("\x00Wald\ud800", "wald*"),
    ("<b>Wald</b>", "b+wald+b"),
    ("東京都", "東京都*"),
]
REFUSED = [
    ("", "nothing"),
    ("  ", "nothing"),
    ("–", "nothing"),
    ("- & \x00", "nothing"),
    ("-Wald", "excluded"),
    ('-"im Wald" -x', "excluded"),
    ("x" * (LONGEST + 1), "long"),
    (" ".join(f"w{n}" for n in range(MOST_TERMS + 1)), "many"),
    (" ".join(["w", *(f"-w{n}" for n in range(MOST_TERMS))]), "many"),
]


def shown(query: Query) -> str:
    def each(term: Term) -> str:
        return "+".join(term.tokens) + "*" * term.beginning

    return " ".join((*map(each, query.wanted), *(f"-{each(term)}" for term in query.unwanted)))


@pytest.mark.parametrize(("typed", "terms"), TABLE)
def test_terms(typed: str, terms: str | None) -> None:
    if terms is None:
        with pytest.raises(SearchRefused):
            read(typed)
    else:
        assert shown(read(typed)) == terms


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_what_is_refused_says_why(typed: str, why: str) -> None:
    with pytest.raises(SearchRefused) as refused:
        read(typed)
    assert refused.value.why == why


def test_as_long_and_as_many_as_may_be() -> None:
    assert read("x" * LONGEST).wanted == (Term(("x" * 64,), beginning=True),)
    assert len(read(" ".join(f"w{n}" for n in range(MOST_TERMS))).wanted) == MOST_TERMS
    assert read(" " * 300 + "x" * LONGEST).text == "x" * LONGEST


@given(st.text() | st.text(alphabet="ab-\" *(){}:^+,.ä'\x00", max_size=60))
def test_no_text_does_more_than_be_refused(typed: str) -> None:
    try:
        query = read(typed)
    except SearchRefused:
        return
    assert query.wanted
    assert all(token.isalnum() for term in (*query.wanted, *query.unwanted) for token in term.tokens)
    assert read(query.text) == query
