"""Error pages have the same headers as other pages, which test_every_address.py checks."""

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests.support.page_faults import header_faults
from tests.support.page_responses import PageResponse
from walkandtalk.wsgi import application, ignore_charset

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
@pytest.mark.parametrize("address", ["/nowhere/", "/?a=%00", "/my-walk/nobody/", "/r/nobody/"])
def test_error_pages_have_the_security_headers(address, host, client):
    response = client.get(address, headers={"host": host})

    assert response.status_code in (400, 404)
    assert header_faults(PageResponse.of(response)) == []


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
def test_csrf_failure_page_has_the_security_headers(host):
    prefix = "/r/" if host == settings.DISCREET_HOST else "/my-walk/"

    response = Client(enforce_csrf_checks=True).post(prefix, {"reference": "x"}, headers={"host": host})

    assert response.status_code == 403
    assert header_faults(PageResponse.of(response)) == []


ODD_CHARSETS = ("foo", "hex", "undefined", "utf-16", "idna", "unicode_escape", "\xff", '"hex"')


@pytest.mark.parametrize("kind", [f"text/html; charset={name}" for name in ODD_CHARSETS] + ["a/b; charset*=foo''x"])
@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_missing_page_with_an_odd_charset_has_the_security_headers(method, host, kind):
    """The charset is read before any middleware, so the request goes to the application itself."""
    factory = RequestFactory(headers={"host": host, "accept-charset": "foo"})
    request = factory.generic(method, "/nowhere/?a=%FF", b"a=%FF&b")

    response = send_to_application({**request.environ, "CONTENT_TYPE": kind})

    assert response.status_code == 404
    assert header_faults(PageResponse.of(response)) == []


def test_charset_is_dropped_and_a_boundary_kept():
    kept = "multipart/form-data; boundary=x"

    assert ignore_charset(kept) == kept
    assert ignore_charset("Multipart/Form-Data; charset=hex; boundary=x") == "multipart/form-data; boundary=x"
    assert ignore_charset("text/html; CHARSET=hex") == "text/html"


def send_to_application(environ):
    """Return what a web server gets from our application."""
    started = {}

    def start_response(status, headers):
        started.update(status=int(status.split()[0]), headers=dict(headers))

    request_started.disconnect(close_old_connections)  # as Django's own test client does: the test shares one
    try:
        body = b"".join(application(environ, start_response))
    finally:
        request_started.connect(close_old_connections)
    return HttpResponse(body, status=started["status"], headers=started["headers"])


@pytest.mark.parametrize("host", ["elsewhere.example", "a b"])
def test_unknown_host_is_refused_with_the_security_headers(host, client):
    response = client.get("/", headers={"host": host})

    assert response.status_code == 400
    assert "no-store" in response["Cache-Control"]
    assert header_faults(PageResponse.of(response)) == []


def test_missing_page_with_too_many_fields_has_the_security_headers(client):
    response = client.post("/nowhere/", {f"k{n}": "v" for n in range(300)})

    assert response.status_code in (400, 404)
    assert header_faults(PageResponse.of(response)) == []


def test_button_opened_by_its_address_says_where_to_go_back_to(world):
    """Signing in again leads an officer to the address of the button that she pressed."""
    for name in ("triage:claim", "on_the_day:set_off", "accounts:sign_out"):
        response = world.ask(world.enter("inspector"), name)

        above = {"triage:claim": world.path("triage:booking"), "on_the_day:set_off": world.path("on_the_day:walk")}
        assert response.status_code == 405
        assert f'href="{above.get(name, "/staff/")}"' in response.text
        assert response["Allow"]
        assert header_faults(PageResponse.of(response)) == []


def test_page_for_a_wrong_method_is_neutral_on_the_neutral_host(client):
    response = client.post("/robots.txt", headers={"host": settings.DISCREET_HOST})

    assert response.status_code == 405
    assert "Nothing was saved" in response.text
    assert not [word for word in ("walk", "police", "officer") if word in response.text.lower()]
