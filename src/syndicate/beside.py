"""The files that an item names and that lie beside it, or below its source's folder: published with it."""

import re
from dataclasses import replace
from pathlib import Path

from syndicate.fetch import companion
from syndicate.model import Item, Media, Source

_REFERENCE = re.compile(r'(?<=[\s"])(src|href)="([^":#?][^":]*)"')


class Beside:
    """The files that an item names and that lie beside it: published with it, known by their hash."""

    def __init__(self, source: Source, item: Item, max_bytes: int) -> None:
        root = Path(source.path or "")
        is_folder = root.is_dir()
        self._folder = str(root if is_folder else root.parent)
        self._there = is_folder or root.exists()  # standard input is nowhere
        self._item = item
        self._max_bytes = max_bytes
        self.states: list[tuple[str, int, int]] = []
        self.media: list[Media] = []
        self.notes: list[str] = []

    def attached(self) -> Item:
        """The item with `media:HASH/NAME` for each such file; an address that leads nowhere is left out, and noted."""
        item = self._item
        content = item.content or ""
        if '="' not in content and not item.images and not item.enclosures:  # most texts name nothing
            return item if content or item.content is None else replace(item, content=None)
        return replace(
            item,
            images=tuple(
                replace(image, url=self._address(image.url, is_named=True)) if image.url else image
                for image in item.images
            ),
            enclosures=tuple(
                replace(
                    e,
                    url=url,
                    type=e.type or self._type(url),
                    length=e.length if e.length is not None else self._length(url),
                )
                for e in item.enclosures
                if (url := self._address(e.url, is_named=True))
            ),
            content=_REFERENCE.sub(self._in_content, content) or None,
        )

    def missing(self) -> list[str]:
        """What `attached` notes, where there is a folder to look in."""
        if self._there:
            self.attached()
        return self.notes

    def _in_content(self, match: re.Match[str]) -> str:
        address = self._address(match[2])
        return f'{match[1]}="{address}"' if address else f'{match[1]}=""'

    def _address(self, reference: str, *, is_named: bool = False) -> str | None:
        if ":" in reference or reference.startswith(("//", "#")):
            return reference
        state, media, reason = companion(self._folder, self._item.path or "", reference, max_bytes=self._max_bytes)
        self.states.append(state)
        if media:
            self.media.append(media)
            return f"media:{media.hash}/{media.name}"
        own = self._item.url
        if not own or (is_named and not reference.startswith("/")):
            self.notes.append(
                f'names "{reference}": {reason}' + (f", so it is taken as an address beside {own}" if own else "")
            )
        return reference if own else None  # relative to the release's own page

    def _type(self, url: str) -> str | None:
        return next((m.type for m in self.media if url == f"media:{m.hash}/{m.name}"), None)

    def _length(self, url: str) -> int | None:
        return next((len(m.body) for m in self.media if url == f"media:{m.hash}/{m.name}"), None)
