"""What no release may have, said in elements that it may have: nobody's words and pictures vanish. Pure, linear.

An embed becomes a link, a picture that waits for a script is shown, a form is what stands in it, a formula its words,
an element that is none of HTML its content.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape

from syndicate.markup import pictures
from syndicate.markup.elements import BLOCKS, HTML, either
from syndicate.markup.embeds import Embeds
from syndicate.markup.formula import NOT_SHOWN, Formula
from syndicate.markup.gallery import Gallery
from syndicate.markup.tags import Parted, Tag

# What stands for an element; an empty name: its content alone; a space: that of what stands in a line by itself.
_RENAMED = {
    **dict.fromkeys(("center", "dialog", "fieldset", "form", "hgroup", "legend", "nav", "noframes"), "div"),
    **dict.fromkeys(("optgroup", "search"), "div"),
    **dict.fromkeys(("dir", "menu"), "ul"),
    **dict.fromkeys(("template", "noscript", "frameset", "applet", "canvas", "map"), ""),
    **dict.fromkeys(("button", "noembed", "select", "textarea", "label", "output", "datalist", "marquee"), " "),
    "acronym": "abbr", "listing": "pre", "menuitem": "li", "option": "br", "strike": "s", "tt": "code",
}  # fmt: skip
# As others call what we know: AMP, Word's VML, the names of old.
_KIN = {
    "amp-img": "img", "amp-anim": "img", "image": "img", "v:imagedata": "img",
    "amp-video": "video", "amp-audio": "audio", "amp-iframe": "iframe", "frame": "iframe", "portal": "iframe",
}  # fmt: skip
_PREFIXED = re.compile(r"(?:x?html|h|m|mml|mathml|math|svg):")
_LITERAL = frozenset({"xmp", "plaintext"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_LONGEST_NAME = 60


def carried(source: str) -> str:
    """`source` without the elements that are not published; the same where there are none."""
    return _Carrying(source).text() if _needed(source) else source


@lru_cache(maxsize=4)  # a text is asked a few times over, from one room to the next
def _needed(source: str) -> bool:
    """Most texts have but plain elements and pictures: their names tell, in a part of the whole pattern's time."""
    names = {*_NAME.findall(source)}
    known = names <= _KNOWN and source.rfind(">") > source.rfind("<")  # all of them end
    if not known and _OTHER.search(source):
        return True
    return not names <= _PLAIN and _WAITING.search(source) is not None


