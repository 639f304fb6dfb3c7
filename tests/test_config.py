"""config.toml → Plan: what is read, what is refused and how that is said."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import __version__
from syndicate.config import LISTS, TABLES, Key, load, read, warnings
from syndicate.errors import ConfigError
from syndicate.model import Plan, Site, Source, Topic

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "src" / "syndicate" / "cli" / "templates" / "config.toml"
Load = Callable[[str], Plan]


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads a text as the config.toml of the working directory."""
    monkeypatch.chdir(tmp_path)

    def load_text(text: str) -> Plan:
        Path("config.toml").write_text(text, encoding="utf-8")
        return load(Path("config.toml"))

    return load_text


def test_an_empty_file_has_every_default(loaded: Load, tmp_path: Path) -> None:
    config = loaded("")
    assert config.path == tmp_path / "config.toml"
    assert config.site == Site(tag="127.0.0.1,2026")
    assert config.store == f"sqlite:///{tmp_path}/syndicate.db"
    assert config.publish.directory == tmp_path / "feeds"
    assert config.publish.formats == ("atom", "rss", "json")
    assert (config.publish.page_size, config.publish.html) == (50, True)
    assert (config.publish.tombstones, config.publish.withdrawal_notice) == (timedelta(days=90), timedelta(days=30))
    assert config.fetch.user_agent == f"syndicate/{__version__} (+http://127.0.0.1:8000/)"
    assert (config.fetch.interval, config.fetch.timeout) == (timedelta(hours=1), timedelta(seconds=30))
    assert (config.fetch.max_bytes, config.fetch.per_host) == (10_000_000, 2)
    assert (config.serve.host, config.serve.port) == ("127.0.0.1", 8000)
    assert (config.unmapped, config.topics, config.sources) == ("publish", (), ())


def test_everything_can_be_said(loaded: Load, tmp_path: Path) -> None:
    config = loaded(
        """
        [site]
        base_url = "https://Presse.Talland.example/amt"
        language = "de-CH"
        timezone = "Europe/Zurich"
        contact = "presse@talland.example"
        [store]
        url = "sqlite:////var/lib/syndicate/s.db"
        [publish]
        directory = "../www"
        formats = ["json", "atom"]
        withdrawal_notice = "0d"
        [fetch]
        interval = "2h"
        max_bytes = "2 MiB"
        [[topic]]
        title = "Städtebau & Straßen"
        kickers = ["Städtebau"]
        aliases = ["bau"]
        mediatopic = "medtop:07000000"
        [[topic]]
        title = "Index"
        [[topic]]
        title = "★"
        [[source]]
        id = "ordner_1"
        path = "rein"
        [[source]]
        id = "netz"
        url = "https://example.org/f?utm_source=x"
        interval = "30s"
        timezone = "Europe/London"
        language = "en"
        format = "feed"
        topics = ["Bau"]
        headlines = false
        missing = "withdraw"
        future = "embargo"
        enabled = false
        priority = 5
        content = "teaser"
        images = "text"
        allow_private = true
        """
    )
    assert config.site.base_url == "https://presse.talland.example/amt/"
    assert config.site.tag == "presse.talland.example,2026"
    assert config.store == "sqlite:////var/lib/syndicate/s.db"
    assert config.publish.directory == tmp_path / "../www"
    assert config.publish.formats == ("json", "atom")
    assert config.publish.withdrawal_notice == timedelta()
    assert config.fetch.max_bytes == 2 * 2**20
    assert config.topics[0] == Topic(
        "staedtebau-strassen", "Städtebau & Straßen", "", ("Städtebau",), (), ("bau",), "medtop:07000000"
    )
    assert all(re.fullmatch("thema-[0-9a-f]{6}", topic.id) for topic in config.topics[1:])
    ours = {"timezone": "Europe/Zurich", "language": "de-CH", "tag": config.site.tag}
    assert config.sources == (
        Source(id="ordner_1", path=str(tmp_path / "rein"), interval=timedelta(hours=2), follows_rhythm=True, **ours),
        Source(
            id="netz",
            url="https://example.org/f?utm_source=x",
            interval=timedelta(seconds=30),
            timezone="Europe/London",
            language="en",
            tag=config.site.tag,
            format="feed",
            topics=("Bau",),
            headlines=False,
            missing="withdraw",
            future="embargo",
            enabled=False,
            priority=5,
            content="teaser",
            images="text",
            allow_private=True,
        ),
    )


