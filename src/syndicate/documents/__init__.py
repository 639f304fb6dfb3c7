"""What is dirty, as documents that are valid.

renderer      marks → documents, from what the store holds
validation    each document is checked before it replaces the last good one
fingerprint   of what a document is made beside the releases
"""

from syndicate.documents.fingerprint import fingerprint
from syndicate.documents.renderer import Renderer

__all__ = ["Renderer", "fingerprint"]
