"""Web addresses: made clean, compared, shown without secrets. Pure, standard library and `idna` only."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, unquote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna

from syndicate.text import clean

WEB = frozenset({"http", "https"})
LINKS = WEB | {"mailto", "tel"}

_TRACKING = re.compile(
    r"^(utm_.*|pk_.*|mtm_.*|piwik_.*|matomo_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hsenc|_hsmi|vero_id|"
    r"wt_.*|xtor|at_(medium|campaign)|cmpid|ns_campaign|ns_mchannel|ns_source)$",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r".*(token|secret|passw(or)?d|passfile|pwd|signature|credential|session(_?id)?|jwt|"
    r"(api|access|auth|private|client|server|ssl)[_-]?key)|"
    r"auth|key|pass|pw|sid|sig|x-amz-.*",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#]*@)?(?P<host>[^/?#@:\[\]]+)", re.IGNORECASE)
_DEVIATIONS = re.compile("[ßς\u200c\u200d]")  # UTS 46 section 4: all that IDNA 2003 has otherwise
# An address that is as `clean_url` makes it, but for parameters that count visitors: most are.
# A port that is stated, and is no scheme's own: most that there are.
_PORT = "(?::(?!(?:80|443)/)(?:[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?"
_HOST = rf"(?P<scheme>https?)://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?{_PORT}"
_PLAIN = re.compile(
    rf"(?P<path>{_HOST}(?!.*/\.)/[A-Za-z0-9_~@!$&'()*+,=/.:-]*)"
    r"(?:\?(?P<query>[A-Za-z0-9_~.,:/=&-]+))?(?P<fragment>#[A-Za-z0-9_~.,:/=-]+)?"
)
_ORIGIN = re.compile(rf"{_HOST}(?=/|$)")
_BUCKET = re.compile(r"(?:s3|gs|az)://[A-Za-z0-9][A-Za-z0-9._-]+(?:/[^/\s?#@%\x00-\x1f]+)*/?")
_CACHED = 2_000  # characters: a longer address is worked out again
_SESSION = re.compile(r"^(phpsessid|jsessionid|sid|chash|no_cache|print)$", re.IGNORECASE)


def bucket_address(address: str) -> str | None:
    """Of a place for objects, like `s3://bucket/prefix`, as it is known; None: it is none."""
    return address.rstrip("/") if _BUCKET.fullmatch(address) else None


def tracking(name: str) -> bool:
    """Is this the name of a query parameter that only counts visitors?"""
    return bool(_TRACKING.match(name))


def clean_url(url: str, base: str | None = None, schemes: Collection[str] = WEB, *, ipv6: bool = False) -> str | None:
    """The absolute ASCII form of an address, without tracking parameters; None where its scheme is not allowed.

    Relative addresses are joined to `base`. The host is IDNA-encoded, everything else percent-encoded (RFC 3986). An
    address with an IPv6 literal is an error to feed validators, so it needs `ipv6`.
    """
    there = url
    if base is not None and url.startswith("/") and "//" not in url and (origin := _ORIGIN.match(base)):
        there = origin[0] + url
    if plain := _PLAIN.fullmatch(there):
        return _without_counters(there, plain) if plain["scheme"] in schemes else None
    made = _cleaned if len(url) <= _CACHED else _cleaned.__wrapped__
    return made(url, base, frozenset(schemes), ipv6)


@lru_cache(maxsize=2_000)  # a release's own address is asked for a few times over
def _cleaned(url: str, base: str | None, schemes: frozenset[str], ipv6: bool) -> str | None:
    # A browser drops tabs, line ends and leading controls from an address: "java\nscript:" is one scheme.
    url = re.sub(r"[\x00-\x20\x7f]+$|^[\x00-\x20\x7f]+", "", clean(re.sub(r"[\t\r\n]", "", url)))
    try:
        if base is not None:
            url = urljoin(base, url)
        scheme, netloc, path, query, fragment = urlsplit(url)
        scheme = scheme.lower()
        if scheme not in schemes:
            return None
        if scheme not in WEB:
            return f"{scheme}:{_encode(path, '@:/?&=+,;')}" + (f"?{_encode(query)}" if query else "") if path else None
        host = _host(netloc, scheme, ipv6)
    except ValueError:
        return None
    if not host:
        return None
    if "/." in path:
        path = urlsplit(urljoin("http://host/", path)).path
    query = "&".join(part for part in query.split("&") if not _dropped(part))
    return urlunsplit((scheme, host, _encode(path or "/"), _encode(query), _encode(fragment)))


def is_clean(url: str) -> bool:
    """Is it an absolute address of the web, plainly written? Most are; not all that are clean are told by this."""
    return _PLAIN.fullmatch(url) is not None


def _without_counters(url: str, plain: re.Match[str]) -> str:
    parameters = plain["query"].split("&") if plain["query"] else []
    kept = [parameter for parameter in parameters if not _dropped(parameter)]
    if len(kept) == len(parameters):
        return url
    return plain["path"] + (f"?{'&'.join(kept)}" if kept else "") + (plain["fragment"] or "")


def _dropped(parameter: str) -> bool:
    return not parameter or tracking(unquote(parameter.split("=", 1)[0]))


def without_feed_scheme(url: str) -> str:
    """`feed:https://…` and `feed://…`, as browsers once wrote a feed's address, as an address of the web."""
    found = re.match(r"feed:(?://)?(?=(https?:)?)", url, re.IGNORECASE)
    if not found:
        return url
    rest = url[found.end() :]
    return rest if found[1] else f"http://{rest}"


