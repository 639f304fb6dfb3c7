"""What a request asks of a document: which form, which part, and does the client hold it already?"""

from collections.abc import Iterable

from starlette.types import Message

from syndicate.publish import kind_of
from syndicate.serve.cache import Copy, Representation, start
from syndicate.serve.conditional import accepts_gzip, goes_on, unchanged
from syndicate.serve.ranges import content_range, wanted

RARE = frozenset({b"range", b"if-range", b"if-match", b"if-unmodified-since"})
_READ = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"sec-fetch-dest", b"a-im"}) | RARE
_KEPT = _READ | {b"user-agent"}  # no answer depends on that: it is noted

Asked = dict[bytes, bytes]  # of a request's headers those that the answer depends on, and who asks


def asked_by(headers: Iterable[tuple[bytes, bytes]]) -> Asked:
    """Lines of one name are one list (RFC 9110 section 5.3); of what is no list none is then valid."""
    asked: Asked = {}
    for name, value in headers:
        if name in _KEPT:
            asked[name] = asked[name] + b"," + value if name in asked else value
    return asked


def is_opened(asked: Asked) -> bool:
    return asked.get(b"sec-fetch-dest") == b"document"


def form_of(copy: Copy, asked: Asked) -> Representation:
    return copy.gzip if copy.gzip and accepts_gzip(asked.get(b"accept-encoding", b"")) else copy.plain


def is_held(form: Representation, copy: Copy, asked: Asked) -> bool:
    """Does the client hold this form?"""
    none_match, since = asked.get(b"if-none-match"), asked.get(b"if-modified-since")
    return unchanged(none_match, since, etag=form.etag, modified=copy.modified)


def part_of(copy: Copy, asked: Asked) -> range | None:
    """The part that is asked for, empty where there is none of it; None: the whole."""
    kind = kind_of(copy.path)
    if b"range" not in asked or kind is None or not kind.ranges:
        return None
    if not goes_on(asked.get(b"if-range"), etag=copy.plain.etag, modified=copy.modified):
        return None
    return wanted(asked[b"range"], copy.plain.length)


def beginning(form: Representation, part: range | None) -> Message:
    """The message that begins a 200, or the 206 of a part."""
    if part is None:
        return form.ok.message
    headers = [header for header in form.ok.message["headers"] if header[0] != b"content-length"]
    own = (b"content-range", content_range(part, form.length)), (b"content-length", b"%d" % len(part))
    return start(206, (*headers, *own))
