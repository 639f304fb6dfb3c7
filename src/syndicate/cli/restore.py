"""`syndicate restore`: the store, as a backup has it and as what is known of since brings it up."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate.backup import Restored
from syndicate.backup import restore as bring_back
from syndicate.cli.options import UNSET, ConfigPath, Json, command_app, examples
from syndicate.cli.stored import configured
from syndicate.cli.terminal import in_parts, now, print_json
from syndicate.store import daemon_lock
from syndicate.text import count, local, rfc3339

app = command_app()
_SAID = {
    "withdraw": "withdrawn",
    "restore": "restored",
    "lift": "lifted",
    "edit": "edited",
    "split": "split",
    "revoke": "revoked",
    "drop": "dropped",
    "wait": "waiting until their release comes",
    "undone": "withdrawn and restored",
    "unsure": "left, as nobody knows whether they were done",
    "fail": "that cannot be done any more",
}


@app.command(
    epilog=examples("syndicate restore /mnt/backups/syndicate-20260314T020000Z.db", "syndicate restore --force last.db")
)
def restore(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A backup, as `syndicate backup` makes it.")],
    force: Annotated[bool, typer.Option("--force", help="Put the store that is there aside.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
) -> int:
    """Put a backup in the place of the store, and do again what was done after it.

    What a person or a source took back since, edited or revoked comes from the journal beside the store (STORE.acts),
    and what readers have from the folder of feeds: nothing that was withdrawn comes back, and no address changes.
    Without the journal all newsrooms wait for `syndicate newsrooms confirm`. Not beside a daemon. Nothing is published:
    `syndicate publish`, or the daemon, does that.
    """
    settings = configured(config)
    with daemon_lock(settings.store, runs=False), in_parts("Reading the backup") as told:
        done = bring_back(settings, path, now=now(), force=force, told=told)
    zone = ZoneInfo(settings.site.timezone)
    if as_json:
        print_json(_json(done, zone))
        return 0
    for line in _lines(done, path, zone):
        typer.echo(line)
    return 0


def _lines(done: Restored, path: Path, zone: ZoneInfo) -> list[str]:
    written = done.copied.written
    lines = [f"{path} is restored: the store of {local(written, zone) if written else 'before anything was recorded'}."]
    if done.kept:
        lines.append(f"The store of before is kept as {done.kept}.")
    acts = ", ".join(f"{done.acts[kind]} {said}" for kind, said in _SAID.items() if done.acts[kind])
    if acts:
        lines.append(f"Done again, from the journal of acts: {acts}.")
    if done.caught_up.why is None:
        new, changed = count(done.caught_up.new, "release"), done.caught_up.changed
        lines.append(
            f"Read back from what is published: {new} that the backup does not know, {changed} as they are now."
        )
    else:
        lines.append(f"Nothing was read back: {done.caught_up.why}.")
    if written and written < done.until:
        but = "what was done again and read back" if done.whole else "what could be read back"
        lines.append(f"Lost: what came between {local(written, zone)} and {local(done.until, zone)}, but for {but}.")
    if done.whole and not done.kept:
        last = f"is of {local(done.last, zone)}" if done.last else "is of before it was begun"
        lines.append(
            f"The last act in the journal {last}: where it is a copy, nobody knows what was done after that copy."
            " `syndicate newsrooms list`, and `revoke` whom you do not mean."
        )
    if not done.whole:
        lines.append(
            "There is no journal of what was done since: withdrawals and edits of then are known by feeds/ alone."
        )
        if done.suspended:
            lines.append(
                f"{count(done.suspended, 'newsroom')} suspended, since one may have been revoked:"
                " `syndicate newsrooms list`, then `revoke` whom you do not mean, and `syndicate newsrooms confirm`."
            )
    lines.append("Next: `syndicate status`, then `syndicate publish` or `syndicate run`.")
    return lines


def _json(done: Restored, zone: ZoneInfo) -> dict[str, object]:
    written = done.copied.written
    return {
        "written": written and rfc3339(written, zone),
        "until": rfc3339(done.until, zone),
        "kept": done.kept and str(done.kept),
        "acts": dict(done.acts),
        "journal": done.whole,
        "last_act": done.last and rfc3339(done.last, zone),
        "read_back": {"new": done.caught_up.new, "changed": done.caught_up.changed, "why": done.caught_up.why},
        "suspended": done.suspended,
    }
