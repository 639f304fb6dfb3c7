"""The folder in which a mirror lies: it is looked at by one at a time, and goes when nobody names it any more."""

import errno
import fcntl
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

_LOCK, VERSIONS, OWNER = ".lock", ".versions", ".config"
_TRIES = 5
_KEPT = (_LOCK, VERSIONS, OWNER)  # ours, beside what was fetched


def drop(folder: Path, config: Path) -> bool:
    """Take away a mirror that this configuration names no more; whether it has. One that somebody looks at stays.

    So does what is no mirror, or another configuration's: several sites may have their stores in one folder.
    """
    with suppress(OSError):
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if folder.is_symlink() or not belongs(folder, config):
                return False
            empty(folder, ())
            for name in (VERSIONS, OWNER, _LOCK):  # its lock last: whoever has waited for it begins anew
                (folder / name).unlink(missing_ok=True)
            folder.rmdir()
            return True
        finally:
            os.close(handle)
    return False


def held(folder: Path) -> int:
    """Its lock, as soon as nobody else has it. A folder that was taken away meanwhile is made anew."""
    for _ in range(_TRIES):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            handle = _locked(folder / _LOCK)
            if handle is not None:
                return handle
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _locked(path: Path) -> int | None:
    """None: another file is there by now."""
    handle, is_there = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        is_there = os.path.samestat(os.fstat(handle), os.stat(path))
    finally:
        if not is_there:
            os.close(handle)
    return handle if is_there else None


def belongs(folder: Path, config: Path) -> bool:
    """Has this configuration made it? OSError where that cannot be told."""
    return (folder / OWNER).read_bytes() == named(config)


def named(config: Path) -> bytes:
    """A configuration as it is written down here: by its own name, since where a link leads to may change."""
    return os.fsencode(os.path.abspath(config))


def empty(folder: Path, there: Collection[str]) -> None:
    """Of all that is not there, also of what one that was killed had fetched."""
    for within, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(within, name)
            is_ours = path.parent == folder and name in _KEPT
            if not is_ours and path.relative_to(folder).as_posix() not in there:
                path.unlink(missing_ok=True)
        with suppress(OSError):  # something is in it
            if Path(within) != folder:
                os.rmdir(within)
