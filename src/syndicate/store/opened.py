"""The connection to a store, of the kind that its address says."""

from syndicate.store import file
from syndicate.store.address import beside, file_of
from syndicate.store.connection import PATIENCE, Connection
from syndicate.store.sqlite import SQLite
from syndicate.store.upgrade import NOBODY, Upgrade


def opened(url: str, patience: float = PATIENCE, *, make: bool, told: Upgrade = NOBODY, most: int = 10) -> Connection:
    """As `store.open`, whatever is in it."""
    if file_of(url) is None:
        connection: Connection = beside("connection").opened(url, patience, make=make, most=most)
        return connection
    return SQLite(file.made(url) if make else file.path_of(url), patience, make=make, told=told)
