"""A release comes first: short notices whose titles sound like another page are read, the other pages are refused."""

import pytest

from syndicate.errors import ParseError, UnexpectedPage
from syndicate.parse import looks_like, parse
from unexpected_pages import OTHERS, PROSE, notice, titles

DATE = '<p class="date">11.03.2026</p>'


@pytest.mark.parametrize("title", titles())
def test_a_short_notice_is_a_release_whatever_its_title_says(title: str) -> None:
    for prose in PROSE:
        for date, chrome in ((DATE, True), (DATE, False), ("", True)):
            (item,) = parse(notice(title, prose, date=date, chrome=chrome).encode(), format="html")
            assert (item.title, item.headline) == (title, False)


@pytest.mark.parametrize("title", titles()[::5])
def test_a_headline_in_the_head_of_its_article_is_one(title: str) -> None:
    page = notice(title, PROSE[0]).replace("<h1>", "<article><header><h1>").replace("</h1>", "</h1></header>")
    (item,) = parse(page.replace("</main>", "</article></main>").encode(), format="html")
    assert (item.title, item.headline) == (title, False)


@pytest.mark.parametrize(("told", "page"), OTHERS.values(), ids=OTHERS)
def test_another_page_is_refused_by_what_it_is(told: str, page: str) -> None:
    assert looks_like(page) == told
    with pytest.raises(UnexpectedPage):
        parse(page.encode(), format="html")


@pytest.mark.parametrize("page", [page for _, page in OTHERS.values()], ids=OTHERS)
def test_another_page_is_none_that_a_feed_has_named(page: str) -> None:
    """Also where it comes in the place of a release of which the headline is known."""
    with pytest.raises(ParseError):
        parse(page.encode(), format="html", headline="Neue Eichen für den Bergwald")


def test_a_headline_that_is_known_needs_less_of_a_text() -> None:
    page = notice(
        "Wartungsarbeiten an der Schleuse", "Sie ruht bis zum Freitag.\nUnsere Website ist heute nicht erreichbar."
    )
    with pytest.raises(UnexpectedPage):
        parse(page.encode(), format="html")
    assert looks_like(page) == "maintenance page"
    (item,) = parse(page.encode(), format="html", headline="Wartungsarbeiten an der Schleuse")
    assert item.title == "Wartungsarbeiten an der Schleuse"
