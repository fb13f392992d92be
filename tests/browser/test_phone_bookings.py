"""An inspector takes a phone booking, reads it back, sends it, and reads out the reference and a PIN."""

import pytest

from tests.support.browser.requester_steps import choose_day, unused_date

pytestmark = pytest.mark.stack


def test_phone_booking_can_be_opened_with_reference_and_pin(visit, check_page):
    inspector, woman, day = visit(), visit(width=320), unused_date()
    inspector.sign_in("inspector.as")
    inspector.go("/staff/bookings/")
    inspector.follow("New booking")
    page = inspector.page

    check_page(inspector)
    inspector.press("Continue")
    check_page(inspector)
    for name, value in {
        "start-danger": "no",
        "phone_booking-how": "phone",
        "contact-channel": "none",
        "age-adult": "yes",
    }.items():
        page.locator(f"[name={name}][value={value}]").check()
    page.locator("[name=contact-phone]").fill("07700 900321")
    page.locator("[name=contact-phone_rules][value=call]").check()
    page.locator("[name=area-how][value=borough]").check()
    page.locator("[name=area-borough]").select_option("E09000028")
    inspector.press("Continue")
    check_page(inspector)
    page.locator("[name=name-name]").fill("Rita Rings")
    page.locator("[name=meeting-place-how][value=suggest]").check()
    choose_day(inspector, day, name="when-day")
    inspector.press("Evening")
    check_page(inspector)
    page.locator("[name=needs-needs][value=nothing]").check()
    inspector.press("Continue")
    check_page(inspector)
    page.get_by_label("I rang her on 07700 900321").check()
    inspector.press("Send it to Central South")
    check_page(inspector)
    reference = page.locator(".reference").first.inner_text()
    inspector.press("Show a PIN to read out to her")
    check_page(inspector)
    pin = page.locator(".phrase__words").last.inner_text()
    woman.go("/my-walk/")
    woman.page.get_by_label("Reference").fill(reference)
    woman.page.get_by_label("PIN").first.fill(pin)
    woman.press("Continue")

    assert "Choose" in woman.page.locator("h1").inner_text()
