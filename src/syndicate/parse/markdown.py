"""A release as a Markdown file: front matter and a CommonMark body (interface: A release as a Markdown file)."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from syndicate.errors import ParseError
from syndicate.model import Contact, Enclosure, Image, Item, Related
from syndicate.notices import contact, is_embargo_key, keys
from syndicate.parse.correction import corrects
from syndicate.parse.fields import length
from syndicate.parse.frontmatter import split
from syndicate.parse.stated import Stated
from syndicate.parse.told import Told, told
from syndicate.text import squeeze

_MARKDOWN = MarkdownIt("commonmark")
_KEY = re.compile(r"[\W_]*(\w[\w -]{1,30}):\s")
_FENCED = re.compile(
    r"\s*[-–—*_=~+.]{1,4}[ \t]*\n[ \t]*(\w[\w -]{1,30}):\s[^\n]*\n[-–—*_=~+.]{1,4}[ \t]*\n"
)  # one key alone
_BEGINNING, _KEYS = 4_000, 8  # characters, and lines of them, where front matter may stand
_ADDRESS = re.compile(r"^[a-z]+:|/.*\.|\.[a-z0-9]{2,5}$", re.IGNORECASE)


def read(text: str, url: str | None = None) -> tuple[Item, ...]:
    """The one release in the file. Without a `title`, the first heading of the first rank is the title.

    Raises ParseError for front matter that cannot be read (naming the line), for a value of the wrong kind (naming key,
    value and what is allowed), for a key that is nearly one that decides what is published, and where there is neither
    a title nor a text; one that is taken back needs none.
    """
    fields, body = split(re.sub(r"\r\n?", "\n", text))
    stated = Stated(_between_fences(fields, body))
    stated.refuse_nearly_known()
    title, content = _body(body, stated.text("title"))
    teaser = stated.text("teaser")
    page = stated.text("url") or url
    topics = stated.names("topics")
    stated.refuse_draft()
    within = Told(content) if stated.all("kind") or stated.all("contact") else told(content)
    item = Item(
        id=stated.text("id"),
        url=page,
        kind=stated.text("kind") or within.kind,
        kicker=stated.text("kicker") or (topics[0] if topics else None),
        title=title,
        teaser=teaser,
        content=within.content,
        language=stated.text("language"),
        published=stated.moment("date") or stated.moment("published") or within.published,
        updated=stated.moment("updated"),
        embargo=stated.embargo(),
        categories=stated.names("categories"),
        topic_names=topics,
        authors=stated.names("author", within="name"),
        images=stated.several(_image, "image", keys.IMAGE),
        enclosures=stated.several(_enclosure, "enclosures", keys.ENCLOSURE),
        related=stated.several(_related, "related", keys.RELATED),
        contact=_contact(stated) or within.contact,
        corrects=stated.text("corrects") or corrects(title, teaser, content, page),
        license=stated.text("license"),
        withdrawn=stated.flag("withdrawn"),
        reason=stated.text("reason"),
        notes=stated.unknown(),
    )
    if not (title or teaser or content or item.withdrawn):
        raise ParseError("holds neither a title nor a text")
    return (item,)


def _between_fences(fields: dict[str, Any] | None, body: str) -> dict[str, Any]:
    """Front matter between other lines than `---`, or between none, would be the text, and its first line the title."""
    if fields is not None:
        return fields
    lines = [line for line in body[:_BEGINNING].split("\n") if re.search(r"\w", line)][:_KEYS]
    names = [named[1] for line in lines if (named := _KEY.match(line))]
    found = [keys.RELEASE.key(name) or is_embargo_key(name) for name in names]
    fenced = _FENCED.match(body)
    if ("title" in found and sum(map(bool, found)) > 1) or (fenced and keys.RELEASE.key(fenced[1])):
        raise ParseError("begins with the keys of front matter, which stands between two lines of ---")
    return {}


def _contact(stated: Stated) -> Contact | None:
    for name, value in stated.all("contact"):
        if value is None or isinstance(value, str):
            said = squeeze(value or "")
            return (contact.contact(said.split(", ")) or Contact(name=said)) if said else None
        if not isinstance(value, dict):
            raise stated.wrong(name, value, "a table with name, email and phone")
        part = stated.part(name, value, keys.CONTACT)
        found = Contact(part.text("name"), part.text("email"), part.text("phone"))
        stated.notes += part.unknown()
        return found
    return None


def _image(part: Stated, alone: str | None) -> Image:
    source = part.text("source")  # `Quelle: dpa` is who made it, `Quelle: bild.jpg` where it is
    address = source if source and _ADDRESS.search(source) else None
    credit = part.text("credit") or (source if source and not address else None)
    image = Image(alone or part.text("src") or address, part.text("alt"), part.text("caption"), credit)
    if image == Image():
        raise ParseError(f"{part.inside}src: an image needs an address")
    return image


def _enclosure(part: Stated, alone: str | None) -> Enclosure:
    url = alone or part.text("url")
    if not url:
        raise ParseError(f"{part.inside}url: an attachment needs an address")
    stated = part.take("length")
    if stated is not None and length(stated) is None:
        raise part.wrong("length", stated, "a number of bytes")
    return Enclosure(url, part.text("type"), length(stated), part.text("title"))


def _related(part: Stated, alone: str | None) -> Related:
    title = alone or part.text("title")
    if not title:
        raise ParseError(f"{part.inside}title: a related release needs a title")
    return Related(title=title, topic=part.text("topic"), url=part.text("url"), teaser=part.text("teaser"))


def _body(body: str, stated: str | None) -> tuple[str | None, str | None]:
    """Title and content."""
    heading, tokens = _without_title(_MARKDOWN.parse(body), stated)
    return stated or heading, _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}).strip() or None


def _without_title(tokens: Sequence[Token], title: str | None) -> tuple[str | None, list[Token]]:
    """The first heading of the first rank, taken out of the body; where there is a title, only one that repeats it."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            words = squeeze(_words(tokens[at + 1].children or ()))
            if words and title in (None, words):
                return words, [*tokens[:at], *tokens[at + 3 :]]
            break
    return None, list(tokens)


def _words(tokens: Sequence[Token]) -> str:
    """The text of inline tokens."""
    parts = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type in ("text", "code_inline", "text_special"):
            parts.append(token.content)
        elif token.children:
            parts.append(_words(token.children))
    return "".join(parts)
