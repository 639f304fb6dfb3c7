"""The engine that carries jobs between machines: Procrastinate, in the database of the store.

It knows what is due now and nothing else: what it loses is found due again. No job of the future (it would hold up all
ready ones of its lock), none of its periodic tasks, none of its retries (beside a waiting job of the same lock they
violate an index). A worker that was killed leaves its job `doing` and its lock held: `end_stalled`.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, ProcrastinateException
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from syndicate.errors import StoreUnusable
from syndicate.model import Poll

log = structlog.get_logger()
_T = TypeVar("_T")
_QUEUE = "poll"
_HEARTBEAT, _STALLED = 5.0, 20.0  # seconds between two of them, and without any until a worker is taken to be dead
_FETCH = 1.0  # seconds between two looks for jobs: nobody tells that a lock is free
_LOOK = 0.2  # seconds between two looks whether it is to go on
_AGAIN = 1.0  # seconds until it begins anew, after a fault
_PATIENCE = 15.0  # seconds that the database may take
_OF_ALL = 4  # connections, besides those of the jobs themselves
_BEATS = "SELECT 1 AS beats FROM procrastinate_workers WHERE id = %(id)s AND last_heartbeat > now() - interval '15 s'"

Carry = Callable[[Poll], object]


class Deferred(NamedTuple):
    """`place`: no two jobs of one are carried, or wait, at once. `machine`: that alone may carry it; empty: any."""

    job: Poll
    place: str
    machine: str = ""


class Engine:
    """Of one process; `may` it take jobs just now? `carry` never raises, and is called in as many threads as that."""

    def __init__(self, url: str, machine: str, carry: Carry, told: Callable[[Exception], object], most: int) -> None:
        for name, level in (("procrastinate", logging.WARNING), ("psycopg.pool", logging.ERROR)):
            logging.getLogger(name).setLevel(level)
        logging.getLogger("procrastinate.utils").addFilter(_is_news)
        self.may = False
        self._carry = carry
        self._told = told
        self._most = most
        self._queues = [_QUEUE, f"{_QUEUE}@{machine}"]
        kwargs = {"application_name": "syndicate jobs"}
        self._connector = PsycopgConnector(conninfo=url, kwargs=kwargs, min_size=1, max_size=_OF_ALL)
        self._app = App(connector=self._connector)
        self._poll = self._app.task(name="poll", queue=_QUEUE)(self._polled)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left = list[int]()  # workers that we were, and could not say that they have ended
        self._over = threading.Event()
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Take no more jobs, and end when those under way have."""
        self._over.set()

    def stop(self, seconds: float) -> bool:
        """`end`, and wait so long; whether it has."""
        self.end()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def defer(self, jobs: Sequence[Deferred]) -> None:
        """By whoever says what is due, and outside of whatever is recorded. StoreUnusable."""
        if jobs:
            self._asked(self._defer(jobs))

    def end_stalled(self) -> None:
        """Those of workers that were killed, or of which nothing is heard. StoreUnusable."""
        self._asked(self._end_stalled())

    def _polled(self, host: str, sources: list[str]) -> None:
        self._carry(Poll(host or None, tuple(sources)))

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda _, context: log.debug("jobs", reason=str(context.get("exception"))))
        # Its own has room for as many as there are processors and four more, whatever the worker is told.
        self._loop.set_default_executor(ThreadPoolExecutor(self._most, thread_name_prefix="job"))
        while not self._over.is_set():
            try:
                async with self._app.open_async():
                    self._opened.set()
                    while not self._over.is_set():
                        await (self._work() if self.may else asyncio.sleep(_LOOK))
            except Exception as error:  # the database was restarted, say
                if not _is_struck_off(error):
                    self._told(_as_ours(error))
                await asyncio.sleep(_AGAIN)

    async def _work(self) -> None:
        while self._left:  # so whoever has the clock ends their jobs at its next look
            await self._app.job_manager.unregister_worker(self._left[-1])
            self._left.pop()
        worker = Worker(
            self._app,
            queues=self._queues,
            concurrency=self._most,
            fetch_job_polling_interval=_FETCH,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=_HEARTBEAT,
            stalled_worker_timeout=_STALLED,
        )
        watching = asyncio.create_task(self._watch(worker))
        try:
            await worker.run()  # type: ignore[no-untyped-call]  # it says nothing
        finally:
            watching.cancel()
            if worker.worker_id is not None:
                self._left.append(worker.worker_id)

    async def _watch(self, worker: Worker) -> None:
        """Once its heart has stopped beating (a fault of the database is enough) it would go on without, unseen."""
        looks = 0
        while not self._over.is_set() and self.may:
            await asyncio.sleep(_LOOK)
            looks += 1
            if looks * _LOOK >= _HEARTBEAT and worker.worker_id is not None:
                looks = 0
                with suppress(ProcrastinateException, psycopg.Error):
                    if not await self._connector.execute_query_all_async(_BEATS, id=worker.worker_id):
                        break
        worker.stop()  # type: ignore[no-untyped-call]

    async def _defer(self, jobs: Sequence[Deferred]) -> None:
        made, manager = [*map(self._made, jobs)], self._app.job_manager
        try:
            await manager.batch_defer_jobs_async(made)
        except AlreadyEnqueued:  # one of them waits already, perhaps by who had the clock before: then none was taken
            for each in made:
                with suppress(AlreadyEnqueued):
                    await manager.defer_job_async(each)

    def _made(self, deferred: Deferred) -> Job:
        job, place, machine = deferred
        queue = f"{_QUEUE}@{machine}" if machine else _QUEUE
        deferrer = self._poll.configure(lock=place, queueing_lock=place, queue=queue)
        return deferrer.make_new_job(host=job.host or "", sources=[*job.sources])

    async def _end_stalled(self) -> None:
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
            with suppress(ProcrastinateException):  # it has ended by itself
                await jobs.finish_job(job, status=Status.FAILED, delete_job=True)

    def _asked(self, question: Coroutine[Any, Any, _T]) -> _T:
        if not self._opened.wait(_PATIENCE) or self._loop is None:
            question.close()
            raise StoreUnusable("the engine of jobs is not there yet")
        try:
            return asyncio.run_coroutine_threadsafe(question, self._loop).result(_PATIENCE)
        except (ProcrastinateException, psycopg.Error, TimeoutError, RuntimeError) as error:
            raise _as_ours(error) from error


def _is_news(record: logging.LogRecord) -> bool:
    """That the database is away, the store and `Engine._main` tell: once, and in a line."""
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectorException))


def _is_struck_off(error: Exception) -> bool:
    """Were we stopped for so long that others took us for dead? The rows that were ours are gone; nothing is wrong."""
    return isinstance(error.__cause__, psycopg.errors.ForeignKeyViolation)


def _as_ours(error: Exception) -> StoreUnusable:
    cause = error.__cause__ or error
    return StoreUnusable(f"jobs: {' '.join(str(cause).split()) or type(cause).__name__}; it is tried again by itself")
