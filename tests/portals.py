"""A portal on loopback: a feed of teasers or a list of headlines, and a page for each release."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Self

from servers import Reply, Server
from syndicate.client import PageDelay
from syndicate.fulltext import complete, complete_all
from syndicate.model import Completed, Event, Source
from syndicate.reading import Run
from syndicate.work import Tools, Work
from worlds import NOW, SITE, World

EICHEN = "Neue Eichen für den Bergwald"
TEASER = "Das Land pflanzt am Hohen Stein tausend junge Eichen."
TEXT = (
    "Am Hohen Stein wachsen bald wieder Eichen. Das Forstamt Brunnau setzt in diesem Herbst tausend junge Bäume.",
    "„Der Bergwald schützt unsere Dörfer vor Lawinen“, sagte Forstminister Ährenfeld bei der ersten Pflanzung.",
    "Die Arbeiten dauern bis in den November. Freiwillige aus den Gemeinden helfen an den Wochenenden mit.",
)


def page(
    title: str = EICHEN,
    *paragraphs: str,
    kicker: str | None = "Forst",
    teaser: str | None = TEASER,
    before: str = "",
) -> bytes:
    """A release's page. `before`: markup that opens the body of the text."""
    return f"""<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>{escape(title)} – Land Talland</title>
<meta property="og:type" content="article"><meta property="og:title" content="{escape(title)}"></head>
<body><header><nav><ul><li><a href="/">Start</a></li><li><a href="/presse">Presse</a></li></ul></nav></header>
<main><article>
{f'<p class="kicker">{escape(kicker)}</p>' if kicker else ""}
<h1>{escape(title)}</h1>
{f'<p class="teaser">{escape(teaser)}</p>' if teaser else ""}
{before}
{"".join(f"<p>{escape(text)}</p>" for text in paragraphs or TEXT)}
</article></main>
<footer><p><a href="/impressum">Impressum</a></p></footer></body></html>""".encode()


def entry(title: str, link: str, teaser: str = TEASER, *, guid: str | None = None, date: str | None = None) -> str:
    """An item of an RSS feed."""
    stated = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(guid or link)}</guid>"
        f"<description>{escape(teaser)}</description>{stated}</item>"
    )


def feed(*entries: str, links: str = "", built: int = 0) -> bytes:
    """An RSS feed. `built` changes its bytes, and nothing of what it says."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        "<title>Land Talland</title><link>https://www.talland.example/</link><description>Presse</description>"
        f"{links}<generator>{built}</generator>{''.join(entries)}</channel></rss>"
    ).encode()


def listing(entries: Sequence[tuple[str, str]], *, older: str | None = None) -> bytes:
    """A page that lists headlines: (title, address) of each, and a link to the next older page."""
    items = "".join(
        f'<li class="teaser"><p class="date">{28 - n}.05.2026</p>'
        f'<h3><a href="{escape(link)}">{escape(title)}</a></h3></li>'
        for n, (title, link) in enumerate(entries)
    )
    pager = f'<nav class="pagination"><a rel="next" href="{escape(older)}">Nächste Seite</a></nav>' if older else ""
    return f"""<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Pressemitteilungen – Land Talland</title></head>
<body><main><h1>Pressemitteilungen</h1><ul class="results">{items}</ul>{pager}</main></body></html>""".encode()


def html(body: bytes, **headers: str) -> Reply:
    return Reply(body=body, headers={"Content-Type": "text/html; charset=utf-8", **headers})


def rss(body: bytes) -> Reply:
    return Reply(body=body, headers={"Content-Type": "application/rss+xml"})


class Portal(World):
    """A world whose source is that server's `/feed`; `poll` asks it, `complete` asks one page."""

    def __init__(self, root: Path, server: Server, *, path: str = "/feed", **fields: Any) -> None:
        world = {name: fields.pop(name) for name in ("topics", "unmapped", "page_size") if name in fields}
        super().__init__(root, **world)
        self.server = server
        wanted = {"id": "portal", "url": server.url(path), "allow_private": True, "tag": SITE.tag}
        self.source = Source(**{**wanted, "fulltext": True, **fields})
        self.plan = replace(self.plan, sources=(self.source,))
        self.page_delay = PageDelay(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def work(
        self, now: datetime = NOW, *, run: Run | None = None, tell: Callable[[Event], object] = lambda _: None
    ) -> Work:
        """As the app hands it, at this moment."""
        tools = Tools(client=self.client, page_delay=self.page_delay, run=run)
        return Work(plan=self.plan, store=self.store, tools=tools, clock=lambda: now, tell=tell)

    def complete(self, now: datetime = NOW, *, run: Run | None = None) -> Completed | None:
        return complete(self.source, self.work(now, run=run), now=now)

    def read_one(self, now: datetime = NOW, *, run: Run | None = None) -> Completed:
        """As `complete`, where there is a page to ask."""
        done = self.complete(now, run=run)
        assert done is not None
        return done

    def complete_all(
        self, now: datetime = NOW, *, tell: Callable[[Event], object] = lambda _: None
    ) -> tuple[Completed, ...]:
        return complete_all([self.source], self.work(now, tell=tell))

    def asked(self, prefix: str = "/") -> list[str]:
        """The paths that were asked for so far, in order; not the server's robots.txt."""
        paths = (request.path for request in self.server.requests if request.path != "/robots.txt")
        return [path for path in paths if path.startswith(prefix)]

    def events(self, title: str = EICHEN) -> list[str]:
        """What was done to the release of this title."""
        (release,) = (r for r in self.store.releases.list() if r.title == title)
        return [event.verdict for event in self.store.releases.history(release.id).events]
