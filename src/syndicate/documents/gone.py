"""What is put over a document that is published no more, where nothing is ever deleted: a bucket."""

import re
from datetime import datetime

from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Site, Tombstone, Topic
from syndicate.render import html, of_withdrawn, render

_FEED = re.compile(r"([a-z0-9-]+)(?:/(\d+))?")


def gone(path: str, *, site: Site, now: datetime) -> Document | None:
    """None: what is no text that readers ask for again (a picture, a map) goes for good."""
    if path.endswith(".html"):
        return html.gone_page(path, site)
    row = next((row for row in FORMATS.values() if path.endswith(f".{row.suffix}")), None)
    if row is None or path.startswith("media/"):
        return None
    address, name = f"{site.base_url}{path}", path.removesuffix(f".{row.suffix}")
    if name.startswith("releases/"):
        tombstone = Tombstone(name.removeprefix("releases/"), address, now, now)
        return of_withdrawn(tombstone, site, row.name)
    found = _FEED.fullmatch(name)
    if found is None:
        return None
    page = FeedPage(
        site=site,
        topic=Topic(found[1], site.title),
        atom_id=address,
        updated=now,
        number=int(found[2]) if found[2] else None,
        formats=(row.name,),
    )
    return next(iter(render(page, (row.name,))), None)
