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
