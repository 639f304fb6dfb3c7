"""The body's lines → HTML: paragraphs, sub-headings, lists."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from itertools import groupby

import syndicate.parse.plaintext.images as _images
from syndicate.notices import dates
from syndicate.parse.plaintext.lines import Line, heading
from syndicate.parse.plaintext.prose import ends, full_stop
from syndicate.text import fold


def own(lines: Sequence[Line], *, title: str | None, teaser: str | None) -> tuple[list[Line], list[str]]:
    """(the body's own lines, the picture lines among them): neither the title printed again nor the teaser repeated."""
    said = {fold(title)} if title else set()
    pictures: list[str] = []
    kept: list[Line] = []
    for at, line in enumerate(lines):
        if len(line.text) < 600 and fold(line.text) in said:
            continue
        if at == 0 and teaser and fold(line.text) == fold(teaser):
            continue
        if _picture(lines, at):
            pictures.append(line.text)
        else:
            kept.append(line)
    return _continued(kept), pictures


def html(lines: Sequence[Line]) -> str:
    """`<p>`, `<h2>` and `<ul>`, everything escaped; empty where there is no line."""
    parts = []
    for bulleted, run in groupby(enumerate(lines), key=lambda pair: pair[1].bullet):
        if bulleted:
            parts.append("<ul>" + "".join(f"<li>{escape(line.text, quote=False)}</li>" for _, line in run) + "</ul>")
            continue
        for at, line in run:
            tag = "h2" if is_heading(lines, at) else "p"
            parts.append(f"<{tag}>{escape(line.text, quote=False)}</{tag}>")
    return "\n".join(parts)


def is_heading(lines: Sequence[Line], at: int) -> bool:
    """A bare short line, no date, with running text or a list below it; another such line may stand between."""
    below = lines[at + 1 : at + 3]
    if not below or not heading(lines[at], below[0]) or dates.printed(lines[at].text):
        return False
    if len(below) > 1 and below[0].gap and heading(below[0], below[1]):
        below = below[1:]
    return below[0].bullet or ends(below[0].text) or full_stop(below[0].text) or len(below[0].text) > 110


def _picture(lines: Sequence[Line], at: int) -> bool:
    """A line of its own that ends in a bracket with a credit, or says `Symbolbild`."""
    text = lines[at].text
    if len(text) > 300 or not (_images.symbolic(text) or text.endswith((")", "]"))):
        return False
    return _images.plainly(text)


def _continued(lines: Sequence[Line]) -> list[Line]:
    """A line without bullet, below one and further in, goes on with it."""
    whole: list[Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        if last and last.bullet and not line.bullet and not line.gap and line.indent > last.indent:
            whole[-1] = replace(last, text=f"{last.text} {line.text}")
        else:
            whole.append(line)
    return whole