@lru_cache(maxsize=2_000)
def canonical_url(url: str) -> str:
    """What two addresses of one page have in common: scheme, `www.`, trailing slash, session and print view folded.

    Takes an address from `clean_url`. For comparing only, never for dialling.
    """
    _, netloc, path, query, fragment = urlsplit(url if url.isascii() else with_ascii_host(url))
    path = re.sub(r";jsessionid=[^/?]*", "", re.sub(r"/{2,}", "/", path), flags=re.IGNORECASE)
    kept = [p for p in query.split("&") if p and p != "type=98" and not _SESSION.match(unquote(p.split("=", 1)[0]))]
    host = netloc.lower().removeprefix("www.")
    return f"//{host}{path.rstrip('/')}" + (f"?{'&'.join(kept)}" if kept else "") + (f"#{fragment}" if fragment else "")


def ascii_host(name: str) -> str:
    """A host's name as it is dialled, by UTS 46 (non-transitional) as in browsers: `straße.example` is no `strasse`.

    Labels that IDNA 2008 does not know (emoji, an underscore) are encoded all the same. ValueError where a label is
    empty or too long, mixes directions of writing, or where other digits spell an IP address.
    """
    if name.isascii():
        return name.lower()
    mapped = idna.uts46_remap(name, std3_rules=False, transitional=False)
    labels = mapped.removesuffix(".").split(".")
    if re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise ValueError("an address in other digits")
    return ".".join(map(_ascii_label, labels)) + ("." if mapped.endswith(".") else "")


def feed_key(url: str) -> str:
    """What two addresses of one feed have in common, however they are written. A fragment names no other document."""
    return canonical_url(clean_url(url, ipv6=True) or url).partition("#")[0]


def _ascii_label(label: str) -> str:
    if label.isascii():
        if not label:
            raise ValueError("an empty label")
        return label
    idna.check_bidi(label)
    encoded = f"xn--{label.encode('punycode').decode('ascii')}"
    if len(encoded) > 63:
        raise ValueError("a label of more than 63 characters")
    return encoded


def with_ascii_host(url: str) -> str:
    """The address with its host as it is dialled, all else as it is; unchanged where it has no host that can be."""
    match = _AUTHORITY.match(url)
    if not match or match["host"].isascii():
        return url
    try:
        host = ascii_host(match["host"])
    except ValueError:
        return url
    return url[: match.start("host")] + host + url[match.end("host") :]


def older_canonical_url(canonical: str) -> str | None:
    """What `canonical_url` gave while hosts went by IDNA 2003, where that was another: ß was ss.

    Releases that were stored then are known by it.
    """
    host, slash, path = canonical.removeprefix("//").partition("/")
    if "xn--" not in host:
        return None
    try:
        spelt = ".".join(map(_spelt_label, host.split(".")))
        return f"//{spelt.encode('idna').decode('ascii')}{slash}{path}" if _DEVIATIONS.search(spelt) else None
    except ValueError:
        return None


def _spelt_label(label: str) -> str:
    return label[4:].encode().decode("punycode") if label.startswith("xn--") else label


def names_secret(name: str) -> bool:
    """Is a parameter of this name a secret, or leads to one?"""
    return _SECRET.fullmatch(name) is not None


def without_secrets(url: str) -> str:
    """An address as it may be shown: no user, password or parameter that is named like a secret."""
    place, *parts = re.split("([?#])", url)
    shown = _without_user(place)
    for mark, part in zip(parts[::2], parts[1::2], strict=True):
        fields = re.split("[&;]", part)
        kept = [field for field in fields if "=" not in field or not names_secret(unquote(field.split("=", 1)[0]))]
        part = part if kept == fields else "&".join(kept)
        shown += mark + part if part else ""
    return shown


def _without_user(place: str) -> str:
    """Of an address up to its query. A password may hold a slash; then what looks like a port is none."""
    scheme, slashes, rest = place.partition("//")
    host, _, path = rest.partition("/")
    if "@" in host:
        return scheme + slashes + rest[host.rindex("@") + 1 :]
    port = host.partition(":")[2]
    if port and not port.isdecimal() and not host.startswith("[") and "@" in path:
        return scheme + slashes + rest[rest.rindex("@") + 1 :]
    return place


def without_query(url: str) -> str:
    """The address up to its query: what stays of an image's address when only its cache-buster changes."""
    return url.split("?", 1)[0].split("#", 1)[0]


def form_fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """Names and values of a query or a form (application/x-www-form-urlencoded) in their order, decoded; + is a blank.

    What has no `=` is a name with an empty value; a `%` that begins no escape stands for itself. UnicodeDecodeError
    where it is no UTF-8.
    """
    for part in raw.replace(b"+", b" ").split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            yield unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()


def is_loopback_host(host: str) -> bool:
    """Is it this machine by its name?"""
    address = _literal(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def is_public_host(host: str) -> bool:
    """May everybody reach it, by its name?"""
    address = _literal(host)
    return address.is_global if address else "." in host and not is_loopback_host(host)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _host(netloc: str, scheme: str, ipv6: bool) -> str:
    userinfo, _, hostport = netloc.rpartition("@")
    del userinfo  # credentials never leave this function
    parts = urlsplit(f"//{hostport}")
    name, port = parts.hostname or "", parts.port
    if ":" in name:
        host = f"[{name}]" if ipv6 and "%" not in name else ""
    else:
        host = ascii_host(name)
        host = host.rstrip(".") if re.fullmatch(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?", host) else ""
    if not host:
        return ""
    return host if port in (None, {"http": 80, "https": 443}[scheme]) else f"{host}:{port}"


def _encode(part: str, safe: str = "/:@!$&'()*+,;=?-._~") -> str:
    """Percent-encode what RFC 3986 does not allow, leaving existing escapes as they are, in upper case."""
    part = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part)
    part = quote(part, safe=safe + "%")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda m: m.group().upper(), part)
