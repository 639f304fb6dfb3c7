"""How a process serves until it is told to end, and how it ends."""

import ipaddress
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import typer

from syndicate import serve
from syndicate import store as stores
from syndicate.app import App, changed
from syndicate.cli.operators import Figures, status_server
from syndicate.cli.signals import end_within, fallen, handled, stopped
from syndicate.cli.supervisor import Supervisor
from syndicate.cli.visible import visible
from syndicate.errors import StoreError, SyndicateError
from syndicate.model import Event, Failed, Plan, Published, Recovered, Reloaded
from syndicate.publish import target
from syndicate.reach import Intake

if TYPE_CHECKING:
    from syndicate.schedule import Schedule

_SERVER, _STATUS, _WORK = 1.5, 0.5, 2.0  # seconds that requests and work under way may take at the end, and …
ALL = 4.5  # … the whole of it
WATCH = 5.0  # seconds between two looks whether the server is there
ROUND = 10.0  # seconds that the server may take to come round
_PATIENCE = 3.0  # seconds that a first publish may take before we serve all the same
ANEW = 60.0  # seconds that work under way may take where the store was put back
AGAIN = -1  # the store was taken away and put back: the program is to be opened anew
_LOOK = 0.05  # seconds between two looks for the first publish
ENDED = "the server has ended by itself"


def serve_until_signal(
    config: Plan,
    app: App | None,
    *,
    schedule: "Schedule | None" = None,
    serving: bool = True,
    supervisor: Supervisor | None = None,
    figures: Figures | None = None,
) -> int:
    """Serve the published folder, and carry what is due, until SIGTERM or Ctrl-C. Returns 0; AGAIN (below).

    `app` knows what is gone and what has moved; without a store there is none. The schedule reloads at SIGHUP.
    `figures`: of this process, for operators. The address is printed, and the supervisor told, when there is something
    to see, or soon after. ConfigError where the port cannot be had.
    """
    told, stopping, is_visible = supervisor or Supervisor(), threading.Event(), visible(config.publish.directory)
    figures = figures or Figures()
    counted = figures.answered if schedule and config.serve.status else None
    with (
        handled(stopping.set),
        handled(partial(_reload, schedule, told, stopping) if schedule else None, signal.SIGHUP),
        _observing(app if serving else None, counted) as note,
    ):
        pages = _server(config, app, note, counted) if serving else None
        servers = started(pages, lambda: status_server(app, figures) if app and schedule else None)
        if app:
            app.listen(partial(_state, told))
        if schedule:
            schedule.start()
        for _ in range(round(_PATIENCE / _LOOK) if schedule else 0):
            if is_visible() or stopping.wait(_LOOK):
                break
        say_where(config, *servers)
        told.ready(f"serves {address_of(servers.pages)}" if servers.pages else "publishes")
        with told.watched(_lives(app, schedule, servers.pages)):
            _wait(stopping, servers, _Back(app) if schedule and app else None)
        if app and not stopping.is_set():
            return _begin_again(app, servers, schedule)
        told.stops()
        end_within(ALL)
        servers.stop()
        if schedule and not schedule.stop(_WORK):
            stopped()
    typer.echo("Stopped.")
    return 0


def _wait(stopping: threading.Event, servers: "Servers", back: "_Back | None") -> None:
    while not stopping.wait(WATCH) and not (back and back.is_there()):
        if not servers.alive:
            # Whoever supervises us starts us again; serving nothing in silence would be worse.
            raise SyndicateError(ENDED)


