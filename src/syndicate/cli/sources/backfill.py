"""`syndicate sources backfill`: the past of a source, slowly, into archive pages of its own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from syndicate.app import AtTimes
from syndicate.cli.opened import opened
from syndicate.cli.options import (
    UNSET,
    ConfigPath,
    Json,
    Verbose,
    WrongUse,
    command_app,
    examples,
    known,
    source_ids,
    whole_number,
)
from syndicate.cli.signals import leave_at_once_on_signals
from syndicate.cli.summary import show_published
from syndicate.cli.terminal import console, print_json
from syndicate.cli.terminal import screen as full
from syndicate.model import Asked, Backfill, Backfilled, Document, Event, Step
from syndicate.text import count
from syndicate.urls import without_secrets

app = command_app()


@app.command(
    epilog=examples(
        "syndicate sources backfill portal --pages 20",
        "syndicate sources backfill portal --pages 20   # goes on where the first stopped",
    )
)
def backfill(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="The id of a source with an address.", autocompletion=source_ids)
    ],
    pages: Annotated[
        int,
        typer.Option("--pages", parser=whole_number(1, 100_000), metavar="N", help="At most so many pages more."),
    ],
    restart: Annotated[bool, typer.Option("--restart", help="Begin again at the first page.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Walk a paged list or feed towards its old end, and record the releases that are not known yet.

    They fill archive pages of their own and never enter a head. One page after the other, with `page_delay` between
    two; a second call goes on where the first stopped or was ended. Exit status 1: a page of the list failed, or
    its server asked to be left alone.
    """
    with opened(config, verbose) as program:
        (identifier,) = known("source", (source,), program.plan.by_id)
        chosen = program.plan.by_id[identifier]
        if chosen.url is None:
            raise WrongUse(f'"{identifier}" is a folder: only a source with an address has pages')
        program.check_taken()
        program.prepare()
        with leave_at_once_on_signals(), _progress(pages, as_json) as on_event:
            done = _backfilled(program.run_or_raise(Backfill(identifier, pages, restart), on_event))
            documents = program.publish()
        if as_json:
            print_json(_json(done, documents))
        else:
            _show(done)
            show_published(documents, program)
    if done.error and not as_json:
        console(err=True).print(
            f"{identifier}: stopped at {without_secrets(done.next or '')}: {done.error}", soft_wrap=True
        )
    return 1 if done.error else 0


def _backfilled(events: tuple[Event, ...]) -> Backfilled:
    return next(event for event in events if isinstance(event, Backfilled))


@contextmanager
def _progress(total: int, as_json: bool) -> Iterator[Callable[[Event], None]]:
    """Each page of the list as soon as it is recorded; while its releases are read a bar, in a pipe a line at times."""
    screen = full(err=True)
    columns = (TextColumn("Pages of the list"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=total)
        at_times = AtTimes()

        def on_event(event: Event) -> None:
            if isinstance(event, Asked | Step):
                bar.update(task, advance=isinstance(event, Step), description=event.url)
                if (line := at_times.told(event)) and not screen.is_terminal:
                    screen.print(line, soft_wrap=True)
            if isinstance(event, Step) and not as_json:
                _show_step(event)

        yield on_event


def _show_step(step: Step) -> None:
    screen = console()
    told = f"{count(step.new, 'release')}, {step.known} known already"
    screen.print(f"Page {step.number}: {told}: {without_secrets(step.url)}", soft_wrap=True)
    for page in step.refused:
        screen.print(f"  not read yet: {page.where}: {page.reason}", soft_wrap=True)
    sys.stdout.flush()


def _show(done: Backfilled) -> None:
    if not done.error:
        console().print(
            "Its old end is reached." if done.next is None else f"Goes on with {without_secrets(done.next)}"
        )


def _json(done: Backfilled, documents: tuple[Document, ...]) -> dict[str, Any]:
    return {
        "source": done.source,
        "pages": [
            {
                "number": step.number,
                "url": without_secrets(step.url),
                "new": step.new,
                "known": step.known,
                "refused": [{"where": page.where, "reason": page.reason} for page in step.refused],
            }
            for step in done.steps
        ],
        "new": sum(step.new for step in done.steps),
        "next": done.next and without_secrets(done.next),
        "done": done.next is None,
        "error": done.error,
        "published": [document.path for document in documents],
    }
