# ruff: noqa: E501  # markup
"""Release pages as seven content systems print them, made by seed, with the truth beside: layouts × traits.

`python tests/portal_pages.py [first last]` prints how many of them are read right, field by field. The layouts have the
elements and class names of the systems' own templates; whatever differs from site to site is a trait.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from re import sub

import portal_traits as traits
from portal_traits import Slots, Truth
from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.notices import dates
from syndicate.parse import parse

FIELDS = ("read", "title", "kicker", "teaser", "published", "body", "email", "phone", "name", "related")


def page(seed: int) -> tuple[str, Truth]:
    """One page, and what it says."""
    r = random.Random(seed)
    truth = Truth(title=r.choice(traits.TITLES), kicker=r.choice((*traits.KICKERS, None, None)))
    if r.random() < 0.6:
        truth.teaser = f"{r.choice(('Künftig', 'Ab Mai', 'Damit'))} verkürzt sich der Weg für {r.randint(12, 98)} Orte."
    told = r.sample(traits.SENTENCES, r.randint(3, 7))
    when = datetime(
        2026, r.randint(1, 12), r.randint(1, 28), r.randint(6, 19), r.choice((0, 5, 17, 58)), tzinfo=traits.BERLIN
    )
    slots = Slots(when)
    slots.body = traits.body(r, truth, told)
    slots.contact = traits.contact(r, truth)
    slots.related = traits.related(r, truth)
    slots.number = traits.number(r)
    slots.tail = "".join(r.sample(traits.tails(r, when), r.choice((0, 1, 1, 2, 3))))
    slots.side = traits.side(r)
    layout = LAYOUTS[seed % len(LAYOUTS)]
    main = layout(r, slots, truth)
    return _around(r, main, slots, truth), truth


# --- layouts ----------------------------------------------------------------------------------------------------------


def typo3(r: random.Random, s: Slots, t: Truth) -> str:
    kicker = f'<span class="news-list-category">{t.kicker}</span>' if t.kicker else ""
    date = traits.dateline(r, s, t)
    teaser = f'<div class="lead" itemprop="description"><p>{t.teaser}</p></div>' if t.teaser else ""
    return f"""<div id="content"><div class="frame frame-default frame-type-news_newsdetail"><div class="news news-single">
