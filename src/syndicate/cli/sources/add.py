"""`syndicate sources add`: find the feed, try it, show what it holds, write it into the configuration."""

import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from syndicate.app import client_of, workers_of
from syndicate.cli.options import UNSET, ConfigPath, Json, WrongUse, command_app, examples
from syndicate.cli.sources.write import configured_urls, entry, new_id, told_daemon
from syndicate.cli.stored import configured, existing
from syndicate.cli.terminal import now, print_json
from syndicate.config import LISTS, read
from syndicate.config import edit as config_file
from syndicate.discovery import Autodiscovery, Discovery, Sample, beside
from syndicate.errors import FetchError, HTTPStatusError, SyndicateError
from syndicate.model import Plan, Source
from syndicate.parse import FORMAT_CHOICES, FeedLink
from syndicate.text import count, local, rfc3339, squeeze
from syndicate.urls import clean_url, feed_key, without_feed_scheme, without_secrets

app = command_app()
_KEYS = LISTS["source"]
_FIRST = 5  # titles that are shown
_KICKERS = 10
_MOST_FIRST = 8  # feeds of a page that --first tries
_WITHOUT_SCHEME = re.compile(r"(?=[^/?#]*[.:])[^\s/:@?#\\]+(:\d+)?([/?#]|$)")


