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


def add_lead(administrator, email):
    administrator.sign_in("admin")
    administrator.go("/admin/boroughs/officer/add/")
    administrator.fill(email=email, name="Nia New")
    administrator.page.locator("[name=role]").select_option("lead")
    administrator.page.locator("[name=_save]").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_invited_person_chooses_a_password_and_later_another(visit, stack, width, javascript, check_page):
    """axe needs JavaScript, so the pages are checked with it."""
    check = check_page if javascript else lambda _visitor: None
    email = f"nia{width}{javascript}@example.com".lower()
    administrator, person, scanner = visit(), visit(width=width, javascript=javascript), visit()

    add_lead(administrator, email)
    invited = administrator.text
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
    assert f"An invitation is on its way to {email}" in invited
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
    administrator, person = visit(), visit()
    add_lead(administrator, email)
    first = link_in(stack.wait_for_mail(to=email))

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
