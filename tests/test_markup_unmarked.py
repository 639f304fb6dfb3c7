"""The text of plainly written markup, found without a parser: the law is that a parser finds the same."""

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.markup import BLOCKS, PUBLISHED, either, unmarked
from syndicate.text import squeeze, unescaped
from waiting import frugal

BORDER = re.compile(rf"</?(?:{either(BLOCKS)})\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Zwölf Kliniken", "Zwölf Kliniken"),
        ("<p>Zwölf</p><p>Kliniken</p>", "\nZwölf\n\nKliniken\n"),
        (
            '<P class="a b" hidden data-x=\'1\'>Zwölf <a\nhref="/a?b=1&c=2">Klini</a>ken<br/>mehr',
            "\nZwölf Kliniken\nmehr",
        ),
        ("A & B &amp; C &ndash; &#8211; &amp;lt;", "A & B & C – – &lt;"),
        ("&<b>amp;</b>", None),  # two pieces make no reference
        ("&notit; &ampere; &#128; &#x80;", "¬it; &ere; € €"),
        ("AT&T", None),
        ("&#xfdd0;", None),
        ("3 < 4", None),
        ("x <3 y", None),
        ("<p>Zwölf<!-- nichts --></p>", None),
        ("<p>Zwölf<script>nichts()</script></p>", None),
        ("<table>Zwölf<tr><td>Kliniken</table>", None),  # a parser puts the first word before the table
        ('<a title="<b>">Zwölf</a>', None),
        ('<a b" ="c>Zwölf</a>">Kliniken', None),
        ("<o:p>Zwölf</o:p>", None),
        ("<textarea><b>Zwölf</textarea>", None),
        ("<b", None),
    ],
)
def test_without_a_parser(markup: str, text: str | None) -> None:
    assert unmarked(markup) == text
    if text is not None:
        assert squeeze(text) == parsed(markup)


PIECES = """
Wort | wort&amp; | &lt; | &amp;lt; | &nbsp; | &shy; | &uuml; | &#8217; | &#x27; | &#0; | &#11; | &copy | & | && | amp;
lt; | #38; | &# | " | ' | = | > | <3 | / | ü | \u00ad | \x0b | \x85 | \x1c
""".replace("\n", "|").split("|")
ATTRIBUTES = """
| href="x" | href='x>y' | a="b<c" | a=b | a=b/ | disabled | a"b | ="c | x=" y | b" ="c | a = "b" | / | href="?a=1&b=2"
""".replace("\n", "|").split("|")
NAMES = [
    *sorted(PUBLISHED),
    "BR",
    "script",
    "textarea",
    "select",
    "option",
    "svg",
    "math",
    "o:p",
    "form",
    "font",
    "x-y",
]


@given(st.data())
def test_a_parser_finds_the_same(data: st.DataObject) -> None:
    tag = st.tuples(st.sampled_from(["<", "</"]), st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES), st.just(">"))
    piece = st.one_of(
        st.sampled_from(PIECES), st.just("Wort"), tag.map("".join), st.sampled_from(["<p>", "</p>", "<b>"])
    )
    markup = "".join(data.draw(st.lists(piece, max_size=12)))
    text = unmarked(markup)
    assert text is None or squeeze(text) == parsed(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<p " * 50_000,
        "<p a" + ' ="' * 50_000,
        "<a href=" * 50_000,
        "&" * 200_000,
        "</p" + " " * 200_000,
        "<p a='" * 50_000,
    ],
)
def test_it_is_linear(markup: str) -> None:
    with frugal(1):
        unmarked(markup)


def parsed(markup: str) -> str:
    return squeeze(unescaped(nh3.clean(BORDER.sub(r" \g<0>", markup), tags=set())))
