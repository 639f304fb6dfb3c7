"""What a disk has when the power fails: what had reached it, and of the rest as much as chance has it.

Of each file the last renames and deletions may be missing that no `fsync` of its folder has followed; one that was
renamed before its bytes had reached the disk is empty. Of the store's log what the last lasting commit has written is
there, and of what came after it a part, perhaps torn within a frame.
"""

import os
from pathlib import Path
from random import Random

_HEADER, _FRAME = 32, 24  # bytes, before the first frame of a log and before each page (SQLite: WAL format)


class Disk:
    """`root`: the folder whose files are watched over. `store`: the database."""

    def __init__(self, root: Path, store: Path) -> None:
        self._root = f"{root}/"
        self._store = store
        self._synced = set[tuple[int, int]]()  # files, by inode and size
        self._moved: dict[str, list[bytes | None]] = {}  # what stood there, since its folder was synced; None: nothing
        self._lasting: tuple[bytes, int] = (b"", 0)  # the log that the last lasting commit was written to, and its end

    def moves(self, target: str, source: str | None) -> None:
        """`target` is about to be replaced by `source`, or deleted."""
        if not target.startswith(self._root):
            return
        before = self._moved.setdefault(target, [])
        before.append(_bytes(target))
        if source and _identity(os.stat(source)) not in self._synced:
            before.append(b"")  # it may be there before its bytes are

    def syncs(self, handle: int) -> None:
        found = os.fstat(handle)
        self._synced.add(_identity(found))
        folder = os.readlink(f"/proc/self/fd/{handle}")
        self._moved = {path: before for path, before in self._moved.items() if os.path.dirname(path) != folder}

    def commits(self, *, lasting: bool) -> None:
        if lasting:
            self._lasting = self._log()

    def fails(self, random: Random) -> None:
        """The power is gone, and nobody has anything open."""
        for path, before in self._moved.items():
            lost = random.randint(0, len(before))
            if lost:
                _put(path, before[-lost])
        self._moved = {}

    def torn(self, log: bytes, random: Random) -> bytes:
        """Of the store's log (as it was when the power failed) what is there afterwards."""
        salt, end = self._lasting
        sure = end if log[16:24] == salt else 0
        if sure >= len(log):
            return log
        cut = random.choice((sure, random.randint(sure, len(log)), len(log)))
        return log[:cut] + bytes(random.choice((0, 7, 4096)))

    def _log(self) -> tuple[bytes, int]:
        """Its salts, and where its last frame ends: as the index beside it says."""
        with open(f"{self._store}-shm", "rb", buffering=0) as index:
            head = index.read(48)
        size, frames = int.from_bytes(head[14:16], "little"), int.from_bytes(head[16:20], "little")
        return head[32:40], _HEADER + frames * (_FRAME + (65_536 if size == 1 else size))


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_ino, found.st_size


def _bytes(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return None


def _put(path: str, body: bytes | None) -> None:
    if body is None:
        Path(path).unlink(missing_ok=True)
    else:
        Path(path).write_bytes(body)
