"""What our server answers where documents are in a bucket: as of a folder."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from s3_server import Gate, Rule
from syndicate.model import Bucket, Document
from syndicate.objectstore import ObjectStore
from syndicate.publish import target
from syndicate.serve import STREAMED, Server, create_app
from waiting import until

FEED = "<feed>Förderung für Talland</feed>\n".encode() * 200
SYNDICATE = Path(sys.executable).with_name("syndicate")
GZIP = {"Accept-Encoding": "gzip"}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


class Sites(NamedTuple):
    """The same documents in a folder and in a bucket, and a server before each."""

    places: tuple[Path, Bucket]
    ports: tuple[int, int]

    def put(self, *documents: Document, fence: int = 0) -> None:
        for place in self.places:
            target(place).publish(documents, [], fence=fence)

    def ask(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
        """What both answer: the same but for what a clock says."""
        one, other = (ask(port, path, headers, method) for port in self.ports)
        for answer in (one, other):
            answer.headers.pop("date", None)
            assert answer.headers.pop("last-modified", "")[-3:] in ("GMT", "")
        assert one == other
        return other


@pytest.fixture
def sites(gate: Gate, prefix: str, tmp_path: Path) -> Iterator[Sites]:
    places = (tmp_path, Bucket(prefix))
    apps = [create_app(place, gone=lambda path: path == "releases/gone.html") for place in places]
    with Server(apps[0], "127.0.0.1", 0) as one, Server(apps[1], "127.0.0.1", 0) as other:
        yield Sites(places, (one.port, other.port))


@pytest.fixture(autouse=True)
def _asks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.serve.objects._BELIEVED", 0.2)


def doc(path: str, body: bytes = FEED) -> Document:
    return Document(path, "", body)


def test_a_document_is_answered_as_from_a_folder(sites: Sites) -> None:
    page = b"<!doctype html><title>x</title>" + b"words " * 200
    sites.put(doc("all.atom"), doc("index.html", page), doc("gesundheit/1.json"), doc("media/1/b.pdf", b"%PDF"))
    for path in ("/all.atom", "/", "/gesundheit/1.json", "/media/1/b.pdf", "/index", "/nothing.html", "/.store"):
        for headers in ({}, GZIP):
            for method in ("GET", "HEAD"):
                sites.ask(path, headers, method)
    answer = sites.ask("/all.atom", GZIP)
    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    for _ in range(2):
        held = {"If-None-Match": answer.headers["etag"], **GZIP}
        assert sites.ask("/all.atom", held).status == 304
        time.sleep(0.3)
    part = sites.ask("/media/1/b.pdf", {"Range": "bytes=1-2"})
    assert (part.status, part.body) == (206, b"PD")


def test_a_change_and_a_withdrawal_are_seen_in_a_moment(sites: Sites) -> None:
    sites.put(doc("releases/gone.html", b"words"), doc("all.atom"))
    assert sites.ask("/all.atom").body == FEED
    sites.put(doc("releases/gone.html", b"a notice"), doc("all.atom", b"other"))
    time.sleep(0.3)
    assert sites.ask("/all.atom").body == b"other"
    gone = sites.ask("/releases/gone.html")
    assert (gone.status, gone.body) == (410, b"a notice")


def test_a_notice_over_what_is_no_more_is_404(sites: Sites) -> None:
    sites.put(doc("a.html", b"words"))
    assert sites.ask("/a.html").status == 200
    for place in sites.places:
        target(place).publish([], ["a.html"], notice=lambda path: doc(path, b"nothing"))
    time.sleep(0.3)
    assert sites.ask("/a.html").status == 404
    sites.put(doc("a.html", b"words"))
    time.sleep(0.3)
    assert sites.ask("/a.html").status == 200


def test_what_is_asked_for_again_is_asked_of_the_bucket_on_condition_and_not_each_time(
    sites: Sites, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.put(doc("all.atom"))
    sites.ask("/all.atom")
    time.sleep(0.3)
    gate.seen.clear()
    gate.sent.clear()
    sites.ask("/all.atom")
    monkeypatch.setattr("syndicate.serve.objects._BELIEVED", 60)
    for _ in range(20):
        sites.ask("/all.atom")
    ((method, _),) = gate.seen
    assert method == "GET"
    assert "if-none-match" in gate.sent[0]
    for _ in range(20):
        assert sites.ask("/nothing.atom").status == 404
    assert len([key for _, key in gate.seen if key.endswith("nothing.atom")]) == 1


def test_what_is_large_is_streamed_and_in_parts(sites: Sites, gate: Gate) -> None:
    film = os.urandom(1000) * (STREAMED // 1000 + 1500)
    sites.put(doc("media/1/film.mp4", film))
    answer = sites.ask("/media/1/film.mp4")
    assert answer.body == film
    part = sites.ask("/media/1/film.mp4", {"Range": "bytes=5000000-5000099"})
    assert (part.status, part.body) == (206, film[5_000_000:5_000_100])
    assert all("range" in sent or method != "GET" for sent, (method, key) in zip(gate.sent, gate.seen, strict=True))


def test_a_bucket_that_does_not_answer_is_503_and_not_404(
    sites: Sites, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.put(doc("all.atom"))
    assert sites.ask("/all.atom").status == 200
    gate.rules.append(Rule("GET", status=403))
    time.sleep(0.3)
    for path in ("/all.atom", "/bau.atom"):
        answer = ask(sites.ports[1], path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    gate.rules.clear()
    assert sites.ask("/all.atom").status == 200


# --- the commands -----------------------------------------------------------------------------------------------------

CONFIG = """[site]
base_url = "https://presse.talland.example/"
tag = "presse.talland.example,2026"
[serve]
port = {port}
status = ""
[publish]
directory = "{prefix}"
[[source]]
id = "ordner"
path = "releases"
"""
RELEASE = "---\ntitle: Neue Brücke\ntopic: Bau\ndate: 2026-05-01\n---\nÜber die Talle führt eine Brücke.\n"


class Machine:
    """A folder with a configuration that publishes to the bucket, and its processes."""

    def __init__(self, root: Path, prefix: str, port: int) -> None:
        self.root, self.port = root, port
        (root / "releases").mkdir(parents=True)
        (root / "releases" / "a.md").write_text(RELEASE, "utf-8")
        (root / "config.toml").write_text(CONFIG.format(port=port, prefix=prefix), "utf-8")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self._command(*arguments), capture_output=True, text=True, check=False, cwd=self.root)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        quiet = subprocess.PIPE
        return subprocess.Popen(
            self._command(*arguments), stdout=quiet, stderr=subprocess.STDOUT, text=True, cwd=self.root
        )

    def _command(self, *arguments: str) -> list[str]:
        return [str(SYNDICATE), *arguments]


def free_port() -> int:

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int, path: str) -> int:
    try:
        return ask(port, path).status
    except OSError:
        return 0


def test_run_once_status_and_check(gate: Gate, prefix: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "a", prefix, free_port())
    done = machine.run("run", "--once", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["directory"] == prefix
    assert {"all.atom", "bau.atom", "topics.opml"} <= {each.key for each in ObjectStore(prefix).list()}
    assert machine.run("status").returncode == 0
    assert f"feeds   {prefix}: can be read" in machine.run("check").stdout
    again = machine.run("publish")
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, f"Nothing to publish: {prefix}")
    gate.rules.append(Rule("GET", status=403))
    done = machine.run("status")
    assert done.returncode == 1
    assert f"{prefix}/.store: cannot be read: the bucket refuses it" in done.stdout.replace("\n", " ")
    assert "geheim" not in done.stdout + done.stderr


def test_adopt_is_refused_with_the_reason(gate: Gate, prefix: str, tmp_path: Path) -> None:
    first = Machine(tmp_path / "a", prefix, free_port())
    assert first.run("run", "--once").returncode == 0
    second = Machine(tmp_path / "b", prefix, free_port())
    done = second.run("run", "--once", "--adopt")
    assert done.returncode == 2
    assert f"{prefix}: is a bucket, and nothing is read back from one" in done.stderr


@pytest.mark.parametrize("has_store", [True, False])
def test_serve_on_another_machine(gate: Gate, prefix: str, tmp_path: Path, has_store: bool) -> None:
    machine = Machine(tmp_path / "a", prefix, free_port())
    other = machine if has_store else Machine(tmp_path / "b", prefix, free_port())
    process = other.start("serve") if not has_store else None
    try:
        if process:
            until(lambda: answers(other.port, "/healthz") == 200)
            assert answers(other.port, "/readyz") == 503
        assert machine.run("run", "--once").returncode == 0
        process = process or other.start("serve")
        until(lambda: answers(other.port, "/readyz") == 200)
        until(lambda: answers(other.port, "/bau.atom") == 200)
        assert answers(other.port, "/nothing.atom") == 404
    finally:
        if process:
            process.terminate()
            process.communicate(timeout=20)
    assert process is not None
    assert process.returncode == 0


def test_serve_waits_for_a_bucket_that_does_not_answer_yet(gate: Gate, prefix: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "a", prefix, free_port())
    assert machine.run("run", "--once").returncode == 0
    gate.rules += [Rule(method, status=403) for method in ("GET", "HEAD")]
    process = machine.start("serve")
    try:
        until(lambda: answers(machine.port, "/healthz") == 200)
        assert answers(machine.port, "/readyz") == 503
        assert answers(machine.port, "/bau.atom") == 503
        gate.rules.clear()
        until(lambda: answers(machine.port, "/readyz") == 200)
        until(lambda: answers(machine.port, "/bau.atom") == 200)
    finally:
        process.terminate()
        told, _ = process.communicate(timeout=20)
    assert f"warning: {prefix}/topics.opml: cannot be read: the bucket refuses it (403" in told


def test_the_daemon_publishes_to_the_bucket_and_serves_from_it(gate: Gate, prefix: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "a", prefix, free_port())
    process = machine.start("run")
    try:
        until(lambda: answers(machine.port, "/readyz") == 200)
        assert b"Neue Br" in ask(machine.port, "/bau.atom").body
        (machine.root / "releases" / "b.md").write_text(RELEASE.replace("Brücke", "Straße"), "utf-8")
        until(lambda: "Straße".encode() in ask(machine.port, "/bau.atom").body)
    finally:
        process.terminate()
        told, _ = process.communicate(timeout=20)
    assert process.returncode == 0, told
    assert "geheim" not in told
