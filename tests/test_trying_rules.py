"""Rules and identities tried over what is held, and what no start takes without a person's word."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest

from builders import make_release
from cli_site import Process, Site
from syndicate.app import App
from syndicate.config import load
from syndicate.errors import ConfigError
from syndicate.model import Dropped, Edition, Key, Source
from syndicate.store import Store, running
from syndicate.store import open as open_store
from syndicate.trying import Chosen, Held, Identities, Searching, differences, identities, let_in, why_out
from waiting import until


def searched(pattern: re.Pattern[str], value: str) -> bool:
    return bool(pattern.search(value))


def amt(**fields: Any) -> Source:
    return Source(id="amt", **fields)


EICHE = make_release(source="amt", title="Eichen im Bergwald", kicker="Forst", teaser="Das Land pflanzt.")


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ({}, {}, ""),
        ({}, {"drop": ("title:*eichen*",)}, 'drop "title:*eichen*"'),
        ({}, {"drop": ("title:*buchen*",)}, ""),
        ({}, {"keep": ("category:Schule",)}, "keep: none of its rules matches"),
        ({}, {"keep": ("category:Schule", "text:pflanzt")}, ""),
        ({}, {"drop": ("/Berg(wald|bau)/",)}, 'drop "/Berg(wald|bau)/"'),
        ({"drop": ("title:*eichen*",)}, {"drop": ("title:*eichen*",)}, ""),  # they are as they were
        ({"drop": ("title:*wald*",)}, {"drop": ("title:*eichen*",)}, ""),  # nor would it have come in before
    ],
)
def test_what_would_not_have_come_in(before: dict[str, Any], after: dict[str, Any], rule: str) -> None:
    held = Held(EICHE, (Edition(source="amt", said=EICHE),))
    was, now = Chosen(sources=(amt(**before),)), Chosen(sources=(amt(**after),))
    told = [each.reason for each in differences(held, was, now, searched) if each.kind == "dropped"]
    assert told == ([f"source amt, {rule}; it stays, with its corrections"] if rule else [])


MAYBE = ", and may come in: its title and address alone are known"


@pytest.mark.parametrize(
    ("rule", "after", "reason"),
    [
        ("title:*eichen*", {}, 'it was dropped (drop "title:*eichen*")'),
        ("title:*eichen*", {"drop": ("title:*eichen*",)}, None),
        ("title:*eichen*", {"drop": ("title:*wald*",)}, None),
        ("title:*eichen*", {"drop": ("text:Esel",)}, 'it was dropped (drop "title:*eichen*")' + MAYBE),
        ("text:Esel", {"drop": ("text:Esel",)}, None),
        ("keep", {}, "it was dropped (none of keep matched)"),
        ("keep", {"keep": ("title:*eichen*",)}, "it was dropped (none of keep matched)"),
        ("keep", {"keep": ("title:*buchen*",)}, None),
        ("keep", {"keep": ("category:Forst",)}, "it was dropped (none of keep matched)" + MAYBE),
        ("keep", {"keep": ("title:*eichen*",), "drop": ("url:*/forst/*",)}, None),
    ],
)
def test_what_was_dropped_and_would_come_in(rule: str, after: dict[str, Any], reason: str | None) -> None:
    dropped = Dropped("k", "Eichen im Bergwald", "https://a.example/forst/1", None, rule, "amt")
    assert let_in(dropped, amt(**after), searched) == reason


# --- identity ---------------------------------------------------------------------------------------------------------


def release(number: int, *names: tuple[str, str], url: str | None = None) -> Any:
    keys = tuple(Key(kind, "amt" if kind == "id" else "", value) for kind, value in names)
    return make_release(f"talland0000{number}", source="amt", url=url, title=f"Titel {number}", keys=keys)


ONE = release(1, ("id", "a"), ("url", "https://a.example/pm-417-alt"), url="https://a.example/pm-417-alt")
SAME_LINK = release(2, ("id", "b"), ("url", "https://a.example/pm-417-alt"), url="https://a.example/pm-417-alt")
SAME_NUMBER = release(3, ("id", "c"), ("url", "https://a.example/pm-417-neu"), url="https://a.example/pm-417-neu")
OTHER = release(4, ("id", "d"), ("url", "https://a.example/pm-418"), url="https://a.example/pm-418")
TWO_IDS = release(5, ("id", "e"), ("id", "f"), ("url", "https://a.example/5"), url="https://a.example/5")
TWO_LINKS = release(6, ("url", "https://a.example/6"), ("url", "https://a.example/6b"), url="https://a.example/6")
PM = "/pm-([0-9]+)"


@pytest.mark.parametrize(
    ("identity", "releases", "told"),
    [
        ("link", [ONE, OTHER], []),
        ("link", [ONE, SAME_LINK, OTHER], [("merged", 2, '//a.example/pm-417-alt" is that of talland00001')]),
        ("id", [ONE, SAME_LINK], []),
        ("id", [TWO_IDS], [("split", 5, "it has been named by 2: e, f")]),
        ("link", [TWO_LINKS], [("split", 6, "it has been named by 2: //a.example/6, //a.example/6b")]),
        (PM, [ONE, SAME_NUMBER, OTHER], [("merged", 3, '"417" is that of talland00001 „Titel 1“, too')]),
        (PM, [OTHER, TWO_IDS], []),  # where it finds nothing, all keys go on counting
        ("auto", [ONE, SAME_LINK], [("merged", 2, "is that of talland00001")]),
    ],
)
def test_which_releases_another_identity_would_make_one_or_two(
    identity: str, releases: list[Any], told: list[tuple[str, int, str]]
) -> None:
    found = Identities({"amt": amt(identity=identity)}, lambda pattern, value: pattern.search(value) or False)
    rows = [each for one in releases for each in found.of(one, one, one.keys)]
    assert [(each.kind, each.release) for each in rows] == [(kind, f"talland0000{n}") for kind, n, _ in told]
    assert all(
        reason in row.reason and f'identity = "{identity}"' in row.reason
        for row, (*_, reason) in zip(rows, told, strict=True)
    )


# --- over a store -----------------------------------------------------------------------------------------------------


def items(count: int, guid: str = "g{}", link: str = "https://a.example/{}") -> str:
    told = "".join(
        f"<item><title>Meldung {n} zum Forst</title><guid isPermaLink='false'>{guid.format(n)}</guid>"
        f"<link>{link.format(n)}</link><category>Forst</category>"
        f"<description>Text Nummer {n} {'x' * n}</description></item>"
        for n in range(count)
    )
    head = "<title>Amt</title><link>https://a.example/</link><description>x</description>"
    return f'<rss version="2.0"><channel>{head}{told}</channel></rss>'


FEED = '[[source]]\nid = "amt"\npath = "feed.xml"\n'


class Fed(Site):
    """A site whose source is a feed in a file."""

    def __init__(self, folder: Path, count: int = 12) -> None:
        super().__init__(folder, sources=FEED)
        self.feed = folder / "feed.xml"
        self.feed.write_text(items(count), encoding="utf-8")

    def chooses(self, **keys: str) -> None:
        """Keys of the source, as TOML."""
        text = self.config.read_text("utf-8").partition(FEED)[0] + FEED
        self.config.write_text(text + "".join(f"{name} = {value}\n" for name, value in keys.items()), encoding="utf-8")

    @property
    def store(self) -> Store:
        return open_store(load(self.config).store)


@pytest.fixture
def fed(tmp_path: Path) -> Fed:
    made = Fed(tmp_path)
    assert made.run("run", "--once").code == 0
    return made


def test_a_changed_identity_is_taken_by_no_start_before_a_person_does(fed: Fed) -> None:
    fed.chooses(identity='"link"')
    for command in (["run", "--once"], ["ingest"], ["ingest", "amt"]):
        done = fed.run(*command)
        assert done.code == 2
        assert done.err == (
            f'syndicate: {fed.config}: source[0].identity: "link" is another than "auto", by which the 12 releases of'
            " amt are known: two may become one, or one two; `syndicate try` shows which, `syndicate try --accept`"
            " takes it on\n"
        )
    checked = fed.run("check")
    assert checked.code == 1
    assert 'problem source[0].identity: "link" is another than "auto"' in checked.err
    tried = fed.run("try")
    assert tried.code == 0
    assert tried.out.startswith('source amt: identity = "link" on a source with 12 releases, known by "auto" until now')
    assert fed.run("ingest").code == 2  # that was only a look
    accepted = fed.run("try", "--accept")
    assert accepted.code == 0
    assert accepted.err == 'amt: from the next start or reload on, its releases are known by "link"\n'
    with fed.store as store:
        assert identities(store) == {"amt": "link"}
    for command in (["ingest", "amt"], ["run", "--once"]):
        assert fed.run(*command).code == 0
    assert "nothing would change" in fed.run("try").out
    fed.chooses()  # back again is another change
    assert fed.run("ingest").code == 2


def test_what_a_person_does_to_a_release_waits_for_no_word_on_an_identity(fed: Fed) -> None:
    fed.chooses(identity='"link"')
    with fed.store as store:
        one = store.releases.list()[0].id
    assert fed.run("releases", "withdraw", one).code == 0
    assert fed.run("ingest").code == 2  # nor is it taken on by that


def test_a_source_without_releases_has_the_identity_that_it_likes(tmp_path: Path) -> None:
    site = Fed(tmp_path, count=0)
    for identity in ('"link"', '"id"', '"/([0-9]+)"', '"auto"'):
        site.chooses(identity=identity)
        assert site.run("run", "--once").code in (0, 1), identity
    site.chooses(identity='"id"')
    site.feed.write_text(items(2), encoding="utf-8")
    assert site.run("run", "--once").code == 0
    site.config.write_text(site.config.read_text("utf-8").partition(FEED)[0], encoding="utf-8")
    site.run("run", "--once")  # it is configured no more: by what its releases are known is remembered
    site.chooses()
    assert site.run("run", "--once").code == 2
    site.chooses(identity='"id"')
    assert site.run("run", "--once").code == 0


def test_a_reload_is_refused_alike(fed: Fed) -> None:
    with App(load(fed.config)) as app:
        app.prepare()
        fed.chooses(identity='"link"')
        assert "`syndicate try --accept` takes it on" in (app.reload().error or "")
        assert app.plan.by_id["amt"].identity == "auto"
        fed.run("try", "--accept")
        assert app.reload().error is None
        assert app.plan.by_id["amt"].identity == "link"
        fed.chooses(identity='"id"')
        with pytest.raises(ConfigError, match="is another than"), App(load(fed.config)) as other:
            other.check_taken()


def test_rules_that_would_let_nothing_in_are_asked_about(fed: Fed) -> None:
    fed.chooses(drop='["category:Forst"]')
    told = fed.run("try", "--json").json
    assert told["counts"]["dropped"] == 12
    assert told["asks"] == [
        "source amt: its rules would have let in none of the 12 releases that are held of it: is that meant? They stay,"
        " and nothing of the kind comes to them"
    ]
    assert fed.run("run", "--once").code == 1
    status = fed.run("status")
    assert "amt: its new rules would have let in none of the 12 newest releases that are held of it" in status.out
    assert status.code == 1
    assert len(fed.run("releases", "list", "--json").json) == 12
    fed.run("try", "--accept")
    assert fed.run("status").code == 0
    fed.chooses(drop='["title:Meldung 1 *", "title:Meldung 2 *"]')
    told = fed.run("try", "--json").json
    assert (told["counts"]["dropped"], told["asks"]) == (0, [])  # what would not have come in before is no news
    assert fed.run("run", "--once").code == 0


def test_what_was_dropped_is_told_where_it_would_come_in(tmp_path: Path) -> None:
    site = Fed(tmp_path)
    site.chooses(drop='["title:Meldung 1*"]')
    site.run("run", "--once")
    site.chooses(drop='["title:Meldung 1 *"]')
    told = site.run("try", "--json").json
    assert told["counts"]["let in"] == 2
    rows = [each for each in told["differences"] if each["kind"] == "let in"]
    assert [each["title"] for each in rows] == ["Meldung 10 zum Forst", "Meldung 11 zum Forst"]
    assert {(each["release"], each["source"]) for each in rows} == {(None, "amt")}
    site.run("run", "--once")
    titles = {each["title"] for each in site.run("releases", "list", "--json").json}
    assert {"Meldung 10 zum Forst", "Meldung 11 zum Forst"} <= titles


def test_an_expression_that_hangs_is_given_up(fed: Fed) -> None:
    fed.chooses(drop=r"""['/([a-z]+)+[0-9]\$$/', '/^(x+x+)+y$/', 'text:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']""")
    fed.feed.write_text(items(12).replace("Text Nummer", "x" * 40 + " Text Nummer"), encoding="utf-8")
    searching = Searching()
    pattern = re.compile(r"^(x+x+)+y$")
    assert [searching.search(pattern, "x" * 60) for _ in range(4)] == [None] * 4
    assert searching.hung == {pattern.pattern: 3}  # the fourth was not tried any more
    assert searching.search(re.compile("b"), "abc") is True
    short = Searching(seconds=0)  # for all values together
    assert [short.search(re.compile("b"), "abc") for _ in range(2)] == [True, None]
    assert short.hung == {"b": 3}
    assert fed.run("try").code == 0


def test_no_expression_is_searched_for_where_nothing_would_end_it() -> None:
    found = list[bool | None]()
    searching = Searching()
    thread = threading.Thread(target=lambda: found.append(searching.search(re.compile("a"), "a")))
    thread.start()
    thread.join()
    assert found == [None]
    assert why_out(EICHE, amt(drop=("/Berg/",)), lambda pattern, value: None) == ""


def dumped(fed: Fed) -> list[str]:
    with fed.store as store:
        return [*store._connection.db.conn.iterdump()]


@pytest.mark.sqlite
def test_beside_a_daemon_nothing_is_changed(fed: Fed) -> None:
    with Process(fed, "run", "--no-serve") as daemon:
        until(lambda: running(load(fed.config).store))
        fed.chooses(identity='"link"', drop='["title:*"]', topics='["Land"]')

        def leaves_it_alone() -> bool:  # where the daemon itself has not just written something
            before = dumped(fed)
            assert [fed.run("try", *each).code for each in ([], ["--json"], ["--limit", "0"])] == [0, 0, 0]
            return dumped(fed) == before

        until(leaves_it_alone)
        assert daemon.running
