"""An inspector's decisions, and the pages on which the requester reads them: one flow a test.

The inspector works at 400% zoom, which makes the page 320 pixels wide, and only with the keyboard.
"""

import datetime

import pytest

from tests.support.browser.inspector_steps import alert
from tests.support.browser.team import DAYS_AHEAD, MEETING_PLACE
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

DAY = datetime.timedelta(days=1)


@pytest.fixture
def inspector(visit):
    return visit(width=320, keyboard=True)


def test_recurring_walk_is_created_offered_and_printed(visit, inspector, team, check_page):
    booking = team.make_booking()
    preferred_date = london.today() + DAY * DAYS_AHEAD
    woman = visit(width=375)
    inspector.sign_in("inspector.se")
    inspector.go("/staff/standing/new/")
    inspector.pick("Day", f"{preferred_date:%A}s")
    inspector.fill(start="7pm", area="Greenwich", meeting_place=MEETING_PLACE)
    for officer in ("Rosa Reed", "Tamsin Tull"):
        inspector.tick(inspector.page.get_by_label(officer))
    check_page(inspector)
    inspector.press("Save this recurring walk")
    check_page(inspector)
    inspector.go(f"/staff/bookings/{booking.booking}/")

    inspector.follow("Offer a recurring walk")
    check_page(inspector)
    inspector.press("Offer this date")
    inspector.page.get_by_text("Place offered").wait_for()
    woman.go(f"{booking.page}offer/")
    woman.page.get_by_label("Yes:").check()
    woman.press("Send your answer")
    woman.page.get_by_text("Your walk is booked").wait_for()
    inspector.go("/staff/walks/")
    inspector.activate(inspector.page.locator("article", has_text=MEETING_PLACE).get_by_role("link").first)
    inspector.follow("Briefing sheet to print")
    check_page(inspector)
    inspector.page.emulate_media(media="print")

    assert "7pm" in inspector.heading
    assert "Maya" in inspector.text
    assert not inspector.page.get_by_role("link", name="The walk").is_visible()


def test_booking_is_handed_over_with_a_note(visit, inspector, team, check_page):
    booking = team.make_booking()
    colleague = visit()
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/bookings/{booking.booking}/")

    inspector.follow("Hand over")
    inspector.pick("Hand over to", "South Area (SN)")
    inspector.fill(note="She walks to Croydon, not here.")
    check_page(inspector)
    inspector.press("Hand over")
    inspector.page.get_by_text("South Area").first.wait_for()
    remaining = inspector.page.locator(f"tr a[href*='{booking.booking}']").count()
    colleague.sign_in("inspector.sn")
    colleague.go(f"/staff/bookings/{booking.booking}/")
    check_page(colleague)
    colleague.press("I’m checking our work")
    check_page(colleague)

    assert remaining == 0
    assert "She walks to Croydon, not here." in colleague.text
    assert inspector.go(f"/staff/bookings/{booking.booking}/").status == 404


def test_booking_is_declined_with_a_reason_and_an_alternative(visit, inspector, team, check_page):
    booking = team.make_booking()
    woman = visit(width=375)
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/bookings/{booking.booking}/")

    inspector.follow("Decline")
    inspector.press("Decline")
    check_page(inspector)
    errors = inspector.dead_error_links()
    inspector.choose("no officers are free at the times you chose", "Ask again for another day or time")
    inspector.press("Decline")
    check_page(inspector)
    woman.go(booking.page)
    check_page(woman)

    assert errors == []
    assert "no officers are free at the times you chose" in woman.text
    assert "Ask again for another day or time" in woman.text


def test_walk_is_moved_and_gets_another_officer(visit, inspector, team, check_page):
    walk = team.make_walk()
    woman = visit(width=375)
    later = london.today() + DAY * (DAYS_AHEAD + 1)
    woman.go(walk.page)
    phrase = woman.page.locator(".words").inner_text()
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/walks/{walk.walk}/")

    inspector.press("Change the walk")
    inspector.fill(date_day=str(later.day), date_month=str(later.month), date_year=str(later.year), start="7pm")
    inspector.tick(inspector.page.get_by_label("Tamsin Tull"), on=False)
    inspector.tick(inspector.page.get_by_label("Una Usher"))
    check_page(inspector)
    inspector.press("Change the walk")
    inspector.tick(inspector.page.locator("[name=agreed]"))
    inspector.press("Change the walk")
    inspector.page.get_by_text("Walk changed.").wait_for()
    check_page(inspector)
    woman.go(walk.page)
    check_page(woman)

    changed = woman.text.split("Meet")[0]
    assert f"The date is now {london.long_date(later)}." in changed
    assert "The walk now starts at 7pm." in changed
    assert "Una Usher" in woman.text
    assert "Tamsin Tull" not in woman.text
    assert woman.page.locator(".words").inner_text() != phrase


def test_cancelled_walk_is_listed_until_the_requester_acknowledges_it(visit, inspector, team, check_page):
    walk = team.make_walk(in_minutes=25)
    woman = visit(width=375)
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/bookings/{walk.booking}/")

    inspector.follow("Cancel")
    inspector.choose("an officer is unwell")
    check_page(inspector)
    inspector.press("Cancel the walk")
    inspector.go("/staff/today/")
    listed = alert(inspector, "Cancelled and not told").is_visible()
    send_somebody = alert(inspector, "Someone has to go there now").inner_text()
    check_page(inspector)
    woman.go(walk.page)
    check_page(woman)
    woman.press("I’ve seen this")
    woman.page.get_by_text("You told us that you’ve seen this").wait_for()
    inspector.go("/staff/today/")

    assert listed
    assert "020 7946 0601" in send_somebody
    assert "because an officer is unwell" in woman.text
    assert not alert(inspector, "Cancelled and not told").is_visible()
