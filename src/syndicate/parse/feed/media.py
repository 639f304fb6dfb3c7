"""The pictures and films of a feed's entry: Media RSS 1.5, itunes:image, RSS 2.0 enclosures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from syndicate.model import Enclosure, Image
from syndicate.parse.feed.element import Element, joined, local, vocabulary, words
from syndicate.parse.feed.xml import Entry
from syndicate.parse.fields import MOST, length, plain, plain_title
from syndicate.text import squeeze
from syndicate.urls import without_query

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def images(entry: Entry, title: str | None) -> tuple[Image, ...]:
    """Each picture once, with caption (media:title), alt (media:description) and credit.

    What a media:group or the entry states of all its media holds for each that states nothing itself. A thumbnail
    counts where there is no larger picture. `title` is the entry's: repeated as media:title it is no caption.
    """
    shared = _described(entry.media, Image())
    found = [image for element in _widest(entry.media) for image in _pictures(element, shared)]
    if not found:
        inner = (child for content in _contents(entry.media) for child in content)
        found = [replace(shared, url=url) for url in _thumbnails([*entry.media, *inner])][:1]
    found += [Image(url=url) for url in _plain_images(entry.element)]
    pictures: dict[str, Image] = {}
    for image in found:
        url = joined(entry.base, image.url or "")
        pictures.setdefault(url, replace(image, url=url, caption=None if image.caption == title else image.caption))
    return tuple(pictures.values())[:MOST]


def attachments(entry: Entry) -> tuple[Enclosure, ...]:
    """Films, sounds and documents among an entry's media:content."""
    return tuple(
        Enclosure(
            joined(entry.base, _attribute(content, "url")),
            content.get("type"),
            length(content.get("fileSize")),
            _described(content, Image()).caption,
        )
        for content in _contents(entry.media)
        if _attribute(content, "url") and not _is_picture(content)
    )[:MOST]


def said(entry: Entry, name: str) -> str | None:
    """media:title or media:description of the entry as a whole: all that there is, in the feeds of film portals."""
    grouped = (child for group in entry.media if media(group) == "group" for child in group)
    return next((text for e in (*entry.media, *grouped) if media(e) == name and (text := _text(e))), None)


def categories(entry: Entry) -> list[str]:
    """media:category and media:keywords, of the entry or of its media."""
    found: list[str] = []
    for element in entry.media[:MOST]:
        for child in (element, *element.iterdescendants()):
            name = media(child)
            if name == "category":
                found.append(plain_title(child.get("label") or words(child)))
            elif name == "keywords":
                found += plain_title(words(child)).split(",")
    return found


def media(element: Element) -> str:
    """The name of a Media RSS element; empty: it is none."""
    namespace, _, name = element.tag.rpartition("}") if isinstance(element.tag, str) else ("", "", "")
    return name.lower() if vocabulary(namespace[1:]) == "media" else ""


def is_picture(url: str, kind: str | None) -> bool:
    """Is an enclosure a picture? By its media type; by its name where it has none."""
    return kind.lower().startswith("image/") if kind else url.split("?")[0].lower().endswith(_PICTURES)


def _pictures(element: Element, shared: Image) -> Iterator[Image]:
    """The picture of a media:content; of a media:group, whose contents are renditions of one, the default one."""
    if media(element) == "content" and _is_picture(element):
        if url := _attribute(element, "url") or next(_thumbnails(element), None):
            yield replace(_described(element, shared), url=url)
    elif media(element) == "group":
        shared = _described(element, shared)
        renditions = [e for e in _contents([element]) if _is_picture(e) and _attribute(e, "url")]
        if renditions:
            best = max(renditions, key=lambda e: (e.get("isDefault") == "true", length(e.get("width")) or 0))
            yield replace(_described(best, shared), url=_attribute(best, "url"))
        elif url := next(_thumbnails(element), None):
            yield replace(shared, url=url)


def _widest(elements: tuple[Element, ...]) -> Iterator[Element]:
    """Without the narrower of pictures that differ in their address's query and in width alone."""
    widths: dict[str, int] = {}
    for element in elements:
        if width := length(element.get("width")):
            address = without_query(_attribute(element, "url"))
            widths[address] = max(width, widths.get(address, 0))
    for element in elements:
        width = length(element.get("width"))
        if not width or width == widths[without_query(_attribute(element, "url"))]:
            yield element


def _contents(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        if media(element) == "group":
            yield from (child for child in element if media(child) == "content")
        elif media(element) == "content":
            yield element


def _is_picture(content: Element) -> bool:
    if medium := content.get("medium"):
        return medium.lower() == "image"
    return is_picture(_attribute(content, "url"), content.get("type"))


def _thumbnails(elements: Iterable[Element]) -> Iterator[str]:
    return (url for e in elements if media(e) == "thumbnail" and (url := _attribute(e, "url") or words(e)))


def _plain_images(element: Element) -> Iterator[str]:
    """itunes:image (href), and the `<image>` of RSS dialects: an address, or one in `<url>`."""
    for child in element:
        if local(child) == "image":
            inner = next((words(u) for u in child if local(u) == "url"), words(child))
            if (url := _attribute(child, "href") or inner) and " " not in url:
                yield url


def _described(elements: Iterable[Element], default: Image) -> Image:
    """What the media:title, description and credit among `elements` say; what they leave out is as in `default`."""
    stated: dict[str, str] = {}
    credit: dict[str, None] = {}
    for child in elements:
        name = media(child)
        if name in ("title", "description", "credit") and (text := _text(child)):
            if name == "credit":
                credit[text] = None
            else:
                stated.setdefault(name, text)
    return Image(
        alt=stated.get("description", default.alt),
        caption=stated.get("title", default.caption),
        credit=", ".join(credit) or default.credit,
    )


def _text(element: Element) -> str:
    return plain(words(element)) if element.get("type") == "html" else words(element)


def _attribute(element: Element, name: str) -> str:
    return squeeze(element.get(name) or "")
