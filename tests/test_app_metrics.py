"""What Prometheus is told: each kind of event is counted, or deliberately not; what there is is asked seldom."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli_site import LATER, ROAD, SCHOOL, SPEECH, Site
from syndicate.app import App, Measured, Metrics
from syndicate.config import load
from syndicate.model import (
    Asked,
    BackedUp,
    Backfilled,
    Change,
    Changes,
    Completed,
    Delivered,
    Document,
    Embargo,
    Event,
    Failed,
    Lifted,
    Polled,
    Publish,
    Published,
    Pushed,
    Received,
    Recorded,
    Recovered,
    Rejected,
    Release,
    Reloaded,
    Requested,
    Settled,
    Spent,
    Step,
    Subscribed,
    Undelivered,
    Verified,
)
from worlds import NOW

ROOT = Path(__file__).parents[1]
SHOWN = Release(
    id="brunnau", title="Werkstattpreis", language="de", published=NOW, updated=NOW, first_seen=NOW, issued=NOW
)
HELD = replace(SHOWN, id="waldrain", issued=None, embargo=Embargo())
BROUGHT = {"what": "push", "host": "reader.example", "of": "wald.atom", "reason": "answered 500"}
CHANGES = Changes(
    source="amt",
    changes=(Change(verdict="new", release=SHOWN), Change(verdict="new", release=HELD)),
    rejected=(Rejected("x.md", "no title"),),
    dropped=3,
    spent=Spent(1.0, 2.0, 4.0),
)
ONLY_HELD = Changes(source="amt", changes=(Change(verdict="new", release=HELD), Change(verdict="held", release=SHOWN)))
LOOKED = {"poll_seconds_count": 1.0, 'stage_seconds_count{stage="ask"}': 1.0, 'stage_seconds_count{stage="read"}': 1.0}
LOOKED |= {'stage_seconds_count{stage="record"}': 1.0}
EVENTS: list[tuple[Event, dict[str, float]]] = [
    (
        Polled(source="amt", changes=CHANGES, seconds=7.5),
        LOOKED
        | {
            'polls_total{result="changed"}': 1.0,
            "poll_seconds_sum": 7.5,
            'stage_seconds_sum{stage="ask"}': 1.0,
            'stage_seconds_sum{stage="read"}': 2.0,
            'stage_seconds_sum{stage="record"}': 4.0,
            'changes_total{verdict="new"}': 1.0,
            "refused_total": 1.0,
            "dropped_total": 3.0,
        },
    ),
    (Polled(source="amt", changes=ONLY_HELD), LOOKED | {'polls_total{result="unchanged"}': 1.0}),
    (Polled(source="amt", changes=Changes(source="amt")), LOOKED | {'polls_total{result="unchanged"}': 1.0}),
    (Polled(source="amt", error="answered 500"), {'polls_total{result="failed"}': 1.0, "poll_seconds_count": 1.0}),
    (
        Polled(source="amt", error="internal", fault=KeyError()),
        {'polls_total{result="fault"}': 1.0, "poll_seconds_count": 1.0},
    ),
    (Polled(source="amt", waits=NOW), {'polls_total{result="waits"}': 1.0}),
    (Polled(source="amt", skipped="paused"), {'polls_total{result="passed"}': 1.0}),
    (Recorded(source="amt", read=3, left=4), {}),
    (
        Completed(source="amt", url="https://amt.example/1", changes=CHANGES, seconds=0.5),
        {
            'pages_total{result="read"}': 1.0,
            'stage_seconds_count{stage="page"}': 1.0,
            'stage_seconds_sum{stage="page"}': 0.5,
            'changes_total{verdict="new"}': 1.0,
            "refused_total": 1.0,
            "dropped_total": 3.0,
        },
    ),
    (
        Completed(source="amt", url="https://amt.example/1", error="answered 500"),
        {'pages_total{result="failed"}': 1.0, 'stage_seconds_count{stage="page"}': 1.0},
    ),
    (Completed(source="amt", url="https://amt.example/1", asked=False), {'pages_total{result="passed"}': 1.0}),
    (Asked(url="https://amt.example/1"), {}),
    (Step(number=1, url="https://amt.example/1"), {}),
    (
        Backfilled(source="amt", seconds=2.0),
        {
            'backfills_total{result="done"}': 1.0,
            'stage_seconds_count{stage="backfill"}': 1.0,
            'stage_seconds_sum{stage="backfill"}': 2.0,
        },
    ),
    (Pushed(source="amt"), {}),
    (
        Received(source="amt", error="no feed"),
        {'pushes_received_total{result="failed"}': 1.0, 'stage_seconds_count{stage="push"}': 1.0},
    ),
    (
        Subscribed(source="amt"),
        {'hub_questions_total{result="done"}': 1.0, 'stage_seconds_count{stage="hub"}': 1.0},
    ),
    (Lifted(release="brunnau"), {"embargoes_ended_total": 1.0}),
    (Settled(release="waldrain"), {}),
    (
        Published(documents=(), seconds=0.25),
        {
            'publishes_total{result="nothing"}': 1.0,
            'stage_seconds_count{stage="publish"}': 1.0,
            'stage_seconds_sum{stage="publish"}': 0.25,
        },
    ),
    (
        Published(
            documents=tuple(Document(path, "", b"") for path in ("all.atom", "x/1.json", "all.ninjs.json", "a.svg")),
            waited=(3.0, 4.0),
        ),
        {
            'publishes_total{result="changed"}': 1.0,
            'stage_seconds_count{stage="publish"}': 1.0,
            'documents_published_total{format="atom"}': 1.0,
            'documents_published_total{format="json"}': 1.0,
            'documents_published_total{format="ninjs"}': 1.0,
            'documents_published_total{format="other"}': 1.0,
            "first_sight_to_feed_seconds_count": 2.0,
            "first_sight_to_feed_seconds_sum": 7.0,
        },
    ),
    (
        Requested(mode="subscribe", host="h", document="all.atom"),
        {'hub_requests_total{mode="subscribe",step="asked"}': 1.0},
    ),
    (
        Verified(mode="unsubscribe", host="h", document="all.atom"),
        {'hub_requests_total{mode="unsubscribe",step="meant"}': 1.0},
    ),
    (Delivered(what="push", of="all.atom", number=7), {'deliveries_total{result="taken",what="push"}': 7.0}),
    (Undelivered(**BROUGHT, again=NOW), {'deliveries_total{result="failed",what="push"}': 1.0}),  # type: ignore[arg-type]
    (Undelivered(**BROUGHT), {'deliveries_total{result="given up",what="push"}': 1.0}),  # type: ignore[arg-type]
    (BackedUp(path="/backups/1.db", size=3), {"backups_total": 1.0}),
    (Reloaded(), {'reloads_total{result="done"}': 1.0}),
    (Reloaded(error="config.toml: …"), {'reloads_total{result="refused"}': 1.0}),
    (Failed(job=Publish(), error="disk full", cause=OSError()), {'failures_total{work="publish"}': 1.0}),
    (Failed(job=None, error="locked", cause=OSError(), again=True), {'failures_total{work="look"}': 1.0}),
    (Recovered(kind="store"), {'recoveries_total{what="store"}': 1.0}),
]


def numbers(text: bytes) -> dict[str, float]:
    """Series of ours, without `syndicate_`, → its value; no buckets."""
    lines = (line.rpartition(" ") for line in text.decode().splitlines() if line.startswith("syndicate_"))
    return {name.removeprefix("syndicate_"): float(value) for name, _, value in lines if "_bucket{" not in name}


@pytest.mark.parametrize(("event", "told"), EVENTS, ids=lambda each: type(each).__name__)
def test_an_event_is_counted(event: Event, told: dict[str, float]) -> None:
    metrics = Metrics()
    before = numbers(metrics.text())
    assert told.keys() <= before.keys()  # in what begins at 1 nobody sees an increase
    metrics.hear(event)
    after = numbers(metrics.text())
    assert {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)} == told


def test_each_kind_of_event_is_thought_of() -> None:
    assert {type(event) for event, _ in EVENTS} == {*get_args(Event)}


def test_each_has_a_registry_of_its_own() -> None:
    first, second = Metrics(), Metrics()
    first.hear(Lifted(release="brunnau"))
    assert numbers(second.text())["embargoes_ended_total"] == 0


def test_answers_are_counted_elsewhere() -> None:
    told = numbers(Metrics(requests=lambda: {("feed", 304): 5, ("page", 200): 2}).text())
    assert told['requests_total{kind="feed",status="304"}'] == 5
    assert told['requests_total{kind="page",status="200"}'] == 2


class Setting:
    """A site with a store, and what is measured of it by a clock of the test's own."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.site = Site(folder, **files)
        self.site.run("run", "--once")
        self.seconds = 0.0
        self.plan = load(self.site.config)
        self.measured = Measured(lambda: self.plan, lambda: NOW, lambda: self.seconds)
        self.metrics = Metrics([self.measured])

    @property
    def told(self) -> dict[str, float]:
        return numbers(self.metrics.text())


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path, schule=SCHOOL, rede=SPEECH, spaeter=LATER)


