"""robots.txt (RFC 9309): what a server does not want to be asked, and how slowly. Pure; linear in its length.

Python's own parser knows neither `*` and `$` nor the longest match, and takes the first group only.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_ROBOTS = 500 * 1024  # of a file that are read (section 2.5); a rule that the end cuts is left out
_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")
_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})|([^!-~])|([*$])")
_IN_QUERY = (b":", b"/")  # the same there, encoded or not (section 2.2.2)


class Rule(NamedTuple):
    """A path with `*` and a closing `$`, in the one form in which paths are compared; `line` is as it stands there."""

    allows: bool
    path: bytes
    line: str


class Robots(NamedTuple):
    """What holds for one crawler. `delay`: seconds between two requests (Crawl-delay, which no RFC knows)."""

    rules: tuple[Rule, ...] = ()
    delay: float | None = None

    def forbids(self, url: str) -> str | None:
        """The line that forbids an address: of the rules that match, the longest decides, of equals the allowing."""
        parts = urlsplit(url)
        asked = _comparable(f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}")
        if asked == b"/robots.txt":
            return None
        found = [rule for rule in self.rules if _matches(rule.path, asked)]
        longest = max(found, key=lambda rule: (len(rule.path), rule.allows), default=None)
        return longest.line if longest and not longest.allows else None


def product(user_agent: str) -> str:
    """The token by which a crawler is meant (section 2.2.1): how its User-Agent begins."""
    found = _TOKEN.match(user_agent)
    return found[0].casefold() if found else ""


def robots(body: bytes, token: str) -> Robots:
    """The rules for this crawler (`product`): of all groups that name it, else of all that are for everybody (`*`)."""
    text = body[:MOST_ROBOTS].decode("utf-8", "replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    lines = re.split(r"\r\n|\r|\n", text)
    if len(body) > MOST_ROBOTS:
        lines.pop()
    for names in ({token} - {""}, {"*"}):
        groups = [records for agents, records in _groups(lines) if agents & names]
        if groups:
            return _joined(record for records in groups for record in records)
    return Robots()


class _Record(NamedTuple):
    key: str
    value: str


def _groups(lines: list[str]) -> Iterator[tuple[set[str], list[_Record]]]:
    """Who is meant, and what is said to them. What neither names nor rules (a sitemap) parts no group."""
    agents, records, open_for_names = set[str](), list[_Record](), True
    for record in _records(lines):
        if record.key == "user-agent":
            if not open_for_names:
                yield agents, records
                agents, records, open_for_names = set(), [], True
            agents.add("*" if record.value.startswith("*") else product(record.value))
        elif record.key in ("allow", "disallow", "crawl-delay"):
            records.append(record)
            open_for_names = open_for_names and record.key == "crawl-delay"
    yield agents, records


def _records(lines: list[str]) -> Iterator[_Record]:
    for line in lines:
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield _Record(key.strip().casefold(), value.strip())


def _joined(records: Iterator[_Record]) -> Robots:
    rules, delays = list[Rule](), list[float]()
    for key, value in records:
        if key == "crawl-delay":
            if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
                delays.append(float(value))
        elif value:  # an empty one is no rule
            rules.append(Rule(key == "allow", _comparable(value, pattern=True), f"{key.capitalize()}: {value}"))
    return Robots(tuple(rules), max(delays, default=None))


def _comparable(path: str, *, pattern: bool = False) -> bytes:
    """Octets as they are compared: what need not be encoded is not, what must be is, in capitals (section 2.2.2).

    `*` and `$` of an address are characters, in a `pattern` they are more.
    """
    before, mark, query = path.encode().partition(b"?")
    return _normal(before, pattern) + mark + _normal(query, pattern, _IN_QUERY)


def _normal(octets: bytes, pattern: bool, plain: tuple[bytes, ...] = ()) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        if match[3]:
            return match[3] if pattern else b"%%%02X" % match[3][0]
        octet = bytes([int(match[1], 16)]) if match[1] else match[2]
        return octet if _UNRESERVED.fullmatch(octet) or octet in plain else b"%%%02X" % octet[0]

    return _ESCAPED.sub(one, octets)


def _matches(pattern: bytes, path: bytes) -> bool:
    """Does the path begin so? Each `*` takes as little as it can; with a closing `$` the last part is at the end."""
    ends = pattern.endswith(b"$")
    first, *parts = (pattern[:-1] if ends else pattern).replace(b"$", b"%24").split(b"*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not parts:
        return not ends or at == len(path)
    last = parts.pop() if ends else None
    for part in parts:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return last is None or (path.endswith(last) and len(path) - len(last) >= at)
