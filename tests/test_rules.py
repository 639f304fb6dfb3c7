"""Rules of `keep` and `drop`: how they are read, and what they match."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from builders import make_release
from syndicate import rules
from syndicate.config import read, warnings
from syndicate.errors import ConfigError
from syndicate.model import MADE, Key, Release, Ruled, Source
from syndicate.normalise import Named, keys, keys_under

ENTRY = make_release(
    title="Bäume für die Straße",
    kicker="Forst",
    categories=("Öffentlicher Dienst",),
    topic_names=("Wald",),
    teaser="Ein Teaser.",
    content="<p>Der <b>Rat</b> berät,\nwas man im Gewinnspiel gewinnt.</p>",
    authors=("dpa/Anna Groß", "Redaktion"),
    url="https://www.example.org/sport/2026/Lauf?id=7",
)


def matched(rule: str, release: Release = ENTRY) -> bool:
    source = Source(id="a", url="https://a.example/", drop=(rule,))
    return rules.judged(release, source, lambda pattern, value: bool(pattern.search(value))).drop is not None


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        ("title:Bäume für die Straße", True),
        ("title:BAEUME FUER DIE STRASSE", True),
        ("title:bäume  für die\tstrasse", True),
        ("title: Bäume*", True),
        ("Title:*straße", True),
        ("title:*Straße*", True),
        ("title:Bäume", False),
        ("title:b?ume*", False),  # folded it is `baeume`
        ("title:b??ume*", True),
        ("title:*", True),
        ("title:**", True),
        ("title:[B]*", False),  # a bracket is a bracket
        ("title:b*f*d*s*e", True),
        ("title:b*d*f*", False),  # in their order
        ("category:forst", True),
        ("category:oeffentlicher *", True),
        ("category:wald", True),
        ("category:wal", False),
        ("author:dpa/*", True),
        ("author:*gross", True),
        ("author:red", False),
        ("url:https://www.example.org/sport/*", True),
        ("url:*/sport/*", True),
        ("url:*/SPORT/*", True),
        ("url:/sport/*", False),  # the whole value
        ("url:*id=?", True),
        ("text:Gewinnspiel", True),
        ("text:gewinn", True),
        ("text:Rat berät, was", True),  # over markup and line ends
        ("text:RAT BERAET", True),
        ("text:Straße", True),  # the title is said, too
        ("text:Ein Teaser", True),
        ("text:im*gewinnt", True),
        ("text:gewinnt*im Gewinnspiel", False),
        ("text:Lotterie", False),
        ("/^Bäume/", True),
        ("/bäume/", False),  # as it is printed
        ("/bäume/i", True),
        ("/(?i)bäume/", True),
        ("/^Forst$/", True),
        ("/^dpa/", True),
        ("/id=[0-9]+$/", True),
        ("/https?:\\/\\/www/", True),
        ("title:/^Forst$/", False),
        ("category:/^Forst$/", True),
        ("text:/berät,.*gewinnt/", False),
        ("text:/berät,.*gewinnt/s", True),
        ("text:/^Ein Teaser\\.$/m", True),
    ],
)
def test_what_a_rule_matches(rule: str, matches: bool) -> None:
    assert matched(rule) is matches


@pytest.mark.parametrize("rule", ["author:*", "category:*", "url:*", "/^$/", "author:/.?/"])
def test_what_is_not_said_is_not_matched(rule: str) -> None:
    bare = make_release(title="Titel", kicker=None, authors=(), url=None, content="<p>Text</p>")
    assert not matched(rule, replace(bare, categories=(), topic_names=()))


@pytest.mark.parametrize(
    ("keep", "drop", "ruled"),
    [
        ((), (), Ruled(None, True)),
        (("category:forst",), (), Ruled(None, True)),
        (("category:schule", "category:forst"), (), Ruled(None, True)),
        (("category:schule",), (), Ruled(None, False)),
        ((), ("text:lotterie", "title:bäume*"), Ruled("title:bäume*", True)),
        (("category:forst",), ("title:bäume*",), Ruled("title:bäume*", True)),
        (("category:schule",), ("title:bäume*",), Ruled("title:bäume*", False)),
        # One that hangs drops nothing, and keeps.
        ((), ("/(x+)+$/",), Ruled(None, True)),
        (("/(x+)+$/",), (), Ruled(None, True)),
        (("category:schule",), ("/(x+)+$/", "url:*"), Ruled("url:*", False)),
    ],
)
def test_drop_wins_and_keep_is_one_of_them(keep: tuple[str, ...], drop: tuple[str, ...], ruled: Ruled) -> None:
    source = Source(id="a", url="https://a.example/", keep=keep, drop=drop)
    assert rules.judged(ENTRY, source, lambda *_: None) == ruled


SOURCE = '[[source]]\nid = "a"\npath = "a"\n[[source]]\nid = "b"\npath = "b"\n'


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('drop = ["Sport"]', 'source[1].drop[0]: "Sport" is not a rule (like title:*Sport*,'),
        ('drop = ["titel:*Sport*"]', "is not a rule (like title:*Sport*, text:Gewinnspiel, /Termine? am/); its fields"),
        ('keep = ["title:x", ""]', 'source[1].keep[1]: "" is not a rule'),
        ('keep = ["title:"]', 'source[1].keep[0]: "title:" is not a rule'),
        ('keep = ["title:  "]', "what it looks for is missing"),
        ('keep = [":x"]', "is not a rule"),
        ('drop = ["/"]', "is not a rule"),
        ('drop = ["//"]', "it is empty, so everything would match"),
        ('drop = ["//i"]', "it is empty, so everything would match"),
        ('drop = ["title://"]', "it is empty, so everything would match"),
        ('drop = ["/x/g"]', "its flags may be i, m, s, not g"),
        ('drop = ["/(/"]', 'source[1].drop[0]: "/(/" is not a regular expression that can be used: missing )'),
        ('drop = ["/[/"]', "unterminated character set"),
        ('drop = ["/*/"]', "nothing to repeat"),
        ('drop = ["/a{99999999999}/"]', "that can be used: the repetition number is too large"),
        (f'drop = ["title:{"x" * 1000}"]', "is not a rule of at most 1,000 characters"),
        ('drop = "title:*"', 'source[1].drop: "title:*" is not a list (of a rule'),
        ("drop = [1]", "source[1].drop[0]: 1 is not a rule"),
        ('update = "silent"', 'source[1].update: "silent" is not one of correct, quiet, ignore'),
        ('identity = ""', 'source[1].identity: "" is not auto, id, link or a regular expression with a group'),
        ('identity = "guid"', "is not auto, id, link or a regular expression with a group"),
        ('identity = "(x"', "that can be used: missing )"),
        ("identity = 1", "source[1].identity: 1 is not auto"),
    ],
)
def test_what_cannot_be_used_is_one_line(line: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        read(f"{SOURCE}{line}\n", tmp_path / "config.toml")
    assert fault in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("rule", ["title:*", "text:*", "url:**", "/x*/", "title:/.*/"])
def test_one_that_drops_whatever_there_is_is_told(rule: str, tmp_path: Path) -> None:
    told = warnings(read(f"{SOURCE}drop = ['{rule}']\n", tmp_path / "config.toml"))
    assert f'source b: drop: "{rule}" matches whatever there is, so nothing new of it is held' in told


@pytest.mark.parametrize("rule", ["title:*x", "author:*", "category:*", "/x/", "title:/.+/"])
def test_one_that_may_let_something_past_is_not(rule: str, tmp_path: Path) -> None:
    told = warnings(read(f"{SOURCE}drop = ['{rule}']\n", tmp_path / "config.toml"))
    assert not [line for line in told if "drop" in line]


@pytest.mark.parametrize(
    "rule", ["title:" + "*a" * 300 + "*b", "text:" + "a*" * 300 + "b", "url:" + "?*" * 300, "title:*" + "a" * 900]
)
def test_no_glob_takes_long(rule: str) -> None:
    long = replace(
        ENTRY, title="a" * 20_000, content=f"<p>{'a' * 200_000}</p>", url=f"https://a.example/{'a' * 20_000}"
    )
    assert matched(rule, long) is rule.startswith(("url", "title:*aaa"))


# --- what docs/rules.md says ------------------------------------------------------------------------------------------

DOCS = (Path(__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
# Each rule of its table → what of an entry it matches.
SAID: dict[str, dict[str, object]] = {
    "title:*Sport*": {"title": "Neues vom SPORT am Abend"},
    "category:Gesundheit": {"categories": ("Verkehr", "gesundheit")},
    "author:dpa*": {"authors": ("dpa/Anna Groß",)},
    "url:https://www.example.org/sport/*": {"url": "https://www.example.org/sport/lauf"},
    "text:Gewinnspiel": {"content": "<p>Das große <b>Gewinn</b>spielportal</p>"},
    "/^Termin(e\\|hinweis)/": {"title": "Terminhinweis: Lauf"},
    "title:/[0-9]{4}/": {"title": "Haushalt 2027"},
}


def test_the_rules_of_the_documentation_match_what_it_says() -> None:
    told = re.findall(r"^\| `([^`]+)` \|", DOCS.partition("## update")[0], re.MULTILINE)
    assert told == [*SAID]
    for rule, fields in SAID.items():
        written = rule.replace("\\|", "|")  # a cell of a table
        assert matched(written, make_release(**fields)), rule
        assert not matched(written, make_release(title="Anderes", url="https://a.example/")), rule


def test_the_configuration_of_the_documentation_is_one(tmp_path: Path) -> None:
    (toml,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    config = read(toml, tmp_path / "config.toml")
    (source,) = config.sources
    assert (len(source.keep), len(source.drop), source.update) == (2, 3, "quiet")
    url = "https://www.example.org/pm-417-neuer-titel"
    assert url in DOCS
    assert keys(Named("urn:7", url), source, ())[0] == Key("id", "portal", f"{MADE}417")


@pytest.mark.parametrize(
    ("identity", "own", "url", "known"),
    [
        ("auto", "urn:7", "https://a.example/pm-4?x=1", ["urn:7", "//a.example/pm-4?x=1"]),
        ("id", "urn:7", "https://a.example/pm-4", ["urn:7", "//a.example/pm-4"]),
        ("link", "urn:7", "https://a.example/pm-4", ["//a.example/pm-4", "urn:7"]),
        ("link", "urn:7", None, ["urn:7"]),
        ("pm-([0-9]+)", "urn:7", "https://a.example/pm-4", ["identity:4", "//a.example/pm-4", "urn:7"]),
        ("pm-([0-9]+)", "urn:pm-7", "https://a.example/pm-4", ["identity:7", "//a.example/pm-4", "urn:pm-7"]),
        ("pm-([0-9]+)", "urn:7", "https://a.example/q", ["urn:7", "//a.example/q"]),
        ("pm-([0-9]+)", None, None, []),
        ("(x)?pm", "urn:pm", None, ["urn:pm"]),  # the group has found nothing
        ("(?:pm|zeile)-(.)-(.)", "pm-a-b", None, ["identity:a", "pm-a-b"]),
    ],
)
def test_by_what_an_entry_is_known(identity: str, own: str | None, url: str | None, known: list[str]) -> None:
    source = Source(id="a", url="https://a.example/", identity=identity)
    assert [key.value for key in keys(Named(own, url), source, ())] == known


@pytest.mark.parametrize("before", ["auto", "id", "link", "pm-([0-9]+)"])
@pytest.mark.parametrize("after", ["id", "link", "pm-([0-9]+)"])
def test_keys_under_another_identity(before: str, after: str) -> None:
    """As if it were read by that."""
    was, now = (Source(id="a", url="https://a.example/", identity=identity) for identity in (before, after))
    named = Named("urn:pm-7", "https://a.example/pm-7")
    said = make_release(url=named.url, keys=keys(named, was, ()))
    assert keys_under(said, now) == keys(named, now, ())
