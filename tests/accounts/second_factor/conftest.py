"""Browsers of people who have second factors, or are about to."""

import json

import pytest
from django.test import Client

from tests.support.factories import PASSWORD

SIGN_IN = "/staff/sign-in/"


@pytest.fixture
def enter_password():
    """Take the first step: `enter_password(officer)` returns the browser and its response."""

    def enter(officer, browser=None, **data):
        browser = browser or Client()
        return browser, browser.post(SIGN_IN, {"username": officer.email, "password": PASSWORD, **data})

    return enter


@pytest.fixture
def signed_in(enter_password):
    """A browser in which someone without a second factor has just signed in: `signed_in(officer)`."""
    return lambda officer: enter_password(officer)[0]


@pytest.fixture
def ask():
    """Press the button for a passkey: `ask(browser, page)` returns what the device is asked."""

    def press(browser, page, **data):
        return json.loads(browser.post(page, {"options": "1", **data}).content)["publicKey"]

    return press
