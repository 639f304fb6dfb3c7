"""What makes a map for search engines invalid (sitemaps.org 0.9). Pure."""

from collections.abc import Iterator

from syndicate.formats import SITEMAP, SITEMAP_MOST
from syndicate.model import Document
from syndicate.validate.rules import TIMESTAMP, WEB, Fault
from syndicate.validate.xml import children, root_of, values

_S = f"{{{SITEMAP}}}"
_ENTRIES = {f"{_S}urlset": f"{_S}url", f"{_S}sitemapindex": f"{_S}sitemap"}
_LARGEST = 50 * 2**20  # bytes of one


def check(document: Document, _: str) -> Iterator[Fault]:
    root = root_of(document.body)
    entry = _ENTRIES.get(root.tag)
    if entry is None:
        yield Fault(f"the root element is {root.tag}, neither a map's nor an index's")
        return
    entries = children(root)[entry]
    if len(entries) > SITEMAP_MOST or len(document.body) > _LARGEST:
        yield Fault(f"{len(entries)} entries in {len(document.body)} bytes, more than one may hold")
    for parts in map(children, entries):
        for reason in (*values(parts, f"{_S}loc", WEB), *values(parts, f"{_S}lastmod", TIMESTAMP, least=0)):
            yield Fault(reason)