class _Back:
    """Whether a store that was taken away under us is there again, as a file of its own, whole and as it was.

    Nothing has become of that between two looks: else it may be on its way yet. An earlier state is none to go on with:
    what was withdrawn since would come back. `syndicate restore` sees to that.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._written: datetime | None = None
        self._seen: stores.Peeked | None = None
        self.is_there()

    def is_there(self) -> bool:
        plan, before, self._seen = self._app.plan, self._seen, None
        with suppress(StoreError, OSError):
            if not self._app.store.lost:
                self._written = self._app.store.last_write()
                return False
            self._seen = found = stores.peeked(plan.store)
            if found and found == before and found.mark == target(plan.publish.directory).owner():
                return self._written is None or (found.written is not None and found.written >= self._written)
        return False


def _begin_again(app: App, servers: "Servers", schedule: "Schedule | None") -> int:
    """End all that knows the store of before, so that the program can be opened anew on what is there now."""
    app.tell(Recovered(kind="store"))
    servers.stop()
    if schedule and not schedule.stop(ANEW):
        fallen()
    return AGAIN


def _reload(schedule: "Schedule", told: Supervisor, stopping: threading.Event) -> None:
    if not stopping.is_set():
        told.reloads()
        schedule.reload()


def _state(told: Supervisor, event: Event) -> None:
    """What whoever supervises us shows of us, and waits for after a reload."""
    match event:
        case Reloaded(error=None):
            told.ready("configuration read again")
        case Reloaded():
            told.ready(f"configuration not read again, the one before goes on: {event.error}")
        case Published(documents=documents) if documents:
            told.says(f"published {len(documents)} documents")
        case Failed(again=False):
            told.says(event.error)
        case Recovered():
            told.says(f"{event.kind} works again")


def _lives(app: App | None, schedule: "Schedule | None", server: "serve.Server | None") -> Iterator[Callable[[], bool]]:
    """What has to go round, each tried out by using it."""
    if schedule:
        yield schedule.lives
    if app:
        yield partial(_answers, app)
    if server:
        yield partial(server.responds, ROUND)


def _answers(app: App) -> bool:
    """The store, in its time. One that refuses answers, too: a new start would not mend that, and `status` tells it."""
    with suppress(StoreError):
        app.store.recalled("mark")
    return True


@contextmanager
def _observing(app: App | None, counted: "serve.Counted | None") -> Iterator["serve.Note | None"]:
    """What notes each answer; who holds which version is counted beside the requests, where there is a store."""
    if app is None:
        yield None
        return
    count = counted.take_in if counted else lambda _: None
    with serve.Observed(Intake(app.store, app.clock).take_in, app.clock, count) as observed:
        yield observed.note


def _server(
    config: Plan, app: App | None, note: "serve.Note | None", counted: "serve.Counted | None"
) -> "serve.Server":
    folder, is_visible = config.publish.directory, visible(config.publish.directory)
    if app:
        ready = partial(_is_ready, is_visible, app)
        pages = serve.create_app(
            folder,
            ready=ready,
            gone=app.gone,
            moved=app.moved,
            routes=serve.routes_of(app),
            base=lambda: app.plan.site.base_url,
            hub=lambda: app.plan.hub,
            documents=app.store.outputs.count,
            note=note,
            delta=partial(changed, app),
            counted=counted,
        )
    else:
        pages = serve.create_app(folder, ready=is_visible, documents=partial(serve.files_in, folder))
    return listening(pages, config)


def listening(pages: "serve.Pages", config: Plan) -> "serve.Server":
    """Where readers ask. ConfigError where that cannot be had."""
    door = serve.Door(map(ipaddress.ip_network, config.serve.trusted_proxies))
    server = serve.Server(pages, config.serve.host, config.serve.port, door=door)
    server.start()
    return server


class Servers(NamedTuple):
    """What readers ask, and what operators do."""

    pages: "serve.Server | None"
    status: "serve.Server | None"

    @property
    def alive(self) -> bool:
        return all(server.alive for server in self if server)

    def stop(self) -> None:
        for server, seconds in zip(self, (_SERVER, _STATUS), strict=True):
            if server:
                server.stop(seconds)


def started(pages: "serve.Server | None", status: Callable[[], "serve.Server | None"]) -> Servers:
    """With that of operators, which `status` starts. Where it cannot be had, nothing is served."""
    try:
        return Servers(pages, status())
    except BaseException:
        Servers(pages, None).stop()
        raise


def _is_ready(is_visible: Callable[[], bool], app: App) -> bool:
    """Is there something to see, and is nothing in the way of what comes?"""
    return is_visible() and not any(app.troubles)


def say_where(config: Plan, server: "serve.Server | None", status: "serve.Server | None") -> None:
    if server is None:
        typer.echo(f"Publishing to {config.publish.directory} – Ctrl-C ends it.")
    else:
        typer.echo(f"Open {address_of(server)} – Ctrl-C ends it.")
        if config.site.base_url != address_of(server):
            typer.echo(f"The feeds name themselves below {config.site.base_url} ([site] base_url).")
    if status:
        typer.echo(f"How everything is: {address_of(status)}")


def address_of(server: "serve.Server") -> str:
    """One that a browser on this machine can open: the wildcard address is none."""
    return server.address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
