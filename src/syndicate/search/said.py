"""What of a release is searched in: what readers are shown of it, in one text."""

from syndicate.model import Release
from syndicate.normalise import plain


def said(release: Release, *, whole: bool = True) -> str:
    """Kicker, title, teaser; with the `whole` also its text, the words of its pictures and of what is attached to it.

    Not whom it is related to: those are other releases' words, which may be taken back.
    """
    told = [release.kicker, release.title, release.teaser]
    if whole:
        told += (*(note.text for note in release.notes), plain(release.content), *release.authors)
        told += (words for image in release.images for words in (image.alt, image.caption, image.credit))
        told += (enclosure.title for enclosure in release.enclosures)
        told.append(release.contact.name if release.contact else None)
    return "\n".join(filter(None, told))
