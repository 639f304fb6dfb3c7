"""How pages call their parts: patterns over `called` names, of German and English systems."""

import re


def _any(words: str) -> re.Pattern[str]:
    """A part of a name that stands between white space, hyphens and underscores."""
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?:$|[\s_-])")


KICKER = _any(
    r"""
    kicker dach-?zeile top-?line over-?line over-?title super-?title eyebrow category categories cat-?links kategorie
    kategorien rubrik rubric ressort topic topics thema themen theme pre-?title pre-?header pre-?headline
    roof-?line ober-?zeile section-?name article-?section spitzmarke spitz-?marke catch-?line tag label subject
    channel vorzeile ueberzeile
    """
)
TITLE = _any(
    r"""
    title titel headline head-?line heading ueberschrift überschrift header-?text entry-title
    """
)
TEASER = _any(
    r"""
    teaser-?text teaser lead lead-?text leadtext intro introtext intro-?text vorspann abstract (?<!with-)summary
    einleitung einleitungstext kurztext excerpt anreisser anriss standfirst lede short-?text preamble
    description article-?lead news-?teaser sub-?head-?line sub-?title unterzeile news-?intro introduction
    ingress field-name-field-teaser page-?intro synopsis
    """
)
DATE = _any(
    r"""
    date datum time published publication pub-?date date-?published news-list-date veroeffentlicht
    veröffentlichungsdatum veroeffentlichungsdatum timestamp created meta metadata article-?meta article-?info
    byline posted-on post-?meta document-?info info infos date-?line datetime news-?meta extra topinfo
    release-?date
    """
)
UPDATED = _any(
    r"""
    updated modified date-?modified aktualisiert changed last-?modified
    """
)
AUTHOR = _any(
    r"""
    author autor autorin byline vcard verfasser redaktion creator
    """
)
KIND = _any(
    r"""
    kind type content-?type doc-?type dokumenttyp typ art format genre document-?type
    """
)
RELATED = _any(
    r"""
    related related-?news related-?content related-?articles? verwandt\w* weitere-?\w*meldungen more-?news
    mehr-?meldungen see-?also similar aehnliche\w* recommendations? recommended read-?more-?list
    news-related-wrap weitere-?artikel weitere-?nachrichten weitere-?beitraege siehe-?auch auch-?interessant
    more-?articles further-?news yarpp jp-relatedposts related-?posts
    """
)
CONTACT = _any(
    r"""
    press-?contact presse-?kontakt contact contact-?box contact-?person kontakt kontaktbox kontakte
    ansprech-?partner ansprech-?partnerin ansprech-?person pressestelle media-?contact contacts vcard
    kontakt-?daten presse-?ansprechpartner
    """
)
DOWNLOADS = _any(
    r"""
    downloads? download-?list downloadliste attachments? anhang anhaenge anlagen files? file-?list dokumente
    documents? news-related-files ce-uploads csc-uploads publications material(?:ien)?
    field-name-field-(?:datei|download|anhang|file)\w* dateien
    """
)
BODY = _any(
    r"""
    article-?body article-?text article-?content articlebody news-text-wrap news-?text news-?body entry-content
    post-?content post-?body body-?text bodytext ce-bodytext field--name-body field-name-body
    press-?release-?body pressetext meldungstext meldung-?text content-?text text-?content rich-?text richtext
    haupttext fliesstext story-?body release-?body text-?body document-?text news-single-content cms-?content
    article-main td-post-content documentdescription-body c-article__body
    """
)
GALLERY = _any(
    r"""
    gallery galerie bildergalerie slider slideshow carousel swiper bilderstrecke fotostrecke lightbox-?gallery
    splide slick glide image-?gallery fotogalerie
    """
)
