"""JSON as it comes."""

import json
from typing import Any

from syndicate.errors import ParseError


def load(text: str) -> Any:
    """Raises ParseError for what is no JSON as a whole."""
    try:
        return json.loads(text, parse_int=_number)
    except RecursionError as error:
        raise ParseError("is no valid JSON: it is nested too deeply") from error
    except ValueError as error:
        raise ParseError(f"is no valid JSON: {error}") from error


def _number(digits: str) -> int | float:
    """Python refuses numbers of thousands of digits: nobody means them."""
    return int(digits) if len(digits) < 1000 else float("inf")
