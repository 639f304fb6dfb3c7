"""What a family of routes is asked, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from syndicate.publish import Headers
from syndicate.serve.limits import Rates

FORM = 16 * 1024  # bytes of a body, where a route says nothing else


@dataclass(frozen=True, slots=True)
class Request:
    """`path`: decoded segments joined by `/`, without the first one: `n/TOKEN/gesundheit.atom`.

    `method` is GET of a HEAD, too; `head`: it was one, so nobody gets the body. `query`: names and values in their
    order, decoded. `headers`: names in lower case; lines of one name are one list (RFC 9110 section 5.3). `client`:
    the reader's address, as a trusted proxy says it. `base`: the address below which everything is published, with its
    last `/`.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""
    base: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers`: names in lower case; of one name there may be several. Content-Length is added, and what it does
    not say of caches and browsers: `no-store`, `no-referrer`, a page's policy, and so on.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Route:
    """`path` as in Request; `below`: also each path that goes on after it with `/`.

    `handle` is called in a thread, so it may read the store; it raises nothing but SyndicateError where it cannot
    answer now (503). None: as any address that nobody knows. `methods`: GET means HEAD as well. `most`: bytes of a
    body. `refused` is asked with the path before one is read, also in a thread: the answer, where nothing that is sent
    there would be of use. `rate`: what its answers count as.
    """

    path: str
    handle: Callable[[Request], Answer | None]
    methods: tuple[str, ...] = ("GET",)
    below: bool = False
    most: int = FORM
    rate: Rates = Rates.DOCUMENT
    refused: Callable[[str], Answer | None] | None = None

    def __post_init__(self) -> None:
        if not self.path or self.path.startswith("/") or self.path.endswith("/"):
            raise ValueError(f"{self.path!r} is no path of a route: relative to the folder, like n/x")

    @property
    def allow(self) -> bytes:
        """The value of Allow (RFC 9110 section 10.2.1)."""
        head = ("HEAD",) if "GET" in self.methods else ()
        return ", ".join((*self.methods, *head)).encode()
