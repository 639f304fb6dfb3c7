"""Pictures of a page: the largest address, description, caption and credit, each by itself."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from syndicate.markup import largest, of_sources, stated
from syndicate.model import Image
from syndicate.parse.html.pieces import called
from syndicate.parse.plaintext import images as _images
from syndicate.parse.plaintext import marks, prose
from syndicate.parse.tree import lines, words
from syndicate.text import fold, squeeze

_NO_PICTURE = re.compile(
    r"(?:^|[\s/_-])(?:logo|icon|icons|sprite|avatar|emoji|wappen|favicon|badge|flag|arrow|pfeil|button|btn|qr-?code|"
    r"ornament)"
    r"(?:$|[\s/_.-])",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:copyright|copyrights|credits?|creditline|photo-?credit|image-?credit|source|sources|quelle|"
    r"bildquelle|"
    r"fotograf|photographer|foto-?credit|bildnachweis|bild-?rechte|rights|rechte|urheber|lizenz|license|author|byline|"
    r"attribution|copyrightholder|copyright-?holder|creator)(?:$|[\s_-])"
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|captions|image-?caption|imagecaption|figcaption|wp-caption-text|bild-?unterschrift|"
    r"bildtext|"
    r"bu|bildbeschreibung|img-?caption|media-?caption|picture-?text|legend|subline|description)(?:$|[\s_-])"
)
_HOLDER = re.compile(
    r"(?:^|[\s_-])(?:image|img|picture|bild|photo|foto|media|figure|teaserbild|wp-caption|textpic-image|"
    r"gallery-item|slide|"
    r"ce-media|csc-textpic-image|visual|stage)(?:$|[\s_-])"
)
_ENLARGE = re.compile(
    r"(?:bild|foto|image|grafik|vollbild|lupe)?\W*(?:vergrößern|herunterladen|download|öffnen|zoom)\W*", re.I
)
_COUNTER = re.compile(r"^(?:(?:bild|foto) )?\d{1,3} ?(?:/|von|of) ?\d{1,3}[\s:.|–-]+(?=\D)", re.I)
_MOST = 2_000  # pictures of one page that are looked at
_TOGETHER = 12  # pictures: what holds as many is no figure
_SMALL = 60  # pixels
_LONG = 400  # characters of a paragraph: no caption
_LINES = ("p", "div", "span", "small", "em")


def pictures(part: HtmlElement) -> list[tuple[HtmlElement, Image]]:
    """(the element that holds picture and words, the picture) of each, in document order; neither icons nor logos."""
    found: list[tuple[HtmlElement, Image]] = []
    taken: set[tuple[HtmlElement | None, str | None]] = set()  # once more beside it: for readers without scripts
    held: dict[HtmlElement, int] = {}
    for image in islice(part.iter("img"), _MOST):
        url = address(image)
        if (image.getparent(), url) in taken or _unwanted(image, url):
            continue
        holder = _holder(image, part, held)
        several = _many(holder, held) > 1
        taken.add((image.getparent(), url))
        found.append((holder, _read(image, url, None if several and holder.tag != "figure" else holder)))
    return found


def first(part: HtmlElement) -> Image | None:
    """The picture of an entry of a list; its words, where no address is known."""
    return next((image for _, image in pictures(part)), None)


def address(image: HtmlElement) -> str | None:
    """As it is written: of the sizes that a page offers the largest, a placeholder never."""
    best = largest(image.attrib)
    if not best and not stated(image.attrib):
        best = of_sources(source.attrib for source in _sources(image))
    return best or stated(image.attrib)


def _sources(image: HtmlElement) -> Iterator[HtmlElement]:
    parent = image.getparent()
    return parent.iter("source") if parent is not None and parent.tag == "picture" else iter(())


def _unwanted(image: HtmlElement, url: str | None) -> bool:
    if not url or re.search(r"\.svg(?:$|[?#])", url, re.IGNORECASE):
        return True
    sizes = [int(m[0]) for side in ("width", "height") if (m := re.match(r"\d{1,5}", image.get(side) or ""))]
    if sizes and max(sizes) < _SMALL:
        return True
    return bool(_NO_PICTURE.search(f"{called(image)} {url.rpartition('/')[2]}")) or image.get("role") == "presentation"


def _many(element: HtmlElement, held: dict[HtmlElement, int]) -> int:
    """How many pictures it holds, up to `_TOGETHER`; `held` is what is known of others."""
    if element not in held:
        held[element] = sum(1 for _ in islice(element.iter("img"), _TOGETHER))
    return held[element]


def _holder(image: HtmlElement, part: HtmlElement, held: dict[HtmlElement, int]) -> HtmlElement:
    """The figure around a picture, or what serves as one: it has a caption or a credit and no running text."""
    best = image
    for above in image.iterancestors():
        if (
            above is part
            or above.tag in ("body", "main")
            or (above.tag == "article" and not _HOLDER.search(called(above)))
        ):
            break
        if above.tag == "figure":
            return above
        many = _many(above, held)
        if many == _TOGETHER or (many > 1 and best is not image):
            break
        if _runs(above) or above.find(".//h1") is not None:
            break
        if (
            above.tag == "picture"
            or (above.tag in ("a", "span") and not words(above))
            or _HOLDER.search(called(above))
            or _labelled(above)
        ):
            best = above
        elif above.tag in ("p", "li", "td"):
            said = words(above, 300)
            best = above if not said or _images.credit_line(said) or _images.credited(said)[1] else best
            break
    return _with_line(best)


def _runs(element: HtmlElement) -> bool:
    """Does it hold running text, besides what says that it is a picture's words?"""
    told = [p for p in element.iter("p", "blockquote", "li") if not _carried(p, element)]
    long = [words(p, _LONG + 100) for p in told]
    named = bool(_HOLDER.search(called(element)))
    return (
        any(len(text) > _LONG for text in long)
        or sum(map(prose, long)) > (1 if named else 0)
        or (not named and any(element.find(f".//{tag}") is not None for tag in ("h2", "h3")))
    )


