"""A source that is a bucket's prefix, as the folder that everybody behind looks through."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial

from syndicate import store as stores
from syndicate.doors import ByName
from syndicate.model import Plan, Source
from syndicate.urls import bucket_address

_MIRRORED = ByName("syndicate.mirror", "mirrored")  # few have a bucket, and what speaks to one may not be there
_MIRRORS = ".buckets"  # beside the store's file, else beside config.toml


def in_folder(source: Source, plan: Plan) -> tuple[Source, Callable[[], AbstractContextManager[None]]]:
    """A bucket's prefix is looked through in its mirror, which is to be held meanwhile."""
    if not (source.path and bucket_address(source.path)):
        return source, nullcontext
    folder = (stores.file_of(plan.store) or plan.path).parent / _MIRRORS / source.id
    return replace(source, path=str(folder)), partial(_MIRRORED, source.path, folder, max_bytes=plan.fetch.max_bytes)
