"""`syndicate preview`: what would be read from a file or an address."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate import __version__, client
from syndicate.classify import Rules, placed
from syndicate.cli.options import UNSET, ConfigPath, Json, WrongUse, command_app, examples, one_of
from syndicate.cli.page import page_of_read, page_of_stored, show_page
from syndicate.cli.release import show_release
from syndicate.cli.stored import configured
from syndicate.cli.terminal import console, now, print_json
from syndicate.errors import FetchError, ParseError, WorkerLost
from syndicate.fetch import MAX_BYTES, fetch
from syndicate.model import Capture, FetchState, Rejected, Release, Source
from syndicate.parse import FORMAT_CHOICES
from syndicate.pipeline import read, understood
from syndicate.release_json import release_json
from syndicate.text import count, on_one_line
from syndicate.workers import Limits, Workers

app = command_app()
_PATIENCE = 30.0  # seconds, of the answer and of its reading
_MEMORY = 1_000_000_000  # bytes


@app.command(
    epilog=examples(
        "syndicate preview examples/releases/schule-werkstattpreis.txt",
        "syndicate preview https://www.example.org/feed.xml --json",
        "syndicate preview - --format markdown < release.md",
        "syndicate preview --html 3k9f --open",
    )
)
def preview(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL|RELEASE",
            help="A file, an http(s) address, or - for standard input; with --html also a release that is held.",
        ),
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="F",
            help=f"One of {', '.join(FORMAT_CHOICES)}.",
            autocompletion=one_of(*FORMAT_CHOICES),
        ),
    ] = "auto",
    config: ConfigPath = UNSET,
    as_json: Json = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="As the page that readers will see, in a file that only you can read.")
    ] = False,
    in_browser: Annotated[bool, typer.Option("--open", help="With --html: open it in the browser.")] = False,
) -> int:
    """What would be read from a file or an address: its own release first, then its headlines. Stores nothing.

    Needs no configuration; one that is named gives the time zone, the language and the topics. With --html a release
    is shown as if its embargo had ended; RELEASE is an id, four or more first characters of one, or an atom:id.

    Exit status: 0 read, 1 refused or unreachable, 2 wrong use.
    """
    if form not in FORMAT_CHOICES:
        raise WrongUse(f'"{form}" is no format (formats are {", ".join(FORMAT_CHOICES)})')
    if in_browser > as_html or (as_html and as_json):
        raise WrongUse("--open goes with --html, and --html not with --json")
    if as_html:
        return _page(what, form, config, in_browser)
    source, rules = _reader(what, form, config)
    releases, rejected = list[Release](), list[Rejected]()
    try:
        with Workers(Limits(_PATIENCE, _MEMORY)) as workers:
            for capture in _captures(what, source):
                found, refused, notes = workers.run(understood, capture, source, now())
                releases += (_classified(release, rules) for release in found)
                rejected += refused
                for note in notes:
                    typer.echo(f"syndicate: {what}: note: {note}", err=True)
    except (ParseError, WorkerLost) as error:
        raise type(error)(f"{what}: {error}") from error
    for refusal in rejected:
        typer.echo(on_one_line(f"syndicate: {what}: {refusal.where}: {refusal.reason}"), err=True)
    zone = ZoneInfo(source.timezone)
    if as_json:
        print_json([release_json(release, zone) for release in releases])
    else:
        _show(releases, zone)
    return 1 if rejected and not releases else 0


def _page(what: str, form: str, config: Path, in_browser: bool) -> int:
    """What is no file and no address is a release that is held."""
    if not _is_address(what) and what != "-" and not Path(what).exists():
        show_page(page_of_stored(what, config), configured(config).publish.directory, in_browser=in_browser)
        return 0
    source, rules = _reader(what, form, config)
    with Workers(Limits(_PATIENCE, _MEMORY)) as workers:
        reading = read(_captures(what, source), source, now=now(), max_bytes=MAX_BYTES, run=workers.run)
    for note in reading.notes:
        typer.echo(f"syndicate: {what}: note: {note.reason}", err=True)
    for refusal in reading.rejected:
        typer.echo(on_one_line(f"syndicate: {what}: {refusal.where}: {refusal.reason}"), err=True)
    page = page_of_read([release for release, _ in reading.incoming], reading.media, rules, config)
    if page is None:
        typer.echo(f"syndicate: {what}: no release of its own is in it", err=True)
        return 1
    published = None if config == UNSET else configured(config).publish.directory
    show_page(page, published, in_browser=in_browser)
    return 0


def _reader(what: str, form: str, config: Path) -> tuple[Source, Rules]:
    # Whoever types an address vouches for it, so it may be on this machine or network.
    source = Source(id="preview", format=form, allow_private=True)
    source = replace(source, url=what) if _is_address(what) else replace(source, path=what)
    if config == UNSET:
        return source, Rules()
    settings = configured(config)
    site = settings.site
    source = replace(source, timezone=site.timezone, language=site.language, tag=site.tag)
    return source, Rules(settings.topics, settings.unmapped)


def _is_address(what: str) -> bool:
    return what.lower().startswith(("http://", "https://"))


def _captures(what: str, source: Source) -> tuple[Capture, ...]:
    """Its bytes. FetchError where there is no such file, or the address does not answer."""
    if source.url:
        with client.Client(client.Limits(f"syndicate/{__version__} (preview)", _PATIENCE, MAX_BYTES)) as opened:
            return fetch(source, FetchState(source=source.id), client=opened, now=now()).captures
    if what == "-":
        return (_bounded(Capture(body=sys.stdin.buffer.read(MAX_BYTES + 1), path="standard input")),)
    path = Path(what)
    if path.is_dir():
        raise WrongUse(f"{what} is a folder; name a file in it, or make it a source and run `syndicate check --fetch`")
    try:
        with path.open("rb") as file:
            return (_bounded(Capture(body=file.read(MAX_BYTES + 1), path=path.name)),)
    except OSError as error:
        raise FetchError(f"{what}: cannot be read: {error.strerror}") from error


def _bounded(capture: Capture) -> Capture:
    if len(capture.body) > MAX_BYTES:
        raise FetchError(f"{capture.path}: is larger than {MAX_BYTES:,} bytes")
    return capture


def _classified(release: Release, rules: Rules) -> Release:
    place = placed(release, (), rules)
    return replace(release, source=None, topics=place.topics, held=place.held)


def _show(releases: list[Release], zone: ZoneInfo) -> None:
    full = [release for release in releases if not release.headline]
    heads = [release for release in releases if release.headline]
    screen = console()
    for number, release in enumerate(full):
        if number:
            screen.print()
        show_release(release, zone)
    if heads:
        screen.print(f"\n{count(len(heads), 'headline')}", style="bold")
    for release in heads:
        screen.print(f"  {release.kicker or '–'}: {release.title}", soft_wrap=True)
    if not releases:
        screen.print("No releases in it.")
