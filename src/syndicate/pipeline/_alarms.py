"""What a poll tells about its source that a person should know: an alarm rings until it is no longer so."""

from datetime import datetime

from syndicate.model import FetchResult, FetchState, Source
from syndicate.pipeline._reading import Reading
from syndicate.store import Store


def observe(
    store: Store, source: Source, before: FetchState, result: FetchResult, reading: Reading, now: datetime
) -> None:
    """Called in the transaction of a poll that could be read."""
