# ruff: noqa: E501  # a case is a row, however long
"""What other people's HTML comes to: embeds, lazy pictures, formulas, forms, depth, hidden addresses."""

import re

import pytest

from syndicate.markup import carried, flattened, is_markup, tagged, unprotected
from syndicate.normalise import clean_html, plain
from waiting import frugal

BASE = "https://talland.example/a/"
LAZY = '<img class="lazy" src="data:image/gif;base64,R0lGODlh" '
FILM = "https://film.example/embed/7"


@pytest.mark.parametrize(
    ("source", "content"),
    [
        (f'<iframe src="{FILM}" title="Die Rede"></iframe>', f'<p><a href="{FILM}">Die Rede</a></p>'),
        (f'<iframe src="{FILM}?a=1"></iframe>', f'<p><a href="{FILM}?a=1">film.example/embed/7</a></p>'),
        (f'<p>Sehen Sie <iframe src="{FILM}"></iframe>an.</p>', f'<a href="{FILM}">film.example/embed/7</a> an.</p>'),
        (f'<iframe data-src="{FILM}" src="about:blank" aria-label="Film"></iframe>', f'<a href="{FILM}">Film</a>'),
        (f'<iframe src="{FILM}"><a href="{FILM}">Zum &lt;Film&gt;</a></iframe>', f'<a href="{FILM}">Zum &lt;Film&gt;</a>'),
        (f'<iframe src="{FILM}" title="Rede">Ohne Rahmen.</iframe>', f'<a href="{FILM}">Rede</a> Ohne Rahmen.'),
        ('<iframe srcdoc="&lt;p&gt;Drinnen&lt;/p&gt;"></iframe>', "<p>Drinnen</p>"),
        ('<iframe src="https://zahl.example/ns.html" height="0" width="0"></iframe>', ""),
        (f'<iframe src="{FILM}" style="display: none"></iframe>', ""),
        ('<iframe src="javascript:alert(1)" title="Rede"></iframe>', "<p>Rede</p>"),
        (f'<embed src="{FILM}" type="video/mp4">', f'<a href="{FILM}">film.example/embed/7</a>'),
        (f'<amp-iframe src="{FILM}" title="Rede"></amp-iframe>', f'<a href="{FILM}">Rede</a>'),
        (
            f'<object><param name="movie" value="{FILM}"><embed src="{FILM}"></object>',
            f'<p><a href="{FILM}">film.example/embed/7</a></p>',
        ),
        (
            '<object data="/v.pdf" type="application/pdf"><p>Ersatz: <a href="/v.pdf">Vertrag</a></p></object>',
            '<p>Ersatz: <a href="https://talland.example/v.pdf">Vertrag</a></p>',
        ),
        (
            '<object data="/v.pdf" title="Vertrag">Ersatz.</object>',
            'Ersatz.<p><a href="https://talland.example/v.pdf">Vertrag</a></p>',
        ),
        ('<object data="/v.pdf">nie geschlossen', '<a href="https://talland.example/v.pdf">/v.pdf</a>'),
        ('<img data-src="/a.jpg" src="/klein.jpg">', '<img src="https://talland.example/a.jpg">'),
        (LAZY + 'data-src="/a.jpg">', '<img src="https://talland.example/a.jpg">'),
        (
            LAZY + 'data-src="/a.jpg"><noscript><img src="/a.jpg" alt="Brücke"></noscript>',
            '<img src="https://talland.example/a.jpg" alt="Brücke">',
        ),
        (
            LAZY + 'data-src="/a.jpg" alt="A"> <noscript><img src="/a.jpg?w=90"></noscript>',
            '<img src="https://talland.example/a.jpg" alt="A">',
        ),
        (
            '<noscript><img src="/a.jpg" alt="A"></noscript>' + LAZY + 'data-lazy-src="/a.jpg">',
            '<img src="https://talland.example/a.jpg" alt="A">',
        ),
        (LAZY + '><noscript><img src="/a.jpg"></noscript>', '<img src="https://talland.example/a.jpg">'),
        (
            '<img srcset="/a.jpg 300w, /b,c.jpg 900w" alt="B">',
            '<img src="https://talland.example/b,c.jpg" alt="B">',
        ),
        ('<img src="/a.jpg" srcset="/b.jpg 2x">', '<img src="https://talland.example/a.jpg">'),
        ('<audio data-src="/a.mp3"></audio>', '<audio src="https://talland.example/a.mp3"></audio>'),
        (
            '<video><source src="/a.mp4" type="video/mp4"><source src="/a.webm"></video>',
            '<video><source src="https://talland.example/a.mp4" type="video/mp4">'
            '<source src="https://talland.example/a.webm"></video>',
        ),
        ('<source src="/a.mp4">ohne Film', "ohne Film"),
        ("<form action='/x'><p>Der Text.</p></form>", "<div><p>Der Text.</p></div>"),
        ('<input type="submit" value="Jetzt &lt;anmelden&gt;"><input name="x" value="7">', "Jetzt &lt;anmelden&gt;"),
        ("<button>Ja</button><button>Nein</button>", "Ja  Nein"),
        ("<select><option>Ja<option>Nein</select>", "<br>Ja<br>Nein"),
        ("<center>Mitte</center><strike>alt</strike> <tt>x</tt>", "<div>Mitte</div><s>alt</s> <code>x</code>"),
        ("<xmp>ein <b>Beispiel</b></xmp>", "<pre>ein &lt;b&gt;Beispiel&lt;/b&gt;</pre>"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>"),
        ("<dl><dt>Ort<dd>Talland</dl>", "<dl><dt>Ort</dt><dd>Talland</dd></dl>"),
        ("<details open><summary>Mehr</summary>Text</details>", "<details><summary>Mehr</summary>Text</details>"),
        ("<svg><desc>x</desc><text>A</text><text>B</text><path d='M0'/><title>t</title></svg>", "A  B"),
        ('<svg><a xlink:href="/x"><text>Karte</text></a></svg>', '<a href="https://talland.example/x"> Karte </a>'),
    ],
)  # fmt: skip
def test_nothing_vanishes(source: str, content: str) -> None:
    found = clean_html(source, BASE)
    assert content in found if content else not found
    assert clean_html(found, BASE) == found


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("<mi>a</mi><mo>=</mo><mn>5</mn>", "a=5"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>", "(a+b)/c"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x<sup>2</sup>"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><mo>+</mo>", "x<sub>i</sub><sup>2</sup>+"),
        ("<msqrt><mi>x</mi></msqrt>", "√(x)"),
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "(x, y)"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable>", "1 2; 3"),
        ("<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\x</annotation></semantics>", "x"),
    ],
)  # fmt: skip
def test_a_formula_in_words(formula: str, said: str) -> None:
    assert clean_html(f"<p>Es gilt <math>{formula}</math> immer.</p>", None) == f"<p>Es gilt {said} immer.</p>"


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "my-x", "table", "font color=red"])
@pytest.mark.parametrize("levels", [199, 600, 20_000])
def test_what_is_nested_too_deep_is_flat(tag: str, levels: int) -> None:
    name = tag.split()[0]
    step = levels // 20
    inner = "".join(
        f"<{tag}>" + (f"<tr><td>w{n // step} " if n % step == 0 else "<tr><td>" * (name == "table"))
        for n in range(levels)
    )
    content = clean_html(f"<p>Anfang</p>{inner}<img src='/a.jpg'>Mitte{f'</{name}>' * levels}<p>Ende</p>", BASE)
    said = re.findall(r"\w+", plain(content))
    assert [word for word in said if not word.startswith("w")] == ["Anfang", "Mitte", "Ende"]
    assert sorted(int(word[1:]) for word in said if word.startswith("w")) == sorted(
        n // step for n in range(0, levels, step)
    )
    assert "a.jpg" in content
    assert content.count(f"<{name}") < 260


