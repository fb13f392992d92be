"""An inspector offers other times, the requester accepts an offer, and the scheduling form is filled in."""

import pytest

from tests.support.browser.inspector_steps import open_booking
from tests.support.browser.received_mail import get_text, link_in
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack


def test_accepted_offer_fills_in_the_form_to_schedule(visit, stack, check_page):
    email, day, offered = "offered@example.com", unused_date(), unused_date()
    woman, inspector = visit(width=320), visit()
    reference = ask_for_a_walk(woman, email, day)
    inspector.sign_in("inspector.as")

    open_booking(inspector, reference)
    inspector.activate(inspector.page.get_by_role("link", name="Offer", exact=True))
    check_page(inspector)
    inspector.fill_date("first", offered, "7:15pm")
    inspector.press("Offer")
    check_page(inspector)
    message = stack.wait_for_mail(to=email, subject="another time")
    woman.go(link_in(message) + "offer/")
    check_page(woman)
    woman.choose(f"{london.long_date(offered)}, 7:15pm")
    woman.press("Send your answer")
    check_page(woman)
    open_booking(inspector, reference)
    inspector.press("Schedule a walk")

    assert f"{london.long_date(offered)}, 7:15pm" in get_text(message)
    assert f"You said yes to {london.long_date(offered)}, 7:15pm" in woman.text
    assert inspector.page.locator("[name=start]").input_value() == "7:15pm"
    assert inspector.page.locator("[name=date_day]").input_value() == str(offered.day)
