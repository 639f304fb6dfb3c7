"""What a person does to a release: withdraw, restore, lift, split. Works beside a daemon."""

from typing import Annotated

import typer

from syndicate.cli.options import UNSET, ConfigPath, Json, Reference, Verbose, command_app, examples, known, source_ids
from syndicate.cli.releases.chosen import chosen, name_of, where
from syndicate.errors import StoreError, StoreUnusable
from syndicate.pipeline import Lift, Restore, Split, Withdraw

app = command_app()
Text = str | None


@app.command(
    epilog=examples("syndicate releases withdraw 3k9f", 'syndicate releases withdraw 3k9f --reason "Zahlen falsch"')
)
def withdraw(
    release: Reference,
    reason: Annotated[Text, typer.Option(metavar="TEXT", help="Shown to readers; nothing of the old text is.")] = None,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Take a release back: it leaves every feed and page, and no poll brings it back."""
    with chosen(release, config, verbose) as found:
        (change, *_), written = found.act(Withdraw(found.release.id, reason))
        name = name_of(found.release)
        if change.release.issued:
            done = f"{name} is gone from every feed; a tombstone and a notice stand in its place {written}."
        else:
            done = f"{name} is withdrawn. Readers had never seen it, and nothing tells them of it."
        return found.tell(as_json, done, f"To bring it back: syndicate releases restore {found.release.id}")


@app.command(epilog=examples("syndicate releases restore 3k9f"))
def restore(release: Reference, config: ConfigPath = UNSET, as_json: Json = False, verbose: Verbose = False) -> int:
    """Undo a withdrawal."""
    with chosen(release, config, verbose) as found:
        (change, *_), written = found.act(Restore(found.release.id))
        back = change.release
        return found.tell(as_json, f"{name_of(back)} is back: {where(back, found.zone)} {written}.")


@app.command(epilog=examples("syndicate releases lift 3k9f"))
def lift(release: Reference, config: ConfigPath = UNSET, as_json: Json = False, verbose: Verbose = False) -> int:
    """End a release's embargo now, and publish it."""
    with chosen(release, config, verbose) as found:
        try:
            (change, *_), written = found.act(Lift(found.release.id))
        except StoreUnusable:
            raise
        except StoreError:
            raise StoreError(f"{name_of(found.release)} is under no embargo (it is {found.release.state})") from None
        return found.tell(as_json, f"{name_of(change.release)} is now {where(change.release, found.zone)} {written}.")


@app.command(epilog=examples("syndicate releases split 3k9f ministerium"))
def split(
    release: Reference,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="The source whose edition is another release.", autocompletion=source_ids
        ),
    ],
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Part two sources' editions that were taken for one release."""
    with chosen(release, config, verbose) as found:
        told = [edition.source for edition in found.program.store.releases.editions(found.release.id)]
        known("source", [source], dict.fromkeys((*told, *found.program.plan.by_id)))
        (rest, apart), written = found.act(Split(found.release.id, source))
        return found.tell(
            as_json,
            f"{name_of(rest.release)} stays: {where(rest.release, found.zone)}.",
            f"{name_of(apart.release)}, as {source} says it: {where(apart.release, found.zone)} {written}.",
            split_off=apart.release.id,
        )
