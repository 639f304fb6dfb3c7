"""A release page of a state portal, saved as text → Items.

split into lines | is it a list | cut in blocks | read the head | read the body | is it a release. The layouts differ in
what is missing and in the order of the blocks; no line is marked, so each is told by its looks and by its neighbours.
"""

from collections.abc import Sequence

import syndicate.parse.plaintext.blocks as _blocks
import syndicate.parse.plaintext.body as _body
import syndicate.parse.plaintext.entries as _entries
import syndicate.parse.plaintext.head as _head
import syndicate.parse.plaintext.images as images
import syndicate.parse.plaintext.judge as _judge
import syndicate.parse.plaintext.lines as _lines
import syndicate.parse.plaintext.lists as _lists
import syndicate.parse.plaintext.marks as marks
from syndicate.errors import ParseError
from syndicate.model import Item, Related
from syndicate.notices import contact, takes_back
from syndicate.parse.correction import corrects
from syndicate.parse.fields import paragraphs
from syndicate.parse.plaintext.entries import Entry
from syndicate.parse.plaintext.lines import Line
from syndicate.parse.plaintext.prose import ends, paragraph, prose, sentences

__all__ = [
    "ends",
    "images",
    "marks",
    "paragraph",
    "prose",
    "read",
    "sentences",
]


def read(text: str, url: str | None) -> tuple[Item, ...]:
    """The page's own release, or the headlines of a list page. `url` is the page's address.

    The entries of a "Weitere Meldungen" block are the release's `related`. `published` and `embargo` are as printed.
    Raises ParseError, with the reason, where the text holds no release. Time is linear in the length of the text.
    """
    _judge.readable(text)
    lines = _lines.split(text)
    _judge.language(lines)
    entries = _lists.read(lines)
    if entries is not None:
        return tuple(_headline(entry, url) for entry in entries)
    return (_notice([line.text for line in lines], url) or _release(lines, url),)


def _notice(texts: Sequence[str], url: str | None) -> Item | None:
    """A page of which a notice of withdrawal is all that is left, perhaps below its title."""
    for title, told in ((None, texts), (texts[0], texts[1:])):
        if told and takes_back(None, told):
            return Item(url=url, title=title, content=paragraphs("\n\n".join(told)))
    return None


def _release(lines: Sequence[Line], url: str | None) -> Item:
    found = _blocks.blocks(lines)
    if not found.main:
        raise ParseError("there is nothing in it but page furniture")
    head, rest = _head.read(found.main)
    body, pictures = _body.own(rest, title=head.title, teaser=head.teaser)
    _judge.release(head, body, found, lines)
    content = _body.html(body) or None
    return Item(
        url=url or found.url,
        kind=head.kind,
        kicker=head.kicker,
        title=head.title,
        teaser=head.teaser,
        content=content,
        published=head.published,
        embargo=found.embargo,
        authors=(head.issuer,) if head.issuer else (),
        images=images.gallery(head.pictures) + tuple(i for line in pictures for i in images.gallery([line])),
        related=tuple(_related(entry) for entry in _entries.divide(found.related)[0]),
        contact=contact.contact(found.contact),
        corrects=corrects(head.title, head.teaser, content, url, (*head.corrections, *filter(None, (head.kicker,)))),
    )


def _headline(entry: Entry, url: str | None) -> Item:
    return Item(
        base=url,
        kind=entry.kind,
        kicker=entry.topic,
        title=entry.title,
        teaser=entry.teaser,
        published=entry.published,
        images=(entry.image,) if entry.image else (),
        headline=True,
    )


def _related(entry: Entry) -> Related:
    return Related(
        title=entry.title, topic=entry.topic, teaser=entry.teaser, published=entry.published, image=entry.image
    )
