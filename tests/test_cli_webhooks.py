"""Webhooks and mail as an operator has them: by the commands, by the daemon, through a kill."""

import json
import signal
import threading
from pathlib import Path
from typing import Any

from cli_site import FOLDER, LATER, ROAD, SCHOOL, Process, Site, free_port
from servers import Reply, Server
from smtp_server import SmtpServer
from waiting import until

HOOK = """
[[webhook]]
url = "{}"
secret = "0123456789abcdef"
allow_private = true
events = ["published", "withdrawn"]
"""
MAIL = '\n[alarm]\nmail = ["amt@talland.example"]\nsmtp = "{}"\n'


def told(server: Server) -> list[Any]:
    return [json.loads(request.body) for request in server.requests]


def test_commands_publish_and_a_run_tells(tmp_path: Path) -> None:
    with Server() as server:
        site = Site(tmp_path, sources=FOLDER + HOOK.format(server.answers("/hook", Reply(204))), school=SCHOOL)
        assert site.run("run", "--once").code == 0
        assert [each["release"]["title"] for each in told(server)] == ["Werkstattpreis für Brunnau"]
        site.put("road", ROAD)
        site.put("later", LATER)
        assert site.run("ingest", "amt").code == 0
        assert len(told(server)) == 1  # the commands leave it to whoever carries
        assert site.run("run", "--once").code == 0
        assert [each["release"]["title"] for each in told(server)[1:]] == ["Umgehung für Erlenstadt"]
        school = told(server)[0]["release"]["id"]
        assert site.run("releases", "withdraw", school).code == 0
        assert site.run("run", "--once").code == 0
        gone = told(server)[-1]
        assert (gone["event"], gone["release"]["id"], gone["release"]["title"]) == ("withdrawn", school, "")
        assert "Forst" not in json.dumps(told(server))


def test_a_daemon_that_is_killed_while_it_tells_tells_it_once_more(tmp_path: Path) -> None:
    answering = threading.Event()
    with Server() as server:
        hook = HOOK.format(server.answers("/hook", Reply(204, after=answering), Reply(204)))
        site = Site(tmp_path, sources=FOLDER + hook, port=free_port(), school=SCHOOL)
        with Process(site, "run") as daemon:
            until(lambda: server.requests, "nothing was told")
            daemon.told(signal.SIGKILL)
        site.put("road", ROAD)
        with Process(site, "run") as daemon:
            until(lambda: len(server.requests) >= 3, "not told again")
            assert daemon.ends(signal.SIGTERM) == 0
        answering.set()
    assert [each["release"]["title"] for each in told(server)] == [
        "Werkstattpreis für Brunnau",
        "Werkstattpreis für Brunnau",
        "Umgehung für Erlenstadt",
    ]
    assert told(server)[0]["id"] == told(server)[1]["id"]


def test_a_hook_that_hangs_delays_no_other_and_no_end(tmp_path: Path) -> None:
    with Server() as server:
        hooks = "".join(
            HOOK.format(server.answers(path, reply))
            for path, reply in (("/hangs", Reply(204, after=threading.Event())), ("/other", Reply(204)))
        )
        site = Site(tmp_path, sources=FOLDER + hooks, port=free_port(), school=SCHOOL)

        def asked(path: str) -> int:
            return sum(request.path == path for request in server.requests)

        with Process(site, "run") as daemon:
            until(lambda: asked("/hangs") and asked("/other"), "nothing was told")
            site.put("road", ROAD)
            until(lambda: asked("/other") == 2, "the other one was held up")
            assert asked("/hangs") == 1
            assert daemon.ends(signal.SIGTERM) == 0


def test_check_tries_the_server_for_mail(tmp_path: Path) -> None:
    with SmtpServer() as server:
        site = Site(tmp_path, sources=FOLDER + MAIL.format(server.url()), school=SCHOOL)
        done = site.run("check", "--fetch")
        assert "mail    127.0.0.1: takes what is for amt@talland.example" in done.out
        assert server.mail == []
    done = site.run("check", "--fetch")
    assert (done.code, "problem mail 127.0.0.1: " in done.err) == (1, True)
    assert "mail" not in site.run("check").out