<div class="article" itemscope itemtype="http://schema.org/Article">{kicker}
<div class="header"><h1 itemprop="headline">{t.title}</h1></div><div class="footer">{date}{s.number}</div>{teaser}
<div class="news-img-wrap"><div class="outer"><div class="mediaelement mediaelement-image"><a href="/f/gross.jpg"
class="lightbox"><img src="/f/klein.jpg" alt="Fahrzeuge vor einer Halle" width="700"></a></div>
<p class="news-img-caption">Vor der neuen Halle</p></div></div>
<div class="news-text-wrap" itemprop="articleBody">{s.body}</div>{s.contact}{s.tail}
<div class="news-backlink-wrap"><a href="/presse">Zurück</a></div>
<div class="news-related-wrap">{s.related}</div></div></div></div></div>
<div class="col-md-4 tx-right">{s.side}</div>"""


def plone(r: random.Random, s: Slots, t: Truth) -> str:
    kicker = f'<p class="dachzeile">{t.kicker}</p>' if t.kicker else ""
    if r.random() < 0.5:
        t.published = f"{s.when:%Y-%m-%dT%H:%M}"
        date = (
            '<div class="documentByLine" id="plone-document-byline"><span class="documentAuthor">von <a href="/author/x">'
            f'redaktion</a> — </span><span class="documentPublished"><span>veröffentlicht</span> {s.when:%d.%m.%Y %H:%M}'
            f'</span>, <span class="documentModified"><span>zuletzt geändert</span> {s.when + timedelta(1):%d.%m.%Y %H:%M}'
            "</span></div>"
        )
    else:
        date = traits.dateline(r, s, t)
    teaser = f'<div class="documentDescription description">{t.teaser}</div>' if t.teaser else ""
    return f"""<div id="portal-column-content"><article id="content"><header><div id="viewlet-above-content-title"></div>
{kicker}<h1 class="documentFirstHeading">{t.title}</h1><div id="viewlet-below-content-title">{date}</div>{teaser}{s.number}
</header><div id="content-core"><div class="newsImageContainer"><a id="parent-fieldname-image" href="/x/image"><img
src="/x/@@images/mini.jpeg" alt="Eine Halle" title="Eine Halle" class="newsImage"></a></div>
<div id="parent-fieldname-text" class="">{s.body}</div>{s.contact}</div>
<footer><div id="viewlet-below-content-body">{s.related}<div class="documentActions"><ul><li id="document-action-sendto">
<a href="/x/sendto_form">Seite versenden</a></li><li id="document-action-print"><a href="javascript:this.print();">Drucken
</a></li></ul></div><div id="category" class="documentByLine"><span>abgelegt unter:</span> <a class="link-category"
href="/@@search?Subject=Bauen" rel="tag">Bauen</a></div>{s.tail}</div></footer></article></div>
<div id="portal-column-two">{s.side}</div>"""


def wordpress(r: random.Random, s: Slots, t: Truth) -> str:
    if r.random() < 0.5:
        t.published = s.when.isoformat()
        date = (
            '<div class="post-meta-wrapper"><ul class="post-meta"><li class="post-author meta-wrapper"><span class="meta-icon">'
            '<span class="screen-reader-text">Beitragsautor</span></span><span class="meta-text">Von <a href="/author/jb">'
            'Jana Böhm</a></span></li><li class="post-date meta-wrapper"><span class="meta-icon"><span class='
            f'"screen-reader-text">Beitragsdatum</span></span><span class="meta-text"><a href="/x"><time class="entry-date '
            f'published" datetime="{s.when.isoformat()}">{traits.german(s.when)}</time></a></span></li></ul></div>'
        )
    else:
        date = f'<div class="entry-meta">{traits.dateline(r, s, t)}</div>'
    kicker = (
        '<div class="entry-categories"><span class="screen-reader-text">Kategorien</span><div class='
        f'"entry-categories-inner"><a href="/category/x" rel="category tag">{t.kicker}</a></div></div>'
        if t.kicker
        else ""
    )
    teaser = f'<div class="intro-text section-inner"><p>{t.teaser}</p></div>' if t.teaser else ""
    return f"""<div id="primary" class="content-area"><main id="site-content" class="site-main"><article id="post-9"
class="post-9 post type-post status-publish format-standard has-post-thumbnail hentry category-x"><header
class="entry-header">{kicker}<h1 class="entry-title">{t.title}</h1>{teaser}{date}</header>
<figure class="featured-media"><img class="attachment-post-thumbnail wp-post-image" src="/w/h.jpg" srcset="/w/h-1.jpg 300w,
/w/h.jpg 1200w" alt="Halle mit Tor"><figcaption class="wp-caption-text">Die Halle (Foto: Anke Ruhl)</figcaption></figure>
<div class="entry-content">{s.number}{s.body}{s.contact}{s.tail}<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">
Teilen mit:</h3><ul><li><a href="?share=x">X</a></li></ul></div></div>
<footer class="entry-footer"><span class="tags-links"><span class="screen-reader-text">Schlagwörter</span><a href="/tag/bau"
rel="tag">Bau</a></span></footer></article><nav class="navigation post-navigation"><div class="nav-links"><a href="/a"
rel="prev">Frühjahrsputz im Park</a></div></nav>{s.related}<div id="comments" class="comments-area"><div id="respond"
class="comment-respond"><h3>Schreibe einen Kommentar</h3></div></div></main></div>
<aside id="secondary" class="widget-area">{s.side}</aside>"""


def drupal(r: random.Random, s: Slots, t: Truth) -> str:
    if r.random() < 0.5:
        t.published = s.when.isoformat()
        shown = f"Mi., {s.when:%d.%m.%Y - %H:%M}"
        date = (
            '<footer class="node__meta"><div class="node__submitted">Gespeichert von <span class="field field--name-uid">'
            '<span>redaktion</span></span> am <span class="field field--name-created"><time datetime="'
            f'{s.when.isoformat()}">{shown}</time></span></div></footer>'
        )
    else:
        date = traits.dateline(r, s, t)
    kicker = (
        f'<div class="field field--name-field-thema field--type-entity-reference"><div class="field__label">Thema</div>'
        f'<div class="field__item"><a href="/thema/1">{t.kicker}</a></div></div>'
        if t.kicker
        else ""
    )
    teaser = f'<div class="field field--name-field-teaser field--type-text-long">{t.teaser}</div>' if t.teaser else ""
    return f"""<div class="region region-content"><h1 class="page-title"><span class="field field--name-title">{t.title}</span>
