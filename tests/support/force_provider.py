"""A real OpenID Connect provider on this machine, the package oidc-provider-mock, for the force's own sign-in."""

import subprocess
import sys
import time
from urllib.parse import urlsplit

import requests
from django.contrib.messages import get_messages
from django.test import RequestFactory

from accounts.force_sign_in.invited import remember_invited
from tests.support.stack import free_port
from walkandtalk.lib.force_sign_in import ForceSignIn

TENANT = "0f2e5d1c-force-tenant"
LONGEST_START = 30
START, CALLBACK = "/staff/sign-in/force/", "/staff/sign-in/force/answer/"


def force_settings(issuer, **others):
    """Return the settings of a force whose provider this is."""
    values = {
        "issuer": issuer,
        "client_id": "walkandtalk",
        "client_secret": "not-a-secret",
        "name": "Met sign-in",
        "tenant": TENANT,
        "second_factor_claim": "acrs",
        "second_factor_values": frozenset({"c1"}),
        "member_claim": "roles",
        "member_values": frozenset({"WalkAndTalk"}),
        "break_glass_email": "breakglass@example.com",
    }
    return ForceSignIn(**values | others)


class ForceProvider:
    """Use `with ForceProvider() as provider:`. It runs beside the tests, as it would in a force."""

    def __init__(self):
        port = free_port()
        self.host = f"localhost:{port}"
        self.issuer = f"http://{self.host}"
        command = [sys.executable, "-m", "oidc_provider_mock", f"--port={port}", "--host=localhost"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        deadline = time.monotonic() + LONGEST_START
        while not self._answers():
            assert self.process.poll() is None, "the provider stopped"
            assert time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.05)
        return self

    def __exit__(self, *exc_info):
        self.process.terminate()
        self.process.wait(LONGEST_START)

    def _answers(self):
        try:
            return requests.get(f"{self.issuer}/jwks", timeout=5).ok
        except requests.ConnectionError:
            return False

    def settings(self):
        return force_settings(self.issuer)

    def variables(self):
        """Return the environment variables of the same settings."""
        return {
            "FORCE_SIGN_IN_ISSUER": self.issuer,
            "FORCE_SIGN_IN_CLIENT_ID": "walkandtalk",
            "FORCE_SIGN_IN_CLIENT_SECRET": "not-a-secret",
            "FORCE_SIGN_IN_NAME": "Met sign-in",
            "FORCE_SIGN_IN_TENANT": TENANT,
            "FORCE_SIGN_IN_SECOND_FACTOR_CLAIM": "acrs",
            "FORCE_SIGN_IN_SECOND_FACTOR_VALUES": "c1",
            "FORCE_SIGN_IN_MEMBER_CLAIM": "roles",
            "FORCE_SIGN_IN_MEMBER_VALUES": "WalkAndTalk",
            "BREAK_GLASS_EMAIL": "breakglass@example.com",
        }

    def set_person(self, subject, **claims):
        """Say what the provider knows of a person. A claim that is None is left out of the token."""
        usual = {"oid": subject, "tid": TENANT, "acrs": ["c1"], "roles": ["WalkAndTalk"]}
        known = {name: value for name, value in (usual | claims).items() if value is not None}
        requests.put(f"{self.issuer}/users/{subject}", json=known, timeout=10).raise_for_status()

    def answer(self, address, oid):
        """Sign in at the provider as this person, and return the path of ours to which it leads, with its query."""
        response = requests.post(address, data={"sub": oid}, allow_redirects=False, timeout=10)
        parts = urlsplit(response.headers["Location"])
        return f"{parts.path}?{parts.query}"


def ask_provider(client, **posted):
    """Press the button, and return the address of the provider to which it leads."""
    response = client.post(START, posted)
    assert response.status_code == 302, response.content
    return response["Location"]


def sentences(response):
    """Return what the next page tells the person."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def sign_in_with_force(client, provider, oid, **posted):
    """Go all the way through the provider, and return the response of our own address at the end."""
    return client.get(provider.answer(ask_provider(client, **posted), oid))


def open_invitation(client, person):
    """Let this browser, which has a session, be one in which the person has opened their invitation's link."""
    request = RequestFactory().get("/")
    request.session = client.session
    remember_invited(request, person)
    request.session.save()
    client.cookies["session"] = request.session.session_key
