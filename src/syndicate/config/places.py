"""Where documents are: folders, beside config.toml where they are relative, and buckets."""

from importlib.util import find_spec
from pathlib import Path

from syndicate.disk import is_within
from syndicate.model import Bucket
from syndicate.urls import bucket_address

LACKS = "is a bucket, and obstore is not installed: pip install 'syndicate[cluster]'"


def located(given: str, folder: Path) -> Path | Bucket:
    """Absolute."""
    address = bucket_address(given)
    return Bucket(address) if address else folder / given


def lacks(given: str) -> bool:
    """Is it a bucket, without what speaks to one?"""
    return bucket_address(given) is not None and find_spec("obstore") is None


def within(one: Path | Bucket, other: Path | Bucket) -> bool:
    """Does the first lie in the second, or is it that?"""
    if isinstance(one, Path) and isinstance(other, Path):
        return is_within(one, other)
    return f"{one}/".startswith(f"{other}/") and isinstance(one, Bucket) and isinstance(other, Bucket)
