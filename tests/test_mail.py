"""Mail is handed in at a real server: encrypted where it can be, bounded whatever the server does."""

import base64
import shutil
import ssl
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest

from smtp_server import SmtpServer
from syndicate.errors import MailError
from syndicate.mail import send, try_out
from syndicate.model import Alarming


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Self-signed, for localhost; and what a server is made with."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subprocess.run([openssl, *made, *subject, "-keyout", key, "-out", cert], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def message() -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Grüße", "a@talland.example", "b@talland.example"
    made.set_content("Größe.\n.\n")
    return made


def by(url: str, password: str = "") -> Alarming:
    return Alarming(
        mail=("b@talland.example", "c@talland.example"), sender="a@talland.example", smtp=url, password=password
    )


def test_it_arrives_whole() -> None:
    with SmtpServer() as server:
        send(message(), by(server.url()))
        (found,) = server.mail
    assert (found["Subject"], found.get_content().replace("\r\n", "\n")) == ("Grüße", "Größe.\n.\n")
    assert [line for line in server.said if line.startswith("RCPT")] == [
        "RCPT TO:<b@talland.example>",
        "RCPT TO:<c@talland.example>",
    ]


@pytest.mark.parametrize("at_once", [False, True])
def test_it_is_encrypted_and_lets_itself_in(
    certificate: tuple[Path, ssl.SSLContext], at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # an operator's own authority
    with SmtpServer(certificate[1], at_once=at_once) as server:
        url = server.url("post%40amt", "smtps" if at_once else "smtp", "localhost")
        send(message(), by(url, "geheim"))
    assert server.encrypted == [True]
    (auth,) = [line for line in server.said if line.startswith("AUTH")]
    assert base64.b64decode(auth.split()[-1]) == b"\0post@amt\0geheim"


@pytest.mark.parametrize("at_once", [False, True])
def test_a_certificate_that_nobody_knows_is_refused(certificate: tuple[Path, ssl.SSLContext], at_once: bool) -> None:
    with SmtpServer(certificate[1], at_once=at_once) as server:
        url = server.url("post", "smtps" if at_once else "smtp", "localhost")
        with pytest.raises(MailError, match="localhost: its certificate is not valid"):
            send(message(), by(url, "geheim"))
        assert server.mail == []
        assert not any("AUTH" in line for line in server.said)


def test_a_password_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.mail._LOOPBACK", ())  # as if it were far away
    with SmtpServer() as server, pytest.raises(MailError, match="offers no encryption"):
        send(message(), by(server.url("post"), "geheim"))
    assert not any("AUTH" in line for line in server.said)


@pytest.mark.parametrize(
    ("refuses", "said"),
    [
        ({"MAIL": "550 not you"}, "answers 550 not you"),
        ({"RCPT": "550 unknown"}, "takes it for nobody: b@talland.example: answers 550 unknown; c@"),
        ({"AUTH": "535 wrong password"}, "answers 535 wrong password"),
        ({"DATA": "452 disk full"}, "answers 452 disk full"),
        ({"EHLO": "421 later", "HELO": "421 later"}, "421|hangs up"),
    ],
)
def test_what_a_server_refuses_is_told(refuses: dict[str, str], said: str) -> None:
    with SmtpServer(refuses=refuses) as server:
        with pytest.raises(MailError, match=said):
            send(message(), by(server.url("post"), "geheim"))
        assert server.mail == []


def test_who_says_nothing_is_not_waited_for_long() -> None:
    with SmtpServer(silent=True) as server, pytest.raises(MailError, match="does not answer in time"):
        send(message(), by(server.url()), patience=0.05)


def test_who_drips_is_cut_off() -> None:
    with SmtpServer(drips=True) as server, pytest.raises(MailError, match=r"took longer than 0\.2 seconds"):
        send(message(), by(server.url()), most=0.2)


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "smtp://no.such.host.invalid"])
def test_nobody_there(url: str) -> None:
    with pytest.raises(MailError, match=r"^(127\.0\.0\.1|no\.such)"):
        send(message(), by(url))


def test_letting_itself_in_is_tried_without_a_mail() -> None:
    with SmtpServer() as server:
        try_out(by(server.url("post"), "geheim"))
        assert server.mail == []
    with pytest.raises(MailError):
        try_out(by(server.url()))
