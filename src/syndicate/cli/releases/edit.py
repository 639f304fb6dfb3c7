"""`syndicate releases edit`: fields of a release, changed by hand, or given back to its source."""

from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate.app import FIELDS, name_of_field
from syndicate.cli.options import (
    UNSET,
    ConfigPath,
    Json,
    Reference,
    Verbose,
    WrongUse,
    command_app,
    examples,
    known,
    topic_ids,
)
from syndicate.cli.releases.chosen import Chosen, chosen, name_of, where
from syndicate.cli.releases.fields import Given, edited
from syndicate.cli.releases.picture import Picture
from syndicate.cli.terminal import now
from syndicate.model import Change, Release, Source
from syndicate.pipeline import Edit

app = command_app()
Text = str | None


@app.command(
    epilog=examples(
        'syndicate releases edit 3k9f --title "Neues Klinikum in Oberwiesen" --minor',
        'syndicate releases edit 3k9f --body text.md --note "Die Zahl der Betten war falsch."',
        "syndicate releases edit 3k9f --topic Gesundheit --topic Kommunen",
        'syndicate releases edit 3k9f --image klinik.jpg --alt "Ein Neubau aus Glas" --credit "Klinik Hohenried"',
        "syndicate releases edit 3k9f --revert title",
    )
)
def edit(  # size: a row for each option
    ctx: typer.Context,
    release: Reference,
    title: Annotated[Text, typer.Option(metavar="TEXT")] = None,
    teaser: Annotated[Text, typer.Option(metavar="TEXT", help='"" takes it away.')] = None,
    kicker: Annotated[Text, typer.Option(metavar="TEXT", help='"" takes it away. It maps to topics.')] = None,
    body: Annotated[
        Text,
        typer.Option(
            metavar="FILE", help="Its text: Markdown (.md), HTML (.html), else plain text; - is standard input."
        ),
    ] = None,
    language: Annotated[Text, typer.Option(metavar="TAG", help="Like de, en, de-CH.")] = None,
    topics: Annotated[
        list[str] | None,
        typer.Option(
            "--topic", metavar="TOPIC", help="It is in these alone; may be repeated.", autocompletion=topic_ids
        ),
    ] = None,
    image: Annotated[Text, typer.Option(metavar="URL|FILE", help='Its picture; "" takes all of them away.')] = None,
    alt: Annotated[Text, typer.Option(metavar="TEXT", help="What the picture shows.")] = None,
    caption: Annotated[Text, typer.Option(metavar="TEXT", help="What stands below the picture.")] = None,
    credit: Annotated[Text, typer.Option(metavar="TEXT", help="Whose picture it is.")] = None,
    contact: Annotated[
        Text, typer.Option(metavar="TEXT", help='Like "Uta Muster, uta@amt.example, 0711 123"; "" takes it away.')
    ] = None,
    url: Annotated[Text, typer.Option(metavar="URL", help='The page it is read at; "": our own page of it.')] = None,
    date: Annotated[
        Text, typer.Option(metavar="TIME", help="Where its source states none, or nobody has seen it yet.")
    ] = None,
    embargo: Annotated[
        Text, typer.Option(metavar="TIME", help="Its end, or an event in words; `releases lift` ends it.")
    ] = None,
    revert: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="What its source says of this field by now; may be repeated."),
    ] = None,
    note: Annotated[
        Text, typer.Option(metavar="TEXT", help="What was corrected: the release opens with it from now on.")
    ] = None,
    no_notes: Annotated[bool, typer.Option("--no-notes", help="Take the notes away that it opens with.")] = False,
    minor: Annotated[bool, typer.Option("--minor", help="A typo: readers are not told again.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Change fields of a release by hand. No later poll undoes it, until --revert gives a field back to its source.

    Readers get it as a correction: the same entry, updated and on top again; with --minor in its old place.
    """
    picture = Picture(image, alt, caption, credit)
    given = Given(title, teaser, kicker, body, language, embargo, date, url, contact, tuple(topics or ()), picture)
    back = known("field", revert or (), FIELDS)
    if given == Given() and not (note and note.strip()) and not no_notes and not back:
        raise WrongUse(f"nothing to change: {', '.join(_options(ctx))}")
    if both := [name for name in back if given.says(name)]:
        raise WrongUse(f"--{both[0]} and --revert {both[0]} are not both possible")
    with chosen(release, config, verbose) as found:
        fields, media = edited(given, found.release, _source(found), found.program, now=now())
        reverted = tuple(FIELDS[name] for name in back)
        act = Edit(found.release.id, fields, note, minor, no_notes, reverted, media)
        (change, *_), written = found.act(act)
        for image_ in fields.get("images", ()):
            if image_.url and not image_.alt:
                typer.echo("syndicate: the picture says nothing to who cannot see it: --alt describes it", err=True)
        return found.tell(as_json, _told(change, found.release, written, found.zone))


def _options(ctx: typer.Context) -> Iterator[str]:
    """What can be changed: every option but those that all commands have, and `--minor`, which says how."""
    for option in ctx.command.params:
        if option.param_type_name == "option" and option.name not in ("config", "as_json", "verbose", "minor", "help"):
            yield option.opts[0]


def _source(found: Chosen) -> Source:
    """The one whose words these are, for its language and pictures; perhaps it is no more in the configuration."""
    identifier, site = found.release.source or "", found.program.plan.site
    gone = Source(id=identifier, timezone=site.timezone, language=site.language, tag=site.tag)
    return found.program.plan.by_id.get(identifier, gone)


def _told(change: Change, before: Release, written: str, zone: ZoneInfo) -> str:
    release = change.release
    fields = [*map(name_of_field, change.fields), *(["embargo"] if release.embargo != before.embargo else [])]
    if not fields:
        return f"{name_of(release)} says so already; nothing changed for readers."
    changed = f"{name_of(release)}, {' and '.join(dict.fromkeys(fields))} changed: {where(release, zone)}"
    if not release.visible:
        return f"{changed}."
    place = "as a correction, on top" if change.verdict == "corrected" else "in its old place"
    return f"{changed}, {place} (revision {release.revision}) {written}."
