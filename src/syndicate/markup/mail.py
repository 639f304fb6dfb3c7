"""Addresses that Cloudflare hid from robots, and with them from everybody who reads a feed. Pure."""

import re
from html import escape

from syndicate.addresses import is_mail

_CODE = r"(?P<code>[0-9a-fA-F]{6,800}+)"
_ELEMENT = re.compile(
    rf"""<(?P<name>a|span)\b(?P<before>[^<>]{{0,1000}}?)\sdata-cfemail\s*=\s*["']?{_CODE}["']?(?P<behind>[^<>]{{0,1000}}+)>"""
    r"(?:(?!</?(?:a|span)\b).){0,500}</(?P=name)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_HREF = re.compile(
    rf"""(?P<quote>["']?)(?:https?://[^\s"'<>/]+)?/cdn-cgi/l/email-protection#{_CODE}(?P=quote)""", re.IGNORECASE
)


def unprotected(source: str) -> str:
    """The addresses in place of `[email protected]`, and where links lead that would ask a script for one."""
    if "cfemail" not in source and "email-protection" not in source:
        return source
    return _HREF.sub(_href, _ELEMENT.sub(_element, source))


def _element(match: re.Match[str]) -> str:
    address = _decoded(match["code"])
    if not address:
        return match[0]
    shown = escape(address)
    linked = match["name"].lower() == "a" and "href" in f"{match['before']}{match['behind']}".lower()
    return f'<a href="mailto:{shown}">{shown}</a>' if linked else shown


def _href(match: re.Match[str]) -> str:
    address = _decoded(match["code"])
    return f'"mailto:{escape(address)}"' if address else match[0]


def _decoded(code: str) -> str | None:
    """The first byte is the key that the others are hidden by."""
    if len(code) % 2:
        return None
    key, *others = bytes.fromhex(code)
    try:
        address = bytes(byte ^ key for byte in others).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return address if is_mail(address) else None
