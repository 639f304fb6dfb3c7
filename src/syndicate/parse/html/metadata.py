"""What a page says of itself outside its text: JSON-LD, Open Graph, article, Dublin Core and citation tags."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate import languages
from syndicate.mediatypes import essence
from syndicate.notices import dates
from syndicate.parse.fields import names, plain, plain_title
from syndicate.text import squeeze, strip_unprintable, unescaped
from syndicate.urls import canonical_url, clean_url

_LONGEST = 500_000  # characters of a script
_LONGEST_TEXT = 10_000  # characters of one value
_MOST = 2_000  # objects of one page
_ARTICLES = frozenset(
    {"NewsArticle", "Article", "PressRelease", "Report", "BlogPosting", "ReportageNewsArticle", "TechArticle"}
    | {"AnalysisNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle", "SpecialAnnouncement", "LiveBlogPosting"}
)
_LISTS = frozenset({"ItemList", "CollectionPage", "SearchResultsPage"})
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")

_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time", "datepublished", "dcterms.issued",
    "dc.date.issued", "dcterms.date", "dcterms.created", "dc.date.created", "dc.date", "citation_publication_date",
    "citation_date", "date", "pubdate", "publishdate", "publication_date", "sailthru.date", "parsely-pub-date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "last-modified", "revised",
)  # fmt: skip
_SECTIONS = ("article:section", "og:article:section", "parsely-section", "dcterms.subject.category")
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author")


@dataclass(frozen=True, slots=True)
class Metadata:
    """All as stated, plain text. `titles` are what the page may be called, its site's name still in them."""

    titles: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    teaser: str | None = None
    description: str | None = None  # of `<meta name="description">`: often the site's
    section: str | None = None
    published: tuple[str, ...] = ()
    updated: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    license: str | None = None
    article: bool = False  # does it call itself one
    listed: bool = False  # or a list
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read(root: HtmlElement, url: str | None) -> Metadata:
    """`url` is the page's address."""
    tags = _tags(root)
    objects = list(_objects(root))
    article = _main(objects, tags, url)
    said = next((squeeze("".join(e.itertext())) for e in root.iter("title")), "")
    return Metadata(
        titles=names(
            [_text(article, "headline"), _text(article, "name"), *_of(tags, "og:title", "dcterms.title"), said]
        ),
        site=names([*_of(tags, "og:site_name", "application-name", "publisher", "dc.publisher"), *_publisher(article)]),
        teaser=_text(article, "description") or next(_of(tags, "og:description"), None),
        description=next(_of(tags, "description", "dc.description", "dcterms.description"), None),
        section=_first(article.get("articleSection")) or next(_of(tags, *_SECTIONS), None),
        published=tuple(filter(dates.readable, (*_all(article.get("datePublished")), *_of(tags, *_PUBLISHED)))),
        updated=next(filter(dates.readable, (*_all(article.get("dateModified")), *_of(tags, *_UPDATED))), None),
        authors=names([*_named(article.get("author")), *(a for a in _of(tags, *_AUTHORS) if "://" not in a)]),
        language=_language(root, article, tags),
        url=_address(root, tags, url),
        license=_license(root, article),
        article=bool(article) or next(_of(tags, "og:type"), "").casefold() == "article",
        listed=any(_LISTS & _types(o) for o in objects),
        tags=tags,
    )


# --- tags -------------------------------------------------------------------------------------------------------------


