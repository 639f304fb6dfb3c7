"""What is gone and what has moved, over a real server: 410, 301, and the 404 that neither of them changes."""

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.serve import STREAMED, Server, create_app, reference
from test_serve_files import FEED, GZIP, Answer, Site

NOTICE = "<h1>Zurückgezogen</h1>\n".encode() * 40
PAGE = "<h1>Talland fördert Brücken</h1>\n".encode() * 40
BASE = "https://presse.talland.example/feeds/"
WITHDRAWN = "/releases/withdrawn001.html"
NEVER = "/releases/never0000000.html"


@dataclass
class Caller:
    """What the daemon knows, and what it was asked."""

    withdrawn: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    fault: Exception | None = None
    broken: bool = False
    reached: threading.Event = field(default_factory=threading.Event)
    holds: threading.Event | None = None
    hub: str = f"{BASE}hub"

    def gone(self, path: str) -> bool:
        self.asked.append(path)
        self.threads.add(threading.get_ident())
        self.reached.set()
        if self.holds:
            self.holds.wait(10)
        if self.fault:
            raise self.fault
        return path in self.withdrawn

    def moved(self, path: str) -> str | None:
        if self.broken:
            raise KeyError("geheim")
        return self.renamed.get(path)


@pytest.fixture
def caller() -> Caller:
    return Caller({WITHDRAWN[1:]}, {"alt.atom": "neu.atom", "alt/3.atom": "neu/3.atom"})


@pytest.fixture
def site(tmp_path: Path, caller: Caller) -> Iterator[Site]:
    app = create_app(tmp_path, gone=caller.gone, moved=caller.moved, base=lambda: BASE, hub=lambda: caller.hub)
    with Server(app, "127.0.0.1", 0) as running:
        yield Site(tmp_path, running.port)


def dateless(answer: Answer) -> Answer:
    return answer._replace(headers={name: value for name, value in answer.headers.items() if name != "date"})


def test_a_withdrawn_release_is_gone(site: Site) -> None:
    site.put(WITHDRAWN[1:], NOTICE)
    answer = dateless(site.ask(WITHDRAWN))
    assert (answer.status, answer.body) == (410, NOTICE)
    assert answer.headers == {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(NOTICE)),
        "cache-control": "max-age=60",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    }
    head = dateless(site.ask(WITHDRAWN, method="HEAD"))
    assert head == answer._replace(body=b"")
    assert site.ask(WITHDRAWN, method="POST").status == 405


def test_no_condition_makes_a_withdrawn_release_unchanged(site: Site, caller: Caller) -> None:
    caller.withdrawn.clear()
    site.put(WITHDRAWN[1:], NOTICE)
    before = site.ask(WITHDRAWN, GZIP).headers
    caller.withdrawn.add(WITHDRAWN[1:])
    for condition in (
        {"If-None-Match": "*"},
        {"If-None-Match": before["etag"]},
        {"If-Modified-Since": before["last-modified"]},
    ):
        for method in ("GET", "HEAD"):
            assert site.ask(WITHDRAWN, GZIP | condition, method).status == 410


def test_a_restored_release_is_there_again(site: Site, caller: Caller) -> None:
    site.put(WITHDRAWN[1:], NOTICE)
    assert site.ask(WITHDRAWN).status == 410
    caller.withdrawn.clear()
    site.put(WITHDRAWN[1:], PAGE)
    answer = site.ask(WITHDRAWN)
    assert (answer.status, answer.body) == (200, PAGE)
    assert site.ask(WITHDRAWN, {"If-None-Match": answer.headers["etag"]}).status == 304


def test_the_notice_is_sent_also_where_it_was_written_meanwhile(site: Site, caller: Caller) -> None:
    """The release was found, then withdrawn and its page replaced before the store answered."""
    site.put(WITHDRAWN[1:], PAGE)
    caller.holds = threading.Event()
    answers: list[Answer] = []
    reader = threading.Thread(target=lambda: answers.append(site.ask(WITHDRAWN)))
    reader.start()
    assert caller.reached.wait(10)
    site.put(WITHDRAWN[1:], NOTICE)
    caller.holds.set()
    reader.join(10)
    assert (answers[0].status, answers[0].body) == (410, NOTICE)


