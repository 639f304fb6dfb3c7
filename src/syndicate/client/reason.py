"""What went wrong, in plain words; and addresses as they may be shown."""

import re

from syndicate.client.library import httpcore, httpx
from syndicate.errors import FetchError
from syndicate.urls import with_ascii_host, without_secrets

FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL)


def shown(url: str) -> str:
    """An address for messages and `rel=via`: no user, password, fragment or parameter that is named like a secret."""
    try:
        url = str(httpx.URL(with_ascii_host(url)).copy_with(userinfo=b"", fragment=None))
    except (httpx.InvalidURL, UnicodeError):
        url = re.sub(r"//.*@", "//", url, flags=re.DOTALL)
    return without_secrets(url)


def quoted(text: str, most: int = 80) -> str:
    """The beginning of what a server said, in one line, without what a terminal obeys: messages are kept and shown."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def reason_alone(error: FetchError) -> str:
    """Of one that the client has raised: without the address, which may hold a secret."""
    cause = error.__cause__
    return reason(cause) if isinstance(cause, Exception) else "could not be reached"


def reason(error: Exception) -> str:
    """A sentence's end for any error of the layers below."""
    if isinstance(error, FetchError):
        return str(error)
    text = quoted(str(error))
    if isinstance(error, httpcore.RemoteProtocolError):
        if "without sending a response" in text:
            return "closed the connection without an answer"
        if "without sending complete message body" in text:
            return f"its body was cut short ({text})"
        return f"its answer is no valid HTTP ({text})"
    if isinstance(error, httpx.InvalidURL):
        return "redirects to something that is no address"
    if isinstance(error, httpcore.LocalProtocolError):
        return "the request cannot be sent (a header has a name or a value that none may have)"  # `text` would quote it
    return f"the connection was cut ({text or type(error).__name__})"