def _tags(root: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or ""
        value = squeeze(tag.get("content") or "")
        if name and value:
            found.setdefault(name.strip().casefold(), []).append(value)
    return found


def _of(tags: Mapping[str, Sequence[str]], *wanted: str) -> Iterator[str]:
    return (plain_title(value) for name in wanted for value in tags.get(name, ()))


def _address(root: HtmlElement, tags: Mapping[str, Sequence[str]], url: str | None) -> str | None:
    """The canonical address where it is absolute and of this site, else Open Graph's, else the page's own."""
    links = (link for link in root.iter("link") if "canonical" in (link.get("rel") or "").casefold().split())
    asked = url and clean_url(url)
    for stated in (*(link.get("href") or "" for link in links), *tags.get("og:url", ())):
        found = clean_url(stated)
        if found and (asked is None or _same_site(found, asked)):
            return found
    return url


def _same_site(stated: str, asked: str) -> bool:
    """A page that names the start page as its address means no page."""
    theirs, ours = urlsplit(stated), urlsplit(asked)
    hosts = {(parts.hostname or "").removeprefix("www.") for parts in (theirs, ours)}
    return len(hosts) == 1 and (theirs.path.strip("/") != "" or bool(theirs.query) or ours.path.strip("/") == "")


def _language(root: HtmlElement, article: Mapping[str, Any], tags: Mapping[str, Sequence[str]]) -> str | None:
    stated = (
        root.get("lang"),
        root.get("xml:lang"),
        _first(article.get("inLanguage")),
        *_of(tags, "og:locale", "content-language", "language", "dc.language", "dcterms.language"),
    )
    return languages.first(stated)


def _license(root: HtmlElement, article: Mapping[str, Any]) -> str | None:
    stated = next((found for value in _all(article.get("license")) if (found := clean_url(value))), None)
    if stated:
        return stated
    links = (link for link in root.iter("link") if "license" in (link.get("rel") or "").casefold().split())
    return next((found for link in links if (found := clean_url(link.get("href") or ""))), None)


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def _objects(root: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """The objects of all scripts that are the page's own, not parts of another one."""
    waiting: list[Any] = []
    for script in root.iter("script"):
        if essence(script.get("type") or "") == "application/ld+json":
            waiting += _loaded(script.text or "")
    seen = 0
    while waiting and seen < _MOST:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting[:0] = value[:_MOST]
        elif isinstance(value, dict):
            yield value
            waiting += [value[key] for key in _WITHIN if key in value]


def _loaded(text: str) -> list[Any]:
    """The script's value; what is broken is mended where that is plain, and else left out."""
    text = re.sub(
        r"^\s*(?://\s*)?(?:<!--|/?\*?<!\[CDATA\[\*?/?)|(?://\s*)?(?:-->|/?\*?\]\]>\*?/?)\s*$", "", text[:_LONGEST]
    )
    text = text.strip().rstrip(";")
    mended = re.sub(r",(\s*[}\]])", r"\1", text)
    for attempt in (text, mended, unescaped(mended)):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return []


def _main(
    objects: Iterable[Mapping[str, Any]], tags: Mapping[str, Sequence[str]], url: str | None
) -> Mapping[str, Any]:
    """The article that the page is about: of several the one that has its address or its title."""
    articles = [o for o in objects if _ARTICLES & _types(o)]
    if len(articles) < 2:
        return articles[0] if articles else {}
    own = {canonical_url(found) for value in (url or "", *tags.get("og:url", ())) if (found := clean_url(value))}
    titles = {title.casefold() for title in _of(tags, "og:title")}
    for article in articles:
        stated = [article.get("url"), article.get("@id"), article.get("mainEntityOfPage")]
        links = (value.get("@id") if isinstance(value, dict) else value for value in stated)
        addresses = {canonical_url(found) for link in _all([*links]) if (found := clean_url(link))}
        if own & addresses or (_text(article, "headline") or "\0").casefold() in titles:
            return article
    return {}


def _types(value: Mapping[str, Any]) -> set[str]:
    return {re.split(r"[/#:]", kind)[-1] for kind in _all(value.get("@type"))}


def _all(value: object) -> list[str]:
    stated = value[:_MOST] if isinstance(value, list) else [value]
    return [said for v in stated if isinstance(v, str) and (said := squeeze(v[:_LONGEST_TEXT]))]


def _first(value: object) -> str | None:
    return next((plain_title(found) for found in _all(value)), None)


def _text(value: Mapping[str, Any], key: str) -> str | None:
    stated = value.get(key)
    return (plain(strip_unprintable(stated[:_LONGEST_TEXT])) or None) if isinstance(stated, str) else None


def _named(value: object) -> list[str]:
    """The names of persons and organisations, however they are stated."""
    found = []
    for one in value[:_MOST] if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        found += [plain_title(text) for text in _all(name) if "://" not in text]
    return found


def _publisher(article: Mapping[str, Any]) -> list[str]:
    return _named(article.get("publisher"))
