"""`syndicate check`: is the configuration right, and is everything that it names there?"""

from collections import Counter
from collections.abc import Collection, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typer

from syndicate import mail, trying
from syndicate import store as stores
from syndicate.app import (
    abandoned,
    client_of,
    faults_of_folder,
    faults_of_store,
    looked_at,
    turn_of,
    workers_of,
)
from syndicate.cli.options import UNSET, ConfigPath, command_app, examples
from syndicate.cli.stored import configured, converting, existing
from syndicate.cli.terminal import now
from syndicate.client import Client
from syndicate.config import warnings
from syndicate.discovery import found
from syndicate.doors import ByName
from syndicate.errors import FetchError, MailError, StoreError, SyndicateError
from syndicate.fetch import HostBackoff, Passed, fetch, passed_over
from syndicate.model import FetchResult, FetchState, Plan, Source
from syndicate.pipeline import read
from syndicate.polling import Call, Turn, location
from syndicate.store import Store
from syndicate.text import count, local, on_one_line
from syndicate.urls import bucket_address, without_secrets
from syndicate.workers import Workers

app = command_app()
_IN_BUCKET = ByName("syndicate.mirror", "count")


@app.command(epilog=examples("syndicate check", "syndicate check --fetch"))
def check(
    config: ConfigPath = UNSET,
    ask: bool = typer.Option(
        False, "--fetch", help="Ask each source, and the server for mail, once; nothing is stored or sent."
    ),
    trust: bool = typer.Option(
        False,
        "--trust-clock",
        help="The clock is right, and was ahead when it was last written: go by it again.",
    ),
) -> int:
    """Check the configuration, the store, the feeds folder and the sources. Changes nothing but with --trust-clock.

    Exit status: 0 fine, perhaps with warnings; 1 something is not as it has to be; 2 the configuration cannot be used.
    """
    settings = configured(config)
    tell = _Tell()
    topics, sources = count(len(settings.topics), "topic"), count(len(settings.sources), "source")
    tell.fine(f"config  {settings.path}: {topics}, {sources}")
    for warning in warnings(settings):
        typer.echo(f"warning {warning}", err=True)
    if trust:
        _trust_clock(settings, tell)
    named = _store(settings, tell)
    _folder(settings, tell)
    for source in settings.sources:
        _source(source, named.get(source.id, frozenset()), tell)
    if ask:
        _ask(settings, tell)
        _mail(settings, tell)
    return 1 if tell.problems else 0


def _trust_clock(settings: Plan, tell: "_Tell") -> None:
    with existing(settings) as store:
        if store and store.trust_clock(moment := now()):
            store.alarms.end("clock", "")
            tell.fine(f"clock   {moment:%Y-%m-%d %H:%M:%S} UTC: embargoes end by it again")
        else:
            tell.fine("clock   nothing was written by a later one")


class _Tell:
    """What is fine on standard output, what is not on standard error."""

    problems = 0

    def fine(self, line: str) -> None:
        typer.echo(line)

    def wrong(self, line: str) -> None:
        self.problems += 1
        typer.echo(f"problem {on_one_line(line)}", err=True)


def _store(settings: Plan, tell: _Tell) -> dict[str, frozenset[str]]:
    """By source, the files beside its releases that these name, as far as they have been read."""
    path, there = stores.shown(settings.store), stores.exists(settings.store)
    try:
        with looked_at(settings, briefly=True, told=converting()) as store:
            releases, faults = sum(store.releases.counts().values()), [*faults_of_store(settings, store)]
            faults += trying.not_taken(store, settings)
            for line in abandoned(settings, store):
                typer.echo(f"warning {line}", err=True)
            named = {source.id: _named(source, store) for source in settings.sources if source.path}
    except StoreError as error:
        tell.wrong(f"store {error}")
        return {}
    if not faults:
        tell.fine(f"store   {path}: " + (count(releases, "release") if there else "will be made by the first run"))
    for fault in faults:
        tell.wrong(fault)
    return named


def _named(source: Source, store: Store) -> frozenset[str]:
    files = store.sources.state(source.id).files.values()
    return frozenset(path for file in files for path, size, _ in file.companions if size >= 0)


def _folder(settings: Plan, tell: _Tell) -> None:
    directory, faults = settings.publish.directory, [*faults_of_folder(settings)]
    if not faults:
        there = not isinstance(directory, Path) or directory.is_dir()
        can_be = "can be written" if isinstance(directory, Path) else "can be read"
        tell.fine(f"feeds   {directory}: " + (can_be if there else "will be made"))
    for fault in faults:
        tell.wrong(fault)


def _source(source: Source, named: Collection[str], tell: _Tell) -> None:
    if not source.enabled:
        tell.fine(f"source  {source.id}: not enabled")
    elif source.url:
        tell.fine(f"source  {source.id}: {without_secrets(source.url)}")
    elif source.path and bucket_address(source.path):
        tell.fine(f"source  {source.id}: {source.path}: is a bucket, which --fetch looks at")
    elif not Path(source.path or "").exists():
        tell.wrong(f"source {source.id}: {source.path}: there is no such file or folder")
    else:
        _passed_over(source, named, tell)


