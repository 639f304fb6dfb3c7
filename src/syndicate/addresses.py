"""What may stand in a document as an id, a web address, a mail address: one notion each. Pure, standard library only.

And what an IP address is, and which are one client's.

`urls.clean_url` makes addresses; here they are judged, and so are ids, which are never rewritten. What the W3C feed
validator calls an error is admitted nowhere.
"""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote

_ESCAPE = "%[0-9A-Fa-f]{2}"
_REST = rf"(?:[A-Za-z0-9;/?:@&=+$.\-_!~*'(),]|{_ESCAPE})*+"  # RFC 2396 section 2, as RFC 4151 has it, too
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"  # RFC 1123 section 2.1
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_WEB = re.compile(  # RFC 3986 section 3.2: no user, a host, a port or none; also hosts that only a local network has
    rf"(?i:https?)://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{{1,5}})?)?(?=[/?#]|$){_REST}(?:#{_REST})?"
)
_NAMED = re.compile(rf"(?i:https?)://{_LABEL}(?:\.{_LABEL})+(?::[0-9]+)?(?=/|$)")
_DATE = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
# RFC 4151 section 2.1: a host, or a mail address, and the day on which it was its owner's. Small letters: two tags that
# differ in a capital are two ids.
_AUTHORITY = rf"(?:[a-z0-9._-]+@)?(?![^,]*[A-Z]){_NAME},{_DATE}"
_TAG = re.compile(rf"tag:{_AUTHORITY}:{_REST}(?:#{_REST})?")
_UUID = re.compile("urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)  # RFC 9562 section 4
_URN = re.compile(  # RFC 2141, the narrowest
    rf"urn:(?!(?i:uuid):)[A-Za-z0-9][A-Za-z0-9-]{{1,31}}:(?:[A-Za-z0-9()+,.:=@;$_!*'-]|{_ESCAPE})+"
)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[!#-;=?-\[\]_a-z~]++")

MAIL = r"[^\s@()<>\[\],;:\"]+@[^\s@()<>\[\],;:\"/?#]+"  # as it stands among other words
_MAIL = re.compile(MAIL)
# As releases print one in running text, also so that programs do not find it.
PRINTED_MAIL = r"[\w.+-]{1,64} ?(?:@|\(at\)|\[at\]) ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
_AT = re.compile(r" ?(?:\(at\)|\[at\]|@) ?", re.IGNORECASE)
_MAILTO = re.compile(r"(?i:mailto):[^@]+@.+")


@lru_cache(maxsize=4096)
def one_client(address: str) -> str:
    """What is counted as one client: an IPv4 address; of IPv6, the network (/64) that one subscriber has."""
    ip = ip_of(address)
    if ip is None or isinstance(ip, ipaddress.IPv4Address):
        return str(ip or address)
    return str(ipaddress.ip_network((int(ip) >> 64 << 64, 64)))


def ip_of(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address; one of IPv4 also where it is written as one of IPv6 (RFC 4291 section 2.5.5.2)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return mapped or ip


def is_id(text: str) -> bool:
    """May a feed or an entry be known by it? Web addresses, tags and URNs (RFC 4287 section 4.2.6), ASCII only."""
    if text.startswith("http"):
        return is_address(text) and "[" not in text
    return any(form.fullmatch(text) for form in (_TAG, _UUID, _URN))


def is_iri(text: str) -> bool:
    """Is it at least an absolute IRI? An id that readers know is never changed, whatever was held of ids then."""
    return bool(_IRI.fullmatch(text))


def is_address(text: str) -> bool:
    """May a document name it as an absolute http or https address? It has no user or password."""
    match = _WEB.fullmatch(text)
    return bool(match and int(match["port"] or 0) < 2**16)


def is_public(text: str) -> bool:
    """Is its host an IPv4 address or a name of several labels? RSS wants that of an enclosure, which is to be fetched
    from anywhere.
    """
    return is_address(text) and bool(_NAMED.match(text))


def is_link(text: str) -> bool:
    """May a document link it? An address of the web or of a mailbox."""
    return is_address(text) or bool(_MAILTO.fullmatch(text) and re.fullmatch(rf"mailto:{_REST}", text, re.IGNORECASE))


def plain_mail(printed: str) -> str:
    """`name (at) host` as an address."""
    return _AT.sub("@", printed)


def is_mail(text: str) -> bool:
    return bool(_MAIL.fullmatch(text))


def mailto(address: str | None) -> str | None:
    """The link to a mailbox (RFC 6068); None where it is not one address."""
    return f"mailto:{quote(address, safe='@+')}" if address and is_mail(address) else None
