# ruff: noqa: E501  # a case is a row, however long
"""Addresses of forbidden schemes, in each place where an address can stand.

No byte of what is published holds their payload, and whatever carried them is held even so.
"""

from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from hostile import make
from hostile.case import Kind

PAYLOAD = "NIEMALS"
PATH = "HARMLOS"  # of what is but a strange path, unless it is unescaped once too often
FORMS = (
    f"javascript:{PAYLOAD}()",
    f"JaVaScRiPt:{PAYLOAD}()",
    f" \t javascript:{PAYLOAD}()",
    f"java\tscript:{PATH}()",
    f"java\nscript:{PATH}()",
    f"\x01javascript:{PAYLOAD}()",
    f"javascript\x00:{PAYLOAD}()",
    f"\u00a0javascript:{PAYLOAD}()",
    f"java\u00adscript:{PAYLOAD}()",
    f"\ufeffjavascript:{PAYLOAD}()",
    f"javascript&colon;{PATH}()",
    f"&#106;avascript:{PATH}()",
    f"&#x6A&#x61vascript&#58;{PATH}()",
    f"java&Tab;script&NewLine;:{PATH}()",
    f"javascript://%0a{PAYLOAD}()",
    f"vbscript:{PAYLOAD}()",
    f"data:text/html,<script>{PAYLOAD}()</script>",
    f"data:image/svg+xml,<svg onload={PAYLOAD}()>",
    f"DATA:text/html;base64,{PAYLOAD}",
    f"file:///etc/{PAYLOAD}",
    f"blob:https://www.talland.example/{PAYLOAD}",
    f"filesystem:https://www.talland.example/{PAYLOAD}",
    f"about:{PAYLOAD}",
    f"view-source:javascript:{PAYLOAD}()",
    f"feed:javascript:{PAYLOAD}()",
    f"intent://{PAYLOAD}#Intent;scheme=javascript;end",
    f"livescript:{PAYLOAD}()",
    f"x-javascript:{PAYLOAD}()",
    f"http:javascript:{PATH}()",
    f"jar:https://www.talland.example/x.jar!/{PAYLOAD}",
    f"smb://{PAYLOAD}/x",
    f"\\\\{PATH}\\x",
)
_XML = str.maketrans("", "", "\x00\x01")


class Place(NamedTuple):
    kind: Kind
    name: str
    say: Callable[..., Any]  # the entry (of a feed) or the document (a file) with its number and an address there
    several: int = 1  # so many addresses in one entry

    def entries(self) -> list[Any]:
        """One of each form."""
        groups = [FORMS[n : n + self.several] for n in range(0, len(FORMS), self.several)]
        return [self.say(n, *group) for n, group in enumerate(groups)]


def _a(address: str) -> str:
    """As an attribute's value; what XML cannot carry is left out."""
    return escape(address.translate(_XML))


def _rss(name: str, markup: str) -> Place:
    return Place("rss", name, lambda n, a: make.item(n, extra=markup.replace("{}", _a(a))))


def _atom(name: str, markup: str) -> Place:
    return Place("atom", name, lambda n, a: make.entry(n, extra=markup.replace("{}", _a(a))))


def _in_text(kind: Kind, name: str, markup: str) -> Place:
    """In the HTML of an entry; `{}` is in quotation marks there, so that references in it are resolved."""

    def say(n: int, *forms: str) -> Any:
        body = make.PARAGRAPHS + "".join(markup.replace("{}", form.replace('"', "&quot;")) for form in forms)
        body += f"<p>Meldung {n}.</p>"
        match kind:
            case "rss":
                return make.item(n, body=body.translate(_XML))
            case "atom":
                return make.entry(n, body=body.translate(_XML))
            case "json":
                return make.entry_of_json(n, content_html=body)
            case "html":
                return make.html(n, body=body)
        return make.news(n, body_html=body)

    return Place(kind, f"{name} in the text", say, several=4)


def _rendition(address: str) -> dict[str, dict[str, str]]:
    return {"a": {"href": address, "mimetype": "image/jpeg"}}


