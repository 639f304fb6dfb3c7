"""What makes a page for people invalid, or more than a page. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape

from syndicate.model import Document
from syndicate.validate.rules import Fault

_TAG = re.compile(r"""<([A-Za-z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)(>?)""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"']++))?""")
_DATA = re.compile(r"""\s+type="application/ld\+json"\s*""")  # a block of data, which is never run
_ADDRESSES = frozenset({"action", "cite", "data", "formaction", "href", "poster", "src", "xlink:href"})
_SHORT = 300  # characters of attributes that are remembered
_IGNORED = re.compile("[\x00-\x20\x7f]+")  # by a browser, in the scheme of an address


def check(_: Document, text: str) -> Iterator[Fault]:
    if text[:14].lower() != "<!doctype html":
        yield Fault("does not begin with a doctype")
    tags = Counter(_TAG.findall(text))  # each once: most stand there many times
    names = Counter[str]()
    for (written, attributes, end), count in tags.items():
        name = written.lower()
        names[name] += count
        if name == "script" and not _DATA.fullmatch(attributes):
            yield Fault("holds a <script>")
        if not end:
            yield Fault(f"the tag <{name[:20]} does not end")
        for reason in _faults_of(attributes):
            yield Fault(f"<{name[:20]}> {reason}")
    if names["h1"] != 1:
        yield Fault(f"{names['h1']} <h1>, not one")
    if "title" not in names:
        yield Fault("no <title>")


def _faults_of(attributes: str) -> Iterable[str]:
    """Most tags of a page stand on every other page as well."""
    if not attributes:
        return ()
    return _remembered(attributes) if len(attributes) < _SHORT else _attributes(attributes)


@lru_cache(2_000)
def _remembered(attributes: str) -> tuple[str, ...]:
    return tuple(_attributes(attributes))


def _attributes(text: str) -> Iterator[str]:
    for match in _ATTRIBUTE.finditer(text):
        name = match[1].lower()
        if name.startswith("on"):
            yield f"has {name[:20]}="
        if name in _ADDRESSES and _address(match[2] or "").startswith("javascript:"):
            yield f"has a javascript: address in {name}"


def _address(value: str) -> str:
    """As a browser reads its scheme."""
    return _IGNORED.sub("", unescape(value.strip("\"'"))).lower()
