"""A release as a Markdown file: front matter and a CommonMark body (interface: A release as a Markdown file)."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from syndicate.errors import ParseError
from syndicate.model import Contact, Enclosure, Image, Item, Related
from syndicate.notices import is_embargo_key, says_embargo, stated_embargo
from syndicate.parse.correction import corrects
from syndicate.parse.fields import MOST, length, names
from syndicate.parse.frontmatter import split
from syndicate.parse.told import Told, told
from syndicate.text import squeeze

_MARKDOWN = MarkdownIt("commonmark")
_YES = {"true": True, "yes": True, "ja": True, "false": False, "no": False, "nein": False, "": False}


def read(text: str, url: str | None = None) -> tuple[Item, ...]:
    """The one release in the file. Without a `title`, the first heading of the first rank is the title.

    Raises ParseError for front matter that cannot be read (naming the line), for a value of the wrong kind (naming key,
    value and what is allowed), and where there is neither a title nor a text.
    """
    fields, body = split(re.sub(r"\r\n?", "\n", text))
    stated = _Stated(fields or {})
    title, content = _body(body, stated.text("title"))
    teaser = stated.text("teaser")
    page = stated.text("url") or url
    topics = stated.names("topic", "topics")
    stated.refuse_draft()
    within = Told(content) if stated.fields.keys() & {"kind", "contact"} else told(content)
    item = Item(
        id=stated.text("id"),
        url=page,
        kind=stated.text("kind") or within.kind,
        kicker=stated.text("kicker") or (topics[0] if topics else None),
        title=title,
        teaser=teaser,
        content=within.content,
        language=next(filter(None, [stated.text("language"), stated.text("lang")]), None),
        published=stated.moment("date") or stated.moment("published") or within.published,
        updated=stated.moment("updated"),
        embargo=stated.embargo(),
        categories=stated.names("categories", "tags"),
        topic_names=topics,
        authors=stated.names("author", "authors", within="name"),
        images=stated.several(_image, "image", "images"),
        enclosures=stated.several(_enclosure, "enclosures"),
        related=stated.several(_related, "related"),
        contact=stated.contact() or within.contact,
        corrects=stated.text("corrects") or corrects(title, teaser, content, page),
        license=stated.text("license"),
        withdrawn=stated.flag("withdrawn"),
        reason=stated.text("reason"),
        notes=stated.unknown(),
    )
    if not (title or teaser or content):
        raise ParseError("holds neither a title nor a text")
    return (item,)


_NOT_YET = {"false", "no", "nein", "0", "off"}
_STATUS = {"published", "publish", "public", "final", "veröffentlicht", "freigegeben", "live", "ok"}


class _Stated:
    """Front matter, asked key by key; what nobody asked for is unknown."""

    def __init__(self, fields: dict[str, Any], inside: str = "") -> None:
        self.inside = inside
        self.asked: set[str] = set()
        self.notes: list[str] = []
        self.fields: dict[str, Any] = {}
        for key, value in fields.items():
            name = str(key).strip().lower().replace("-", "_")
            if name in self.fields:
                raise ParseError(f"{inside}{name}: is there twice")
            self.fields[name] = value

    def take(self, key: str) -> Any:
        self.asked.add(key)
        return self.fields.get(key)

    def text(self, key: str) -> str | None:
        return self.words(key, self.take(key))

    def words(self, key: str, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return squeeze(str(value)) or None
        raise self.wrong(key, value, "a text (in quotation marks)")

    def wrong(self, key: str, value: Any, allowed: str) -> ParseError:
        shown = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
        return ParseError(f"{self.inside}{key}: {shown[:80]} is not {allowed}")

    def names(self, *keys: str, within: str = "") -> tuple[str, ...]:
        """Texts, one or a list of them; `within`: or tables that have it."""
        found: list[str | None] = []
        for key in keys:
            value = self.take(key)
            for entry in value if isinstance(value, list) else [value]:
                if within and isinstance(entry, dict):
                    entry = entry.get(within)
                if isinstance(entry, (list, dict, bool)):
                    raise self.wrong(key, value, "a name or a list of names")
                found.append(self.words(key, entry))
        return names(found)

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        if isinstance(value, str) and value.strip().lower() in _YES:
            return _YES[value.strip().lower()]
        raise self.wrong(key, value, "true or false")

    def moment(self, key: str) -> str | datetime | None:
        """A time with its zone as such; a time without one, a day, and words as text."""
        value = self.take(key)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        if isinstance(value, date):
            return value.isoformat()
        if value is None or isinstance(value, str):
            return squeeze(value or "") or None
        raise self.wrong(key, value, "a date (like 2026-05-12, 2026-05-12T10:00:00+02:00 or 12. Mai 2026, 10 Uhr)")

    def refuse_draft(self) -> None:
        """A release that says it is not finished is none; when in doubt, nothing is published."""
        if self.flag("draft"):
            raise ParseError("draft: true: it is read when that line is gone")
        published = self.take("published")
        if str(published).strip().casefold() in _NOT_YET:
            raise ParseError(f"published: {published}: it is read when that line is gone")
        if str(published).strip().casefold() in ("true", "yes", "ja"):
            del self.fields["published"]  # else it is a date
        status = squeeze(str(self.take("status") or "")).casefold()
        if status and status not in _STATUS:
            raise ParseError(f"status: {status}: only what is published, final or public is read")

    def embargo(self) -> str | datetime | None:
        """What is stated under `embargo` or a name like it. All but a plain no holds the release."""
        found: dict[str, str | datetime] = {}
        for key in self.fields:
            if is_embargo_key(key):
                value = self.take(key)
            elif key in ("kind", "type") and says_embargo(str(self.fields[key])):
                value = self.fields[key]
            else:
                continue
            if isinstance(value, (list, dict)):
                raise self.wrong(key, value, "a time (like 2026-05-12T10:00:00+02:00) or an event in words")
            said = value.isoformat() if hasattr(value, "isoformat") else "" if value is None else str(value)
            if kept := stated_embargo(said):
                found[kept] = value if isinstance(value, datetime) and value.tzinfo else kept
        # Where two differ nobody can say when it ends: no time, so it holds.
        return next(iter(found.values())) if len(found) == 1 else " / ".join(found) or None

    def several(self, make: "Callable[[_Stated, Any], Any]", *keys: str) -> tuple[Any, ...]:
        """Tables or texts, one or a list of them."""
        found = []
        for key in keys:
            value = self.take(key)
            for entry in value if isinstance(value, list) else [] if value is None else [value]:
                if isinstance(entry, str):
                    entry = {"": entry}
                if not isinstance(entry, dict):
                    raise self.wrong(key, value, "a text, or a table of keys and values, or a list of these")
                part = _Stated(entry, f"{self.inside}{key}.")
                found.append(make(part, part.text("")))
                self.notes += part.unknown()
        return tuple(found[:MOST])

    def contact(self) -> Contact | None:
        value = self.take("contact")
        if value is None or isinstance(value, str):
            return Contact(name=squeeze(value)) if value and squeeze(value) else None
        if not isinstance(value, dict):
            raise self.wrong("contact", value, "a table with name, email and phone")
        part = _Stated(value, "contact.")
        found = Contact(part.text("name"), part.text("email"), part.text("phone"))
        self.notes += part.unknown()
        return found

    def unknown(self) -> tuple[str, ...]:
        left = [key for key in self.fields if key not in self.asked]
        return (*self.notes, *(f"unknown key in the front matter: {self.inside}{key}" for key in left))


def _image(part: _Stated, alone: str | None) -> Image:
    url = alone or part.text("src") or part.text("url")
    part.asked |= {"src", "url"}
    image = Image(url, part.text("alt"), part.text("caption"), part.text("credit"))
    if image == Image():
        raise ParseError(f"{part.inside}src: an image needs an address")
    return image


def _enclosure(part: _Stated, alone: str | None) -> Enclosure:
    url = alone or part.text("url") or part.text("src") or part.text("href")
    if not url:
        raise ParseError(f"{part.inside}url: an attachment needs an address")
    part.asked |= {"url", "src", "href"}
    stated = part.take("length")
    if stated is not None and length(stated) is None:
        raise part.wrong("length", stated, "a number of bytes")
    return Enclosure(url, part.text("type"), length(stated), part.text("title") or part.text("name"))


def _related(part: _Stated, alone: str | None) -> Related:
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
