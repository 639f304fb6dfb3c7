"""What is due, run by APScheduler: three jobs a second apart that ask the store, and a pool that asks the sources.

The store knows what is due (`next_poll`, the ends of embargoes, what is dirty), so a restart forgets nothing and a job
that comes late loses nothing. Folders are watched besides: a dropped file does not wait for its interval.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from watchfiles import watch

from syndicate.errors import SyndicateError
from syndicate.model import Source
from syndicate.service import WORKERS, Service

log = structlog.get_logger()

_EACH = {"seconds": 1}
_WATCH_AGAIN = 5  # seconds until a folder that is not there is looked for again


class Schedule:
    """Runs until `stop`. No source is asked twice at once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="source")
        self._running: dict[str, str | None] = {}  # source → the server that it is asked from
        self._again: set[str] = set()
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._watchers: list[threading.Thread] = []
        # In UTC: local time has hours that come twice or not at all. No grace: a late look is as good as one in time.
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(self._told, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def start(self) -> None:
        self._scheduler.add_job(self._lift, "interval", **_EACH, id="lift")
        self._scheduler.add_job(self._poll, "interval", **_EACH, id="poll")
        self._scheduler.add_job(self._publish, "interval", **_EACH, id="publish")
        self._scheduler.add_job(self._service.expire, "interval", hours=1, id="expire")
        self._scheduler.add_job(self._service.look_after, "interval", seconds=30, id="look after")
        self._poll()
        self._scheduler.start()
        for source in self._service.plan.sources:
            if source.path and source.enabled:
                thread = threading.Thread(target=self._watch, args=(source,), name=f"watch {source.id}", daemon=True)
                thread.start()
                self._watchers.append(thread)

    def stop(self, timeout: float) -> bool:
        """Start nothing more, and wait `timeout` seconds for what is under way; whether all of it has ended."""
        with self._guard:
            self._stopping.set()
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)
        ending = threading.Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        ending.start()
        ending.join(timeout)
        return not ending.is_alive()

    def _lift(self) -> None:
        if self._service.lift_due() + self._service.settle_due():
            self._publish()

    def _publish(self) -> None:
        if self._service.store.topics.marks():
            try:
                self._service.publish()
            except SyndicateError as error:
                # What is dirty stays dirty, and the last good feeds stay where they are.
                log.error("not published", reason=str(error))

    def _poll(self) -> None:
        """Begin with those that have waited for longest, as many as there is room for: the others come at a later look.

        So neither a restart nor a full hour makes a burst, and one slow server keeps no more than its places.
        """
        with self._guard:
            running = {**self._running}  # before the store is asked: what ends meanwhile is not begun again
        asked, room = Counter(running.values()), WORKERS - len(running)
        for _, server, source in self._service.waiting():
            if room <= 0:
                return
            if source.id in running:
                continue
            if server is None or asked[server] < self._service.plan.fetch.per_host:
                asked[server] += 1
                room -= 1
                running[source.id] = server
                self._submit(source, again=False, server=server)
        hosts = set[str]()
        for host, source in self._service.following() if room > 0 else ():
            # Whatever could not be asked now must not keep the place of what could: one page of a host at a time.
            if source.id in running or host in hosts:
                continue
            hosts.add(host)
            room -= 1
            self._submit(source, again=False, work=self._complete)
            if room <= 0:
                return

    def _submit(
        self,
        source: Source,
        *,
        again: bool,
        server: str | None = None,
        work: Callable[[Source], object] | None = None,
    ) -> None:
        """Ask it in the pool. With `again`, once more after the run that is under way: a file may have come since."""
        with self._guard:
            if self._stopping.is_set():
                return
            if source.id in self._running:
                if again:
                    self._again.add(source.id)
                return
            self._running[source.id] = server
            self._pool.submit(self._run, source, work or self._ingest)

    def _ingest(self, source: Source) -> None:
        self._service.ingest(source)
        self._publish()

    def _complete(self, source: Source) -> None:
        if self._service.complete(source):
            self._publish()

    def _run(self, source: Source, work: Callable[[Source], object]) -> None:
        try:
            work(source)
        except Exception:  # a fault of ours must not stop the other sources
            log.exception("source failed by a fault of ours", source=source.id)
        finally:
            with self._guard:
                del self._running[source.id]
                again = source.id in self._again
                self._again.discard(source.id)
            if again:
                self._submit(source, again=True)

    def _watch(self, source: Source) -> None:
        path = Path(source.path or "")
        while not self._stopping.is_set():
            # A file's folder, so that a file that is replaced by a rename is seen too.
            folder = path if path.is_dir() else path.parent
            try:
                for _ in watch(folder, step=50, debounce=200, stop_event=self._stopping, raise_interrupt=False):
                    self._submit(source, again=True)
            except (OSError, RuntimeError) as error:
                log.warning(
                    "cannot watch, looks at each interval", source=source.id, path=str(folder), reason=str(error)
                )
                self._stopping.wait(_WATCH_AGAIN)

    def _told(self, event: JobExecutionEvent) -> None:
        log.error("job failed or missed", job=event.job_id, reason=repr(getattr(event, "exception", None)))
