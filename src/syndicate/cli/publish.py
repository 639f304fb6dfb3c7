"""`syndicate publish`: render now. Works beside a daemon."""

from typing import Annotated

import typer

from syndicate.app import topic_rows
from syndicate.cli.named import topics_named
from syndicate.cli.opened import opened
from syndicate.cli.options import UNSET, ConfigPath, Json, Verbose, command_app, examples, topic_ids
from syndicate.cli.signals import leave_at_once_on_signals
from syndicate.cli.summary import show_published
from syndicate.cli.terminal import console, print_json

app = command_app()


@app.command(epilog=examples("syndicate publish", "syndicate publish gesundheit schule"))
def publish(
    topics: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TOPIC]...", help="Ids or titles; default: every topic.", autocompletion=topic_ids),
    ] = None,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Render the topics, and whatever else has changed or is missing; print the paths of the documents that differ."""
    with opened(config, verbose) as program, leave_at_once_on_signals():
        program.prepare()
        there = sorted(topic_rows(program.plan, program.store))
        chosen = topics_named(topics or (), program.plan, there) or there
        documents = program.publish(row.id for row in chosen)
        if as_json:
            directory = str(program.plan.publish.directory)
            print_json({"directory": directory, "published": [document.path for document in documents]})
            return 0
        for document in documents:
            console().print(document.path, soft_wrap=True)
        show_published(documents, program)
    return 0
