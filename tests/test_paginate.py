from hypothesis import given
from hypothesis import strategies as st

from syndicate.paginate import beginning, closing


def test_a_page_closes_when_as_many_slots_again_stand_above_it() -> None:
    assert list(closing(99, 0, 50)) == []
    assert list(closing(100, 0, 50)) == [(1, 50)]
    assert list(closing(250, 50, 50)) == [(51, 100), (101, 150), (151, 200)]


@given(st.integers(1, 500), st.integers(2, 60))
def test_pages_and_head_hold_every_position_once(last: int, size: int) -> None:
    closed_to, pages = 0, []
    for position in range(1, last + 1):
        for first, end in closing(position, closed_to, size):
            pages.append((first, end))
            closed_to = end
    assert [p for first, end in pages for p in range(first, end + 1)] == list(range(1, closed_to + 1))
    assert all(end - first + 1 == size for first, end in pages)
    head = last - closed_to
    assert head <= 2 * size - 1
    assert head >= size or not pages


@given(st.integers(1, 300), st.lists(st.integers(2, 60), min_size=1, max_size=5))
def test_pages_of_the_past_hold_every_position_once(count: int, sizes: list[int]) -> None:
    pages: list[tuple[int, int]] = []
    for position in range(-1, -1 - count, -1):
        if not pages or position < pages[-1][0]:
            size = sizes[len(pages) % len(sizes)]  # may change between two pages
            pages.append(beginning(position, size))
            assert pages[-1][1] - pages[-1][0] + 1 == size
    held = [p for first, last in pages for p in range(last, first - 1, -1)]
    assert held[:count] == list(range(-1, -1 - count, -1))
