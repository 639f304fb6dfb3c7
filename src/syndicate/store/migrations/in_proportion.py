"""What came with work in proportion to what changed."""

from syndicate.store.migrations.until_0_1 import execute, migrations

__all__ = ["execute", "migrations"]
