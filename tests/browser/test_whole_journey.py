"""The whole journey: a request, scheduling, the walk, and a report of what worried the requester."""

import pytest

from tests.support.browser.inspector_steps import MEETING_PLACE, schedule_walk
from tests.support.browser.received_mail import get_calendar, get_html, get_text, link_in, visible_text
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_journey_from_the_home_page_to_the_report(visit, stack, javascript):
    email = f"maya.{'js' if javascript else 'plain'}@example.com"
    day = unused_date()
    woman = visit(javascript=javascript, width=375)
    inspector = visit(javascript=javascript)
    officer = visit(javascript=javascript, width=320)

    reference = ask_for_a_walk(woman, email, day)
    received = stack.wait_for_mail(to=email, subject="was it you?")
    assert reference in get_text(received)
    assert "Maya" not in get_text(received)  # a stranger may read it: her name, place and time wait
    assert london.long_date(day) not in get_text(received)

    woman.go(link_in(received))
    woman.press("Yes, this was me")

    schedule_walk(inspector, reference)
    scheduled = stack.wait_for_mail(to=email, subject="Your walk:")
    assert_walk_card(get_text(scheduled), reference, day)
    assert_walk_card(visible_text(get_html(scheduled)), reference, day)
    assert "BEGIN:VEVENT" in get_calendar(scheduled)
    for user in ("officer.as", "officer2.as"):
        message = stack.wait_for_mail(to=f"{user}@example.com", subject="walk", containing=MEETING_PLACE)
        assert "Maya" not in get_text(message)

    woman.go(link_in(scheduled))
    woman.keep_picture("walk")
    woman.unfold()
    assert_walk_card(woman.text, reference, day)

    walks = f"Walk.objects.filter(bookings__reference='{reference.replace('-', '')}')"
    # The journey before keeps the same officers busy until the gap after it.
    stack.shell(
        "from walks.models.walks import Assignment\n"
        "Assignment.objects.filter(walk__status='completed').update(is_live=False)\n"
        f"{walks}.update(start_at=timezone.now())"
    )
    walk(officer)

    stack.shell(f"{walks}.update(ended_at=timezone.now() - timedelta(days=1))")
    stack.shell(
        "from datetime import time\n"
        "from feedback.jobs import send_report_invitations\n"
        "from walkandtalk.lib import london\n"
        "send_report_invitations(london.to_instant(london.today(), time(12)))"
    )
    invitation = stack.wait_for_mail(to=email, containing="/tell-us/")
    woman.go(link_in(invitation, path="/tell-us/"))
    submit_report(woman)

    read_concern(inspector)


def walk(officer):
    officer.sign_in("officer.as")
    officer.go("/staff/walks/")
    officer.activate(officer.page.locator("article", has_text=MEETING_PLACE).get_by_role("link").first)
    assert "Maya" in officer.text
    officer.press("Start the walk")
    officer.press("Ended safely")


def submit_report(woman):
    woman.page.get_by_label("Too dark, or lights not working").check()
    woman.fill(place="The path behind the station", text="The lamps are out")
    woman.choose("In the dark")
    woman.press("Send")
    assert "Thank you" in woman.heading


def read_concern(inspector):
    inspector.go("/staff/concerns/")
    inspector.activate(inspector.page.locator("tr", has_text="The path behind the station").get_by_role("link").first)
    assert "The path behind the station" in inspector.text


def assert_walk_card(text, reference, day):
    for line in (
        london.long_date(day),
        "6:30pm to 7:30pm",
        "London time",
        MEETING_PLACE,
        "Back at the start",
        "PC Olive Officer, 101AS",
        "PC Petra Partner, 102AS",
        "uniform",
        "You reply",
        "101",
        "999",
        "After 10 minutes",
        "Step-free route",
        reference,
    ):
        assert line.lower() in text.lower()
