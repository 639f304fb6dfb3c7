"""Dates that a page's markup states exactly, near the title: `<time>`, itemprop."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from syndicate.markup import BLOCKS
from syndicate.notices import labels
from syndicate.parse.html.names import DATE, UPDATED
from syndicate.parse.html.pieces import called
from syndicate.parse.plaintext import prose
from syndicate.parse.tree import words
from syndicate.text import squeeze

_MOST = 40  # elements that are looked at


def exact(region: HtmlElement, heading: HtmlElement) -> tuple[str | None, str | None]:
    """(published, updated) as `<time>` and itemprop state them, those near the title first."""
    published = updated = None
    for element in islice(filter(_timed, (*_near(region, heading), *region.iter())), _MOST):
        prop = (element.get("itemprop") or "").lower()
        stated = squeeze(element.get("datetime") or element.get("content") or "") or words(element, 100)
        if not re.search(r"\d{4}", stated):
            continue
        named = labels.meaning(_label(element))
        changed = prop == "datemodified" or UPDATED.search(called(element)) or named == "changed"
        if changed or labels.of_change(words(element, 100)):
            updated = updated or stated
        elif prop == "datepublished" or element.get("pubdate") is not None or _dateline(element):
            published = published or stated
    return published, updated


def _timed(element: HtmlElement) -> bool:
    stated = (element.get("itemprop") or "").lower()
    return element.tag == "time" or stated in ("datepublished", "datemodified", "datecreated")


def _label(time: HtmlElement) -> str:
    """What stands right before it on its line, up to a border: `Geändert:` in `Erstellt: … | Geändert: …`."""
    before = time.getprevious()
    said = (before.tail if before is not None else (p.text if (p := time.getparent()) is not None else "")) or ""
    if not squeeze(said) and before is not None and before.tag not in BLOCKS and before.tag != "time":
        said = words(before, 100)
    return squeeze(re.split(r"[|·•,;(]", said)[-1])


def _dateline(time: HtmlElement) -> bool:
    """Not a time in running text: of an event that the release tells of."""
    block = time.getparent()
    around = _around(time) if block is not None else ""
    own = words(time, 100)
    rest = around.replace(own, "", 1).strip()
    return not prose(around) and (len(rest) < 80 or DATE.search(called(time)) is not None)


def _around(time: HtmlElement) -> str:
    """The line that it stands in: what is beside it in its parent, up to the next block on either side."""
    parent = time.getparent()
    before, after = [], [time.tail or ""]
    for sibling in time.itersiblings(preceding=True):
        before.append(sibling.tail or "")
        if sibling.tag in BLOCKS:
            break
        before.append(words(sibling, 400))
    else:
        before.append(parent.text or "" if parent is not None else "")
    for sibling in time.itersiblings():
        if sibling.tag in BLOCKS:
            break
        after += [words(sibling, 400), sibling.tail or ""]
    return squeeze(" ".join([*reversed(before), words(time, 100), *after]))


def _near(region: HtmlElement, heading: HtmlElement) -> Iterator[HtmlElement]:
    """What stands in the two elements around the title."""
    at = heading.getparent()
    for _ in range(2):
        if at is None or at is region:
            return
        yield from at.iter()
        at = at.getparent()
