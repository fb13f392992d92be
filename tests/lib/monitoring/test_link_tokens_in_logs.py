"""The log must not contain the tokens of requesters' links."""

import io
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path

from walkandtalk.lib import tokens
from walkandtalk.lib.monitoring.masking import HidePersonalDetails


@pytest.fixture
def log():
    """The service's log, as written by the handler in the settings."""
    handler = next(
        candidate
        for candidate in logging.getLogger().handlers
        if any(isinstance(f, HidePersonalDetails) for f in candidate.filters)
    )
    written = io.StringIO()
    previous_stream = handler.setStream(written)
    yield written
    handler.setStream(previous_stream)


@login_not_required
def failing_view(request, token):
    raise RuntimeError(f"cannot open {request.path}")


urlpatterns = [path("my-walk/<str:token>/", failing_view)]
handler500 = "django.views.defaults.server_error"


@pytest.mark.parametrize(
    "address",
    ["/my-walk/{}/nowhere/", "/my-walk/{}", "/my-walk/{}./", "/tell-us/{})/", "/r/{}/", "/nowhere/{}?a=b", "/{},x"],
)
def test_log_of_a_missing_page_has_no_token(address, client, db, log):
    token = tokens.new_token()

    client.get(address.format(token), follow=True)

    assert "Not Found: " in log.getvalue()
    assert token not in log.getvalue()


def test_log_of_a_failing_page_has_no_token(client, db, log, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    token = tokens.new_token()

    response = client.get(f"/my-walk/{token}/")

    assert response.status_code == 500
    assert "Internal Server Error: " in log.getvalue()
    assert "in failing_view" in log.getvalue()
    assert "RuntimeError: …" in log.getvalue()
    assert token not in log.getvalue()
    assert token not in response.text


def test_log_of_a_csrf_failure_has_no_token(db, log):
    token = tokens.new_token()

    Client(enforce_csrf_checks=True).post(f"/my-walk/{token}/confirm/")

    assert "Forbidden" in log.getvalue()
    assert token not in log.getvalue()
