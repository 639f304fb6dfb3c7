"""The operators' page: what needs a person and what mends it, thirty days of each source, no secret, not too much."""

import asyncio
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest

from cli_site import SCHOOL
from operators_site import LONG, NOW, SECRET, ailing, site
from reach_site import Watched, clients
from syndicate.app import App, commands, state_in
from syndicate.errors import StoreUnusable
from syndicate.model import Day
from syndicate.operators import MOST, Made, days_until, page_of, picture, summed, words

DATES = days_until("2026-06-15")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with site(tmp_path) as made:
        yield made


def seen(app: App) -> lxml.html.HtmlElement:
    page = page_of(app, app.clock()).decode("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    return lxml.html.document_fromstring(page)


def said(page: lxml.html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def test_when_all_is_well(app: App) -> None:
    page = seen(app)
    assert said(page, "//h1") == ["Nothing needs you"]
    assert said(page, "//title") == ["All is well – Pressestelle <Talland> & Söhne"]
    headings = ["Now", "Thirty days", "Sources", "Topics", "Embargoes to come", "Deliveries"]
    assert said(page, "//h2") == headings
    assert said(page, "//section[@aria-labelledby='sources']//h3") == ["amt-0", "amt-1", "amt-2", "amt-3", "ordner"]
    facts = dict(zip(said(page, "//dt"), said(page, "//dd"), strict=True))
    assert facts["config.toml"] == "read 2026-06-15 14:00"
    assert (facts["Daemon"], facts["Sources"], facts["Public"], facts["Embargoed"]) == ("does not run", "5", "6", "1")
    assert said(page, "//section[@aria-labelledby='embargoes']//h3") == ["Haushalt <b>"]
    assert said(page, "//section[@aria-labelledby='embargoes']//time") == ["2099-01-02 10:00"]


def test_the_daemon_that_makes_the_page_runs_though_nobody_can_be_asked(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(url: str) -> None:
        raise StoreUnusable(f"{url}: cannot be reached; see whether the server runs")

    monkeypatch.setattr("syndicate.store.running", away)
    page = seen(app)
    facts = dict(zip(said(page, "//dt"), said(page, "//dd"), strict=True))
    assert facts["Daemon"].startswith("runs for ")
    assert "cannot be reached" in said(page, "//section[@class='needs']//li")[0]


def test_what_needs_a_person_stands_first_and_with_the_command_that_mends_it(app: App) -> None:
    ailing(app)
    page = seen(app)
    assert page.xpath("//main//section")[0].get("class") == "needs"
    (heading,) = said(page, "//h1")
    items = page.xpath("//section[@class='needs']//li")
    assert heading == f"{len(items)} things need you"
    told = {" ".join(item[0].text_content().split()): item for item in items}
    for fact, item in told.items():
        assert item.xpath(".//p[@class='remedy']"), fact
    typed = said(page, "//section[@class='needs']//code")
    held = next(each.id for each in state_in(app.plan, app.store, NOW).embargoes if each.event)
    for command in (
        f"syndicate releases lift {held}",
        "syndicate sources resume amt-1",
        "syndicate ingest amt-0",
        "syndicate sources pause amt-2",
        f"syndicate newsrooms revoke {shlex.quote('Tag & Blatt')}",
    ):
        assert command in typed
    assert "make room; it is tried again by itself" in said(page, "//p[@class='remedy']")
    assert "source amt-0 failed" in next(fact for fact in told if "503" in fact)
    order = [next((word for word in ("amt-", "ordner") if word in fact), "") for fact in told]
    assert order.index("amt-") > order.index(""), "what stops everything stands before what concerns one source"
    kinds = [fact.split(": ")[0].split(" ")[-1] for fact in told][:2]
    assert sorted(kinds) == ["clock", "feeds/all.atom"], "and before what concerns one release or newsroom"
    wrong = said(page, "//section[@aria-labelledby='sources']//p[contains(@class, 'wrong')]")
    assert wrong == ["failed 3 times", "see above", "see above", "see above", "gone"]


def test_each_source_has_a_picture_that_says_what_it_shows(app: App) -> None:
    page = seen(app)
    pictures = {svg.get("aria-label").partition(",")[0]: svg for svg in page.xpath("//*[local-name()='svg']")}
    assert [*pictures] == ["All sources", "amt-0", "amt-1", "amt-2", "amt-3", "ordner"]
    assert {svg.get("role") for svg in pictures.values()} == {"img"}
    assert pictures["amt-2"].get("aria-label") == (
        "amt-2, the last thirty days: asked 720 times, 30 in vain: 43 new, 30 corrected"
    )
    assert pictures["amt-1"].get("aria-label").endswith("asked 720 times: 30 corrected")
    assert pictures["ordner"].get("aria-label").endswith("asked 1 time: 7 new")
    days = [" ".join(row.itertext()).split() for row in page.xpath("//section[@aria-labelledby='days']//tbody/tr")]
    assert len(days) == 30
    assert days[0] == ["2026-06-15", "97", "1", "7", "4", "0"]


def test_the_picture() -> None:
    drawn = picture([Day("2026-06-14", 4, 1, 100), Day("2026-06-15", 4, 4, 1), Day("2026-04-01", 9, 9, 9)], DATES)
    assert drawn.asked == "M112 20h3v1h-3zM116 20h3v1h-3z"
    assert drawn.new == "M112 0h3v20h-3zM116 18h3v2h-3z", "one is to be seen beside a hundred"
    assert drawn.failed == "M112 22h3v2h-3zM116 22h3v6h-3z"
    assert drawn.words == "asked 8 times, 5 in vain: 101 new"
    assert picture([], DATES) == ("", "", "", "not asked")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (Day(""), "not asked"),
        (Day("", 1), "asked 1 time: nothing new"),
        (Day("", 0, 0, 2), "asked 0 times: 2 new"),
        (Day("", 9, 9, 0, 1, 2), "asked 9 times, 9 in vain: 1 corrected, 2 withdrawn"),
    ],
)
def test_days_in_words(day: Day, told: str) -> None:
    assert words(day) == told


def test_the_days_that_are_shown() -> None:
    assert (DATES[0], DATES[-1], len(DATES)) == ("2026-05-17", "2026-06-15", 30)
    assert summed([Day("a", 1, 0, 2), Day("b", 3, 1, 0, 4, 5)])[1:] == (4, 1, 2, 4, 5)


def test_no_secret_is_in_it_and_nothing_that_acts(app: App) -> None:
    ailing(app)
    body = page_of(app, NOW)
    assert SECRET.encode() not in body
    assert SECRET in app.plan.path.read_text("utf-8")
    page = lxml.html.document_fromstring(body.decode("utf-8"))
    assert page.xpath("//script | //form | //*[@style] | //*[starts-with(name(@*), 'on')] | //link | //img") == []
    assert page.xpath("//meta[@http-equiv='refresh']") == []
    assert {a.get("href") for a in page.xpath("//a")} == {"#content", ".", "metrics", "https://presse.talland.example/"}
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'", policy)


def test_what_others_say_stays_text(app: App) -> None:
    app.store.alarms.ring("clock", "", "\x1b[2J\u202e<img src=x> `rm -rf` and ` alone", NOW)
    page = seen(app)
    (fact,) = page.xpath("//p[@class='fact']")
    assert fact.text_content() == "\\x1b[2J\\u202e<img src=x> rm -rf and ` alone"
    assert [each.text for each in fact.xpath("./code")] == ["rm -rf"]


def test_many_sources_make_no_long_page(tmp_path: Path) -> None:
    with site(tmp_path, sources=120) as app:
        with app.store.transaction():
            for number in range(60, 120):
                state = app.store.sources.state(f"amt-{number}")
                app.store.sources.save(replace(state, failures=1, error="answered 500"))
        app.store.alarms.ring("publish", "", "feeds: cannot be written", NOW)
        body = page_of(app, NOW)
        page = lxml.html.document_fromstring(body.decode("utf-8"))
    assert said(page, "//h1") == ["61 things need you"]
    assert len(page.xpath("//section[@class='needs']//li")) == MOST
    assert "publish" in said(page, "//section[@class='needs']//li")[0]
    shown = said(page, "//section[@aria-labelledby='sources']//h3")
    assert len(shown) == MOST
    assert {int(name.removeprefix("amt-")) >= 60 for name in shown} == {True}
    assert said(page, "//p[@class='more']") == [
        "and 11 things more: syndicate status",
        "and 71 sources more: syndicate status",
    ]
    assert len(body) < 150_000


@pytest.mark.sqlite
def test_a_store_that_cannot_be_read_is_what_needs_a_person(app: App) -> None:
    path = Path(str(app.store))
    path.rename(path.with_suffix(".aside"))
    page = seen(app)
    assert said(page, "//h1") == ["1 thing needs you"]
    assert "`syndicate restore PATH`".replace("`", "") in said(page, "//p[@class='remedy']")[0]


def test_before_the_first_poll(tmp_path: Path) -> None:
    with site(tmp_path, sources=0) as app:
        app.store.sources.forget("ordner")
        page = page_of(app, NOW + timedelta(days=400)).decode("utf-8")
    assert "not asked" in page


def test_commands_are_none_that_have_to_be_completed() -> None:
    assert commands("`syndicate releases withdraw ID` each of `syndicate releases list`, see `fulltext`") == (
        "syndicate releases list",
    )
    assert len(LONG) > 40


def test_a_look_is_good_for_a_second_however_many_ask() -> None:
    made, now = list[float](), [0.0]

    def make() -> bytes:
        made.append(now[0])
        return b"%d" % len(made)

    async def ask(*times: float) -> list[bytes]:
        kept = Made(make, lambda: now[0], least=1.0)
        told = list[bytes]()
        for now[0] in times:
            told.append(await kept.get())
        return told

    assert asyncio.run(ask(5, 5.5, 5.99, 6.01, 7, 9)) == [b"1", b"1", b"1", b"2", b"2", b"3"]
    assert made == [5, 6.01, 9]


@pytest.mark.sqlite
def test_it_asks_as_much_of_many_sources_as_of_few_and_goes_through_no_days(tmp_path: Path) -> None:
    counts = list[int]()
    for sources in (4, 60):
        (tmp_path / str(sources)).mkdir()
        with site(tmp_path / str(sources), sources) as app:
            told = list[str]()
            raw = app.store._connection.db.conn
            raw.set_trace_callback(told.append)
            page_of(app, NOW)
            raw.set_trace_callback(None)
            of_days = [statement for statement in told if "source_day" in statement]
            plans = [row[3] for statement in of_days for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")]
        counts.append(len(told))
        assert {plan.split()[0] for plan in plans if "source_day" in plan} == {"SEARCH"}
    assert counts[0] == counts[1]


def test_it_says_who_has_not_heard_of_a_correction_until_it_has_settled(tmp_path: Path) -> None:
    watched = Watched(tmp_path, schule=SCHOOL)
    assert watched.run("run", "--once").code == 0
    for _ in watched.serve():
        readers = clients("reader/1.0", 2)
        told = list[list[str]]()
        for step in ("fetched", "corrected", "fetched anew"):
            if step == "corrected":
                watched.correct()
            else:
                watched.fetch(*readers)
                watched.fetch(*readers)
            page = seen(watched.app)
            told.append(said(page, "//section[@aria-labelledby='reach']//li"))
            assert said(page, "//section[@aria-labelledby='noted']//li") == [], "it is told once"
        assert [len(lines) for lines in told] == [0, 1, 0]
        assert told[1][0].endswith(f"still the old version (reader/1.0); syndicate reach {watched.id}")


def test_a_reload_is_told_when_it_was_taken(app: App) -> None:
    app.clock = lambda: NOW + timedelta(hours=3)
    text = app.plan.path.read_text("utf-8")
    app.plan.path.write_text(text + "unknown = 1\n", "utf-8")
    assert app.reload().error
    told = dict(zip(said(seen(app), "//dt"), said(seen(app), "//dd"), strict=True))
    assert told["config.toml"] == "read 2026-06-15 14:00"
    assert "put config.toml right (syndicate check)" in said(seen(app), "//p[@class='remedy']")[0]
    app.plan.path.write_text(text, "utf-8")
    assert app.reload().error is None
    told = dict(zip(said(seen(app), "//dt"), said(seen(app), "//dd"), strict=True))
    assert told["config.toml"] == "read 2026-06-15 17:00"
    assert said(seen(app), "//h1") == ["Nothing needs you"]
