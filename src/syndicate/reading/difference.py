"""Which entries of a document have to be read, beside what is kept of the last one. Pure.

The unit is the group: entries that share an id, an address or a release. One of which something has changed, come or
gone is read as a whole, since of such entries one speaks for the others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from syndicate.model import Key, Piece
from syndicate.text import digest

_DIGITS = 12


@dataclass
class _Group:
    """`places` are those of its entries in today's document, `now` their digests; `before` those of the last one."""

    keys: set[str] = field(default_factory=set)
    places: list[int] = field(default_factory=list)
    before: dict[int, str] = field(default_factory=dict)
    now: list[str] = field(default_factory=list)
    gone: bool = False  # something is taken back, which alone may rest: beside others it says which of them count
    rests: bool = True


class Difference:
    """`chosen` are the places in today's document of what is to be read; it grows by what that turns out to concern.

    `lost`: something has gone of which more is kept than that it was there: why it could not be used.
    """

    def __init__(
        self,
        last: Sequence[Piece],
        entries: Sequence[str | None],
        resting: Collection[Piece],
        *,
        alone: bool = False,
    ) -> None:
        """`last`: of the document before; `entries`: digests of today's; `resting`: what may stay unread.

        `alone`: what has nothing in common with others. Of entries that share a page each tells otherwise of that.
        """
        self._passed = _groups(last, resting)
        for each in self._passed if alone else ():
            each.rests = each.rests and len({*each.before.values()}) == 1
        known = {digest: each for each in self._passed for digest in each.before.values()}
        self.chosen = set[int]()
        for place, found in enumerate(entries):
            group = known.get(found or "")
            if group is None or found is None:
                self.chosen.add(place)
            else:
                group.places.append(place)
                group.now.append(found)
        unused = any(piece.digest is None for piece in last)
        self.lost = unused or any(not group.places and not group.rests for group in self._passed)
        self._read([group for group in self._passed if not group.rests or _in_order(group.before) != group.now])

    @property
    def passed(self) -> int:
        """How many entries stay unread."""
        return sum(len(group.places) for group in self._passed)

    def take(self, keys: Collection[str]) -> bool:
        """Read also what goes by these names or signatures. Was there any?"""
        more = [group for group in self._passed if not group.keys.isdisjoint(keys)]
        self._read(more)
        return any(group.places for group in more)

    def take_all(self) -> None:
        self._read([*self._passed])

    def _read(self, groups: Collection[_Group]) -> None:
        taken = {id(group) for group in groups}
        self._passed = [group for group in self._passed if id(group) not in taken]
        self.chosen.update(place for group in groups for place in group.places)


def name(key: Key) -> str:
    """What a piece is known by, as it is kept."""
    return digest(key.kind, key.value, length=_DIGITS)


def _groups(pieces: Sequence[Piece], resting: Collection[Piece]) -> list[_Group]:
    """Those that have a key in common, also by way of others, in one group."""
    by_key, groups = dict[str, _Group](), dict[int, _Group]()
    for number, piece in enumerate(pieces):
        if piece.digest is None:
            continue
        group = _Group({*piece.names, piece.digest, *([piece.told] if piece.told else [])})
        others = {id(other): other for key in group.keys if (other := by_key.get(key))}
        for other in others.values():
            _join(group, other)
            del groups[id(other)]
        group.before[number] = piece.digest
        group.gone = group.gone or piece.gone is not None
        group.rests = group.rests and piece in resting and not (group.gone and len(group.before) > 1)
        groups[id(group)] = group
        by_key |= dict.fromkeys(group.keys, group)
    return [*groups.values()]


def _join(group: _Group, other: _Group) -> None:
    group.keys |= other.keys
    group.before |= other.before
    group.gone = group.gone or other.gone
    group.rests = group.rests and other.rests


def _in_order(before: Mapping[int, str]) -> list[str]:
    return [before[number] for number in sorted(before)]


def signature(entry: str | None, reader: str | None) -> str | None:
    """How an edition is signed by what was read."""
    return f"{entry} {reader}" if entry and reader else None


def signatures(pairs: Iterable[tuple[str | None, str | None]]) -> frozenset[str]:
    return frozenset(found for entry, reader in pairs if (found := signature(entry, reader)))
