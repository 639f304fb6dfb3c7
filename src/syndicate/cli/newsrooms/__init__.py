"""`syndicate newsrooms`: who has access of its own to the feeds."""

import typer

from syndicate.cli.groups import group
from syndicate.cli.options import UNSET, ConfigPath, command_app, examples, needs_command

__all__ = ["app"]

_CHANGE = "syndicate.cli.newsrooms.change"
app = command_app(
    group(
        {
            "list": "syndicate.cli.newsrooms.listed",
            "add": "syndicate.cli.newsrooms.add",
            "revoke": _CHANGE,
            "confirm": _CHANGE,
        }
    )
)


@app.callback(
    invoke_without_command=True,
    epilog=examples("syndicate newsrooms add tagblatt --topics gesundheit", "syndicate newsrooms list"),
)
def newsrooms(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """Who has access of its own to the feeds: a token each, for its topics, and for what is under an embargo."""
    return needs_command(ctx)
