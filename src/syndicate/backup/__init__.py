"""Backups, and the way back from one.

files    their names, when the next one is due, and which of them go
restore  a store as a backup has it, brought up to what is known of since
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.backup.files import Made, backup, due, make
    from syndicate.backup.restore import Restored, restore

__all__ = ["Made", "Restored", "backup", "due", "make", "restore"]

by_need(
    __name__,
    {
        "files": ("Made", "backup", "due", "make"),
        "restore": ("Restored", "restore"),
    },
)
