"""A source that is a file or a folder: what is new or changed since the last poll, and only what has come to rest.

list | look at each | unchanged? | at rest? | read | same content? | capture
"""

import os
import stat
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from syndicate.errors import FetchError
from syndicate.fetch.companions import companion, unchanged
from syndicate.fetch.disk import MAX_BYTES, Look, Unreadable, inside, look, read, too_large
from syndicate.fetch.order import age
from syndicate.mediatypes import media_type
from syndicate.model import Capture, FetchResult, FetchState, FileState, Rejected
from syndicate.parse import SUFFIXES

__all__ = ["MAX_BYTES", "Passed", "companion", "passed_over", "scan"]

_SHOWN = ("image/", "audio/", "video/")
_YOUNG = 2_000_000_000  # nanoseconds: what changed less than this ago may still be being written
_REST = 0.15  # seconds that size and time have to stay the same
_BATCH, _BATCH_BYTES = 300, 30_000_000  # files of one look: they are recorded at once


def scan(path: str, state: FetchState, *, max_bytes: int = MAX_BYTES, now: datetime | None = None) -> FetchResult:
    """Look through a folder, or at one file, whatever that file's name is.

    Captures are in the order of their paths, which are relative to the folder, NFC, with `/`. `state.files` of the
    result has every file that is there, those refused with their reason (a folder that cannot be listed ends with `/`);
    `rejected` has only what was not already refused in the same words and state. A file that is still being written
    keeps its earlier state, and `unsettled` is set. Of many files a batch is taken, those that have changed before
    those that `state.reader` has not read; `left` counts the others. Files whose reader died are captured once more
    when that is due at `now` (None: at once). Rest is measured by the system's clock, since that is what dates files.
    Raises FetchError where the source itself is not there or cannot be listed.
    """
    poll = _Poll(_folder_of(path), state, max_bytes, now)
    listing = _listing(path)
    for name, reason in listing.refused.items():
        poll.refuse(name, reason)
    moved = poll.batch(poll.look_through(listing.files))
    poll.read(poll.at_rest(moved))
    seen = listing.files.keys() | poll.files.keys()
    hidden = tuple(name for name in listing.refused if name.endswith("/"))
    for name in state.files.keys() - seen:
        if hidden and name.startswith(hidden):
            poll.files[name] = state.files[name]  # out of sight is not gone
    missing = sorted(n for n in state.files.keys() - seen - poll.files.keys() | poll.vanished if not n.endswith("/"))
    if missing:
        # An editor that replaces a file takes it away for a moment: what comes back is not gone.
        time.sleep(_REST)
        places = {name: os.path.join(poll.folder, name) for name in missing}
        back = [name for name, place in places.items() if os.path.lexists(place) and not os.path.isdir(place)]
        poll.unsettled = poll.unsettled or bool(back)
        poll.files |= {name: state.files[name] for name in back if name in state.files}
        missing = [name for name in missing if name not in back]
    return FetchResult(
        state=replace(state, files={name: poll.files[name] for name in sorted(poll.files)}),
        captures=tuple(sorted(poll.captures, key=lambda capture: capture.path or "")),
        rejected=tuple(sorted(poll.rejected, key=lambda rejected: rejected.where)),
        missing=tuple(missing),
        unsettled=poll.unsettled,
        left=poll.left,
    )


class Passed(NamedTuple):
    """A file that is not read. `shows`: a picture, sound or film, which may well lie beside a release."""

    path: str
    kind: str  # its ending, or what else it is
    shows: bool = False


def passed_over(path: str) -> Sequence[Passed]:
    """What of a folder is not read, but for what is named so as to be passed over. FetchError as `scan`."""
    return _listing(path).passed


