"""No password of `[store] url` is told to anybody, however it is written there."""

import socket
from pathlib import Path

import pytest

from cli_site import syndicate as command
from syndicate import store as stores
from syndicate.errors import StoreError

pytestmark = pytest.mark.sqlite  # no server is needed

PORT = 9  # where nobody listens
AT = f"127.0.0.1:{PORT}/x"
FAULTY = [
    f"postgresql://u:Zwo tzig@{AT}",
    f"postgresql://u:Zwo%tzig@{AT}",
    f"postgresql://u:Zwo%00tzig@{AT}",
    f"postgresql://u:Zwo@tzig@{AT}",
    f"postgresql://u:Zwo/tzig@{AT}",
    f"postgresql://u:4711/tzig?Zwo=tzig@{AT}",
    f"postgresql://u:Zwo#tzig@{AT}",
    f"postgresql://u:Zwo?tzig@{AT}",
    f"postgresql://u:4711?tzig@{AT}",
    f"postgresql://u:Zwotzig%ff@{AT}",
    "postgresql://u:Zwotzig@127.0.0.1:tzig/x",
    "postgresql://u:Zwotzig@127.0.0.1:99999/x",
    f"postgresql://u:Zwotzig@127.0.0.1:{PORT}",
    f"postgresql://{AT};password=Zwotzig",
    f"postgresql://{AT}%3Bpassword=Zwotzig",
    f"postgresql://u;password=Zwotzig@{AT}",
    f"postgresql://{AT}?Zwotzig",
    f"postgresql:u:Zwotzig@{AT}",
    "postgresql:u:Zwotzig/x",
    "postgres:Zwotzig",
    "host=127.0.0.1 password=Zwotzig dbname=x",
    "dbname=x:Zwotzig",
    f"u:Zwotzig@{AT}",
    "mysql://u:Zwotzig/x",
    f"mysql://u:Zwotzig@{AT}",
    "sqlite:///s.db?password=Zwotzig",
]
AWAY = [
    f"postgresql://u:Zwotzig@{AT}",
    f"postgresql://{AT}?passwort=Zwotzig",
    f"postgresql://{AT}?password=Zwotzig",
    f"postgresql://{AT}?Zwotzig=tzig",
    f"postgresql://{AT}?sslpassword=Zwotzig",
    f"postgresql://{AT}?options=-c%20a.password=Zwotzig",
    f"postgresql://{AT}?options=-c%20search_path=s%20-c%20a.password=Zwotzig",
    f"postgresql://{AT}?sslmode=require;password=Zwotzig",
    f"postgresql://{AT}?gssdelegation=Zwotzig",
    f"postgresql://{AT}?sslcertmode=Zwotzig",  # libpq quotes what it does not know
    f"postgresql://{AT}?passfile=/Zwotzig",
    f"postgresql://{AT}?service=Zwotzig",
]
COMMANDS = [
    ("status",),
    ("status", "--json"),
    ("check",),
    ("sources", "list"),
    ("store", "copy", "{url}", "sqlite:///t.db"),
    ("store", "copy", "sqlite:///s.db", "{url}"),
]


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece of a password is not looked up as a host's name either."""
    asked = socket.getaddrinfo

    def checked(host: object, *rest: object, **more: object) -> object:
        assert "tzig" not in str(host)
        return asked(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", checked)


@pytest.mark.parametrize("url", [*FAULTY, *AWAY])
def test_no_piece_of_a_password_is_told(url: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[site]\ntag = "talland.example,2026"\n[store]\nurl = "{url}"\n', encoding="utf-8")
    plain = tmp_path / "plain.toml"
    plain.write_text('[site]\ntag = "talland.example,2026"\n', encoding="utf-8")
    stores.of_file(tmp_path / "s.db").close()
    for words in COMMANDS:
        whose = plain if words[0] == "store" else config
        done = command(*(word.format(url=url) for word in words), "--config", str(whose))
        assert done.code or url in AWAY, words
        assert "Zwo" not in done.out + done.err, words
        assert "tzig" not in done.out + done.err, words
        assert "Traceback" not in done.err, words


@pytest.mark.parametrize("url", FAULTY)
def test_what_is_wrong_with_it_is_said_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(StoreError, match=r"is no address of a database|is not a store"):
        stores.shown(url)


@pytest.mark.parametrize("url", AWAY)
def test_what_is_shown_of_it(url: str) -> None:
    assert "tzig" not in stores.shown(url)
    assert stores.shown(url).startswith("postgresql://")


SHOWN = [
    ("postgresql://h/x?options=-csearch_path%3Da", "postgresql://h/x?options=-csearch_path%3Da"),
    ("postgresql://h/x?options=-c%20a.b=c%20-csearch_path=a", "postgresql://h/x?options=-csearch_path%3Da&***"),
    ("postgresql://u:a%40b%20c%C3%BC@h/x?connect_timeout=3&krb=1", "postgresql://u@h/x?connect_timeout=3&***"),
    ("postgresql://[::1]:5433/x", "postgresql://[::1]:5433/x"),
    ("postgresql://%2Frun%2Fpg/x", "postgresql://%2frun%2fpg/x"),
]


@pytest.mark.parametrize(("url", "shown"), SHOWN)
def test_what_is_harmless_is_shown(url: str, shown: str) -> None:
    assert stores.shown(url) == shown


def test_what_clearly_is_no_store_is_quoted() -> None:
    for url in ("mysql://db.example:3306/x", "s.db", "sqlite:s.db"):
        with pytest.raises(StoreError, match=f'"{url}" is not a store'):
            stores.shown(url)
