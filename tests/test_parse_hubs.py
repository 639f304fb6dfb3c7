"""Which hubs a header and a document name: what is said beside what it comes to."""

import pytest

from syndicate.model import HubLinks
from syndicate.parse import cut, hubs_of, hubs_of_header
from waiting import frugal

HERE = "https://amt.example/presse/feed.xml"
HOME = "https://amt.example"
HUB, OTHER, OWN = "https://hub.example/", "https://zwei.example/hub", "https://amt.example/feed"
NS = "xmlns:atom='http://www.w3.org/2005/Atom'"


@pytest.mark.parametrize(
    ("header", "hubs", "topic"),
    [
        (None, [], None),
        ("", [], None),
        (f'<{HUB}>; rel="hub", <{OWN}>; rel="self"', [HUB], OWN),
        (f"<{HUB}>;rel=hub,<{OWN}>;rel=self", [HUB], OWN),
        (f'<{HUB}>; rel="hub",  <{OTHER}> ; rel = "HUB", <{HUB}>; rel=hub', [HUB, OTHER], None),
        (f'<{HUB}>; rel="preconnect hub", <{OWN}>; rel="canonical self"', [HUB], OWN),
        ('</hub?a=1,2;b>; rel="hub"', ["https://amt.example/hub?a=1,2;b"], None),
        ('<hub>; title="eins, <zwei>; rel=\\"self\\""; rel=hub', ["https://amt.example/presse/hub"], None),
        (f"<{HUB}>; rel=alternate; rel=hub", [], None),  # RFC 8288 section 3.3: the first counts
        (f'<{HUB}>; rel=hub; anchor="https://amt.example/other"', [], None),
        (f"<{OWN}?utm_source=x&b=%20>; rel=self", [], f"{OWN}?utm_source=x&b=%20"),  # as it is written
        ("<javascript:alert(1)>; rel=hub, <ftp://x.example/>; rel=hub, <>; rel=hub", [], None),
        ("<https://user:pw@hub.example/>; rel=hub", [], None),
        ("<https://hüb.example/>; rel=hub, <https://hub.example/a b>; rel=hub", [], None),
        (f"<{HUB}#part>; rel=hub", [HUB], None),
        ("<http://[::1>; rel=hub, no link at all", [], None),
        ("nonsense", [], None),
        ("<a,b>;rel=hub , <c;d> ; REL = 'hub'", [f"{HOME}/presse/a,b"], None),
        (f"<{OTHER}>, <{HUB}>; rel", [], None),
    ],
)
def test_what_a_header_names(header: str | None, hubs: list[str], topic: str | None) -> None:
    assert hubs_of_header(header, HERE) == HubLinks(tuple(hubs), topic)


ENTRY = f"<entry><id>x</id><link rel='hub' href='{OTHER}'/><link rel='self' href='{OTHER}'/></entry>"
ITEM = f"<item><guid>x</guid><atom:link rel='hub' href='{OTHER}'/></item>"


@pytest.mark.parametrize(
    ("form", "text", "hubs", "topic"),
    [
        ("feed", f"<feed><link rel='hub' href='{HUB}'/><link href='{OWN}' rel='self'/>{ENTRY}</feed>", [HUB], OWN),
        ("feed", f"<feed>{ENTRY}</feed>", [], None),
        ("feed", f"<feed>{ENTRY}<link rel='hub' href='{HUB}'/></feed>", [HUB], None),  # behind its entries
        ("feed", f'<a:feed><a:link\n rel="hub"\n href="{HUB}?a=1&amp;b=2"></a:link></a:feed>',
         [f"{HUB}?a=1&b=2"], None),
        ("feed", "<feed xml:base='https://b.example/c/'><link rel='hub' href='hub'/></feed>",
         ["https://b.example/c/hub"], None),
        ("feed", f"<feed><!-- <link rel='hub' href='{OTHER}'/> --><link rel='hub' href='{HUB}'/></feed>", [HUB], None),
        ("feed", "<feed><link rel='http://www.iana.org/assignments/relation/hub' href='/hub'/></feed>",
         [f"{HOME}/hub"], None),
        ("feed", f"<rss {NS}><channel><link>{OTHER}</link><atom:link rel='hub' href='{HUB}'/>{ITEM}</channel></rss>",
         [HUB], None),
        ("feed", f"<rss><channel><title><![CDATA[<link rel='hub' href='{OTHER}'>]]></title></channel></rss>",
         [], None),
        ("feed", f"<rss><channel><description>&lt;link rel='hub' href='{OTHER}'&gt;</description></channel></rss>",
         [], None),
        ("feed", f"<feed><link rel='hub' href='{HUB}'/><link rel='hub' href='{OTHER}'/></feed>", [HUB, OTHER], None),
        ("html", f"<html><head><link rel=hub href={HUB}><link rel='self' href='{OWN}'></head>", [HUB], OWN),
        ("html", "<html><head><base href='/b/'><link href='hub' rel='hub'>", ["https://amt.example/b/hub"], None),
        ("html", f"<html><head></head><body><link rel=hub href={HUB}>", [], None),  # anybody's words
        ("html", f"<html><head><script>'<link rel=hub href={HUB}>'</script><title>hub</title></head>", [], None),
        ("html", f"<html><head><template><link rel=hub href={HUB}></template></head>", [], None),
        ("json", f'{{"hubs": [{{"type": "WebSub", "url": "{HUB}"}}], "feed_url": "{OWN}"}}', [HUB], OWN),
        ("json", f'{{"hubs": [{{"type": "rssCloud", "url": "{HUB}"}}, 1, {{"type": "websub"}}]}}', [], None),
        ("json", '{"hubs": "x", "feed_url": 3}', [], None),
        ("json", '{"hubs": [', [], None),
        ("json", '["hubs"]', [], None),
        ("json", '{"hubs":' * 5_000, [], None),
        ("page", f"<link rel=hub href={HUB}>", [], None),
    ],
)  # fmt: skip
def test_what_a_document_names(form: str, text: str, hubs: list[str], topic: str | None) -> None:
    assert hubs_of(text, form, HERE) == HubLinks(tuple(hubs), topic)


def test_a_document_that_is_only_cut_names_them_too() -> None:
    text = f"<rss version='2.0' {NS}><channel><title>A</title><atom:link rel='hub' href='{HUB}'/>{ITEM}</channel></rss>"
    found = cut(text.encode(), url=HERE)
    assert found is not None
    assert found.links == HubLinks((HUB,))


@pytest.mark.parametrize(
    "hostile",
    [
        "<link " * 50_000,
        "<link rel='hub' " + "a=" * 100_000,
        "<link" + " " * 200_000 + ">",
        "<![CDATA[" * 50_000,
        "<!--" * 50_000,
        "<script>" * 50_000,
        f"<link rel='hub' href='{HUB}'/>" * 20_000,
        "<x xml:base" * 20_000,
        "<feed" + " x" * 100_000,
    ],
)
def test_what_means_harm_costs_no_more_than_it_is_long(hostile: str) -> None:
    with frugal(2):
        for before, form in (("<feed>", "feed"), ("<html><head>hub", "html")):
            assert len(hubs_of(before + hostile, form, HERE).hubs) <= 10
        hubs_of_header(hostile, HERE)
        hubs_of_header("<" * 100_000, HERE)
        hubs_of_header("<a>" + "; a" * 200_000, HERE)
        hubs_of_header("<a>;" + " " * 200_000, HERE)
        hubs_of_header('<a>;x="' + "\\" * 100_001, HERE)
        hubs_of_header("<a>" + ' ; a = "' * 200_000, HERE)