def test_how_everything_is(setting: Setting) -> None:
    told = setting.told
    expected = {
        "store_up": 1,
        'releases{state="public"}': 1,
        'releases{state="embargoed"}': 2,
        'releases{state="withdrawn"}': 0,
        'embargoes_waiting{ends="clock"}': 1,
        'embargoes_waiting{ends="person"}': 1,
        'needs_person{kind="embargo"}': 1,
        'needs_person{kind="fault"}': 0,
        'sources{condition="ok"}': 1,
        'dirty{kind="topic"}': 0,
        "pages_waiting": 0,
        "webhook_queue": 0,
        "hub_subscriptions": 0,
    }
    assert {name: told[name] for name in expected} == expected
    assert told["store_bytes"] > 10_000
    assert told["versions_total"] > 3
    assert told['disk_free_bytes{disk="feeds"}'] > 0


def test_a_need_that_is_over_is_at_0(setting: Setting) -> None:
    assert setting.told['needs_person{kind="embargo"}'] == 1
    speech = next(r for r in setting.site.run("releases", "list", "--json").json if "Forstjahr" in r["title"])
    assert setting.site.run("releases", "lift", speech["id"]).code == 0
    setting.seconds += 3_600
    assert setting.told['needs_person{kind="embargo"}'] == 0