</h1><div data-drupal-messages-fallback class="hidden"></div><div id="block-inhalt" class="block block-system"><article
data-history-node-id="4" role="article" class="node node--type-pressemitteilung node--view-mode-full">{date}
<div class="node__content clearfix">{kicker}{s.number}{teaser}<div class="field field--name-field-bild"><img loading="lazy"
src="/sites/f/halle.jpg" alt="Halle"></div><div class="clearfix text-formatted field field--name-body
field--type-text-with-summary">{s.body}</div>{s.contact}<div class="field field--name-field-tags field--label-above"><div
class="field__label">Schlagwörter</div><div class="field__items"><div class="field__item"><a href="/tags/bau">Bauen</a></div>
</div></div>{s.tail}<ul class="links inline"><li class="print"><a href="/print/4">Druckversion</a></li></ul></div></article></div>
{s.related}</div><aside class="region region-sidebar-second">{s.side}</aside>"""


def gsb(r: random.Random, s: Slots, t: Truth) -> str:
    kicker = f"<dt>Thema:</dt><dd>{t.kicker}</dd>" if t.kicker else ""
    if r.random() < 0.5:
        t.published = f"{s.when:%Y-%m-%d}"
        number = sub("<[^>]+>", "", s.number)
        fact = f"<dt>Nummer</dt><dd>{number}</dd>" if number else ""
        date = (
            f'<dl class="docData"><dt>Typ</dt><dd>Pressemitteilung</dd><dt>Datum</dt><dd>{s.when:%d.%m.%Y}</dd>{kicker}'
            f"{fact}</dl>"
        )
    else:
        date = traits.dateline(r, s, t) + (f'<dl class="docData">{kicker}</dl>' if kicker else "") + s.number
    teaser = f'<p class="abstract">{t.teaser}</p>' if t.teaser else ""
    return f"""<div id="wrapperContent"><main id="content" class="content"><h1 class="isFirstInSlot">{t.title}</h1>{date}
{teaser}<div class="picture links"><span class="wrapper"><img src="/SharedDocs/b.jpg?__blob=normal" alt="Bau"></span><p
class="caption">Bau in Oberbrunn <span class="source">Quelle: Landesamt</span></p></div>{s.body}{s.contact}{s.related}{s.tail}
<div class="navFunctionsBottom"><h2 class="aural">Diese Seite</h2><ul><li><a href="/Service/Empfehlen">Empfehlen</a></li>
<li><a href="/print">Drucken</a></li></ul></div></main><div id="supplement"><h2 class="aural">Zusatzinformationen</h2>
{s.side}</div></div>"""


def coremedia(r: random.Random, s: Slots, t: Truth) -> str:
    kicker = f'<p class="cm-article__pretitle">{t.kicker}</p>' if t.kicker else ""
    teaser = f'<div class="cm-article__teaser"><p><strong>{t.teaser}</strong></p></div>' if t.teaser else ""
    return f"""<div id="cm-placement-main" class="cm-grid"><div class="cm-article cm-detail">{kicker}<h1 class=
"cm-article__headline cm-heading1">{t.title}</h1><div class="cm-article__facts">{traits.dateline(r, s, t)}</div>{s.number}{teaser}
<div class="cm-media cm-media--uncropped"><picture><source srcset="/resource/image/1.webp"><img class="cm-image"
src="/resource/image/1.jpg" alt="Ein Neubau"></picture></div><div class="cm-article__text cm-richtext">{s.body}</div>
{s.contact}{s.tail}</div>{s.related}</div><div id="cm-placement-sidebar" class="cm-grid">{s.side}</div>"""


def liferay(r: random.Random, s: Slots, t: Truth) -> str:
    kicker = f'<span class="asset-category">{t.kicker}</span>' if t.kicker else ""
    teaser = f"<p class='vorspann'><b>{t.teaser}</b></p>" if t.teaser else ""
    if r.random() < 0.5:
        t.published = f"{s.when:%Y-%m-%dT%H:%M}"
        date = f'<span class="metadata-entry metadata-publish-date">Veröffentlicht am {s.when:%d.%m.%y %H:%M}</span>'
    else:
        date = traits.dateline(r, s, t)
    return f"""<div class="columns-2" id="main-content" role="main"><div class="col-md-8" id="column-1"><div class=
