"""A real SMTP server on loopback: it keeps the mail that it is handed, or does what a test has it do."""

import socket
import ssl
import threading
from contextlib import ExitStack, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self


class SmtpServer:
    """One session at a time. `refuses`: what it says to a verb (`RCPT`), instead of taking it.

    `tls`: offers STARTTLS; with `at_once` it speaks TLS from the first byte. `silent`: accepts, and says nothing;
    `drips`: a byte now and then.
    """

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        *,
        at_once: bool = False,
        silent: bool = False,
        drips: bool = False,
        refuses: dict[str, str] | None = None,
    ) -> None:
        self.mail: list[EmailMessage] = []
        self.said: list[str] = []  # every line of every client
        self.encrypted: list[bool] = []  # of each mail
        self.taken = threading.Event()
        self._tls, self._at_once, self._silent, self._drips = tls, at_once, silent, drips
        self.refuses = refuses or {}
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def url(self, user: str = "", scheme: str = "smtp", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{user + '@' if user else ''}{host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client, ExitStack() as opened, suppress(OSError, ValueError):  # who hangs up is what tests are about
                self._serve(client, opened)

    def _serve(self, client: socket.socket, opened: ExitStack) -> None:
        if self._silent:
            self._stopped.wait()
            return
        while self._drips and not self._stopped.wait(0.05):
            client.sendall(b"2")
        if self._tls and self._at_once:
            client = opened.enter_context(self._tls.wrap_socket(client, server_side=True))
        lines = client.makefile("rb")
        encrypted = self._at_once
        client.sendall(b"220 mail.example ESMTP\r\n")
        while line := lines.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            self.said.append(f"{verb} {rest}".strip())
            if verb in self.refuses:
                client.sendall(f"{self.refuses[verb]}\r\n".encode())
            elif verb == "EHLO":
                more = b"250-STARTTLS\r\n" if self._tls and not encrypted else b""
                client.sendall(b"250-mail.example\r\n" + more + b"250-AUTH PLAIN\r\n250 8BITMIME\r\n")
            elif verb == "STARTTLS" and self._tls:
                client.sendall(b"220 go on\r\n")
                client = opened.enter_context(self._tls.wrap_socket(client, server_side=True))
                lines, encrypted = client.makefile("rb"), True
            elif verb == "AUTH":
                client.sendall(b"235 come in\r\n")
            elif verb == "DATA":
                client.sendall(b"354 go on\r\n")
                self._take(lines, client, encrypted)
            else:
                client.sendall(b"250 fine\r\n" if verb != "QUIT" else b"221 bye\r\n")

    def _take(self, lines: object, client: socket.socket, encrypted: bool) -> None:
        body = b""
        while (line := lines.readline()) not in (b".\r\n", b""):  # type: ignore[attr-defined]
            body += line.removeprefix(b".") if line.startswith(b"..") else line
        found = message_from_bytes(body, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mail.append(found)
        self.encrypted.append(encrypted)
        client.sendall(b"250 taken\r\n")
        self.taken.set()
