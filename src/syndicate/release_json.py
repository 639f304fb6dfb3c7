"""A release as JSON: the form that commands promise (docs/commands.md), and that webhooks send."""

from typing import Any
from zoneinfo import ZoneInfo

from syndicate.model import Contact, Embargo, Release, Site
from syndicate.normalise import headings, plain
from syndicate.render import absolute, absolute_html
from syndicate.text import rfc3339


def release_json(release: Release, zone: ZoneInfo, site: Site | None = None) -> dict[str, Any]:
    """Every key, always. With `site`, files that lie beside a release have their public address."""

    def public(address: str) -> str:
        return absolute(address, site) if site else address

    return {
        "id": release.id or None,
        "atom_id": release.atom_id,
        "source": release.source,
        "url": release.url,
        "kind": release.kind,
        "state": release.state,
        "revision": release.revision,
        "kicker": release.kicker,
        "topics": list(release.topics),
        "title": release.title,
        "teaser": release.teaser,
        "content": absolute_html(release.content, site) if site else release.content,
        "text": plain(release.content),
        "headings": list(headings(release.content)),
        "language": release.language,
        "images": [
            {"url": image.url and public(image.url), "alt": image.alt, "caption": image.caption, "credit": image.credit}
            for image in release.images
        ],
        "enclosures": [
            {"url": public(e.url), "type": e.type, "length": e.length, "title": e.title} for e in release.enclosures
        ],
        "related": [{"topic": r.topic, "title": r.title, "url": r.url} for r in release.related],
        "authors": list(release.authors),
        "corrects": release.corrects,
        "contact": _contact(release.contact),
        "published": rfc3339(release.published, zone),
        "updated": rfc3339(release.updated, zone),
        "issued": rfc3339(release.issued, zone),
        "embargo": embargo_json(release.embargo, zone),
        "inferred": list(release.inferred),
    }


def notes_json(release: Release, zone: ZoneInfo) -> list[dict[str, str | None]]:
    """Of its corrections, the newest first."""
    return [{"at": rfc3339(note.at, zone), "text": note.text} for note in release.notes]


def _contact(contact: Contact | None) -> dict[str, str | None] | None:
    return {"name": contact.name, "email": contact.email, "phone": contact.phone} if contact else None


def embargo_json(embargo: Embargo | None, zone: ZoneInfo) -> dict[str, str | None] | None:
    return {"until": rfc3339(embargo.until, zone), "event": embargo.event} if embargo else None
