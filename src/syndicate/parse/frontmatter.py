"""The head of a Markdown file: YAML between `---`, TOML between `+++`."""

import re
import tomllib
from collections.abc import Hashable
from typing import Any

import yaml

from syndicate.errors import ParseError

_MOST = 64 * 1024  # characters
_OPENING = re.compile(r"(?:[ \t]*\n)*(---|\+\+\+)[ \t]*\n")
_KEY = re.compile(r"""[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*[:=]""")
_COLON_WITHIN = re.compile(r"""[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*:[ \t].*:(?:[ \t]|$)""")
_IN_WORDS = (  # how YAML begins to complain; whether it is wrong where that was opened; what we say
    (r"found character '\\t'", False, "a tab where blanks should be"),
    (r"found character '(.)' that cannot start", False, r"a value that begins with \1 needs quotation marks"),
    (r"expected the node content, but found '([^'<])'", False, r"a value that begins with \1 needs quotation marks"),
    (r"sequence entries are not allowed", False, "a value that begins with - needs quotation marks"),
    (r"mapping keys are not allowed", False, "a value that begins with ? needs quotation marks"),
    (r"found unexpected end of stream", True, "a quotation mark is opened here and never closed"),
    (r"expected ',' or '[]}]'", True, "a bracket is opened here and not closed, or a comma is missing in it"),
    (r"expected the node content, but found '<stream end>'", False, "a bracket is opened and not closed"),
    (
        r"expected <block end>, but found '<scalar>'",
        False,
        "quotation marks or brackets must be around the whole value",
    ),
    (r"could not find expected ':'", True, "no key is in this line; the text begins below the second ---"),
)
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)  # YAML 1.1, c-printable


class _Loader(yaml.SafeLoader):
    """Scalars stay as they are written: YAML 1.1 makes 660 of `11:00`, 457 of `0711` and False of `no`."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # as PyYAML declares it

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
            raise yaml.composer.ComposerError(None, None, "a value that begins with * needs quotation marks", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=True)


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def split(text: str) -> tuple[dict[str, Any] | None, str]:
    """(front matter, body); None where a text has none. Line ends are LF.

    Raises ParseError, naming the line of the file, for front matter that cannot be read.
    """
    opening = _OPENING.match(text)
    if not opening:
        return None, text
    fence = opening[1]
    ends = r"(?:---|\.\.\.)" if fence == "---" else r"\+\+\+"
    closing = re.compile(rf"^{ends}[ \t]*$", re.MULTILINE).search(text, opening.end())
    if not closing:
        if fence == "---" and not _KEY.match(text, opening.end()):
            return None, text  # a rule, not a fence
        raise ParseError(f"line {_line(text, opening.start(1))}: the front matter that {fence} opens is never closed")
    if closing.start() > _MOST:
        raise ParseError(f"the front matter is longer than {_MOST} characters")
    # Empty lines instead of what stands above keep the parsers' line numbers those of the file.
    head = "\n" * text.count("\n", 0, opening.end()) + text[opening.end() : closing.start()]
    fields = _yaml(head) if fence == "---" else _toml(head)
    return fields, text[closing.end() :]


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _yaml(head: str) -> dict[str, Any]:
    try:
        fields = yaml.load(_UNWANTED.sub("", head), _Loader)  # noqa: S506  # a SafeLoader that reads less, not more
    except yaml.MarkedYAMLError as error:
        line, words = _told(error, head)
        raise ParseError(f"line {line}: front matter: {words}" if line else f"front matter: {words}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ParseError("front matter: it is nested too deeply or holds a value that cannot be read") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise ParseError(
            f"line {_line(head, len(head) - len(head.lstrip()))}: front matter is `key: value`, one a line"
        )
    return {str(key): value for key, value in fields.items()}


def _told(error: yaml.MarkedYAMLError, head: str) -> tuple[int, str]:
    """The line, and what is wrong there in the words of who writes releases, where YAML's are not theirs."""
    problem, mark = error.problem or error.context or "", error.problem_mark or error.context_mark
    at = mark.line if mark else -1
    if problem.startswith("mapping values are not allowed"):
        line = head.split("\n")[at]
        if not _KEY.match(line) or _COLON_WITHIN.match(line):
            return at + 1, "a value with a colon in it needs quotation marks around all of it"
        return at + 1, "begins with blanks, or the line above has no blank behind its colon"
    for pattern, begins, words in _IN_WORDS:
        if found := re.match(pattern, problem):
            opened = error.context_mark if begins else None
            return (opened.line if opened else at) + 1, found.expand(words)
    return at + 1, problem


def _toml(head: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_UNWANTED.sub("", head))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = at[1] if at and at[1] else str(_line(head.rstrip(), len(head.rstrip())))
        raise ParseError(f"line {line}: front matter: {str(error)[: at.start() if at else None]}") from error
    except (RecursionError, ValueError) as error:
        raise ParseError("front matter: it is nested too deeply or holds a value that cannot be read") from error
