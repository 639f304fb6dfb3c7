"""One request of a chain of redirects: where it goes, what goes with it, and what may follow."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from syndicate.client.library import httpx
from syndicate.client.reason import quoted, shown
from syndicate.errors import FetchError
from syndicate.urls import with_ascii_host, without_secrets

PERMANENT = frozenset({301, 308})
# What may go to another host than the one it was meant for; any other header may be a credential.
_HARMLESS = frozenset({"accept", "accept-language", "a-im", "content-type", "if-none-match", "if-modified-since"})
_USUAL = {"http": 80, "https": 443}
# Nothing else is a name or an address: `127%2e0%2e0%2e1` and `good.example\.bad.example` mean what each reader likes.
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hop:
    """`moved`: where permanent redirects have led so far, while `permanent` says that there was no other one."""

    url: httpx.URL
    headers: Mapping[str, str]
    moved: str | None = None
    permanent: bool = True

    @property
    def host(self) -> str:
        """As it is dialled: in lower case, IDNs as punycode."""
        return self.url.raw_host.decode("ascii")

    @property
    def place(self) -> tuple[str, int]:
        """Where it is dialled: host and port."""
        return self.host, self.url.port or _USUAL[self.url.scheme]

    @property
    def server(self) -> str:
        """Whom a Retry-After speaks for: the host, with the port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host.rstrip(".")
        return host if self.url.port in (None, _USUAL[self.url.scheme]) else f"{host}:{self.url.port}"

    @property
    def shown(self) -> str:
        """Its address for messages and `rel=via`: as `shown` gives it, without reading the address once more."""
        return without_secrets(str(self.url))

    def with_authorization(self) -> "Hop":
        """The address without user and password, these as a header (where the caller gave none)."""
        if not self.url.userinfo:
            return replace(self, url=_bare(self.url))
        url, headers = _bare(self.url), dict(self.headers)
        if not any(name.lower() == "authorization" for name in headers):
            pair = f"{self.url.username}:{self.url.password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
        return replace(self, url=url, headers=headers)

    def to(self, url: httpx.URL) -> "Hop":
        """Another address, with what may go there."""
        kept = self.headers
        if not _same_place(self.url, url):
            kept = {name: value for name, value in kept.items() if name.lower() in _HARMLESS}
        return replace(self, url=_bare(url), headers=kept)

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        return encoded(self.headers)

    def follow(self, response: httpx.Response) -> "Hop":
        places = response.headers.get_list("location")
        if not places or not places[0]:
            raise FetchError(f"answered {response.status_code} without saying where to (no Location)")
        try:
            url = self.url.join(with_ascii_host(places[0]))
        except (httpx.InvalidURL, UnicodeError) as error:
            raise FetchError("redirects to something that is no address") from error
        if url.scheme not in _USUAL:
            raise FetchError(f"redirects to {quoted(shown(str(url)))}, which is neither http nor https")
        if not _dialable(url):
            raise FetchError(f"redirects to {quoted(shown(str(url)))}, which has no host, or no port that there is")
        there = self.to(url)
        permanent = self.permanent and response.status_code in PERMANENT
        return replace(there, permanent=permanent, moved=str(there.url) if permanent else self.moved)


def address(url: str) -> httpx.URL:
    """FetchError where it is none that can be asked."""
    try:
        parsed = httpx.URL(with_ascii_host(url))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError("this is no address that can be fetched") from error
    if parsed.scheme not in _USUAL or not _dialable(parsed):
        raise FetchError("only http:// and https:// addresses with a host and a valid port can be fetched")
    return parsed


def _bare(url: httpx.URL) -> httpx.URL:
    """Without user, password and fragment, which no request line has."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or "#" in str(url) else url


def encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """As they go over the wire: what was received as ISO-8859-1 is sent back byte for byte (RFC 9110 section 5.5)."""
    return [(name.encode("ascii", "replace"), value.encode("iso-8859-1", "replace")) for name, value in headers.items()]


def _dialable(url: httpx.URL) -> bool:
    host = url.raw_host.decode("ascii", "replace")
    return bool(_HOST.fullmatch(host)) and (url.port is None or 0 < url.port < 65536)


def _same_place(old: httpx.URL, new: httpx.URL) -> bool:
    """The same scheme, host and port, or the same host's step up from http to https on their usual ports."""
    if old.raw_host != new.raw_host:  # `host` would decode punycode, which not every name stands
        return False
    here, there = (old.scheme, old.port), (new.scheme, new.port)
    return here == there or (here, there) == (("http", None), ("https", None))
