from dataclasses import replace
from typing import Any

import pytest

from builders import NOON, make_release
from syndicate.classify import Rules, classify, own_topic, unmapped
from syndicate.model import Edition, Topic

GESUNDHEIT = Topic("gesundheit", "Gesundheit", kickers=("Krankenhäuser",), keywords=("Klinik",))
STRASSE = Topic("strasse", "Straße und Schiene", kickers=("Straße",), aliases=("verkehr",))
RULES = Rules((GESUNDHEIT, STRASSE))


def topics(rules: Rules = RULES, source: tuple[str, ...] = (), **fields: Any) -> list[tuple[str, str]]:
    release = make_release(**{"title": "Ein Titel", **fields})
    rules = replace(rules, given={release.source or "": source})
    return [(reason.topic.id, reason.by) for reason in classify(release, (), rules)]


@pytest.mark.parametrize("kicker", ["Gesundheit", "GESUNDHEIT", "krankenhaeuser", "KRANKENHÄUSER ", "gesundheit"])
def test_a_kicker_maps_however_it_is_printed(kicker: str) -> None:
    assert topics(kicker=kicker) == [("gesundheit", f'kicker "{kicker}"')]


def test_an_alias_still_maps() -> None:
    assert topics(kicker="Verkehr") == [("strasse", 'kicker "Verkehr"')]


def test_an_unmapped_kicker_makes_a_feed_of_its_own() -> None:
    assert topics(kicker="Forst & Jagd") == [("forst-jagd", 'kicker "Forst & Jagd"')]
    assert topics(Rules((), "hold"), kicker="Forst & Jagd") == []
    assert unmapped(make_release(kicker="Forst & Jagd"), RULES) == ("Forst & Jagd",)
    assert unmapped(make_release(kicker="Straße"), RULES) == ()
    assert unmapped(make_release(kicker="Straße", kickers=("Forst & Jagd", "Straße")), RULES) == ("Forst & Jagd",)
    assert unmapped(make_release(), RULES) == ()


def test_categories_and_keywords_only_map() -> None:
    assert topics(categories=("Forst", "Straße"), teaser="Die Klinik öffnet.") == [
        ("strasse", 'category "Straße"'),
        ("gesundheit", 'keyword "Klinik"'),
    ]
    assert topics(teaser="Polikliniken und Klinikum") == []


def test_the_operators_words_make_a_feed_even_where_kickers_are_held() -> None:
    assert topics(Rules((), "hold"), ("Land",), topic_names=("Forst",)) == [
        ("forst", 'front matter "Forst"'),
        ("land", 'source "Land"'),
    ]


def test_a_topic_comes_once_with_its_first_reason() -> None:
    assert topics(kicker="Gesundheit", categories=("Krankenhäuser",)) == [("gesundheit", 'kicker "Gesundheit"')]


@pytest.mark.parametrize("name", ["All", "media", "日本", "Index"])
def test_no_topic_takes_a_reserved_name(name: str) -> None:
    topic = own_topic(name)
    assert topic.id.startswith("thema-")
    assert len(topic.id) == len("thema-") + 6
    assert topic.title == name


def edition(source: str, **fields: Any) -> Edition:
    return Edition(source=source, said=make_release(source=source, **fields))


def by_editions(*editions: Edition, given: dict[str, tuple[str, ...]] | None = None, **shown: Any) -> dict[str, str]:
    release = make_release(**{"source": "haus", "kicker": "Straße", **shown})
    rules = replace(RULES, given=given or {})
    reasons = classify(release, editions, rules)
    return {reason.topic.title: reason.by for reason in reasons}


OF_THE_ROAD = {"Straße und Schiene": 'kicker "Straße"'}


@pytest.mark.parametrize(
    ("editions", "shown", "expected"),
    [
        # The words shown are the release's own, whatever its source's edition says: a person may have changed them.
        ([edition("haus", kicker="Gesundheit")], {}, OF_THE_ROAD),
        ([edition("portal", kicker="Gesundheit")], {}, OF_THE_ROAD | {"Gesundheit": 'kicker "Gesundheit"'}),
        ([edition("portal", kicker="Straße", categories=("Straße",))], {}, OF_THE_ROAD),
        ([edition("portal", kicker="Gesundheit", withdrawn=NOON)], {}, OF_THE_ROAD),
        ([], {"kicker": None}, {}),
    ],
)
def test_topics_over_editions(editions: list[Edition], shown: dict[str, Any], expected: dict[str, str]) -> None:
    assert by_editions(*editions, **shown) == expected


def test_each_edition_gets_what_its_source_gives() -> None:
    given = {"haus": ("Haus",), "portal": ("Portal",), "drittes": ("Drittes",)}
    found = by_editions(edition("haus"), edition("portal", kicker=None), edition("fremd", kicker=None), given=given)
    assert found == OF_THE_ROAD | {"Haus": 'source "Haus"', "Portal": 'source "Portal"'}


@pytest.mark.parametrize(
    ("kicker", "title"),
    [
        ("LÄRMSCHUTZ", "Lärmschutz"),
        ("KUNST UND KULTUR", "Kunst und Kultur"),
        ("LÄNDLICHER RAUM", "Ländlicher Raum"),
        ("FÜR FAMILIEN", "Für Familien"),
        ("EU-POLITIK", "EU-Politik"),
        ("KI UND BILDUNG", "KI und Bildung"),
        ("BAU & VERKEHR", "Bau & Verkehr"),
        ("STRAßENBAU", "Straßenbau"),
        ("WALD", "Wald"),
        ("GTAC", "GTAC"),
        ("UNESCO", "UNESCO"),
        ("ÖPNV", "ÖPNV"),
        ("EU", "EU"),
        ("COVID-19", "COVID-19"),
        ("BAföG", "BAföG"),
        ("Kunst und KULTUR", "Kunst und KULTUR"),
        ("A 7", "A 7"),
    ],
)
def test_a_kicker_in_capitals_makes_a_topic_in_ordinary_case(kicker: str, title: str) -> None:
    (reason,) = classify(make_release(kicker=kicker), (), Rules())
    assert (reason.topic.title, reason.topic.id) == (title, own_topic(kicker).id)
    assert reason.by == f'kicker "{kicker}"'
