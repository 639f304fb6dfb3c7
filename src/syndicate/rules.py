"""What an operator wants of a source, and what not: the rules of `keep` and `drop`. Pure.

`field:glob` over the whole value, folded; `text:words` somewhere in what it says; `/…/` a regular expression over
values as they are printed, which may take for ever: whoever reads documents says how long one may.
"""

import re
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from syndicate.markup import plain
from syndicate.model import Release, Ruled, Source
from syndicate.text import fold, squeeze

FIELDS = ("title", "category", "text", "author", "url")
IDENTITIES = ("auto", "id", "link")  # and any regular expression
_LONGEST = 1_000  # characters of a rule
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_DELIMITED = re.compile(r"/(.*)/([a-z]*)", re.DOTALL)
LIKE = "a rule (like title:*Sport*, text:Gewinnspiel, /Termine? am/)"

Search = Callable[["re.Pattern[str]", str], bool | None]  # None: it takes too long


class Rule(NamedTuple):
    """`pattern` is what a folded value has to be; or, of a regular expression, what is in a value as it is `printed`.

    `field` None: of a regular expression, each of them.
    """

    text: str
    field: str | None
    pattern: "re.Pattern[str]"
    printed: bool = False


@lru_cache(maxsize=4096)
def rule(text: str) -> Rule:
    """As it stands in config.toml; ValueError says what it may be."""
    if not squeeze(text):
        raise ValueError(LIKE)
    if len(text) > _LONGEST:
        raise ValueError(f"a rule of at most {_LONGEST:,} characters")
    field, colon, value = text.partition(":")
    name = field.strip().lower()
    if found := _DELIMITED.fullmatch(text.strip()):
        return Rule(text, None, expression(found[1], found[2]), printed=True)
    if not colon or name not in FIELDS:
        raise ValueError(f"{LIKE}; its fields are {', '.join(FIELDS)}")
    if found := _DELIMITED.fullmatch(value.strip()):
        return Rule(text, name, expression(found[1], found[2]), printed=True)
    if not fold(value):
        raise ValueError(f"{LIKE}; what it looks for is missing")
    if name == "text":
        return Rule(text, name, _glob(f"*{fold(value).strip('*')}*"))
    return Rule(text, name, _glob(fold(value)))


def expression(text: str, flags: str = "") -> "re.Pattern[str]":
    """A regular expression; ValueError says what is wrong with it."""
    if len(text) > _LONGEST:
        raise ValueError(f"a regular expression of at most {_LONGEST:,} characters")
    unknown = [letter for letter in flags if letter not in _FLAGS]
    if unknown:
        raise ValueError(f"a regular expression: its flags may be {', '.join(_FLAGS)}, not {unknown[0]}")
    if not text:
        raise ValueError("a regular expression: it is empty, so everything would match")
    given = re.RegexFlag(0)
    for letter in flags:
        given |= _FLAGS[letter]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what another version of Python may understand otherwise
            return re.compile(text, given)
    except (re.error, OverflowError, RecursionError) as error:
        what = str(error) if not isinstance(error, RecursionError) else "nested too deeply"
        raise ValueError(f"a regular expression that can be used: {what}") from None


def matches_everything(text: str) -> bool:
    """Would this rule match whatever says anything at all?"""
    read = rule(text)
    if read.printed:
        return bool(read.pattern.search(""))
    return read.field in ("title", "text", "url") and not fold(text.partition(":")[2]).strip("*")


def of(source: Source) -> bool:
    """Has it rules?"""
    return bool(source.keep or source.drop)


def may_hang(source: Source) -> bool:
    """Has it a regular expression, of which nobody knows how long it takes?"""
    ruled = any(rule(text).printed for text in (*source.keep, *source.drop))
    return ruled or source.identity not in IDENTITIES


def by_own_id(source: Source) -> bool:
    """Is it the id that an entry states by which it is known?"""
    return source.identity in ("auto", "id")


def judged(release: Release, source: Source, search: Search, *, related: bool = False) -> Ruled:
    """What its source's rules say of it. `related`: it is announced by another one.

    One that takes too long drops nothing, and keeps.
    """
    values = _Values(release)
    drop = next((text for text in source.drop if _matches(rule(text), values, search, hangs=False)), None)
    kept = not source.keep or any(_matches(rule(text), values, search, hangs=True) for text in source.keep)
    return Ruled(drop, kept, related)


def without(source: Source, given_up: Collection[str]) -> Source:
    """The source as if these expressions were heeded no more: what they are to judge is kept."""
    drop = tuple(text for text in source.drop if not _is_one(text, given_up))
    keep = () if any(_is_one(text, given_up) for text in source.keep) else source.keep
    identity = "auto" if source.identity in given_up else source.identity
    return replace(source, drop=drop, keep=keep, identity=identity) if given_up else source


def _is_one(text: str, expressions: Collection[str]) -> bool:
    read = rule(text)
    return read.printed and read.pattern.pattern in expressions


class _Values:
    """What a release says, field by field, worked out when it is asked for."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._printed = dict[str, tuple[str, ...]]()
        self._folded = dict[str, tuple[str, ...]]()

    def of(self, rule: Rule) -> Iterator[str]:
        for name in FIELDS if rule.field is None else (rule.field,):
            yield from self._of(name) if rule.printed else self._folded_of(name)

    def _of(self, name: str) -> tuple[str, ...]:
        if name not in self._printed:
            self._printed[name] = _printed(self._release, name)
        return self._printed[name]

    def _folded_of(self, name: str) -> tuple[str, ...]:
        if name not in self._folded:
            self._folded[name] = tuple(fold(value) for value in self._of(name))
        return self._folded[name]


def _printed(release: Release, name: str) -> tuple[str, ...]:
    match name:
        case "title":
            return (release.title,)
        case "category":
            return _some((release.kicker, *release.kickers, *release.categories, *release.topic_names))
        case "author":
            return release.authors
        case "url":
            return _some((release.url,))
    return ("\n".join(_some((release.title, release.teaser, plain(release.content)))),)


def _some(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _matches(rule: Rule, values: _Values, search: Search, *, hangs: bool) -> bool:
    for value in values.of(rule):
        found = search(rule.pattern, value) if rule.printed else rule.pattern.fullmatch(value) is not None
        if found or (found is None and hangs):
            return True
    return False


def _glob(text: str) -> "re.Pattern[str]":
    """`*` any letters, `?` one. Atomic but for the last part, so that no text takes long."""
    first, *others = (re.escape(part).replace(r"\?", ".") for part in text.split("*"))
    *inner, last = others or [""]
    middle = "".join(f"(?>.*?{part})" for part in inner if part)
    return re.compile(f"{first}{middle}.*{last}" if others else first, re.DOTALL)
