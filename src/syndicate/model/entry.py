"""What is part of an entry."""

from syndicate.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a release. Without `url` it is known by its words alone. `credit` has no label (Bild:, Foto:)."""

    url: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attachment: a document, a sound, a film. `length` in bytes, None where nobody said."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An entry of a "Weitere Meldungen" block. It belongs to the capture, not to the release that carries it."""

    title: str
    topic: str | None = None
    url: str | None = None
    teaser: str | None = None
    published: str | None = None  # as printed
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The feed that an entry came in (RFC 4287 section 4.2.11, atom:source), all as the feed states it."""

    id: str | None = None
    title: str | None = None
    updated: str | None = None
    rights: str | None = None
    url: str | None = None  # where it was read: rel=via
