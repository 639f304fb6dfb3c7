"""What has to be known before a document can be decided on. Pure: the store answers (`store.known`)."""

from collections.abc import Iterable, Iterator
from itertools import count, islice

from syndicate.model import Key, Known, Release, Sought
from syndicate.revise.likeness import sketch
from syndicate.revise.unseen import unseen
from syndicate.text import digest, head, release_id, tag_uri

_CANDIDATES = 4  # atom ids that are asked for; whoever needs a fifth gets one that its words are in


def sought(incoming: Iterable[Release], keys: Iterable[Key] = (), *, tag: str) -> Sought:
    """The first question. `keys`: of what a source takes back; `tag`: the authority of the ids of its new releases."""
    keys = [*keys]
    names, heads, atom_ids, ids = {*keys}, set(), set(), set()
    for release in incoming:
        names |= {*release.keys, *(scoped(key, release.source) for key in release.keys)}
        names |= {unseen(key, release.source) for key in release.keys}
        heads.add(head(release.kicker, release.title))
        atom_ids |= {*asked(release, tag)}
        ids.add(release_id(release.atom_id))
    atom_ids |= {key.value for key in keys if key.kind == "id"}
    return Sought(keys=frozenset(names), heads=frozenset(heads), atom_ids=frozenset(atom_ids), ids=frozenset(ids))


def still_sought(incoming: Iterable[Release], known: Known) -> Sought | None:
    """The second question: what has much the same words as those that nothing else names. None where there is none."""
    unknown = [r for r in incoming if r.keys and not r.headline and not any(key in known.by_key for key in r.keys)]
    sketches = {release.keys[-1]: numbers for release in unknown if (numbers := sketch(release))}
    return Sought(sketches=sketches) if sketches else None


def scoped(key: Key, source: str | None) -> Key:
    """An address, or words, as this source's alone: where another source's release has the key that all share."""
    return key._replace(scope=source or "") if key.kind in ("url", "hash") else key


def asked(release: Release, authority: str) -> Iterator[str]:
    """The atom ids that a release of this source has most likely been given."""
    return islice(candidates(release, authority), _CANDIDATES)


def candidates(release: Release, authority: str) -> Iterator[str]:
    """The atom ids that a new release could get, the first free one is taken.

    The proposed one; where another release holds it, minted ones, with a counter where an address is used again. What
    comes after those that are asked for is held by nobody: the words are in it.
    """
    yield release.atom_id
    parts = tuple(release.keys[0]) if release.keys else head(release.kicker, release.title)
    yield tag_uri(authority, release.source or "", *parts)
    for counter in range(2, _CANDIDATES):
        yield tag_uri(authority, release.source or "", *parts, str(counter))
    words = digest(release.title, release.teaser or "", release.content, release.published.isoformat())
    for counter in count(_CANDIDATES):
        yield tag_uri(authority, release.source or "", *parts, words, str(counter))
