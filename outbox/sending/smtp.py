"""Sends messages over SMTP, each within a fixed time.

smtplib's timeout is per operation, so a slow server could hold a message for minutes, past its lease. Here a timer runs
for each message and cuts the connection.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

OPERATION_SECONDS = 5.0
SEND_TIMEOUT_SECONDS = 40.0
MESSAGES_A_CONNECTION = 100
OK = 250


class NotAccepted(Exception):
    """The server did not accept the message: for now, for good, or without a clear answer.

    Only the code is kept, because the text of a reply often repeats the address.
    """

    def __init__(self, code: int | None = None, *, for_good: bool = False, unanswered: bool = False) -> None:
        super().__init__(f"code {code}")
        self.code = code
        self.for_good = for_good
        self.unanswered = unanswered


class EmailBackend(BaseEmailBackend):
    """Sends emails, or raises NotAccepted. Between `open` and `close` they share a connection while all goes well.

    An email may have `before_content`, which is called just before the content is sent and may raise to stop it.
    """

    def __init__(self, fail_silently: bool = False, **rest: Any) -> None:
        super().__init__(fail_silently=fail_silently, **rest)
        self._keeps_connections = False
        self._servers: dict[str, _Server] = {}

    def open(self) -> bool:
        """Keep connections open from now on. We connect later, because the sender decides the name we greet with."""
        self._keeps_connections = True
        return True

    def close(self) -> None:
        self._keeps_connections = False
        while self._servers:
            _quit(self._servers.popitem()[1])

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            self._transmit(email)
        return len(email_messages)

    def _transmit(self, email: EmailMessage) -> None:
        content = email.message().as_bytes()
        sender, recipient = envelope_address(email.from_email), envelope_address(email.to[0])
        name = get_host(sender)
        server = self._greeted_server(name, sender)
        try:
            _transmit(server, recipient, content, getattr(email, "before_content", None))
        except BaseException:
            # After anything but a plain yes we don't know what the server expects next.
            _quit(server)
            raise
        if not self._keeps_connections or server.messages >= MESSAGES_A_CONNECTION:
            _quit(server)
            return
        server.stop_clock()
        self._servers[name] = server

    def _greeted_server(self, name: str, sender: str) -> "_Server":
        """Return a connection that has accepted the sender: the open one, unless the server has closed it."""
        open_server = self._servers.pop(name, None)
        if open_server is not None:
            open_server.start_clock()
            with suppress(smtplib.SMTPException, OSError):
                if open_server.mail(sender)[0] == OK:
                    return open_server
            _quit(open_server)
        server = _connect(name)
        try:
            with _answers():
                _require_accepted(server.mail(sender))
        except BaseException:
            _quit(server)
            raise
        return server


def check_connection() -> None:
    """Connect and sign in as for a message, and send none. Raise NotAccepted if that fails."""
    server = _connect(get_host(settings.DEFAULT_FROM_EMAIL))
    _quit(server)


def _transmit(server: "_Server", recipient: str, content: bytes, before_content: Callable[[], None] | None) -> None:
    server.messages += 1
    with _answers():
        _require_accepted(server.rcpt(recipient))
    if before_content:
        before_content()
    if server.out_of_time:
        raise NotAccepted
    with _answers(after_content=True):
        _require_accepted(server.data(content))


def envelope_address(address: str) -> str:
    """Return the bare address in characters that SMTP can carry, with the domain in its ASCII form."""
    local, _, domain = parseaddr(address)[1].rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def get_host(address: str) -> str:
    return envelope_address(address).rpartition("@")[2]


class _Server(smtplib.SMTP):
    """A connection that is cut when sending a message takes too long, whatever it is doing at the time."""

    def __init__(self, host: str, port: int, **options: Any) -> None:
        self.messages = 0
        self.start_clock()
        try:
            super().__init__(host, port, timeout=OPERATION_SECONDS, **options)
        except BaseException:
            self.stop_clock()
            raise

    def start_clock(self) -> None:
        """Start the timer of one message, on a new connection or an open one."""
        self.out_of_time = False
        self._clock = threading.Timer(SEND_TIMEOUT_SECONDS, self._abort)
        self._clock.daemon = True
        self._clock.start()

    def stop_clock(self) -> None:
        self._clock.cancel()

    def _abort(self) -> None:
        self.out_of_time = True
        if self.sock is not None:
            with suppress(OSError):  # it may have just closed by itself
                # Bypass TLS and shut down the socket: the other thread may be in the middle of a TLS read.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        self.stop_clock()
        super().close()


class _TLSServer(_Server, smtplib.SMTP_SSL):
    pass


def _connect(our_name: str) -> _Server:
    """Connect and sign in. `our_name` is the sender's domain, because a discreet message must not name our machine."""
    with _connecting():
        server = _open(our_name)
    try:
        with _connecting():
            _sign_in(server)
    except BaseException:
        _quit(server)
        raise
    return server


def _open(our_name: str) -> _Server:
    if settings.EMAIL_USE_SSL:
        context = ssl.create_default_context()
        return _TLSServer(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=our_name, context=context)
    return _Server(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=our_name)


def _sign_in(server: _Server) -> None:
    server.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS:
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    if settings.EMAIL_HOST_USER:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


def _quit(server: _Server) -> None:
    """Quit without waiting for the answer: the server has the message, and we must record that it was sent."""
    with suppress(smtplib.SMTPException, OSError):  # the server may have closed it first
        server.putcmd("quit")
    server.close()


@contextmanager
def _connecting() -> Iterator[None]:
    """Treat trouble before we mention a message as temporary: it is never a refusal for good."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise NotAccepted(error.smtp_code) from None
    except (smtplib.SMTPException, OSError):
        raise NotAccepted from None


@contextmanager
def _answers(*, after_content: bool = False) -> Iterator[None]:
    """Turn errors into NotAccepted. Once the content has been sent, silence may mean yes or no."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        _require_accepted((error.smtp_code, b""))
    except (smtplib.SMTPException, OSError):
        raise NotAccepted(unanswered=after_content) from None
    except NotAccepted:
        raise
    except Exception:
        if not after_content:
            raise
        raise NotAccepted(unanswered=True) from None  # such as the task's own timeout, which can be raised anywhere


def _require_accepted(reply: tuple[int, bytes]) -> None:
    code = reply[0]
    if not 200 <= code < 300:
        raise NotAccepted(code if code > 0 else None, for_good=500 <= code < 600)
