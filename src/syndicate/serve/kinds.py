"""What a published file is, and how it may be kept: by its name alone, nothing is guessed from its bytes."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Kind:
    """`always` goes with every answer (200 and 304), `whole` only with the bytes."""

    media_type: str
    compress: bool = False
    cache_control: bytes = REVALIDATE
    always: Headers = ()
    whole: Headers = ()


PUBLISHED = {
    "atom": Kind("application/atom+xml", compress=True, always=_ANY_ORIGIN),
    "rss": Kind("application/rss+xml", compress=True, always=_ANY_ORIGIN),
    "json": Kind("application/feed+json", compress=True, always=_ANY_ORIGIN),
    "opml": Kind("text/x-opml", compress=True, always=_ANY_ORIGIN),
    "html": Kind("text/html; charset=utf-8", compress=True),
    "css": Kind("text/css; charset=utf-8", compress=True),
    "txt": Kind("text/plain; charset=utf-8", compress=True),
    "svg": Kind("image/svg+xml", compress=True),
    "png": Kind("image/png"),
    "ico": Kind("image/x-icon"),
}

IMAGES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}

FILES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "ics": "text/calendar; charset=utf-8",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "vcf": "text/vcard; charset=utf-8",
    "wav": "audio/wav",
    "webm": "video/webm",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

_COMPRESSIBLE = frozenset({"svg", "csv", "ics", "txt", "vcf"})


def kind_of(path: str) -> Kind | None:
    """What the file at `path` (relative, with `/`) is; None: not a kind that we publish, so it is not served.

    Below `media/` any name is served: pictures to be shown, everything else (HTML above all) to be saved.
    """
    extension = path.rpartition(".")[2].lower()
    if not path.startswith("media/"):
        return PUBLISHED.get(extension)
    whole: Headers = ((b"content-security-policy", _NO_SCRIPT),)
    if extension not in IMAGES:
        whole += ((b"content-disposition", b"attachment"),)
    media_type = IMAGES.get(extension) or FILES.get(extension, "application/octet-stream")
    return Kind(media_type, compress=extension in _COMPRESSIBLE, cache_control=IMMUTABLE, whole=whole)
