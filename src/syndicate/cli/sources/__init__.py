"""`syndicate sources`: the sources of the configuration."""

import typer

from syndicate.cli.groups import group
from syndicate.cli.options import UNSET, ConfigPath, command_app, examples, needs_command

__all__ = ["app"]

_CHANGE, _LISTS = "syndicate.cli.sources.change", "syndicate.cli.sources.opml"
app = command_app(
    group(
        {
            "list": "syndicate.cli.sources.listed",
            "add": "syndicate.cli.sources.add",
            "remove": _CHANGE,
            "pause": _CHANGE,
            "resume": _CHANGE,
            "import": _LISTS,
            "export": _LISTS,
            "backfill": "syndicate.cli.sources.backfill",
        }
    )
)


@app.callback(
    invoke_without_command=True,
    epilog=examples("syndicate sources list", "syndicate sources add https://www.example.org/"),
)
def sources(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """The sources of the configuration."""
    return needs_command(ctx)
