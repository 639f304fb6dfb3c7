"""What a client calls itself, without what could lead to a person: product, version, how many subscribers it states.

RFC 9110 section 10.1.5: products, and comments in parentheses. Pure.
"""

import re
from functools import lru_cache
from typing import NamedTuple

UNNAMED = "unnamed"  # it says nothing, or nothing that may be kept
OTHER = "other"  # one more than are told apart

_READ = 512  # bytes of the field
_LONGEST = 40, 20  # characters of a name, of a version
_WORDS = 4  # of a name
_MOST = 99_999_999  # subscribers; more is nobody's word

_COMMENT = re.compile(r"\([^()]*\)?|\)")
_SUBSCRIBERS = re.compile(r"(?<![\w.])(\d{1,12})\s+(?:subscribers?|readers)\b|\bsubscribers[:=]\s?(\d{1,12})", re.I)
# Where to reach somebody, or where somebody is: an address of the web, of mail, of a machine; a phone number; a feed's.
_ADDRESS = re.compile(
    r"\+?\b(?:https?|ftp|feed)://\S*|\bwww\.\S*|\bmailto:\S*|\S*@\S*|\[?(?:[0-9a-f]{0,4}:){2,}[0-9a-f.:]*\]?"
    r"|(?<![\w./-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<![\w./-])\+?\d[\d ()/-]{7,}\d(?![\w.])|\bfeed-id\S*",
    re.I,
)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.I)
_IDENTIFIER = re.compile(r"[0-9a-f]{12,}|[0-9a-f]{8}-[0-9a-f]{4}-", re.I)  # of one copy of a program, or of its user
_PRODUCT = re.compile(r"([^\W_][\w.+!-]*(?: [^\W_][\w.+!-]*)*)(?:/v?([^\W_][\w.+-]*))?")
_NUMBERED = re.compile(r"(.*[^\W\d_].*) v?(\d[\w.+-]*)")
_ENDS = re.compile(r"[;,|<>\"'{}=]| [-–] | \+")

# Beside these a browser, or a program that says it is one, names what it really is.
_BROWSER = frozenset({"mozilla", "gecko", "applewebkit", "khtml", "safari", "chrome", "version", "mobile", "firefox"})
_BROWSER |= {"electron", "ubuntu", "fedora"}
_SHOWN = ("firefox", "chrome", "safari")  # in this order: Chrome says that it is Safari, too
_SYSTEM = frozenset({"cfnetwork", "darwin"})  # what Apple's library says of itself
_PRETENCE = re.compile(r"compatible|msie .*|windows.*|macintosh.*|x11.*|linux.*|u|rv:.*|like .*|rss reader", re.I)
# Services that name themselves by their host alone.
_SERVICES = {
    "theoldreader.com": "The Old Reader",
    "inoreader.com": "Inoreader",
    "feedly.com": "Feedly",
    "newsblur.com": "NewsBlur",
    "bazqux.com": "BazQux",
    "feeder.co": "Feeder",
    "superfeedr.com": "Superfeedr",
}


class Agent(NamedTuple):
    """`name`: product, or product/version. `subscribers`: for how many it says that it asks; None: it does not say."""

    name: str
    subscribers: int | None = None


class _Product(NamedTuple):
    name: str
    version: str

    @property
    def key(self) -> str:
        return self.name.casefold()

    def __str__(self) -> str:
        return f"{self.name}/{self.version}" if self.version else self.name


@lru_cache(maxsize=1024)
def agent_of(field: bytes) -> Agent:
    """The agent that a User-Agent's value names. Comments, addresses and whatever names one copy of it are cut off."""
    said = "".join(c if c.isprintable() else " " for c in _text(field[:_READ]))
    stated = _SUBSCRIBERS.search(said)
    number = int(stated[1] or stated[2]) if stated else _MOST + 1
    return Agent(_name(said), number if number <= _MOST else None)


def _text(field: bytes) -> str:
    try:
        return field.decode()
    except UnicodeDecodeError:
        return field.decode("latin-1")


def _name(said: str) -> str:
    outside, comments = _parted(said)
    products = [product for part in _ENDS.split(outside) for product in _products(part)]
    if products and products[0].key == "mozilla":
        product = _really(products, comments)
    else:
        product = next((product for product in products if product.key not in _SYSTEM), None)
    return str(product) if product else UNNAMED


def _really(products: list[_Product], comments: list[str]) -> _Product | None:
    """Of who begins as each browser does."""
    for comment in comments:
        if not comment.lstrip().lower().startswith("compatible"):
            continue
        for part in comment.split(";"):
            if not _PRETENCE.fullmatch(part.strip()) and (named := next(iter(_products(part)), None)):
                return named
    own = [product for product in products if product.key not in _BROWSER]
    if own:
        return own[-1]
    by_name = {product.key: product for product in products}
    shown = next((by_name[key] for key in _SHOWN if key in by_name), None)
    if shown and shown.key == "safari" and "version" in by_name:
        return shown._replace(version=by_name["version"].version)
    return shown


def _parted(said: str) -> tuple[str, list[str]]:
    """What stands outside of comments, and these, the innermost first."""
    comments = list[str]()
    while found := _COMMENT.search(said):
        comments.append(found[0].strip("()"))
        said = f"{said[: found.start()]} ; {said[found.end() :]}"
    return said, comments


def _products(part: str) -> list[_Product]:
    """In their order: `Name/version`, or the words that a part begins with."""
    found = list[_Product]()
    for service, name in _SERVICES.items():
        if part.strip().lower() == service:
            return [_Product(name, "")]
    for match in _PRODUCT.finditer(_ADDRESS.sub(" ; ", part)):
        name, version = match[1].strip(), (match[2] or "").rstrip(".+-")
        if not version and (numbered := _NUMBERED.fullmatch(name)):
            name, version = numbered.groups()
        if _SUBSCRIBERS.search(name) or not any(map(str.isalpha, name)):
            continue
        name = _SERVICES.get(name.lower(), name)
        if _HOST.fullmatch(name) or _IDENTIFIER.search(name):
            continue
        name = " ".join(name.split()[:_WORDS])[: _LONGEST[0]].rstrip(" .+-")
        is_one = len(version) > _LONGEST[1] or _IDENTIFIER.search(version)
        found.append(_Product(name, "" if is_one else version))
    return found
