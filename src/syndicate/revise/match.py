"""Which release is meant: by key, by head, by its words (semantics: Identity). Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from syndicate.model import Change, Key, Known, Release
from syndicate.revise.again import Again, otherwise, same_bytes
from syndicate.revise.claims import Claims
from syndicate.revise.editions import says_the_same, with_edition
from syndicate.revise.likeness import MAY_BE_ALIKE, alike, plainly_other, reworded
from syndicate.revise.naming import are_two, naming
from syndicate.revise.oldnews import is_stale
from syndicate.revise.sought import asked, candidates, scoped
from syndicate.text import fold, head
from syndicate.urls import canonical_url

_NAMES_NONE = 3  # releases that an id has named: it names a place, like `latest`
_MOST_KEYS = 20  # of one kind, that a release gains without having changed


class Match(NamedTuple):
    """A stored release, and by what it was found."""

    stored: Release
    by: Literal["id", "url", "path", "hash", "head", "words"]


class Matcher:
    """What is known, and what this very document has added to it."""

    def __init__(
        self,
        known: Known,
        authority: str,
        standing: frozenset[str] = frozenset(),
        again: Again | None = None,
        *,
        identity: str = "auto",
    ) -> None:
        """`authority`: of the ids of new releases; `standing`: the paths at which the folder's files are.

        `identity`: as the source has it.
        """
        self.identity = identity
        self._again = again or Again()
        self.known = known
        self._authority = authority
        self._standing = standing
        self.by_key = dict(known.by_key)
        self.by_head = {key: list(ids) for key, ids in known.by_head.items()}
        self.by_atom_id = dict(known.by_atom_id)
        self.releases = dict(known.releases)
        self.editions = dict(known.editions)
        self._has_adopted = any(release.source is None for release in known.releases.values())

    def note(self, change: Change) -> None:
        """From now on this is known, too."""
        release = change.release
        self.releases[release.id] = release
        self.by_atom_id[release.atom_id] = release.id
        for key in release.keys:
            if change.verdict == "new" or key not in self.by_key:
                self.by_key[key] = release.id
        self.by_key |= dict.fromkeys(change.keys, release.id)
        ids = self.by_head.setdefault(head(release.kicker, release.title), [])
        if release.id not in ids:
            ids.append(release.id)
        if change.edition:
            self.editions[release.id] = with_edition(self.editions.get(release.id, ()), change.edition)

    def claims(self, releases: Sequence[Release]) -> Claims:
        """What the entries of one document name."""
        claims = Claims()
        for release in releases:
            for key in release.keys:
                stored = self.holder(key, release.source or "") if self._names(key) else None
                if stored and key.kind == "hash":
                    claims.told.add(stored.id)
                elif stored:
                    claims.add(stored.id, release)
        return claims

    def own_keys(self, release: Release) -> tuple[Key, ...]:
        """A new release's keys, at least one. What another source's release has is this source's alone for it.

        Words that name a release already go on naming it, as long as something else names this one.
        """
        source = release.source or ""

        def foreign(key: Key) -> bool:
            holder = self.by_key.get(key)
            told = {edition.source for edition in self.editions.get(holder or "", ())}
            return holder is not None and source not in told

        keys = [scoped(key, source) if foreign(key) else key for key in release.keys if self._names(key)]
        own = [key for key in keys if key.kind != "hash" or key not in self.by_key]
        return tuple(own or keys)

    def further_keys(self, release: Release, stored: Release) -> tuple[Key, ...]:
        """What a release is known by besides: keys that nobody has, and its file's path, whoever had that before.

        A few of a kind, since some systems state another id at each request.
        """
        known = Counter(self.known.keys.get(stored.id, {}))
        found = list[Key]()
        for key in release.keys:
            new = key.kind in ("id", "url") and key not in self.by_key and known[key.kind] < _MOST_KEYS
            if new or (key.kind == "path" and self.by_key.get(key) != stored.id):
                found.append(key)
                known[key.kind] += 1
        return tuple(found)

    def free_atom_id(self, release: Release, authority: str) -> str:
        return next(candidate for candidate in candidates(release, authority) if candidate not in self.by_atom_id)

    def match(self, release: Release, claims: Claims) -> Match | None:
        """The release that a full one is; `claims` are those of its document."""
        source = release.source or ""
        if adopted := self.adopted(release):
            return Match(adopted, "id")
        exact, alone = self._exact(release, source, claims), naming(release, self.identity)
        for key in (*alone, *(key for key in release.keys if key not in alone and self._names(key))):
            stored = self.holder(key, source)
            if stored is None or (stored.id, source) in self.known.apart:
                continue
            if stored.headline:
                return Match(stored, "head")
            if key not in alone and self._are_two(stored, release):
                continue
            # Equal words are the same release that has moved, unless this document has both.
            if key.kind == "hash" and claims.by_another(stored.id, release):
                continue
            last = self.last_word(stored, source)
            last = self._again.words.get(stored.id, last) if otherwise(last, release) else last
            if exact and exact.id != stored.id and not says_the_same(last, release):
                return Match(exact, "hash")  # it says what that one says: whatever else names has been used again
            other = key.kind != "hash" and key not in alone and not same_bytes(last, release)
            # What is taken back is that one, whatever its words were changed to meanwhile.
            if other and not release.withdrawn and plainly_other(last, release, named=key.kind != "url"):
                continue  # used again: for another, or for one that its words still tell
            return Match(stored, key.kind)
        if again := self._same_bytes(release, claims):
            return Match(again, "hash")
        headline = self._headline(release)
        if headline:
            return Match(headline, "head")
        if adopted := self._adopted_by_head(release):
            return Match(adopted, "words")
        found = self._reworded(release, source, claims) or self._edition(release, source, claims)
        return Match(found, "words") if found else None

    def match_headline(self, release: Release) -> Release | None:
        """Whatever is known under its address or its head, shown or not."""
        ids = [self.by_key[key] for key in release.keys if key in self.by_key]
        ids += [adopted.id for adopted in filter(None, [self.adopted(release)])]
        ids += self.by_head.get(head(release.kicker, release.title), ())
        return next((self.releases[i] for i in ids if i in self.releases), None)

    def adopted(self, release: Release) -> Release | None:
        """What was taken over from the folder under an id that this source's releases get, and it has not told yet.

        Of several, as where a file was used again, the one with its title, else one that it may be; else one that was
        withdrawn: of that nobody knows the words.
        """
        if not self._has_adopted:
            return None
        found = (self.by_atom_id.get(atom_id, "") for atom_id in asked(release, self._authority))
        untold = [each for i in found if (each := self.releases.get(i)) and self._untold(each, release)]
        standing = [each for each in untold if not each.withdrawn]
        same = [each for each in standing if fold(each.title) == fold(release.title)]
        likely = [each for each in standing if not plainly_other(each, release)]
        return next(iter((*same, *likely, *(each for each in untold if each.withdrawn))), None)

    def _adopted_by_head(self, release: Release) -> Release | None:
        """What was taken over has kicker, title and date of this one; without a date, not another address."""
        for identifier in self.by_head.get(head(release.kicker, release.title), ()):
            stored = self.releases.get(identifier)
            if stored is None or stored.withdrawn or stored.headline or not self._untold(stored, release):
                continue
            elsewhere = stored.url and release.url and canonical_url(stored.url) != canonical_url(release.url)
            if release.stated == stored.published or (release.stated is None and not elsewhere):
                return stored
        return None

    def _untold(self, stored: Release, release: Release) -> bool:
        source = release.source or ""
        told = any(edition.source == source for edition in self.editions.get(stored.id, ()))
        return stored.source is None and not told and (stored.id, source) not in self.known.apart

    def holder(self, key: Key, source: str) -> Release | None:
        """Whom it names: of an address or of words, first the one that has it for this source alone."""
        return self.releases.get(self.by_key.get(scoped(key, source)) or self.by_key.get(key, ""))

    def _names(self, key: Key) -> bool:
        """An id that has named three releases names none for good."""
        return key.kind != "id" or self.known.names.get(key, 1) < _NAMES_NONE

    def _exact(self, release: Release, source: str, claims: Claims) -> Release | None:
        """The release of which this source's last word is this very one: title, text, date and address."""
        key = next((key for key in release.keys if key.kind == "hash"), None)
        stored = self.holder(key, source) if key else None
        if stored is None or stored.headline or (stored.id, source) in self.known.apart:
            return None
        if self._are_two(stored, release):
            return None
        if claims.by_another(stored.id, release):
            return None
        mine = next((e.said for e in self.editions.get(stored.id, ()) if e.source == source), None)
        return stored if mine and says_the_same(mine, release) else None

    def _same_bytes(self, release: Release, claims: Claims) -> Release | None:
        """What another reader made of the very bytes, and knew by other keys."""
        stored = self.releases.get(self.known.by_entry.get(release.entry or "", ""))
        if stored is None or stored.id in claims.told or (stored.id, release.source or "") in self.known.apart:
            return None
        last = self.last_word(stored, release.source or "")
        return stored if same_bytes(last, release) and otherwise(last, release) else None

    def _are_two(self, stored: Release, release: Release) -> bool:
        """Whatever they have in common: by what its source wants them to be known."""
        if self.identity == "auto":
            return False
        return are_two(self.last_word(stored, release.source or ""), release, self.identity)

    def last_word(self, stored: Release, source: str) -> Release:
        """What this source said last, which a person or another source may have changed since."""
        return next((e.said for e in self.editions.get(stored.id, ()) if e.source == source), stored)

    def _headline(self, release: Release) -> Release | None:
        """A full release takes over the headline that announced it."""
        found = (self.releases.get(i) for i in self.by_head.get(head(release.kicker, release.title), ()))
        return next((r for r in found if r and r.headline and not r.withdrawn), None)

    def _reworded(self, release: Release, source: str, claims: Claims) -> Release | None:
        """What has nothing but its words, and says this source's words under this title and date a little otherwise."""
        likest: tuple[float, Release | None] = (0.0, None)
        for identifier in self.by_head.get(head(release.kicker, release.title), ()) if _nameless(release) else ():
            stored = self.releases.get(identifier)
            mine = next((e.said for e in self.editions.get(identifier, ()) if e.source == source), None)
            if not stored or not mine or identifier in claims.told or (identifier, source) in self.known.apart:
                continue
            share = reworded(mine, release) if _nameless(mine) and mine.stated == release.stated else 0.0
            if share:
                likest = max(likest, (share, stored), key=lambda found: found[0])
        return likest[1]

    def _edition(self, release: Release, source: str, claims: Claims) -> Release | None:
        """Near-identical text: another source's edition of it, or this one's that has moved."""
        near = self.known.alike.get(release.keys[-1], ()) if release.keys else ()
        for identifier in (i for i, common in near if common >= MAY_BE_ALIKE):
            stored = self.releases.get(identifier)
            if stored is None or (identifier, source) in self.known.apart or not alike(stored, release):
                continue
            if self._are_two(stored, release):
                continue
            told = {edition.source for edition in self.editions.get(identifier, ())}
            if source not in told or (identifier not in claims.told and self._moved(stored, release)):
                return stored
        return None

    def _moved(self, stored: Release, release: Release) -> bool:
        """A source's own release under a new address, id or path: title and stated date are what they were.

        Whose file still stands has not moved: a form letter with other particulars beside it is another release. One
        that says itself that it is older is a copy.
        """
        if fold(stored.title) != fold(release.title) or stored.stated != release.stated:
            return False
        mine = next(e for e in self.editions[stored.id] if e.source == release.source)
        path = next((key for key in mine.said.keys if key.kind == "path"), None)
        stands = path is not None and path.value in self._standing and path not in release.keys
        return not stands or is_stale(release, mine.memory)


def _nameless(release: Release) -> bool:
    """Has it neither id nor address nor file?"""
    return bool(release.keys) and all(key.kind == "hash" for key in release.keys)
