"""A daemon whose store cannot be used at its start: what is published is served, and the store tried again and again.

Nobody is asked meanwhile, and nothing published: it serves as `syndicate serve` does, but says that it is not ready.
"""

import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from itertools import count

import structlog
import typer

from syndicate import serve
from syndicate import store as stores
from syndicate.app import PAUSES, App, faults_of_folder, lost
from syndicate.cli import log as logging
from syndicate.cli.daemon import (
    AGAIN,
    ALL,
    ANEW,
    ENDED,
    ROUND,
    WATCH,
    Servers,
    listening,
    say_where,
    started,
)
from syndicate.cli.operators import status_without_store
from syndicate.cli.signals import end_within, fallen, handled, stopped
from syndicate.cli.starting import Start
from syndicate.cli.stored import on_port
from syndicate.config import load_again
from syndicate.errors import ConfigError, PublishError, StoreLocked, StoreMissing, SyndicateError
from syndicate.store import is_damage

log = structlog.get_logger()
_LOOK = 1.0  # seconds between two looks whether somebody has done something about it
_RESTS = 60.0  # seconds after which a file that changes all the time is tried all the same
_REASONS = 5  # that are told, if it has ever another one
_END = 2.0  # seconds that a try under way may take at the end


def begun(start: Start) -> App | int:
    """The program, as soon as it can be had. An exit status where it is ended before; AGAIN: at a new configuration.

    At once raised is what no other try would mend, and what a person at the start is to decide: ConfigError,
    PublishError, StoreLocked.
    """
    try:
        return start(partial(stores.tried_out, start.plan.store))
    except (ConfigError, PublishError, StoreLocked):
        raise
    except Exception as error:
        logging.configure(start.least)
        return _waited(start, _Tries(start, error))


def _waited(start: Start, tries: "_Tries") -> App | int:
    plan, told, over, anew = start.plan, start.supervisor, threading.Event(), start.again

    def end() -> None:
        over.set()
        tries.woken.set()
        end_within(ALL)

    def reload() -> None:
        anew.set()
        tries.woken.set()

    with handled(end), handled(reload, signal.SIGHUP):
        servers = _servers(start, tries)
        try:
            say_where(plan, *servers)
            told.ready(tries.fault)
            tries.begin()
            with told.watched([partial(server.responds, ROUND) for server in servers if server]):
                while not (over.is_set() or tries.ended or (anew.is_set() and _is_usable(start))):
                    if not tries.woken.wait(WATCH) and not servers.alive:
                        raise SyndicateError(ENDED)
                    tries.woken.clear()
            if over.is_set():
                told.stops()
        finally:
            servers.stop()
        return _came_to(start, tries, over)


def _came_to(start: Start, tries: "_Tries", over: threading.Event) -> App | int:
    if not tries.stop(_END if over.is_set() else ANEW):
        if over.is_set():
            stopped()
        fallen()
    if over.is_set():
        typer.echo("Stopped.")
        return 0
    if start.next is not start.plan:
        return AGAIN
    return tries.outcome()


def _servers(start: Start, tries: "_Tries") -> Servers:
    plan, folder = start.plan, start.plan.publish.directory
    pages = serve.create_app(
        folder,
        ready=lambda: False,
        routes=serve.routes_without_store(),
        base=lambda: plan.site.base_url,
        documents=partial(serve.files_in, folder),
    )
    server = listening(pages, on_port(plan, start.port))
    start.port = server.port  # a free one that was found is kept
    return started(server, partial(status_without_store, plan, tries.faults))


def _is_usable(start: Start) -> bool:
    """At SIGHUP: can one begin anew with the configuration as it is now? What is wrong with it is told."""
    start.again.clear()
    start.supervisor.reloads()
    try:
        start.next = load_again(start.plan.path, start.plan.port)
    except ConfigError as error:
        log.error("configuration not read again", reason=str(error))
        start.supervisor.ready(f"configuration not read again, the one before goes on: {error}")
        return False
    return True


class _Tries:
    """In a thread of its own, so that a disk that hangs does not hold up the end. `woken` is set when it is over."""

    def __init__(self, start: Start, error: Exception) -> None:
        self._start = start
        self.woken = threading.Event()
        self._ends = threading.Event()
        self._tries = count()
        self._again = 0.0
        self._told = set[str]()
        self._damaged = False
        self._outcome: App | Exception | None = None
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._failed(error)

    def begin(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Whether it has ended within."""
        self._ends.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def ended(self) -> bool:
        return self._outcome is not None

    def outcome(self) -> App:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        if self._outcome is None:
            raise RuntimeError("nothing has come of it yet")
        return self._outcome

    def faults(self) -> Iterator[str]:
        yield f"store {self.fault}"
        yield from faults_of_folder(self._start.plan)

    def _run(self) -> None:
        try:
            self._outcome = self._tried()
        except Exception as error:
            self._outcome = error
        finally:
            self.woken.set()

    def _tried(self) -> App | None:
        """The program, when it could be had; None where nobody waits for it any more. Raises StoreLocked.

        Tried is after a pause, and as soon as the file there is another and rests: half a copy is none. What another
        one holds is looked through before it is written, and so is one that was damaged.
        """
        plan = self._start.plan
        tried = seen = stores.fingerprint(plan.store)
        while not self._ends.wait(_LOOK):
            before, seen = seen, stores.fingerprint(plan.store)
            late = time.monotonic() - self._again
            if (late < 0 and seen == tried) or (seen != before and late < _RESTS):
                continue
            try:
                program = self._start(partial(self._look, whole=self._damaged or seen != tried))
            except StoreLocked:
                raise
            except Exception as error:
                self._failed(error)
                tried = seen = stores.fingerprint(plan.store)
            else:
                log.info("works again", what="store")
                return program
        return None

    def _look(self, *, whole: bool) -> None:
        """A store that has published and is gone is not made anew: it is to come back."""
        if not self._start.adopts and (fault := lost(self._start.plan)):
            raise StoreMissing(fault)
        stores.tried_out(self._start.plan.store, whole=whole)

    def _failed(self, error: Exception) -> None:
        ours = isinstance(error, SyndicateError | OSError)
        self.fault = str(error) if ours else f"internal error: {error!r}"
        self._damaged = is_damage(error)
        self._again = time.monotonic() + PAUSES[min(next(self._tries), len(PAUSES) - 1)]
        self._start.says([self.fault])
        self._start.supervisor.says(self.fault)
        news, self._told = self.fault not in self._told, {*self._told, self.fault}
        line = "store cannot be used" if ours else "nothing can be begun, by a fault of ours"
        words = {"reason": self.fault} if ours else {"exc_info": error}
        if news and len(self._told) <= _REASONS:
            log.error(line, **words, meanwhile="what is published is served")
        else:
            log.debug(f"{line}, still", **words)
