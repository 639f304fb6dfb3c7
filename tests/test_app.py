"""What the running program does with a job, and with a configuration that has changed."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_site import LATER, ROAD, SCHOOL
from servers import Reply, Server
from syndicate.app import App
from syndicate.config import load
from syndicate.errors import StoreError, WorkersClosed
from syndicate.model import (
    Backfill,
    Complete,
    Completed,
    Event,
    Expire,
    Failed,
    Job,
    LiftDue,
    Lifted,
    Plan,
    Poll,
    Polled,
    Publish,
    Published,
    Repair,
    SettleDue,
    job_from_json,
    job_to_json,
)
from syndicate.pipeline import Restore, Withdraw
from waiting import PATIENCE, until
from worlds import NOW

SITE = '[site]\ntitle = "Presse Talland"\ntag = "presse.talland.example,2026"\n'
FOLDER = '[[source]]\nid = "amt"\npath = "releases"\n'
PORTAL = '[[source]]\nid = "portal"\nurl = "{url}"\nallow_private = true\n'
FOREST = '[[topic]]\nid = "schule"\ntitle = "Bildung"\nkickers = ["Schule"]\n'
RSS = (
    b'<rss version="2.0"><channel><title>P</title><item><title>Eichen im Bergwald</title><guid>a1</guid>'
    b"<category>Schule</category><description>Das Land pflanzt Eichen.</description></item></channel></rss>"
)
FEED = Reply(body=RSS, headers={"Content-Type": "application/rss+xml"})


class Setting:
    """A configuration, its folder of releases, and the program that runs them at a time of the test's own."""

    def __init__(self, root: Path) -> None:
        self.config, self.folder = root / "config.toml", root / "releases"
        self.folder.mkdir()
        self.now = NOW
        self.heard = list[Event]()
        self.write(FOLDER)
        self.app = App(load(self.config), [self.heard.append], clock=lambda: self.now)
        self.app.prepare()

    def write(self, *tables: str, site: str = SITE) -> None:
        self.config.write_text(site + "".join(tables), encoding="utf-8")

    def put(self, name: str, text: str) -> None:
        (self.folder / f"{name}.md").write_text(text, encoding="utf-8")

    def reload(self, *tables: str, site: str = SITE) -> str | None:
        self.write(*tables, site=site)
        return self.app.reload().error

    def polled(self, source: str) -> Polled | None:
        """What a poll tells; None where nothing is told."""
        done = self.app.run(Poll(None, (source,), "named"))
        assert all(isinstance(event, Polled) for event in done)
        return next(iter(done), None)  # type: ignore[return-value]

    def topics(self) -> list[tuple[str, ...]]:
        return sorted(release.topics for release in self.app.store.releases.list())


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    made = Setting(tmp_path)
    with made.app:
        yield made


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


# --- jobs as values ---------------------------------------------------------------------------------------------------


@given(st.one_of([st.from_type(kind) for kind in get_args(Job)]))
def test_a_job_is_the_same_after_a_journey_as_json(job: Job) -> None:
    assert job_from_json(json.loads(json.dumps(job_to_json(job)))) == job


@pytest.mark.parametrize("data", [{}, {"kind": "nothing"}, {"kind": "poll"}, {"kind": "publish", "colour": "red"}])
def test_what_is_no_job_is_refused(data: dict[str, str]) -> None:
    with pytest.raises((KeyError, TypeError)):
        job_from_json(data)


# --- what each job tells ----------------------------------------------------------------------------------------------


def _a_release(setting: Setting) -> None:
    setting.put("schule", SCHOOL)


def _an_embargo_that_has_ended(setting: Setting) -> None:
    setting.put("forst", LATER)
    setting.polled("amt")
    setting.now = datetime.fromisoformat("2099-01-02T09:00:00+00:00")


def _a_deleted_head(setting: Setting) -> None:
    setting.app.publish()
    (setting.app.plan.publish.directory / "all.atom").unlink()


def _nothing(setting: Setting) -> None: ...


JOBS: list[tuple[Callable[[Setting], None], Job, list[type]]] = [
    (_a_release, Poll(None, ("amt",), "each"), [Polled]),
    (_nothing, Poll(None, ("gone", "amt", "gone too")), [Polled]),
    (_nothing, Complete("talland.example", "gone"), []),
    (_nothing, Complete("talland.example", "amt"), []),
    (_nothing, Backfill("gone", 3), []),
    (_nothing, LiftDue(), []),
    (_an_embargo_that_has_ended, LiftDue(), [Lifted]),
    (_nothing, SettleDue(), []),
    (_nothing, Publish(), [Published]),
    (_nothing, Publish(("all",)), [Published]),
    (_nothing, Expire(), []),
    (_a_deleted_head, Repair(), []),
]


