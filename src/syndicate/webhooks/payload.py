"""What is sent, and its signature. Pure.

Of a release as it is when it is sent, as everybody may see it: what was withdrawn since has no words, whatever the
event was that is told late.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.doors import ByName
from syndicate.model import Plan, Release, Webhook
from syndicate.render import release_path
from syndicate.store import Happened, Queued
from syndicate.text import rfc3339
from syndicate.webhooks.names import key_of

VERSION = "1"
release_json = ByName("syndicate.release_json", "release_json")  # it needs a good part of the house
notes_json = ByName("syndicate.release_json", "notes_json")


def queued(hook: Webhook, happened: Happened) -> Queued:
    """What has happened, for a hook that wants it."""
    return Queued(
        id=0,
        url=hook.url,
        key=key_of(happened.kind, happened.release, happened.revision, happened.at.isoformat()),
        event=happened.kind,
        release=happened.release,
        revision=happened.revision,
        at=happened.at,
        topics=happened.topics,
        text="",
    )


def of_release(queued: Queued, release: Release | None, plan: Plan) -> bytes:
    """`release`: as public documents show it (`documents.as_shown`); None: nobody knows of it any more."""
    zone = ZoneInfo(plan.site.timezone)
    told = _told(queued, zone) | {"revision": queued.revision, "release": None, "url": None}
    if release:
        shown = release if release.visible else _wordless(release)
        gone = {"withdrawn": rfc3339(release.withdrawn, zone), "reason": release.reason} if release.withdrawn else {}
        said = release_json(shown, zone, plan.site) | {"notes": notes_json(shown, zone)}
        told |= {"release": said | gone, "url": _page(release, plan)}
    return _dumped(told)


def of_alarm(queued: Queued, plan: Plan) -> bytes:
    told = _told(queued, ZoneInfo(plan.site.timezone))
    return _dumped(told | {"release": None, "url": None, "alarm": json.loads(queued.text)})


def headers(secret: str, body: bytes, queued: Queued, now: datetime) -> Mapping[str, str]:
    return MappingProxyType(
        {
            "Content-Type": "application/json",
            "X-Syndicate-Event": queued.event,
            "X-Syndicate-Id": queued.key,
            "X-Syndicate-Signature": signature(secret, body, now),
            "X-Syndicate-Version": VERSION,
        }
    )


def signature(secret: str, body: bytes, now: datetime) -> str:
    """`t=…,sha256=…`: seconds since 1970, and an HMAC over them, a dot and the body."""
    seconds = int(now.timestamp())
    return f"t={seconds},sha256={hmac.new(secret.encode(), b'%d.' % seconds + body, sha256).hexdigest()}"


def _told(queued: Queued, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "event": queued.event,
        "id": queued.key,
        "at": rfc3339(queued.at, zone),
        "topics": list(queued.topics),
    }


def _wordless(release: Release) -> Release:
    """Of what readers may not see, or see no longer, by which it is known."""
    return Release(
        id=release.id,
        atom_id=release.atom_id,
        title="",
        language=release.language,
        published=release.published,
        updated=release.updated,
        issued=release.issued,
        first_seen=release.first_seen,
        revision=release.revision,
        topics=release.topics,
        withdrawn=release.withdrawn,
        held=not release.withdrawn,
    )


def _page(release: Release, plan: Plan) -> str | None:
    """Where it is read; of what was withdrawn, where that is said."""
    if not (release.visible or release.withdrawn):
        return None
    own = plan.publish.html or release.url is None
    return plan.site.base_url + release_path(release.id) if own else release.url if release.visible else None


def _dumped(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
