"""What machines that share a store have to agree on, and what is each one's own."""

from pathlib import Path

import pytest

from syndicate.config import read

SAID = '[site]\ntitle = "Presse"\n[[source]]\nid = "a"\nurl = "https://a.example/feed"\n'


def agreed(text: str, folder: str = "/srv") -> str:
    return read(text, Path(folder) / "config.toml").agreed


@pytest.mark.parametrize(
    "own",
    [
        '[serve]\nport = 9000\nstatus = ""\n',
        '[cluster]\nmachine = "web-2"\npool = 20\n',
        '[alarm]\nmail = ["a@example.org"]\nfrom = "b@example.org"\nsmtp = "smtp://m.example"\n',
        '[store]\nurl = "postgresql://other@db.example/syndicate"\n',
    ],
)
def test_what_is_a_machines_own_counts_for_nothing(own: str) -> None:
    assert agreed(own + SAID) == agreed(SAID)
    assert agreed(SAID, "/home/other") == agreed(SAID)


@pytest.mark.parametrize(
    ("more", "is_same"),
    [
        ('headers = { Authorization = "Bearer 0123" }\n', True),
        ('proxy = "http://u:p@proxy.example:3128"\n', True),
        ('interval = "2h"\n', False),
        ('[[topic]]\ntitle = "Wald"\n', False),
        ("[fetch]\nper_host = 1\n", False),
    ],
)
def test_all_else_does_but_for_secrets(more: str, is_same: bool) -> None:
    assert (agreed(SAID + more) == agreed(SAID)) is is_same


def test_its_name_is_the_hosts_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "web-7")
    assert read(SAID, Path("/srv/config.toml")).cluster.machine == "web-7"