class _Carrying:
    """One text, tag by tag."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tags = Parted(source)
        self.parts: list[str] = []
        self.paragraph = False  # is one open?
        self.drawings = 0  # `<svg>` around
        self.endless = set[str]()  # elements that end nowhere any more
        self.formula: Formula | None = None
        self.gallery = Gallery(self.parts)
        self.embeds = Embeds(self.gallery)

    def text(self) -> str:
        at = 0
        for begin, _, tag in self.tags:
            self._words(self.source[at:begin])
            if tag is not None:
                self._tag(tag)
            at = self.tags.at
        self.parts += [self.source[at:], *(self._block(left) for left in self.embeds.rest())]
        return "".join(self.parts)

    def _words(self, words: str) -> None:
        if words:
            self.parts.append(words)
            self.gallery.said(words)

    def _tag(self, tag: Tag) -> None:
        name = _KIN.get(tag.name) or _PREFIXED.sub("", tag.name)
        if self._unseen(name) and not tag.end and not (tag.alone and self.drawings):
            self._skip(name)
        elif name in _LITERAL:
            self._literal(name, tag)
        elif rule := _RULES.get(name):
            rule(self, name, tag)
        elif name in HTML:
            self._element(name, tag)
        elif self.formula:
            self.parts.append(self.formula.end(name) if tag.end else self.formula.begin(name, alone=tag.alone))
        elif self.drawings and name == "text":
            self.parts.append(" ")

    def _unseen(self, name: str) -> bool:
        if name in ("script", "style", "title"):
            return True
        return (self.drawings > 0 and name in ("desc", "metadata")) or (self.formula is not None and name in NOT_SHOWN)

    def _element(self, name: str, tag: Tag) -> None:
        if name in BLOCKS and name != "br":
            self.paragraph = name == "p" and not tag.end
        instead = _RENAMED.get(name)
        if name == "noscript":
            self.gallery.noscript(not tag.end)
        if instead is None:
            self.parts.append(tag.called(name))
        elif instead == "br":
            self.parts.append("" if tag.end else "<br>")
        elif instead.strip():
            self.paragraph = False
            self.parts.append(tag.called(instead))
        else:
            self.parts.append(instead)

    def _skip(self, name: str) -> None:
        """What nobody sees, up to its end; where it has none, only its beginning."""
        close = self._close(name)
        if close:
            self.tags.at = close.end()
        elif name in ("script", "style"):
            self.tags.at = len(self.source)

    def _close(self, name: str) -> re.Match[str] | None:
        """The next end tag of this name; what is not there is looked for once, however often it begins."""
        found = None if name in self.endless else _closing(name).search(self.source, self.tags.at)
        if found is None:
            self.endless.add(name)
        return found

    def _literal(self, name: str, tag: Tag) -> None:
        """Text in which a tag is none (HTML 13.1.2)."""
        if tag.end:
            return
        close = self._close(name) if name != "plaintext" else None
        stop = close.start() if close else len(self.source)
        self.parts.append(f"<pre>{escape(self.source[self.tags.at : stop], quote=False)}</pre>")
        self.tags.at = close.end() if close else stop

    def _block(self, told: str) -> str:
        """In a paragraph of its own where none is open."""
        if not told:
            return ""
        return f" {told} " if self.paragraph else f"<p>{told}</p>"

    def _picture(self, name: str, tag: Tag) -> None:
        self.parts.append(self.gallery.picture(tag.end))

    def _image(self, name: str, tag: Tag) -> None:
        if not tag.end:
            self.parts.append(self.gallery.image(tag))

    def _source(self, name: str, tag: Tag) -> None:
        self.parts.append(self.gallery.source(tag))

    def _player(self, name: str, tag: Tag) -> None:
        self.parts.append(self.gallery.player(name, tag))

    def _frame(self, name: str, tag: Tag) -> None:
        if tag.end:
            return
        inner = ""
        close = self._close("iframe") if tag.name == "iframe" else None
        if close:
            inner, self.tags.at = self.source[self.tags.at : close.start()], close.end()
        self.parts.append(self._block(self.embeds.frame(tag.attributes(), inner)))

    def _embed(self, name: str, tag: Tag) -> None:
        if not tag.end:
            self.parts.append(self._block(self.embeds.embed(tag.attributes())))

    def _object(self, name: str, tag: Tag) -> None:
        if tag.end:
            self.parts.append(self._block(self.embeds.end()))
        else:
            self.embeds.begin(tag.attributes())

    def _param(self, name: str, tag: Tag) -> None:
        if not tag.end:
            self.embeds.param(tag.attributes())

    def _link(self, name: str, tag: Tag) -> None:
        href = "" if tag.end else tag.attributes().get("href") or ""
        self.embeds.named(href)
        in_drawing = self.drawings and not tag.end
        self.parts.append(f'<a href="{escape(href)}">' if in_drawing else tag.called("a"))

    def _input(self, name: str, tag: Tag) -> None:
        """The words on a button, the picture that is one."""
        said = {} if tag.end else tag.attributes()
        kind = said.get("type", "").lower()
        if kind == "image":
            self.parts.append(self.gallery.image(tag))
        elif kind in _BUTTONS and said.get("value"):
            self.parts.append(f" {escape(said['value'], quote=False)} ")

    def _drawing(self, name: str, tag: Tag) -> None:
        self.drawings = max(0, self.drawings + (-1 if tag.end else not tag.alone))
        self.parts.append(" ")

    def _math(self, name: str, tag: Tag) -> None:
        if self.formula and tag.end:
            self.parts.append(self.formula.end("math"))
            self.formula = None
        elif not tag.end and not tag.alone:
            self.formula = Formula()
            self.parts.append(self.formula.begin("math"))


_RULES: Mapping[str, Callable[[_Carrying, str, Tag], None]] = {
    "a": _Carrying._link,
    "audio": _Carrying._player,
    "embed": _Carrying._embed,
    "iframe": _Carrying._frame,
    "img": _Carrying._image,
    "input": _Carrying._input,
    "math": _Carrying._math,
    "object": _Carrying._object,
    "param": _Carrying._param,
    "picture": _Carrying._picture,
    "source": _Carrying._source,
    "svg": _Carrying._drawing,
    "video": _Carrying._player,
}
# These need nothing; nor does a picture that shows its `src`. All begins with `<`, which is what makes it fast.
_PLAIN = HTML - {*_RENAMED, *_KIN, *_LITERAL, *_RULES, "title"} | {"a"}
_KNOWN = _PLAIN | {"img", "audio", "video"}
_NAME = re.compile(r"<([a-z][^\s/>]*+)", re.IGNORECASE)
_OTHER = re.compile(rf"<(?!(?:{either(_KNOWN)})[\s/>])[a-z]", re.IGNORECASE)
_WAITING = re.compile(
    r"<(?:(?:audio|video)[^<>]*\sdata-|"
    rf"img(?=[\s/])(?:(?![^<>]*\bsrc\s*=)|[^<>]*(?:\bsrc\s*=\s*(?:[\"']\s*[\"']|[\"']?\s*[a-z]+:(?!//))|{pictures.HINT})))",
    re.IGNORECASE,
)


def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{re.escape(name[:_LONGEST_NAME])}(?=[\s/>])[^>]*>", re.IGNORECASE)
