"""Through a proxy: a tunnel (CONNECT, RFC 9110 section 9.3.6) to whom the guard permits; all else goes through that.

Names are looked up and judged here as ever, and the proxy is asked for the judged address: it need not be trusted to
look the name up once more. What does not resolve here is left to the proxy, by its name: where there is a proxy, there
often is no DNS for the web. The proxy's own address is the operator's word, and not judged.
Also for http: a tunnel leads to an address and leaves `Host` alone, which the absolute form of a request does not.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus

from syndicate.client.dial import Clock, GuardedBackend, Resolve, TimedStream, Trust, dialled
from syndicate.client.guard import Leave, is_number
from syndicate.client.hop import Hop, address
from syndicate.client.library import httpcore
from syndicate.errors import ClientClosed, FetchError
from syndicate.urls import is_loopback_host

_DNS = 5.0  # seconds after which a name is left to the proxy: where no DNS can be reached, each look-up is silent
_MOST = 3  # addresses of a name that are tried, each by a connection of its own
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_UNREACHED = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


@dataclass(frozen=True, slots=True)
class Proxy:
    """`server` is how it is named: without user and password, which are `authorization` (RFC 7617)."""

    host: str
    port: int
    server: str
    authorization: str = field(default="", repr=False)


@lru_cache(maxsize=64)
def proxy_of(url: str) -> Proxy:
    """FetchError where it is the address of none."""
    try:
        hop = Hop(address(url), {}).with_authorization()
    except FetchError:
        raise FetchError("the source's proxy is no address of one (like http://proxy.example.org:3128)") from None
    return Proxy(*hop.place, hop.server, hop.headers.get("Authorization", ""))


class _Unreached(FetchError):
    """The proxy has not come through to that address; another one may do."""


class ProxiedBackend(GuardedBackend):
    """What the pool takes for a connection to a host is a tunnel to it: TLS is with the host, for its name."""

    def __init__(
        self,
        clock: Clock,
        leave: Leave,
        trust: Trust,
        proxy: Proxy,
        *,
        resolve: Resolve,
        network: httpcore.NetworkBackend,
    ) -> None:
        super().__init__(clock, leave, trust, resolve=resolve, network=network)
        self._proxy = proxy

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        targets = self._targets(host, port)[:_MOST]
        for tried, target in enumerate(targets):
            try:
                with self._clock.at_most(self._clock.left() / (len(targets) - tried)):
                    return self._tunnel(target, port, socket_options)
            except _Unreached as error:
                if tried + 1 == len(targets):
                    raise FetchError(str(error)) from error.__cause__
        raise AssertionError("a name stands for an address, or is one itself")

    def _targets(self, host: str, port: int) -> tuple[str, ...]:
        """What the proxy is asked for. FetchError where it may not be."""
        if is_number(host):
            return self._leave.beyond(self._clock.run(lambda: self._resolve(host, port)), (host, port))
        try:
            with self._clock.at_most(_DNS):
                found = self._clock.run(lambda: self._resolve(host, port))
        except ClientClosed:
            raise
        except FetchError:
            if is_loopback_host(host.rstrip(".")):
                raise
            return (host,)
        return self._leave.beyond(found, (host, port))

    def _tunnel(
        self, target: str, port: int, options: Iterable[httpcore.SOCKET_OPTION] | None
    ) -> httpcore.NetworkStream:
        stream = TimedStream(self._clock.run(lambda: self._dialled(options)), self._clock, self._trust)
        try:
            return self._connected(stream, f"[{target}]:{port}" if ":" in target else f"{target}:{port}")
        except BaseException:
            with suppress(OSError):
                stream.close()
            raise

    def _dialled(self, options: Iterable[httpcore.SOCKET_OPTION] | None) -> httpcore.NetworkStream:
        proxy = self._proxy
        try:
            return dialled(self._resolve(proxy.host, proxy.port), proxy.port, self._clock, self._network, options)
        except ClientClosed:
            raise
        except FetchError as error:
            raise FetchError(
                f"the proxy {proxy.server} cannot be reached: {error}; see the source's `proxy`"
            ) from error

    def _connected(self, stream: httpcore.NetworkStream, target: str) -> httpcore.NetworkStream:
        proxy, name = self._proxy, target.encode("ascii")
        origin = httpcore.Origin(b"http", proxy.host.encode("ascii"), proxy.port)
        headers = [(b"Host", name)]
        if proxy.authorization:
            headers.append((b"Proxy-Authorization", proxy.authorization.encode("ascii")))
        url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=name)
        try:
            asked = httpcore.Request(b"CONNECT", url, headers=headers)
            answer = httpcore.HTTP11Connection(origin, stream).handle_request(asked)
        except ClientClosed:
            raise
        except FetchError as error:
            why = f"the proxy {proxy.server} has not answered when it was asked for {target}; see whether it works"
            raise _Unreached(why) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(f"the proxy {proxy.server} {_garbled(error)}; see whether it is an HTTP proxy") from error
        if 200 <= answer.status < 300:
            through: httpcore.NetworkStream = answer.extensions["network_stream"]
            return through
        raise self._refused(answer.status, target)

    def _refused(self, status: int, target: str) -> FetchError:
        """Nothing that it says is quoted: it may be what we have sent."""
        said, proxy = f"{status} {_PHRASES[status]}" if status in _PHRASES else str(status), self._proxy.server
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            if self._proxy.authorization:
                return FetchError(f"the proxy {proxy} does not take user and password of the source's `proxy` ({said})")
            return FetchError(
                f'the proxy {proxy} wants a user and a password ({said}): proxy = "http://user:password@{proxy}",'
                ' or "env:NAME" for a variable that holds that'
            )
        if status in _UNREACHED:
            return _Unreached(f"the proxy {proxy} does not reach {target} ({said}); see whether it works without")
        return FetchError(
            f"the proxy {proxy} does not permit CONNECT to {target} ({said}): have that permitted, or ask without it"
        )


def _garbled(error: Exception) -> str:
    if "without sending a response" in str(error) or isinstance(error, httpcore.NetworkError):
        return "closed the connection without an answer to CONNECT"
    return "gave an answer to CONNECT that is no HTTP"
