"""In the real service nothing opens before there is a second factor."""

import pytest

from tests.support.browser.virtual_passkey import VirtualPasskeys
from tests.support.browser.visitor import Visitor
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

SET_UP = "/staff/second-factor/"


@pytest.fixture
def person(chromium):
    with Stack(variables={"REQUIRE_SECOND_FACTOR": "true"}) as stack:
        person = Visitor(chromium, stack, width=375)
        person.passkeys = VirtualPasskeys(person)
        yield person
        person.close()
        assert person.complaints == []


def test_new_person_sets_up_a_passkey_before_anything_opens(person):
    person.sign_in("inspector.as")
    for page in ("/staff/today/", "/staff/bookings/", "/staff/password/", "/staff/sessions/"):
        person.go(page)
        assert person.path == SET_UP, page
    assert person.page.locator("#staff-pages").count() == 0

    person.press("Add a passkey")
    person.press("Add a passkey")
    person.page.wait_for_url("**/recovery-codes/")
    person.press("I’ve saved them")
    person.go("/staff/bookings/")

    assert person.path == "/staff/bookings/"
    assert person.page.locator("#staff-pages").count() == 1