@pytest.mark.parametrize(("before", "job", "told"), JOBS)
def test_a_job_tells_what_was_done_to_whoever_listens(
    before: Callable[[Setting], None], job: Job, told: list[type], setting: Setting
) -> None:
    before(setting)
    setting.heard.clear()
    apart = list[Event]()
    done = setting.app.run(job, apart.append)
    assert [type(event) for event in done] == told
    assert list(done) == setting.heard == apart


def test_a_poll_tells_what_it_brought_and_then_that_nothing_changed(setting: Setting) -> None:
    setting.put("schule", SCHOOL)
    first, second = setting.polled("amt"), setting.polled("amt")
    assert first
    assert first.changes
    assert (first.changes.count("new"), first.error) == (1, None)
    assert second
    assert second.changes
    assert second.changes.changes == ()


def test_a_poll_that_fails_says_why_and_costs_no_other(setting: Setting, server: Server) -> None:
    url = server.answers("/rss", Reply(status=500))
    assert setting.reload(FOLDER, PORTAL.format(url=url)) is None
    setting.put("schule", SCHOOL)
    failed, fine = setting.app.run(Poll(None, ("portal", "amt"), "named"))
    assert isinstance(failed, Polled)
    assert isinstance(fine, Polled)
    assert "500" in (failed.error or "")
    assert (failed.changes, failed.fault) == (None, None)
    assert fine.changes
    assert setting.app.store.sources.state("portal").failures == 1


def test_a_paused_source_is_skipped_and_one_that_was_asked_waits(setting: Setting, server: Server) -> None:
    url = server.answers("/rss", Reply(status=503, headers={"Retry-After": "600"}))
    setting.reload(FOLDER, PORTAL.format(url=url))
    setting.app.store.sources.pause("amt")
    setting.polled("portal")
    (paused,) = setting.app.run(Poll(None, ("amt",)))
    (waits,) = setting.app.run(Poll(None, ("portal",)))
    assert isinstance(paused, Polled)
    assert isinstance(waits, Polled)
    assert paused.skipped
    assert waits.waits
    assert NOW + timedelta(minutes=10) <= waits.waits < NOW + timedelta(minutes=20)
    assert len(server.requests) == 1


def test_a_fault_of_ours_in_a_source_is_told_and_the_next_one_is_asked(setting: Setting) -> None:
    setting.put("schule", SCHOOL)
    plan = setting.app.plan
    odd = replace(plan.sources[0], id="seltsam", timezone="Nirgends/Nie")
    setting.app.plan = replace(plan, sources=(odd, *plan.sources))
    seltsam, amt = setting.app.run(Poll(None, ("seltsam", "amt")))
    assert isinstance(seltsam, Polled)
    assert isinstance(amt, Polled)
    assert seltsam.fault
    assert (seltsam.error or "").startswith("internal error: ")
    assert setting.app.store.sources.state("seltsam").failures == 1
    assert amt.changes


def test_a_fault_of_ours_in_a_job_is_an_event_and_the_next_one_is_done(setting: Setting) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError("the clock")

    setting.app.clock, fine = broken, setting.app.clock
    (failed,) = setting.app.run(Publish())
    assert isinstance(failed, Failed)
    assert failed.job == Publish()
    assert (failed.error, type(failed.cause)) == (
        "internal error: ZeroDivisionError('the clock')",
        ZeroDivisionError,
    )
    setting.app.clock = fine
    assert setting.app.publish()


@pytest.mark.sqlite
def test_a_store_that_was_deleted_fails_the_job_and_commands_raise_it(setting: Setting) -> None:
    for path in setting.config.parent.glob("syndicate.db*"):
        path.unlink()
    (failed,) = setting.app.run(Repair())
    assert isinstance(failed, Failed)
    assert "its file was deleted or replaced" in failed.error
    with pytest.raises(StoreError, match="its file was deleted or replaced"):
        setting.app.run_or_raise(Repair())


def test_what_was_deleted_is_published_again_after_a_repair(setting: Setting) -> None:
    _a_deleted_head(setting)
    setting.app.run(Repair())
    assert "all.atom" in [document.path for document in setting.app.publish()]


def test_several_at_once_are_told_in_the_jobs_order(setting: Setting) -> None:
    names = [f"s{number}" for number in range(12)]
    for name in names:
        (setting.folder.parent / name).mkdir()
    setting.reload(*(f'[[source]]\nid = "{name}"\npath = "{name}"\n' for name in names))
    done = setting.app.run_all([Poll(None, (name,)) for name in names])
    assert [event.source for event in done if isinstance(event, Polled)] == names


