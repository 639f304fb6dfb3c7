"""A document of releases that stand together in no feed that is published."""

from collections.abc import Sequence
from hashlib import sha256

from syndicate.documents.context import Context
from syndicate.model import Document, FeedPage
from syndicate.store import Shown


def gathered(context: Context, page: FeedPage, name: str, shown: Sequence[Shown]) -> tuple[Document | None, bytes]:
    """The page with these releases in this format, and a hash of what stands on it; None where it would be invalid.

    Checked as what is published is: a release that would make it invalid is left out. The page's `releases` are left
    aside. Entries are made of what is kept of them; nothing is kept of these.
    """
    if context.joins:
        entries = context.entries.of(shown, page, [name])
        joined = context.validation.joined(page, [name], shown, entries)
        if joined:
            ((document, standing),) = joined
            stands = sha256(repr(page.tombstones).encode())
            for each in standing:
                stands.update(each.body)
            return document, stands.digest()
    found = next(iter(context.validation.pages(context.whole(page, shown), [name])), None)
    return found, sha256(found.body if found else b"").digest()
