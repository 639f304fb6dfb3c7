"""`syndicate serve`: only serve what is published."""

import logging

import typer

from syndicate.app import App
from syndicate.cli import log
from syndicate.cli.daemon import serve_until_signal
from syndicate.cli.options import UNSET, ConfigPath, Port, Verbose, command_app, examples
from syndicate.cli.stored import configured, on_port
from syndicate.cli.visible import LAST
from syndicate.errors import StoreError, StoreUnusable
from syndicate.model import Plan
from syndicate.publish import Place, target
from syndicate.store import exists

app = command_app()


@app.command(
    epilog=examples("syndicate serve", "syndicate serve --port 8080", "syndicate serve --config presse/config.toml")
)
def serve(config: ConfigPath = UNSET, port: Port = None, verbose: Verbose = False) -> int:
    """Serve the published folder over HTTP until Ctrl-C or SIGTERM: no source is asked, nothing is rendered."""
    settings = configured(config)
    log.configure(logging.DEBUG if verbose else logging.INFO)
    _look(settings.publish.directory)
    program, here = _opened(settings), on_port(settings, port)
    if program is None:
        return serve_until_signal(here, None)
    with program:
        return serve_until_signal(here, program)


def _look(place: Place) -> None:
    """Is there anything yet? Whatever is wrong with a bucket just now may pass: it is served when it has."""
    try:
        if not target(place, briefly=True).has(LAST):
            typer.echo(f"Nothing is published in {place} yet: `syndicate run --once` does.", err=True)
    except StoreError as error:
        typer.echo(f"warning: {error}", err=True)


def _opened(settings: Plan) -> App | None:
    """What is asked what is gone and what has moved; None where there is no store that can be used.

    The folder is complete by itself: readers get it, whatever has happened to the store.
    """
    if not exists(settings.store):
        return None
    try:
        return App(settings)
    except StoreUnusable as error:
        for line in (error, "the folder is served without what only the store knows"):
            typer.echo(f"warning: {line}", err=True)
        return None
