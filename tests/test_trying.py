"""A configuration tried over what is held: what it says would become of it, and that it does become that."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import NOON, make_release
from cli_site import FOLDER, LATER, ROAD, SCHOOL, SPEECH, Site
from syndicate.classify import Rules, placed
from syndicate.config import load
from syndicate.model import Edition, Image, Source, Topic
from syndicate.store import Store
from syndicate.store import open as open_store
from syndicate.trying import Chosen, Held, chosen, differences, dumped, loaded, take, taken, tried

FORST = Topic("forst", "Forst", kickers=("Wald",))
AMT = Source(id="amt")
IMAGE = Image("https://a.example/b.png")
TEASER = 'its teaser alone is published (source amt: content = "teaser")'
WHOLE = 'all of its text is published (source amt: content = "full")'
AS_TEXT = "its 1 images are shown as text only (source amt: images)"
NOT_MADE = "it would not have been made (source amt: headlines = false); it stays"


def config(*topics: Topic, unmapped: str = "publish", **source: Any) -> Chosen:
    return Chosen(topics=topics, sources=(replace(AMT, **source),), whole={"topics.unmapped": unmapped})


def searched(pattern: re.Pattern[str], value: str) -> bool:
    return bool(pattern.search(value))


def found(before: Chosen | None, after: Chosen, editions: tuple[Edition, ...] = (), **fields: Any) -> list[Any]:
    """Of a release that stands where `before` wants it."""
    release = make_release(**{"source": "amt", "topics": (), **fields})
    if before and "topics" not in fields:
        place = placed(release, editions, before.rules)
        release = replace(release, topics=place.topics, held=place.held)
    rows = differences(Held(release, editions), before, after, searched)
    return [(each.kind, *each.after, each.reason) for each in rows]


@pytest.mark.parametrize(
    ("before", "after", "release", "told"),
    [
        (config(), config(), {"kicker": "Wald"}, []),
        (config(FORST), config(FORST), {"kicker": "Wald"}, []),
        (
            config(),
            config(FORST),
            {"kicker": "Wald"},
            [("moved", "forst", 'into forst by kicker "Wald"; out of wald, where it is by kicker "Wald"')],
        ),
        (config(), config(replace(FORST, aliases=("wald",))), {"kicker": "Wald"}, []),  # a new name of the same feed
        (
            config(FORST),
            config(replace(FORST, kickers=(), keywords=("Eiche",))),
            {"kicker": "Verkehr", "title": "Die Eiche"},
            [("moved", "verkehr", "forst", 'into forst by keyword "Eiche"')],
        ),
        (
            config(unmapped="publish"),
            config(unmapped="hold"),
            {"kicker": "Wald"},
            [
                (
                    "held",
                    'out of wald, where it is by kicker "Wald"; without any topic it is shown nowhere'
                    ' (unmapped = "hold")',
                )
            ],
        ),
        (
            config(unmapped="hold"),
            config(unmapped="publish"),
            {"kicker": "Wald"},
            [("shown", "wald", 'into wald by kicker "Wald"')],
        ),
        (config(unmapped="hold"), config(unmapped="publish"), {}, [("shown", "no topic is needed any more")]),
        (config(), config(topics=("Land",)), {}, [("moved", "land", 'into land by source "Land"')]),
        (config(topics=("Land",)), config(), {}, [("moved", 'out of land, where it is by source "Land"')]),
        (
            None,
            config(FORST),
            {"kicker": "Wald", "topics": ("a",)},
            [("moved", "forst", 'into forst by kicker "Wald"; out of a')],
        ),
        (config(), config(FORST), {"kicker": "Wald", "withdrawn": make_release().issued}, []),
        (config(), config(FORST), {"kicker": "Alle", "assigned": ("Forst",), "topics": ("forst",)}, []),
        (config(), config(content="teaser"), {"content": "<p>x</p>"}, [("shortened", TEASER)]),
        (config(), config(content="teaser"), {"content": ""}, []),
        (config(content="teaser"), config(), {"content": "<p>x</p>"}, [("whole", WHOLE)]),
        (config(), config(images="text"), {"images": (IMAGE,)}, [("images", AS_TEXT)]),
        (config(), config(headlines=False), {"headline": True}, [("headline", NOT_MADE)]),
        (config(headlines=False), config(headlines=False), {"headline": True}, []),
    ],
)
def test_what_would_become_of_a_release(
    before: Chosen | None, after: Chosen, release: dict[str, Any], told: list[Any]
) -> None:
    assert found(before, after, **release) == told


def test_whose_text_is_shown() -> None:
    amt, portal = make_release(source="amt", title="Die Eiche"), make_release(source="portal", title="Die Eiche!")
    editions = (Edition(source="amt", said=amt), Edition(source="portal", priority=5, said=portal))
    after = Chosen(sources=(replace(AMT, priority=9), Source(id="portal", priority=5)))
    ((kind, to, reason),) = found(None, after, editions, source="portal")
    assert (kind, to) == ("text", "amt")
    assert reason.startswith("the text of amt (priority 9) in the place of that of portal (priority 5)")
    assert found(None, Chosen(sources=(AMT,)), editions, source="portal") == []  # one that is gone keeps its own
    assert found(None, after, editions[:1]) == []


# --- what it says is what happens -------------------------------------------------------------------------------------

OTHER = SCHOOL.replace("Brunnau", "Hohenried").replace("[Schule]", "[Schulen, Verkehr]")
FILES = {"a": SCHOOL, "b": ROAD, "c": SPEECH, "d": LATER, "e": OTHER}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path, **FILES)
    made.run("run", "--once")
    return made


def stands(store: Store) -> dict[str, tuple[tuple[str, ...], bool]]:
    return {release.id: (release.topics, release.held) for release in store.releases.list()}


def store_of(site: Site) -> Store:
    return open_store(load(site.config).store)


ANOTHER = 'title = "Schule"\nkickers = ["Schulen"]', 'title = "Bildung"\nkickers = ["Schulen", "Schule"]'
TOPIC = '[[topic]]\ntitle = "Forst"\nkickers = ["Wald"]\n'
FORST_TABLE = '[[topic]]\ntitle = "Forst"\n'


@pytest.mark.parametrize(
    ("old", "new", "kinds", "topics"),
    [
        ("", "", {}, {}),
        ('kickers = ["Schulen"]', "kickers = []", {"moved": 1}, {"schulen": "new"}),
        (FORST_TABLE, "", {}, {}),  # its kicker goes on making it
        (FORST_TABLE, FORST_TABLE + 'keywords = ["Werkstattpreis"]\n', {"moved": 2}, {}),
        (FORST_TABLE, FORST_TABLE + '[topics]\nunmapped = "hold"\n', {"held": 0, "moved": 0}, {}),
        ('title = "Schule"', 'title = "Bildung"\naliases = ["schule"]', {}, {"schule": "renamed"}),
        ('title = "Schule"', 'title = "Bildung"', {"moved": 1}, {"bildung": "new"}),
        (*ANOTHER, {"moved": 2}, {"schule": "emptied", "bildung": "new"}),
        ('id = "amt"', 'id = "amt"\ntopics = ["Land"]', {"moved": 5}, {"land": "new"}),
        (
            FORST_TABLE,
            FORST_TABLE + '[[topic]]\ntitle = "Verkehr"\nid = "strasse"\n',
            {"moved": 2},
            {"strasse": "new", "verkehr": "emptied"},
        ),
    ],
)
def test_it_becomes_what_was_said(
    site: Site, old: str, new: str, kinds: dict[str, int], topics: dict[str, str]
) -> None:
    text = site.config.read_text("utf-8")
    site.config.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    with store_of(site) as store, tried(store, load(site.config)) as trial:
        told = {each.release: each.after for each in trial.differences if each.kind in ("moved", "held", "shown")}
        before = stands(store)
        assert {kind: trial.counts.get(kind, 0) for kind in kinds} == kinds
        assert {change.id: change.kind for change in trial.topics} == topics
        assert (trial.held, trial.known) == (5, True)
    site.run("publish")
    with store_of(site) as store:
        after = stands(store)
        renamed = load(site.config).renamed
        moved = {
            i: topics
            for i, (topics, held) in after.items()
            if ({*topics}, held) != ({renamed.get(topic, topic) for topic in before[i][0]}, before[i][1])
        }
        assert told == moved
        with tried(store, load(site.config)) as again:
            assert again.nothing


# --- what it leaves alone ---------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_nothing_is_changed(site: Site) -> None:
    new = site.folder / "new.toml"
    new.write_text(site.config.read_text("utf-8").replace(*ANOTHER), encoding="utf-8")
    with store_of(site) as store:
        dump = [*store._connection.db.conn.iterdump()]
    before = {
        path: path.read_bytes()
        for path in site.folder.rglob("*")
        if path.is_file() and "syndicate.db-" not in path.name
    }
    for arguments in (["new.toml"], ["new.toml", "--json"], ["new.toml", "--limit", "0"], []):
        arguments = [str(site.folder / each) if each == "new.toml" else each for each in arguments]
        assert site.run("try", *arguments).code == 0
    assert {path: path.read_bytes() for path in before} == before
    with store_of(site) as store:
        assert [*store._connection.db.conn.iterdump()] == dump


def test_a_candidate_is_read_as_if_it_stood_in_the_place_of_the_other(site: Site, tmp_path_factory: Any) -> None:
    """Its paths are relative to config.toml; its faults are told of itself."""
    new = tmp_path_factory.mktemp("elsewhere") / "new.toml"
    new.write_text(site.config.read_text("utf-8").replace(*ANOTHER), encoding="utf-8")
    done = site.run("try", str(new), "--json")
    assert done.json["releases"] == 5
    assert done.json["settings"] == []
    assert done.json["counts"]["moved"] == 2
    new.write_text('[site]\ntitel = "x"\n', encoding="utf-8")
    refused = site.run("try", str(new))
    assert (refused.code, refused.err) == (2, f'syndicate: {new}: site.titel: unknown key (did you mean "title"?)\n')
    assert site.run("try", str(new) + "x").code == 2


def test_a_candidate_stands_where_it_stands_where_there_is_no_other(site: Site) -> None:
    new = site.config.rename(site.folder / "new.toml")
    assert site.run("try", str(new)).out == "nothing would change for 5 releases\n"


def test_what_is_printed(site: Site) -> None:
    text = site.config.read_text("utf-8")
    site.config.write_text(
        text.replace(*ANOTHER).replace('id = "amt"', 'id = "amt"\nenabled = false'),
        encoding="utf-8",
    )
    done = site.run("try", "--limit", "1")
    lines = done.out.splitlines()
    assert lines[:3] == ["Releases  What would become of them", "       2  into other topics", "of 5 releases"]
    assert "  source amt: enabled true → false: it is asked no more; its 5 releases stay" in lines
    assert any(line.startswith("  schule: emptied: its feeds stay, empty") for line in lines)
    assert "1 of 2 differences, the newest; --limit 0 shows all" in lines
    assert lines[-1] == "Nothing was changed."
    assert site.run("try", "--limit", "0").out.count("\n             ") == 2


def test_without_a_store_there_is_nothing_to_try(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert site.run("try").out.startswith(
        "0 releases would stay as they are\n\nTopics\n  schule: new: a feed of its own, empty for now\n"
    )
    assert not (tmp_path / "syndicate.db").exists()


# --- what it is held against ------------------------------------------------------------------------------------------


def _told(source: Source) -> Source:
    """Without where it is, how it is reached, and when."""
    apart = {"url": None, "path": None, "headers": (), "proxy": "", "interval": AMT.interval, "tag": AMT.tag}
    return replace(source, **apart, follows_rhythm=False)  # type: ignore[arg-type]  # each is of its kind


def test_what_is_kept_of_a_configuration_has_no_secrets_and_comes_back(tmp_path: Path) -> None:
    sources = FOLDER + (
        '[[source]]\nid = "portal"\nurl = "https://u:geheim@portal.example/?token=geheim"\n'
        'headers = { X-Key = "geheim" }\n'
        'proxy = "http://u:geheim@proxy.example:3128"\nselect = { title = "h1" }\ntopics = ["Land"]\ninterval = "5m"\n'
    )
    path = tmp_path / "config.toml"
    path.write_text(TOPIC + sources, encoding="utf-8")
    it = chosen(load(path))
    assert "geheim" not in dumped(it)
    again = loaded(dumped(it))
    assert (again.topics, again.whole, again.places) == (it.topics, it.whole, it.places)
    assert [_told(source) for source in again.sources] == [_told(source) for source in it.sources]
    assert it.by_id["portal"].select == (("title", "h1"),)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"topics": 1}', '{"topics": [{"id": "a"}], "sources": []}'])
def test_what_cannot_be_read_is_not_known(site: Site, text: str) -> None:
    with store_of(site) as store:
        with store.transaction():
            store.remember("chosen", text)
        assert taken(store) is None
        with tried(store, load(site.config)) as trial:
            assert (trial.known, trial.nothing) == (False, True)
        take(store, load(site.config), NOON)
        assert dumped(taken(store) or Chosen()) == dumped(chosen(load(site.config)))


TAG = 'tag = "presse.talland.example,2026"'
GONE_AND_COME = [("source amt", "configured", None), ("source behoerde", None, "configured")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[serve]", '[publish]\npage_size = 25\n[serve]', [("publish.page_size", 50, 25)]),
        ("[serve]", '[publish]\nformats = ["atom"]\n[serve]', [("publish.formats", ["atom", "rss", "json"], ["atom"])]),
        ("[serve]", '[publish]\ntombstones = "30d"\n[serve]', [("publish.tombstones", "90d", "30d")]),
        (TAG, 'tag = "neu.example,2026"', [("site.tag", "presse.talland.example,2026", "neu.example,2026")]),
        ("[site]", '[site]\nbase_url = "https://neu.example/"', [("site.base_url", "this machine", "https://neu.example/")]),
        ("[site]", '[site]\nbase_url = "http://127.0.0.1:9999/"', []),  # its port may follow an option
        ('title = "Forst"', 'title = "Forst"\ndescription = "Wald"', [("topic forst: description", "", "Wald")]),
        ('title = "Schule"', 'title = "Bildung"\naliases = ["schule"]', [("topic bildung: aliases", [], ["schule"])]),
        ('id = "amt"', 'id = "amt"\npriority = 3\nheaders = { X-Key = "geheim" }', [("source amt: priority", 0, 3)]),
        ('id = "amt"', 'id = "behoerde"', GONE_AND_COME),
        ('path = "releases"', 'url = "https://u:geheim@amt.example/"', [("source amt: place", "another", "another")]),
    ],
)  # fmt: skip
def test_keys_that_are_another(site: Site, old: str, new: str, told: list[tuple[str, Any, Any]]) -> None:
    new_one = site.folder / "new.toml"
    new_one.write_text(site.config.read_text("utf-8").replace(old, new), encoding="utf-8")
    done = site.run("try", str(new_one), "--json")
    found = done.json["settings"]
    assert [(each["key"], each["before"], each["after"]) for each in found] == told
    assert all(each["does"] for each in found)
    assert "geheim" not in done.out + site.run("try", str(new_one)).out


def test_rules_are_those_of_the_plan(site: Site) -> None:
    plan = load(site.config)
    assert chosen(plan).rules == Rules(plan.topics, plan.unmapped, {"amt": ()})
