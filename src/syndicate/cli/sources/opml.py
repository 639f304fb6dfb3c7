"""`syndicate sources import` and `export`: lists of feeds as feed readers exchange them (OPML)."""

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from syndicate.app import WORKERS, client_of, workers_of
from syndicate.cli.options import UNSET, ConfigPath, Json, command_app, examples
from syndicate.cli.sources.exchange import exported, imported, needs_leave, title_of
from syndicate.cli.sources.write import configured_urls, entry, is_id, new_id, told_daemon
from syndicate.cli.stored import configured, existing
from syndicate.cli.terminal import now, print_json
from syndicate.cli.terminal import screen as full
from syndicate.config import edit as config_file
from syndicate.config import read
from syndicate.discovery import Autodiscovery
from syndicate.errors import FetchError, ParseError, SyndicateError, WorkerLost
from syndicate.model import Plan, Rejected, Source
from syndicate.parse import MAX_OPML_BYTES, Subscription, subscriptions
from syndicate.render import Feed
from syndicate.render import subscriptions as rendered
from syndicate.text import count
from syndicate.urls import feed_key, without_secrets

app = command_app()


@dataclass
class _Import:
    """What becomes of a list."""

    added: list[tuple[config_file.Entry, Subscription]] = field(default_factory=list)
    there: list[tuple[Subscription, Source]] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)


@app.command(
    "import",
    epilog=examples(
        "syndicate sources import feeds.opml --dry-run",
        "syndicate sources import feeds.opml",
        "syndicate sources import - < feeds.opml",
    ),
)
def import_sources(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="An OPML file, or - for standard input.")],
    ask: Annotated[
        bool, typer.Option("--check", help="Ask each feed once; one that cannot be read is refused.")
    ] = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Hosts may be on a private network or this machine: those are marked."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added and write nothing.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
) -> int:
    """Add the feeds of an OPML file as sources. A folder, and each folder around it, is a topic of the feeds in it.

    Those that are sources already are left as they are. Nobody is asked, unless --check is given.

    Exit status: 0 fine, 1 an outline was refused (the others are added), or the file is no OPML; 2 wrong use.
    """
    settings = configured(config)
    body = _body(file)
    try:
        with workers_of(settings.fetch) as workers:
            listed = workers.run(subscriptions, body)
    except (ParseError, WorkerLost) as error:
        raise type(error)(f"{file}: {error}") from error
    found = _sorted(listed.feeds, settings, allow_private)
    found.refused += listed.refused
    if ask:
        _ask(found, settings)
    if found.added and not dry_run:
        config_file.add_sources(settings.path, [made for made, _ in found.added], read)
    for refused in found.refused:
        typer.echo(f"syndicate: {file}: {refused.where}: {refused.reason}", err=True)
    if as_json:
        _print_json(found, dry_run)
    else:
        _show(found, settings, dry_run)
    return 1 if found.refused else 0


@app.command(epilog=examples("syndicate sources export", "syndicate sources export feeds.opml"))
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Default: standard output.", show_default=False)
    ] = None,
    config: ConfigPath = UNSET,
) -> int:
    """The sources that have an address, as OPML 2.0 for a feed reader: in a folder for each of their topics.

    Each has its feed's title. An import here brings back its id and the rest of its configuration, too.

    Passwords and tokens are left out; the sources that have some are named on standard error.
    """
    settings = configured(config)
    names = {topic.id: topic.title for topic in settings.topics}
    feeds, known = [], exported(settings)
    with existing(settings) as store:
        titles = {source.id: title_of(source.id, store) for source in settings.sources if source.url}
    for source in settings.sources:
        if source.url:
            address = without_secrets(source.url)
            if address != source.url or source.headers:
                typer.echo(f"syndicate: {source.id}: its password, token or headers were left out", err=True)
            topics = tuple(names.get(topic, topic) for topic in source.topics)
            feeds.append(Feed(address, titles[source.id], topics, known.get(source.id, ())))
    document = rendered(settings.site.title, feeds)
    if file is None or str(file) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(document)
        return 0
    file.write_bytes(document)
    typer.echo(f"Wrote {count(len(feeds), 'feed')} to {file}.", err=True)
    return 0


