"""Tombstones in Atom (RFC 6721): what a document takes back, and that one which is not whole takes back nothing."""

import pytest

from builders import reader
from syndicate.errors import ParseError
from syndicate.model import Item

read = reader("feed")

ATOM = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
ENTRY = "<entry><id>{0}</id><title>T</title>{1}</entry>"
GONE = '<at:deleted-entry ref="{0}" when="{1}"/>'


def said(inner: str, head: str = f"<feed {ATOM}>", tail: str = "</feed>") -> list[tuple[str | None, bool]]:
    return [(item.id, item.withdrawn) for item in read(f"{head}{inner}{tail}")]


def test_a_tombstone_says_no_more_than_that_something_is_gone() -> None:
    one = '<at:deleted-entry ref="x" when="gestern"><at:comment>Aus\nVersehen</at:comment></at:deleted-entry>'
    (item,) = read(f"<feed {ATOM}>{one}</feed>")
    assert item == Item(id="x", published="gestern", withdrawn=True, reason="Aus Versehen", origin=item.origin)
    (item,) = read(f"<feed {ATOM}>{one.replace('Aus', 'x' * 10_000)}</feed>")
    assert len(item.reason or "") == 500


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (f"<feed {ATOM}>", ""),
        (f"<feed {ATOM}>", "<entry><id>9</id>"),
        (f"<feed {ATOM}>", "</feed"),
        (f"<feed {ATOM}>", "</feed><p>"),
        (f"<feed {ATOM}><title>A & B</title>", "</feed>"),
        (f"<feed {ATOM}><title>A&nbsp;B</title>", "</feed>"),
        (f"<feed {ATOM}><title>A<b></title>", "</feed>"),
        (f"<feed {ATOM}><title>A\x08B</title>", "</feed>"),
        (f"Warning: feed.php\n<feed {ATOM}>", "</feed>"),
        (f"<feed {ATOM}><id>1</id>", "<entry/><at:deleted-entry ref='b'"),
    ],
)
def test_a_document_that_is_not_well_formed_withdraws_nothing(head: str, tail: str) -> None:
    inner = GONE.format("a", "2026-05-02T00:00:00Z") + ENTRY.format("b", "") + GONE.format("c", "2026-05-02T00:00:00Z")
    assert said(inner) == [("b", False), ("a", True), ("c", True)]
    found = said(inner, head, tail)
    assert ("b", False) in found
    assert not any(withdrawn for _, withdrawn in found)


@pytest.mark.parametrize("cut", range(1, 400, 7))
def test_wherever_a_feed_is_cut_it_withdraws_nothing(cut: int) -> None:
    inner = ENTRY.format("b", "") + GONE.format("a", "2026-05-02T00:00:00Z") * 2 + ENTRY.format("c", "")
    whole = f"<feed {ATOM}>{inner}</feed>"
    try:
        items = read(whole[:-cut])
    except ParseError:
        items = ()
    assert not any(item.withdrawn for item in items)


@pytest.mark.parametrize(
    ("updated", "when", "withdrawn"),
    [
        ("2026-05-01T10:00:00Z", "2026-05-02T00:00:00Z", True),
        ("2026-05-02T10:00:00Z", "2026-05-02T00:00:00Z", False),
        ("2026-05-02T00:00:00Z", "2026-05-02T00:00:00Z", False),
        ("2026-05-02T00:30:00+02:00", "2026-05-01T23:00:00Z", True),
        ("", "2026-05-02T00:00:00Z", False),
        ("2026-05-01T10:00:00Z", "", False),
        ("2026-05-01T10:00:00Z", "gestern", False),
        ("2026-05-01T10:00:00", "2026-05-02T00:00:00Z", False),
        ("2026-05-01", "2026-05-02T00:00:00Z", False),
        ("Fri, 01 May 2026 10:00:00 GMT", "2026-05-02T00:00:00Z", True),
        ("Sex, 01 Mai 2026 10:00:00 -0300", "Sat, 2 May 2026 0:00:00 +0200", True),
    ],
)
@pytest.mark.parametrize("order", ["{0}{1}", "{1}{0}"])
def test_of_an_entry_and_its_tombstone_the_later_stands(updated: str, when: str, withdrawn: bool, order: str) -> None:
    entry = ENTRY.format("x", f"<updated>{updated}</updated>")
    inner = order.format(entry, GONE.format("x", when)) + ENTRY.format("y", "")
    assert sorted(said(inner)) == [("x", withdrawn), ("y", False)]


def test_of_several_tombstones_for_one_id_the_last_counts() -> None:
    inner = GONE.format("x", "2026-05-03T00:00:00Z") + GONE.format("x", "2026-05-01T00:00:00Z")
    inner += ENTRY.format("x", "<updated>2026-05-02T00:00:00Z</updated>")
    assert said(inner) == [("x", True)]


def test_tombstones_are_bounded_and_cost_no_entry() -> None:
    inner = "".join(GONE.format(number, "2026-05-02T00:00:00Z") for number in range(10_000)) + ENTRY.format("b", "")
    found = said(inner)
    assert found[0] == ("b", False)
    assert found[1:] == [(str(number), True) for number in range(1000)]


@pytest.mark.parametrize(
    ("inner", "ids"),
    [
        ("<at:deleted-entry when='2026-05-02T00:00:00Z'/>", []),
        ("<at:deleted-entry ref='' when='2026-05-02T00:00:00Z'/>", []),
        ("<at:deleted-entry ref=' &#10; ' when='2026-05-02T00:00:00Z'/>", []),
        ("<at:deleted-entry ref=' a  b ' when='2026-05-02T00:00:00Z'/>", ["a b"]),
        ("<at:deleted-entry ref='a'/>", ["a"]),
        ("<deleted-entry ref='a'/>", []),
        ("<x:deleted-entry xmlns:x='urn:x' ref='a'/>", []),
        ("<title type='xhtml'><at:deleted-entry ref='a'/></title>", []),
        ("<at:comment><at:deleted-entry ref='a'/></at:comment>", []),
        ("<!-- <at:deleted-entry ref='a'/> -->", []),
        ("<entry><id>e</id><title>T</title><at:deleted-entry ref='a'/></entry>", []),
    ],
)
def test_what_is_a_tombstone(inner: str, ids: list[str]) -> None:
    assert [name for name, withdrawn in said(inner) if withdrawn] == ids


def test_only_atom_has_tombstones() -> None:
    assert said(GONE.format("a", ""), f'<rss version="2.0" {ATOM}><channel>', "</channel></rss>") == []
    assert said(GONE.format("a", ""), f'<rss version="2.0" {ATOM}>', "<channel/></rss>") == []