def test_a_page_that_waits_is_read_when_a_job_says_so(setting: Setting, server: Server) -> None:
    prose = "<p>Das Land pflanzt tausend Eichen im Bergwald, damit er auch trockene Sommer übersteht.</p>" * 3
    page = f"<html><body><main><article><h1>Eichen im Bergwald</h1>{prose}</article></main></body></html>"
    server.answers("/eichen", Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"}))
    link = RSS.replace(b"<guid>", f"<link>{server.url('/eichen')}</link><guid>".encode())
    url = server.answers("/rss", replace(FEED, body=link))
    setting.reload(PORTAL.format(url=url) + "fulltext = true\n")
    setting.polled("portal")
    (job,) = setting.app.pages_due()
    (completed,) = setting.app.run(job)
    assert isinstance(completed, Completed)
    assert (completed.url, completed.error) == (server.url("/eichen"), None)


# --- the configuration is read again ----------------------------------------------------------------------------------


def test_a_new_topic_takes_what_its_kickers_claim(setting: Setting) -> None:
    setting.put("schule", SCHOOL)
    setting.polled("amt")
    assert setting.topics() == [("schule",)]
    assert setting.reload(FOREST.replace('"schule"', '"bildung"'), FOLDER) is None
    assert setting.topics() == [("bildung",)]
    paths = [document.path for document in setting.app.publish()]
    assert "bildung.atom" in paths


def test_a_job_that_begins_with_the_new_plan_finds_the_renamed_feed(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has subscribed to it keeps it: a poll at the very moment of a reload makes no other one in its place."""
    setting.put("schule", SCHOOL)
    setting.polled("amt")
    before = {row.id: row.atom_id for row in setting.app.store.feeds.list()}
    swap = setting.app._swap

    def swapped(plan: Plan) -> None:
        swap(plan)
        setting.put("zwei", "---\ntopic: Schule\n---\n\n# Neue Halle in Brunnau\n\nSie ist im Herbst fertig.\n")
        setting.polled("amt")

    monkeypatch.setattr(setting.app, "_swap", swapped)
    renamed = FOREST.replace('"schule"', '"bildung"') + 'aliases = ["schule"]\n'
    assert setting.reload(renamed, FOLDER) is None
    after = {row.id: row.atom_id for row in setting.app.store.feeds.list()}
    assert after == {("bildung" if i == "schule" else i): atom_id for i, atom_id in before.items()}


def test_a_new_source_is_due_and_a_removed_one_is_asked_no_more(setting: Setting, server: Server) -> None:
    url = server.answers("/rss", FEED)
    setting.polled("amt")
    assert setting.reload(PORTAL.format(url=url)) is None
    (job,) = setting.app.due()
    assert job == Poll(f"127.0.0.1:{server.port}", ("portal",))
    (event,) = setting.app.run(job)
    assert isinstance(event, Polled)
    assert event.changes
    assert setting.polled("amt") is None


def test_other_limits_are_those_of_the_next_job(setting: Setting, server: Server) -> None:
    url = server.answers("/rss", FEED)
    setting.reload(PORTAL.format(url=url), "[fetch]\nmax_bytes = '20B'\n")
    polled = setting.polled("portal")
    assert polled
    assert "its body is larger than" in (polled.error or "")


def test_what_is_under_way_ends_with_the_plan_that_it_began_with(setting: Setting, server: Server) -> None:
    """And what it wrote is as the new plan has it."""
    go = threading.Event()
    url = server.answers("/rss", replace(FEED, after=go))
    portal = PORTAL.format(url=url)
    setting.reload(portal)
    before = setting.app.tools
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(setting.polled, "portal")
        until(lambda: server.requests)
        assert setting.reload(FOREST.replace('"schule"', '"bildung"'), FOLDER, "[fetch]\nmax_bytes = '20B'\n") is None
        assert setting.app.tools is not before
        assert setting.polled("portal") is None
        go.set()
        polled = under_way.result()
    assert polled
    assert (polled.error, polled.changes and polled.changes.count("new")) == (None, 1)
    assert setting.topics() == [("bildung",)]
    assert before.run
    assert setting.app.tools.run
    with pytest.raises(WorkersClosed):
        before.run(abs, -1)
    assert setting.app.tools.run(abs, -1) == 1


def test_pages_are_rendered_as_the_new_plan_has_it_though_a_job_of_the_old_one_ends_later(setting: Setting) -> None:
    setting.put("schule", SCHOOL)
    setting.polled("amt")
    there, go = threading.Event(), threading.Event()

    def clock() -> datetime:  # is asked when the job has its plan, and before it renders
        if threading.current_thread() is not threading.main_thread():
            there.set()
            go.wait(PATIENCE)
        return NOW

    setting.app.clock = clock
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(setting.app.run, Publish())
        there.wait(PATIENCE)
        assert setting.reload(FOLDER, site=SITE.replace("Presse Talland", "Presse Neuland")) is None
        go.set()
        assert under_way.result()
    setting.app.publish()
    pages = setting.app.plan.publish.directory.rglob("*.html")
    assert [page.name for page in pages if "Presse Talland" in page.read_text("utf-8")] == []


def test_the_pauses_of_hosts_outlive_a_reload(setting: Setting) -> None:
    with setting.app.tools.page_delay.turn("talland.example") as mine:
        assert mine
        setting.reload(FOLDER, FOREST)
        assert not setting.app.tools.page_delay.free("talland.example")


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ("[[source]\n", "config.toml: "),
        ("[sit]\n", "config.toml: sit: unknown"),
        ('[[source]]\nid = "x"\n', "source[0]"),
        ('[fetch]\ninterval = "abc"\n', '"abc" is not a duration'),
        ('[store]\nurl = "sqlite:///anders.db"\n', "store.url: changes when the daemon is started again"),
        ('[publish]\ndirectory = "anders"\n', "publish.directory: changes when the daemon is started again"),
        ('[serve]\nhost = "127.0.0.2"\n', "serve.host: changes when the daemon is started again"),
        (
            '[serve]\nport = 8765\nhost = "127.0.0.2"\n',
            "serve.host and serve.port: changes when the daemon is started again",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_plan_before_goes_on(
    tables: str, said: str, setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    before = setting.app.plan, setting.app.tools
    assert said in (setting.reload(tables) or "")
    assert "configuration not read again, the one before goes on" in (log := capsys.readouterr().out)
    assert said in log
    assert (setting.app.plan, setting.app.tools) == before
    setting.put("schule", SCHOOL)
    polled = setting.polled("amt")
    assert polled
    assert polled.changes


def test_a_plan_that_cannot_be_prepared_is_refused_and_the_one_before_goes_on(setting: Setting) -> None:
    setting.app.publish()
    (setting.app.plan.publish.directory / ".store").write_text("somebody else's\n", encoding="utf-8")
    before = setting.app.plan
    assert "was published by another store" in (setting.reload(FOREST) or "")
    assert setting.app.plan is before
    setting.put("schule", SCHOOL)
    polled = setting.polled("amt")
    assert polled
    assert polled.changes


def test_a_file_that_is_gone_is_refused(setting: Setting) -> None:
    setting.config.unlink()
    assert "config.toml" in (setting.app.reload().error or "")
    assert setting.polled("amt")


@pytest.mark.parametrize(("text", "said"), [("", "is empty"), ("\ufeff \r\n", "is empty"), (None, "is not a file")])
def test_a_file_that_was_cut_off_and_a_pipe_are_refused(text: str | None, said: str, setting: Setting) -> None:
    before = setting.app.plan
    setting.config.unlink()
    if text is None:
        os.mkfifo(setting.config)
    else:
        setting.config.write_text(text, encoding="utf-8")
    assert said in (setting.app.reload().error or "")
    assert setting.app.plan is before


# --- how long it took -------------------------------------------------------------------------------------------------


def waited(setting: Setting, seconds: int) -> tuple[float, ...]:
    """What a publish tells that comes so many seconds later."""
    setting.now += timedelta(seconds=seconds)
    return tuple(n for event in setting.app.run(Publish()) if isinstance(event, Published) for n in event.waited)


def test_a_publish_tells_how_long_what_is_new_has_waited(setting: Setting) -> None:
    """Once; not of what is corrected, withdrawn or restored, nor of what an embargo held."""
    setting.put("schule", SCHOOL)
    setting.put("forst", LATER)
    setting.polled("amt")
    assert waited(setting, 7) == (7.0,)
    setting.put("strasse", ROAD)
    setting.put("schule", SCHOOL.replace("Neun", "Zehn"))
    setting.polled("amt")
    assert waited(setting, 3) == (3.0,)
    setting.app.publish(["all"])
    (road,) = (r.id for r in setting.app.store.releases.list() if "Erlenstadt" in r.title)
    for act in (Withdraw(road), Restore(road)):
        setting.app.amend(act)
        assert waited(setting, 60) == ()
    _an_embargo_that_has_ended(setting)
    setting.app.run(LiftDue())
    assert [release.state for release in setting.app.store.releases.list()] == ["public"] * 3
    assert waited(setting, 1) == ()


def test_a_clock_that_went_back_makes_no_negative_wait(setting: Setting) -> None:
    setting.put("schule", SCHOOL)
    setting.polled("amt")
    assert waited(setting, -60) == (0.0,)


def test_a_poll_tells_what_its_parts_took(setting: Setting) -> None:
    setting.put("schule", SCHOOL)
    polled = setting.polled("amt")
    assert polled
    assert polled.changes
    assert 0 < sum(polled.changes.spent) <= polled.seconds
    assert all(seconds > 0 for seconds in polled.changes.spent)
