"""docs/webhooks.md says what is sent: its headers, its fields, and how a receiver checks them, which is run here."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import SITE, make_release
from syndicate.config import read
from syndicate.model import EVENTS, Note
from syndicate.store import Queued
from syndicate.webhooks import headers, of_alarm, of_release, signature

PAGE = (Path(__file__).parents[1] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET = "0123456789abcdef"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def queued(**fields: Any) -> Queued:
    defaults: dict[str, Any] = {
        "id": 1,
        "url": "https://a.example/",
        "key": "0" * 32,
        "event": "published",
        "release": "talland00001",
        "revision": 1,
        "at": NOW,
        "topics": ("gesundheit",),
        "text": "",
    }
    return Queued(**(defaults | fields))


def rows(heading: str) -> list[str]:
    """The first column of each table below a heading."""
    section = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE)


def test_every_header_and_field_is_named_and_no_other() -> None:
    plan = read("", Path("config.toml"))
    release = of_release(queued(), make_release(), plan)
    alarm = of_alarm(queued(release="", event="alarm", text="{}"), plan)
    named = {name for row in rows("What is sent") for name in re.findall(r"`([\w-]+)`", row)}
    sent = {*headers(SECRET, release, queued(), NOW)} - {"Content-Type"}
    assert named == sent | json.loads(release).keys() | json.loads(alarm).keys()
    assert set(EVENTS) <= set(re.findall(r"`(\w+)`", PAGE))


def test_what_was_corrected_is_told() -> None:
    plan = read("", Path("config.toml"))
    release = make_release(notes=(Note(NOW, "Die Zahl war falsch."),))
    told = json.loads(of_release(queued(event="corrected", revision=2), release, plan))["release"]
    assert told["notes"] == [{"at": "2026-06-01T14:00:00+02:00", "text": "Die Zahl war falsch."}]
    gone = replace(release, withdrawn=NOW)
    assert json.loads(of_release(queued(event="corrected", revision=2), gone, plan))["release"]["notes"] == []


def test_the_receiver_that_is_shown() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    is_ours, body, now = names["is_ours"], "{„Größe“}".encode(), datetime.now(UTC)
    assert is_ours(SECRET, signature(SECRET, body, now), body)
    assert not is_ours(SECRET, signature(SECRET, body, now), body + b" ")
    assert not is_ours(SECRET + "x", signature(SECRET, body, now), body)
    assert not is_ours(SECRET, signature(SECRET, body, now - timedelta(hours=1)), body)


@pytest.mark.parametrize("html", [True, False])
def test_where_it_is_read(html: bool) -> None:
    plan = read(f'[site]\nbase_url = "{SITE.base_url}"\n[publish]\nhtml = {str(html).lower()}', Path("config.toml"))

    def url(**fields: Any) -> Any:
        return json.loads(of_release(queued(), make_release(**fields), plan))["url"]

    own = f"{SITE.base_url}releases/talland00001.html"
    assert url() == (own if html else "https://www.talland.example/presse/talland00001")
    assert url(url=None) == own
    assert url(withdrawn=NOW) == (own if html else None)
    assert url(held=True) is None
