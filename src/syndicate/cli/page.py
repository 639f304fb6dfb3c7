"""A release as the page that readers will see, in a file of our own that nobody else can read. Nothing is published."""

import os
import tempfile
import webbrowser
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import typer

from syndicate.classify import Rules, classify
from syndicate.cli.options import UNSET, WrongUse
from syndicate.cli.stored import configured, stored
from syndicate.cli.terminal import now
from syndicate.disk import is_within
from syndicate.documents import Renderer
from syndicate.errors import SyndicateError
from syndicate.model import Document, Media, Release, ReleasePage, Site
from syndicate.pipeline import as_lifted
from syndicate.publish import Place
from syndicate.render import html
from syndicate.text import count


def page_of_stored(reference: str, config: Path) -> Document:
    """Of a release that is held, whatever waits for its embargo. StoreError where there is none, or it is withdrawn."""
    with stored(config) as (settings, store):
        moment = now()
        release, topics = as_lifted(store, store.releases.resolve(reference).id, plan=settings, now=moment)
        page = Renderer(store, settings, moment).page(release, topics)
        return html.alone(page, store.outputs.beside(release), settings.site)


def page_of_read(releases: list[Release], media: Iterable[Media], rules: Rules, config: Path) -> Document | None:
    """Of the first release that was read from a file or an address; None where there is none."""
    full = [release for release in releases if not release.headline]
    if not full:
        return None
    if len(full) > 1:
        typer.echo(f"syndicate: the first of {count(len(full), 'release')}", err=True)
    site = Site() if config == UNSET else configured(config).site
    topics = tuple(reason.topic for reason in classify(full[0], (), rules))
    release = replace(full[0], embargo=None, topics=tuple(topic.id for topic in topics))
    return html.alone(html.release_page(ReleasePage(site=site, release=release, topics=topics)), media, site)


def show_page(page: Document, published: Place | None, *, in_browser: bool) -> None:
    """Write it where only we can read it, say where, and perhaps open it. `published`: the folder of feeds."""
    folder = Path(tempfile.gettempdir())
    if isinstance(published, Path) and is_within(folder, published):
        raise WrongUse(f"{folder}, where temporary files are, is within {published}: set TMPDIR to another folder")
    try:
        handle, name = tempfile.mkstemp(prefix="syndicate-", suffix=".html")
        with os.fdopen(handle, "wb") as file:
            file.write(page.body)
    except OSError as error:
        raise SyndicateError(f"{folder}: cannot be written: {error.strerror}") from error
    typer.echo(name)
    if in_browser and not webbrowser.open(Path(name).as_uri()):
        typer.echo("syndicate: no browser was found here; open the file yourself", err=True)
