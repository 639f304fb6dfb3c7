"""What machines that share a store agree on: a hash of what an operator wrote, without what is each one's own."""

import json
from collections.abc import Mapping
from typing import Any

from syndicate.config.keys import LISTS, TABLES
from syndicate.text import digest

_OWN = ("serve", "cluster", "alarm")  # where a machine listens, its name; who is told, which has secrets alone
_APART = {"store": ("url",)}  # it may be reached by another address, and has a password


def agreed(data: Mapping[str, Any]) -> str:
    """`data`: of a file that can be used. Paths are as they were written: a folder may lie elsewhere on each."""
    kept: dict[str, Any] = {}
    for name, keys in TABLES.items():
        if name not in _OWN:
            left = (*(each for each, key in keys.items() if key.secret), *_APART.get(name, ()))
            kept[name] = {each: value for each, value in data.get(name, {}).items() if each not in left}
    for name, keys in LISTS.items():
        kept[name] = [
            {each: value for each, value in row.items() if each in keys and not keys[each].secret}
            for row in data.get(name, [])
        ]
    return digest(json.dumps(kept, sort_keys=True, default=str), length=16)
