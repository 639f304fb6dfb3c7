"""Folders are watched, so that a dropped file does not wait for its interval."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog
from watchfiles import watch

from syndicate.model import Source
from syndicate.urls import bucket_address

log = structlog.get_logger()

_AGAIN = 1.0  # seconds until a folder that is not there is looked for again; the poll has told that it is not
_AGAIN_FAILED = 60.0  # seconds until one that cannot be watched is tried again
_STEP = 20  # milliseconds: what comes within is told at once; half a step and one more, until one file is
_LOOK = 1_000  # milliseconds without a change, after which a folder is surely watched


class Watchers:
    """A thread for each folder. `happened` is called with the id of its source."""

    def __init__(self, happened: Callable[[str], None]) -> None:
        self._happened = happened
        self._stops: dict[Source, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def watch(self, sources: Iterable[Source]) -> None:
        """These folders from now on, and no others."""
        wanted = {source for source in sources if source.path and source.enabled and not bucket_address(source.path)}
        for source in self._stops.keys() - wanted:
            self._stops.pop(source).set()
        for source in wanted - self._stops.keys():
            stop = self._stops[source] = threading.Event()
            name = f"watch {source.id}"
            self._threads.append(threading.Thread(target=self._watch, args=(source, stop), name=name, daemon=True))
            self._threads[-1].start()
        self._threads = [thread for thread in self._threads if thread.is_alive()]

    def stop(self) -> None:
        """No folder any more; returns when each thread has ended."""
        self.watch(())
        for thread in self._threads:
            thread.join()

    def _watch(self, source: Source, stop: threading.Event) -> None:
        path = Path(source.path or "")
        while not stop.is_set():
            there = _identity(path)
            try:
                if there:
                    self._watch_while(there, path, source, stop)
            except (OSError, RuntimeError) as error:
                log.warning("cannot watch, looks at each interval", source=source.id, path=str(path), reason=str(error))
                stop.wait(_AGAIN_FAILED)
            else:
                stop.wait(_AGAIN)

    def _watch_while(self, there: tuple[int, int], path: Path, source: Source, stop: threading.Event) -> None:
        """Until another folder has the name, or none: the one that is watched may be in the bin."""
        looked, whole = False, path.is_dir()
        for changes in watch(
            # A file's folder, so that a file that is replaced by a rename is seen too.
            path if whole else path.parent,
            recursive=whole,
            step=_STEP,
            debounce=200,
            stop_event=stop,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            ours = whole or any(Path(name).name == path.name for _, name in changes)
            # What came between the last poll and the watch is not to be missed.
            if not looked or (changes and ours):
                looked = True
                self._happened(source.id)
            now = _identity(path)
            if path.is_dir() != whole or (whole and now != there):
                if not now:
                    self._happened(source.id)
                return


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
