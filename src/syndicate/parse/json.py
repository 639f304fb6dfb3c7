"""JSON as it comes."""

import json
from typing import Any

from syndicate.errors import ParseError
from syndicate.parse.fields import DEEPEST, LARGEST, TOO_DEEP, TOO_LONG
from syndicate.text import digest


def load(text: str) -> Any:
    """Raises ParseError for what is no JSON as a whole."""
    try:
        return json.loads(text, parse_int=_number)
    except RecursionError as error:
        raise ParseError("is no valid JSON: it is nested too deeply") from error
    except ValueError as error:
        raise ParseError(f"is no valid JSON: {error}") from error


def excess(entry: Any) -> str | None:
    """Why an entry is more than anybody means to be read."""
    size, level = 0, [entry]
    for _ in range(DEEPEST):
        size += sum(len(value) for value in level if isinstance(value, str))
        if size > LARGEST:
            return TOO_LONG
        inner = (v.values() if isinstance(v, dict) else v for v in level if isinstance(v, (dict, list)))
        level = [value for values in inner for value in values]
        if not level:
            return None
    return TOO_DEEP


def entry_digest(entry: Any, *inherited: str | None) -> str:
    """Of what one entry says, however it is laid out, and of what it inherits from its document."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return digest(text, *(said or "" for said in inherited), length=16)


def _number(digits: str) -> int | float:
    """Python refuses numbers of thousands of digits: nobody means them."""
    return int(digits) if len(digits) < 1000 else float("inf")
