import pytest

from builders import make_release
from syndicate.classify import Rules, classify, own_topic, unmapped
from syndicate.model import Topic

GESUNDHEIT = Topic("gesundheit", "Gesundheit", kickers=("Krankenhäuser",), keywords=("Klinik",))
STRASSE = Topic("strasse", "Straße und Schiene", kickers=("Straße",), aliases=("verkehr",))
RULES = Rules((GESUNDHEIT, STRASSE))


def topics(rules: Rules = RULES, source: tuple[str, ...] = (), **fields: object) -> list[tuple[str, str]]:
    release = make_release(**{"title": "Ein Titel", **fields})
    return [(reason.topic.id, reason.by) for reason in classify(release, source, rules)]


@pytest.mark.parametrize("kicker", ["Gesundheit", "GESUNDHEIT", "krankenhaeuser", "KRANKENHÄUSER ", "gesundheit"])
def test_a_kicker_maps_however_it_is_printed(kicker: str) -> None:
    assert topics(kicker=kicker) == [("gesundheit", f'kicker "{kicker}"')]


def test_an_alias_still_maps() -> None:
    assert topics(kicker="Verkehr") == [("strasse", 'kicker "Verkehr"')]


def test_an_unmapped_kicker_makes_a_feed_of_its_own() -> None:
    assert topics(kicker="Forst & Jagd") == [("forst-jagd", 'kicker "Forst & Jagd"')]
    assert topics(Rules((), "hold"), kicker="Forst & Jagd") == []
    assert unmapped(make_release(kicker="Forst & Jagd"), RULES)
    assert not unmapped(make_release(kicker="Straße"), RULES)


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
