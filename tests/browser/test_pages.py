"""Every page: nothing for axe to find, no request elsewhere, and errors that lead to their input."""

import pytest

from tests.support.browser.public_addresses import PUBLIC_ADDRESSES
from tests.support.browser.received_mail import link_in
from tests.support.browser.requester_steps import unused_date

pytestmark = pytest.mark.stack

INSPECTORS = ["/staff/bookings/", "/staff/bookings/?state=waiting", "/staff/walks/", "/staff/concerns/"]
# Question by question: what is wrong with it, and what is right.
JOURNEY = [
    ("/request/", {}, ["No"]),
    ("/request/age/", {}, ["Yes"]),
    ("/request/area/", {"postcode": "SE15 4QL"}, ["I know a postcode there"]),
    ("/request/meeting-place/", {"place": "Peckham Rye station"}, ["I have a place in mind"]),
    ("/request/when/", None, []),
    ("/request/name/", {"name": "Maya"}, []),
    ("/request/contact/", {"email": "axe@example.com"}, ["Discreet email"]),
    ("/request/pin/", {"pin": "402817"}, []),
    ("/request/needs/", {}, ["Nothing, I am fine"]),
]


BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.fixture(params=[375, 1280])
def width(request):
    return request.param


@BOTH
def test_public_pages_are_accessible_and_fit(visit, javascript):
    visitor = visit(javascript=javascript)

    found = []
    for address in PUBLIC_ADDRESSES:
        visitor.go(address)
        found += visitor.faults_at_every_width()

    assert found == []


@BOTH
def test_every_question_is_accessible_with_and_without_errors(visit, javascript):
    """Each question is sent empty first: its summary must lead to the inputs, and keep axe content."""
    woman = visit(javascript=javascript, width=375)
    found = []

    for address, fields, choices in JOURNEY:
        woman.go(address)
        found += woman.faults_at_every_width()
        woman.press("Continue")
        found += woman.faults_at_every_width() + woman.dead_error_links()
        if fields is None:
            woman.fill_date("first", unused_date(), "6:30pm")
        woman.choose(*choices)
        woman.fill(**(fields or {}))
        woman.press("Continue")
    found += woman.faults_at_every_width()
    woman.press("Send your request")
    found += woman.faults_at_every_width()

    assert woman.path == "/request/sent/"
    assert found == []


@pytest.mark.parametrize(
    "email",
    ["joan@example.com", "anouk@example.com", "grace@example.com"],
    ids=["waiting", "scheduled", "completed"],
)
def test_her_pages_are_accessible(visit, stack, width, email):
    woman = visit(width=width)
    page = link_in(stack.wait_for_mail(to=email))

    found = []
    for address in (page, page + "cancel/", page.replace("/my-walk/", "/tell-us/")):
        woman.go(address)
        found += woman.axe_violations() + woman.wider_than_the_screen()

    assert found == []


def test_her_pages_on_the_discreet_host_are_accessible_and_ask_for_the_pin(visit, stack, width):
    woman = visit(width=width)
    page = link_in(stack.wait_for_mail(to="ruth@example.com"), path="/r/")

    assert page.startswith(stack.discreet_url)
    woman.go(page)
    found = woman.axe_violations()
    woman.press("Continue")
    found += woman.axe_violations() + woman.dead_error_links()
    woman.fill(pin="402817")
    woman.press("Continue")
    found += woman.axe_violations()
    woman.go(page + "tell/")
    found += woman.axe_violations()

    assert "walk" not in woman.page.title().lower()
    assert found == []


def test_staff_pages_are_accessible_with_and_without_errors(visit, width):
    inspector = visit(width=width)
    inspector.go("/staff/sign-in/")
    found = inspector.axe_violations()
    inspector.press("Sign in")
    found += inspector.axe_violations() + inspector.dead_error_links()
    inspector.sign_in("inspector.as")

    addresses = INSPECTORS + inspector.addresses("/staff/bookings/", like="/staff/bookings/")
    addresses += inspector.addresses("/staff/walks/", like="/staff/walks/")
    addresses += inspector.addresses("/staff/concerns/", like="/staff/concerns/")
    for address in list(addresses):
        inspector.go(address)
        found += inspector.axe_violations()
        addresses += [each for each in inspector.addresses(address, like=address) if each not in addresses]
    for address in addresses:
        inspector.go(address)
        found += inspector.axe_violations()
        if inspector.sends_a_form():
            inspector.empty_the_form()
            found += inspector.axe_violations() + inspector.dead_error_links()

    assert len(addresses) > 15
    assert found == []


def test_officers_pages_are_accessible_on_a_small_phone(visit):
    officer = visit(width=320)
    officer.sign_in("officer.as")

    found = officer.axe_violations()
    for address in officer.addresses("/staff/walks/", like="/staff/walks/"):
        officer.go(address)
        found += officer.axe_violations()
        found += officer.wider_than_the_screen()

    assert found == []
