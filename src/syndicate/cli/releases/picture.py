"""`releases edit --image`: an address, or a file that is published with the release."""

from dataclasses import dataclass, replace
from pathlib import Path

from syndicate.cli.options import WrongUse
from syndicate.fetch import companion
from syndicate.mediatypes import KINDS
from syndicate.model import Image, Media, Release
from syndicate.text import squeeze
from syndicate.urls import clean_url


@dataclass(frozen=True)
class Picture:
    """The options, as typed: `image` is an address or a file's name, or empty; the others are its words."""

    image: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None

    @property
    def words(self) -> dict[str, str | None]:
        """Those that are given; an empty one takes it away."""
        given = {"alt": self.alt, "caption": self.caption, "credit": self.credit}
        return {name: squeeze(said) or None for name, said in given.items() if said is not None}


def pictured(given: Picture, release: Release) -> tuple[tuple[Image, ...], tuple[Media, ...]]:
    """The release's pictures from now on, and the file that one of them is. WrongUse where that cannot be.

    An address that one of its pictures has means that one; any other takes the place of all.
    """
    if given.image is not None and not squeeze(given.image):
        if given.words:
            raise WrongUse('--image "" takes the pictures away; there is nothing to describe')
        return (), ()
    if given.image is None:
        return _described(given, release.images), ()
    url, media = _place(given.image)
    if any(image.url == url for image in release.images):
        return tuple(replace(i, **given.words) if i.url == url else i for i in release.images), media
    return (replace(Image(url), **given.words),), media


def _described(given: Picture, images: tuple[Image, ...]) -> tuple[Image, ...]:
    """The one picture that there is, in other words."""
    if len(images) != 1:
        number = f"{len(images)} pictures" if images else "no picture"
        raise WrongUse(f"the release has {number}: --image says which one is meant")
    return (replace(images[0], **given.words),)


def _place(image: str) -> tuple[str, tuple[Media, ...]]:
    """The address by which a release names it, and its file."""
    if image.startswith("media:"):
        return image, ()
    if "://" in image:
        if url := clean_url(image):
            return url, ()
        raise WrongUse(f"{image}: is no address of a picture (http or https)")
    path = Path(image)
    kind = KINDS.get(path.suffix.lower())
    if kind is None or not (kind.shown and kind.beside):
        there = ", ".join(suffix for suffix, known in KINDS.items() if known.shown and known.beside)
        raise WrongUse(f"{image}: is no picture that is published (those are {there})")
    folder = path.resolve().parent if path.exists() else path.parent
    _, media, reason = companion(str(folder), "", path.resolve().name if path.exists() else path.name)
    if media is None:
        raise WrongUse(f"{image}: {reason}")
    return f"media:{media.hash}/{media.name}", (media,)
