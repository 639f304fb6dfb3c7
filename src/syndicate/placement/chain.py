"""A feed's positions and the pages that they are on: append-only at both ends."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from syndicate.paginate import beginning, closing
from syndicate.placement.values import Dirty, Ends, Page, Slot


class Chain:
    """Takes positions one by one. What it has taken, and what changes by that, is told in its lists."""

    def __init__(self, feeds: Mapping[str, Ends], left: Iterable[Slot], page_size: int) -> None:
        self._feeds = dict(feeds)
        for slot in left:
            if ends := self._feeds.get(slot.feed):
                self._feeds[slot.feed] = replace(ends, taken=ends.taken - {slot.position})
        self._size = page_size
        self.entered: list[Slot] = []
        self.pages: list[Page] = []
        self.grown: list[tuple[str, int]] = []
        self.dirty: list[Dirty] = []

    def enter(self, release: str, feed: str) -> None:
        """The feed's next position, and its page closed where one is full by that.

        A page on which nothing stands any more is not made; the chain goes past its number.
        """
        ends = self._feeds.get(feed, Ends())
        ends = replace(ends, last=ends.last + 1, taken=ends.taken | {ends.last + 1})
        self.entered.append(Slot(release, feed, ends.last))
        for number, (first, last) in enumerate(closing(ends.last, ends.closed_to, self._size), ends.number + 1):
            if not ends.taken.isdisjoint(range(first, last + 1)):
                page = Page(feed, number, first, last)
                self._hang(page, ends.newest, None)
                ends = replace(ends, newest=page, oldest=ends.oldest or page, number=number)
        self._feeds[feed] = ends

    def enter_past(self, release: str, feed: str) -> None:
        """The position below all others: on the page at the old end, or on the next one where that is full."""
        ends = self._feeds.get(feed, Ends())
        ends = replace(ends, first=ends.first - 1)
        if ends.oldest is None or ends.first < ends.oldest.first:
            page = Page(feed, ends.number + 1, *beginning(ends.first, self._size))
            self._hang(page, None, ends.oldest)
            ends = replace(ends, newest=ends.newest or page, oldest=page, number=page.number)
        else:
            self.grown.append((feed, ends.oldest.number))
            self.dirty.append(Dirty("page", f"{feed}/{ends.oldest.number}"))
        self.entered.append(Slot(release, feed, ends.first, ends.oldest.number if ends.oldest else None))
        self._feeds[feed] = ends

    def _hang(self, page: Page, older: Page | None, newer: Page | None) -> None:
        """A new archive page; its neighbours, or the head, gain the link to it."""
        self.pages.append(page)
        self.dirty += [Dirty("page", f"{page.feed}/{each.number}") for each in (older, page, newer) if each]
        if newer is None:
            self.dirty.append(Dirty("topic", page.feed))
