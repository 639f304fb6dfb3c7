"""The release's own text: where it stands on the page, and what of that is none of it."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from lxml import etree, html
from lxml.html import HtmlElement

import syndicate.parse.html.figures as _figures
import syndicate.parse.html.furniture as furniture
import syndicate.parse.html.tail as tail
from syndicate.markup import BLOCKS
from syndicate.model import Image
from syndicate.notices import embargo
from syndicate.parse.html.head import same
from syndicate.parse.html.names import BODY, GALLERY
from syndicate.parse.html.pieces import called
from syndicate.parse.plaintext import prose
from syndicate.parse.tree import words
from syndicate.text import fold

_SOME = 200  # characters of running text: enough to be a release's
_TEXT_BLOCKS = ("p", "li", "blockquote", "h2", "h3", "h4", "h5", "h6", "div", "span", "td", "dd", "dt")
_EMPTY_FINE = frozenset({"br", "hr", "img", "td", "th", "col", "source", "video", "audio"})
_ENDS_RUN = BLOCKS - {"br"} | {"picture", "img"}
_BREAK = re.compile(r"<br[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_END = re.compile(r"[-–—*+#\s]*(?:ende|end)[-–—*+#\s]*", re.IGNORECASE)


def weights(root: HtmlElement) -> dict[HtmlElement, int]:
    """Of each element how much text it holds that is no link's."""
    found: dict[HtmlElement, int] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        own = 0 if element.tag == "a" else len((element.text or "").strip())
        for child in element:
            own += (found.get(child, 0) if element.tag != "a" else 0) + len((child.tail or "").strip())
        found[element] = own
    return found


def region(root: HtmlElement, heading: HtmlElement | None) -> HtmlElement:
    """The part of the page that holds title and text: the smallest around the title with most of what is told."""
    weight = weights(root)
    body = next(iter(root.iter("body")), root)
    if heading is None:
        marked = [e for e in (*root.iter("article"), *root.iter("main")) if weight[e] > _SOME]
        return max(marked, key=lambda e: weight[e]) if marked else _densest(body, weight)
    title = weight.get(heading, 0)
    for above in heading.iterancestors():
        told = weight.get(above, 0) - title
        likely = above.tag in ("article", "main") or above.get("role") in ("main", "article")
        if told >= 0.55 * (weight[body] - title) or (likely and told >= max(_SOME, 0.3 * (weight[body] - title))):
            return above
        if above is body:
            break
    return body


def _densest(part: HtmlElement, weight: dict[HtmlElement, int]) -> HtmlElement:
    """The smallest element that still holds most of what is told."""
    least = 0.7 * weight[part]
    while (
        inner := next((child for child in part if weight.get(child, 0) >= least), None)
    ) is not None and inner.tag != "p":
        part = inner
    return part


def begin(part: HtmlElement, heading: HtmlElement | None) -> None:
    """Take out the title, and what stands before it."""
    if heading is None:
        return
    at = heading
    while at is not part and (parent := at.getparent()) is not None:
        for before in list(at.itersiblings(preceding=True)):
            parent.remove(before)
        parent.text = None
        at = parent
    if heading is not part:
        furniture.drop(heading)


def narrowed(part: HtmlElement) -> list[HtmlElement]:
    """The elements that are marked as the body, where they hold most of what is told; else the part itself."""
    weight = weights(part)
    marked = [e for e in part.iter() if "articlebody" in (e.get("itemprop") or "").lower()]
    named = [e for e in part.iter("div", "section", "span") if BODY.search(called(e))]
    for found, share in ((marked, 0.5), (named, 0.8)):
        outer = [e for e in found if not any(above in found for above in e.iterancestors())]
        if outer and sum(weight[e] for e in outer) >= share * weight[part]:
            return outer
    return [part]


def tidy(part: HtmlElement, *, title: str | None, teaser: str | None, notices: Iterable[str]) -> None:
    """Take out galleries, furniture in words, the title and the teaser said again, what was read as an embargo."""
    for element in list(part.iter("div", "section", "ul", "ol")):
        if GALLERY.search(called(element)) and element is not part and not _told(element):
            furniture.drop(element)
    said = {fold(text) for text in (title, *notices) if text}
    first = True
    for element in list(part.iter(*_TEXT_BLOCKS)):
        if element.getparent() is None or element is part or any(c.tag in BLOCKS for c in element.iterdescendants()):
            continue
        text = words(element, 3_000)
        if not text:
            continue
        if _unsaid(text, said) or (first and teaser and same(text, teaser)):
            _remove(element, part)
            continue
        first = first and not prose(text)
    tail.cut(part)
    _empty(part)


