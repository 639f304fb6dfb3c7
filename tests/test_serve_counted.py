"""What readers were answered, by kind and status: each answer once, whoever gives it."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.serve import Counted, Observed, Server, create_app, kind_of_request


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("all.atom", "feed"),
        ("wald.ninjs.json", "feed"),
        ("wald/1.rss", "archive"),
        ("", "page"),
        ("wald", "page"),
        ("wald.html", "page"),
        ("wald/1.html", "page"),
        ("releases/abc.html", "release"),
        ("media/0f/plan.pdf", "media"),
        ("feed.json", "combined"),
        ("search", "search"),
        ("n/geheim/all.atom", "newsroom"),
        ("hub", "hub"),
        ("websub/geheim", "callback"),
        ("healthz", "health"),
        ("topics.opml", "other"),
        ("wp-login.php", "other"),
        ("../../etc/passwd", "other"),
    ],
)
def test_of_which_kind_a_request_is(path: str, kind: str) -> None:
    assert kind_of_request(path) == kind


class Counting:
    def __init__(self, folder: Path) -> None:
        self.counted = Counted()
        self.observed = Observed(lambda _: None, lambda: datetime.now(UTC), self.counted.take_in)
        pages = create_app(folder, note=self.observed.note, counted=self.counted, documents=lambda: 0)
        self.server = Server(pages, "127.0.0.1", 0)

    def asked(self, path: str, method: str = "GET", **headers: str) -> dict[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return {name.lower(): value for name, value in answer.getheaders()}

    @property
    def numbers(self) -> dict[tuple[str, int], int]:
        self.observed.hand_on()
        return dict(self.counted.numbers())


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Counting]:
    (tmp_path / "all.atom").write_bytes(b"<feed/>")
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    found = Counting(tmp_path)
    with found.server:
        yield found


def test_each_answer_is_counted_once(counting: Counting) -> None:
    etag = counting.asked("/all.atom")["etag"]  # read from the disk
    assert counting.numbers == {("feed", 200): 1}
    counting.asked("/all.atom")  # from memory, at once
    counting.asked("/all.atom", **{"If-None-Match": etag})
    counting.asked("/all.atom?x=1", **{"If-None-Match": etag})  # by the application
    counting.asked("/all.atom", "HEAD")
    counting.asked("/all.atom?x=1", "HEAD")
    assert counting.numbers == {("feed", 200): 4, ("feed", 304): 2}
    counting.asked("/all.atom", "POST")
    counting.asked("/all.atom", **{"If-Match": '"x"'})
    counting.asked("/nothing.atom")
    counting.asked("/healthz")
    counting.asked("/")
    counting.asked("/index.html")
    told = counting.numbers
    expected = {("feed", 405): 1, ("feed", 412): 1, ("feed", 404): 1, ("health", 200): 1, ("page", 200): 2}
    assert {key: told[key] for key in expected} == expected
    assert sum(told.values()) == 12


def test_who_is_refused_is_counted(counting: Counting) -> None:
    for _ in range(600):
        counting.asked("/all.atom")
        if counting.numbers.get(("feed", 429)):
            break
    told = counting.numbers
    assert told["feed", 429] == 1
    assert told.keys() == {("feed", 200), ("feed", 429)}
