"""What every test may ask for."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import postgresql
from s3_server import S3, Gate, absent, environment

_EACH = 6  # of a long row of hostile cases, every so many is tried; of each kind and outcome at least one

# The store's suite: what is asked of a store, what is done with it, and histories of which every document is compared.
BOTH = {
    "test_store",
    "test_store_callbacks",
    "test_store_connection",
    "test_store_days",
    "test_store_documents",
    "test_store_holds",
    "test_store_listing",
    "test_store_page_queue",
    "test_store_raw",
    "test_store_sources",
    "test_acts",
    "test_alarms",
    "test_by_hand",
    "test_fragments",
    "test_golden",
    "test_pipeline",
    "test_pipeline_reserved",
    "test_pipeline_unchanged",
    "test_reach_named",
    "test_recording_between",
    "test_rooms",
    "test_rooms_uses",
    "test_searched",
    "test_versions",
    "test_webhooks",
    "test_websub_hub",
}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real and made material beside the checkout; tests skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "releases" / "truth.json").is_file():
        pytest.skip("no ../shared beside the checkout: the real material is not part of the project")
    return folder


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    if why := absent():
        pytest.skip(why)
    with S3() as server:
        yield server


@pytest.fixture
def gate(s3: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The way to that server, named in the environment."""
    with Gate(s3.port) as gate:
        for name, value in environment(gate).items():
            monkeypatch.setenv(name, value)
        yield gate


_prefixes = itertools.count(1)


@pytest.fixture
def prefix() -> str:
    """A place in the bucket that no other test has."""
    return f"s3://presse/t{next(_prefixes)}"


@pytest.fixture(scope="session")
def large(pytestconfig: pytest.Config) -> bool:
    """Is it the whole of each row that is tried? Else a part, chosen by a rule that does not change."""
    return bool(pytestconfig.getoption("--large"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--large", action="store_true", help="the whole of the laws, the hostile suite and the corpora")
    parser.addoption("--by-chance", action="store_true", help="other examples of each law than the last time")
    parser.addoption(
        "--store",
        choices=["sqlite", "postgresql"],
        help="what the tests' stores are in; else those of the store's suite are in both, and all others in SQLite",
    )
    parser.addoption("--golden-write", action="store_true", help="write tests/data/golden anew, from what is made now")


def pytest_configure(config: pytest.Config) -> None:
    large = config.getoption("--large")
    # The same examples each time: what a run says is said of the change, and not of chance.
    same = not config.getoption("--by-chance")
    settings.register_profile("tier", deadline=None, max_examples=100 if large else 25, derandomize=same, database=None)
    settings.load_profile("tier")


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """PostgreSQL."""
    if why := postgresql.missing():
        if os.environ.get(postgresql.REQUIRED):
            pytest.fail(why)
        pytest.skip(why)
    with postgresql.cluster() as made:
        yield made


@pytest.fixture
def server(cluster: postgresql.Cluster) -> Iterator[postgresql.Cluster]:
    """For a test that is of PostgreSQL alone."""
    yield cluster
    cluster.take_back()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The store's suite runs on both, case by case."""
    alone = metafunc.definition.get_closest_marker("sqlite") or metafunc.config.getoption("--store")
    if not alone and metafunc.module.__name__ in BOTH:
        metafunc.parametrize("_stores", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def _stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On PostgreSQL each store that a test opens in a file is one there."""
    if getattr(request, "param", request.config.getoption("--store")) != "postgresql":
        yield
        return
    if request.node.get_closest_marker("sqlite"):
        pytest.skip(postgresql.SQLITE)
    there: postgresql.Cluster = request.getfixturevalue("cluster")
    postgresql.redirected(there, monkeypatch)
    yield
    there.take_back()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--large"):
        return
    kept, left, seen = list[pytest.Item](), list[pytest.Item](), dict[object, int]()
    for item in items:
        if item.get_closest_marker("large") or not _tried(item, seen):
            left.append(item)
        else:
            kept.append(item)
    if left:
        items[:] = kept
        config.hook.pytest_deselected(items=left)


def _tried(item: pytest.Item, seen: dict[object, int]) -> bool:
    """Is this one of the few of its row that `make test` tries?"""
    if not item.path.name.startswith("test_hostile_"):
        return True
    name = item.name.split("[")[0]
    case = getattr(item, "callspec", None) and item.callspec.params.get("case")  # type: ignore[attr-defined]
    row = (name, getattr(case, "kind", None), getattr(case, "outcome", None))
    seen[row] = seen.get(row, -1) + 1
    return seen[row] % _EACH == 0
