"""`syndicate newsrooms add`: a token for a newsroom, told once."""

import re
import sys
from typing import Annotated

import typer

from syndicate import store as stores
from syndicate.app import topic_rows
from syndicate.cli.named import topics_named
from syndicate.cli.options import UNSET, ConfigPath, WrongUse, command_app, examples
from syndicate.cli.stored import configured, converting, existing
from syndicate.cli.terminal import now
from syndicate.errors import StoreError
from syndicate.model import Newsroom, Plan
from syndicate.rooms import tokens
from syndicate.store import ALL, Store
from syndicate.text import squeeze, strip_unprintable

app = command_app()
_LONGEST = 60


@app.command(
    epilog=examples(
        "syndicate newsrooms add tagblatt",
        "syndicate newsrooms add tagblatt --topics gesundheit,schule",
        "syndicate newsrooms add agentur --embargoed",
    )
)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="By which people know it; each once.")],
    topics: Annotated[
        str | None, typer.Option("--topics", metavar="A,B", help="The topics that it gets; default: every one.")
    ] = None,
    embargoed: Annotated[
        bool, typer.Option("--embargoed", help="It gets what is under an embargo, too, marked as such.")
    ] = False,
    config: ConfigPath = UNSET,
) -> int:
    """Make a token for a newsroom and print it, alone, on standard output. It is told this once and kept nowhere.

    Its feeds are at /n/TOPIC.atom (.rss, .json), with the token as password of any user, or as a Bearer token; without
    --embargoed also at /n/TOKEN/TOPIC.atom. A store is made where there is none.
    """
    name = _name(name)
    settings = configured(config)
    with existing(settings) as there:  # what is wrong is found before a store is made
        chosen = _topics(topics, settings, there)
    token = tokens.make()
    newsroom = Newsroom(name=name, topics=chosen, embargoed=embargoed, made=now())
    with stores.open(settings.store, told=converting()) as store, store.transaction():
        try:
            store.newsrooms.add(newsroom, tokens.digest(token.encode()))
        except StoreError as error:
            raise WrongUse(str(error)) from error
        store.alarms.end("newsroom", name)  # of a token that was revoked
        typer.echo(token)
        sys.stdout.flush()  # where nobody can see it, there is none
    return 0


def _topics(said: str | None, settings: Plan, store: Store | None) -> tuple[str, ...]:
    """Empty: every one."""
    wanted = [part.strip() for part in (said or "").split(",") if part.strip()]
    if said is not None and not wanted:
        raise WrongUse("--topics names none; without it a newsroom gets every topic")
    chosen = tuple(row.id for row in topics_named(wanted, settings, topic_rows(settings, store))) if wanted else ()
    return () if ALL in chosen else chosen


def _name(said: str) -> str:
    name = squeeze(strip_unprintable(said))
    if not name or len(name) > _LONGEST or name != said or re.match("-", name):
        raise WrongUse(f'"{squeeze(strip_unprintable(said))}" is no name: 1 to {_LONGEST} printable characters')
    return name
