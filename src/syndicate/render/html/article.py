"""A release as search engines read it: schema.org's NewsArticle in JSON-LD. Pure."""

import json
from typing import Any

from markupsafe import Markup

from syndicate.mediatypes import media_type
from syndicate.model import ReleasePage
from syndicate.render.address import absolute, alternate
from syndicate.render.correction import notes
from syndicate.render.page import licence
from syndicate.render.shown import Entry
from syndicate.render.templates import environment

_HEAD: Any = environment.get_template("head.html").module
# To JSON the same characters; to HTML none that could end the element or begin a comment in it (HTML 4.12.1.3).
_INERT = [(character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029"]
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def described(page: ReleasePage, entry: Entry) -> Markup:
    """What the head of a release's page says of it."""
    canonical = alternate(page.release, page.site)
    return Markup(_HEAD.article(entry, canonical, _news_article(page, entry), page.site))  # noqa: S704 - a template's


def _news_article(page: ReleasePage, entry: Entry) -> Markup:
    """What stands in `<script type="application/ld+json">`: a block of data, which no policy lets run."""
    release, site = page.release, page.site
    pictures = [absolute(image.url, site) for image in release.images if image.url] if page.content == "full" else []
    publisher: dict[str, Any] = {"@type": "Organization", "name": site.author, "url": site.base_url}
    if site.icon:
        publisher |= {"logo": _picture(site.base_url + site.icon)}
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": alternate(release, site),
        "url": entry.url,
        "identifier": release.atom_id,
        "headline": release.title,
        "description": entry.summary,
        "image": pictures,
        "datePublished": release.published.isoformat(),
        "dateModified": release.updated.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in release.authors] or publisher,
        "publisher": publisher,
        "inLanguage": release.language,
        "isAccessibleForFree": True,
        "articleSection": release.kicker,
        "license": licence(release)[0],
        "correction": notes(release, site),
    }
    known = {name: value for name, value in said.items() if value}
    text = _as_json(known)
    for character, written in _INERT:
        text = text.replace(character, written)
    return Markup(text)  # noqa: S704 - nothing in it is markup


def _picture(address: str) -> dict[str, str]:
    return {"@type": "ImageObject", "url": address, "encodingFormat": media_type(address) or ""}