def _head(name: str, markup: str) -> Place:
    return Place(
        "html",
        name,
        lambda n, a: make.html(n, head=markup.replace("{}", escape(a)), body=f"{make.PARAGRAPHS}<p>{n}</p>"),
    )


def _ld(name: str, *keys: str, nested: bool = False) -> Place:
    def say(n: int, address: str) -> bytes:
        value = {"@type": "Thing", "@id": address, "url": address, "contentUrl": address} if nested else address
        said = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": make.title(n)}
        said |= dict.fromkeys(keys, value)  # type: ignore[arg-type]  # as JSON-LD has it
        block = f'<script type="application/ld+json">{make.json.dumps(said)}</script>'
        return make.html(n, head=block, body=f"{make.PARAGRAPHS}<p>{n}</p>")

    return Place("html", name, say)


def _front(name: str, line: str) -> Place:
    def say(n: int, address: str) -> bytes:
        said = make.json.dumps(address.translate(_XML))
        return make.markdown(n, front=line.replace("{}", said) + "\n")

    return Place("markdown", name, say)


_BELOW = (
    '<section><h2>Weitere Meldungen</h2><ul><li><a href="{}">Neue Straße in Oberwiesen {n}</a></li></ul></section>'
    '<section><h2>Pressekontakt</h2><p>Jürgen Müßig<br><a href="{}">Schreiben Sie uns</a></p></section>'
    '<h2>Downloads</h2><ul><li><a href="{}" download>Förderbescheid (PDF)</a></li></ul>'
)
_HARMLESS = (
    ("a href", '<a href="{}">mehr</a>'),
    ("img src", '<img src="{}" alt="Bild">'),
    ("img srcset", '<img src="https://www.talland.example/b.jpg" srcset="{} 2x" alt="Bild">'),
    ("source srcset", '<picture><source srcset="{}"><img src="https://www.talland.example/b.jpg"></picture>'),
    ("audio src", '<audio src="{}" controls></audio>'),
    ("cite", '<blockquote cite="{}">Zitat</blockquote><q cite="{}">Zitat</q><del cite="{}">x</del>'),
    ("area, longdesc, ping", '<map><area href="{}"></map><img longdesc="{}" src="https://www.talland.example/b.jpg"><a ping="{}">x</a>'),
)  # fmt: skip
_FORBIDDEN = (
    ("video poster", '<video poster="{}" src="{}"><source src="{}"><track src="{}"></video>'),
    ("iframe, embed and object", '<iframe src="{}"></iframe><embed src="{}"><object data="{}"></object>'),
    ("form action", '<form action="{}"><button formaction="{}">x</button></form>'),
    ("style", "<p style=\"background:url('{}')\">x</p><table background=\"{}\"><tr><td>x</td></tr></table>"),
)  # fmt: skip
IN_TEXT = (
    ("elements that may stand there", "".join(markup for _, markup in _HARMLESS)),
    ("elements that may not", "".join(markup for _, markup in _FORBIDDEN)),
    ("base and refresh", '<base href="{}"><meta http-equiv="refresh" content="0;url={}">'),
    ("svg and math", '<svg><a xlink:href="{}" href="{}">x</a><image href="{}"/></svg><math href="{}">x</math>'),
)  # fmt: skip

