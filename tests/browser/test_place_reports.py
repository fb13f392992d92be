"""Someone tells us about a place without asking for a walk, with and without JavaScript, and by keyboard alone."""

import pytest

from tests.support.browser.received_mail import link_in

pytestmark = pytest.mark.stack

PIN = "402817"
SPOT = "The path behind the library"


def fill_in(woman, *, channel, email="", pin=""):
    """Go from the home page to the form, send it empty first, then fill it in."""
    woman.go("/")
    woman.press("Tell us about a place")
    woman.page.wait_for_url("**/tell-us/")
    woman.press("Tell us about a place")
    woman.fill(place="SE15 4QL")
    woman.press("Continue")
    woman.fill(text="I cannot see the ground.")
    woman.choose("Yes", channel)
    fields = {"email": email, "pin": pin}
    woman.fill(**{name: value for name, value in fields.items() if value})
    woman.press("Send")
    woman.fill(place=SPOT)


def sent(woman):
    woman.page.wait_for_timeout(1100)  # a faster press looks like a robot's
    woman.press("Send")
    assert woman.path == "/tell-us/sent/", woman.text
    return woman.page.locator("main .reference").first.inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_report_with_full_emails_is_confirmed_read_and_deleted(visit, stack, check_page, width, javascript):
    woman = visit(width=width, javascript=javascript)
    email = f"place{width}{javascript}@example.com".lower()
    fill_in(woman, channel="Email with full details", email=email)
    check_page(woman)
    kept = woman.page.locator("[name=text]").input_value()
    sent(woman)
    check_page(woman)

    woman.go(link_in(stack.wait_for_mail(to=email), path="/tell-us/yours/"))
    check_page(woman)
    asked = woman.text
    woman.press("Yes, this was me")
    check_page(woman)
    shown = woman.text
    woman.follow("Delete what I told you")
    check_page(woman)
    woman.press("Delete what I told you")
    check_page(woman)

    assert kept == "I cannot see the ground."
    assert (SPOT in asked, SPOT in shown) == (False, True)
    assert "We’ve deleted it" in woman.text


def test_discreet_report_opens_on_the_neutral_host_with_a_pin(visit, stack, check_page, width):
    woman = visit(width=width, keyboard=True)
    email = f"discreet.place{width}@example.com"
    fill_in(woman, channel="Discreet email", email=email, pin=PIN)
    sent(woman)
    woman.go(link_in(stack.wait_for_mail(to=email), path="/r/yours/"))
    check_page(woman)
    asked = woman.text

    woman.fill(pin=PIN)
    woman.press("Continue")
    check_page(woman)

    assert woman.page.url.startswith(stack.discreet_url)
    assert SPOT not in asked
    assert SPOT in woman.text
    assert "place" not in woman.page.title().lower()


def test_report_without_email_is_found_by_reference_and_pin(visit, check_page, width):
    woman = visit(width=width, keyboard=True)
    fill_in(woman, channel="Don’t email me", pin=PIN)
    reference = sent(woman)
    check_page(woman)

    woman.go("/tell-us/find/")
    woman.fill(reference=reference, pin=PIN)
    woman.press("Continue")
    check_page(woman)

    assert "We have it" in woman.text
