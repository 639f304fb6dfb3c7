"""A bucket (S3, GCS, Azure) through obstore: what is asked of it, and what goes wrong in our words.

Credentials, region and endpoint are obstore's affair: it takes them from the environment (AWS_ACCESS_KEY_ID …). None is
in a message: of an error only its status and its code are told. Nothing of this is imported where no bucket is named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotModifiedError,
    PreconditionError,
)
from obstore.store import from_url

from syndicate.errors import StoreError

if TYPE_CHECKING:
    from obstore import Attributes, GetOptions, PutMode, UpdateVersion
    from obstore.store import BackoffConfig, ClientConfig, RetryConfig

_CONNECT, _ANSWER = timedelta(seconds=5), timedelta(seconds=60)  # of one request
_PATIENCE = timedelta(seconds=30)  # in which what failed by the bucket's fault (5xx) is tried again
_BRIEFLY = timedelta(seconds=8)  # the same where a reader waits for it
_TRIES = 10
_BACKOFF: "BackoffConfig" = {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=5)}

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_UNSEEN = "see the network, and the endpoint in the environment (AWS_ENDPOINT_URL)"
_RIGHTS = "see the credentials in the environment (AWS_ACCESS_KEY_ID …), and what they may do"


class Version(NamedTuple):
    """What tells an object from what stood at its place before, in the store's own words."""

    e_tag: str | None
    number: str | None

    @property
    def tag(self) -> str:
        return self.e_tag or self.number or ""

    @property
    def said(self) -> "UpdateVersion":
        """As a condition."""
        said: UpdateVersion = {}
        if self.e_tag:
            said["e_tag"] = self.e_tag
        if self.number:
            said["version"] = self.number
        return said


class Object(NamedTuple):
    """`attributes`: what it was put with; none of one that was listed. `body` as it is stored."""

    key: str
    version: Version
    size: int
    modified: datetime
    attributes: Mapping[str, str] = {}
    body: bytes = b""


class OtherVersion(Exception):
    """What is there is not what was said to be."""


class SameVersion(Exception):
    """What is there is what was said to be held."""


class ObjectStore:
    """The objects below an address like `s3://bucket/prefix`. For threads. StoreError: which one, and the fault.

    `briefly`: a reader waits for the answer.
    """

    def __init__(self, url: str, *, briefly: bool = False) -> None:
        self.url = url
        patience, answer = (_BRIEFLY, _BRIEFLY) if briefly else (_PATIENCE, _ANSWER)
        # An endpoint is asked as it is named: one on this machine or network may well have no TLS.
        client: ClientConfig = {"connect_timeout": _CONNECT, "timeout": answer, "allow_http": True}
        retry: RetryConfig = {"max_retries": _TRIES, "retry_timeout": patience, "backoff": _BACKOFF}
        try:
            self._store = from_url(url, client_options=client, retry_config=retry)
        except (BaseError, ValueError) as error:
            raise StoreError(f"{url}: cannot be used: {_why(error)}") from error

    def get(self, key: str, *, held: str | None = None, head: bool = False) -> Object | None:
        """None: there is none. SameVersion where it is what has the tag `held`. `head`: without its body."""
        options: GetOptions = {"head": head}
        if held:
            options["if_none_match"] = held
        try:
            found = obstore.get(self._store, key, options=options)
            meta, body = found.meta, b"" if head else bytes(found.bytes())
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise self._told(key, "read", error) from error
            return None
        except NotModifiedError as same:
            raise SameVersion from same
        except (BaseError, OSError, ValueError) as error:
            raise self._told(key, "read", error) from error
        version = Version(meta["e_tag"], meta["version"])
        return Object(key, version, meta["size"], meta["last_modified"], found.attributes, body)

    def part(self, key: str, version: Version, start: int, end: int) -> bytes:
        """Of the object of this version; OtherVersion where it is that no more."""
        options: GetOptions = {"range": (start, end), "if_match": version.tag}
        try:
            return bytes(obstore.get(self._store, key, options=options).bytes())
        except (FileNotFoundError, PreconditionError) as other:
            raise OtherVersion from other
        except (BaseError, OSError, ValueError) as error:
            raise self._told(key, "read", error) from error

    def put(self, key: str, body: bytes, attributes: "Attributes", version: Version | None) -> Version:
        """Over the object of this version, or where there is none (None); OtherVersion where it is not so."""
        mode: PutMode = version.said if version else "create"
        try:
            made = obstore.put(self._store, key, body, attributes=attributes, mode=mode)
        except (AlreadyExistsError, PreconditionError) as other:
            raise OtherVersion from other
        except (BaseError, OSError, ValueError) as error:
            raise self._told(key, "written", error) from error
        return Version(made["e_tag"], made["version"])

    def delete(self, keys: Iterable[str]) -> None:
        """Those of them that are there."""
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                continue
            except (BaseError, OSError, ValueError) as error:
                raise self._told(key, "deleted", error) from error

    def list(self) -> Iterator[Object]:
        """All that is there, without a body."""
        try:
            for chunk in obstore.list(self._store):
                for meta in chunk:
                    version = Version(meta["e_tag"], meta["version"])
                    yield Object(meta["path"], version, meta["size"], meta["last_modified"])
        except (BaseError, OSError, ValueError) as error:
            raise self._told("", "listed", error) from error

    def _told(self, key: str, what: str, error: Exception) -> StoreError:
        return StoreError(f"{'/'.join(filter(None, (self.url, key)))}: cannot be {what}: {_why(error)}")


def _why(error: Exception) -> str:
    """In a few words, and what mends it. Never what was sent: an address may have a signature in it."""
    text = str(error)
    status, code = _STATUS.search(text), _CODE.search(text)
    said = ", ".join(found[1] for found in (status, code) if found)
    if code and code[1] == "NoSuchBucket":
        return "there is no such bucket; make it, or see the name"
    if status and status[1] in ("401", "403"):
        return f"the bucket refuses it ({said}); {_RIGHTS}"
    if status and status[1] == "501":
        return f"the bucket knows no writes on condition ({said}); use one that does"
    if status:
        return f"the bucket answered {said}; it is tried again"
    lower = text.lower()
    if "credential" in lower or "169.254." in lower:
        return f"there are no credentials; {_RIGHTS}"
    if "timedout" in lower or "timed out" in lower:
        return f"no answer in time; {_UNSEEN}"
    return f"the bucket cannot be reached; {_UNSEEN}" if "http error" in lower else f"{type(error).__name__}; {_UNSEEN}"
