"""Which entries of a document have to be read: input beside expectation."""

import pytest

from syndicate.model import Key, Piece
from syndicate.reading import Difference, name, signature

A, B, C = Piece("a", ("id1",), "sa r"), Piece("b", ("id2",), "sb r"), Piece("c", ("id3",), "sc r")
TWIN = Piece("d", ("id1", "url1"), "sd r")  # shares its id with A
BOTH = (Piece("e", ("id5",), "e+f r"), Piece("f", ("id6",), "e+f r"))  # one release tells both
LINK = Piece("g", ("id1", "id2"), "sg r")  # by way of which A and B are in one group
GONE = Piece("t", ("id1",), gone=Key("id", "amt", "1"))  # takes A back
NOTED, UNUSABLE = Piece("n", ("id8",)), Piece(None)


@pytest.mark.parametrize(
    ("last", "today", "read"),
    [
        ((A, B), ["a", "b"], []),
        ((A, B), ["b", "a"], []),
        ((A, B), ["x", "a", "b"], ["x"]),
        ((A, B), ["x", "b"], ["x"]),
        ((A, B), ["a"], []),
        ((A, B), [], []),
        ((), ["a"], ["a"]),
        ((A, B), ["a", "a", "b"], ["a", "a"]),
        ((A, A, B), ["a", "b"], ["a"]),
        ((A, TWIN, B), ["a", "d", "b"], []),
        ((A, TWIN, B), ["d", "a", "b"], ["d", "a"]),
        ((A, TWIN, B), ["a", "b"], ["a"]),
        ((A, TWIN, B), ["a", "x", "b"], ["a", "x"]),
        ((*BOTH, A), ["e", "a"], ["e"]),
        ((*BOTH, A), ["e", "f", "a"], []),
        ((A, B, LINK, C), ["a", "b", "g", "c"], []),
        ((A, B, LINK, C), ["a", "b", "c"], ["a", "b"]),
        ((A, NOTED), ["a", "n"], ["n"]),
        ((GONE, B), ["t", "b"], []),
        ((GONE, GONE, B), ["t", "t", "b"], ["t", "t"]),
        ((A, B, GONE), ["a", "b", "t"], ["a", "t"]),
        ((A, UNUSABLE), ["a", None], [None]),
        ((A, B), ["a", None], [None]),
    ],
)
def test_what_is_read(last: tuple[Piece, ...], today: list[str | None], read: list[str | None]) -> None:
    difference = Difference(last, today, {piece for piece in last if piece.told or piece.gone})
    assert [today[place] for place in sorted(difference.chosen)] == read
    assert difference.passed == len(today) - len(read)


def test_what_no_longer_stands_as_it_was_recorded_is_read() -> None:
    assert Difference((A, B), ["a", "b"], {A}).chosen == {1}


@pytest.mark.parametrize(
    ("last", "today", "read"),
    [
        ((A, B), ["a", "b"], []),
        ((A, TWIN, B), ["a", "d", "b"], ["a", "d"]),
        ((A, A, B), ["a", "a", "b"], []),
    ],
)
def test_what_is_read_where_entries_that_share_something_do_not_rest(
    last: tuple[Piece, ...], today: list[str | None], read: list[str | None]
) -> None:
    difference = Difference(last, today, {*last}, alone=True)
    assert [today[place] for place in sorted(difference.chosen)] == read


@pytest.mark.parametrize(
    ("last", "today", "lost"),
    [((A, NOTED), ["a"], True), ((A, UNUSABLE), ["a"], True), ((A, B), ["a"], False), ((A, NOTED), ["a", "n"], False)],
)
def test_what_was_told_of_an_entry_that_has_gone_is_told_no_more(
    last: tuple[Piece, ...], today: list[str | None], lost: bool
) -> None:
    assert Difference(last, today, {A, B}).lost == lost


@pytest.mark.parametrize(
    ("keys", "read"),
    [({"id3"}, [2]), ({"sc r"}, [2]), ({"id1"}, [0, 1]), ({"url1"}, [0, 1]), ({"id9", "sx r"}, []), (set(), [])],
)
def test_what_goes_by_a_name_is_read_with_its_group(keys: set[str], read: list[int]) -> None:
    difference = Difference((A, TWIN, C), ["a", "d", "c"], {A, TWIN, C})
    assert difference.take(keys) == bool(read)
    assert sorted(difference.chosen) == read


def test_names_and_signatures() -> None:
    assert name(Key("id", "amt", "1")) == name(Key("id", "~amt", "1")) != name(Key("url", "", "1"))
    assert signature("a", "r") == "a r"
    assert signature(None, "r") is signature("a", None) is None