def _unsaid(text: str, said: set[str]) -> bool:
    return (
        furniture.noise(text) or bool(_END.fullmatch(text)) or (len(text) < 600 and fold(text) in said)
        or embargo.lifted(text)
    )  # fmt: skip


def _remove(element: HtmlElement, part: HtmlElement) -> None:
    """An inline one only where nothing else stands beside it."""
    parent = element.getparent()
    if element.tag == "span" and parent is not None and parent is not part and words(parent) != words(element):
        return
    furniture.drop(element)


def _empty(part: HtmlElement) -> None:
    """What held something that is gone."""
    for element in reversed(list(part.iter())):
        if element is part or element.tag in _EMPTY_FINE or (element.text or "").strip() or _filled(element):
            continue
        furniture.drop(element)


def _filled(element: HtmlElement) -> bool:
    return next(element.iterchildren(), None) is not None


def _told(element: HtmlElement) -> bool:
    return any(prose(words(p, 500)) for p in element.iter("p"))


# --- pictures ---------------------------------------------------------------------------------------------------------


def pictured(parts: Sequence[HtmlElement]) -> list[Image]:
    """The pictures of the body. One between paragraphs that has no words of its own keeps its place; others leave it.

    Caption and credit are no part of the text, and a picture is shown with them where it is not in the text.
    """
    found = []
    for part in parts:
        inside = _prosaic(part)
        for holder, image in _figures.pictures(part):
            found.append(image)
            if holder is part or holder.getparent() is None:
                continue
            if not (image.caption or image.credit) and _between(holder, part, inside):
                _replace(holder, image)
            else:
                furniture.drop(holder)
        for left in list(part.iter("img")):
            if left.attrib.pop("data-kept", None) is None:
                furniture.drop(left)
    return found


def _prosaic(part: HtmlElement) -> set[HtmlElement]:
    """What stands behind the first paragraph of running text and before the last one."""
    order = list(part.iter())
    told = [at for at, e in enumerate(order) if e.tag in ("p", "li", "blockquote") and prose(words(e, 500))]
    return set(order[told[0] : told[-1]]) if told else set()


def _between(holder: HtmlElement, part: HtmlElement, inside: set[HtmlElement]) -> bool:
    """Is running text before and behind it, and no gallery around it?"""
    return holder in inside and not any(
        GALLERY.search(called(above)) for above in holder.iterancestors() if above is not part
    )


def _replace(holder: HtmlElement, image: Image) -> None:
    figure = holder.makeelement("figure")
    etree.SubElement(figure, "img", {"src": image.url or "", "alt": image.alt or "", "data-kept": "1"})
    figure.tail = holder.tail
    parent = holder.getparent()
    if parent is not None:
        parent.replace(holder, figure)


# --- HTML -------------------------------------------------------------------------------------------------------------


def markup(parts: Sequence[HtmlElement]) -> str | None:
    """What stands in the parts, as HTML."""
    return "\n".join(filter(None, map(_inner, parts))) or None


def _inner(part: HtmlElement) -> str:
    """The children as they are; bare text between them is put in paragraphs, which two line breaks end."""
    blocks: list[str] = []
    run: list[str] = [escape(part.text or "", quote=False)]
    for child in part:
        if child.tag in _ENDS_RUN or any(inner.tag in _ENDS_RUN for inner in child.iterdescendants()):
            blocks += _paragraphs(run)
            blocks.append(html.tostring(child, encoding="unicode", with_tail=False).strip())
            run = []
        else:
            run.append(html.tostring(child, encoding="unicode", with_tail=False))
        run.append(escape(child.tail or "", quote=False))
    return "\n".join([*blocks, *_paragraphs(run)])


def _paragraphs(run: Sequence[str]) -> list[str]:
    told = "".join(run).strip()
    if not told:
        return []
    found: list[list[str]] = [[]]
    for line in map(str.strip, _BREAK.split(told)):
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    parts = ("<br>".join(lines) for lines in found if lines)
    return [f"<p>{part}</p>" if _TAG.sub("", part).strip() else part for part in parts]
