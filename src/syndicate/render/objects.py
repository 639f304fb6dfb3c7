"""JSON documents that are put together of entries which were made one by one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from syndicate.render.page import Joined


def stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known: neither JSON Feed nor ninjs has a null."""
    return {name: value for name, value in fields.items() if value is not None}


def written(document: Mapping[str, Any]) -> bytes:
    return _dumped(document) + b"\n"


def piece(item: Mapping[str, Any]) -> bytes:
    """As it stands in the list of the document: a line break in a text is none in JSON."""
    return b"    " + _dumped(item).replace(b"\n", b"\n    ")


def join(head: Mapping[str, Any], name: str, notices: Sequence[bytes], entries: Sequence[bytes]) -> Joined:
    """The document of this head, its list `name` last: the notices, which are no entries, then the entries."""
    begin = _dumped(head).removesuffix(b"\n}") + b',\n  "' + name.encode() + b'": '
    whole, frame = (begin + _list(items) + b"\n}\n" for items in ([*notices, *entries], notices))
    return Joined(whole, frame)


def _list(items: Sequence[bytes]) -> bytes:
    return b"[\n" + b",\n".join(items) + b"\n  ]" if items else b"[]"


def _dumped(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
