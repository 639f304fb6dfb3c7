"""The law of other people's HTML: whatever its elements, every word that it shows comes out, once and in order.

And so does every picture that has an address. What nobody sees (script, style, the title of a page) is none of it.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.markup import HTML
from syndicate.normalise import clean_html, plain

BASE = "https://talland.example/a/"
_VOID = """area base basefont bgsound br col embed frame hr img image input isindex keygen link meta param source spacer
    track wbr"""
_TABLE = "table tbody thead tfoot tr td th caption colgroup col"
_SVG = "svg g text tspan textPath foreignObject switch a symbol marker"
_MATHML = "math mi mn mo mtext ms mrow mfrac msup msub msubsup msqrt mroot mtable mtr mtd mfenced munder mover"
_OTHER = """o:p st1:City w:t v:shape fb:like html:p xhtml:div m:mi my-card x-y amp-text unbekannt layer ilayer nolayer
    server comment app-root fencedframe selectlist content shadow"""
VOID = {*_VOID.split()}
UNSEEN = {"script", "style", "title"}
# Text in which a tag is none, and what ends with the document: no element can stand in them.
HIDING = {"noscript", "picture", "math", "svg", "object"}  # what shows a picture may be the same as beside it
LITERAL = ["xmp", "textarea", "iframe", "noembed", "noframes"]
# A table has an order of its own: what stands in one where nothing may is put before it.
CONTAINERS = sorted(
    {*HTML, *_SVG.split(), *_MATHML.split(), *_OTHER.split()}
    - (VOID | UNSEEN | {*_TABLE.split()} | {*LITERAL, "plaintext"})
)

SHOWN = (  # {} is an address, and the picture is shown once
    '<img src="{}" alt="">',
    "<IMG SRC='{}'>",
    '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{}">',
    '<img class=lazy data-lazy-src="{}" src="/spacer.gif"><noscript><img src="{}" alt="A"></noscript>',
    '<img data-original="{}"/>',
    '<img srcset="{} 1x">',
    '<img srcset="{}?klein 300w, {} 1200w" sizes="100vw">',
    '<img src="" data-irgendwas="{}">',
    '<picture><source srcset="https://bild.example/modern.webp" type="image/webp"><img src="{}"></picture>',
    '<picture><source srcset="{}"></picture>',
    '<picture><source srcset="{} 2x"><source srcset="x.webp" type="image/webp"><img alt="A"></picture>',
    "<image src={}>",
    '<svg><image xlink:href="{}" width="9" height="9"/></svg>',
    '<input type="image" src="{}">',
    '<object data="{}" type="image/jpeg"></object>',
    '<embed src="{}" type="image/png">',
    "<amp-img src={}></amp-img>",
    '<figure><a href="/gross"><img src="{}"></a></figure>',
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, int, int]:
    """(HTML, number of words in it, number of pictures in it): the words are w0, w1 …, the pictures p0.jpg, p1.jpg …"""
    words, shown = 0, 0

    def word() -> str:
        nonlocal words
        words += 1
        return f"w{words - 1}"

    def part(depth: int, pictured: bool = True) -> str:
        nonlocal shown
        kind = draw(st.sampled_from(("word", "word", "element", "element", "literal", "table", "picture", "void")))
        if kind == "element" and depth:
            name = draw(st.sampled_from(CONTAINERS))
            inner = "".join(part(depth - 1, pictured and name not in HIDING) for _ in range(draw(st.integers(1, 3))))
            return f"<{name}>{inner}</{name}>"
        if kind == "literal":
            name = draw(st.sampled_from(LITERAL))
            return f"<{name}>{word()}</{name}>"
        if kind == "table" and depth:
            return f"<table><caption>{word()}</caption><tr><th>{word()}<td>{part(depth - 1, pictured)}</table>"
        if kind == "picture" and pictured:
            shown += 1
            return draw(st.sampled_from(SHOWN)).replace("{}", f"https://bild.example/p{shown - 1}.jpg")
        if kind == "void":
            return f"<{draw(st.sampled_from(sorted(VOID - {'image', 'spacer', 'frame', 'col'})))}>"
        return f" {word()} "

    text = "".join(part(3) for _ in range(draw(st.integers(1, 4))))
    return text, words, shown


@given(documents())
def test_every_word_and_every_picture_comes_out_once_and_in_order(made: tuple[str, int, int]) -> None:
    source, words, shown = made
    content = clean_html(source, BASE)
    assert re.findall(r"\bw\d+\b", plain(content)) == [f"w{n}" for n in range(words)], (source, content)
    pictures = re.findall(r'<img src="https://bild\.example/(p\d+)\.jpg', content)
    assert pictures == [f"p{n}" for n in range(shown)], (source, content)
    assert clean_html(content, BASE) == content


@pytest.mark.parametrize("name", sorted({*CONTAINERS, *LITERAL, "plaintext"}))
def test_an_element_keeps_its_words(name: str) -> None:
    source = f"<p>davor</p><{name} class=x>Ein <b>Wort</b></{name}><p>danach</p>"
    said = plain(clean_html(source, BASE))
    assert re.findall(r"davor|Ein|Wort|danach", said) == ["davor", "Ein", "Wort", "danach"], said


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_what_nobody_sees_is_not_said(name: str) -> None:
    assert plain(clean_html(f"<p>davor</p><{name}>Wort</{name}><p>danach</p>", BASE)) == "davor\n\ndanach"