def test_the_store_is_asked_seldom(setting: Setting) -> None:
    assert setting.told['releases{state="public"}'] == 1
    setting.site.put("strasse", ROAD)
    setting.site.run("run", "--once")
    assert setting.told['releases{state="public"}'] == 1
    setting.seconds += 3_600
    assert setting.told['releases{state="public"}'] == 2


@pytest.mark.sqlite
@pytest.mark.parametrize("seconds", [7, 3_600])  # after 7 what was seen of the sources still holds
def test_without_a_store_that_is_what_needs_a_person(seconds: int, setting: Setting) -> None:
    assert setting.told["store_up"] == 1
    for path in setting.site.folder.glob("syndicate.db*"):
        path.unlink()
    setting.seconds += seconds
    told = setting.told
    assert (told["store_up"], told['needs_person{kind="fault"}']) == (0, 1)
    assert not [name for name in told if name.startswith(("releases", "sources"))]
    assert not [*setting.site.folder.glob("syndicate.db")]


def test_what_is_counted_does_not_grow_with_the_sources(tmp_path: Path) -> None:
    def series(count: int) -> set[str]:
        folder = tmp_path / str(count)
        folder.mkdir()
        setting = Setting(folder, schule=SCHOOL)
        text = setting.site.config.read_text("utf-8")
        setting.site.config.write_text(
            text + "".join(f'[[source]]\nid = "amt{n}"\nurl = "https://amt{n}.example/"\n' for n in range(count)),
            "utf-8",
        )
        setting.plan = load(setting.site.config)
        return {*setting.told}

    assert series(2) == series(200)


def test_nothing_of_what_is_held_is_named(setting: Setting) -> None:
    with App(setting.plan, [setting.metrics.hear]) as app:
        setting.site.put("geheim", LATER.replace("Forstbericht", "Waldbericht"))
        setting.site.run("run", "--once")
        ids = [release.id for release in app.store.releases.list()]
    text = setting.metrics.text().decode()
    assert not [
        word for word in (*ids, "amt", "forst", "Forst", "Wald", "geheim", str(setting.site.folder)) if word in text
    ]


# --- what is said of them ---


def documented() -> dict[str, str]:
    """Name → type, of docs/metrics.md."""
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    return dict(re.findall(r"^\| `(syndicate_\w+)`(?: \{[\w, ]+\})? \| (\w+) \|", page, re.MULTILINE))


