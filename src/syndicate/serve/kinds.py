"""What a published file is, and how it may be kept: by its name alone, nothing is guessed from its bytes."""

from dataclasses import dataclass, replace

from syndicate.formats import FORMATS, Format
from syndicate.mediatypes import KINDS, UNKNOWN, syntax, with_charset
from syndicate.placement import ALL

Headers = tuple[tuple[bytes, bytes], ...]

# Ask each time: a 304 costs us next to nothing, and an embargo that ended or a release that was withdrawn must not wait
# for somebody's cache.
REVALIDATE = b"no-cache"
# The address holds the hash of the bytes, so they never change; but a withdrawn picture must leave shared caches soon.
IMMUTABLE = b"public, max-age=3600, immutable"

# Feed readers that run in a browser ask from another origin.
_ANY_ORIGIN: Headers = ((b"access-control-allow-origin", b"*"),)
# A file from outside is shown or saved, but never runs as a page of this site.
_NO_SCRIPT = b"default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SAVED: Headers = ((b"content-disposition", b"attachment"),)


@dataclass(frozen=True, slots=True)
class Kind:
    """`always` goes with every answer (200 and 304), `whole` only with the bytes.

    `vary` names the request's fields that an answer depends on. `ranges`: a part may be asked for (RFC 9110 section
    14).
    """

    media_type: str
    compress: bool = False
    vary: bytes = b"accept-encoding"
    cache_control: bytes = REVALIDATE
    always: Headers = ()
    whole: Headers = ()
    ranges: bool = False


# Browsers show feeds in XML as bare text, without their style: who opens one there gets its page (Fetch Metadata).
OPENED = b"accept-encoding, sec-fetch-dest"


def _feed(row: Format) -> Kind:
    kind = Kind(with_charset(row.media_type), compress=True, always=_ANY_ORIGIN)
    return replace(kind, vary=OPENED) if syntax(row.media_type) == "xml" else kind


def _ours(suffix: str) -> Kind:
    kind = KINDS[f".{suffix}"]
    return Kind(with_charset(kind.media_type), kind.compress, always=_ANY_ORIGIN if suffix == "opml" else ())


# By suffix, without its dot: feeds, and what else lies in the folder.
PUBLISHED = {suffix: _ours(suffix) for suffix in ("opml", "html", "css", "txt", "xml", "svg", "png", "ico")} | {
    row.suffix: _feed(row) for row in FORMATS.values()
}


def kind_of(path: str) -> Kind | None:
    """What the file at `path` (relative, with `/`) is; None: not a kind that we publish, so it is not served.

    Below `media/` any name is served: pictures to be shown, everything else (HTML above all) to be saved.
    """
    name = path.rpartition("/")[2].lower()
    if path.startswith("media/"):
        return _from_outside(f".{name.rpartition('.')[2]}")
    # A suffix may have two parts, like the one of `releases/ID.ninjs.json`.
    return PUBLISHED.get(name.partition(".")[2]) or PUBLISHED.get(name.rpartition(".")[2])


def page_of(path: str) -> str | None:
    """The page for people of a feed that a browser would show as bare text; None of anything else.

    That of everything is the first one.
    """
    name, _, suffix = path.rpartition(".")
    if suffix not in PUBLISHED or PUBLISHED[suffix].vary != OPENED:
        return None
    return "index.html" if name == ALL else f"{name}.html"


def _from_outside(suffix: str) -> Kind:
    """Films and long documents are asked for in parts. Their address is that of these very bytes, so parts of them fit
    together; a feed or a page is small, and another one tomorrow.
    """
    kind = KINDS.get(suffix)
    whole: Headers = ((b"content-security-policy", _NO_SCRIPT),)
    if kind is None or kind.active:
        return Kind(UNKNOWN, cache_control=IMMUTABLE, whole=whole + _SAVED, ranges=True)
    return Kind(
        with_charset(kind.media_type),
        kind.compress,
        cache_control=IMMUTABLE,
        whole=whole if kind.shown else whole + _SAVED,
        ranges=True,
    )