PLACES = (
    *(_in_text(kind, name, markup) for kind in ("rss", "atom", "json", "ninjs", "html") for name, markup in IN_TEXT),  # type: ignore[arg-type]  # kinds
    Place("rss", "link", lambda n, a: make.item(n, link=a.translate(_XML))),
    Place("rss", "guid", lambda n, a: make.item(n, guid=a.translate(_XML))),
    Place("rss", "guid that is a permalink", lambda n, a: make.item(n, link="", guid="", extra=f"<guid>{_a(a)}</guid>")),
    Place("rdf", "link and about", lambda n, a: make.item(n, link=a.translate(_XML)).replace("<item>", f'<item rdf:about="{_a(a)}">')),
    _rss("enclosure, media:content, player, thumbnail", '<enclosure url="{}" type="audio/mpeg" length="1"/><media:content url="{}" medium="image"/><media:content url="{}" type="video/mp4"/><media:player url="{}"/><media:thumbnail url="{}"/>'),
    _rss("media:group, itunes:image, image", '<media:group><media:content url="{}" medium="image"/><media:thumbnail url="{}"/></media:group><itunes:image href="{}"/><image><url>{}</url></image>'),
    _rss("comments, source, docs, atom:link", '<comments>{}</comments><source url="{}">x</source><docs>{}</docs><atom:link rel="alternate" href="{}"/><atom:link rel="enclosure" href="{}"/>'),
    Place("atom", "link", lambda n, a: make.entry(n, link=a.translate(_XML))),
    Place("atom", "id", lambda n, a: make.entry(n, id=a.translate(_XML))),
    _atom("links of every relation", "".join(f'<link rel="{r}" href="{{}}" type="audio/mpeg"/>' for r in ("enclosure", "related", "via", "self", "license", "next"))),
    _atom("author uri, source", '<author><name>Amt</name><uri>{}</uri></author><contributor><uri>{}</uri></contributor><source><id>{}</id><title>x</title><link href="{}"/><icon>{}</icon></source>'),
    Place("atom", "xml:base", lambda n, a: make.entry(n, attributes=f' xml:base="{_a(a)}"', link="", extra='<link href="x"/>')),
    Place("atom", "content src", lambda n, a: make.entry(n, body="", extra=f'<content type="text/html" src="{_a(a)}"/>')),
    Place("atom", "XHTML", lambda n, a: make.entry(n, body="", extra=f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{make.TEXT[0]} {n}</p><a href="{_a(a)}">x</a></div></content>')),
    Place("json", "url", lambda n, a: make.entry_of_json(n, url=a)),
    Place("json", "external_url", lambda n, a: make.entry_of_json(n, url="", external_url=a)),
    Place("json", "id", lambda n, a: make.entry_of_json(n, id=a)),
    Place("json", "pictures, attachments, authors", lambda n, a: make.entry_of_json(n, image=a, banner_image=a, attachments=[{"url": a, "mime_type": "audio/mpeg"}], authors=[{"name": "Amt", "url": a, "avatar": a}])),
    Place("ninjs", "url", lambda n, a: make.news(n, url=a)),
    Place("ninjs", "uri", lambda n, a: make.news(n, uri=a)),
    Place("ninjs", "renditions", lambda n, a: make.news(n, renditions=_rendition(a), associations={"a": {"type": "picture", "renditions": _rendition(a)}})),
    _head("canonical", '<link rel="canonical" href="{}">'),
    _head("og:url", '<meta property="og:url" content="{}">'),
    _head("pictures, sounds and other links", '<meta property="og:image" content="{}"><meta name="twitter:image" content="{}"><meta property="og:video" content="{}"><meta property="og:audio" content="{}">' + "".join(f'<link rel="{r}" href="{{}}">' for r in ("icon", "author", "license", "alternate", "amphtml"))),
    _head("base", '<base href="{}">'),
    _head("meta refresh", '<meta http-equiv="refresh" content="0;url={}">'),
    _ld("JSON-LD url", "url", "image", "license"),
    _ld("JSON-LD mainEntityOfPage, image, author", "mainEntityOfPage", "image", "author", nested=True),
    Place("html", "related releases, contacts, downloads, figures", lambda n, a: make.html(n, body=f'{make.PARAGRAPHS}<p>{n}</p><figure><a href="{escape(a)}"><img src="{escape(a)}" data-src="{escape(a)}" alt="Brücke"></a><figcaption>Die Brücke</figcaption></figure>', extra=_BELOW.replace("{}", escape(a)).replace("{n}", str(n)))),
    _front("url", "url: {}"),
    _front("id", "id: {}"),
    _front("image, enclosures", "image: {}\nenclosures:\n  - url: {}\n    type: audio/mpeg"),
    _front("images", "images:\n  - src: {}\n    alt: Brücke"),
)  # fmt: skip
