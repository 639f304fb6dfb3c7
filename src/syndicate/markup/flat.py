"""HTML that is nested deeper than anybody means: its words and pictures one below the other. Pure, linear."""

import re
from collections import Counter

from syndicate.markup.elements import BLOCKS, ENDLESS
from syndicate.markup.tags import Parted

DEEPEST = 200  # levels: lxml drops what is below 256 of them, and cleaning takes the square of them
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_NO_LEVEL = ENDLESS | {"a"}  # a link ends where another begins


def flattened(source: str) -> str:
    """The elements below DEEPEST levels are gone, their words stay in order; what has no end of its own stays."""
    return _flat(source) if _too_deep(source) else source


def _too_deep(source: str) -> bool:
    if source.count("<") <= DEEPEST:
        return False
    levels = _Levels()
    for end, name in _ANY_TAG.findall(source):
        if end:
            levels.end(name.lower())
        elif levels.begin(name.lower()) > DEEPEST:
            return True
    return False


class _Levels:
    """How many elements are open, as they are written. An end tag of none that is open ends nothing."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self.depth = 0

    def begin(self, name: str) -> int:
        if name not in _NO_LEVEL:
            self._open[name] += 1
            self.depth += 1
        return self.depth

    def end(self, name: str) -> bool:
        if not self._open[name]:
            return False
        self._open[name] -= 1
        self.depth -= 1
        return True


def _flat(source: str) -> str:
    parts: list[str] = []
    levels = _Levels()
    dropped: Counter[str] = Counter()
    at = 0
    for begin, end, tag in Parted(source):
        words = source[at:begin]
        parts.append(words)
        at = end
        if tag is None:
            continue
        gone = False
        if tag.end:
            gone = dropped[tag.name] > 0
            dropped[tag.name] -= gone
            if not gone:
                levels.end(tag.name)
        elif levels.begin(tag.name) > DEEPEST:
            gone = levels.end(tag.name)
            dropped[tag.name] += gone
        border = _border(tag.name, words)
        if not gone or border != " " or parts[-2:] != [" ", ""]:
            parts.append(border if gone else tag.source)
    return "".join((*parts, source[at:]))


def _border(name: str, words: str) -> str:
    """What stands where a block began or ended: words on both sides must not become one."""
    if name not in BLOCKS:
        return ""
    return "<br>" if words.strip() else " "
