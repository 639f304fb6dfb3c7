"""The composed HTML of an entry, taken apart again: the inverse of `render.content.compose`.

Law: what is taken apart composes to the very same HTML. Where it would not, the whole stays as the body.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Literal
from zoneinfo import ZoneInfo

from syndicate.model import Contact, Correction, FeedPage, Image, Note, Related, Release, Site, Topic
from syndicate.notices import dates
from syndicate.render import content as composed
from syndicate.render import words as said_by_us
from syndicate.text import head

_CORRECTION = re.compile(r'<p>([^<]*): <a href="([^"]*)">([^<]*)</a></p>(?:\n|$)')
_FIGURE = re.compile(r'<figure><img src="([^"]*)" alt="[^"]*">(?:<figcaption>[^<]*</figcaption>)?</figure>(?:\n|$)')
_PARAGRAPH = re.compile(r"<p>([^<]*)</p>(?:\n|$)")
_CREDITED = re.compile(r"(.*?)(?: \(([^()]*)\))?", re.DOTALL)
_RELATED = re.compile(r'<li>(?:([^<]*): )?(?:<a href="([^"]*)">([^<]*)</a>)</li>|<li>(?:([^<]*?): )?([^<]*)</li>')
_LINK = re.compile(r"</?a\b[^>]*>")
_OURS = re.compile(r"releases/[a-z0-9]{12}\.html")


@dataclass(frozen=True, slots=True)
class Apart:
    """A release as it is held, and the addresses of what it corrects."""

    release: Release
    corrects: tuple[str, ...] = ()


def taken_apart(published: Release, site: Site) -> Apart:
    """`published`, as it was read from its entry, with its notes, body, images and blocks of their own."""
    local = _Local(site)
    release = replace(
        published,
        enclosures=tuple(replace(e, url=local.address(e.url)) for e in published.enclosures),
        images=tuple(replace(i, url=local.address(i.url or "")) for i in published.images),
    )
    release, corrections, links = _Peeled(release, local).release()
    page = FeedPage(
        site=site,
        topic=Topic("all", ""),
        atom_id="",
        updated=release.updated,
        links=links,
        corrections={release.id: corrections},
    )
    corrects = tuple(each.url for each in corrections if each.kind == "corrects")
    if composed.compose(release, page) == published.content:
        return Apart(release, corrects)
    whole = replace(release, content=local.html(published.content), notes=(), contact=None, enclosures=(), related=())
    return Apart(replace(whole, images=tuple(i for i in release.images if i.url)), corrects)


class _Local:
    """What is published below our own address, as releases name it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.word = said_by_us.words(site.language)
        self._media = f"{site.base_url}media/"

    def address(self, url: str) -> str:
        return f"media:{url.removeprefix(self._media)}" if url.startswith(self._media) else url

    def html(self, content: str) -> str:
        for attribute in ("src", "href", "cite", "poster"):
            content = re.sub(rf'(?<=[\s"\']{attribute}="){re.escape(self._media)}', "media:", content)
        return content

    def is_page(self, url: str) -> bool:
        """Is it a release's page here? Then the link is made anew, while that release is shown."""
        return url.startswith(self.site.base_url) and bool(_OURS.fullmatch(url, len(self.site.base_url)))


