# ruff: noqa: E501  # a case is a row, however long
"""Pages, Markdown and text that are too deep, too large, torn, or that bring active content in a place of their own."""

import json

from hostile.case import Case, read, refused
from hostile.make import PARAGRAPHS, TEXT, html, markdown, page, title
from hostile.world import SECRET

_T = title(1)


def _ld(**fields: object) -> str:
    said = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": _T, **fields}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


def _nest(depth: int) -> object:
    value: object = {"@type": "NewsArticle", "headline": "NIEMALS"}
    for _ in range(depth):
        value = {"@graph": [value]}
    return value


HTML = (
    read("html", "a page as it should be", html(), holds=(_T, TEXT[0])),
    refused("html", "<!-- by the megabyte, and nothing else", b"<!--" * 250_000),
    read("html", "<!-- by the megabyte behind the text", lambda: html().replace(b"<footer>", b"<!--" * 250_000 + b"<footer>"), kept=None),
    read("html", "<!-- by the megabyte within the text", lambda: html(body=PARAGRAPHS + "<!--" * 250_000)),
    refused("html", "100,000 levels within the text", lambda: html(body="<div>" * 100_000 + PARAGRAPHS)),
    refused("html", "100,000 levels around everything", lambda: html().replace(b"<main>", b"<div>" * 100_000 + b"<main>")),
    read("html", "100,000 levels of inline elements", lambda: html(body=PARAGRAPHS + "<b><i>" * 50_000 + "x")),
    refused("html", "10,000 tables in each other", lambda: html(body="<table><tr><td>" * 10_000 + PARAGRAPHS)),
    read("html", "10,000 lists in each other", lambda: html(body=PARAGRAPHS + "<ul><li>" * 10_000)),
    refused("html", "3,000 paragraphs", lambda: html(body="<p>Brücke</p>" * 3_000), seconds=10),
    read("html", "1,000 links", lambda: html(extra="".join(f'<a href="/m/{n}">Meldung {n}</a>' for n in range(1_000))), seconds=10),
    refused("html", "2,000 headings", lambda: html(body="<h2>Bau</h2><p>x</p>" * 2_000), seconds=10),
    read("html", "500 figures", lambda: html(body=PARAGRAPHS + "".join(f'<figure><img src="/b{n}.jpg" alt="b"><figcaption>Bild {n}</figcaption></figure>' for n in range(500))), seconds=10),
    read("html", "200 teasers: a list page", lambda: html(body="".join(f'<article><h2><a href="/m/{n}">Meldung {n} aus Hohenried</a></h2><p>Die Brücke Nummer {n}.</p></article>' for n in range(200))), seconds=10, large=True, kept=0),
    read("html", "10,000 attributes on one element", lambda: html(body=PARAGRAPHS + "<p " + " ".join(f"a{n}=1" for n in range(10_000)) + ">x</p>")),
    read("html", "an attribute of a megabyte", lambda: html(body=f'{PARAGRAPHS}<p title="{"a" * 1_000_000}">x</p>')),
    refused("html", "a text of 1.2 MB", lambda: html(body=f"<p>{'Die Brücke ist neu. ' * 60_000}</p>"), seconds=10),
    read("html", "a title of 100 kB", lambda: html(title="Brücke " * 15_000)),
    read("html", "10,000 meta elements", lambda: html(head="".join(f'<meta property="og:x{n}" content="{n}">' for n in range(10_000)))),
    read("html", "2,000 JSON-LD blocks", lambda: html(head=_ld() * 2_000), seconds=10),
    read("html", "JSON-LD of 100,000 levels", lambda: html(head=f'<script type="application/ld+json">{"[" * 100_000}</script>'), holds=(TEXT[0],)),
    read("html", "JSON-LD of 500 graphs in each other", html(head=f'<script type="application/ld+json">{json.dumps(_nest(200))}</script>'), holds=(TEXT[0],)),
    read("html", "JSON-LD that is no JSON", html(head='<script type="application/ld+json">{"@type": "NewsArticle", NIEMALS</script>'), holds=(TEXT[0],), lacks=("NIEMALS",)),
    read("html", "JSON-LD of wrong types", html(head=_ld(headline=[{}, 7], datePublished={"a": []}, author=[None, 1, [{}]], image={"url": [{}]}, publisher=0, articleBody=[], url={"@id": 7}, mainEntityOfPage=[[]])), holds=(TEXT[0],)),
    read("html", "JSON-LD with NaN and lone surrogates", html(head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"Neu \\ud800","wordCount":NaN}</script>'), holds=(TEXT[0],)),
    read("html", "JSON-LD with dates that are none", html(head=_ld(datePublished="9999-99-99T99:99:99Z", dateModified="-1", dateCreated=2**70)), holds=(TEXT[0],)),
    read("html", "JSON-LD whose text is a script", html(head=_ld(articleBody="<script>NIEMALS()</script><img src=x onerror=NIEMALS()>", description="<svg onload=NIEMALS()>")), holds=(TEXT[0],)),
    read("html", "a date of year 9999", html().replace(b"2026-05-04T10:00:00+02:00", b"9999-12-31T23:59:59+14:00"), holds=(_T,)),
    read("html", "a date of month 13", html().replace(b"2026-05-04T10:00:00+02:00", b"2026-13-32T25:61:61").replace(b"4. Mai 2026", b"32. Foo 0000"), holds=(_T,)),
    read("html", "NULs in the text", html(body=PARAGRAPHS + "<p>Br\0ücke</p>"), holds=("Brücke",), lacks=("\0",)),
    read("html", "controls and U+FFFE in the title", html(title=f"{_T}\x01\x1b\ufffe\uffff"), holds=(_T,), lacks=("\x01", "\x1b", "\ufffe")),
    read("html", "references to what is no character", html(body=f"{PARAGRAPHS}<p>&#0;&#xD800;&#xFFFE;&#x110000;&#99999999999;&#1;Ende</p>"), holds=(TEXT[0],), lacks=("\x01",)),
    read("html", "a reference of a megabyte", lambda: html(body=f"{PARAGRAPHS}<p>&#{'9' * 1_000_000};</p>"), holds=(TEXT[0],)),
    read("html", "bidi overrides in the title", html(title="\u202eneue Brücke\u202c in Hohenried"), holds=("Hohenried",)),
    read("html", "UTF-7 that hides a script", html(body=f"{PARAGRAPHS}<p>+ADw-script+AD4-NIEMALS()+ADw-/script+AD4-</p>").replace(b"utf-8", b"utf-7"), holds=(TEXT[0],)),
    read("html", "an encoding that nobody knows", html().replace(b"utf-8", b"klingon"), holds=(TEXT[0],)),
    read("html", "UTF-16 without a mark", html().decode().encode("utf-16-le"), holds=(TEXT[0],)),
    read("html", "two titles, three bodies, a head within the body", html(body=f"{PARAGRAPHS}<html><head><title>NIEMALS</title></head><body><body>"), holds=(TEXT[0],)),
    read("html", "no end tags", html().replace(b"</p>", b"").replace(b"</div>", b"").replace(b"</article>", b""), kept=None),
    refused("html", "a page of nothing", b"<!DOCTYPE html><html></html>"),
    refused("html", "a frameset", b"<!DOCTYPE html><html><frameset><frame src='http://127.0.0.1:1/'></frameset></html>"),
    refused("html", "maintenance", b"<!DOCTYPE html><html><head><title>Wartungsarbeiten</title></head><body><h1>Wartungsarbeiten</h1><p>Wir sind gleich zur\xc3\xbcck.</p></body></html>"),
    refused("html", "a redirect by meta refresh alone", b"<!DOCTYPE html><html><head><meta http-equiv='refresh' content='0;url={canary}/refresh'></head></html>"),
    read("html", "a refresh, a base, a preload and a manifest that lead elsewhere", html(head='<meta http-equiv="refresh" content="0;url={canary}/r"><base href="{canary}/"><link rel="preload" href="{canary}/p"><link rel="manifest" href="{canary}/m"><link rel="stylesheet" href="{canary}/s">'), holds=(TEXT[0],)),
    read("html", "frames and scripts from elsewhere", html(body=PARAGRAPHS + '<iframe src="{canary}/f"></iframe><script src="{canary}/s"></script><object data="{canary}/o"></object>'), holds=(TEXT[0],)),
    read("html", "a picture that is a file of ours", html(body=PARAGRAPHS + '<img src="../geheim.txt"><img src="/etc/hostname"><img src="file:///etc/hostname">'), holds=(TEXT[0],), lacks=(SECRET,)),
    read("html", "a picture by a path with NULs and backslashes", html(body=PARAGRAPHS + '<img src="..%2f..%2fgeheim.txt"><img src="..\\geheim.txt"><img src="a%00.jpg">'), holds=(TEXT[0],)),
    read("html", "a picture by a path of 100 kB", lambda: html(body=PARAGRAPHS + f'<img src="{"a/" * 50_000}b.jpg">'), holds=(TEXT[0],)),
    read("html", "an XHTML page with an external entity", lambda: b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{canary}/xhtml">]>' + html().removeprefix(b"<!DOCTYPE html>").replace(b"Land Talland</p>", b"&x;</p>"), kept=None),
    read("html", "1,000 contacts", lambda: html(extra="<h2>Pressekontakt</h2>" + "<p>Jürgen Müßig, presse@talland.example, Tel. 0123 456</p>" * 1_000), kept=None, seconds=10),
    read("html", "a contact whose address is a script", html(extra='<h2>Pressekontakt</h2><p>Jürgen Müßig<br>E-Mail: <a href="mailto:javascript:NIEMALS()@talland.example">presse@talland.example</a><br>Telefon: 0123"><script>NIEMALS()</script></p>'), holds=(TEXT[0],)),
)  # fmt: skip

MARKDOWN = (
    read("markdown", "a file as it should be", markdown(), holds=(_T, TEXT[0])),
    refused("markdown", "YAML that names a Python object", markdown(front='author: !!python/object/apply:os.system ["id"]\n')),
    refused("markdown", "YAML that names a Python module", markdown(front="author: !!python/module:os\n")),
    refused("markdown", "YAML with a tag of its own", markdown(front="author: !talland amt\n")),
    refused("markdown", "YAML: a billion laughs by anchors", markdown(front="a: &a [x, x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)))),
    refused("markdown", "YAML: an anchor within itself", markdown(front="a: &a [*a]\n")),
    refused("markdown", "YAML: merge keys", markdown(front="a: &a {x: 1}\nb:\n  <<: *a\n")),
    refused("markdown", "YAML of 2,000 levels of lists", lambda: markdown(front=f"a: {'[' * 2_000}\n")),
    refused("markdown", "YAML of 10,000 levels of mappings", lambda: markdown(front=f"a: {'{a: ' * 10_000}\n")),
    refused("markdown", "YAML of a megabyte", lambda: markdown(front="a: " + "x" * 1_000_000 + "\n")),
    read("markdown", "2,000 keys", lambda: markdown(front="".join(f"k{n}: 1\n" for n in range(2_000)))),
    refused("markdown", "the same key twice", markdown(front="id: a\nid: b\n")),
    read("markdown", "two YAML documents", markdown(front="id: a\n---\nid: b\n")),
    refused("markdown", "keys that are lists", markdown(front="? [a, b]\n: c\n")),
    read("markdown", "a key that is a number, and one that is null", markdown(front="7: x\nnull: y\n"), holds=(TEXT[0],)),
    refused("markdown", "every field of the wrong type", markdown(front="date: [1, 2]\nembargo: {}\ntopics: {a: b}\nimages: 7\nenclosures: x\nauthor: {a: []}\ncontact: [1]\nlanguage: []\nurl: [x]\nupdated: {}\n")),
    read("markdown", "dates that are none", markdown(front="date: 9999-99-99\nupdated: 2026-13-01T25:61:00\n"), holds=(TEXT[0],)),
    refused("markdown", "a length of 2^70", markdown(front=f"enclosures:\n  - url: https://www.talland.example/a.pdf\n    length: {2**70}\n")),
    refused("markdown", "a negative length", markdown(front="enclosures:\n  - url: https://www.talland.example/b.pdf\n    length: -1\n")),
    refused("markdown", "TOML of 50,000 levels", lambda: markdown(fence="+++", front=f"a = {'[' * 50_000}\n")),
    refused("markdown", "TOML with a number of 10,000 digits", markdown(fence="+++", front=f"a = {'9' * 10_000}\n")),
    read("markdown", "TOML with 2,000 dotted keys", lambda: markdown(fence="+++", front=f"{'a.' * 2_000}b = 1\n")),
    refused("markdown", "front matter that never ends", markdown().replace(b"\n---\n\n", b"\n\n")),
    read("markdown", "raw HTML with a script", markdown(body=f"{TEXT[0]}\n\n<script>NIEMALS()</script>\n\n<img src=x onerror=NIEMALS()>\n\n{TEXT[1]}"), holds=(TEXT[0],), lacks=("onerror=N",)),
    read("markdown", "10,000 quotations in each other", lambda: markdown(body=TEXT[0] + "\n\n" + ">" * 10_000 + " x"), kept=None),
    read("markdown", "700 lists in each other", lambda: markdown(body=TEXT[0] + "\n\n" + "".join(f"{' ' * n * 2}- x\n" for n in range(700))), kept=None),
    read("markdown", "20,000 opening brackets", lambda: markdown(body=TEXT[0] + "\n\n" + "[" * 20_000), kept=None),
    read("markdown", "20,000 stars", lambda: markdown(body=TEXT[0] + "\n\n" + "**a " * 10_000), kept=None),
    read("markdown", "3,000 definitions of links", lambda: markdown(body=TEXT[0] + "\n\n" + "".join(f"[a{n}]: https://www.talland.example/{n}\n" for n in range(3_000)) + "\n[a1][a1]"), kept=None),
    read("markdown", "raw HTML of 100,000 levels", lambda: markdown(body=TEXT[0] + "\n\n" + "<div>" * 100_000), holds=(TEXT[0],)),
    read("markdown", "a picture outside the folder", markdown(front="image: ../geheim.txt\n", body=f"{TEXT[0]}\n\n![b](../geheim.txt) ![c](/etc/hostname) ![d](file:///etc/hostname)"), holds=(TEXT[0],), lacks=(SECRET,)),
    read("markdown", "an attachment outside the folder", markdown(front="enclosures: [../geheim.txt, /etc/hostname, ../../../../etc/passwd]\n"), holds=(TEXT[0],), lacks=(SECRET,)),
    read("markdown", "surrogates and U+FFFE in the title", markdown().replace(_T.encode(), b"Neue \xed\xa0\x80\xef\xbf\xbe Br\xc3\xbccke"), kept=None),
    read("markdown", "escapes in the title", markdown().replace(_T.encode(), b"Neue \\ud800\\x00\\x1b Br\xc3\xbccke"), kept=None, lacks=("\x1b", "\x00")),
    refused("markdown", "NULs", markdown(body=TEXT[0] + "\0" * 100)),
    refused("markdown", "an empty file", b""),
    refused("markdown", "front matter and nothing else", b"---\nlanguage: de\n---\n"),
    read("markdown", "templates", markdown(front='teaser: "{{ 1234*4321 }} {% raw %} ${1234*4321} <%= 1234*4321 %>"\n'), holds=("{{ 1234*4321 }}",), lacks=("5332114",)),
)  # fmt: skip

PAGE = (
    read("page", "a page as it should be", page(), holds=(_T,)),
    refused("page", "an empty file", b""),
    refused("page", "a file of white space", b" \n\t\n" * 10_000),
    refused("page", "a file of NULs", b"\0" * 10_000),
    refused("page", "random bytes", bytes((n * 89 + n // 5 * 37) % 256 for n in range(20_000))),
    refused("page", "a gzip archive", b"\x1f\x8b\x08\0" + page()),
    refused("page", "one line of 1.2 MB", lambda: b"Die Br\xc3\xbccke ist neu. " * 60_000, seconds=10),
    refused("page", "30,000 lines", lambda: b"a\n" * 30_000, seconds=10),
    refused("page", "30,000 kickers", lambda: page(kicker="Verkehr\n\n" * 30_000), seconds=10),
    read("page", "markup in every line is words", page(kicker="<b>Verkehr</b>", body="<script>NIEMALS()</script> steht hier als Text.\n\n" + TEXT[2]), holds=("&lt;script&gt;NIEMALS()&lt;/script&gt; steht hier",)),
    refused("page", "10,000 related releases", lambda: page() + b"\nWeitere Meldungen\n\n" + b"Bau\n\nNeue Stra\xc3\x9fe\n\n" * 10_000, seconds=20, large=True),
    read("page", "controls and escapes of a terminal", page(body=TEXT[1] + "\x1b[2J\x1b]0;x\x07\x08\x08"), holds=(_T,), lacks=("\x1b", "\x07")),
    read("page", "line ends of CR alone", page().replace(b"\n", b"\r"), holds=(_T,)),
    read("page", "UTF-16 without a mark", page().decode().encode("utf-16-le"), holds=(_T,)),
    read("page", "UTF-8 that is cut within a letter", page() + "Straße".encode()[:5], holds=(_T,)),
    read("page", "Windows-1252 with bytes that mean nothing", page().decode().encode("cp1252") + b"\x81\x8d\x8f\x90\x9d", holds=(_T,)),
    read("page", "an embargo of 100,000 digits", lambda: page(before=f"Sperrfrist: {'9' * 100_000} Uhr\n\n")),
    read("page", "an embargo in the year 9999", page(before="Sperrfrist: 31.12.9999, 25:61 Uhr\n\n"), kept=1),
    read("page", "a contact with addresses that are none", page() + b"\nPressekontakt:\nJ\xc3\xbcrgen M\xc3\xbc\xc3\x9fig\n" + b"a" * 50_000 + b"@\nTel.: " + b"0 " * 50_000 + b"\n", kept=None),
    read("page", "a contact whose e-mail is a script", page() + b"\nPressekontakt:\nJ\xc3\xbcrgen M\xc3\xbc\xc3\x9fig\nE-Mail: \"><svg/onload=NIEMALS()>@talland.example\nTel.: 0123 456\n", kept=None),
)  # fmt: skip

CASES: tuple[Case, ...] = (*HTML, *MARKDOWN, *PAGE)
