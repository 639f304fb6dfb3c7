"""What is on a page and is no part of its text: taken out, by element, by role, by the name that the page gives it."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from syndicate.markup import counts, hidden
from syndicate.parse.html.pieces import called
from syndicate.parse.plaintext import marks
from syndicate.parse.tree import chosen, words

_DEAD = frozenset(
    {
        "script",
        "style",
        "template",
        "button",
        "input",
        "select",
        "textarea",
        "dialog",
        "object",
        "embed",
        "map",
        "canvas",
    }
    | {"iframe", "svg", "math", "datalist", "output", "progress", "menu"}
)
_ROLES = frozenset(
    {"navigation", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar", "contentinfo", "status"}
)
_HIDDEN_NAME = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|d-none|is-hidden|u-hidden|"
    r"hidden-?visually|hidden-?structure|hide-?accessible|aural|"
    r"invisible|unsichtbar|element-invisible|versteckt)(?:$|\s)"
)

# Parts of names, between white space, hyphens and underscores.
_EDGE = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_ALWAYS = re.compile(
    _EDGE.format(
        r"cookies?|cookiebanner|cookiebar|consent|gdpr|dsgvo|ccm|klaro|breadcrumbs?|brotkrumen?|rootline|you-are-here|"
        r"navi|nav|navbar|navigation|mainnav|subnav|metanav|servicenav|menu|megamenu|menue|sitemap|skip-?links?|"
        r"sprungmarken|"
        r"sharing|share|shariff|social-?media|socialmedia|social-?share|social-?bar|addthis|addtoany|teilen|share-?bar|"
        r"print-?link|printbutton|drucken|druckversion|toolbar|page-?tools|seitenfunktionen|artikelfunktionen|"
        r"back-?to-?top|to-?top|nach-?oben|seitenanfang|totop|scroll-?top|reading-?time|lesezeit|readspeaker|"
        r"read-?speaker|rs-?button|vorlesen|"
        r"pagination|pager|blaettern|post-?navigation|nav-?links|prev-?next|back-?link|backlink|news-backlink-wrap|"
        r"comments?|comment-?form|respond|kommentare|newsletter|subscribe|abo-?box|advert|advertisement|anzeige|"
        r"werbung|ads?|"
        r"language-?switch(?:er)?|sprachwahl|langswitch|site-?header|site-?footer|page-?footer|footer-?wrapper|"
        r"search-?form|suchformular|"
        r"login|rating|bewertung|feedback|webtracking|tracking|page-?last-?updated|jump-?links|toc|inhaltsverzeichnis|"
        r"tag-?list|tagcloud|taglist|post-tags|news-tags|schlagworte?|copy-?link|bookmark"
    )
)  # fmt: skip
_OF_SITE = re.compile(
    _EDGE.format(
        r"header|masthead|page-?header|kopf|kopfbereich|logo|branding|site-?name|site-?title|footer|fuss|sidebar"
    )
)
_TOO_MUCH = 1_500  # characters of running text: whatever it is called, that is no furniture


def dead(root: HtmlElement, remove: Iterable[str] = ()) -> None:
    """Take out what nobody sees or reads, and what the operator's selectors say."""
    for css in remove:
        for element in chosen(root, css):
            drop(element)
    for element in list(root.iter()):
        if element.tag == "noscript":
            _noscript(element)
        elif element.tag == "form":
            _form(element)
        elif element.tag in _DEAD or _hidden(element) or (element.tag == "img" and _counts(element)):
            drop(element)


def site(root: HtmlElement, heading: HtmlElement | None) -> None:
    """Take out navigation, the site's head and foot, and other furniture; nothing that the heading stands in."""
    kept = {heading, *heading.iterancestors(), *heading.iterdescendants()} if heading is not None else set()
    around = _around(heading)
    for element in list(root.iter()):
        if (
            element in kept
            or element.tag in ("html", "body", "main", "head", "img", "a")
            or element.getparent() is None
        ):
            continue
        if _furniture(element, around):
            drop(element)


def _around(heading: HtmlElement | None) -> set[HtmlElement]:
    """What stands right beside the title is no part of the site's head or foot, even if it is called so."""
    near = [] if heading is None else list(heading.iterancestors())[1::-1]
    part = next((a for a in near if a.tag not in ("html", "body") and a.find(".//nav") is None), None)
    return set(part.iterdescendants()) if part is not None else set()


def noise(text: str) -> bool:
    """A line that tells nothing, wherever it stands: print, share, back to the list, page numbers."""
    return marks.noise(text) or marks.anchor(text)


def drop(element: HtmlElement) -> None:
    """Take an element out; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _furniture(element: HtmlElement, around: set[HtmlElement]) -> bool:
    inside = element.tag in ("p", "h1", "h2", "h3", "h4", "time", "figure", "picture", "table", "blockquote")
    if element.tag in ("nav", "footer") or (element.get("role") or "").casefold() in _ROLES:
        return element not in around and _told(element) < _TOO_MUCH
    if element.tag == "header" or (element.get("role") or "").casefold() == "banner":
        return element not in around and not _in_article(element) and _told(element) < _TOO_MUCH
    name = called(element)
    if not name or inside:
        return False
    if _ALWAYS.search(name):
        return _told(element) < _TOO_MUCH
    return (
        bool(_OF_SITE.search(name))
        and element not in around
        and not _in_article(element)
        and _told(element) < _TOO_MUCH // 2
    )


def _told(element: HtmlElement) -> int:
    return sum(len(words(p, _TOO_MUCH)) for p in element.iter("p"))


def _in_article(element: HtmlElement) -> bool:
    return any(
        above.tag in ("article", "main") or above.get("role") in ("main", "article")
        for above in element.iterancestors()
    )


def _hidden(element: HtmlElement) -> bool:
    if element.tag in ("html", "body", "main", "article") or element.find(".//main") is not None:
        return False  # hidden until a script shows it
    if hidden(element.attrib):
        return True
    if element.get("aria-hidden") == "true" and element.find(".//img") is None and element.tag != "img":
        return True
    return bool(_HIDDEN_NAME.search(called(element)))


def _noscript(element: HtmlElement) -> None:
    """A picture for readers without scripts stands in for the lazy one beside it."""
    image = element.find(".//img")
    if image is None or _counts(image):
        drop(element)
    else:
        element.drop_tag()


def _form(element: HtmlElement) -> None:
    """Some systems put the whole page into one form."""
    if (
        element.find(".//h1") is not None
        or element.find(".//article") is not None
        or element.find(".//main") is not None
    ):
        element.drop_tag()
    else:
        drop(element)


def _counts(image: HtmlElement) -> bool:
    return counts(image.attrib, image.get("src"))
