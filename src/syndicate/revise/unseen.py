"""What no reader has seen yields (semantics: Embargo): its own source alone knows it, and it takes nobody's ids. Pure.

Its keys are in a layer of their own. So what is public is decided on as if it were not there (`seen`), and it itself on
what its source has delivered (`own`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from syndicate.model import Key, Known, Release
from syndicate.text import tag_uri

_LAYER = "~"  # no source's id begins so


def unseen(key: Key, source: str | None) -> Key:
    """The key as that of a release of this source that nobody has seen."""
    return key._replace(scope=f"{_LAYER}{source or ''}")


def keys_in_store(release: Release, keys: Iterable[Key]) -> tuple[Key, ...]:
    """Keys of a release as they are stored: in the layer that it belongs to."""
    return tuple(unseen(key, release.source) if release.never_shown else key for key in keys)


def of_its_entry(release: Release) -> Iterator[Key]:
    """The keys that name a source's own entry: id and path, else the address, else the words.

    An address or words that another entry of the source has, too, do not make them one while one of them is unseen. An
    address that stands before the id is what its source wants it to be known by (`Source.identity`).
    """
    first = next((key.kind for key in release.keys if key.kind in ("id", "url")), None)
    by_link = first == "url" and any(key.kind == "id" for key in release.keys)
    for kinds in (("url", "id", "path") if by_link else ("id", "path"), ("url",), ("hash",)):
        found = [key for key in release.keys if key.kind in kinds]
        if found:
            yield from found
            return


def seen(known: Known) -> Known:
    """What is known in a world without the releases that nobody has seen."""
    hidden = {identifier for identifier, release in known.releases.items() if release.never_shown}
    return replace(
        known,
        by_key={k: i for k, i in known.by_key.items() if i not in hidden and not k.scope.startswith(_LAYER)},
        by_head={at: left for at, ids in known.by_head.items() if (left := tuple(i for i in ids if i not in hidden))},
        by_atom_id={atom_id: i for atom_id, i in known.by_atom_id.items() if i not in hidden},
        releases={i: release for i, release in known.releases.items() if i not in hidden},
        alike={key: tuple(n for n in near if n[0] not in hidden) for key, near in known.alike.items()},
        by_entry={entry: i for entry, i in known.by_entry.items() if i not in hidden},
    )


def own(known: Known, entries: Iterable[Release], source: str, after: Known) -> Known:
    """What a source's entries under an embargo could be: its own unseen releases, else what it had delivered itself.

    `after`: what is known after the public entries of the same document. Ids that anybody has are taken.
    """
    ours = {i for i, release in after.releases.items() if release.never_shown and release.source == source}
    by_key = dict[Key, str]()
    for entry in entries:
        by_key |= {key: i for key in of_its_entry(entry) if (i := delivered(known, key, source))}
        by_key |= {key: i for key in entry.keys if (i := after.by_key.get(unseen(key, source))) in ours}
    heads = {at: tuple(i for i in ids if i in ours) for at, ids in after.by_head.items()}
    return replace(after, by_key=by_key, by_head={at: ids for at, ids in heads.items() if ids}, alike={})


def delivered(known: Known, key: Key, source: str) -> str | None:
    """The release that readers know under this key, where this source tells it."""
    identifier = known.by_key.get(key, "")
    stored = known.releases.get(identifier)
    told = any(edition.source == source for edition in known.editions.get(identifier, ()))
    told = told or bool(stored and stored.source is None)  # taken over from the folder: whoever tells it first
    return identifier if stored and told and not stored.never_shown else None


def other_atom_id(release: Release, authority: str) -> str:
    """For one whose atom id was taken by another. Each is taken once, so nobody holds this one."""
    return tag_uri(authority, release.source or "", release.atom_id, "yielded")
