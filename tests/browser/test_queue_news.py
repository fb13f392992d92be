"""A queue that stays open: new requests and the claims of colleagues appear by themselves."""

import re
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.stack

WITHIN = 15_000  # milliseconds
UNASSIGNED = "/staff/bookings/?state=unassigned"


@pytest.fixture
def inspector(visit, team):
    team.make_booking()
    inspector = visit()
    inspector.sign_in("inspector.se")
    return inspector


def row_of(visitor, booking):
    return visitor.page.locator(f"[data-row='{booking}']")


def test_open_queue_shows_claims_of_a_colleague_and_new_requests(visit, team, inspector):
    (booking,) = team.make_requests(1)
    colleague = visit()
    colleague.sign_in("inspector2.se")
    for visitor in (inspector, colleague):
        visitor.go(UNASSIGNED)
    row, news = row_of(inspector, booking), inspector.page.locator("[data-news]")
    offered = row.get_by_role("button", name="Assign to me").count()
    height = row.bounding_box()["y"]

    colleague.activate(row_of(colleague, booking).get_by_role("button", name="Assign to me"))
    row.get_by_text("Inspector Grace Boateng, just now").wait_for(timeout=WITHIN)
    (new,) = team.make_requests(1)
    news.get_by_text("1 new request – show").wait_for(timeout=WITHIN)
    title, moved_to, faults = inspector.page.title(), row.bounding_box()["y"], inspector.axe_violations()
    buttons = row.get_by_role("button").count()
    opens = row.get_by_role("link", name=re.compile("^Open")).get_attribute("href")
    inspector.follow("1 new request – show")
    row_of(inspector, new).wait_for()

    assert (offered, buttons) == (1, 0)
    assert urlsplit(opens).path == f"/staff/bookings/{booking}/"
    assert "Maya" not in inspector.text
    assert title.startswith("(1) Queue of South East")
    assert moved_to == height
    assert inspector.page.url.endswith(UNASSIGNED)
    assert faults == []


def test_claimed_row_says_when_after_a_minute(visit, team, inspector):
    (booking,) = team.make_requests(1)
    inspector.page.clock.install()
    inspector.go(UNASSIGNED)
    colleague = visit()
    colleague.sign_in("inspector2.se")
    colleague.go(UNASSIGNED)
    colleague.activate(row_of(colleague, booking).get_by_role("button", name="Assign to me"))
    colleague.page.get_by_text("Assigned to you").first.wait_for()

    inspector.page.clock.run_for(11_000)
    row_of(inspector, booking).get_by_text("just now").wait_for()
    inspector.page.clock.run_for(61_000)

    assert re.search(r"Grace Boateng, \d+(:\d\d)?[ap]m", row_of(inspector, booking).inner_text())


def test_page_asks_less_often_while_the_server_fails(inspector):
    asked = []
    inspector.page.clock.install()
    inspector.page.route("**/staff/bookings/news/**", lambda route: (asked.append(1), route.fulfill(status=503)))
    inspector.go(UNASSIGNED)
    inspector.complaints.clear()

    for _second in range(80):
        inspector.page.clock.run_for(1_000)
        inspector.page.wait_for_timeout(10)
    inspector.complaints[:] = [complaint for complaint in inspector.complaints if "503" not in complaint]

    assert len(asked) == 3  # after 10, 30 and 70 seconds


def test_signed_out_page_says_so_and_asks_no_more(inspector):
    inspector.page.clock.install()
    inspector.go(UNASSIGNED)
    inspector.context.clear_cookies()

    inspector.page.clock.run_for(11_000)

    inspector.page.get_by_role("link", name="You’ve been signed out – sign in").wait_for()
