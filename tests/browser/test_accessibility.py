"""Every page: no axe violations, no requests to other hosts, and error links that go to their input."""

import pytest

from tests.support.browser.public_addresses import PUBLIC_ADDRESSES
from tests.support.browser.received_mail import link_in
from tests.support.browser.requester_steps import choose_day, unused_date

pytestmark = pytest.mark.stack

# The address of each question, its fields and choices, and the button that answers it.
JOURNEY = [
    ("/request/", {}, [], "No"),
    ("/request/area/", {"place": "SE15 4QL"}, [], "Continue"),
    ("/request/age/", {}, [], "Yes"),
    ("/request/meeting-place/", {"place": "Peckham Rye station"}, [], "Continue"),
    ("/request/when/", None, [], "Evening"),
    ("/request/contact/", {"email": "axe@example.com", "name": "Maya"}, ["Discreet email"], "Continue"),
    ("/request/pin/", {"pin": "402817"}, [], "Continue"),
    ("/request/needs/", {}, [], "Nothing, I’m fine"),
]


BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])


@BOTH
def test_public_pages_are_accessible_and_fit_the_screen(visit, javascript):
    visitor = visit(javascript=javascript)

    faults = []
    for address in PUBLIC_ADDRESSES:
        visitor.go(address)
        faults += visitor.faults_at_every_width()

    assert faults == []


@pytest.mark.parametrize("neutral", [False, True], ids=["public host", "neutral host"])
def test_pages_are_readable_in_the_dark_theme(visit, stack, neutral):
    """Axe measures the contrast of each text with what is behind it."""
    visitor = visit(dark=True, width=375, host=stack.discreet_url if neutral else None)

    faults, backgrounds = [], set()
    for address in ["/", "/r/"] if neutral else PUBLIC_ADDRESSES:
        visitor.go(address)
        faults += visitor.axe_violations()
        backgrounds.add(visitor.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert faults == []
    assert "rgb(255, 255, 255)" not in backgrounds


@BOTH
def test_every_question_is_accessible_with_and_without_errors(visit, javascript):
    """Sends each question empty first, to check its error summary, unless each of its buttons is an answer."""
    woman = visit(javascript=javascript, width=375)
    faults = []

    for address, fields, choices, button in JOURNEY:
        woman.go(address)
        faults += woman.faults_at_every_width()
        if button not in ("Yes", "No"):
            woman.press("Continue")
            faults += woman.faults_at_every_width() + woman.dead_error_links()
        if fields is None:
            choose_day(woman, unused_date())
        woman.choose(*choices)
        woman.fill(**(fields or {}))
        woman.press(button)
    faults += woman.faults_at_every_width()
    woman.press("Send your request")
    faults += woman.faults_at_every_width()

    assert woman.path == "/request/sent/"
    assert faults == []


@pytest.mark.parametrize(
    "email",
    ["joan@example.com", "anouk@example.com", "grace@example.com"],
    ids=["waiting", "scheduled", "completed"],
)
def test_requesters_pages_are_accessible(visit, stack, check_page, email):
    woman = visit(width=375)
    page = link_in(stack.wait_for_mail(to=email))

    for address in (page, page + "cancel/", page.replace("/my-walk/", "/tell-us/")):
        woman.go(address)
        check_page(woman)


def test_requesters_pages_on_the_neutral_host_are_accessible_and_ask_for_the_pin(visit, stack, check_page):
    woman = visit(width=375)
    page = link_in(stack.wait_for_mail(to="ruth@example.com"), path="/r/")

    assert page.startswith(stack.discreet_url)
    woman.go(page)
    check_page(woman)
    woman.press("Continue")
    check_page(woman)
    dead_links = woman.dead_error_links()
    woman.fill(pin="402817")
    woman.press("Continue")
    check_page(woman)
    woman.go(page + "tell/")
    check_page(woman)

    assert "walk" not in woman.page.title().lower()
    assert dead_links == []


def test_sign_in_page_is_accessible_with_and_without_errors(visit, check_page):
    inspector = visit()
    inspector.go("/staff/sign-in/")
    check_page(inspector)

    inspector.press_sign_in()
    check_page(inspector)

    assert inspector.dead_error_links() == []


@pytest.mark.parametrize(
    ("addresses", "fewest"),
    [
        (["/staff/bookings/", "/staff/bookings/?state=open", "/staff/today/"], 30),
        (["/staff/walks/"], 10),
        (["/staff/concerns/"], 5),
    ],
    ids=["bookings", "walks", "concerns"],
)
def test_staff_pages_are_accessible_with_and_without_errors(visit, stack, check_page, addresses, fewest):
    """Sends each form empty too, to check its error summary.

    Uses a BCU that has only demo bookings, because other tests add bookings elsewhere.
    """
    inspector, pages, dead_links = visit(), list(addresses), []
    stack.shell(
        "inspector = Officer.objects.get(email='inspector.cn@example.com')\n"
        "Claim.objects.bulk_create([Claim(booking=booking, officer=inspector)"
        " for booking in Booking.objects.filter(bcu=inspector.bcu, claim=None)])"
    )
    inspector.sign_in("inspector.cn")

    for address in pages:  # the list grows as links to pages below are found
        inspector.go(address)
        check_page(inspector)
        pages += [address_below for address_below in inspector.links_below(address) if address_below not in pages]
        if inspector.sends_a_form():
            inspector.empty_the_form()
            check_page(inspector)
            dead_links += inspector.dead_error_links()

    assert len(pages) >= fewest
    assert dead_links == []


@pytest.mark.parametrize(
    ("user", "addresses"),
    [
        ("officer.as", []),
        ("inspector.as", ["/staff/concerns/find/", "/staff/messages/", "/staff/figures/"]),
        ("lead", ["/staff/concern-figures/", "/staff/figures/", "/staff/figures/improvements/"]),
        ("admin", []),
        ("control", []),
        ("auditor", ["/staff/audit/reports/", "/staff/audit/holds/", "/staff/audit/security/"]),
    ],
)
def test_start_pages_and_guides_of_each_role_are_accessible(user, addresses, visit, check_page):
    person = visit()
    person.sign_in(user)

    for address in ("/staff/", "/staff/help/", "/staff/password/", *addresses):
        person.go(address)
        check_page(person)


def test_officers_pages_are_accessible_on_a_small_phone(visit, check_page):
    officer = visit(width=320)
    officer.sign_in("officer.as")

    check_page(officer)
    officer.go("/staff/walks/")
    for address in officer.links_below("/staff/walks/"):
        officer.go(address)
        check_page(officer)
