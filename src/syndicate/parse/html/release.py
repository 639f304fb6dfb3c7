"""One release of a page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

from lxml.html import HtmlElement

import syndicate.parse.html.blocks as _blocks
import syndicate.parse.html.body as _body
import syndicate.parse.html.figures as _figures
import syndicate.parse.html.files as _files
import syndicate.parse.html.furniture as _furniture
import syndicate.parse.html.guess as _guess
import syndicate.parse.html.head as _head
import syndicate.parse.html.lists as _lists
import syndicate.parse.html.notices as _notices
import syndicate.parse.html.title as _title
from syndicate.errors import ParseError
from syndicate.model import Enclosure, Image, Item
from syndicate.notices import dates, embargo, kind, takes_back
from syndicate.parse.correction import corrects
from syndicate.parse.fields import names, plain
from syndicate.parse.html.metadata import Metadata
from syndicate.parse.html.select import Selection
from syndicate.parse.plaintext import prose, sentences
from syndicate.parse.tree import words
from syndicate.text import fold

SELECTED = ("title", "kicker", "teaser", "body", "date", "image", "author", "related")
_NO_RELEASE = re.compile(
    r"impressum|datenschutz(?:erklärung|hinweise?)?|(?:erklärung zur )?barrierefreiheit|sitemap|suche|"
    r"suchergebnisse?|kontakt|"
    r"anmeldung|login|stellen(?:angebot|anzeige|ausschreibung)e?|newsletter|rss(?:-feeds?)?|inhaltsverzeichnis",
    re.IGNORECASE,
)
_ENTRY = 800  # characters of a teaser, and of what else stands in a list
_ABOVE = 5  # elements right above the title
_TOLD = 60  # characters of running text: less is no release


def read(  # size: a page and what was read of it are no value yet
    root: HtmlElement,
    source: str,
    meta: Metadata,
    chosen: Selection,
    held: _notices.Held,
    *,
    url: str | None,
    base: str | None,
) -> Item | None:
    """None where the page is none of a release: it may be a list. `root` is changed; `held` was read before that."""
    given = _Given.of(root, chosen, meta)
    above = _printed_above(given.heading)
    _furniture.site(root, given.heading)
    blocks = _blocks.take(root, given.heading, chosen.css("related"))
    region = _body.region(root, given.heading)
    head = _head.read(region, given.heading)
    title = given.texts["title"] or head.title or _title.without_site(meta.titles, meta.site)
    if title and _NO_RELEASE.fullmatch(title):
        raise ParseError(f'"{title[:60]}" is a page of the site, not a release')
    if not given.bodies and _is_list(region, meta, given.heading, base):
        return None
    body = _read_body(root, region, head, given, chosen, meta, title, held[1])
    content = body.content
    if title and not _tells(content, body.teaser):
        content = _guess.guessed(source, url) or content
    dated, content = _dateline(content)
    if not title or not _tells(content, body.teaser):
        return None
    own, address = given.texts, meta.url
    teaser = body.teaser or _described(meta, title, content, given.pictures or body.images)
    kicker = own["kicker"] or head.kicker or _section(meta, title)
    return Item(
        url=address,
        base=base if base != address else None,
        kind=head.kind or _kind(meta),
        kicker=kicker if fold(kicker or "") != fold(title) else None,
        title=title,
        teaser=teaser,
        content=content,
        language=meta.language,
        published=own["date"] or _exact(meta.published, head.published or dated),
        updated=meta.updated or head.updated,
        embargo=held[0],
        authors=names([own["author"]] if own["author"] else [*meta.authors, *head.authors]),
        images=_figures.unique(given.pictures or body.images),
        enclosures=tuple({e.url: e for e in (*blocks.enclosures, *body.files)}.values()),
        related=tuple(r for r in blocks.related if fold(r.title) != fold(title)),
        contact=blocks.contact,
        corrects=corrects(title, teaser, content, base, (*filter(None, (head.kind, kicker)), *above)),
        license=meta.license,
        unmatched=given.unmatched,
    )


def _printed_above(heading: HtmlElement | None) -> tuple[str, ...]:
    """What stands right above the title, where a correction is announced."""
    before = () if heading is None else islice(heading.itersiblings(preceding=True), _ABOVE)
    return tuple(text for element in before if isinstance(element.tag, str) and (text := words(element, _ENTRY)))


@dataclass(slots=True)
class _Given:
    """What the operator's selectors find, and the title's element; read before anything is taken out."""

    texts: dict[str, str | None]
    pictures: list[Image]
    bodies: list[HtmlElement]
    heading: HtmlElement | None
    unmatched: tuple[str, ...]

    @classmethod
    def of(cls, root: HtmlElement, chosen: Selection, meta: Metadata) -> Self:
        heading = next(iter(chosen.elements(root, "title")), None)
        return cls(
            texts={name: chosen.text(root, name) for name in ("title", "kicker", "teaser", "date", "author")},
            pictures=[image for e in chosen.elements(root, "image") for image in _pictures(e)],
            bodies=chosen.elements(root, "body"),
            heading=heading if heading is not None else _title.heading(root, meta),
            unmatched=chosen.unmatched(root, SELECTED),
        )


@dataclass(slots=True)
class _Body:
    content: str | None
    teaser: str | None
    images: list[Image]
    files: list[Enclosure]


def _read_body(  # size: a page and what was read of it are no value yet
    root: HtmlElement,
    region: HtmlElement,
    head: _head.Head,
    given: _Given,
    chosen: Selection,
    meta: Metadata,
    title: str | None,
    notices: Sequence[str],
) -> _Body:
    """The text without title and head, and what it shows and hands out."""
    heading, bodies = given.heading, given.bodies
    for image in chosen.elements(region, "image"):
        _furniture.drop(image)
    before = () if bodies else _above(region, heading)
    read = [e for name in ("kicker", "teaser", "date", "author") for e in chosen.elements(root, name)]
    for used in (*head.used, *read):
        if heading is None or (used is not heading and used not in heading.iterancestors()):
            _furniture.drop(used)
    if not bodies:
        _body.begin(region, heading)
        bodies = _body.narrowed(region)
    teaser = given.texts["teaser"] or head.teaser or _lead(bodies, meta, title)
    images = [*before, *_body.pictured([region] if bodies[0] is not region else bodies)]
    files = [file for part in bodies for file in _files.files(part)]
    for part in bodies:
        _body.tidy(part, title=title, teaser=teaser, notices=notices)
    return _Body(_body.markup(bodies), teaser, images, files)


def _pictures(element: HtmlElement) -> list[Image]:
    holder = element.getparent() if element.tag == "img" and element.getparent() is not None else element
    return [image for _, image in _figures.pictures(holder if holder is not None else element)]


def _above(region: HtmlElement, heading: HtmlElement | None) -> list[Image]:
    """The pictures before the title: they go with what stands there."""
    if heading is None:
        return []
    before: set[HtmlElement] = set()
    for element in region.iter():
        if element is heading:
            break
        before.add(element)
    return [image for holder, image in _figures.pictures(region) if holder in before]


def _is_list(region: HtmlElement, meta: Metadata, heading: HtmlElement | None, base: str | None) -> bool:
    """Several entries; or one, whose title leads to the release, of which little is told here."""
    told = [(text, p) for p in region.iter("p") if (text := words(p, 2_000))]
    if meta.article and sum(len(text) for text, p in told if prose(text) and p.find(".//a") is None) > 400:
        return False
    if _lists.covers(region, heading):
        return True
    single = not meta.article and heading is not None and _lists.leads_away(heading, meta, base)
    return single and sum(len(text) for text, _ in told) < _ENTRY


def _lead(bodies: Sequence[HtmlElement], meta: Metadata, title: str | None) -> str | None:
    """The first paragraph, where the page's tags call it that, or where it is bold and others follow."""
    paragraphs = [p for part in bodies for p in part.iter("p", "h2", "h3", "div") if p.tag == "p" or not len(p)]
    said = ((p, words(p, 1_500)) for p in paragraphs)
    told = list(islice((p for p, text in said if (prose(text) or _bold(p)) and _leads(text)), 4))
    if not told:
        return None
    first = words(told[0], 1_500)
    stated = [text for text in (meta.teaser, meta.description) if text]
    if len(told) > 1 and any(_head.same(text, first) and len(text) > 30 for text in stated):
        whole = any(fold(text).rstrip(" .…") == fold(first).rstrip(" .…") for text in stated)
        return first if whole and len(first) < 800 else None
    if len(told) > 1 and _bold(told[0]) and 40 < len(first) < 800 and not _bold(told[1]):
        return first
    return None


