"""Which release links to which: what corrects what, and what the entries of a related block name."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from syndicate.model import Release
from syndicate.store.codec import listed, title_of
from syndicate.store.connection import Connection
from syndicate.store.states import VISIBLE


class Link(NamedTuple):
    """A correction's other end."""

    kind: Literal["corrects", "corrected_by"]
    id: str
    url: str | None
    title: str


class Links(NamedTuple):
    """`corrections`: id → the visible releases that it corrects or that correct it.

    `related`: folded (kicker, title) of an entry of a related block → (id, URL) of the release that we show ourselves.
    `withdrawn`: id → heads of its related entries that name only what was withdrawn. `named`: id → the part of
    `related` that is of its own block. `taken_back`: those that say that they correct what was withdrawn.
    """

    corrections: Mapping[str, tuple[Link, ...]]
    related: Mapping[tuple[str, str], tuple[str, str | None]]
    withdrawn: Mapping[str, frozenset[tuple[str, str]]]
    named: Mapping[str, Mapping[tuple[str, str], tuple[str, str | None]]] = {}
    taken_back: frozenset[str] = frozenset()

    def of(self, release: str) -> str:
        """All that is known here of one release, as text: the same links, the same text."""
        parts: tuple[object, ...] = (
            self.corrections.get(release, ()),
            sorted(self.named.get(release, {}).items()),
            sorted(self.withdrawn.get(release, ())),
            *(["taken back"] if release in self.taken_back else []),
        )
        return repr(parts) if any(parts) else ""


def links(connection: Connection, releases: Iterable[Release | str]) -> Links:
    """Of these releases, or of those with these ids: in one statement for all of them."""
    ids = [release if isinstance(release, str) else release.id for release in releases]
    corrections: dict[str, tuple[Link, ...]] = {}
    named: dict[str, dict[tuple[str, str], tuple[str, str | None]]] = {}
    withdrawn: dict[str, frozenset[tuple[str, str]]] = {}
    taken_back = set[str]()
    for kind, release, first, second, url, own, last, _ in connection.execute(_LINKS, {"ids": listed(ids)}):
        if kind == "named":
            named.setdefault(release, {})[first, second] = (last, url)
        elif kind == "withdrawn":
            withdrawn[release] = withdrawn.get(release, frozenset()) | {(first, second)}
        elif kind == "taken back":
            taken_back.add(release)
        else:
            link = Link(kind, first, url, title_of(own))
            corrections[release] = (*corrections.get(release, ()), link)
    related = {head: target for heads in named.values() for head, target in heads.items()}
    return Links(corrections, related, withdrawn, named, frozenset(taken_back))


# CROSS JOIN: from the few that are asked for to the others, never through all that have a state.
# Of the releases that have the head of a related entry, the last row is the one that we have had for longest.
_LINKS = f"""
SELECT 'corrects', value, release.id, '', url, own, '', 0 AS rank FROM json_each(:ids)
    CROSS JOIN correction ON correction.release = value CROSS JOIN release ON release.id = corrects
    WHERE {VISIBLE}
UNION ALL
SELECT 'taken back', value, '', '', NULL, NULL, '', 0 FROM json_each(:ids)
    CROSS JOIN correction ON correction.release = value CROSS JOIN release ON release.id = corrects
    WHERE state = 'withdrawn' AND unseen = 0
UNION ALL
SELECT 'corrected_by', value, release.id, '', url, own, '', 0 FROM json_each(:ids)
    CROSS JOIN correction ON corrects = value CROSS JOIN release ON release.id = correction.release
    WHERE {VISIBLE}
UNION ALL
SELECT 'named', value, related.kicker, related.title, url, NULL, release.id, -release.rowid FROM json_each(:ids)
    CROSS JOIN related ON related.release = json_each.value
    CROSS JOIN release ON release.title = related.title AND release.kicker = related.kicker
    WHERE {VISIBLE}
UNION ALL
SELECT 'withdrawn', value, related.kicker, related.title, NULL, NULL, '', 0 FROM json_each(:ids)
    CROSS JOIN related ON related.release = json_each.value
    CROSS JOIN release ON release.title = related.title AND release.kicker = related.kicker
    WHERE unseen = 0 GROUP BY value, related.kicker, related.title
    HAVING min(CASE state WHEN 'withdrawn' THEN 1 ELSE 0 END) = 1
ORDER BY 1, 2, rank, 3
"""  # noqa: S608 - ours
