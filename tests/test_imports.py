"""What a command imports: a part of the house and of the libraries, found in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from servers import Reply, Server

RUN = """
import json, sys
from syndicate.start import main
sys.argv[0] = "syndicate"
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
PARSERS = {"feedparser", "trafilatura", "nh3", "lxml_html_clean", "charset_normalizer", "markdown_it", "yaml"}
RENDERERS = {"feedgen", "jinja2", "syndicate.render.page", "syndicate.validate", "syndicate.documents.renderer"}
SERVERS = {"starlette", "uvicorn", "apscheduler", "watchfiles"}
READERS = {"syndicate.normalise", "syndicate.parse.document", "syndicate.notices.wordings", "syndicate.reading.read"}
TELLERS = {
    "structlog",
    "rich.console",
    "pygments",
}  # of what is told to a person: to a pipe, only where something is wrong
CLUSTER = {"procrastinate", "psycopg", "psycopg_pool", "obstore", "asgiref", "croniter", "syndicate.schedule.engine"}
RARE = {"syndicate.adopt.take_over", "syndicate.fulltext.backfill", "syndicate.fulltext.complete"}
FEED = b"""<rss version="2.0"><channel><title>Presse</title><link>https://talland.example/</link>
<description>x</description><item><title>Neue Br&#252;cke</title><guid>b1</guid></item></channel></rss>"""


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that are there at a command's end."""
    command = [sys.executable, "-c", RUN, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: list[str] = json.loads(done.stderr.splitlines()[-1])
    return {*found}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """A feed that is read once and answers 304 from then on: command → what it imported."""
    folder = tmp_path_factory.mktemp("asked")
    with Server() as server:
        first = Reply(body=FEED, headers={"ETag": '"1"', "Content-Type": "application/rss+xml"})
        url = server.answers("/feed.xml", first, Reply(status=304))
        (folder / "config.toml").write_text(
            f'[site]\ntag = "talland.example,2026"\n[[source]]\nid = "amt"\nurl = "{url}"\nallow_private = true\n',
            encoding="utf-8",
        )
        return {
            "run --once": imported(folder, "run", "--once"),
            "run --once, 304": imported(folder, "run", "--once"),
            "status": imported(folder, "status"),
            "--version": imported(folder, "--version"),
        }


@pytest.mark.parametrize(
    ("command", "without"),
    [
        (
            "--version",
            PARSERS | RENDERERS | SERVERS | READERS | RARE | {"sqlite3", "httpx", "syndicate.model", "typer"},
        ),
        (
            "status",
            PARSERS
            | RENDERERS
            | SERVERS
            | READERS
            | RARE
            | CLUSTER
            | {"httpx", "lxml", "cssselect", "syndicate.workers"},
        ),
        (
            "run --once, 304",
            CLUSTER | PARSERS | RENDERERS | SERVERS | READERS | RARE | TELLERS | {"anyio", "trio", "smtplib"},
        ),
        ("run --once", CLUSTER | PARSERS - {"nh3"} | SERVERS | RARE | TELLERS),
    ],
)
def test_a_command_does_without(asked: dict[str, set[str]], command: str, without: set[str]) -> None:
    assert asked[command] & without == set()


DAEMON = """
import sys, threading, time
from syndicate.app import App
from syndicate.config import read
from syndicate.schedule import Schedule
from pathlib import Path
with App(read("", Path(sys.argv[1]))) as app:
    schedule = Schedule(app)
    schedule.start()
    schedule.stop(10)
    print([name for name in sys.argv[2:] if name in sys.modules])
"""


def test_a_daemon_on_one_machine_does_without_what_several_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DAEMON, str(tmp_path / "config.toml"), *CLUSTER]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_worker_is_refused_where_the_store_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    command = [sys.executable, "-c", "import sys; from syndicate.start import main; sys.exit(main())", "worker"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "syndicate.db: is a file, which one machine has; a worker needs [store] url =" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
