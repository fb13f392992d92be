"""The requester's page: other times, a mistyped address, an unsafe inbox and a forgotten PIN, on both hosts."""

import datetime
import re

import pytest

from tests.support.browser.inspector_steps import assign_to_herself
from tests.support.browser.received_mail import link_in
from tests.support.browser.requester_steps import REFERENCE, ask_for_a_walk, choose_day, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

ANOUK = "Your walk"
PHONE_HEIGHT = 667
MEETING_PLACE = "Nunhead station, by the ticket machines"


@pytest.mark.parametrize(
    ("javascript", "team", "account"),
    [(False, "Central North", "inspector.cn"), (True, "Central South", "inspector.as")],
    ids=["without JavaScript", "with JavaScript"],
)
def test_requester_asks_for_other_times_and_the_change_is_declined(visit, stack, javascript, team, account):
    woman, inspector = visit(javascript=javascript, width=375), visit(javascript=javascript)
    # Each variant has an Anouk of its own: the second time, her form would be full.
    page = link_in(stack.wait_for_mail(to="anouk@example.com", subject=ANOUK, containing=team))

    woman.go(page)
    woman.follow("Ask for other times, or another place to meet")
    woman.open_details("Type dates instead")
    woman.fill(first_date_day="1", first_date_month="1", first_date_year="2020")
    woman.press("Ask for these times")
    woman.page.locator(".govuk-error-summary").wait_for()
    refused = woman.text
    days = 20 if javascript else 21
    woman.fill_date("first", london.today() + datetime.timedelta(days=days), "6pm")
    choose_day(woman, london.today() + datetime.timedelta(days=days))
    woman.fill(meeting_place=MEETING_PLACE)
    woman.press("Late")
    picked = woman.text
    woman.press("Ask for these times")
    page_text = woman.text

    inspector.sign_in(account)
    inspector.go("/staff/bookings/?state=scheduled")
    listed = inspector.text
    inspector.activate(inspector.page.get_by_role("link", name=re.compile(r"^(A\.|Anouk)")).first)
    assign_to_herself(inspector)
    inspector.follow("Keep as it is")
    inspector.page.locator("main [name=words]").fill(f"Nobody is free then, try {days}.")
    inspector.press("Keep the walk and next")

    woman.go(page)
    assert "First choice must be between" in refused
    assert "First choice" in picked.partition("Your times so far")[2]
    assert "late, 8pm to 10pm" in picked
    assert "You asked for other times" in page_text
    assert "Until then, nothing changes." in page_text
    assert MEETING_PLACE in page_text
    assert "Asked for another time" in listed
    assert "We can’t change it" in woman.text
    assert f"Nobody is free then, try {days}." in woman.text
    assert woman.wider_than_the_screen() == []


def test_requester_corrects_her_address_and_reports_an_unsafe_inbox(visit, stack):
    woman = visit(width=375)
    ask_for_a_walk(woman, "mistyped@example.com", unused_date())
    old = link_in(stack.wait_for_mail(to="mistyped@example.com"))
    faults = []

    woman.follow("correct the address")
    faults += woman.axe_violations()
    woman.press("Use this address")
    faults += woman.dead_error_links()
    woman.fill(email="right.one@example.com")
    woman.press("Use this address")
    corrected = woman.text
    new = link_in(stack.wait_for_mail(to="right.one@example.com"))
    woman.go(old)
    heading = woman.heading

    woman.go(new)
    woman.press("Yes, this was me")
    woman.follow("My inbox isn’t safe any more")
    faults += woman.axe_violations() + woman.wider_than_the_screen()
    woman.press("Stop those links now")
    faults += woman.axe_violations() + woman.dead_error_links()
    woman.choose("Discreet email")
    woman.fill(pin="830295")
    woman.press("Stop those links now")
    faults += woman.axe_violations()
    remaining = woman.text
    reference = REFERENCE.search(remaining)[0]

    discreet_visitor = visit(width=375, host=stack.discreet_url)
    discreet_visitor.go(new)
    discreet_heading = discreet_visitor.heading
    discreet_visitor.go(re.search(r"http://\S+/r/", remaining)[0])
    discreet_visitor.fill(reference=reference.lower().replace("-", " "), pin="830295")
    discreet_visitor.press("Continue")
    faults += discreet_visitor.axe_violations()

    assert "right.one@example.com" in corrected
    assert heading == discreet_heading == "This link doesn’t work any more"
    assert "Nothing is booked yet." in discreet_visitor.text
    assert discreet_visitor.page.title() == "Your appointment"
    assert faults == []


def test_requester_stops_and_resumes_messages_on_the_neutral_host(visit, stack):
    woman = visit(width=375)
    page = link_in(stack.wait_for_mail(to="ruth@example.com", containing="You’ll need your PIN"), path="/r/")
    woman.go(page)
    woman.fill(pin="402817")
    woman.press("Continue")

    faults = []
    for inner in ("change/", "address/", "inbox/"):
        woman.go(page + inner)
        faults += woman.axe_violations() + woman.wider_than_the_screen()
        assert not re.search("walk|police|officer", woman.page.title(), re.IGNORECASE)
    woman.go(page + "stop/")
    woman.press("Stop all messages")
    stopped = woman.text
    woman.press("Write to me again")

    woman.unfold()
    assert "You asked us to stop writing, so we won’t send you anything" in stopped
    assert "so we won’t send you anything" not in woman.text
    assert "You asked us to write again" in woman.text
    assert faults == []


