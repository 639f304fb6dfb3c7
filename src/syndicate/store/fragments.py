"""The pieces of entries, as they stand in documents: made once, kept while the release stands in a head.

They are deflated with the release's words as a dictionary, also as these stand escaped within that form; where they
are others since, a piece is as good as none.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from syndicate.placement import ALL
from syndicate.store.bounds import CLOSED_TO
from syndicate.store.codec import inflate, listed, packed, unpacked
from syndicate.store.connection import Connection, Rows
from syndicate.store.upsert import put

_ROWS = 100  # written by one statement
_TAGS = {"atom": "&lt;", "rss": "&#x3C;"}  # how the forms that have HTML as text write where a tag begins
_NOTED = 20_000  # lines of which something is noted: of some sixty heads
_ROOM = 2**24  # bytes of lines that are at hand inflated, of those that were asked for last, …
_BESIDE = 700  # … each with what it is kept by: a short one costs more than it says

_IN_HEAD = f"position > {CLOSED_TO.format('slot.topic')}"

_WRITTEN = ("release", "form", "key", "body", "fault")


class Fragment(NamedTuple):
    """`key`: of what it was made. `fault`: why it may stand in no document, empty where it may."""

    release: str
    form: str
    key: bytes
    body: bytes
    fault: str = ""


class Fragments:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at_hand: dict[tuple[str, str], Fragment] = {}
        self._noted: dict[tuple[str, str], tuple[bytes, str]] = {}
        self._room = _ROOM
        self._in_use = threading.Lock()  # who asks for what changed in a feed does so while one is published

    def kept(self, releases: Collection[str], forms: Iterable[str]) -> list[Fragment]:
        """What is kept of these releases in these forms, whatever it was made of."""
        forms = [*forms]
        with self._in_use:
            found = [self._at_hand.pop(at) for at in product(releases, forms) if at in self._at_hand]
            self._at_hand |= {each[:2]: each for each in found}  # the last that were asked for stay the longest
        seen = Counter(each.release for each in found)
        wanted = [release for release in releases if seen[release] < len(forms)]
        return [*found, *self._stored(wanted, forms)] if wanted else found

    def _stored(self, releases: Collection[str], forms: Sequence[str]) -> list[Fragment]:
        rows = self._execute(
            "SELECT words.body, fragment.release, form, key, fragment.body, fault FROM fragment"
            " LEFT JOIN release ON release.id = fragment.release LEFT JOIN words ON words.id = release.words"
            " WHERE fragment.release IN (SELECT value FROM json_each(?)) AND form IN (SELECT value FROM json_each(?))",
            (listed(releases), listed(forms)),
        )
        found, words = list[Fragment](), dict[str, bytes]()
        for said, *row in rows:
            fragment = Fragment(*row)
            if fragment.release not in words:
                words[fragment.release] = inflate(said) if said else b""
            body = unpacked(fragment.body, _beside(words[fragment.release], fragment.form))
            found += [fragment._replace(body=body)] if body is not None else []
        found = [each for each in found if each[:2] not in self._at_hand]
        self.hold(found)
        return found

    def hold(self, fragments: Iterable[Fragment]) -> None:
        """At hand for now, not kept: a closed page of another feed may have them as well."""
        with self._in_use:
            for each in fragments:
                before = self._at_hand.pop(each[:2], None)
                self._at_hand[each[:2]] = each
                self._room -= _size(each) - (_size(before) if before else 0)
            while self._room < 0 and self._at_hand:
                self._room += _size(self._at_hand.pop(next(iter(self._at_hand))))

    def noted(self, fragment: Fragment, of: Callable[[bytes], str]) -> str:
        """What `of` its body is, worked out once while this store is open."""
        key, found = self._noted.get(fragment[:2], (b"", ""))
        if key != fragment.key:
            found = of(fragment.body)
            if len(self._noted) >= _NOTED:
                self._noted.clear()
            self._noted[fragment[:2]] = fragment.key, found
        return found

    def keep(self, fragments: Sequence[Fragment]) -> None:
        if not fragments:
            return
        self.hold(fragments)
        words = self._words({each.release for each in fragments})
        for start in range(0, len(fragments), _ROWS):
            part = fragments[start : start + _ROWS]
            rows = [
                each._replace(body=packed(each.body, _beside(words.get(each.release, b""), each.form))) for each in part
            ]
            self._execute(put("fragment", _WRITTEN, _WRITTEN[:2], len(rows)), [value for row in rows for value in row])

    def in_heads(self, releases: Collection[str]) -> frozenset[str]:
        """Those of these releases that stand in the head of some feed."""
        if not releases:
            return frozenset()
        rows = self._execute(
            "SELECT DISTINCT slot.release FROM json_each(?) CROSS JOIN slot ON slot.release = value"  # noqa: S608 - ours
            f" WHERE {_IN_HEAD}",
            (listed(releases),),
        )
        return frozenset(release for (release,) in rows)

    def _words(self, releases: Collection[str]) -> dict[str, bytes]:
        """What is said of them now: most of an entry's lines stand there already."""
        rows = self._execute(
            "SELECT release.id, body FROM json_each(?) CROSS JOIN release ON release.id = value"
            " CROSS JOIN words ON words.id = release.words",
            (listed(releases),),
        )
        return {release: inflate(body) for release, body in rows}

    def drop(self, releases: Collection[str]) -> None:
        """Of what nobody sees any more."""
        if releases:
            with self._in_use:
                for at in [at for at in self._at_hand if at[0] in releases]:
                    self._room += _size(self._at_hand.pop(at))
            self._execute("DELETE FROM fragment WHERE release IN (SELECT value FROM json_each(?))", (listed(releases),))

    def drop_all(self) -> None:
        self._execute("DELETE FROM fragment", ())
        with self._in_use:
            self._at_hand.clear()
            self._room = _ROOM

    def left_heads(self, topic: str, numbers: Sequence[int], mapped: Iterable[str], full: int) -> None:
        """Drop what stands on these archive pages and in no head.

        The forms that are `mapped` stay of what stands on a page of everything that is numbered above `full`.
        """
        self._execute(
            "DELETE FROM fragment WHERE release IN ("  # noqa: S608 - ours
            " SELECT slot.release FROM json_each(:numbers) CROSS JOIN page ON page.topic = :topic"
            " AND number = CAST(value AS BIGINT)"
            " CROSS JOIN slot ON slot.topic = page.topic AND position BETWEEN first AND last)"
            f" AND NOT EXISTS (SELECT 1 FROM slot WHERE slot.release = fragment.release AND {_IN_HEAD})"
            " AND (form NOT IN (SELECT value FROM json_each(:mapped)) OR NOT EXISTS ("
            " SELECT 1 FROM slot CROSS JOIN page ON page.topic = slot.topic AND position BETWEEN first AND last"
            " WHERE slot.release = fragment.release AND slot.topic = :all AND number > :full))",
            {
                "topic": topic,
                "numbers": listed(numbers),
                "mapped": listed(mapped),
                "all": ALL,
                "full": full,
            },
        )

    def _execute(self, sql: str, values: Sequence[object] | dict[str, object]) -> Rows:
        return self._connection.execute(sql, values)


def _size(fragment: Fragment) -> int:
    return len(fragment.body) + len(fragment.fault) + _BESIDE


def _beside(words: bytes, form: str) -> bytes:
    """What is known of a piece beside it: the release's words, and how their text stands in this form."""
    if not words or form not in _TAGS:
        return words
    content = str(json.loads(words).get("content", ""))
    escaped = content.replace("&", "&amp;").replace(">", "&gt;").replace("<", _TAGS[form])
    return words + escaped.encode("utf-8", "replace")
