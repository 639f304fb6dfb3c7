"""A source that is a bucket's prefix, as the folder that everybody behind looks through."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from syndicate import store as stores
from syndicate.doors import ByName
from syndicate.model import Plan, Source
from syndicate.urls import bucket_address

_MIRRORED = ByName("syndicate.mirror", "mirrored")  # few have a bucket, and what speaks to one may not be there
_DROP = ByName("syndicate.mirror", "drop")
_MIRRORS = ".buckets"  # beside the store's file, else beside config.toml


def in_folder(source: Source, plan: Plan) -> tuple[Source, Callable[[], AbstractContextManager[None]]]:
    """A bucket's prefix is looked through in its mirror, which is to be held meanwhile."""
    if not (source.path and bucket_address(source.path)):
        return source, nullcontext
    folder = _mirrors(plan) / source.id
    held = partial(_MIRRORED, source.path, folder, plan.path, max_bytes=plan.fetch.max_bytes)
    return replace(source, path=str(folder)), held


def drop_mirrors(plan: Plan) -> None:
    """Those go that this configuration has made for sources which it has no more: by who has just begun with it."""
    named = {source.id for source in plan.sources if source.path and bucket_address(source.path)}
    with suppress(OSError):  # there are none
        for folder in sorted(_mirrors(plan).iterdir()):
            if folder.name not in named:
                _DROP(folder, plan.path)


def _mirrors(plan: Plan) -> Path:
    return (stores.file_of(plan.store) or plan.path).parent / _MIRRORS