def _body(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(MAX_OPML_BYTES + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MAX_OPML_BYTES + 1)
    except OSError as error:
        raise FetchError(f"{file}: cannot be read: {error.strerror}") from error


def _sorted(feeds: Iterable[Subscription], settings: Plan, allow_private: bool) -> _Import:
    found, there = _Import(), configured_urls(settings)
    ids = {source.id for source in settings.sources}
    for feed in feeds:
        if known := there.get(feed_key(feed.url)):
            found.there.append((feed, known))
            continue
        # What `export` wrote carries the source's id; older lists have it as their title.
        said = dict(feed.settings).get("id", feed.title)
        named = said if said not in ids and is_id(said) else None
        identifier = named or new_id(feed.url, feed.title, ids)
        ids.add(identifier)
        private = allow_private and needs_leave(feed.url)
        options: dict[str, config_file.Value] = {"topics": [*feed.topics], "allow_private": private}
        made = entry(identifier, feed.url, None if identifier == feed.title else feed.title, options)
        made = made._replace(values={**made.values, **imported(feed)})
        found.added.append((made, feed))
    return found


def _ask(found: _Import, settings: Plan) -> None:
    """Keep those that can be read."""
    fetch, kept = settings.fetch, []
    with (
        client_of(fetch) as client,
        workers_of(fetch) as workers,
        existing(settings) as store,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        autodiscovery = Autodiscovery(
            client=client,
            now=now(),
            max_bytes=fetch.max_bytes,
            run=workers.run,
            hosts=store.sources if store else None,
        )
        reasons = pool.map(lambda pair: _fault(autodiscovery, pair[0]), found.added)
        for pair, reason in zip(found.added, _watched(reasons, len(found.added)), strict=True):
            if reason:
                found.refused.append(Rejected(f"„{pair[1].title or without_secrets(pair[1].url)}“", reason))
            else:
                kept.append(pair)
    found.added = kept


def _fault(autodiscovery: Autodiscovery, made: config_file.Entry) -> str | None:
    source = Source(id="new", url=str(made.values["url"]), allow_private="allow_private" in made.values)
    try:
        sample = autodiscovery.sample(source)
    except SyndicateError as error:
        return str(error)
    return f"{without_secrets(source.url or '')} is a page, no feed" if sample.format == "html" else None


def _watched(reasons: Iterable[str | None], total: int) -> Iterator[str | None]:
    screen = full(err=True)
    yield from track(reasons, "Asking", total, console=screen, transient=True, disable=not screen.is_terminal)


def _show(found: _Import, settings: Plan, dry_run: bool) -> None:
    for made, feed in found.added:
        topics = f"  [{', '.join(feed.topics)}]" if feed.topics else ""
        typer.echo(f"{made.values['id']}  {without_secrets(feed.url)}{topics}")
    for feed, source in found.there:
        typer.echo(f"{without_secrets(feed.url)} is there already, as the source {source.id}.")
    added, there, refused = (len(part) for part in (found.added, found.there, found.refused))
    done = "would be added" if dry_run else "added"
    typer.echo(f"{count(added, 'source')} {done}, {there} there already, {refused} refused.")
    if added and not dry_run and (hint := told_daemon(settings)):
        typer.echo(hint)


def _print_json(found: _Import, dry_run: bool) -> None:
    print_json(
        {
            "added": [
                {
                    "id": made.values["id"],
                    "url": without_secrets(feed.url),
                    "title": feed.title,
                    "topics": [*feed.topics],
                }
                for made, feed in found.added
            ],
            "there": [{"url": without_secrets(feed.url), "source": source.id} for feed, source in found.there],
            "refused": [{"where": refused.where, "reason": refused.reason} for refused in found.refused],
            "written": bool(found.added) and not dry_run,
        }
    )
