"""Second factors in a browser, with Chromium’s virtual authenticator, and one code against two processes."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from devtools.stack import services
from tests.support.browser.virtual_passkey import VirtualPasskeys

pytestmark = pytest.mark.stack

WHO = "lead"
INDEX = "/staff/second-factor/"
HOME = "/staff/today/london/"
CODE_OF = "from tests.support.second_factors import code_of; print(code_of({secret!r}, steps={steps}))"
OF_LEAD = "from boroughs.models.officers import Officer; lead = Officer.objects.get(email='lead@example.com'); "
ADD_APP = f"{OF_LEAD} from tests.support.second_factors import add_app; print(add_app(lead)[1])"
FORGET = (
    "from allauth.mfa.models import Authenticator; from django.core.cache import cache; "
    "Authenticator.objects.all().delete(); cache.clear()"
)
ELEVEN_MINUTES_LATER = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    store = SessionStore(row.session_key)
    for name in ("signed_in_at", "proved_at"):
        store[name] = store.get(name, 0) - 660
    store.save()
"""
SIGN_IN = """
import sys
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
client = Client()
first = client.post("/staff/sign-in/", {"username": "lead@example.com", "password": "walk-and-talk-demo"})
print("at the second step:", first.get("Location") == "/staff/sign-in/second-step/", flush=True)
client.post("/staff/sign-in/second-step/", {"code": sys.stdin.readline().strip()})
print("signed in:", client.get("/staff/today/london/").status_code == 200, flush=True)
"""


@pytest.fixture(autouse=True)
def no_factors(stack):
    """Begin without second factors and counts of wrong codes, and leave none to other tests."""
    stack.shell(FORGET)
    yield
    stack.shell(FORGET)


@pytest.fixture
def person(visit):
    """Someone who has just signed in with a password, and has a phone with passkeys."""
    person = visit(width=375)
    person.passkeys = VirtualPasskeys(person)
    person.sign_in(WHO)
    return person


def show_code(stack, secret, *, steps=0):
    """Return the code that the app shows now, or half a minute later."""
    return stack.shell(CODE_OF.format(secret=secret, steps=steps)).strip()


def add_passkey(person):
    person.go(INDEX)
    person.press("Add a passkey")
    person.fill(name="Work phone")
    person.press("Add a passkey")
    person.page.wait_for_url("**/recovery-codes/")
    codes = person.page.locator(".recovery-codes li").all_inner_texts()
    person.press("I’ve saved them")
    return codes


def sign_out(person):
    person.press("Sign out")
    person.page.wait_for_url("**/staff/sign-in/")


def is_home(person):
    person.page.wait_for_url(f"**{HOME}")
    return person.heading != "Sign in"


def problem(person):
    alert = person.page.locator("[data-passkey-problem]")
    expect(alert).not_to_be_empty()
    return alert.inner_text()


def test_passkey_is_added_named_and_listed(person, check_page):
    person.go(INDEX)
    check_page(person)
    person.press("Add a passkey")
    check_page(person)
    person.fill(name="")
    person.press("Add a passkey")
    box = person.page.get_by_label("Name of this passkey")
    expect(box).to_have_accessible_description(re.compile(r"Error:\s+Enter a name for this passkey\s*$"))
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_be_focused()
    check_page(person)
    assert person.passkeys.credentials == []

    person.fill(name="Work phone")
    person.press("Add a passkey")
    person.page.wait_for_url("**/recovery-codes/")
    check_page(person)
    person.press("I’ve saved them")
    check_page(person)
    person.follow("Rename Work phone")
    check_page(person)
    person.fill(name="Old phone")
    person.press("Save")

    assert "Old phone" in person.text
    assert person.passkeys.credentials[0]["isResidentCredential"]
    person.go(f"{INDEX}recovery-codes/")
    assert person.path == INDEX


def test_passkey_alone_signs_in(person, check_page):
    add_passkey(person)
    sign_out(person)
    check_page(person)

    person.press("Sign in with a passkey")

    assert is_home(person)


