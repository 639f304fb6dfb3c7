"""The status address of a daemon: where operators ask how everything is."""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property

import typer

from syndicate import app as program
from syndicate import operators, serve
from syndicate.app import App
from syndicate.errors import ConfigError
from syndicate.model import Plan
from syndicate.urls import is_loopback_host

_ROOM = 64  # connections at once: a few people, and who gathers the metrics


class Figures:
    """What operators are told in numbers: counted from the start of the process on, also where the program is opened
    anew on a store that was put back. `answered`: what readers were.
    """

    _app: App

    @cached_property
    def answered(self) -> "serve.Counted":
        return serve.Counted()

    def of(self, app: App) -> "program.Metrics":
        """They tell of this program from now on."""
        self._app = app
        return self._metrics

    @cached_property
    def _metrics(self) -> "program.Metrics":
        return program.Metrics(
            [program.Measured(lambda: self._app.plan, lambda: self._app.clock())], self.answered.numbers
        )


def status_server(app: App, figures: Figures) -> "serve.Server | None":
    """Started; None where there is to be none, or where the usual one is taken and nobody has asked for it.

    ConfigError where the one that is stated cannot be had.
    """
    if app.plan.serve.status_address is None:
        return None
    metrics = figures.of(app)
    server = _listening(lambda: app.plan, lambda: operators.page_of(app, app.clock()), metrics)
    if server:
        app.listen(metrics.hear)
    return server


def status_without_store(plan: Plan, faults: Callable[[], Iterable[str]]) -> "serve.Server | None":
    """The same while the store cannot be used: what is in the way (a line each), and that nothing can be measured."""

    def page() -> bytes:
        return operators.page_without_store(plan, map(program.of_fault, faults()))

    return _listening(lambda: plan, page, program.Metrics([program.Unmeasured(lambda: plan)]))


def _listening(
    plan: Callable[[], Plan], page: Callable[[], bytes], metrics: "program.Metrics"
) -> "serve.Server | None":
    serving = plan().serve
    address = serving.status_address
    if address is None:
        return None
    pages = operators.create_app(page, metrics.text, lambda: _access(plan()))
    _is_this_machine(*address, serving.status_public)
    server = serve.Server(pages, *address, door=serve.Door(room=_ROOM, tells_readers_apart=False), key="serve.status")
    try:
        server.start()
    except ConfigError as error:
        if serving.is_status_stated:
            raise
        # A second site on one machine, or whatever else listens there, is no reason to serve nothing.
        typer.echo(f"warning: no page for operators and no /metrics: {error}", err=True)
        return None
    return server


def _is_this_machine(host: str, port: int, public: bool) -> None:
    """ConfigError where a name that should be this machine's alone leads elsewhere: it would need a password."""
    with suppress(OSError):  # what cannot be found is told by who listens
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not (public or is_loopback_host(str(address[0]))):
                raise ConfigError(
                    f"serve.status: {host} is {address[0]} on this machine, which others can reach: 127.0.0.1:{port}"
                )


def _access(plan: Plan) -> "operators.Access":
    """As it is configured now: names and password change without a start."""
    serving = plan.serve
    own = (serving.status_address[0],) if serving.status_address else ()
    return operators.Access(own, serving.status_hosts, serving.status_password)
