"""What a published file is, and how it may be kept: by its name alone, nothing is guessed from its bytes."""

import html
import re
from dataclasses import dataclass, replace

from syndicate.formats import FORMATS, Format
from syndicate.mediatypes import KINDS, UNKNOWN, syntax, with_charset
from syndicate.placement import ALL

# Of an object in a bucket: who wrote it, of what bytes, and is it a notice that there is nothing any more.
FENCE, HASH, GONE = "fence", "hash", "gone"

Headers = tuple[tuple[bytes, bytes], ...]

# How long somebody's cache may show what is here no longer, in seconds: an embargo that ended, a release that was
# withdrawn. Never `immutable`, never `stale-*`: even what never changes may have to go.
FRESH = b"max-age=60"
REST = b"max-age=300"  # what is behind the heads, media, and what says nothing of a release
NEVER = b"no-store"

# With every body. Of a page whose address holds a secret, or that is the answer of a route: `no-referrer` instead.
SECURE: Headers = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"strict-origin-when-cross-origin"))
# Of pages that do not say their own (CSP 3): nothing comes from anywhere, nothing runs, nobody frames it.
STRICT = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A feed shown as a tree, or through the style that it names.
_SHOWN = (
    b"default-src 'none'; style-src 'self'; img-src http: https:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)

# Feed readers that run in a browser ask from another origin.
_ANY_ORIGIN: Headers = ((b"access-control-allow-origin", b"*"),)
# A file from outside is shown or saved, but never runs as a page of this site.
_NO_SCRIPT = b"default-src 'none'; style-src 'unsafe-inline'; sandbox"
_HEAD_OF_PAGE = 2048  # bytes that a page states its policy within
_SAVED: Headers = ((b"content-disposition", b"attachment"),)


@dataclass(frozen=True, slots=True)
class Kind:
    """`always` goes with every answer (200 and 304), `whole` only with the bytes.

    `vary` names the request's fields that an answer depends on. `ranges`: a part may be asked for (RFC 9110 section
    14). `page`: it may state a policy of its own (`policy_of`). `head`: of a feed, whose hub and `self` are linked.
    """

    media_type: str
    compress: bool = False
    vary: bytes = b"accept-encoding"
    cache_control: bytes = REST
    always: Headers = ()
    whole: Headers = ()
    ranges: bool = False
    page: bool = False
    head: bool = False


# Browsers show feeds in XML as bare text, without their style: who opens one there gets its page (Fetch Metadata).
OPENED = b"sec-fetch-dest"
# Of a head, what changed since a version that the reader holds may be asked for (RFC 3229).
_CHANGED = b"accept-encoding, a-im"


def _feed(row: Format) -> Kind:
    policy: Headers = ((b"content-security-policy", _SHOWN),)
    kind = Kind(with_charset(row.media_type), compress=True, always=_ANY_ORIGIN, whole=policy)
    return replace(kind, vary=b"accept-encoding, " + OPENED) if syntax(row.media_type) == "xml" else kind


def _head(row: Format) -> Kind:
    fresh = _FRESH[row.suffix]
    return replace(fresh, head=True, vary=fresh.vary.replace(b"accept-encoding", _CHANGED)) if row.hub else fresh


def _ours(suffix: str) -> Kind:
    kind = KINDS[f".{suffix}"]
    always = _ANY_ORIGIN if suffix == "opml" else ()
    policy: Headers = () if suffix == "html" else ((b"content-security-policy", _SHOWN),)
    return Kind(with_charset(kind.media_type), kind.compress, always=always, whole=policy, page=suffix == "html")


# By suffix, without its dot: feeds, and what else lies in the folder. So in a folder of closed pages; the newest of
# everything lies at its root, and releases change like these.
_FEEDS = {row.suffix: _feed(row) for row in FORMATS.values()}
PUBLISHED = {suffix: _ours(suffix) for suffix in ("opml", "html", "css", "txt", "xml", "svg", "png", "ico")} | _FEEDS
_FRESH = {suffix: replace(PUBLISHED[suffix], cache_control=FRESH) for suffix in ("opml", "html", "xml", *_FEEDS)}
_HEADS = PUBLISHED | _FRESH | {row.suffix: _head(row) for row in FORMATS.values()}
_RELEASES = PUBLISHED | _FRESH
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"\x00-\x1f]*)">')


def kind_of(path: str) -> Kind | None:
    """What the file at `path` (relative, with `/`) is; None: not a kind that we publish, so it is not served.

    Below `media/` any name is served: pictures to be shown, everything else (HTML above all) to be saved.
    """
    folder, _, name = path.lower().rpartition("/")
    if path.startswith("media/"):
        return _from_outside(f".{name.rpartition('.')[2]}")
    kinds = (_RELEASES if folder == "releases" else PUBLISHED) if folder else _HEADS
    # A suffix may have two parts, like the one of `releases/ID.ninjs.json`.
    return kinds.get(name.partition(".")[2]) or kinds.get(name.rpartition(".")[2])


def policy_of(body: bytes) -> bytes:
    """The policy for a page (HTML): what it states itself, and that nobody frames it, which only a header may say."""
    stated = _META.search(body, 0, _HEAD_OF_PAGE)
    return html.unescape(stated[1].decode()).encode() + b"; frame-ancestors 'none'" if stated else STRICT


def page_of(path: str) -> str | None:
    """The page for people of a feed that a browser would show as bare text; None of anything else.

    That of everything is the first one.
    """
    name, _, suffix = path.rpartition(".")
    if suffix not in PUBLISHED or not PUBLISHED[suffix].vary.endswith(OPENED):
        return None
    return "index.html" if name == ALL else f"{name}.html"


def _from_outside(suffix: str) -> Kind:
    """Films and long documents are asked for in parts. Their address is that of these very bytes, so parts of them fit
    together; a feed or a page is small, and another one tomorrow.
    """
    kind = KINDS.get(suffix)
    whole: Headers = ((b"content-security-policy", _NO_SCRIPT),)
    if kind is None or kind.active:
        return Kind(UNKNOWN, whole=whole + _SAVED, ranges=True)
    return Kind(
        with_charset(kind.media_type),
        kind.compress,
        whole=whole if kind.shown else whole + _SAVED,
        ranges=True,
    )
