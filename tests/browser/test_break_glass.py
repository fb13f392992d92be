"""The account for emergencies in Chromium. Its passkey is made before the force's sign-in is switched on."""

import pytest

from tests.support.browser.virtual_passkey import VirtualPasskeys
from tests.support.browser.visitor import Visitor
from tests.support.force_provider import ForceProvider
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

ADMINISTRATOR, PASSWORD = "admin@example.com", "walk-and-talk-demo"


@pytest.fixture
def visitor(chromium):
    """The administrator's browser, on a computer with a passkey device, before the force's sign-in is on."""
    with Stack() as stack:
        visitor = Visitor(chromium, stack)
        visitor.passkeys = VirtualPasskeys(visitor)
        yield visitor
        visitor.close()
        assert visitor.complaints == []


def switch_on(stack, provider):
    stack.stop()
    stack.variables = provider.variables() | {"BREAK_GLASS_EMAIL": ADMINISTRATOR}
    stack.start()


def enter(visitor, name, page="/staff/sign-in/emergency/"):
    visitor.go(page)
    visitor.fill(username=name, password=PASSWORD)
    visitor.activate(visitor.page.get_by_role("button", name="Sign in", exact=True))


def test_password_and_passkey_open_the_service_when_the_provider_is_down(visitor):
    enter(visitor, ADMINISTRATOR, page="/staff/sign-in/")
    visitor.go("/staff/second-factor/passkeys/new/")
    visitor.fill(name="Key in the safe")
    visitor.press("Add a passkey")
    visitor.page.wait_for_url("**/staff/second-factor/**")
    with ForceProvider() as provider:
        switch_on(visitor.stack, provider)
    visitor.context.clear_cookies()  # the provider is down from here on

    enter(visitor, "inspector.as@example.com")
    of_others = visitor.page.locator(".govuk-error-summary").inner_text()
    enter(visitor, ADMINISTRATOR)
    asked = visitor.heading
    visitor.press("Use your passkey")
    visitor.page.wait_for_url("**/staff/today/administrator/")

    assert "One of them isn’t right" in of_others
    assert asked == "Confirm that it’s you"
    visitor.stack.wait_for_mail(
        to="auditor@walkandtalk.example.com", subject="Audit: Signed in with the account for emergencies", seconds=90
    )
