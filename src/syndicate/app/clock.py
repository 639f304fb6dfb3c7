"""The system's clock. Nothing below this layer reads it: `now` is handed down."""

from datetime import UTC, datetime


def system_clock() -> datetime:
    """Now, in UTC and in whole seconds as feeds state them."""
    return datetime.now(UTC).replace(microsecond=0)
