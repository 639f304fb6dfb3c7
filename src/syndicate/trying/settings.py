"""What keys of the configuration are another, and what each does, in a line. Pure."""

from collections.abc import Iterator, Mapping

from syndicate.model import Source
from syndicate.trying.chosen import TOLD, Chosen, Value
from syndicate.trying.values import Setting

_ANEW = "every feed and page is written anew with it"
_READ_AGAIN = (
    "its documents are read by that from now on: what comes of the same ones is replaced in place, no correction"
)
_WHOLE = {
    "site.base_url": "every address that is published is another, ids stay: lead readers from the old ones (301)",
    "site.language": "of feeds and pages, and of releases that name none, as they are read from now on",
    "site.timezone": "dates on pages are shown in it; those that name none are read by it from now on",
    "site.author": "entries that name none are written anew with it",
    "site.tag": "new ids are made of it; those that were given stay",
    "publish.directory": "everything is written there, and nothing more where it was: lead your web server to it",
    "publish.formats": "documents of a new format are written, those of one that is no more are deleted",
    "publish.page_size": "for archive pages that close from now on; those that are closed stay as they are",
    "publish.tombstones": "for so long a head tells of a withdrawal (Atom)",
    "publish.withdrawal_notice": "for so long heads have a notice of a withdrawal (RSS, JSON)",
    "publish.html": "pages for people are written, or deleted but for those of releases without another one",
    "topics.unmapped": "what it does to releases stands below",
    "store.url": "another store: what is held here is not there (`syndicate backup`, `restore`)",
}
_SOURCE = {
    "format": _READ_AGAIN,
    "timezone": _READ_AGAIN,
    "language": _READ_AGAIN,
    "future": _READ_AGAIN,
    "select": _READ_AGAIN,
    "images": _READ_AGAIN,
    "headlines": "what is held stays; its lists and related blocks are read by that from now on",
    "fulltext": "pages of its releases are asked for, or no more, from its next document on",
    "missing": "of files that go from now on",
    "robots": "from its next page on",
    "allow_private": "from its next poll on",
    "hub": "it is subscribed to at its hub, or left to its polls",
    "topics": "what it does to releases stands below",
    "priority": "what it does to releases stands below",
    "content": "what it does to releases stands below",
    "keep": "what it would have done to releases stands below; it is for what is seen for the first time",
    "drop": "what it would have done to releases stands below; it is for what is seen for the first time",
    "identity": "what it would make of releases stands below",
    "update": "for changes from its next document on",
}
_TOPIC = {
    "description": "its feeds and pages are written anew with it",
    "mediatopic": "entries that have one are written anew with it",
    "kickers": "what it does to releases stands below",
    "keywords": "what it does to releases stands below",
    "aliases": "addresses of these lead to it; of one that is taken away they lead nowhere",
}
_USUAL = "from its next document on"


def settings(before: Chosen | None, after: Chosen, delivered: Mapping[str, int]) -> Iterator[Setting]:
    """`delivered`: how many releases each source has told. Nothing where it is not known what was `before`."""
    if before is None:
        return
    for name, value in after.whole.items():
        if name in before.whole and before.whole[name] != value:
            yield Setting(name, before.whole[name], value, _WHOLE.get(name, _ANEW))
    yield from _of_topics(before, after)
    for source in before.sources:
        if source.id not in after.by_id:
            stay = f"it is asked no more; {_of_its(delivered.get(source.id, 0))}"
            yield Setting(f"source {source.id}", "configured", None, stay)
    for source in after.sources:
        earlier = before.by_id.get(source.id)
        if earlier is None:
            yield Setting(f"source {source.id}", None, "configured", "it is asked from now on")
        else:
            yield from _of_source(source, earlier, before, after, delivered.get(source.id, 0))


def _of_source(source: Source, earlier: Source, before: Chosen, after: Chosen, delivered: int) -> Iterator[Setting]:
    if before.places.get(source.id) != after.places.get(source.id):
        does = f"it is asked at another address; {_of_its(delivered)}, and are known there by their ids and addresses"
        yield Setting(f"source {source.id}: place", "another", "another", does)
    for name in TOLD:
        old, new = getattr(earlier, name), getattr(source, name)
        if old == new:
            continue
        does = _SOURCE.get(name, _USUAL)
        if name == "enabled":
            does = "it is asked from now on" if new else f"it is asked no more; {_of_its(delivered)}"
        yield Setting(f"source {source.id}: {name}", _plain(old), _plain(new), does)


def _of_topics(before: Chosen, after: Chosen) -> Iterator[Setting]:
    """Of those that are there before and after; what becomes of feeds is told apart from that."""
    earlier = {after.renamed.get(topic.id, topic.id): topic for topic in before.topics}
    for topic in after.topics:
        for name, does in _TOPIC.items() if topic.id in earlier else ():
            old, new = getattr(earlier[topic.id], name), getattr(topic, name)
            if old != new:
                yield Setting(f"topic {topic.id}: {name}", _plain(old), _plain(new), does)


def _plain(value: Value) -> Value:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _of_its(delivered: int) -> str:
    return f"its {delivered} releases stay" if delivered != 1 else "its release stays"
