"""Folders are watched, so that a dropped file does not wait for its interval."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog
from watchfiles import watch

from syndicate.model import Source

log = structlog.get_logger()

_AGAIN = 5  # seconds until a folder that is not there is looked for again


class Watchers:
    """A thread for each folder. `happened` is called with the id of its source."""

    def __init__(self, happened: Callable[[str], None]) -> None:
        self._happened = happened
        self._stops: dict[Source, threading.Event] = {}

    def watch(self, sources: Iterable[Source]) -> None:
        """These folders from now on, and no others."""
        wanted = {source for source in sources if source.path and source.enabled}
        for source in self._stops.keys() - wanted:
            self._stops.pop(source).set()
        for source in wanted - self._stops.keys():
            stop = self._stops[source] = threading.Event()
            name = f"watch {source.id}"
            threading.Thread(target=self._watch, args=(source, stop), name=name, daemon=True).start()

    def stop(self) -> None:
        self.watch(())

    def _watch(self, source: Source, stop: threading.Event) -> None:
        path = Path(source.path or "")
        while not stop.is_set():
            # A file's folder, so that a file that is replaced by a rename is seen too.
            folder = path if path.is_dir() else path.parent
            try:
                for _ in watch(folder, step=50, debounce=200, stop_event=stop, raise_interrupt=False):
                    self._happened(source.id)
            except (OSError, RuntimeError) as error:
                log.warning(
                    "cannot watch, looks at each interval", source=source.id, path=str(folder), reason=str(error)
                )
                stop.wait(_AGAIN)