def test_end_tags_of_nothing_do_not_make_it_flat() -> None:
    source = "<b></i>" * 3_000 + "Wort" + "<i></b>" * 3_000
    assert len(re.findall("<b", flattened(source))) < 260
    assert flattened("<div>" * 150 + "<p>" * 900 + "<li>" * 900) == "<div>" * 150 + "<p>" * 900 + "<li>" * 900


def code(address: str, key: int = 0x5A) -> str:
    return bytes((key, *(byte ^ key for byte in address.encode()))).hex()


HIDDEN = code("presse@talland.example")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{HIDDEN}">[email&#160;protected]</a>',
         '<a href="mailto:presse@talland.example">presse@talland.example</a>'),
        (f'<a href="/cdn-cgi/l/email-protection#{HIDDEN}">Schreiben Sie uns</a>',
         '<a href="mailto:presse@talland.example">Schreiben Sie uns</a>'),
        (f'<a href="/cdn-cgi/l/email-protection#{HIDDEN}"><span class="__cf_email__" data-cfemail="{HIDDEN}">[email]</span></a>',
         '<a href="mailto:presse@talland.example">presse@talland.example</a>'),
        (f'<span data-cfemail="{HIDDEN[:-1]}">[email]</span>', f'<span data-cfemail="{HIDDEN[:-1]}">[email]</span>'),
        (f'<span data-cfemail="{code("kein Name")}">x</span>', f'<span data-cfemail="{code("kein Name")}">x</span>'),
    ],
)  # fmt: skip
def test_an_address_that_was_hidden_from_robots(source: str, shown: str) -> None:
    assert unprotected(source) == shown


