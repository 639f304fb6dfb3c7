"""The words that we say ourselves, in the two languages we speak: German where the site's is, English otherwise."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from syndicate.notices import months

_TABLE: dict[str, tuple[str, str]] = {
    # key: (German, English)
    "about": ("Über dieses Angebot", "About"),
    "about_release": ("Zur Meldung", "About this release"),
    "accessibility": ("Barrierefreiheit", "Accessibility"),
    "all_releases": ("Alle Meldungen", "All releases"),
    "attachments": ("Anhänge", "Attachments"),
    "author": ("Von", "By"),
    "back_to_overview": ("Zurück zur Übersicht", "Back to the overview"),
    "contact": ("Kontakt", "Contact"),
    "corrected_by_release": ("Diese Meldung wurde berichtigt", "This release was corrected"),
    "corrected_version": ("Korrigierte Fassung vom {date}: {note}", "Corrected version of {date}: {note}"),
    "corrects": ("Berichtigt", "Corrects"),
    "corrects_release": ("Diese Meldung berichtigt", "This release corrects"),
    "days": ("Meldungen vom {first} bis {last}", "Releases from {first} to {last}"),
    "decimal_mark": (",", "."),
    "email": ("E-Mail", "E-mail"),
    "embargo": ("SPERRFRIST {until}", "EMBARGO {until}"),
    "embargo_moved": ("{mark} – verschoben, bisher {before}", "{mark} – moved, before it was {before}"),
    "embargo_of_version": (
        "Neue Fassung. Die bisherige ist öffentlich.",
        "New version. The one before it is public.",
    ),
    "embargo_open": ("(bis zur Freigabe)", "(until it is released)"),
    "embargo_until": ("bis {time}", "until {time}"),
    "feed": ("{format}-Feed", "{format} feed"),
    "feed_text": (
        "Dies ist ein Feed. Wer seine Adresse in einen Feedreader kopiert, erhält dort neue Meldungen:",
        "This is a feed. Copy its address into a feed reader to receive new releases there:",
    ),
    "file": ("Datei", "File"),
    "first_seen": ("erfasst am", "first seen on"),
    "further": ("Weitere Meldungen", "More releases"),
    "headline": ("nur Überschrift", "headline only"),
    "headline_only": (
        "Von dieser Meldung ist bisher nur die Überschrift bekannt.",
        "Only the headline of this release is known so far.",
    ),
    "hub": ("WebSub-Hub", "WebSub hub"),
    "hub_text": (
        "Hier melden sich Programme an, die von Änderungen der Feeds sofort erfahren sollen (WebSub, POST).",
        "Programs subscribe here that are to hear of changes of the feeds at once (WebSub, POST).",
    ),
    "image": ("Bild", "Image"),
    "image_credit": ("Bild", "Image"),
    "images": ("Bilder", "Images"),
    "import_all": ("Alle Feeds auf einmal abonnieren (OPML)", "Subscribe to all feeds at once (OPML)"),
    "imprint": ("Impressum", "Imprint"),
    "index_text": (
        "Alle Meldungen nach Themen, zum Lesen und zum Abonnieren.",
        "All releases by topic, to read and to subscribe to.",
    ),
    "latest": ("Neueste Meldungen", "Latest releases"),
    "licence": ("Lizenz", "Licence"),
    "moved": ("Jetzt unter anderer Kennung", "Under another id now"),
    "moved_on": (
        "Seit dem {date} öffentlich, unter einer anderen Kennung:",
        "Public since {date}, under another id:",
    ),
    "navigation": ("Navigation", "Navigation"),
    "newer": ("Neuere Meldungen", "Newer releases"),
    "no_releases": ("Zurzeit keine Meldungen.", "No releases at present."),
    "none_left": ("Auf dieser Seite steht keine Meldung mehr.", "No release is left on this page."),
    "not_found": ("Nicht gefunden", "Not found"),
    "not_found_text": ("Unter dieser Adresse gibt es nichts.", "There is nothing at this address."),
    "older": ("Ältere Meldungen", "Older releases"),
    "one_day": ("Meldungen vom {day}", "Releases of {day}"),
    "one_release": ("1 Meldung", "1 release"),
    "original": ("Zur Originalmeldung", "Read the original release"),
    "pages": ("Seiten", "Pages"),
    "phone": ("Telefon", "Phone"),
    "press_contact": ("Pressekontakt", "Press contact"),
    "privacy": ("Datenschutz", "Privacy"),
    "reason": ("Grund", "Reason"),
    "related": ("Weitere Meldungen", "Related releases"),
    "releases_count": ("{count} Meldungen", "{count} releases"),
    "skip_to_content": ("Zum Inhalt springen", "Skip to content"),
    "subscribe": ("Abonnieren", "Subscribe"),
    "subscribe_all": ("Alle Meldungen abonnieren", "Subscribe to all releases"),
    "subscribe_text": (
        "Diese Adressen in einen Feedreader kopieren, um neue Meldungen zu erhalten.",
        "Copy one of these addresses into a feed reader to receive new releases.",
    ),
    "table": ("Tabelle", "Table"),
    "thousands_mark": (".", ","),
    "topic_text": ("{topic}: die neuesten Meldungen.", "{topic}: the latest releases."),
    "topics": ("Themen", "Topics"),
    "updated": ("Aktualisiert", "Updated"),
    "withdrawn": ("Zurückgezogen", "Withdrawn"),
    "withdrawn_on": ("Zurückgezogen am {date}.", "Withdrawn on {date}."),
    "withdrawn_text": ("Diese Meldung wurde zurückgezogen.", "This release has been withdrawn."),
    # Of searches.
    "any_topic": ("Alle Themen", "All topics"),
    "any_year": ("Alle Jahre", "All years"),
    "chosen": ("gewählt", "chosen"),
    "found_many": ("{count} Meldungen gefunden", "{count} releases found"),
    "found_more": ("Mehr als {count} Meldungen gefunden", "More than {count} releases found"),
    "found_more_text": (
        "Gezählt und gezeigt werden die neuesten {count}. Weitere Wörter, ein Thema oder ein Jahr grenzen ein.",
        "The newest {count} are counted and shown. More words, a topic or a year narrow it down.",
    ),
    "found_none": ("Keine Meldung gefunden", "No release found"),
    "found_none_text": (
        "Vielleicht hilft ein anderes Wort, ein kürzeres oder eines weniger.",
        "Another word may help, a shorter one, or one less.",
    ),
    "found_one": ("1 Meldung gefunden", "1 release found"),
    "in_topics": ("Nach Thema", "By topic"),
    "in_years": ("Nach Jahr", "By year"),
    "quoted": ("„{words}“", "“{words}”"),
    "refused_excluded": (
        "Was nicht vorkommen soll, genügt nicht: Es braucht auch ein Wort, das vorkommt.",
        "What is not to be there is not enough: a word that is to be found is needed, too.",
    ),
    "refused_long": ("Das ist zu lang: höchstens 200 Zeichen.", "This is too long: at most 200 characters."),
    "refused_many": ("Das sind zu viele Wörter: höchstens 12.", "These are too many words: at most 12."),
    "refused_nothing": ("Darin ist kein Wort, das man suchen könnte.", "There is no word in it to search for."),
    "refused_page": ("So weit hinten gibt es keine Seite.", "There is no page that far behind."),
    "refused_topics": ("Das sind zu viele Themen: höchstens 32.", "These are too many topics: at most 32."),
    "refused_twice": ("In der Adresse steht etwas zweimal.", "Something is in the address twice."),
    "refused_year": ("Das ist kein Jahr.", "This is not a year."),
    "search": ("Suche", "Search"),
    "search_do": ("Suchen", "Search"),
    "search_hint": (
        'Ab drei Buchstaben genügt der Anfang eines Wortes. "So in Anführungszeichen" steht es genau da, -ohne schließt'
        " ein Wort aus.",
        'From three letters on, the beginning of a word is enough. "In quotation marks" it stands just so, -without'
        " leaves a word out.",
    ),
    "search_label": ("Was suchen Sie?", "What are you looking for?"),
    "subscribe_search": ("Diese Suche abonnieren", "Subscribe to this search"),
    "subscribe_search_text": (
        "Neue Meldungen, in denen das steht, kommen so von selbst in den Feedreader.",
        "So new releases in which this stands come to a feed reader by themselves.",
    ),
}
_GERMAN: Mapping[str, str] = MappingProxyType({key: german for key, (german, _) in _TABLE.items()})
_ENGLISH: Mapping[str, str] = MappingProxyType({key: english for key, (_, english) in _TABLE.items()})


def speaks_german(language: str) -> bool:
    """Is this BCP 47 tag German (`de`, `de-AT`)?"""
    return language.lower().split("-", 1)[0] == "de"


def words(language: str) -> Mapping[str, str]:
    """Our interface words by key; some hold a place for `str.format`: {count}, {topic}, {date}, {note}."""
    return _GERMAN if speaks_german(language) else _ENGLISH


def long_date(moment: datetime, language: str, timezone: str) -> str:
    """The day for people: `14. März 2026`, `14 March 2026`. `timezone` is an IANA name."""
    local = moment.astimezone(ZoneInfo(timezone))
    german, english = months.GERMAN[local.month - 1], months.ENGLISH[local.month - 1]
    return f"{local.day}. {german} {local.year}" if speaks_german(language) else f"{local.day} {english} {local.year}"


def long_time(moment: datetime, language: str, timezone: str) -> str:
    """Day and time for people: `14. März 2026, 11:00 Uhr`, `14 March 2026, 11:00`."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{long_date(moment, language, timezone)}, {local:%H:%M}" + (" Uhr" if speaks_german(language) else "")


def file_size(length: int, language: str) -> str:
    """Bytes for people, in powers of ten: `812 B`, `1,4 MB`."""
    size, unit = float(length), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 999.5:
            break
        size, unit = size / 1000, larger
    number = f"{size:.1f}".removesuffix(".0") if unit != "B" and size < 99.95 else f"{size:.0f}"
    return f"{number.replace('.', words(language)['decimal_mark'])} {unit}"
