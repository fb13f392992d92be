"""The requester gets a copy and deletes her details with the keyboard alone, on a phone and a desktop."""

import json
import re

import pytest

from tests.support.browser.received_mail import get_text, link_in
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date

pytestmark = pytest.mark.stack

PIN = "830295"
LONG_ENOUGH = re.compile(r"https?://\S+/(?:my-walk|r)/[\w-]{43}/\S*")


def link_that_works_once(message):
    return LONG_ENOUGH.search(get_text(message)).group()


def confirmed_requester(visit, stack, width, email):
    """Ask for a walk and confirm it. She has no PIN."""
    woman = visit(width=width, keyboard=True)
    ask_for_a_walk(woman, email, unused_date())
    woman.go(link_in(stack.wait_for_mail(to=email)))
    woman.press("Yes, this was me")
    return woman


def test_requester_without_a_pin_gets_a_copy_and_deletes_her_details(visit, stack, width, check_page):
    email = f"rights{width}@example.com"
    woman = confirmed_requester(visit, stack, width, email)
    page = woman.page.url
    check_page(woman)

    woman.follow("Get a copy")
    check_page(woman)
    woman.press("Email me a link")
    check_page(woman)
    woman.go(link_that_works_once(stack.wait_for_mail(to=email, containing="link to a copy of your details")))
    check_page(woman)
    woman.press("Show my copy")
    check_page(woman)
    copy = woman.text
    woman.reach(woman.page.get_by_role("link", name="Save it as a file"))
    with woman.page.expect_download() as download:
        woman.page.keyboard.press("Enter")
    file = json.loads(download.value.path().read_text())

    woman.go(page)
    woman.follow("Delete my details")
    check_page(woman)
    woman.press("Email me a link")
    woman.go(link_that_works_once(stack.wait_for_mail(to=email, containing="link to delete your details")))
    check_page(woman)
    woman.press("Delete my details")
    check_page(woman)
    woman.go(page)
    pending = woman.text
    woman.go(link_that_works_once(stack.wait_for_mail(to=email, subject="deleting your details")))
    check_page(woman)
    woman.press("Keep my details")
    check_page(woman)

    assert "Peckham Rye station" in copy
    assert "Our messages to you" in copy
    assert download.value.suggested_filename == "appointment.json"
    assert file["contact"]["email"] == email
    assert "Your details are being deleted" in pending
    assert "Peckham" not in pending
    assert "You’ve cancelled" in woman.text


def test_requester_with_a_pin_gives_it_again_on_the_neutral_host(visit, stack, width, check_page):
    email = f"quiet{width}@example.com"
    asking = confirmed_requester(visit, stack, width, email)
    asking.follow("My inbox isn’t safe any more")
    asking.choose("Discreet email")
    asking.fill(pin=PIN)
    asking.press("Stop those links now")
    reference = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", asking.text)[0]
    woman = visit(width=width, keyboard=True, host=stack.discreet_url)

    woman.go("/r/")
    woman.fill(reference=reference, pin=PIN)
    woman.press("Continue")
    page = woman.page.url
    woman.follow("Get a copy")
    check_page(woman)
    woman.press("Show my copy")
    check_page(woman)
    refused, dead = woman.text, woman.dead_error_links()
    woman.fill(pin="111111")
    woman.press("Show my copy")
    wrong = woman.text
    woman.fill(pin=PIN)
    woman.press("Show my copy")
    check_page(woman)
    copy, title = woman.text, woman.page.title()

    woman.go(page)
    woman.follow("Delete my details")
    check_page(woman)
    woman.fill(pin=PIN)
    woman.press("Delete my details")
    check_page(woman)
    pending = woman.text
    woman.fill(pin=PIN)
    woman.press("Keep my details")

    assert "Enter your PIN" in refused
    assert dead == []
    assert "don’t match" in wrong
    assert "Peckham Rye station" in copy
    assert "alk" not in title
    assert "Your details are being deleted" in pending
    assert "You’ve cancelled" in woman.text
