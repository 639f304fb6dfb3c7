"""The pictures, films and sounds of a text: each picture once, whoever it was meant for. Pure."""

from collections.abc import Mapping
from html import escape

from syndicate.markup import pictures
from syndicate.markup.tags import Parted, Tag

_KEPT = ("alt", "title", "width", "height")


class Gallery:
    """What was shown so far. Each method gives what stands in place of a tag, as the next of `parts`."""

    def __init__(self, parts: list[str]) -> None:
        self.shown: set[str] = set()  # addresses
        self._parts = parts
        self._last: tuple[int, dict[str, str]] = (0, {})  # the picture shown last: its place, what it says
        self._players = 0  # `<audio>`, `<video>` around
        self._noscript = 0
        self._waited = False  # was the last thing shown a picture that waits for a script?
        self._sources: list[dict[str, str]] | None = None  # of the `<picture>` around
        self._alt = ""  # of the `<img>` in it that has no address

    def said(self, words: str) -> None:
        """Words stand between two pictures."""
        self._waited = self._waited and not words.strip()

    def noscript(self, begins: bool) -> None:
        self._noscript = max(0, self._noscript + (1 if begins else -1))

    def picture(self, ends: bool) -> str:
        """Where `<picture>` begins or ends: of its sources one is shown where its `<img>` was not."""
        told = self._of_sources() if ends else ""
        self._sources, self._alt = (None if ends else []), ""
        return told

    def source(self, tag: Tag) -> str:
        """Of a film or a sound it stays; of a picture it is one of several."""
        if self._sources is not None:
            if not tag.end:
                self._sources.append(tag.attributes())
            return ""
        return self.player("source", tag) if self._players else ""

    def image(self, tag: Tag) -> str:
        said = tag.attributes()
        lazy = pictures.waiting(said)
        address = lazy or pictures.usable(said.get("src")) or pictures.largest(said)
        if not address and self._sources is not None:
            self._alt = said.get("alt") or self._alt
            return self._of_sources()
        address = address or pictures.usable(said.get("href")) or pictures.unheard_of(said) or said.get("src")
        if not address:
            return tag.source
        again = (self._noscript or lazy) and address in self.shown
        if again or (self._noscript and self._waited):
            self._once_more(said.get("alt") or "")
            return ""
        self._waited = address != said.get("src")
        self._sources = None if self._sources is None else []
        self.shown.add(address)
        kept = {"src": address, **{name: said[name] for name in _KEPT if name in said}}
        self._last = (len(self._parts), kept)
        return tag.source if tag.name == "img" and address == said.get("src") else start("img", kept)

    def show(self, address: str, alt: str) -> str:
        """A picture that no `<img>` shows."""
        if address in self.shown:
            return ""
        self.shown.add(address)
        return start("img", {"src": address, "alt": alt})

    def player(self, name: str, tag: Tag) -> str:
        """A film or a sound, whose address may wait for a script."""
        if name != "source":
            self._players = max(0, self._players + (-1 if tag.end else 1))
        said = {} if tag.end else tag.attributes()
        self.shown.add(said.get("src") or "")
        address = pictures.waiting(said)
        return start(name, {**said, "src": address}) if address else tag.called(name)

    def _once_more(self, alt: str) -> None:
        """The picture shown last stands here for other readers; it is described once."""
        at, said = self._last
        if self._waited and alt and not said.get("alt"):
            said["alt"] = alt
            self._parts[at] = start("img", said)
        self._waited = False

    def _of_sources(self) -> str:
        address = pictures.of_sources(self._sources or ())
        if not address:
            return ""
        self._sources = []
        return self.show(address, self._alt)


def start(name: str, attributes: Mapping[str, str]) -> str:
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>"


def pictured(source: str) -> tuple[dict[str, str], ...]:
    """What the pictures of a text in HTML say: `src`, `alt` and whatever else; none that only counts visitors."""
    if "<img" not in source.lower():
        return ()
    found = [tag.attributes() for _, _, tag in Parted(source) if tag and tag.name == "img" and not tag.end]
    return tuple(said for said in found if pictures.usable(said.get("src")) and not pictures.counts(said, said["src"]))
