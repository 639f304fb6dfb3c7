"""What is dirty, as documents that are valid.

renderer      marks → documents, from what the store holds
validation    each document is checked before it replaces the last good one
fingerprint   of what a document is made beside the releases
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.documents.fingerprint import fingerprint
    from syndicate.documents.renderer import Renderer

__all__ = ["Renderer", "fingerprint"]

by_need(
    __name__,
    {
        "fingerprint": ("fingerprint",),
        "renderer": ("Renderer",),
    },
)
