"""Documents → a folder, or a bucket. A reader finds the old one or the new one, never half of one.

target    the port that both are behind, chosen by the address
folder    files, renamed into their places; locked by who publishes
bucket    objects, each written on condition; fenced by a number that grows
objects   what obstore does for us, and what goes wrong in our words
kinds     what a published file is, and how it may be kept
"""

from syndicate.publish.folder import (
    MARK,
    Folders,
    gzip_of,
    is_empty,
    locked,
    own,
    owner,
    publish,
)
from syndicate.publish.kinds import (
    FRESH,
    GONE,
    HASH,
    NEVER,
    PUBLISHED,
    REST,
    SECURE,
    STRICT,
    Headers,
    Kind,
    kind_of,
    page_of,
    policy_of,
)
from syndicate.publish.target import Notice, Place, Target, folder_of, target

__all__ = [
    "FRESH",
    "GONE",
    "HASH",
    "MARK",
    "NEVER",
    "PUBLISHED",
    "REST",
    "SECURE",
    "STRICT",
    "Folders",
    "Headers",
    "Kind",
    "Notice",
    "Place",
    "Target",
    "folder_of",
    "gzip_of",
    "is_empty",
    "kind_of",
    "locked",
    "own",
    "owner",
    "page_of",
    "policy_of",
    "publish",
    "target",
]
