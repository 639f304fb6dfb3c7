"""Feed readers with windows: Liferea on a screen of its own, Thunderbird without one, told what to do by Marionette."""

import json
import mailbox
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.readers.programs import PATIENCE, Entry, Program

_FETCHING = 12.0  # seconds that Liferea is given to start and to fetch: it tells nobody when it has
_LOOK = 0.2


_LIFEREA = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Liferea</title></head><body>
<outline title="t" text="t" description="t" type="{kind}" id="aaaaaaa" sortColumn="time" xmlUrl="{address}" htmlUrl=""
 updateInterval="1" collapsed="true"/></body></opml>
"""


class Liferea(Program):
    """It fetches when it starts; it is ended when its database has not changed for a while."""

    name = "liferea"
    needs = ("liferea", "xvfb-run", "dbus-run-session")

    def subscribe(self) -> None:
        folder = self.home / ".config" / "liferea"
        folder.mkdir(parents=True)
        kind = "atom" if self.address.endswith(".atom") else "rss"
        (folder / "feedlist.opml").write_text(_LIFEREA.format(kind=kind, address=self.address))

    @property
    def _database(self) -> Path:
        return self.home / ".local" / "share" / "liferea" / "liferea.db"

    def fetch(self) -> None:
        own = {name: str(self.home / path) for name, path in (("HOME", "."), ("XDG_RUNTIME_DIR", "run"))}
        (self.home / "run").mkdir(mode=0o700, exist_ok=True)
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")} | own
        command = ["dbus-run-session", "--", "xvfb-run", "-a", "liferea"]
        with subprocess.Popen(
            command,
            env=surroundings | {"GSETTINGS_BACKEND": "memory", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running:
            time.sleep(_FETCHING)
            os.killpg(running.pid, signal.SIGTERM)
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)

    def entries(self) -> list[Entry]:
        sql = "SELECT title, description, read FROM items"
        return [Entry(title, text, not read) for title, text, read in self.rows(self._database, sql)]

    def read_all(self) -> None:
        self.change(self._database, "UPDATE items SET read = 1")


_THUNDERBIRD = """
user_pref("marionette.port", {port});
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mailnews.start_page.enabled", false);
user_pref("app.update.auto", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""
_SUBSCRIBE = """
const { FeedUtils } = ChromeUtils.importESModule("resource:///modules/FeedUtils.sys.mjs");
FeedUtils.subscribeToFeed(address, FeedUtils.createRssAccount("t").incomingServer.rootFolder);
"""
_FETCH = """
for (const folder of feeds()) folder.getNewMessages(null, null);
"""
_LIST = """
return feeds().flatMap(folder => [...folder.msgDatabase.enumerateMessages()]
  .map(head => [head.mime2DecodedSubject, head.messageId, !head.isRead]));
"""
_READ = """
for (const folder of feeds()) folder.markAllMessagesRead(null);
"""
_ANSWERED = """
const [address, done] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const feeds = () => MailServices.accounts.allServers.filter(server => server.type == "rss")
  .flatMap(server => server.rootFolder.descendants).filter(folder => folder.prettyName != "Trash");
try { done((() => { SCRIPT })()); } catch (error) { done(String(error)); }
"""


class Thunderbird(Program):
    name = "thunderbird"
    needs = ("thunderbird",)

    def subscribe(self) -> None:
        self._shown = list[Entry]()
        self._is_new = True
        (self.home / "profile").mkdir()

    def fetch(self) -> None:
        with self._running() as marionette:
            marionette.do(_SUBSCRIBE if self._is_new else _FETCH, self.address)
            self._is_new = False
            time.sleep(_FETCHING / 3)
            heads = marionette.do(_LIST)
            marionette.do(_READ)
            time.sleep(1)  # until that is in its files
        texts = {mail["Message-Id"].strip("<>"): _text(mail) for mail in self._mails()}
        self._shown = [Entry(title, texts.get(identifier, ""), unread) for title, identifier, unread in heads]

    def entries(self) -> list[Entry]:
        return self._shown

    def read_all(self) -> None:
        """Done when it fetched, after it was seen what is unread."""

    def _mails(self) -> Iterator[mailbox.mboxMessage]:
        for path in (self.home / "profile" / "Mail" / "Feeds").iterdir():
            if not path.suffix and path.is_file():
                yield from mailbox.mbox(path, create=False)

    @contextmanager
    def _running(self) -> Iterator["Marionette"]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (self.home / "profile" / "user.js").write_text(_THUNDERBIRD.format(port=port))
        command = ["thunderbird", "--headless", "--no-remote", "-remote-allow-system-access", "--marionette"]
        with subprocess.Popen(
            [*command, "--profile", str(self.home / "profile")],
            env={**os.environ, "HOME": str(self.home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running:
            try:
                yield Marionette(port)
            finally:
                running.terminate()
                try:
                    running.wait(10)
                except subprocess.TimeoutExpired:
                    running.kill()


class Marionette:
    """Mozilla's remote protocol: each message is its length, a colon, and [type, number, name, parameters] in JSON."""

    def __init__(self, port: int) -> None:
        self._socket = _connected(port)
        self._lines = self._socket.makefile("rb")
        self._number = 0
        self._read()
        self._ask("WebDriver:NewSession", {"capabilities": {}})
        self._ask("Marionette:SetContext", {"value": "chrome"})

    def do(self, script: str, address: str = "") -> Any:
        """What the script returns."""
        whole = _ANSWERED.replace("SCRIPT", script)
        return self._ask("WebDriver:ExecuteAsyncScript", {"args": [address], "script": whole})["value"]

    def _ask(self, name: str, parameters: Mapping[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, value = self._read()
        if error:
            raise RuntimeError(f"{name}: {error['message']}")
        return value

    def _read(self) -> Any:
        length = b""
        while (byte := self._lines.read(1)) != b":":
            length += byte
        return json.loads(self._lines.read(int(length)))


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(_LOOK)


def _text(mail: mailbox.mboxMessage) -> str:
    body = mail.get_payload(decode=True)
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else ""
