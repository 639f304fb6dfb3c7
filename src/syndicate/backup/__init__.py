"""Backups, and the way back from one.

files    their names, when the next one is due, and which of them go
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.backup.files import Made, backup, due, make

__all__ = ["Made", "backup", "due", "make"]

by_need(
    __name__,
    {
        "files": ("Made", "backup", "due", "make"),
    },
)
