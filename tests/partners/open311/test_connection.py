"""The Open311 client connects to the public internet alone, for a short time, and reads little."""

import socket
import ssl
import time

import pytest

from partners.open311 import connection
from partners.open311.connection import Answer, NotSent, Unanswered, exchange, is_allowed
from tests.support.open311_server import Open311Server, running
from tests.support.tls import make_certificates

HOST = "open311.example.org"
PUBLIC = "93.184.215.14"


@pytest.fixture
def names(monkeypatch):
    """Answer each look-up of a host name with the next of its addresses, and remember the look-ups."""
    real = socket.getaddrinfo
    answers, asked = {}, []

    def look_up(host, port, *args, **options):
        asked.append(host)
        if host not in answers:
            return real(host, port, *args, **options)
        found = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        family = socket.AF_INET6 if ":" in found else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (found, port, 0, 0) if ":" in found else (found, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers, asked


@pytest.fixture
def connections(monkeypatch):
    """Let nothing leave this machine, and return the addresses that a connection was tried to."""
    tried = []

    class Unplugged(socket.socket):
        def connect(self, address):
            tried.append(address[0])
            raise OSError("unplugged")

    monkeypatch.setattr(socket, "socket", Unplugged)
    return tried


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
        *("::1", "::", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("fec0::1", "::127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1", "4000::1"),
    ],
)
def test_address_that_is_not_public_is_refused(address, names, connections):
    names[0][HOST] = [address]

    with pytest.raises(NotSent):
        exchange("GET", f"https://{HOST}", "/requests.json", {})

    assert connections == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07::1", f"::ffff:{PUBLIC}"])
def test_public_address_is_allowed(address, names, connections):
    names[0][HOST] = [address]

    with pytest.raises(NotSent):
        exchange("GET", f"https://{HOST}", "/requests.json", {})

    assert connections == [address]


def test_name_that_leads_elsewhere_after_the_check_gains_nothing(names, connections):
    answers, asked = names
    answers[HOST] = [PUBLIC, "127.0.0.1"]

    with pytest.raises(NotSent):
        exchange("POST", f"https://{HOST}", "/requests.json", {})

    assert (asked, connections) == ([HOST], [PUBLIC])


@pytest.mark.parametrize("url", ["http://{}", "https://{}:8443", "https://127.0.0.1", "https://localhost"])
def test_endpoint_is_checked_again_before_connecting(url, names, connections):
    names[0][HOST] = [PUBLIC]

    with pytest.raises(NotSent):
        exchange("GET", url.format(HOST), "/requests.json", {})

    assert connections == []


def test_this_machine_is_reached_only_if_a_setting_allows_it(server, settings):
    assert exchange("GET", server.url, "/requests.json", {}) == Answer(200, {"service_requests": []})
    settings.OPEN311_LOCAL_SERVER = False

    with pytest.raises(NotSent):
        exchange("GET", server.url, "/requests.json", {})

    assert len(server.asked) == 1
    assert not is_allowed("127.0.0.1")


def test_redirect_is_not_followed(server):
    server.behave("GET", "redirect")

    answer = exchange("GET", server.url, "/requests.json", {})

    assert (answer.code, server.asked) == (307, ["/v2/requests.json"])


def test_long_answer_is_cut_off(server):
    server.behave("GET", "huge")

    with pytest.raises(Unanswered):
        exchange("GET", server.url, "/requests.json", {})

    assert server.was_hung_up_on.wait(5)


@pytest.mark.parametrize("behaviour", ["html", "deep"])
def test_answer_that_is_no_json_is_nothing(server, behaviour):
    server.behave("GET", behaviour)

    assert exchange("GET", server.url, "/requests.json", {}) == Answer(200, None)


def test_server_that_goes_on_slowly_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(connection, "TOTAL_SECONDS", 0.3)
    server.behave("GET", "trickle")
    began = time.monotonic()

    with pytest.raises(Unanswered):
        exchange("GET", server.url, "/requests.json", {})

    assert time.monotonic() - began < 2


def test_slow_name_server_counts_too(server, settings, names, monkeypatch):
    monkeypatch.setattr(connection, "TOTAL_SECONDS", 0.01)
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: time.sleep(0.2) or look_up(*args, **options))

    with pytest.raises((NotSent, Unanswered)):
        exchange("GET", server.url, "/requests.json", {})


def test_server_that_never_answers_is_left(monkeypatch, settings):
    settings.OPEN311_LOCAL_SERVER = True
    monkeypatch.setattr(connection, "READ_SECONDS", 0.2)
    began = time.monotonic()

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unanswered):
        exchange("POST", f"http://127.0.0.1:{silent.getsockname()[1]}", "/requests.json", {"a": "b"})

    assert time.monotonic() - began < 2


def test_environment_cannot_set_a_proxy(server, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert exchange("GET", server.url, "/requests.json", {}).code == 200


@pytest.mark.parametrize(
    ("name", "is_trusted", "code"), [(HOST, True, 200), ("other.example", True, None), (HOST, False, None)]
)
def test_certificate_has_to_be_of_the_host_name(name, is_trusted, code, names, settings, monkeypatch, tmp_path):
    settings.OPEN311_LOCAL_SERVER = True
    names[0][HOST] = ["127.0.0.1"]
    authority, certificate = make_certificates(tmp_path, name)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Open311Server()
    server.socket = context.wrap_socket(server.socket, server_side=True)

    with running(server):
        try:
            found = exchange("GET", f"https://{HOST}:{server.server_port}/v2", "/requests.json", {}).code
        except NotSent:
            found = None

    assert (found, len(server.asked)) == (code, 1 if code else 0)
