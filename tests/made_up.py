"""What a source says at a poll, as a law makes it up: its entries, its head, in each format."""

import json
from html import escape
from typing import Any, Literal, NamedTuple

LONG = "Im Herbst ziehen die ersten {0} Gäste in das Haus am Südhang ein, im Winter folgt der Anbau mit {0} Zimmern."
TEXTS = (
    LONG,
    LONG.replace("Herbst", "Sommer"),
    LONG.format("zwölf"),
    "Der Wald Nummer {0} wächst.",
    "Der Wald wächst. Aufrufe: 1",
    "Der Wald wächst. Aufrufe: 2",
    "Der Wald wächst. Aufrufe: 3",
    f"Sperrfrist: 01.06.2026, 20 Uhr\n\n{LONG.format('zwölf')[::-1]}",
    "Sperrfrist: bis zum Beginn der Rede\n\nDie Rede ist lang.",
    "Die LÃ¤nder fÃ¶rdern BrÃ¼cken.",
    "",
)
DATES = (None, "2026-05-30T10:00:00Z", "2026-05-31T10:00:00Z", "2026-06-02T10:00:00Z", "neulich am Vormittag")
TITLES = ("Haus {0}", "Haus am Südhang", "Pressemitteilung", "")


HERE = "https://amt.example/"
ATOM = "http://www.w3.org/2005/Atom"


class Entry(NamedTuple):
    """What an entry states; the fields are numbers of the rows above, ids and links are shared now and then."""

    number: int = 0
    title: int = 0
    text: int = 0
    date: int = 0
    updated: int = 0
    topic: int = 0
    id: int | None = None
    link: int | None = None


class Document(NamedTuple):
    """What a source says at a poll. `head` changes what entries do not inherit, `scope` what they do."""

    entries: tuple[Entry, ...] = ()
    gone: tuple[int, ...] = ()
    head: int = 0
    scope: int = 0
    broken: bool = False


Form = Literal["rss", "atom", "json", "ninjs", "list"]
FORMS: tuple[Form, ...] = ("rss", "atom", "json", "ninjs", "list")
SCOPES = ("", " xml:base='https://amt.example/sub/'", " xml:lang='en'", " xmlns:media='http://search.yahoo.com/mrss/'")


def body(document: Document, form: Form, *, site: str = HERE, older: str | None = None) -> bytes:
    """`site`: where the pages of its entries are; `older`: where a feed goes on."""
    text = {"rss": rss, "atom": atom, "json": jsonfeed, "ninjs": ninjs, "list": listing}[form](document).replace(
        HERE, site
    )
    if older and form == "json":
        text = text.replace('"items"', f'"next_url": "{older}", "items"', 1)
    elif older and form == "list":
        text = text.replace(
            "</main>", f"<nav class='pagination'><a rel='next' href='{older}'>Weiter</a></nav></main>", 1
        )
    elif older:
        text = text.replace("<title>", f"<a:link xmlns:a='{ATOM}' rel='next' href='{older}'/><title>", 1)
    if document.broken:
        text = text.replace("</title>", "<title>", 1)
    encoding = "utf-16" if document.head == 3 and form in ("rss", "atom") else "utf-8"
    return text.encode(encoding)


def facts(entry: Entry) -> dict[str, str | None]:
    return {
        "id": None if entry.id is None else f"urn:amt:{entry.id}",
        "link": None if entry.link is None else f"{HERE}{entry.link}",
        "title": TITLES[entry.title].format(entry.number),
        "text": TEXTS[entry.text].format(entry.number),
        "date": DATES[entry.date],
        "updated": DATES[entry.updated],
        "topic": ("Bau", "Verkehr", None)[entry.topic],
    }


def element(name: str, value: str | None, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(value)}</{name}>" if value is not None else ""


def rss(document: Document) -> str:
    made = [
        "<item>"
        + element("guid", said["id"], " isPermaLink='false'")
        + element("title", said["title"] or None)
        + element("link", said["link"])
        + element("description", said["text"] or None)
        + element("pubDate", said["date"])
        + element("category", said["topic"])
        + "</item>"
        for said in map(facts, document.entries)
    ]
    head = f"<title>Amt {document.head // 2}</title><lastBuildDate>{document.head}</lastBuildDate>"
    head += "<language>en</language>" if document.scope == 2 else ""
    return f"<rss version='2.0'{SCOPES[document.scope]}><channel>{head}{''.join(made)}</channel></rss>"