def test_a_withdrawn_page_that_is_no_notice_by_its_size_is_not_sent(site: Site) -> None:
    site.put(WITHDRAWN[1:], bytes(STREAMED + 1))
    answer = site.ask(WITHDRAWN)
    assert answer.status == 410
    assert answer.body == site.ask(NEVER).body


@pytest.mark.parametrize("own_page", [False, True], ids=["built in", "404.html"])
def test_a_release_that_was_never_public_is_the_unknown_one(site: Site, caller: Caller, own_page: bool) -> None:
    """Held, embargoed, or withdrawn before its embargo ended: no file of it was ever written."""
    if own_page:
        site.put("404.html", b"<h1>Nicht gefunden</h1>")
    caller.fault = sqlite3.OperationalError("locked")
    for method in ("GET", "HEAD"):
        for headers in ({}, GZIP, {"If-None-Match": "*"}):
            unknown, held = (dateless(site.ask(path, headers, method)) for path in (NEVER, WITHDRAWN))
            assert held == unknown == dateless(site.ask("/nothing", headers, method))
            assert held.status == 404
    assert caller.asked == []  # so it takes no longer either


def test_only_pages_of_releases_are_asked_about(site: Site, caller: Caller) -> None:
    paths = ["all.atom", "index.html", "gesundheit/1.atom", "media/0f/a.html", "releases/a.css", "releases.html"]
    for path in paths:
        site.put(path, FEED)
        assert site.ask(f"/{path}").status == 200
    assert caller.asked == []


@pytest.mark.parametrize("fault", [sqlite3.OperationalError("geheim"), OSError("geheim"), ValueError("geheim")])
def test_where_the_store_cannot_answer_nobody_knows(site: Site, caller: Caller, fault: Exception) -> None:
    site.put(WITHDRAWN[1:], PAGE)
    site.put("all.atom", FEED)
    caller.fault = fault
    answer = site.ask(WITHDRAWN)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert answer.headers["cache-control"] == "no-store"
    assert b"geheim" not in answer.body
    assert b"Talland" not in answer.body
    assert site.ask(WITHDRAWN, method="HEAD").status == 503
    assert site.ask("/all.atom").body == FEED
    caller.fault = None
    assert site.ask(WITHDRAWN).status == 410


def test_a_name_that_cannot_be_looked_up_is_no_leak(site: Site, caller: Caller) -> None:
    site.put("all.atom", FEED)
    caller.broken = True
    answer = site.ask("/all.atom")
    assert answer.status == 503
    assert b"geheim" not in answer.body
    assert site.ask("/healthz").status == 200


def test_feeds_do_not_wait_for_the_store(site: Site, caller: Caller) -> None:
    site.put(WITHDRAWN[1:], NOTICE)
    site.put("all.atom", FEED)
    caller.holds = threading.Event()
    reader = threading.Thread(target=site.ask, args=(WITHDRAWN,))
    reader.start()
    try:
        assert caller.reached.wait(10)
        assert site.ask("/all.atom").body == FEED
        assert reader.is_alive()
    finally:
        caller.holds.set()
        reader.join(10)
    assert not caller.threads & {thread.ident for thread in threading.enumerate() if thread.name == "serve"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/alt.atom", "neu.atom"),
        ("/alt%2Eatom", "neu.atom"),
        ("/alt/3.atom", "../neu/3.atom"),
        ("/alt.atom?", "neu.atom"),
        ("/alt.atom?a=1&b=%C3%BC/x?y", "neu.atom?a=1&b=%C3%BC/x?y"),
        ("/alt.atom?a=\"><script>'", "neu.atom?a=%22%3E%3Cscript%3E'"),
    ],
)
def test_what_has_moved_says_where(site: Site, path: str, location: str, method: str) -> None:
    site.put("alt.atom", FEED)  # the copy for servers that know no 301
    answer = site.ask(path, {"If-None-Match": "*"}, method)
    assert answer.status == 301
    assert answer.headers["location"] == location
    assert answer.headers["cache-control"] == "max-age=300"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"  # a script may follow
    assert not {"etag", "last-modified"} & set(answer.headers)
    if method == "HEAD":
        assert answer.body == b""
        return
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert f'<a href="{escape(location)}">' in answer.body.decode()
    assert b"<script>" not in answer.body