def test_requester_writes_to_the_team_with_the_keyboard_alone(visit, team, width):
    booking = team.make_walk(in_minutes=90)
    woman = visit(width=width, keyboard=True)
    inspector, officer = visit(width=width), visit(width=width)
    woman.go(booking.page)
    faults = woman.axe_violations() + woman.wider_than_the_screen()
    woman.follow("Write to the team")
    faults += woman.axe_violations() + woman.wider_than_the_screen()
    woman.press("Send the message")
    faults += woman.axe_violations() + woman.dead_error_links()
    woman.fill(words="I’ll wait inside the bakery.")
    woman.press("Send the message")
    sent = woman.text

    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{booking.walk}/")
    inspector.sign_in("inspector.se")
    inspector.go("/staff/today/")
    faults += inspector.axe_violations()
    inspector.follow("Read it")
    faults += inspector.axe_violations() + inspector.wider_than_the_screen() + officer.wider_than_the_screen()
    inspector.press("I’ve read it")
    inspector.unfold()
    woman.go(booking.page)
    woman.unfold()

    assert "The team has it, but hasn’t read it yet" in sent
    assert "I’ll wait inside the bakery." in officer.text
    assert "I’ll wait inside the bakery." in inspector.text
    assert "Read by the team at" in woman.text
    assert faults == []


def test_first_screen_says_when_where_and_whom_and_the_rest_is_folded(visit, team, width):
    booking = team.make_walk(in_minutes=180)
    woman = visit(width=width, keyboard=True)
    woman.go(booking.page)
    on_screen = woman.text
    faults = woman.axe_violations() + woman.wider_than_the_screen()

    woman.unfold()
    faults += woman.axe_violations() + woman.wider_than_the_screen()
    unfolded = woman.text
    woman.press("I’ve seen this")
    focused = woman.page.evaluate("document.activeElement.innerText")
    faults += woman.axe_violations() + woman.wider_than_the_screen()

    folded = (
        "If it feels wrong",
        "After 10 minutes",
        "You can call me",
        "Delete my details",
        "My inbox isn’t safe any more",
    )
    assert [words for words in folded if words in on_screen] == []
    assert [words for words in folded if words not in unfolded] == []
    assert focused == "Thank you. We know you’ve seen this."
    assert faults == []


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_walk_fits_on_one_screen_of_a_phone_and_on_one_sheet(visit, team, javascript):
    booking = team.make_walk(in_minutes=180)
    woman = visit(width=375, javascript=javascript)
    woman.go(booking.page)
    button = woman.page.get_by_role("link", name="Cancel").bounding_box()

    woman.page.emulate_media(media="print")
    printed = woman.text
    sheets = len(re.findall(rb"/Type\s*/Page\b", woman.page.pdf(format="A4", prefer_css_page_size=True)))

    assert button["y"] + button["height"] <= PHONE_HEIGHT
    assert sheets == 1
    for words in ("An officer says", "Check it’s them", "In danger", "After 10 minutes", "Reference"):
        assert words in printed
    for words in ("What you told us", "How we write to you", "Who opened your details", "Cancel"):
        assert words not in printed


@pytest.fixture
def demo_pin(stack):
    """Restore the PIN of the demo's discreet bookings, even after a test that failed."""
    yield
    stack.shell(
        "from bookings.models.bookings import Booking\n"
        "from walkandtalk.lib import tokens\n"
        "for each in Booking.objects.filter(channel='discreet').select_related('contact'):\n"
        "    each.contact.pin_hmac = tokens.pin_hmac(each.pk, '402817'); each.contact.save()"
    )


@pytest.mark.usefixtures("demo_pin")
def test_inspector_reads_out_a_pin_and_the_requester_chooses_her_own(visit, stack):
    woman, inspector = visit(width=375), visit(width=375)
    page = link_in(stack.wait_for_mail(to="ruth@example.com", containing="You’ll need your PIN"), path="/r/")
    stack.shell(
        "from bookings.models.contacts import BookingContact\n"
        "for each in BookingContact.objects.all():\n"
        "    each.phone, each.phone_rules = '07700 900123', ['call']; each.save()"
    )
    woman.go(page)
    user = _sign_in_inspector(stack, page)
    inspector.sign_in(user)
    inspector.go("/staff/bookings/?state=open")
    inspector.activate(inspector.page.get_by_role("link", name=re.compile(r"^(R\.|Ruth)$")))
    assign_to_herself(inspector)
    inspector.follow("She has forgotten her PIN")
    faults = inspector.axe_violations() + inspector.wider_than_the_screen()
    inspector.press("Show her number")
    faults += inspector.axe_violations()
    inspector.choose("By phone, on the number she gave us")
    inspector.press("Make a PIN to read out to her")
    faults += inspector.axe_violations() + inspector.wider_than_the_screen()
    pin = inspector.page.locator(".phrase__words").inner_text()

    woman.fill(pin=pin)
    woman.press("Continue")
    faults += woman.axe_violations()
    woman.press("Continue")
    faults += woman.dead_error_links()
    woman.fill(new_pin="615 937")
    woman.press("Continue")

    assert "Nothing is booked yet." in woman.text
    assert faults == []


def _sign_in_inspector(stack, page):
    token = page.rstrip("/").rsplit("/", 1)[1]
    code = stack.shell(
        "from bookings.models.links import Link\n"
        "from walkandtalk.lib import tokens\n"
        f"print(Link.objects.get(token_hash=tokens.token_hash('{token}')).booking.bcu.code)"
    )
    return f"inspector.{code.strip().lower()}"