def atom(document: Document) -> str:
    made = [
        "<entry>"
        + element("id", said["id"])
        + element("title", said["title"] or None)
        + (f"<link href='{said['link']}'/>" if said["link"] else "")
        + element("content", said["text"] or None)
        + element("published", said["date"])
        + element("updated", said["updated"])
        + (f"<category term='{said['topic']}'/>" if said["topic"] else "")
        + "</entry>"
        for said in map(facts, document.entries)
    ]
    made += [f"<at:deleted-entry ref='urn:amt:{n}' when='2026-06-01T12:00:00Z'/>" for n in document.gone]
    spaces = "xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'"
    head = f"<title>Amt {document.head // 2}</title><updated>2026-06-01T12:00:0{document.head}Z</updated>"
    head += "<author><name>Amt</name></author>" if document.scope == 2 else ""
    return f"<feed {spaces}{SCOPES[document.scope]}>{head}{''.join(made)}</feed>"


def jsonfeed(document: Document) -> str:
    names = {"link": "url", "text": "content_text", "date": "date_published", "updated": "date_modified"}
    items: list[Any] = []
    for entry in document.entries:
        said = {names.get(key, key): value for key, value in facts(entry).items() if value}
        said["tags"] = [said.pop("topic")] if "topic" in said else []  # type: ignore[assignment]  # JSON
        items.append(said)
    items += [
        {"id": f"urn:amt:{n}", "date_modified": "2026-06-01T12:00:00Z", "pubStatus": "canceled"} for n in document.gone
    ]
    head = {"language": "en"} if document.scope == 1 else {"authors": [{"name": "Amt"}]} if document.scope == 2 else {}
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": f"Amt {document.head}", **head, "items": items}
    )


def ninjs(document: Document) -> str:
    items: list[Any] = []
    for number, entry in enumerate(document.entries):
        said = facts(entry)
        topics = [{"name": said["topic"]}] if said["topic"] else []
        fields = {
            "uri": said["id"] or f"urn:amt:n{number}",
            "url": said["link"],
            "headline": said["title"],
            "body_text": said["text"],
            "firstcreated": said["date"],
            "versioncreated": said["updated"],
            "language": "en" if document.scope == 1 else None,
        }
        items.append({key: value for key, value in fields.items() if value} | {"subjects": topics})
    items += [
        {"uri": f"urn:amt:{n}", "versioncreated": "2026-06-01T12:00:00Z", "pubStatus": "canceled"}
        for n in document.gone
    ]
    package = {"uri": "urn:amt", "title": f"Amt {document.head}", "items": items}
    return json.dumps(package if document.head % 2 else items)


def listing(document: Document) -> str:
    """A page of headlines; what leads nowhere has an address of its own."""
    cards = "".join(
        "<li class='teaser'>"
        + element("p", said["date"] and f"{said['date'][8:10]}.{said['date'][5:7]}.2026", " class='date'")
        + f"<h3><a href='{said['link'] or f'{HERE}n{number}'}'>{said['title']} am See</a></h3>"
        + element("p", said["text"] or None)
        + "</li>"
        for number, said in enumerate(map(facts, document.entries))
    )
    language = "en" if document.scope == 2 else "de"
    base = f"<base href='{HERE}sub/'>" if document.scope == 1 else ""
    return (
        f"<!DOCTYPE html><html lang='{language}'><head>{base}<title>Pressemitteilungen</title></head><body><main>"
        f"<h1>Pressemitteilungen</h1><ul class='results'>{cards}</ul></main>"
        f"<p>Aufrufe: {document.head}</p></body></html>"
    )


TYPES = {
    "rss": {"Content-Type": "application/rss+xml"},
    "atom": {"Content-Type": "application/atom+xml"},
    "json": {"Content-Type": "application/feed+json"},
    "ninjs": {"Content-Type": "application/json"},
    "list": {"Content-Type": "text/html; charset=utf-8"},
}
