"""What must be true after whatever was read: nothing invalid, nothing active, no neighbour harmed, nobody dialled."""

from hostile.scan import active
from hostile.world import NEIGHBOUR, SECRET, HostileWorld, ask
from syndicate.model import Document
from syndicate.validate import faults

_MEDIA_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
    "opml": "text/x-opml",
    "html": "text/html",
    "css": "text/css",
    "txt": "text/plain",
    "xml": "application/xml",
}


def expect_sound(world: HostileWorld, *, lacks: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Publish, and look at every byte of it; returns what was published."""
    world.publish()
    published = {path: body for path, body in world.bytes().items() if not path.startswith(".")}
    pages = (body for path, body in published.items() if path.endswith(".atom"))
    assert any(NEIGHBOUR.encode() in body for body in pages), "the neighbour has gone"
    wrong = active(published)
    assert not wrong, wrong[:5]
    wrong = invalid(published)
    assert not wrong, wrong[:5]
    assert [a.text for a in world.store.alarms.list() if a.kind == "render"] == [], "a release could not be published"
    secrets = (SECRET, *lacks)
    betrayed = [(path, _around(body, s)) for path, body in published.items() for s in secrets if s.encode() in body]
    assert not betrayed, betrayed[:3]
    assert world.network.strayed == [], "a document made us dial"
    assert ask(world, world.neighbour, seconds=5).error is None, "the neighbour can no longer be asked"
    return published


def invalid(published: dict[str, bytes]) -> list[str]:
    """By the look that each document is given before it is published."""
    documents = (
        Document(path, _MEDIA_TYPES[path.rpartition(".")[2]], body)
        for path, body in published.items()
        if not path.startswith("media/")
    )
    return [f"{document.path}: {fault}" for document in documents for fault in faults(document)]


def _around(body: bytes, text: str) -> str:
    at = body.find(text.encode())
    return body[max(at - 80, 0) : at + 40].decode("utf-8", "replace")
