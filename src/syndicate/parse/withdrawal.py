"""What a source takes back, and whether it stands beside an entry of the same id."""

from collections.abc import Iterable

from syndicate.model import Item
from syndicate.notices import dates

MOST = 1000  # withdrawals that one document may carry


def settled(items: Iterable[Item]) -> tuple[Item, ...]:
    """What one document says: its entries, then what it withdraws, each id once and at most MOST of them.

    Of an entry and a withdrawal of one id the later stands (RFC 6721 section 3: `updated` against `when`, which is a
    withdrawal's `published`); at the same time, or where one of them states no time with its zone, the entry does. A
    withdrawal that names neither an id nor an address is none.
    """
    entries: list[Item] = []
    gone: dict[str, Item] = {}
    for item in items:
        name = _name(item)
        if not item.withdrawn:
            entries.append(item)
        elif name and (name not in gone or _later(item, gone[name])):
            gone[name] = item
    for item in entries:
        if (name := _name(item)) in gone and not _later(gone[name], item):
            del gone[name]
    return (*(item for item in entries if _name(item) not in gone), *[*gone.values()][:MOST])


def _name(item: Item) -> str:
    return item.id or item.url or ""


def _later(one: Item, other: Item) -> bool:
    mine, theirs = (dates.instant(item.updated or item.published) for item in (one, other))
    return mine is not None and theirs is not None and mine > theirs
