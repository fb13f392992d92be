"""The requester sees who looked, says “This wasn’t me”, and another BCU gives her the page back: keyboard alone."""

import re

import pytest

from tests.support.browser.received_mail import get_text
from tests.support.browser.team import PHONE

pytestmark = pytest.mark.stack

PIN, NEW_PIN = "402817", "730184"


def open_with_pin(woman, booking, pin):
    woman.go("/my-walk/")
    woman.fill(reference=booking.reference, pin=pin)
    woman.press("Continue")


def test_requester_freezes_what_was_not_her_and_another_team_opens_it_again(visit, stack, team, width, check_page):
    booking = team.make_booking(pin=PIN)
    staff_page = f"/staff/bookings/{booking.booking}/"
    woman, inspector, reviewer = (visit(width=width, keyboard=True) for _ in range(3))
    inspector.sign_in("inspector.se")
    inspector.go(staff_page)

    open_with_pin(woman, booking, PIN)
    woman.open_details("Who opened your details")
    check_page(woman)
    looked = woman.text
    woman.page.emulate_media(media="print")
    printed = woman.text
    woman.page.emulate_media(media="screen")

    inspector.follow("She has forgotten her PIN")
    check_page(inspector)
    inspector.press("Show her number")
    inspector.choose("By phone, on the number she gave us")
    inspector.press("Make a PIN to read out")
    check_page(inspector)
    notice = stack.wait_for_mail(to=booking.email, subject="was this you?")
    woman.go(re.search(r"https?://\S+/my-walk/\S+", get_text(notice))[0])
    check_page(woman)
    woman.press("This wasn’t me")
    check_page(woman)
    locked = woman.text
    woman.go(booking.page)
    still_locked = woman.text
    of_her_team = inspector.go(staff_page).status
    inspector.go("/staff/")
    check_page(inspector)
    under_review = inspector.text

    reviewer.sign_in("inspector.sn")
    reviewer.go(staff_page)
    check_page(reviewer)
    reviewer.activate(reviewer.page.locator("a.govuk-button", has_text="lift the freeze"))
    check_page(reviewer)
    reviewer.press("Show her number")
    shown = reviewer.text
    reviewer.choose("By phone, on the number she gave us", "The team that had it before")
    reviewer.press("Open her request again, and make a PIN")
    check_page(reviewer)
    pin = re.search(r"\b\d{3} \d{3}\b", reviewer.text)[0]
    open_with_pin(woman, booking, pin)
    check_page(woman)
    woman.fill(new_pin=NEW_PIN)
    woman.press("Continue")
    check_page(woman)

    assert "Inspector, South East" in looked
    assert "Who opened your details" not in printed
    assert "We’ve locked this page" in locked
    assert "We’ve locked this page" in still_locked
    assert "Maya" not in still_locked
    assert of_her_team == 404
    assert booking.reference in under_review
    assert "Maya" not in under_review
    assert PHONE in shown
    assert "A different team spoke with you and opened this page again" in woman.text
