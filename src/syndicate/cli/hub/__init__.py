"""`syndicate hub`: who is told of changes at once."""

import typer

from syndicate.cli.groups import group
from syndicate.cli.options import UNSET, ConfigPath, command_app, examples, needs_command

__all__ = ["app"]

app = command_app(group({"list": "syndicate.cli.hub.listed", "drop": "syndicate.cli.hub.drop"}))


@app.callback(
    invoke_without_command=True,
    epilog=examples("syndicate hub list", "syndicate hub drop 7"),
)
def hub(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """Subscribers of the built-in WebSub hub: programs that are told of each change at once."""
    return needs_command(ctx)