def _leads(text: str) -> bool:
    """An embargo between teaser and text is neither."""
    return bool(text) and embargo.statement(text) is None


def _bold(paragraph: HtmlElement) -> bool:
    """All of it in bold type."""
    bold = sum(len(words(b)) for b in paragraph.iter("strong", "b") if b.getparent().tag not in ("strong", "b"))
    return bold > 30 and bold >= len(words(paragraph)) - 3


def _described(meta: Metadata, title: str, content: str | None, pictures: Iterable[Image]) -> str | None:
    """What the tags say of the release and the page does not print: no cut piece of the text, nothing of the site."""
    text = meta.teaser
    if not text or len(text) < 40 or len(text) > 600 or text.endswith(("…", "...")) or fold(text) == fold(title):
        return None
    if any(_head.same(text, said) for image in pictures for said in (image.alt, image.caption)):
        return None
    body = fold(plain(content or ""))
    if fold(text).rstrip(" .")[:80] in body or any(fold(name) in fold(text) for name in meta.site):
        return None
    long = set(re.findall(r"\w{6,}", fold(text)))
    known = sum(word in body or word in fold(title) for word in long)
    return text if long and 3 * known >= len(long) and sentences(text) < 5 else None


def _kind(meta: Metadata) -> str | None:
    """Some systems call the kind a section."""
    return meta.section if meta.section and kind.kind(meta.section) and kind.certain(meta.section) else None


def _section(meta: Metadata, title: str) -> str | None:
    text = meta.section
    if not text or len(text) > 80 or _title.generic(text) or any(fold(text) == fold(name) for name in meta.site):
        return None
    return text


def _exact(stated: Iterable[str], printed: str | None) -> str | None:
    """The first of several; of the same day one that has a time."""
    found = [*stated, *([printed] if printed else [])]
    if not found:
        return None
    day = found[0][:10]
    timed = (value for value in found if value[:10] == day and re.search(r"\d:\d\d", value))
    return found[0] if re.search(r"\d:\d\d", found[0]) else next(timed, found[0])


def _dateline(content: str | None) -> tuple[str | None, str | None]:
    """(the date that stands by itself above the text, what is left)"""
    first = re.match(r"\s*<p>([^<>]{6,80})</p>\s*", content or "")
    dated = dates.printed(plain(first[1])) if first else None
    return (dated, (content or "")[first.end() :]) if first and dated else (None, content)


def _tells(content: str | None, teaser: str | None) -> bool:
    said = plain(content or "")
    if takes_back(None, (said,)):
        return True  # short as it is, it is all that is left of a release
    return (len(said) >= _TOLD and (prose(said) or sentences(said) > 1)) or bool(teaser and prose(teaser) and said)
