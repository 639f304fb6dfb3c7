"""Words by which a source takes an entry back, or keeps it to itself."""

import re
from collections.abc import Mapping
from typing import Any

from syndicate.text import squeeze

_REASON = 500  # characters
# ninjs `pubstatus`, as a word or as its NewsML-G2 code (stat:canceled): the later, the stricter.
_STATUS = {"embargoed": 1, "withheld": 2, "canceled": 3, "cancelled": 3, "withdrawn": 3}
_STRICTER = {1: "embargoed", 2: "withheld", 3: "withdrawn"}


def status(*objects: Mapping[str, Any]) -> str | None:
    """What ninjs' `pubStatus` says, the strictest of all: withdrawn, withheld, embargoed; None: it may be shown."""
    said = (
        _STATUS.get(value.strip().lower().rpartition(":")[2], 0)
        for fields in objects
        for key, value in fields.items()
        if re.sub(r"[_\s-]", "", key).lower() == "pubstatus" and isinstance(value, str)
    )
    return _STRICTER.get(max(said, default=0))


def reason(text: object) -> str | None:
    """Why something was withdrawn, on one line: readers will see it."""
    return squeeze(text)[:_REASON] or None if isinstance(text, str) else None