SOURCE = '[[source]]\nid = "s"\npath = "in"\n'
FAULTS = [
    block.strip().split("\n→ ")
    for block in (Path(__file__).parent / "data" / "config" / "faults.txt").read_text(encoding="utf-8").split("\n\n")
]


@pytest.mark.parametrize(("text", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_fault_names_key_value_and_what_is_allowed(loaded: Load, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        loaded(text)
    assert str(error.value) == f"config.toml: {said}"


def test_all_faults_are_said_at_once(loaded: Load) -> None:
    with pytest.raises(ConfigError) as error:
        loaded('[serve]\nport = 0\n[[topic]]\n[[source]]\nid = "s"\npath = 3\n[site]\nbase_url = ""\nx = 1')
    keys = [line.split(": ")[1] for line in str(error.value).splitlines()]
    assert keys == ["site.x", "site.base_url", "serve.port", "topic[0].title", "source[0].path"]


def test_a_missing_file_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: there is no such file .*`syndicate init`"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[site]\ntitle = \n", r"is not TOML: .*line 2"),
        (b"[site]\n[site]\n", r"is not TOML: .*line 2"),
        ("[site]\ntitle = 'ä'".encode("cp1252"), r"is not UTF-8 \(byte 16\)"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(body)
    with pytest.raises(ConfigError, match=said):
        load(path)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbf[site]\r\ntitle = "x"\r\n')
    assert load(path).site.title == "x"


@pytest.mark.parametrize(
    ("site", "keys"),
    [
        ("", ["site.tag"]),
        ('base_url = "http://[::1]:8000/"', ["site.tag"]),
        ('base_url = "http://10.0.0.7/"', []),
        ('base_url = "http://intranet/"', []),
        ('base_url = "https://p.example.org/"\ncontact = "a@example.org"', ["imprint_url", "privacy_url", "access"]),
        (
            'base_url = "https://p.example.org/"\ntag = "me@localhost,2026"',
            ["tag", "impr", "priv", "access", "contact"],
        ),
    ],
)
def test_warnings(loaded: Load, site: str, keys: list[str]) -> None:
    found = warnings(loaded(f"[site]\n{site}\n{SOURCE}"))
    assert len(found) == len(keys)
    assert all(key in line for key, line in zip(keys, found, strict=True))


def test_no_source_is_worth_a_warning(loaded: Load) -> None:
    assert warnings(loaded(""))[0].startswith("source: none")


@given(st.integers(1, 10**9 - 1), st.sampled_from("smhd"))
def test_a_duration_is_its_number_of_units(number: int, unit: str) -> None:
    read, span = TABLES["fetch"]["interval"].read, number * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    if span > 36_500 * 86_400:
        with pytest.raises(ValueError, match="a duration"):
            read(f"{number}{unit}")
    else:
        assert read(f"{number}{unit}") == timedelta(seconds=span)


ANY = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.lists(st.text()), st.just({})
)
LIKELY = st.from_regex(
    r"(https?://|sqlite:///|medtop:|me@)?[\[\]:/.%@a-zäß0-9-]{0,12}(,2026|[smhd]|MB)?", fullmatch=True
)


@pytest.mark.parametrize(
    "key", [pytest.param(keys[name], id=name) for keys in (TABLES | LISTS).values() for name in keys]
)
@settings(max_examples=20)
@given(value=ANY | LIKELY)
def test_a_value_is_read_or_refused_but_never_breaks(key: Key, value: object) -> None:
    refused = ""
    try:
        key.read(value)
    except ValueError as what:
        refused = str(what)
    told = {"", key.allowed, "a duration above zero (like 30s, 15m, 6h)"}
    assert refused in told or refused.startswith(("a rule", "a regular expression"))  # with what is wrong in it


# --- the configurations that we ship ----------------------------------------------------------------------------------


def test_the_bundled_configuration_has_the_fourteen_topics_by_kicker() -> None:
    config = load(ROOT / "config.toml")
    assert [topic.title for topic in config.topics] == [
        "Kooperation", "Schule", "Gesundheit", "Gleichstellung", "Städtebauförderung", "Bürgerbeteiligung",
        "Kunst und Kultur", "Forst", "Bahngipfel", "Landesregierung", "Innere Sicherheit", "Kinder und Jugendliche",
        "Arbeitsmarkt", "Europa",
    ]  # fmt: skip
    assert all(topic.title in topic.kickers and not topic.keywords for topic in config.topics)
    assert [source.path for source in config.sources] == [str(ROOT / "examples" / "releases")]


def test_what_init_writes_is_the_defaults_and_a_folder() -> None:
    config = load(TEMPLATE)
    assert config.site == Site(tag="127.0.0.1,2026")
    assert [(source.id, source.path) for source in config.sources] == [("releases", str(TEMPLATE.parent / "releases"))]


def test_what_init_writes_shows_every_key_with_its_default(loaded: Load) -> None:
    shown = re.sub(r"^#(?=[a-z\[])", "", TEMPLATE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name, keys in (TABLES | LISTS).items():
        section = "".join(re.findall(rf"^\[+{name}\]+\n(.*?)(?=^\[|\Z)", shown, flags=re.MULTILINE | re.DOTALL))
        assert {key for key in keys if re.search(rf"^{key} = ", section, re.MULTILINE)} == keys.keys()
    config, default = loaded(shown), loaded("")
    assert (config.publish, config.fetch) == (default.publish, default.fetch)
    assert config.serve == replace(default.serve, is_status_stated=True)
    assert config.topics == (Topic("gesundheit", "Gesundheit", kickers=("Gesundheit", "Krankenhäuser")),)
    assert config.sources[1] == Source(
        id="portal",
        url="https://www.example.org/feed.xml",
        tag="press.example.org,2026",
        fulltext=True,
        headers=(("Authorization", "Bearer 0123"),),
        select=(("title", "h1.headline"), ("remove", ".ad")),
    )


def test_a_topic_of_a_source_that_is_none_is_told(tmp_path: Path) -> None:
    source = '[[source]]\nid = "amt"\npath = "releases"\ntopics = ["gesundheit", "Gesundheti"]\n'
    text = f'[[topic]]\ntitle = "Gesundheit"\n{source}'
    told = [line for line in warnings(read(text, tmp_path / "config.toml")) if line.startswith("source")]
    assert told == ['source amt: topics: "Gesundheti" is no configured topic, so it makes a feed of its own']


@pytest.mark.parametrize("begin", ['[[webhook]]\nurl = "htps://', '[webhook]\nurl = "https://'])
def test_no_error_quotes_the_address_of_a_webhook(begin: str, tmp_path: Path) -> None:
    text = f'{begin}hooks.example/T0/b6f1c0de"\nsecret = "0123456789abcdef"\n'
    with pytest.raises(ConfigError, match=r"webhook") as error:
        read(text, tmp_path / "config.toml")
    assert "b6f1c0de" not in str(error.value)


def test_a_topic_of_a_webhook_that_is_none_is_told(tmp_path: Path) -> None:
    hook = '[[webhook]]\nurl = "https://a.example/"\nsecret = "0123456789abcdef"\ntopics = ["alt", "gesundheti"]\n'
    text = f'[[topic]]\ntitle = "Gesundheit"\naliases = ["alt"]\n{hook}'
    told = [line for line in warnings(read(text, tmp_path / "config.toml")) if line.startswith("webhook")]
    assert told == ['webhook[0].topics: "gesundheti" is no configured topic']