@app.command(
    epilog=examples(
        "syndicate sources add https://www.example.org/presse/",
        "syndicate sources add https://www.example.org/feed.xml --id portal --topic Gesundheit --interval 1h",
        "syndicate sources add https://www.example.org/ --first --dry-run",
    )
)
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, a page that links one, or a list of releases.")],
    identifier: Annotated[
        str, typer.Option("--id", metavar="ID", show_default=False, help="Default: the host's name.")
    ] = "",
    topics: Annotated[
        list[str] | None, typer.Option("--topic", metavar="T", help="Given to each of its releases; may be repeated.")
    ] = None,
    interval: Annotated[
        str, typer.Option(metavar="D", show_default=False, help="Between two polls, like 30m, 6h.")
    ] = "",
    form: Annotated[
        str, typer.Option("--format", metavar="F", help=f"What it holds: one of {', '.join(FORMAT_CHOICES)}.")
    ] = "auto",
    first: Annotated[bool, typer.Option("--first", help="Of several feeds of a page take the first.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Its host may be on a private network or this machine.")
    ] = False,
    proxy: Annotated[
        str,
        typer.Option("--proxy", metavar="P", show_default=False, help="An HTTP proxy to ask it through, or env:NAME."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it holds and write nothing.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
) -> int:
    """Find the feed behind an address, show what it holds, and write it into the configuration.

    Comments and layout of the file stay. Of several feeds it asks which; where it cannot ask, it lists them and exits
    with 2, unless --first is given.

    Exit status: 0 written, 1 unreachable or no feed, 2 wrong use, or there already.
    """
    settings = configured(config)
    options: dict[str, config_file.Value] = {"format": form, "interval": interval, "topics": topics or []}
    options |= {"allow_private": allow_private, "proxy": proxy}
    addresses = [_checked(address, identifier, options, settings) for address in _addresses(url.strip())]
    site = settings.site
    source = Source(
        id=identifier or "new",
        format=form,
        topics=tuple(topics or ()),
        timezone=site.timezone,
        language=site.language,
        tag=site.tag,
        allow_private=allow_private,
        proxy=_KEYS["proxy"].read(proxy),
    )
    try:
        found, title = _first_found(source, addresses, settings, ask=not first and not as_json, first=first)
    except FetchError as error:
        hint = " (here: --allow-private)" if "allow_private" in str(error) else ""
        raise FetchError(f"{error}{hint}") from error
    address = found.source.url or addresses[0]
    for place in filter(None, (address, found.moved)):
        _not_there(place, settings)
    options |= {"format": found.source.format, "allow_private": found.source.allow_private}
    made = entry(
        identifier or new_id(address, title, {s.id for s in settings.sources}), address, title, _ordered(options)
    )
    if not dry_run:
        config_file.add_sources(settings.path, [made], read)
    if as_json:
        print_json(_json(made.values, found, title, settings) | {"written": not dry_run})
        return 0
    _show(found, title, ZoneInfo(site.timezone))
    _told(str(made.values["id"]), settings, dry_run)
    return 0


def _addresses(typed: str) -> list[str]:
    """What may be meant: `feed:` is a name for the web, and who names no scheme means https, else http."""
    if _WITHOUT_SCHEME.match(typed):
        return [f"https://{typed}", f"http://{typed}"]
    return [without_feed_scheme(typed)]


def _first_found(
    source: Source, addresses: Sequence[str], settings: Plan, *, ask: bool, first: bool
) -> tuple[Sample, str | None]:
    """At the first address where anybody answers."""
    for address in addresses[:-1]:
        try:
            return _found(replace(source, url=address), settings, ask=ask, first=first)
        except HTTPStatusError:
            raise
        except FetchError:
            continue
    return _found(replace(source, url=addresses[-1]), settings, ask=ask, first=first)


def _checked(url: str, identifier: str, options: Mapping[str, config_file.Value], settings: Plan) -> str:
    """Wrong use, before anybody is asked."""
    if not clean_url(url, ipv6=True):
        raise WrongUse(f"{without_secrets(url)} is no http or https address")
    lines = {"--id": ("id", identifier), "--interval": ("interval", options["interval"])}
    lines |= {"--format": ("format", options["format"]), "--proxy": ("proxy", options["proxy"])}
    for option, (key, value) in lines.items():
        try:
            value and _KEYS[key].read(value)
        except ValueError as allowed:
            shown = "…" if _KEYS[key].secret else f'"{value}"'
            raise WrongUse(f"{option}: {shown} is not {allowed}") from None
    if any(source.id == identifier for source in settings.sources):
        raise WrongUse(f'--id: there is a source "{identifier}" already')
    if not all(map(squeeze, options["topics"] if isinstance(options["topics"], list) else ())):
        raise WrongUse("--topic: a topic needs a name")
    _not_there(url, settings)
    return url


def _not_there(url: str, settings: Plan) -> None:
    if there := configured_urls(settings).get(feed_key(url)):
        raise WrongUse(f"{without_secrets(url)} is there already, as the source {there.id}")


def _found(source: Source, settings: Plan, *, ask: bool, first: bool) -> tuple[Sample, str | None]:
    """What is to be written, tried, with its title."""
    fetch = settings.fetch
    with client_of(fetch) as client, workers_of(fetch) as workers, existing(settings) as store:
        autodiscovery = Autodiscovery(
            client=client,
            now=now(),
            max_bytes=fetch.max_bytes,
            run=workers.run,
            hosts=store.sources if store else None,
            pause=lambda: time.sleep(fetch.page_delay.total_seconds()),
        )
        discovery = autodiscovery.discover(source)
        for passed in discovery.passed:
            typer.echo(f"Passed over: {passed}", err=True)
        if discovery.sample:
            _say_how(discovery, source)
            return discovery.sample, discovery.sample.title or (discovery.link.title if discovery.link else None)
        if first:
            return _first_of(discovery.links, source, autodiscovery)
        link = _chosen(discovery.links, without_secrets(source.url or ""), ask=ask)
        _not_there(link.url, settings)
        return _of_link(link, source, autodiscovery)


def _first_of(links: Sequence[FeedLink], source: Source, autodiscovery: Autodiscovery) -> tuple[Sample, str | None]:
    """The first that can be read."""
    for link in links[:_MOST_FIRST]:
        try:
            return _of_link(link, source, autodiscovery)
        except SyndicateError as error:
            typer.echo(f"Passed over: {error}", err=True)
    raise SyndicateError(f"{without_secrets(source.url or '')}: none of the feeds that it links can be read")


def _of_link(link: FeedLink, source: Source, autodiscovery: Autodiscovery) -> tuple[Sample, str | None]:
    found = autodiscovery.sample(beside(source, link.url))
    if found.format == "html":
        raise SyndicateError(f"{link.url}: the page calls this a feed, but it is a page")
    return found, found.title or link.title


def _say_how(discovery: Discovery, asked: Source) -> None:
    found = discovery.sample
    if found is None or discovery.link:
        return
    if discovery.guessed:
        typer.echo(f"The page names no feed, but there is one at {without_secrets(found.source.url or '')}", err=True)
    elif found.source.format == "html" != asked.format:
        typer.echo("The page names no feed; it is a list of releases itself, and is read as that.", err=True)
    elif found.moved:
        typer.echo(
            f"It says that it has moved for good to {without_secrets(found.moved)}: rather add that, if you trust it.",
            err=True,
        )


def _chosen(links: Sequence[FeedLink], page: str, *, ask: bool) -> FeedLink:
    several = f"{page} links {count(len(links), 'feed')}"
    lines = [f"  {n}  {squeeze(link.title or '–')}  {without_secrets(link.url)}" for n, link in enumerate(links, 1)]
    if not (ask and sys.stdin.isatty()):
        listed = "\n".join(lines)
        raise WrongUse(f"{several}; say which by its address, or --first:\n{listed}\n")
    typer.echo("\n".join([f"{several}:", *lines]))
    number = 0
    while not 1 <= number <= len(links):
        number = int(typer.prompt(f"Which (1 to {len(links)})", type=int, default=1))
    return links[number - 1]


def _ordered(options: Mapping[str, config_file.Value]) -> dict[str, config_file.Value]:
    return {name: options[name] for name in _KEYS if name in options}


def _told(identifier: str, settings: Plan, dry_run: bool) -> None:
    if dry_run:
        typer.echo(f"Nothing was written; without --dry-run it would be the source {identifier}.")
        return
    typer.echo(f"Wrote the source {identifier} into {settings.path}.")
    typer.echo(told_daemon(settings) or f"To ask it now: syndicate ingest {identifier}")


def _kickers(found: Sample) -> list[str]:
    """The most frequent first."""
    named = [release.kicker for release in found.releases if release.kicker]
    return sorted(dict.fromkeys(named), key=lambda name: -named.count(name))


def _show(found: Sample, title: str | None, zone: ZoneInfo) -> None:
    releases = sorted(found.releases, key=lambda release: release.published, reverse=True)
    headlines = sum(release.headline for release in releases)
    parts = [count(len(releases) - headlines, "release")] if headlines < len(releases) or not headlines else []
    parts += [count(headlines, "headline")] if headlines else []
    typer.echo(f"{squeeze(title or '(without a title)')}: {' and '.join(parts)} ({found.format})")
    for release in releases[:_FIRST]:
        when = "no date" if "published" in release.inferred else local(release.published, zone)
        typer.echo(f"  {when}  {f'{release.kicker}: ' if release.kicker else ''}{release.title}")
    if len(releases) > _FIRST:
        typer.echo(f"  … and {len(releases) - _FIRST} more")
    if kickers := _kickers(found):
        typer.echo(f"  kickers: {', '.join(kickers[:_KICKERS])}{', …' if len(kickers) > _KICKERS else ''}")
    for rejected in found.rejected:
        typer.echo(squeeze(f"syndicate: not used: {rejected.where}: {rejected.reason}"), err=True)


def _json(values: Mapping[str, config_file.Value], found: Sample, title: str | None, settings: Plan) -> dict[str, Any]:
    zone = ZoneInfo(settings.site.timezone)
    dates = sorted((r.published for r in found.releases if "published" not in r.inferred), reverse=True)
    return {
        "id": values["id"],
        "url": without_secrets(str(values["url"])),
        "format": found.format,
        "topics": values.get("topics", []),
        "title": title,
        "entries": len(found.releases),
        "refused": [{"where": rejected.where, "reason": rejected.reason} for rejected in found.rejected],
        "newest": rfc3339(dates[0], zone) if dates else None,
        "oldest": rfc3339(dates[-1], zone) if dates else None,
        "titles": [release.title for release in found.releases[:_FIRST]],
        "kickers": _kickers(found),
    }
