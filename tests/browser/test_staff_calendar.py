"""A team's calendar, the printed list of a day, and the calendar feed."""

import datetime

import pytest

from tests.support.browser.team import DAYS_AHEAD, MEETING_PLACE
from tests.support.browser.visitor import HEIGHT
from walkandtalk.lib import london

pytestmark = pytest.mark.stack


def test_calendar_is_a_list_on_a_phone_and_a_grid_on_a_desktop(visit, check_page):
    inspector = visit()
    inspector.sign_in("inspector.as")

    for address in ("", "?by=ward", "?show=month"):
        inspector.go(f"/staff/calendar/{address}")
        for width in (320, 1280):
            inspector.page.set_viewport_size({"width": width, "height": HEIGHT})
            assert inspector.page.locator(".calendar__grid").is_visible() is (width == 1280)
            assert inspector.page.locator(".calendar__days").is_visible() is (width == 320)
        check_page(inspector)
    inspector.follow("Later")
    inspector.activate(inspector.page.locator("main").get_by_role("link", name="Today"))

    assert inspector.heading.endswith(f"{london.today():%B %Y}")


def test_list_of_a_day_prints_without_links_and_buttons(visit, team):
    team.make_walk()
    inspector = visit()
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/calendar/{london.today() + datetime.timedelta(days=DAYS_AHEAD)}/")

    inspector.page.emulate_media(media="print")

    assert inspector.page.get_by_role("columnheader", name="Duty number").is_visible()
    assert inspector.page.get_by_role("cell", name=MEETING_PLACE).is_visible()
    assert not inspector.page.get_by_role("link", name="Day after").is_visible()
    assert not inspector.page.get_by_role("button", name="Sign out").is_visible()


def test_feed_address_is_created_shown_once_and_revoked(visit, check_page):
    inspector = visit()
    inspector.sign_in("inspector.as")
    inspector.go("/staff/calendar/")
    inspector.follow("Get these walks in your own calendar")
    inspector.press("Create my address")
    check_page(inspector)
    address = inspector.page.locator(".calendar__address").inner_text()
    feed = inspector.page.request.get(address)
    opened = feed.status, feed.text().split("\r\n")[0]
    inspector.go("/staff/calendar/feed/")
    again = inspector.page.locator(".calendar__address").count()

    inspector.press("Delete my address")
    check_page(inspector)

    assert opened == (200, "BEGIN:VCALENDAR")
    assert again == 0
    assert inspector.page.get_by_role("button", name="Create my address").is_visible()
    assert inspector.page.request.get(address).status == 404