def _carried(text: HtmlElement, top: HtmlElement) -> bool:
    """Does it, or what it stands in, say that it is a caption or a credit, or a picture's box?"""
    inside = (e for e in (text, *text.iterancestors()) if e is not top and top in e.iterancestors())
    return any(
        _CREDIT.search(called(e)) or _CAPTION.search(called(e)) or _HOLDER.search(called(e)) for e in inside
    ) or bool(_images.credit_line(words(text, 300)))


def _with_line(holder: HtmlElement) -> HtmlElement:
    """The picture with the caption and credit that stand right behind it and are called so, as one figure."""
    if holder.tag == "body" or (holder.tail or "").strip() or _labelled(holder):
        return holder
    behind = [e for e in islice(holder.itersiblings(), 2) if isinstance(e.tag, str)]
    beside: list[HtmlElement] = []
    for element in behind:
        named = _CREDIT.search(called(element)) or _CAPTION.search(called(element))
        said = words(element, 400)
        if element.tag not in _LINES or not said or len(said) > 300 or element.find(".//img") is not None:
            break
        if not (_images.credited(said)[1] if _CREDIT.search(called(element)) else named):
            break
        beside.append(element)
        if (element.tail or "").strip():
            break
    if not beside:
        return holder
    figure = holder.makeelement("figure")
    holder.addprevious(figure)
    figure.append(holder)
    figure.extend(beside)
    figure.tail, beside[-1].tail = beside[-1].tail, None
    return figure


def _labelled(element: HtmlElement) -> bool:
    return any(_CREDIT.search(called(e)) or _CAPTION.search(called(e)) for e in element.iterdescendants())


def _read(image: HtmlElement, url: str | None, holder: HtmlElement | None) -> Image:
    alt, credit = _images.credited(squeeze(image.get("alt") or ""))
    told, stated = _words_of(holder) if holder is not None else ([], None)
    caption = None
    for line in told:
        shown, named = _images.credited(line)
        stated = stated or named
        if named is None and caption and _images.credit_line(line) and not stated:
            stated = _bare(line)
        elif shown:
            caption = f"{caption} {shown}" if caption else shown
    stated = stated or credit or _attributes(image)
    return Image(url, alt or None, caption, stated)


def _words_of(holder: HtmlElement) -> tuple[list[str], str | None]:
    """(the caption's lines, the credit where an element says that it is one)."""
    credits = [e for e in holder.iterdescendants() if _CREDIT.search(called(e)) and e.tag != "img"]
    outermost = [e for e in credits if not any(above in credits for above in e.iterancestors())]
    # `source` and `author` may name what holds both
    outermost = [e for e in outermost if not any(_CAPTION.search(called(c)) for c in e.iterdescendants())]
    said = [line for e in outermost for line in lines(e)]
    rest = lines(holder)
    for line in said:
        rest = _without(rest, line)
    told = [_COUNTER.sub("", line) for line in rest]
    captions = [line for line in told if not (_ENLARGE.fullmatch(line) or marks.noise(line))]
    return captions, next((found for line in said if (found := _bare(line))), None)


def _without(told: list[str], said: str) -> list[str]:
    """The lines without what was read as the credit; it may stand on the caption's own line."""
    for at, line in enumerate(told):
        if said in line:
            left = (line[: line.rindex(said)] + line[line.rindex(said) + len(said) :]).strip(" ()[]|/,;–-")
            left = re.sub(r"\W*(?:Bild|Foto|Quelle|Copyright|©)\W*$", "", left)
            return [*told[:at], *([left] if left else []), *told[at + 1 :]]
    return told


def _bare(credit: str) -> str | None:
    """A credit without label, brackets and sign."""
    credit = credit.strip(" ()[]")
    shown, named = _images.credited(credit)
    return named if named and not shown else _images.credited(f"Bild: {credit}")[1]


def _attributes(image: HtmlElement) -> str | None:
    for name in ("data-copyright", "data-credit", "data-source", "data-author"):
        if stated := squeeze(image.get(name) or ""):
            return _bare(stated)
    shown, named = _images.credited(squeeze(image.get("title") or ""))
    return named if named and (not shown or fold(shown) == fold(image.get("alt") or "")) else None


def unique(images: Iterable[Image]) -> tuple[Image, ...]:
    """Each once: a slider and its thumbnails show the same."""
    found: dict[str, Image] = {}
    for image in images:
        key = re.sub(r"[?#].*", "", image.url or image.alt or "")
        found.setdefault(key, image)
    return tuple(found.values())
