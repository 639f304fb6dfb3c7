"""`syndicate serve`: only serve what is published."""

import logging

import typer

from syndicate.app import App
from syndicate.cli import log
from syndicate.cli.daemon import LAST, serve_until_signal
from syndicate.cli.options import UNSET, ConfigPath, Port, Verbose, command_app, examples
from syndicate.cli.stored import configured
from syndicate.store import exists

app = command_app()


@app.command(
    epilog=examples("syndicate serve", "syndicate serve --port 8080", "syndicate serve --config presse/config.toml")
)
def serve(config: ConfigPath = UNSET, port: Port = None, verbose: Verbose = False) -> int:
    """Serve the published folder over HTTP until Ctrl-C or SIGTERM: no source is asked, nothing is rendered."""
    settings = configured(config)
    log.configure(logging.DEBUG if verbose else logging.INFO)
    if not (settings.publish.directory / LAST).is_file():
        typer.echo(f"Nothing is published in {settings.publish.directory} yet: `syndicate run --once` does.", err=True)
    if not exists(settings.store):
        return serve_until_signal(settings, None, port=port)
    with App(settings) as program:  # only asked what is gone and what has moved
        return serve_until_signal(settings, program, port=port)
