"""Notices to the press on a page: an embargo, wherever near the head it stands, and a correction."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from syndicate.parse._correction import opening
from syndicate.parse._fields import is_embargo_field, plain, stated_embargo
from syndicate.parse._tree import lines
from syndicate.parse.html._metadata import Metadata
from syndicate.parse.page import notices as _notices
from syndicate.parse.page import paragraph, prose

Held = tuple[str | None, list[str]]
_MOST = 3_000  # lines


def embargo(root: HtmlElement, meta: Metadata) -> Held:
    """(what stands behind `Sperrfrist:`, the lines that said so). Of two ends both are given: a person decides."""
    found: list[str] = []
    said: list[str] = []
    for line, value in _stated(root):
        said.append(line)
        if value not in found:
            found.append(value)
    for name, values in meta.tags.items():
        if is_embargo_field(name):
            found += [v for value in values if (v := stated_embargo(value)) and v not in found]
    whole = [value for value in found if not any(value in other and value != other for other in found)]
    return "; ".join(whole) or None, said


def _stated(root: HtmlElement) -> Iterator[tuple[str, str]]:
    told = lines(root)[:_MOST]
    for at, line in enumerate(told):
        value = _notices.embargo(line)
        if value is not None and _notices.titled(value):
            value = _notices.titled(value)[1]  # type: ignore[index]  # asked right above
        elif value is None and not paragraph(line) and (inside := _notices.embargo_inside(line)):
            value = inside[1] or "Sperrfrist"
        if value is None:
            continue
        below = told[at + 1] if at + 1 < len(told) else ""
        if not value and below and not prose(below) and _notices.timed(below):
            yield line, below
            yield below, below
        else:
            yield line, value or line.strip(" :!*+#()[]–-")


def corrects(
    kicker: str | None, title: str | None, teaser: str | None, content: str | None, kind: str | None
) -> str | None:
    """What a page says of the earlier release that it puts right, as it is printed above or below its text."""
    texts = [kind or "", kicker or "", title or "", teaser or "", plain(opening(content) or "")]
    notices = [notice for text in texts if text and (notice := _notices.correction(text))]
    said = next((words for _, words in notices if words and _notices.refers(words)), None)
    said = said or next((text for text in texts if notices and _notices.refers(text)), None)
    if said or not notices:
        return said
    return next((words for _, words in notices if words), None)