class _Peeled:
    """Takes part by part from both ends of `rest`."""

    def __init__(self, published: Release, local: _Local) -> None:
        self._said = published
        self._local = local
        self._rest = published.content

    def release(self) -> tuple[Release, tuple[Correction, ...], dict[tuple[str, str], str]]:
        said = self._said
        notes = tuple(self._notes())
        corrections = tuple(self._corrections())
        contact = self._contact(self._section("press_contact"))
        related, links = self._related(self._section("related"))
        if said.enclosures:
            self._section("attachments")
        lead = said.teaser or said.title
        opened = self._take(f"<p>{escape(lead, quote=False)}</p>")
        images = tuple(self._images())
        if opened and not said.teaser and self._rest:  # a title alone is content only where there is nothing else
            self._rest = f"<p>{escape(lead, quote=False)}</p>\n{self._rest}"
        made = replace(
            said,
            content=self._local.html(self._rest),
            notes=notes,
            images=images,
            related=related,
            contact=contact,
        )
        return made, corrections, links

    def _take(self, start: str) -> bool:
        if self._rest == start:
            self._rest = ""
        elif self._rest.startswith(f"{start}\n"):
            self._rest = self._rest[len(start) + 1 :]
        else:
            return False
        return True

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._rest)
        if found:
            self._rest = self._rest[found.end() :]
        return found

    def _notes(self) -> Iterator[Note]:
        """Those that stand above all, as far as their day and time are printed as we print them."""
        site = self._local.site
        zone = ZoneInfo(site.timezone)
        label = escape(self._local.word["corrected_version"], quote=False)
        said = re.compile(
            f"<p>{re.escape(label)}</p>(?:\n|$)".replace(r"\{date\}", "(?P<date>[^<]{1,60}?)").replace(
                r"\{note\}", "(?P<note>[^<]*)"
            )
        )
        while found := said.match(self._rest):
            at = dates.parse(unescape(found["date"]), zone)
            if at is None or said_by_us.long_time(at, site.language, site.timezone) != unescape(found["date"]):
                return
            self._rest = self._rest[found.end() :]
            yield Note(at, unescape(found["note"]))

    def _corrections(self) -> Iterator[Correction]:
        word = self._local.word
        says: dict[str, Literal["corrects", "corrected_by"]] = {
            word["corrects_release"]: "corrects",
            word["corrected_by_release"]: "corrected_by",
        }
        while (found := _CORRECTION.match(self._rest)) and found[1] in says:
            self._rest = self._rest[found.end() :]
            yield Correction(says[found[1]], unescape(found[3]), unescape(found[2]))

    def _section(self, title: str) -> str:
        """What stands below one of our own headings, if that is the last of what is left."""
        start = f"<h2>{self._local.word[title]}</h2>\n"
        before, found, inner = self._rest.rpartition(start)
        if not found or (before and not before.endswith("\n")) or re.search(r"<h\d", inner):
            return ""
        self._rest = before.removesuffix("\n")
        return inner

    def _contact(self, inner: str) -> Contact | None:
        if not inner:
            return None
        said: dict[str, str] = {}
        for line in _LINK.sub("", inner.removeprefix("<p>").removesuffix("</p>")).split("<br>"):
            label = next((n for n in ("phone", "email") if line.startswith(f"{self._local.word[n]}: ")), "name")
            said[label] = unescape(line if label == "name" else line.removeprefix(f"{self._local.word[label]}: "))
        return Contact(said.get("name"), said.get("email"), said.get("phone"))

    def _related(self, inner: str) -> tuple[tuple[Related, ...], dict[tuple[str, str], str]]:
        related, links = [], {}
        for found in _RELATED.finditer(inner):
            topic, title = (
                unescape(text or "") for text in ((found[1], found[3]) if found[2] else (found[4], found[5]))
            )
            url = unescape(found[2]) if found[2] else None
            if url and self._local.is_page(url):
                links[head(topic or None, title)] = url
                url = None
            related.append(Related(title, topic or None, url))
        return tuple(related), links

    def _images(self) -> Iterator[Image]:
        """Those that stand above the body as figures or, without an address, as words; then those in the body."""
        left = list(self._said.images)
        while True:
            if found := self._match(_FIGURE):
                url = self._local.address(unescape(found[1]))
                ours = next((image for image in left if image.url == url), None)
                if ours is None:
                    self._rest = found[0] + self._rest
                    break
                left.remove(ours)
                yield ours
            elif (found := _PARAGRAPH.match(self._rest)) and found[1].startswith(f"{self._local.word['image']}: "):
                self._rest = self._rest[found.end() :]
                yield _described(unescape(found[1]).partition(": ")[2])
            else:
                break
        yield from left


def _described(told: str) -> Image:
    """`Alt – Caption (Credit)`: a picture that has no address."""
    found = _CREDITED.fullmatch(told)
    words_, credit = (found[1], found[2]) if found else (told, None)
    alt, _, caption = words_.partition(" – ")
    return Image(None, alt or None, caption or None, credit)
