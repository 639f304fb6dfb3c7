"""A machine whose clock is wrong: nothing is held shorter by it, and where another one's is right it stands aside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import postgresql
from machines import until
from syndicate.app import App, Clock, apart
from syndicate.config import read
from syndicate.model import Poll, Polled
from syndicate.schedule import Share

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
EMBARGOED = "---\nid: a\nembargo: {}\n---\n\n# Eins\n\nText.\n"
HOUR = timedelta(hours=1)

# By how much the database's clock is ahead → what counts, how that is said.
CLOCKS = [
    (timedelta(), NOW, ""),
    (timedelta(seconds=-5), NOW, ""),
    (timedelta(seconds=-6, milliseconds=-1), NOW - timedelta(seconds=7), "6 s ahead of the database's"),
    (-HOUR, NOW - HOUR, "3600 s ahead of the database's"),
    (timedelta(seconds=6), NOW, "6 s behind the database's"),
    (HOUR, NOW, "3600 s behind the database's"),
]


@pytest.mark.parametrize(("skew", "counts", "said"), CLOCKS, ids=[said or str(skew) for skew, _, said in CLOCKS])
def test_no_moment_is_later_than_the_databases(skew: timedelta, counts: datetime, said: str) -> None:
    clock = Clock(lambda: NOW)
    clock.skew = skew
    assert (clock(), apart(skew)) == (counts, said)


@pytest.fixture
def config(server: postgresql.Cluster, tmp_path: Path) -> Path:
    (tmp_path / "r").mkdir()
    url = server.store(tmp_path / "s.db")
    path = tmp_path / "config.toml"
    path.write_text(f'[store]\nurl = "{url}"\n[[source]]\nid = "r"\npath = "r"\n', encoding="utf-8")
    return path


def app_of(config: Path, monkeypatch: pytest.MonkeyPatch, ahead: timedelta = timedelta()) -> App:
    """A process whose clock is ahead of the database's."""
    skew = "syndicate.store.postgresql.connection.PostgreSQL.skew"
    with monkeypatch.context() as patch:
        patch.setattr(skew, lambda _: -ahead)
        app = App(
            read(config.read_text("utf-8"), config), clock=lambda: datetime.now(UTC).replace(microsecond=0) + ahead
        )
    monkeypatch.setattr(app.store, "skew", lambda: -ahead)
    return app


def test_what_is_read_by_a_clock_that_is_ahead_is_held_until_the_database_says_so(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)
    config.with_name("r").joinpath("a.md").write_text(EMBARGOED.format(until.isoformat()), encoding="utf-8")
    with app_of(config, monkeypatch, HOUR) as app:
        app.prepare()
        app.run(Poll(None, ("r",), "each"))
        assert len(app.store.releases.waiting()) == 1
        next_poll = app.store.sources.next_poll("r")
        assert next_poll is None or next_poll < datetime.now(UTC) + HOUR


# Another machine, whose clock is right or is not.
BESIDE = (
    "INSERT INTO lease (kind, name, holder, number, until, said) VALUES"
    " ('{}', 'far 7', 'far 7', 1, clock_timestamp() + interval '1 minute', '{{\"name\": \"far\", \"off\": {}}}')"
)


@contextmanager
def sharing(app: App, kind: str, off: str) -> Iterator[None]:
    with app:
        app.store._connection._pool.asked(BESIDE.format(kind, off), ())  # type: ignore[attr-defined]
        app.lead()
        assert app.store.number("clock")
        share = Share(app, "run")
        share.start()
        try:
            yield
        finally:
            assert share.stop(10)


def said(app: App) -> list[tuple[str, bool]]:
    return [(each.waits, each.is_off) for each in app.store.machines() if each.process != "far 7"]


def test_who_differs_gives_back_what_is_its_own_and_asks_nobody(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, waits = app_of(config, monkeypatch, HOUR), "has a clock that is 3600 s ahead of the database's"
    with sharing(app, "run", "false"):
        until(lambda: said(app) == [(waits, True)], 20)
        assert app.store.aside == waits
        app.lead()
        assert (app.store.number("clock"), app.store.number("publisher")) == (0, 0)
        assert app.store.said_by("clock") is None
        (polled,) = app.run(Poll(None, ("r",), "each"))
        assert isinstance(polled, Polled)
        assert polled.skipped == waits
        monkeypatch.setattr(app.store, "skew", timedelta)  # it is put right
        until(lambda: said(app) == [("", False)], 20)
        app.lead()
        assert app.store.number("clock")


@pytest.mark.parametrize(
    ("ahead", "kind", "off"),
    [
        (HOUR, "run", "true"),
        (-HOUR, "run", "true"),
        (HOUR, "worker", "false"),  # which has no clock to say what is due by
        (timedelta(), "run", "false"),
    ],
)
def test_where_all_that_could_do_it_differ_they_go_on(
    ahead: timedelta, kind: str, off: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_of(config, monkeypatch, ahead)
    with sharing(app, kind, off):
        until(lambda: said(app) == [("", bool(ahead))], 20)
        assert app.store.aside == ""
        assert app.store.number("clock")
