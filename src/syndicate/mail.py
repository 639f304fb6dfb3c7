"""Mail is handed in here, and nowhere else (SMTP, RFC 5321), to the server that the operator names."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from syndicate.errors import MailError
from syndicate.model import Alarming
from syndicate.text import squeeze

PATIENCE = 20.0  # seconds for a word of the server
_ALL = 60.0  # seconds for all of it, however slowly a server drips
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SHOWN = 300  # characters of what a server says


def send(message: EmailMessage, alarm: Alarming, *, patience: float = PATIENCE, most: float = _ALL) -> None:
    """MailError, with what the server says, where it does not take it for each of them."""

    def handed_in() -> None:
        with _session(alarm, patience) as server:
            refused = server.send_message(message, alarm.sender, list(alarm.mail))
        if refused:
            raise MailError(f"taken, but not for {_each(refused)}")

    _within(handed_in, most, alarm)


def try_out(alarm: Alarming, *, patience: float = PATIENCE, most: float = _ALL) -> None:
    """Would it let us in? Nothing is sent. MailError where not."""

    def tried() -> None:
        with _session(alarm, patience):
            pass

    _within(tried, most, alarm)


def _within(act: Callable[[], None], most: float, alarm: Alarming) -> None:
    """In a thread that is left to itself after so many seconds: neither a name nor a word that drips has an end."""
    host, faults = urlsplit(alarm.smtp).hostname, list[MailError]()

    def run() -> None:
        try:
            act()
        except MailError as error:
            faults.append(error)

    thread = threading.Thread(target=run, name="mail", daemon=True)
    thread.start()
    thread.join(most)
    if thread.is_alive():
        raise MailError(f"{host}: took longer than {most:g} seconds")
    if faults:
        raise MailError(f"{host}: {faults[0]}") from faults[0]


@contextmanager
def _session(alarm: Alarming, patience: float) -> Iterator[smtplib.SMTP]:
    """Encrypted where the server can, by a certificate that is checked; a password goes nowhere in the clear."""
    try:
        with _opened(alarm, patience) as server:
            if alarm.password:
                server.login(unquote(urlsplit(alarm.smtp).username or ""), alarm.password)
            yield server
    except smtplib.SMTPRecipientsRefused as error:
        raise MailError(f"takes it for nobody: {_each(error.recipients)}") from error
    except smtplib.SMTPResponseException as error:
        raise MailError(_said(error.smtp_code, error.smtp_error)) from error
    except ssl.SSLCertVerificationError as error:
        raise MailError(f"its certificate is not valid ({error.verify_message})") from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailError(_reason(error)) from error


def _opened(alarm: Alarming, patience: float) -> smtplib.SMTP:
    parts, name = urlsplit(alarm.smtp), _own_name()
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, name, timeout=patience, context=context)
    server = smtplib.SMTP(host, parts.port or 587, name, timeout=patience)
    try:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif alarm.password and host not in _LOOPBACK:
            raise MailError("offers no encryption (STARTTLS), and a password is not sent without")
    except BaseException:
        server.close()
        raise
    return server


def _own_name() -> str:
    """How we introduce ourselves: asking the network for it can take long."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _each(refused: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{who}: {_said(*told)}" for who, told in sorted(refused.items()))


def _said(code: int, text: bytes | str) -> str:
    told = text if isinstance(text, str) else text.decode(errors="replace")
    return f"answers {code} {squeeze(told)[:_SHOWN]}".rstrip()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):  # smtplib tells it as a connection that was closed
        return "does not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "hangs up"
    if isinstance(error, OSError) and error.strerror:
        return squeeze(error.strerror)
    return squeeze(str(error))[:_SHOWN] or type(error).__name__
