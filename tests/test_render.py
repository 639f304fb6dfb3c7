"""FORMATS and render: which documents a page becomes, and whom an error names."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from builders import make_headline, make_page, make_release, make_tombstone, rich_release
from syndicate.errors import RenderError
from syndicate.formats import FORMATS
from syndicate.render import render

EVERY = tuple(FORMATS)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (
            None,
            [
                ("gesundheit.atom", "application/atom+xml"),
                ("gesundheit.rss", "application/rss+xml"),
                ("gesundheit.json", "application/feed+json"),
                ("gesundheit.ninjs.json", "application/json"),
            ],
        ),
        (2, [("gesundheit/2.atom", "application/atom+xml"), ("gesundheit/2.json", "application/feed+json")]),
    ],
)
def test_documents_of_a_page(number: int | None, expected: list[tuple[str, str]]) -> None:
    documents = render(make_page(make_release(), number=number), EVERY)
    assert [(document.path, document.media_type) for document in documents] == expected


@pytest.mark.parametrize("name", EVERY)
def test_same_page_same_bytes(name: str) -> None:
    """A clock, a set's order or a first use's state would show."""

    def body() -> bytes:
        page = make_page(rich_release(), make_headline(), tombstones=(make_tombstone(),), older=1)
        return render(page, [name])[0].body

    assert all(one == other for one, other in pairwise(body() for _ in range(3)))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("wrong", [{"title": "ab\ud800"}, {"content": "<p>\udfff</p>"}])
def test_an_error_names_the_release(name: str, wrong: dict[str, str]) -> None:
    page = make_page(make_release("good00000001"), make_release("poison000001", **wrong), make_release("good00000002"))
    with pytest.raises(RenderError, match=rf"gesundheit\.{FORMATS[name].suffix}: release poison000001: "):
        render(page, [name])


def test_an_error_of_the_page_names_no_release() -> None:
    naive = datetime(2026, 3, 14, 9, 30)  # noqa: DTZ001 - what the test is about
    with pytest.raises(RenderError, match=r"gesundheit\.atom: (?!release)"):
        render(replace(make_page(make_release()), updated=naive), ["atom"])


def test_entries_keep_their_order() -> None:
    ids = [f"talland0000{n}" for n in (3, 1, 2)]
    page = make_page(*(make_release(id_) for id_ in ids))
    for document in render(page, EVERY):
        places = [document.body.index(id_.encode()) for id_ in ids]
        assert places == sorted(places), document.path