@pytest.mark.parametrize(
    "text",
    [
        "<address>Schlossplatz 1</address>", "100 <strike>Euro</strike>", "<o:p>Wort</o:p>", "ein<br>zwei", "a<p>b",
        '<font color="red">rot', "<html><body>x</body></html>", "A &amp; B", "x<meta name='a'></meta>", "<my-card>x</my-card>",
        "<nobr>x</nobr>", "<CENTER>x</CENTER>", "<img src=x>", "<svg><text>x</text></svg>", "<ruby>x<rt>y</ruby>",
        "ein <!-- zwei --> drei", "<![if !supportLists]>eins<![endif]>", "<?xml:namespace prefix = o />Wort",
    ],
)  # fmt: skip
def test_what_holds_html(text: str) -> None:
    assert is_markup(text)


@pytest.mark.parametrize(
    "text",
    ["<3", "a < b und c > d", "List<String> ist ein Typ", "Das Element <title> steht im <head>", "1 <2> 3", "R&D", "x <y@z.example>"],
)  # fmt: skip
def test_what_is_text(text: str) -> None:
    assert not is_markup(text)
    assert not tagged(text)


def test_what_needs_nothing_stays_as_it_is() -> None:
    source = "<p class=a>x <IMG SRC='/a.jpg'><a href=b>c</a><!-- d --></p>"
    assert carried(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "<title>x" * 100_000,
        "<iframe src=x>" * 20_000,
        "<svg>" + "<desc>x" * 50_000,
        "<img src=a alt=" + "lazy" * 50_000 + ">",
        "<div " + "=" * 200_000,
        "<a" + " data-cfemail=aaaaaaaa" * 20_000,
        "<a data-cfemail=" + "a" * 800 + "z" * 200_000,
        "<math>" + "<mrow>" * 50_000 + "</msup>" * 50_000,
    ],
    ids=["titles", "frames", "drawing", "placeholder", "signs", "hidden addresses", "one hidden", "formula"],
)
def test_time_is_linear(source: str) -> None:
    with frugal(10):  # a second or two
        is_markup(source)
        carried(flattened(unprotected(source)))
