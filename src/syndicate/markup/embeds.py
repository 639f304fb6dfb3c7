"""Frames, objects, players of others: what stands in place of each is a link to it, or the picture that it is. Pure."""

import re
from collections.abc import Iterator, Mapping
from html import escape

from syndicate.markup import pictures
from syndicate.markup.gallery import Gallery

_ANY_TAG = re.compile(r"<[^<>]*>")
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_PARAMETERS = frozenset({"movie", "src", "url", "filename"})
_MOST = 50  # objects within objects


class Embeds:
    """Those of one text. Each method gives the HTML in place of an element, empty for none."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._objects: list[_Object] = []

    def frame(self, said: Mapping[str, str], inner: str) -> str:
        """What stands in a frame is for those who see none: it names the link that has no name, else it follows it."""
        address = pictures.stated(said) or pictures.unheard_of(said)
        if pictures.hidden(said) or pictures.counts(said, address):
            return ""
        inner = " ".join(_ANY_TAG.sub(" ", said.get("srcdoc") or inner).replace("<", "&lt;").split())
        return self._link(address, said.get("title") or said.get("aria-label") or "", inner)

    def embed(self, said: Mapping[str, str]) -> str:
        return self._file(pictures.stated(said), said.get("type") or "", said.get("title") or said.get("alt") or "")

    def begin(self, said: Mapping[str, str]) -> None:
        """What stands in an object is shown; its file is named at its end, where nothing in it names it."""
        if len(self._objects) < _MOST:
            self._objects.append(_Object(said))

    def param(self, said: Mapping[str, str]) -> None:
        if self._objects and not self._objects[-1].address and said.get("name", "").lower() in _PARAMETERS:
            self._objects[-1].address = said.get("value") or ""

    def end(self) -> str:
        if not self._objects:
            return ""
        ended = self._objects.pop()
        if ended.named or ended.address in self._gallery.shown:
            self.named(ended.address)
            return ""
        return self._file(pictures.usable(ended.address), ended.type, ended.title)

    def rest(self) -> Iterator[str]:
        """The objects that nobody closed."""
        while self._objects:
            yield self.end()

    def named(self, address: str) -> None:
        """A link leads there: the objects around have no need of another."""
        for around in self._objects:
            around.named = around.named or (bool(address) and address == around.address)

    def _file(self, address: str | None, media_type: str, title: str) -> str:
        if address and pictures.is_picture(address, media_type):
            self.named(address)
            return self._gallery.show(address, title)
        return self._link(address, title, "")

    def _link(self, address: str | None, title: str, inner: str) -> str:
        """A link, once; `inner` is HTML without tags."""
        address = pictures.usable(address)
        if not address or address in self._gallery.shown:
            return inner or ("" if address else escape(title, quote=False))
        self.named(address)
        self._gallery.shown.add(address)
        name, behind = (escape(title, quote=False), inner) if title else (inner or _shown(address), "")
        return " ".join(filter(None, (f'<a href="{escape(address)}">{name}</a>', behind)))


class _Object:
    """An `<object>` that is open. `named`: something in it shows or links its file."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self.address = said.get("data") or said.get("src") or ""
        self.type = said.get("type") or ""
        self.title = said.get("title") or ""
        self.named = False


def _shown(address: str) -> str:
    """An address as the name of its link: no scheme, no query."""
    return escape(re.split("[?#]", _WEB.sub("", address))[0].rstrip("/"), quote=False)
