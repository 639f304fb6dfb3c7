"""The address of a picture, however a page hides it until a script or a wide screen asks for it. Pure."""

import re
from collections.abc import Iterable, Mapping

LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-echo",
    "data-hi-res-src",
    "data-full",
    "data-large",
)
SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = r"(?:blank|spacer|placeholder|loading|transparent|clear|pixel|1x1|lazy)[\w-]{0,60}\."
_EMPTY = re.compile(rf"^data:|^about:|^blob:|^javascript:|^#|(?:^|/){_PLACEHOLDER}", re.IGNORECASE)
HINT = rf"\s(?:{'|'.join(LAZY)})\s*=|{_PLACEHOLDER}"  # in a tag whose `src` may not be what it shows
_CANDIDATE = re.compile(r"\s*(?P<url>\S*[^\s,])(?:\s+(?P<size>\d+(?:\.\d+)?)(?P<unit>[wx])|(?=\s*(?:,|$)))[^,]*(?:,|$)")
_LONGEST = 20_000  # characters of a set of candidates
_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s<>\"']{4,}|[^\s<>\"':]+\.(?:jpe?g|png|gif|webp|avif)(?:\?\S*)?", re.IGNORECASE
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_SOURCE = re.compile(r"src|img|image|url|orig|lazy|full|large|file")
_MODERN = re.compile(r"webp|avif|jxl", re.IGNORECASE)
_PIXEL = re.compile(
    r"matomo|piwik|/pixel|count(?:er)?[./?]|webtrekk|etracker|vgwort|ivwbox|tracking|/stat[./]", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def usable(address: str | None) -> str | None:
    """An address that is no placeholder."""
    address = (address or "").strip()
    return None if not address or _EMPTY.search(address) else address


def waiting(attributes: Mapping[str, str]) -> str | None:
    """The address that a script puts in place, where one of the usual attributes has it."""
    return next((address for name in LAZY if (address := usable(attributes.get(name)))), None)


def stated(attributes: Mapping[str, str]) -> str | None:
    """The one address of a picture, a film or a frame: the one that waits, else its `src`."""
    return waiting(attributes) or usable(attributes.get("src"))


def largest(attributes: Mapping[str, str]) -> str | None:
    """Of its sets of candidates (HTML 4.8.4.2.1) the largest; without sizes the first."""
    return next((best for name in SETS if (best := _largest(attributes.get(name) or ""))), None)


def of_sources(sources: Iterable[Mapping[str, str]]) -> str | None:
    """Of the `<source>` elements of a `<picture>`; formats that not everybody shows come last."""
    ordered = sorted(sources, key=lambda s: bool(_MODERN.search(f"{s.get('type') or ''} {s.get('srcset') or ''}")))
    return next((best for source in ordered if (best := largest(source))), None)


def unheard_of(attributes: Mapping[str, str]) -> str | None:
    """The address in an attribute that nobody listed: `data-anything="/a.jpg"`."""
    found = [
        (name, address)
        for name, value in attributes.items()
        if name.startswith("data-") and _ADDRESS.fullmatch(value) and (address := usable(value))
    ]
    found.sort(key=lambda pair: (not _PICTURE.search(pair[1]), not _SOURCE.search(pair[0])))
    return next((a for name, a in found if _PICTURE.search(a) or _SOURCE.search(name)), None)


def counts(attributes: Mapping[str, str], address: str | None) -> bool:
    """Is a picture or a frame there to count visitors, or for nobody to see?"""
    sizes = [re.sub(r"px$", "", (attributes.get(side) or "").strip()) for side in ("width", "height")]
    return any(size in ("0", "1") for size in sizes) or bool(_PIXEL.search(address or ""))


def is_picture(address: str, media_type: str = "") -> bool:
    """By its media type; by its name where it has none."""
    if media_type:
        return media_type.lower().startswith("image/") and "svg" not in media_type.lower()
    return bool(_PICTURE.search(address))


def hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _largest(candidates: str) -> str | None:
    found = [(float(m["size"] or 1), m["url"]) for m in _CANDIDATE.finditer(candidates[:_LONGEST]) if usable(m["url"])]
    return max(found, key=lambda pair: pair[0])[1] if found else None
