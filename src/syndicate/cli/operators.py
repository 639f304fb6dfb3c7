"""The status address of a daemon: where operators ask how everything is."""

import socket
from contextlib import suppress
from functools import partial

import typer

from syndicate import app as program
from syndicate import operators, serve
from syndicate.app import App
from syndicate.errors import ConfigError
from syndicate.urls import is_loopback_host

_ROOM = 64  # connections at once: a few people, and who gathers the metrics


def status_server(app: App, answered: "serve.Counted | None" = None) -> "serve.Server | None":
    """Started; None where there is to be none, or where the usual one is taken and nobody has asked for it.

    `answered`: what readers were. ConfigError where the one that is stated cannot be had.
    """
    address = app.plan.serve.status_address
    if address is None:
        return None
    metrics = program.Metrics([program.Measured(lambda: app.plan, app.clock)], answered.numbers if answered else dict)
    pages = operators.create_app(lambda: operators.page_of(app, app.clock()), metrics.text, partial(_access, app))
    _is_this_machine(*address, app.plan.serve.status_public)
    server = serve.Server(pages, *address, door=serve.Door(room=_ROOM), key="serve.status")
    try:
        server.start()
    except ConfigError as error:
        if app.plan.serve.is_status_stated:
            raise
        # A second site on one machine, or whatever else listens there, is no reason to serve nothing.
        typer.echo(f"warning: no page for operators and no /metrics: {error}", err=True)
        return None
    app.listen(metrics.hear)
    return server


def _is_this_machine(host: str, port: int, public: bool) -> None:
    """ConfigError where a name that should be this machine's alone leads elsewhere: it would need a password."""
    with suppress(OSError):  # what cannot be found is told by who listens
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not (public or is_loopback_host(str(address[0]))):
                raise ConfigError(
                    f"serve.status: {host} is {address[0]} on this machine, which others can reach: 127.0.0.1:{port}"
                )


def _access(app: App) -> "operators.Access":
    """As it is configured now: names and password change without a start."""
    serving = app.plan.serve
    own = (serving.status_address[0],) if serving.status_address else ()
    return operators.Access(own, serving.status_hosts, serving.status_password)
