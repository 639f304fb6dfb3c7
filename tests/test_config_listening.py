"""Where a machine listens, said beside config.toml: SYNDICATE_PORT and its kin, and `--port` over them."""

import re
import signal
from pathlib import Path

import pytest

from cli_site import ROAD, Process, Site, free_port, waited
from syndicate.config import LISTS, TABLES, load
from syndicate.errors import ConfigError

PAGE = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
VARIABLES = {key.variable: f"{table}.{name}" for table, keys in TABLES.items() for name, key in keys.items()}
HOME = "http://127.0.0.1:8000/"


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "variables", "option", "expected"),
    [
        pytest.param("", {}, None, ("127.0.0.1", 8000, HOME), id="the file alone"),
        pytest.param("", {"PORT": "8080"}, None, ("127.0.0.1", 8080, "http://127.0.0.1:8080/"), id="environment"),
        pytest.param("", {"PORT": "8080"}, 9000, ("127.0.0.1", 9000, "http://127.0.0.1:9000/"), id="option over it"),
        pytest.param("", {}, 0, ("127.0.0.1", 8000, HOME), id="any that is free is known later"),
        pytest.param("", {"PORT": ""}, None, ("127.0.0.1", 8000, HOME), id="an empty one is none"),
        pytest.param("", {"HOST": "0.0.0.0"}, None, ("0.0.0.0", 8000, HOME), id="another host"),
        pytest.param("", {"HOST": "::"}, 8080, ("::", 8080, "http://127.0.0.1:8080/"), id="both"),
        pytest.param(
            "[serve]\nport = 8001\nhost = '::1'", {"PORT": "8002"}, None, ("::1", 8002, HOME), id="was elsewhere"
        ),
        pytest.param(
            "[serve]\nport = 8001\n[site]\nbase_url = 'http://[::1]:8001/amt'",
            {},
            8002,
            ("127.0.0.1", 8002, "http://[::1]:8002/amt/"),
            id="IPv6, below a path",
        ),
        pytest.param(
            "[site]\nbase_url = 'https://presse.example.org/'",
            {"PORT": "8080"},
            None,
            ("127.0.0.1", 8080, "https://presse.example.org/"),
            id="what readers know stays",
        ),
        pytest.param(
            "[site]\nbase_url = 'http://10.0.0.7:8000/'",
            {},
            8080,
            ("127.0.0.1", 8080, "http://10.0.0.7:8000/"),
            id="another machine's stays",
        ),
    ],
)
def test_what_is_said_beside_the_file_holds(
    text: str,
    variables: dict[str, str],
    option: int | None,
    expected: tuple[str, int, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"SYNDICATE_{name}", value)
    plan = load(written(tmp_path, text), option)
    assert (plan.serve.host, plan.serve.port, plan.site.base_url) == expected
    assert plan.site.tag.endswith(",2026")
    assert str(expected[1]) not in plan.site.tag  # ids are the same at every port


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SYNDICATE_PORT", "abc", 'serve.port (SYNDICATE_PORT): "abc" is not a whole number from 1 to 65535'),
        ("SYNDICATE_PORT", "0", "serve.port (SYNDICATE_PORT): 0 is not a whole number from 1 to 65535"),
        ("SYNDICATE_PORT", "٨٠٨٠", "is not a whole number"),
        ("SYNDICATE_HOST", "a b", 'serve.host (SYNDICATE_HOST): "a b" is not a host'),
    ],
)
def test_what_cannot_be_used_names_its_variable(
    variable: str, value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, ""))
    assert said in str(refused.value)


def test_every_variable_is_documented_and_no_other() -> None:
    known = {*VARIABLES} - {""} | {"SYNDICATE_CONFIG"}
    assert {*re.findall(r"SYNDICATE_[A-Z]+", PAGE)} == known
    assert not any(key.variable for keys in LISTS.values() for key in keys.values())
    for variable, key in VARIABLES.items():
        assert not variable or f"| `{variable}` | `{key}` |" in PAGE


def test_a_daemon_on_another_port_names_itself_there(tmp_path: Path) -> None:
    """Its links work, and go on doing so after a reload; the file is as it was, and the next start is as before."""
    site, port = Site(tmp_path, strasse=ROAD), free_port()
    before = site.config.read_bytes()
    with Process(site, "run", "--port", str(port)) as process:
        waited(port, "all.atom", f'href="http://127.0.0.1:{port}/all.atom"', process)
        site.config.write_bytes(before.replace(b"Presse Talland", b"Presse Neuland"))
        process.told(signal.SIGHUP)
        waited(port, "all.atom", "Presse Neuland", process)
        waited(port, "all.atom", f'href="http://127.0.0.1:{port}/all.atom"', process)
        assert "The feeds name themselves" not in process.out.read_text()
    assert site.run("run", "--once").code == 0
    assert site.tells(f":{port}/") == []
