"""Where operators ask: what may stand in `[serve] status…`, and what is told of it."""

from pathlib import Path

import pytest

from syndicate.config import load, read, warnings
from syndicate.errors import ConfigError
from syndicate.model import Plan

NO_ADDRESS = 'is not a host and a port (like 127.0.0.1:8001, [::1]:8001) or ""'
REACHED = "can be reached by others than this machine: 127.0.0.1:8001, or status_public = true with a status_password"
MET = 'is where the feeds are served (serve.port): another port, or ""'
NO_PASSWORD = "serve.status_password: is missing, and others than this machine can reach 0.0.0.0:8001"


def plan(serve: str, folder: Path) -> Plan:
    return read(f'[serve]\n{serve}\n[[source]]\nid = "amt"\npath = "releases"\n', folder / "config.toml")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("", ("127.0.0.1", 8001)),
        ('status = ""', None),
        ('status = "127.0.0.2:9001"', ("127.0.0.2", 9001)),
        ('status = "LOCALHOST:9001"', ("localhost", 9001)),
        ('status = "[::1]:9001"', ("::1", 9001)),
        ('status = "[0:0:0:0:0:0:0:1]:9001"', ("::1", 9001)),
        ('status = "0.0.0.0:8001"\nstatus_public = true\nstatus_password = "x"', ("0.0.0.0", 8001)),
        ('status = "10.1.2.3:8001"\nstatus_public = true\nstatus_password = "x"', ("10.1.2.3", 8001)),
        ('status = "[::]:8001"\nstatus_public = true\nstatus_password = "x"', ("::", 8001)),
        ('status = "amt.example:8001"\nstatus_public = true\nstatus_password = "x"', ("amt.example", 8001)),
        ('status = "127.0.0.1:8001"\nstatus_public = true', ("127.0.0.1", 8001)),
        ("port = 8001", ("127.0.0.1", 8001)),  # as it was before there was one: told, and no error
        ('port = 8001\nhost = "127.0.0.2"\nstatus = "127.0.0.1:8001"', ("127.0.0.1", 8001)),
    ],
)
def test_where_they_ask(written: str, address: tuple[str, int] | None, tmp_path: Path) -> None:
    assert plan(written, tmp_path).serve.status_address == address


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('status = "127.0.0.1"', f'serve.status: "127.0.0.1" {NO_ADDRESS}'),
        ('status = ":8001"', f'serve.status: ":8001" {NO_ADDRESS}'),
        ('status = "127.0.0.1:0"', f'serve.status: "127.0.0.1:0" {NO_ADDRESS}'),
        ('status = "127.0.0.1:65536"', f'serve.status: "127.0.0.1:65536" {NO_ADDRESS}'),
        ('status = "::1"', f'serve.status: "::1" {NO_ADDRESS}'),
        ('status = "[localhost]:80"', f'serve.status: "[localhost]:80" {NO_ADDRESS}'),
        ('status = "http://127.0.0.1:8001/"', f'serve.status: "http://127.0.0.1:8001/" {NO_ADDRESS}'),
        ("status = 8001", f"serve.status: 8001 {NO_ADDRESS}"),
        ('status = "0.0.0.0:8001"', f'serve.status: "0.0.0.0:8001" {REACHED} if that is meant'),
        ('status = "[::]:8001"', f'serve.status: "[::]:8001" {REACHED} if that is meant'),
        ('status = "192.168.1.2:8001"', f'serve.status: "192.168.1.2:8001" {REACHED} if that is meant'),
        ('status = "127.0.0.1.example:8001"', f'serve.status: "127.0.0.1.example:8001" {REACHED} if that is meant'),
        (
            'status = "0.0.0.0:8001"\nstatus_password = "x"',
            f'serve.status: "0.0.0.0:8001" {REACHED} if that is meant',
        ),
        ('status = "0.0.0.0:8001"\nstatus_public = true', NO_PASSWORD),
        ('status = "127.0.0.1:8000"', f'serve.status: "127.0.0.1:8000" {MET}'),
        ('host = "0.0.0.0"\nstatus = "127.0.0.1:8000"', f'serve.status: "127.0.0.1:8000" {MET}'),
        (
            'status_hosts = ["http://a.example/"]',
            'serve.status_hosts[0]: "http://a.example/" is not a host, with a port or without (like'
            " status.example.org, status.example.org:8443)",
        ),
        (
            'status_password = "env:SYNDICATE_NOT_SET_AT_ALL"',
            "serve.status_password: … is not set: the environment has no SYNDICATE_NOT_SET_AT_ALL",
        ),
        (
            'status_password = "Mühle"',
            'serve.status_password: … is not text of 1 to 200 printable ASCII characters, or "env:NAME"',
        ),
    ],
)
def test_what_cannot_be(written: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        plan(written, tmp_path)
    assert str(told.value) == f"{tmp_path / 'config.toml'}: {fault}"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", []),
        (
            "port = 8001",
            ['serve.status: 127.0.0.1:8001 is where the feeds are served: set it to another port, or to ""'],
        ),
        ('port = 8001\nstatus = ""', []),
        (
            'status_hosts = ["status.example.org"]',
            ["serve.status_password: empty, though status_hosts has names under which others may ask"],
        ),
        ('status_hosts = ["status.example.org"]\nstatus_password = "acht Birken am Weg"', []),
        ('status_password = "Birke"', ["serve.status_password: has less than 12 characters, so it can be guessed"]),
    ],
)
def test_what_should_not_stay(written: str, told: list[str], tmp_path: Path) -> None:
    found = warnings(plan(written, tmp_path))
    assert [line for line in found if line.startswith("serve.")] == told


def test_the_password_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORT", "acht Birken am Weg")
    path = tmp_path / "config.toml"
    path.write_text('[serve]\nstatus_password = "env:WORT"\n', "utf-8")
    assert load(path).serve.status_password == "acht Birken am Weg"


@pytest.mark.parametrize(("value", "address"), [("", None), ("[::1]:9001", ("::1", 9001))])
def test_what_the_environment_says_is_stated(
    value: str, address: tuple[str, int] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not plan("", tmp_path).serve.is_status_stated
    monkeypatch.setenv("SYNDICATE_STATUS", value)
    found = plan("", tmp_path).serve
    assert (found.status_address, found.is_status_stated) == (address, True)


@pytest.mark.parametrize("text", ["serve = 3", "[[serve]]\nport = 1", 'serve = "status"'])
def test_a_table_that_is_none_is_told_as_that(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"serve: .* is not a table"):
        read(text, tmp_path / "config.toml")
