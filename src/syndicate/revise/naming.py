"""By what alone a release is known, where its source's `identity` says so (semantics: Identity). Pure.

Of two that both have it, it decides: equal is one, unequal are two, whatever else they have in common. Where one of
them has none, all of their keys count, as under "auto".
"""

from syndicate.model import MADE, Key, Release


def naming(release: Release, identity: str) -> tuple[Key, ...]:
    """The keys that alone name it; none where all do."""
    if identity == "auto" or release.headline:
        return ()
    if identity == "link":
        return tuple(key for key in release.keys if key.kind == "url")
    made = identity != "id"
    return tuple(key for key in release.keys if key.kind == "id" and key.value.startswith(MADE) is made)


def are_two(one: Release, other: Release, identity: str) -> bool:
    """Does the identity of these say that they are two?"""
    names, others = naming(one, identity), naming(other, identity)
    return bool(names and others) and {*names}.isdisjoint(others)