def _passed_over(source: Source, named: Collection[str], tell: _Tell) -> None:
    """What lies there and is passed over: nobody need do anything about it."""
    try:
        passed = passed_over(source.path or "")
    except FetchError:
        passed = ()
    beside = [each for each in passed if each.path in named]
    others = [each for each in passed if each.path not in named]
    unread = _kinds(each for each in others if not each.shows)
    tell.fine(f"source  {source.id}: {source.path}" + (f" (not read: {unread})" if unread else ""))
    if beside:
        tell.fine(f"source  {source.id}: published with its releases: {_kinds(beside)}")
    if unnamed := _kinds(each for each in others if each.shows):
        tell.fine(f"source  {source.id}: named by no release so far: {unnamed}")


def _kinds(passed: Iterable[Passed]) -> str:
    return ", ".join(f"{kind} ({number})" for kind, number in sorted(Counter(each.kind for each in passed).items()))


def _ask(settings: Plan, tell: _Tell) -> None:
    """Whom the daemon would ask, but for its next poll."""
    zone = ZoneInfo(settings.site.timezone)
    with client_of(settings.fetch) as client, workers_of(settings.fetch) as workers, existing(settings) as store:
        for source in settings.sources:
            state = store.sources.state(source.id, files=False) if store else FetchState(source=source.id)
            turn = turn_of(source, state, store, now(), Call.EACH) if store else Turn(None)
            if source.enabled and turn.why:
                why = f"waits until {local(turn.waits, zone)}" if turn.waits else turn.why
                tell.fine(f"fetch   {source.id}: not asked: {why}")
            elif source.enabled:
                hosts = store.sources if store else None
                try:
                    if source.path and bucket_address(source.path):
                        tell.fine(f"fetch   {source.id}: {count(_IN_BUCKET(source.path), 'file')}")
                        continue
                    _read(source, state, _Asker(client, workers, settings.fetch.max_bytes, hosts), tell)
                except SyndicateError as error:
                    tell.wrong(f"fetch {source.id}: {error}")
        if settings.has_own_hub:
            _hub(settings.hub, client, tell)


def _hub(address: str, client: Client, tell: _Tell) -> None:
    """Do subscribers find it where each head says that it is? Before the first run nobody does."""
    try:
        status = client.get_once(address, allow_private=True).status
    except FetchError as error:
        typer.echo(f"warning hub {address} cannot be reached, which is fine while no daemon runs: {error}", err=True)
        return
    if status == HTTPStatus.OK:
        tell.fine(f"hub     {address}: is there")
    else:
        why = "does the server in front pass it on?"
        typer.echo(f"warning hub {address} answers {status}, so nobody can subscribe: {why}", err=True)


def _mail(settings: Plan, tell: _Tell) -> None:
    """Would the server that takes our mail let us in?"""
    alarm = settings.alarm
    if not alarm.mail:
        return
    try:
        mail.try_out(alarm)
    except MailError as error:
        tell.wrong(f"mail {error}")
    else:
        tell.fine(f"mail    {urlsplit(alarm.smtp).hostname}: takes what is for {', '.join(alarm.mail)}")


class _Asker(NamedTuple):
    client: Client
    workers: Workers
    max_bytes: int
    hosts: HostBackoff | None


def _read(source: Source, state: FetchState, by: _Asker, tell: _Tell) -> None:
    """Where it lives now, whether it has changed or not."""
    moment, before = now(), location.unvalidated(location.recalled(state, source))

    def ask(asked: FetchState) -> FetchResult:
        return fetch(source, asked, client=by.client, now=moment, max_bytes=by.max_bytes, hosts=by.hosts)

    result = found(source, before, ask, by.workers.run)
    reading = read(result.captures, source, now=moment, max_bytes=by.max_bytes, run=by.workers.run, form=before.form)
    headlines = sum(release.headline for release, _ in reading.incoming)
    told = f"{count(len(reading.incoming) - headlines, 'release')}, {count(headlines, 'headline')}"
    judged = [each.out for each in reading.ruled if each and not each.related]
    dropped = f"; of these its rules drop {sum(judged)} where they are new" if any(judged) else ""
    tell.fine(f"fetch   {source.id}: {told}{dropped}")
    if judged and all(judged):
        typer.echo(f"warning fetch {source.id}: its rules drop everything that it has now", err=True)
    for pattern in reading.hung:
        tell.wrong(f"fetch {source.id}: a rule takes too long and is not heeded: /{pattern}/")
    for rejected in (*result.rejected, *reading.rejected):
        tell.wrong(f"fetch {source.id}: {rejected.where}: {rejected.reason}")
    for note in reading.notes:
        typer.echo(on_one_line(f"warning fetch {source.id}: {note.where}: {note.reason}"), err=True)
