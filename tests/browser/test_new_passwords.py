"""An invitation and a reset in a real browser, with the messages that the stack really sends."""

import re

import pytest

from tests.support.browser.received_mail import get_text

pytestmark = pytest.mark.stack

LINK = re.compile(r"https?://\S+/staff/password-link/[\w-]{43}/")
FIRST, SECOND = "quiet lanterns by the river", "copper kettles sing softly"


def link_in(message):
    return LINK.search(get_text(message)).group()


def fill_password(visitor, password):
    visitor.fill(new_password1=password, new_password2=password)
    visitor.press("Save your password")


def add_lead(visit, email):
    """Propose an account as one administrator, and agree as another. Return the second one."""
    first, second = visit(), visit()
    first.sign_in("admin")
    first.go("/staff/people/add/")
    first.fill(email=email, name="Nia New", reason="The scheme has a new lead")
    first.choose("Lead")
    first.press("Continue")
    second.sign_in("admin2")
    second.go(first.path)
    second.press("I’ve checked, and I agree")
    return second


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_invited_person_chooses_a_password_and_later_another(visit, stack, width, javascript, check_page):
    """axe needs JavaScript, so the pages are checked with it."""
    check = check_page if javascript else lambda _visitor: None
    email = f"nia{width}{javascript}@example.com".lower()
    person, scanner = visit(width=width, javascript=javascript), visit()

    agreed = add_lead(visit, email).text
    invitation = stack.wait_for_mail(to=email, subject="Your account for Walk and Talk")
    scanner.go(link_in(invitation))
    person.go(link_in(invitation))
    address_without_token = person.path
    check(person)
    fill_password(person, "nia new 2026 nia")
    refused = person.text
    check(person)
    fill_password(person, FIRST)
    signed_in = person.path

    person.go("/staff/choose-password/")
    used = person.text
    check(person)
    person.page.context.clear_cookies()
    person.go("/staff/sign-in/")
    check(person)
    person.follow("Forgotten your password?")
    check(person)
    person.fill(email=email)
    person.press("Email me a link")
    check(person)
    reset = stack.wait_for_mail(to=email, subject="Choose a new password")
    person.go(link_in(reset))
    fill_password(person, SECOND)
    led_to, told = person.path, person.text
    person.fill(username=email, password=SECOND)
    person.press_sign_in()

    notice = stack.wait_for_mail(to=email, subject="You have a new password")
    assert "You agreed, and it has taken effect" in agreed
    assert address_without_token == "/staff/choose-password/"
    assert "Your own details" in refused
    assert signed_in == "/staff/today/london/"
    assert "This link doesn’t work any more" in used
    assert (led_to, "You’ve changed your password" in told) == ("/staff/sign-in/", True)
    assert person.path == "/staff/today/london/"
    assert LINK.search(get_text(notice)) is None
    assert get_text(notice).count("/staff/forgotten-password/") == 1


def test_administrator_sends_the_invitation_again(visit, stack, check_page):
    email = "again@example.com"
    administrator, person = add_lead(visit, email), visit()
    first = link_in(stack.wait_for_mail(to=email))

    administrator.go(f"/admin/boroughs/officer/?q={email}")
    administrator.page.get_by_role("link", name="Nia New").first.click()
    administrator.follow("Send the invitation again")
    check_page(administrator)
    administrator.press("Send it again")

    second = stack.wait(lambda: next((link for link in links_to(stack, email) if link != first), None), 30)
    person.go(first)
    ended = person.text
    person.go(second)
    assert "This link doesn’t work any more" in ended
    assert person.path == "/staff/choose-password/"


def links_to(stack, email):
    return [link_in(message) for message in stack.mail() if email in str(message["To"])]
