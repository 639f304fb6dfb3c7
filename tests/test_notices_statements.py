"""Law 44: a statement means the same in every format and place."""

from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest

from statements import FORMATS, PLACES, applies, held
from syndicate.model import Contact, Release
from syndicate.notices import contact

DATA = Path(__file__).parent / "data" / "notices"
_EACH = 5  # no divisor of the formats' or the places' number, so that over the statements each pair is met


def rows(path: Path) -> list[tuple[str, str]]:
    """(statement, meaning); meaning is the end in ISO 8601, `hold` or `none`."""
    lines = path.read_text("utf-8").splitlines()
    return [(said, means) for line in lines if line and line[0] != "#" for said, means in [line.split("\t")]]


def meaning(release: Release, end: str) -> str:
    """As the table writes it; `end` is what is expected, for its zone."""
    if release.embargo is None:
        return "none"
    until = release.embargo.until
    if until is None:
        return "hold"
    return end if end[:1].isdigit() and until == datetime.fromisoformat(end) else until.isoformat()


def wrong(statement: str, right: str, *, large: bool) -> list[str]:
    """Where a statement is read otherwise: of all formats and places, or at the small size of each fifth pair."""
    places = [*PLACES, "field"] if right != "none" else [*PLACES]
    found = []
    pairs = list(product(FORMATS, places))
    for form, place in pairs if large else pairs[len(statement) % _EACH :: _EACH]:
        if not applies(statement, place) or (place == "field" and form in ("text", "html")):
            continue
        try:
            got = meaning(held(statement, form, place), right)
        except Exception as error:  # told with its place
            got = repr(error)
        if got != right:
            found.append(f"{form}, {place}: {got}")
    return found


@pytest.mark.parametrize(("statement", "right"), rows(DATA / "embargoes.tsv"))
def test_a_statement_means_the_same_everywhere(statement: str, right: str, large: bool) -> None:
    assert wrong(statement, right, large=large) == []


def test_statements_of_the_world_mean_the_same_everywhere(shared: Path, large: bool) -> None:
    said = rows(shared / "cases" / "statements.tsv")
    assert {text: where for text, right in said if (where := wrong(text, right, large=large))} == {}


@pytest.mark.parametrize(("statement", "right"), rows(DATA / "corrections.tsv"))
def test_a_correction_is_one_everywhere(statement: str, right: str) -> None:
    places = ("first", "last", "above", "title before", "title behind")
    found = {
        (form, place): held(statement, form, place).corrects
        for form, place in product(FORMATS, places)
        # What is a sentence is no part of a title.
        if not (
            place.startswith("title") and (statement.endswith(".") or (place == "title behind" and ":" in statement))
        )
    }
    expected = {where: right == "yes" or (right == "title" and "title" in where[1]) for where in found}
    assert {where: said for where, said in found.items() if (said is not None) is not expected[where]} == {}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("statement", "right"), rows(DATA / "withdrawals.tsv"))
def test_a_notice_of_withdrawal_counts_where_nothing_else_is_said(statement: str, right: str, form: str) -> None:
    if form not in ("text", "html"):  # a page without a text is refused
        assert (held(statement, form, "alone").withdrawn is not None) is (right == "yes")
    assert [place for place in PLACES if applies(statement, place) and held(statement, form, place).withdrawn] == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("statement", "right"), rows(DATA / "kinds.tsv"))
def test_a_kind_is_told_everywhere(statement: str, right: str, form: str) -> None:
    release = held(statement, form, "above" if form == "text" else "first")
    assert (release.kind or "none") == right
    assert (statement in f"{release.kicker} {release.title} {release.content}") is (right == "none")


CONTACT = Contact("Anna Muster", "presse@talland.example", "0711 123-456")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("lines", "right"),
    [
        (("Pressekontakt:", "Anna Muster", "Telefon: 0711 123-456", "E-Mail: presse@talland.example"), CONTACT),
        (("Pressekontakt: Anna Muster, Tel. 0711 123-456, presse@talland.example",), CONTACT),
        (("Kontakt für die Presse", "Anna Muster", "0711 123-456", "presse@talland.example"), CONTACT),
        (("Medienkontakt:", "Anna Muster", "presse(at)talland.example", "Tel.: 0711 123-456"), CONTACT),
        (("Rückfragehinweis:", "Anna Muster", "presse@talland.example", "Tel.: 0711 123-456"), CONTACT),
        (("Der Pressekontakt ist wichtig, sagte Anna Muster.",), None),
    ],
)
def test_a_press_contact_is_told_everywhere(lines: tuple[str, ...], right: Contact | None, form: str) -> None:
    release = held("\n".join(lines), form, "last")
    assert release.contact == right
    assert ("Anna Muster" in release.content) is (right is None)


@pytest.mark.parametrize("form", ["html", "rss", "atom", "json", "ninjs", "markdown"])
def test_a_link_to_write_or_to_call_says_where_to(form: str) -> None:
    markup = (
        "<div><p>Pressekontakt:</p><p>Anna Muster</p><p><a href='mailto:presse@talland.example?subject=x'>E-Mail "
        "schreiben</a></p><p><a href='tel:+49711123456'>Anrufen</a></p></div>"
    )
    assert held(markup, form, "markup").contact == replace(CONTACT, phone="+49711123456")


@pytest.mark.parametrize(
    "line",
    [
        "Pressekontakt:", "Medien-Anfragen", "Presserückfragen", "Presse-Ansprechpartnerin", "Kontakt für Medien",
        "Ansprechpartner/in für Medien", "Auskünfte für Journalisten", "Auskunft an die Redaktionen", "Media contacts",
        "Contact for the press", "Kontakt", "Rückfragehinweis", "RÜCKFRAGEN AN", "Pressestelle", "Herausgeberin",
        "Für weitere Auskünfte steht Ihnen zur Verfügung", "Bei Fragen", "Weitere Auskünfte erteilt",
    ],
)  # fmt: skip
def test_what_opens_a_contact_is_hinted_at(line: str) -> None:
    assert contact.opens(line) or contact.may_open(line)
    assert contact.hints(line)


@pytest.mark.parametrize("opener", ["<b>Presse</b>kontakt", "Presse&#107;ontakt", "Presse&shy;kon\u00adtakt"])
def test_an_opener_is_found_through_markup(opener: str) -> None:
    text = f"<p>Das Land baut.</p><p>{opener}:</p><p>Anna Muster</p><p>presse@talland.example</p>"
    found = held(text, "rss", "markup").contact
    assert found is not None
    assert found.email == "presse@talland.example"
