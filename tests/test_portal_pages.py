"""Release pages of seven content systems: what is read of each, and how much of all."""

import pytest

from portal_pages import FIELDS, LAYOUTS, scores

SEEDS = range(len(LAYOUTS) * 12)


def test_pages_of_portals_are_read_as_they_are_meant() -> None:
    read = scores(SEEDS)
    assert {name: share for name, share in read.items() if share < 0.97} == {}
    assert set(read) == set(FIELDS)


@pytest.mark.parametrize("layout", range(len(LAYOUTS)), ids=[layout.__name__ for layout in LAYOUTS])
def test_no_layout_is_read_worse_than_the_others(layout: int) -> None:
    read = scores(range(10_000 + (layout - 10_000) % len(LAYOUTS), 10_070, len(LAYOUTS)))
    assert {name: share for name, share in read.items() if share < 0.9} == {}