"portlet-boundary portlet-asset-publisher"><section class="portlet"><div class="portlet-content"><div class=
"asset-full-content"><div class="asset-title-wrapper">{kicker}<h1 class="header-title">{t.title}</h1></div><div class=
"asset-metadata">{date}</div><div class="journal-content-article" data-analytics-asset-id="7">{s.number}{teaser}{s.body}
{s.contact}</div><div class="taglib-ratings"><div>Durchschnitt (0 Stimmen)</div></div>{s.tail}</div></div></section></div>
{s.related}</div><div class="col-md-4" id="column-2">{s.side}</div></div>"""


LAYOUTS = (typo3, plone, wordpress, drupal, gsb, coremedia, liferay)


def _around(r: random.Random, main: str, s: Slots, t: Truth) -> str:
    og = r.random()
    tags = '<meta property="og:site_name" content="Land Talland">' if og < 0.5 else ""
    tags += f'<meta property="og:title" content="{t.title}">' if og < 0.4 else ""
    return f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{t.title} {r.choice("|-–")} Land Talland
</title>{tags}</head><body><div class="cookie-notice" role="dialog"><p>Wir verwenden Cookies, damit diese Seite funktioniert.
</p><button>Ok</button></div><a class="skip" href="#content">Zum Inhalt</a><header id="header"><a href="/">Land Talland</a><nav>
<ul><li><a href="/regierung">Regierung</a></li><li><a href="/presse">Presse</a></li></ul></nav></header><div class="breadcrumb">
<a href="/">Start</a> › <a href="/presse">Presse</a></div>{main}<footer id="footer"><p>© 2026 Land Talland</p><ul><li><a href=
"/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li></ul></footer></body></html>"""


# --- scores -----------------------------------------------------------------------------------------------------------


def right(item: Item, truth: Truth) -> dict[str, bool]:
    """Field by field: does the item say what the page says?"""
    shown = " ".join(unescape(sub("<[^>]+>", " ", item.content or "")).split())
    contact = item.contact
    return {
        "read": True,
        "title": item.title == truth.title,
        "kicker": item.kicker == truth.kicker,
        "teaser": item.teaser == truth.teaser,
        "published": _moment(item.published) == _moment(truth.published),
        "body": sub(r"\s+", "", shown) == sub(r"\s+", "", "".join(truth.body)),
        "email": (contact.email if contact else None) == truth.email,
        "phone": sub("[^0-9+]", "", (contact and contact.phone) or "") == sub("[^0-9+]", "", truth.phone or ""),
        "name": (contact.name if contact else None) == truth.name,
        "related": [r.title for r in item.related] == truth.related,
    }


def _moment(stated: object) -> object:
    found = dates.read(stated if isinstance(stated, str | datetime) else None, traits.BERLIN)
    return (found.at.astimezone(UTC), found.has_time) if found else None


def results(seeds: Sequence[int]) -> Iterator[tuple[int, dict[str, bool], Item | None, Truth]]:
    """Each page as it is read."""
    for seed in seeds:
        markup, truth = page(seed)
        try:
            (item,) = parse(markup.encode(), url=f"https://www.talland.example/presse/{seed}", format="html")
        except (ParseError, ValueError):
            yield seed, dict.fromkeys(FIELDS, False), None, truth
            continue
        yield seed, right(item, truth), item, truth


def scores(seeds: Sequence[int]) -> dict[str, float]:
    """The share of the pages that are read right, by field."""
    counts: Counter[str] = Counter()
    for _, found, _, _ in results(seeds):
        counts.update(name for name, ok in found.items() if ok)
    return {name: counts[name] / len(seeds) for name in FIELDS}


if __name__ == "__main__":
    first, last = (int(a) for a in (sys.argv[1:3] or ("0", "350")))
    for name, share in scores(range(first, last)).items():
        print(f"{name:10} {share:6.1%}")
