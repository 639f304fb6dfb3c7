"""What every test may ask for."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real and made material beside the checkout; tests skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "releases" / "truth.json").is_file():
        pytest.skip("no ../shared beside the checkout: the real material is not part of the project")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--large", action="store_true", help="the whole of the laws, the hostile suite and the corpora")
    parser.addoption("--golden-write", action="store_true", help="write tests/data/golden anew, from what is made now")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--large"):
        for item in items:
            if item.get_closest_marker("large"):
                item.add_marker(pytest.mark.skip("large: make test-all"))
