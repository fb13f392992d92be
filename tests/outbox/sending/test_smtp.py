import datetime as dt
import ipaddress
import smtplib
import ssl
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from celery.exceptions import SoftTimeLimitExceeded
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import get_connection

from outbox.models import Message
from outbox.sending import delivery, smtp
from outbox.sending.smtp import NotAccepted, envelope_address
from outbox.statuses import State, Step
from tests.support.message_sending import deliver
from tests.support.smtp_sink import Sink
from tests.support.stack import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def tls_sink(certificate, settings):
    """A server that accepts mail only over STARTTLS, from the user `walk` with the password `secret`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"walk", b"secret"), handled=False)

    sink, port = Sink(), free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    settings.EMAIL_BACKEND = "outbox.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "walk", "secret"
    yield sink
    controller.stop()


def test_mail_is_sent_over_tls_with_a_password(tls_sink, certificate, queue, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert deliver(queue().pk) == State.SENT
    assert len(tls_sink.received) == 1


def test_nothing_is_sent_to_a_server_without_a_valid_certificate(tls_sink, queue):
    assert deliver(queue().pk) == State.RETRY
    assert tls_sink.received == []


def test_wrong_password_does_not_fail_the_message(tls_sink, certificate, queue, settings, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_HOST_PASSWORD = "wrong"
    message = queue()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert list(message.log.values_list("step", "code")) == [(Step.STARTED, None), (Step.DEFERRED, 535)]


def test_mail_is_sent_over_implicit_tls(certificate, queue, settings, monkeypatch):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, ssl_context=context)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    controller.start()
    settings.EMAIL_BACKEND = "outbox.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = "127.0.0.1", port, True

    state = deliver(queue().pk)
    controller.stop()

    assert (state, len(sink.received)) == (State.SENT, 1)


def test_message_is_sent_even_if_the_server_disconnects_after_accepting_it(sink, queue, monkeypatch):
    def hang_up(server, command, *rest):
        if command == "quit":
            server.sock.close()
            raise smtplib.SMTPServerDisconnected
        return putcmd(server, command, *rest)

    putcmd = smtplib.SMTP.putcmd
    monkeypatch.setattr(smtplib.SMTP, "putcmd", hang_up)

    assert deliver(queue().pk) == State.SENT


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("Walk and Talk <hello@example.com>", "hello@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_envelope_address_is_bare_and_ascii(address, bare):
    assert envelope_address(address) == bare


def test_domain_in_another_script_is_sent_as_punycode(sink, queue):
    deliver(queue(recipient="ada@bücher.example").pk)

    assert sink.received[0].rcpt_tos == ["ada@xn--bcher-kva.example"]


def test_backend_works_without_a_hook(sink, queue):
    sent_count = get_connection().send_messages([delivery.build_email(queue())])

    assert (sent_count, len(sink.received)) == (1, 1)


def test_not_accepted_keeps_the_code_and_not_the_text(sink, queue):
    sink.answers.append("550 canary@example.com is unknown here")

    with pytest.raises(NotAccepted) as raised:
        get_connection().send_messages([delivery.build_email(queue())])

    assert (raised.value.code, str(raised.value), raised.value.__cause__) == (550, "code 550", None)


def deliver_all(*messages):
    with delivery.Sender() as sender:
        for message in messages:
            sender.deliver(message.pk)
    return [Message.objects.get(pk=message.pk).state for message in messages]


def test_messages_of_a_batch_share_a_connection(sink, queue):
    states = deliver_all(queue(), queue(), queue())

    assert states == [State.SENT] * 3
    assert len(sink.greetings) == 1


def test_each_sender_address_has_its_own_connection_and_greeting(sink, queue):
    deliver_all(queue(), queue(sender="Appointments <hello@neutral.example.org>"), queue())

    assert sink.greetings == ["walkandtalk.example.com", "neutral.example.org"]


@pytest.mark.parametrize("answer", ["550 no", "451 later", "421 too many", "drop"])
def test_refused_message_does_not_affect_the_next_in_its_batch(sink, queue, answer):
    sink.answers.extend(["250 OK", answer])

    states = deliver_all(*[queue(thread=f"requester:{number}") for number in range(3)])

    assert states == [State.SENT, State.FAILED if answer == "550 no" else State.RETRY, State.SENT]
    assert len(sink.greetings) == 2


def test_closed_connection_is_opened_again(sink, queue):
    first, second = queue(), queue()
    with delivery.Sender() as sender:
        sender.deliver(first.pk)
        sink.hang_up()
        sender.deliver(second.pk)

    assert Message.objects.get(pk=second.pk).state == State.SENT
    assert len(sink.greetings) == 2


def test_connection_is_replaced_after_its_number_of_messages(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "MESSAGES_A_CONNECTION", 2)

    deliver_all(queue(), queue(), queue())

    assert len(sink.greetings) == 2


def test_each_message_has_its_own_timeout_on_a_shared_connection(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "SEND_TIMEOUT_SECONDS", 0.4)
    sink.at_data = lambda: time.sleep(0.25)

    states = deliver_all(queue(), queue(), queue())

    assert states == [State.SENT] * 3
    assert len(sink.greetings) == 1


def test_timeout_applies_on_a_shared_connection(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "SEND_TIMEOUT_SECONDS", 0.4)
    sink.answers.extend(["250 OK", "hang"])

    assert deliver_all(queue(), queue(thread="requester:2")) == [State.SENT, State.RETRY]


def test_task_time_limit_during_the_content_leaves_the_attempt_unanswered(sink, queue, monkeypatch):
    def data(server, content):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(smtplib.SMTP, "data", data)
    message = queue()

    deliver(message.pk)

    assert list(message.log.values_list("step", flat=True)) == [Step.STARTED, Step.UNANSWERED]
