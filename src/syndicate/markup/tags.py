"""A text as a browser parts it: words, comments, tags. Linear in its length, whatever it is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from syndicate.text import unescaped

_BEGINS = re.compile(r"<(?:!--|/?[a-zA-Z])")
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|))*+)>"""
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


class Tag(NamedTuple):
    """`source` is as it was written; `name` in lower case."""

    source: str
    name: str
    end: bool
    written: str  # its attributes

    @property
    def alone(self) -> bool:
        """Written as XML's empty element: `<path/>`."""
        return self.written.endswith("/")

    def called(self, name: str) -> str:
        """The tag under this name."""
        return self.source if name == self.name else f"<{'/' * self.end}{name}{'' if self.end else self.written}>"

    def attributes(self) -> dict[str, str]:
        """By name in lower case, without a prefix; of several the first."""
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.written):
            found.setdefault(name.lower().removeprefix("xlink:"), unescaped(double or single or bare).strip())
        return found


class Parted:
    """(begin, end, tag) of each tag and each comment, which has no tag. A tag that never ends is none.

    Goes on where `at` is set to.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def __iter__(self) -> Iterator[tuple[int, int, Tag | None]]:
        while begins := _BEGINS.search(self.text, self.at):
            begin = begins.start()
            if begins[0] == "<!--":
                comment = _COMMENT.match(self.text, begin)
                self.at = comment.end() if comment else len(self.text)
                yield begin, self.at, None
            else:
                tag = _TAG.match(self.text, begin)
                if tag is None:
                    return
                self.at = tag.end()
                yield begin, self.at, Tag(tag[0], tag["name"].lower(), bool(tag["end"]), tag["attributes"])
