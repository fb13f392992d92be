"""A provider that hangs, fails or talks nonsense takes nobody's time and no thread of a page."""

import json
import socket
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.contrib.sessions.models import Session

from accounts.force_sign_in import views
from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries.lanes import FORCE, THREADS
from tests.support.force_provider import START, ask_provider, force_settings, sentences, sign_in_with_force
from walkandtalk.lib.local_cache import local_cache

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"


@contextmanager
def full_lane():
    """Let as many wait for the provider as may."""
    with ExitStack() as taken:
        for number in range(THREADS):
            taken.enter_context(FORCE.hold_thread(f"198.51.100.{number}"))
        yield


@pytest.fixture
def hanging(settings):
    """A provider that accepts a connection and never answers."""
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.1
    with socket.create_server(("localhost", 0)) as server:
        settings.FORCE_SIGN_IN = force_settings(f"http://localhost:{server.getsockname()[1]}")
        yield server


def was_asked(server):
    """Return whether the provider was asked since the last time."""
    server.settimeout(0)
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_provider_that_hangs_is_waited_for_once_in_half_a_minute(client, hanging):
    answers = [(sentences(client.post(START)), was_asked(hanging)) for _press in range(2)]
    local_cache.clear()  # as after half a minute
    client.post(START)

    assert [("isn’t working" in told, asked) for told, asked in answers] == [(True, True), (True, False)]
    assert was_asked(hanging)


def test_exchange_that_hangs_is_remembered_too(client, provider, oid, hanging, settings):
    settings.FORCE_SIGN_IN = provider.settings()
    path = provider.answer(ask_provider(client), oid)
    configuration = f"force-sign-in-configuration-{provider.issuer}"
    token_endpoint = f"http://localhost:{hanging.getsockname()[1]}/token"
    local_cache.set(configuration, {**local_cache.get(configuration), "token_endpoint": token_endpoint})

    client.get(path)
    local_cache.delete(configuration)

    assert was_asked(hanging)
    assert client.post(START)["Location"] == SIGN_IN


def test_few_wait_for_the_provider_and_others_are_asked_to_try_again(client, provider, oid):
    path = provider.answer(ask_provider(client), oid)

    with full_lane():
        pressed, answered = client.post(START), client.get(path)

    assert (pressed.status_code, pressed["Retry-After"]) == (503, "5")
    assert f'href="{SIGN_IN}"' in pressed.text
    assert answered.status_code == 503
    assert client.get(path)["Location"] == "/staff/"


def test_one_network_may_hold_every_thread(client, provider, oid):
    """A whole force may come from one address."""
    with ExitStack() as taken:
        for _colleague in range(THREADS - 1):
            taken.enter_context(FORCE.hold_thread("127.0.0.1"))
        sign_in_with_force(client, provider, oid)

    assert client.get("/staff/bookings/").status_code == 200


def test_presses_of_one_network_are_limited(client, provider, monkeypatch):
    monkeypatch.setattr(views, "MOST_A_MINUTE", 1)
    client.post(START)
    sessions = Session.objects.count()
    client.cookies.clear()

    response = client.post(START, {"next": "/staff/calendar/"})

    assert response.status_code == 429
    assert "Too many people from your network" in response.text
    assert 'value="/staff/calendar/"' in response.text
    assert Session.objects.count() == sessions
    assert SecurityEvent.objects.filter(kind=Kind.LIMIT_REACHED).count() == 1


@contextmanager
def telling(text):
    """Run a provider that answers every question with this text."""

    class Teller(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            """Say nothing."""

    with HTTPServer(("localhost", 0), Teller) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "nonsense"])
def test_nonsense_is_a_provider_that_is_down(text, client, settings):
    with telling(text) as issuer:
        settings.FORCE_SIGN_IN = force_settings(issuer)
        response = client.post(START)

    assert response["Location"] == SIGN_IN
    assert "isn’t working" in sentences(response)


@pytest.mark.parametrize("keys", [[], {"keys": "text"}, {"keys": []}, {"keys": [1]}], ids=json.dumps)
def test_nonsense_in_the_place_of_keys_lets_nobody_in(keys, client, provider, oid):
    path = provider.answer(ask_provider(client), oid)
    with telling(json.dumps(keys)) as elsewhere:
        configuration = f"force-sign-in-configuration-{provider.issuer}"
        local_cache.set(configuration, {**local_cache.get(configuration), "jwks_uri": elsewhere})
        response = client.get(path)

    assert "isn’t working" in sentences(response)