def test_password_and_passkey_sign_in(person, check_page):
    add_passkey(person)
    sign_out(person)

    person.sign_in(WHO)
    assert person.path == "/staff/sign-in/second-step/"
    check_page(person)
    person.passkeys.unlock(False)
    person.press("Use your passkey")
    assert problem(person) == "Try again. You cancelled, or it took too long."
    person.passkeys.unlock(True)
    person.press("Use your passkey")

    assert is_home(person)


def test_device_that_has_a_passkey_gets_no_second_one(person):
    add_passkey(person)

    person.follow("Add another passkey")
    person.press("Add a passkey")

    assert problem(person).startswith("This device already has a passkey for your account.")
    assert len(person.passkeys.credentials) == 1


def test_lost_phone_is_replaced_with_a_recovery_code(person, check_page):
    codes = add_passkey(person)
    sign_out(person)
    person.passkeys.lose()

    person.sign_in(WHO)
    person.fill(code="0")
    person.press("Continue")
    check_page(person)
    assert person.dead_error_links() == []
    person.fill(code=codes[0])
    person.press("Continue")
    assert is_home(person)
    person.go(INDEX)
    assert "You have 9 left." in person.text
    person.follow("Remove Work phone")
    check_page(person)
    person.press("Remove")

    assert "You’ve removed the passkey." in person.text


def test_app_is_added_and_signs_in(person, check_page, stack):
    person.go(f"{INDEX}app/new/")
    check_page(person)
    secret = person.page.locator(".secret-key").inner_text().replace(" ", "")
    person.fill(code="0")
    person.press("Add this app")
    check_page(person)
    person.fill(code=show_code(stack, secret))
    person.press("Add this app")
    person.page.wait_for_url("**/recovery-codes/")
    person.press("I’ve saved them")
    sign_out(person)

    person.sign_in(WHO)
    check_page(person)
    person.fill(code=show_code(stack, secret, steps=1))
    person.press("Continue")

    assert is_home(person)


def test_change_asks_for_the_passkey_after_ten_minutes(person, check_page, stack):
    add_passkey(person)
    stack.shell(ELEVEN_MINUTES_LATER)
    person.go(INDEX)

    person.follow("Make new recovery codes")
    assert person.path == "/staff/confirm/passkey/"
    check_page(person)
    person.press("Use your passkey")
    person.page.wait_for_url("**/recovery-codes/new/")
    check_page(person)

    assert person.heading == "Make new recovery codes"


@pytest.mark.parametrize("javascript", [True, False])
def test_browser_without_passkeys_offers_the_other_way(javascript, visit, check_page):
    person = visit(javascript=javascript)
    person.page.add_init_script("delete window.PublicKeyCredential")
    person.go("/staff/sign-in/")

    assert "Passkeys don’t work in this browser, or JavaScript is off. Sign in with your password." in person.text
    assert not person.page.get_by_role("button", name="Sign in with a passkey").is_visible()
    check_page(person)


def test_pages_of_second_factors_are_readable_in_the_dark_and_with_the_keyboard(visit, stack):
    person = visit(dark=True, keyboard=True, width=375)
    stack.shell(ADD_APP)

    person.go("/staff/sign-in/")
    person.fill(username=f"{WHO}@example.com", password="walk-and-talk-demo")
    person.press_sign_in()
    faults = person.axe_violations()
    person.fill(code="0")
    person.press("Continue")
    faults += person.axe_violations()

    assert person.path == "/staff/sign-in/second-step/"
    assert faults == []


class WebProcess:
    """A process with its own memory that has taken the first step of signing in."""

    def __init__(self, stack):
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", SIGN_IN]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=services.BASE_DIR, env=stack.environment(), **pipes)
        self.wait_for("at the second step: True")

    def wait_for(self, line):
        while line not in (printed := self.process.stdout.readline()):
            assert printed, "the process ended"

    def send(self, code):
        self.process.stdin.write(f"{code}\n")
        self.process.stdin.flush()

    def is_signed_in(self):
        return "signed in: True" in self.process.communicate(timeout=60)[0]


def test_one_code_signs_in_once_in_two_web_processes(stack):
    """Both send the same code at the same moment."""
    secret = stack.shell(ADD_APP).strip()
    processes = [WebProcess(stack), WebProcess(stack)]
    code = show_code(stack, secret)

    for process in processes:
        process.send(code)

    assert sorted(process.is_signed_in() for process in processes) == [False, True]
