"""A bucket's prefix as a folder: a source that is one is looked through in its mirror, as any folder is."""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.mirror.folder import drop, held
    from syndicate.mirror.follow import count, mirrored

__all__ = ["count", "drop", "held", "mirrored"]

# What takes one away asks no bucket, and is there where what asks one is not.
by_need(__name__, {"folder": ("drop", "held"), "follow": ("count", "mirrored")})
