"""What changed in a published head since a version that a reader holds."""

from syndicate import documents
from syndicate.app.program import App
from syndicate.errors import StoreError
from syndicate.formats import head_named


def changed(app: App, path: str, bases: tuple[str, ...], digits: str) -> tuple[str, bytes] | None:
    """A feed, and the digits of the version that it is from: the newest of these that we know.

    `path` is a head's, `digits` those of the ETag of what is published there; None: there is no such feed, so the head
    is to be sent. Raises StoreError where the store knows another version by now, or does not yet.
    """
    head = head_named(path)
    known = [version for version in (app.store.versions.of(path, base) for base in bases) if version]
    if head is None or not known:
        return None
    since = max(known, key=lambda version: version.id)
    before = app.store.versions.latest(path)
    document = documents.delta(app.store, app.plan, head[0], head[1].name, since, app.clock())
    if before is None or before.hash != digits or app.store.versions.latest(path) != before:
        raise StoreError(f"{path}: is being published")
    return (since.hash, document.body) if document else None