def there_are(setting: Setting) -> Iterator[tuple[str, str]]:
    for event, _ in EVENTS:
        setting.metrics.hear(event)
    yield from re.findall(r"^# TYPE (syndicate_\w+) (\w+)$", setting.metrics.text().decode(), re.MULTILINE)


def test_every_one_is_documented_and_no_other(setting: Setting) -> None:
    assert documented() == dict(there_are(setting))


def test_their_labels_are_documented(setting: Setting) -> None:
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(syndicate_\w+)`(?: \{([\w, ]+)\})? \|", page, re.MULTILINE))
    [*there_are(setting)]
    labels = dict[str, set[str]]()
    for name, inside in re.findall(
        r"^(syndicate_\w+?)(?:_bucket|_count|_sum)?\{(.*)\} ", setting.metrics.text().decode(), re.MULTILINE
    ):
        labels.setdefault(name, set()).update({*re.findall(r"(\w+)=", inside)} - {"le"})
    labels.pop("syndicate_requests_total", None)
    assert {name: {*filter(None, rows[name].split(", "))} for name in labels} == labels


def expressions() -> Iterator[str]:
    board = json.loads((ROOT / "packaging" / "grafana.json").read_text("utf-8"))
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (variable["definition"] for variable in board["templating"]["list"] if variable["type"] == "query")
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    yield from re.findall(r"^ +expr: (.+)$", page, re.MULTILINE)


OF_PROMQL = {"by", "le", "or", "rate", "increase", "sum", "min", "max", "up", "histogram_quantile", "min_over_time"}
OF_PROMQL |= {"label_values"}


def test_what_a_dashboard_and_an_alarm_ask_for_is_there(setting: Setting) -> None:
    """Each metric, and each label of it."""
    series = dict[str, set[str]]()
    [*there_are(setting)]
    text = Metrics([setting.measured], lambda: {("feed", 200): 1}).text() + setting.metrics.text()
    for name, inside in re.findall(r"^(\w+)(?:\{(.*)\})? ", text.decode(), re.MULTILINE):
        series.setdefault(name, set()).update(re.findall(r'(\w+)="', inside or ""))
    assert [(each, found) for each in expressions() if (found := unknown(each, series))] == []


def unknown(expression: str, series: Mapping[str, set[str]]) -> set[str]:
    names = {*re.findall(r"\b(?:syndicate|process)_\w+", expression)}
    known = {label for name in names for label in series.get(name, ())} | {"job", "instance"}
    bare = re.sub(r'"[^"]*"|[0-9]e[0-9]|\$\w+|\[[^\]]*\]', "", expression)
    words = {*re.findall(r"[a-z_]+", bare)} - names - OF_PROMQL
    return names - series.keys() | words - known


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("sum by (kind) (syndicate_needs_person) > 0", {"kind"}),
        ('syndicate_needs{kind="x"}', {"syndicate_needs", "kind"}),
        ('rate(syndicate_needs_person{what="kind"}[$__rate_interval])', {"what"}),
    ],
)
def test_what_is_not_there_is_found(expression: str, found: set[str]) -> None:
    assert unknown(expression, {"syndicate_needs_person": set()}) == found


def test_a_dashboard_shows_every_metric_of_ours(setting: Setting) -> None:
    asked = " ".join(expressions())
    assert [name for name, _ in there_are(setting) if name not in asked] == []


def test_no_label_is_one_of_prometheus_own(setting: Setting) -> None:
    [*there_are(setting)]
    labels = {*re.findall(r'(\w+)="', setting.metrics.text().decode())}
    assert not labels & {"job", "instance", "quantile"}


def test_it_is_as_prometheus_reads_it(setting: Setting) -> None:
    """Names, units and kinds as it wants them, and no series twice."""
    [*there_are(setting)]
    families = [*text_string_to_metric_families(setting.metrics.text().decode())]
    ours = [family for family in families if family.name.startswith("syndicate_")]
    assert len(ours) > 30
    for family in ours:
        assert re.fullmatch(r"[a-z_]+", family.name)
        assert family.documentation
        assert family.type == "histogram" or not family.name.endswith(("_total", "_count", "_bucket", "_sum"))
        series = [(sample.name, *sorted(sample.labels.items())) for sample in family.samples]
        assert len(series) == len({*series})
        assert {sample.name for sample in family.samples if family.type == "counter"} <= {f"{family.name}_total"}