@dataclass
class _Poll:
    """One look through a source, as it fills up."""

    folder: str
    state: FetchState
    max_bytes: int
    now: datetime | None
    files: dict[str, FileState] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    vanished: set[str] = field(default_factory=set)
    unsettled: bool = False
    left: int = 0

    def look_through(self, listed: dict[str, str]) -> "dict[str, tuple[str, Look]]":
        """Those that are new or changed, and not too large."""
        moved = {}
        for name, path in listed.items():
            known = self.state.files.get(name)
            try:
                seen = look(path)
            except FileNotFoundError:
                self.vanished |= {name} & self.state.files.keys()
                continue
            except Unreadable as error:
                self.refuse(name, str(error))
                continue
            if known and self._as_it_was(known, seen, self.state.reader):
                self.files[name] = known
            elif seen.size > self.max_bytes:
                self.refuse(name, str(too_large(self.max_bytes)), seen)
            else:
                moved[name] = (path, seen)
        return moved

    def batch(self, moved: "dict[str, tuple[str, Look]]") -> "dict[str, tuple[str, Look]]":
        """As many as are read at once, the older first; the others keep the state that they have."""
        if len(moved) <= _BATCH and sum(seen.size for _, seen in moved.values()) <= _BATCH_BYTES:
            return moved
        known, taken, size = self.state.files, dict[str, tuple[str, Look]](), 0
        again = {n for n, (_, seen) in moved.items() if n in known and self._as_it_was(known[n], seen, None)}
        order = {name: (name in again, 0 if name in again else age(*moved[name]), name) for name in moved}
        for name in sorted(moved, key=order.__getitem__):
            size += moved[name][1].size
            if taken and (len(taken) == _BATCH or size > _BATCH_BYTES):
                self.left += 1
                self.files |= {name: known[name]} if name in known else {}
            else:
                taken[name] = moved[name]
        return taken

    def at_rest(self, moved: "dict[str, tuple[str, Look]]") -> "dict[str, tuple[str, Look]]":
        """Those that nobody is writing to; one wait for all of them."""
        ages = {name: time.time_ns() - seen.touched_ns for name, (_, seen) in moved.items()}
        young = {name for name, age_ns in ages.items() if age_ns < _YOUNG}
        if not young:
            return moved
        # They have been so since they were touched; but another machine's clock may have dated them.
        time.sleep(min(max(_REST - min(ages[name] for name in young) / 1e9, _REST / 2), _REST))
        return {name: found for name, found in moved.items() if name not in young or self._rested(name, *found)}

    def read(self, resting: "dict[str, tuple[str, Look]]") -> None:
        for name, (path, seen) in resting.items():
            try:
                body = read(path, seen)
            except Unreadable as error:
                self.refuse(name, str(error))
                continue
            if body is None:
                self.leave(name)
            else:
                self._take(name, seen, body)

    def refuse(self, name: str, reason: str, seen: Look | None = None) -> None:
        """With `seen`, it is left alone until it changes; else tried at each poll: rights change without a trace."""
        refused = FileState(
            path=name,
            size=seen.size if seen else -1,
            mtime_ns=seen.mtime_ns if seen else -1,
            reason=reason,
            reader=self.state.reader,
        )
        self.files[name] = refused
        before = self.state.files.get(name)
        if before is None or replace(before, reader=refused.reader) != refused:
            self.rejected.append(Rejected(name, reason))

    def leave(self, name: str) -> None:
        """For the next poll."""
        self.unsettled = True
        if name in self.state.files:
            self.files[name] = self.state.files[name]

    def _rested(self, name: str, path: str, seen: Look) -> bool:
        try:
            if look(path) == seen:
                return True
        except (Unreadable, FileNotFoundError):
            pass  # it is being replaced
        self.leave(name)
        return False

    def _take(self, name: str, seen: Look, body: bytes) -> None:
        known = self.state.files.get(name)
        capture = Capture(body=body, path=name)
        reader = self.state.reader
        fresh = FileState(path=name, size=seen.size, mtime_ns=seen.mtime_ns, hash=capture.hash, reader=reader)
        if known and known.hash == fresh.hash:
            fresh = replace(fresh, lost=known.lost)
        same = known is not None and known.hash == fresh.hash and self._same_companions(known)
        if known and same and known.reader == reader and not known.reason:
            self.files[name] = replace(fresh, companions=known.companions)
            return
        self.files[name] = fresh
        self.captures.append(replace(capture, state=fresh, known=same and known is not None and not known.reason))

    def _as_it_was(self, known: FileState, seen: Look, reader: str | None) -> bool:
        """Is there nothing to read: neither a change, nor another `reader`, nor one more try after its reader died?"""
        due = known.again is not None and (self.now is None or known.again <= self.now)
        same = (known.size, known.mtime_ns, known.reader) == (seen.size, seen.mtime_ns, reader or known.reader)
        return same and not due and self._same_companions(known)

    def _same_companions(self, known: FileState) -> bool:
        return all(unchanged(self.folder, remembered) for remembered in known.companions)


# --- what is there ----------------------------------------------------------------------------------------------------


@dataclass
class _Listing:
    """Files by their path within the source, each with where it is on disk; and what could not be looked at."""

    files: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)

    def add(self, name: str, path: str) -> None:
        key = _nfc(name)
        if key in self.files:
            self.refused[name] = "another file has the same name in another Unicode form"
        elif key.encode("utf-8", "replace").decode() != key:
            self.refused[key.encode("utf-8", "backslashreplace").decode()] = "its name is not UTF-8"
        else:
            self.files[key] = path


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folder_of(path: str) -> str:
    return path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path))


def _listing(path: str) -> _Listing:
    kind = "file" if path.lower().endswith(SUFFIXES) else "folder"
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            return _walk(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FetchError(f"the {kind} {path} does not exist") from error
    except OSError as error:
        raise FetchError(f"the {kind} {path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise FetchError(f"{path} is neither a file nor a folder")
    found = _Listing()
    found.add(os.path.basename(path), path)
    return found


def _walk(root: str) -> _Listing:
    """Every file of the folder that may be a release. A folder that a link leads to as well is looked through once."""
    found = _Listing()
    folders, links = [("", root)], list[tuple[str, str]]()
    walked = set[tuple[int, int]]()
    while folders or links:
        prefix, folder = folders.pop() if folders else links.pop(0)
        try:
            place = os.stat(folder)
            if (place.st_dev, place.st_ino) in walked:
                continue
            walked.add((place.st_dev, place.st_ino))
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: (entry.name != _nfc(entry.name), entry.name))
        except OSError as error:
            if not prefix:
                raise
            found.refused[_nfc(prefix)] = f"cannot be read: {error.strerror}"
            continue
        for entry in _candidates(listed, prefix, root, found.passed):
            if os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir():
                (links if entry.is_symlink() else folders).append((f"{prefix}{entry.name}/", entry.path))
            elif entry.name.lower().startswith("readme"):
                continue
            elif entry.name.lower().endswith(SUFFIXES):
                found.add(prefix + entry.name, entry.path)
            else:
                kind = os.path.splitext(entry.name)[1].lower() or "no ending"
                shows = (media_type(entry.name) or "").startswith(_SHOWN)
                found.passed.append(Passed(_nfc(prefix + entry.name), kind, shows))
    return found


def _candidates(
    entries: Iterable["os.DirEntry[str]"], prefix: str, root: str, passed: list[Passed]
) -> Iterable["os.DirEntry[str]"]:
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_symlink() and os.path.exists(entry.path) and not inside(entry.path, root):
            passed.append(Passed(_nfc(prefix + entry.name), "link out of it"))
            continue
        yield entry