@pytest.mark.parametrize("target", ["/alt", "/alt/"])
def test_an_earlier_topic_without_its_ending_leads_to_the_page_of_today(
    site: Site, caller: Caller, target: str
) -> None:
    caller.renamed["alt.html"] = "neu.html"
    site.put("neu.html", PAGE)
    answer = site.ask(target)
    assert (answer.status, urljoin(f"http://x{target}", answer.headers["location"])) == (301, "http://x/neu.html")


def test_bytes_of_a_query_never_end_a_header(site: Site) -> None:
    answer = site.ask_raw(b"/alt.atom?a=\xc3\xbc%0d%0aX-A:b")
    assert answer.status in (301, 400)  # one of uvicorn's two parsers refuses it
    if answer.status == 301:
        assert answer.headers["location"] == "neu.atom?a=%C3%BC%0d%0aX-A:b"
    assert "x-a" not in answer.headers


@pytest.mark.parametrize("path", ["neu.atom", "neu.rss", "neu.json", "all.json"])
@pytest.mark.parametrize("headers", [{}, GZIP])
def test_a_head_links_its_hub_and_itself(site: Site, path: str, headers: dict[str, str]) -> None:
    site.put(path, FEED)
    linked = f'<{BASE}hub>; rel="hub", <{BASE}{path}>; rel="self"'
    for method in ("GET", "GET", "HEAD"):  # read, and out of memory
        assert site.ask(f"/{path}", headers, method).headers["link"] == linked


@pytest.mark.parametrize(
    "path",
    [
        "neu/3.atom",
        "neu/3.json",
        "neu.html",
        "neu.ninjs.json",
        "releases/talland00001.html",
        "topics.opml",
        "media/0f/all.atom",
        "alt.atom",
    ],
)
def test_nothing_else_links_a_hub(site: Site, path: str) -> None:
    site.put(path, FEED)
    answer = site.ask(f"/{path}")
    assert answer.status in (200, 301)
    assert "link" not in answer.headers


def test_a_feed_opened_in_a_browser_is_a_page_without_a_hub(site: Site) -> None:
    site.put("neu.atom", FEED)
    site.put("neu.html", PAGE)
    answer = site.ask("/neu.atom", {"Sec-Fetch-Dest": "document"})
    assert (answer.body, "link" in answer.headers) == (PAGE, False)


def test_where_there_is_no_hub_none_is_linked(site: Site, caller: Caller) -> None:
    caller.hub = ""
    site.put("neu.atom", FEED)
    assert "link" not in site.ask("/neu.atom").headers


def test_an_edition_that_was_joined_leads_to_the_other(site: Site, caller: Caller) -> None:
    caller.renamed[WITHDRAWN[1:]] = "releases/other0000000.html"
    site.put(WITHDRAWN[1:], NOTICE)
    answer = site.ask(WITHDRAWN)
    assert (answer.status, answer.headers["location"]) == (301, "../releases/other0000000.html")
    assert "access-control-allow-origin" not in answer.headers
    assert caller.asked == []


def test_a_method_is_refused_before_anything_is_asked(site: Site) -> None:
    assert site.ask("/alt.atom", method="POST").status == 405


_NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="/\\"), min_size=1, max_size=8)
_PATHS = st.lists(_NAMES.filter(lambda name: not name.startswith(".")), min_size=1, max_size=4).map("/".join)


@given(_PATHS, _PATHS, st.binary(max_size=12), st.sampled_from(["/", "/presse/", "/a/b/"]))
def test_a_reference_leads_there_wherever_the_site_stands(path: str, target: str, query: bytes, below: str) -> None:
    base = f"https://press.example.org{below}"
    way = reference(path, target, query)
    found, _, asked = urljoin(base + quote(path), way).partition("?")
    assert found == base + quote(target)
    assert bool(asked) is bool(query)
    assert way.isascii()
    assert way.isprintable()
    assert not set(' "<>\\#') & set(way)
