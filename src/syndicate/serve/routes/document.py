"""A made document as an answer: its validators, compressed where that is wanted, 304 where it is held."""

import hashlib

from syndicate.publish import Headers
from syndicate.serve.cache import is_worth_gzip, zipped
from syndicate.serve.conditional import accepts_gzip, tag_of, unchanged
from syndicate.serve.routes.values import Answer, Request


def document(
    request: Request, body: bytes, media_type: str, *, cache_control: bytes, vary: bytes = b"", more: Headers = ()
) -> Answer:
    """200 with this body, or 304. Its ETag is strong, of the same form as a published file's.

    `vary`: fields of the request, besides Accept-Encoding, that decided what the body is. `more` goes with both.
    """
    digest = hashlib.sha256(body).hexdigest()
    packed = is_worth_gzip(body) and accepts_gzip(request.headers.get(b"accept-encoding", b""))
    etag = tag_of(digest, packed=packed)
    shared: Headers = (
        (b"etag", etag),
        (b"cache-control", cache_control),
        (b"vary", b", ".join(filter(None, (b"accept-encoding", vary)))),
        *more,
    )
    if unchanged(request.headers.get(b"if-none-match"), None, etag=etag, modified=0):
        return Answer(304, shared)
    coding: Headers = ((b"content-encoding", b"gzip"),) if packed else ()
    sent = zipped(body) if packed else body
    return Answer(200, ((b"content-type", media_type.encode()), *coding, *shared), sent)
