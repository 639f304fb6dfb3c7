"""The store on PostgreSQL: for whoever must survive the loss of a machine (docs/cluster.md).

Its driver is not needed for anything else, so `connection` and `place` are imported where a store is configured to be
here (`store.address`).
"""

from syndicate.store.postgresql.address import address, is_meant

__all__ = ["address", "is_meant"]
