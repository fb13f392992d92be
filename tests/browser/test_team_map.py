"""The team's map and its list, and the map beside the form of a walk."""

import pytest

from tests.support.browser.team import MEETING_PLACE

pytestmark = pytest.mark.stack

MARK = ".map__pin--row, .map__area"


@pytest.mark.parametrize("width", [320, 1280])
def test_mark_leads_to_its_row_and_a_row_points_to_its_mark(visit, team, check_page, width):
    made = team.make_walk()
    inspector = visit(width=width)
    inspector.sign_in("inspector.se")
    inspector.go("/staff/map/?show=walks")
    mark = inspector.page.locator(MARK)
    link = inspector.page.locator(f"a[href='/staff/walks/{made.walk}/']")
    mark.wait_for()
    inspector.page.wait_for_load_state("networkidle")

    mark.click()
    focused = link.evaluate("link => link === document.activeElement")
    pointed_at = "is-pointed-at" in mark.get_attribute("class")
    chosen = inspector.page.locator(".is-chosen").inner_text()
    inspector.keep_picture("staff-map")

    assert (focused, pointed_at) == (True, True)
    assert MEETING_PLACE in chosen
    assert inspector.page.get_by_role("region", name="Map of the list").is_visible()
    check_page(inspector)


def test_every_tab_has_no_fault_at_any_width(visit, check_page):
    inspector = visit()
    inspector.sign_in("inspector.as")

    for show in ("requests", "walks", "concerns"):
        inspector.go(f"/staff/map/?show={show}")
        inspector.page.wait_for_selector(MARK)
        check_page(inspector)


def test_list_works_without_javascript(visit):
    inspector = visit(javascript=False, width=320)
    inspector.sign_in("inspector.as")

    inspector.go("/staff/map/")
    inspector.pick("State", "Ready to schedule")
    inspector.press("Filter")

    assert not inspector.page.locator(".map").is_visible()
    assert inspector.page.locator("[data-spots] > li").count() >= 1
    assert inspector.wider_than_the_screen() == []


def test_suggested_spot_sets_the_words_and_the_point(visit, team):
    made = team.make_booking()
    inspector = visit()
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/bookings/{made.booking}/schedule/")
    inspector.unfold()
    inspector.page.locator("[data-map-open]").click()
    inspector.page.wait_for_selector(".map__name span")
    address = inspector.page.url
    spot = inspector.page.locator("#meeting-spots button").first

    spot.click()

    assert inspector.page.locator("#id_meeting_place").input_value() == spot.get_attribute("value")
    assert inspector.page.locator("#id_map_coordinates").input_value() == spot.get_attribute("data-point")
    assert inspector.page.locator("[data-map-status]").inner_text().startswith("The point is near ")
    assert inspector.page.url == address
    assert inspector.axe_violations() == []


def test_map_of_a_walk_shows_the_nearest_stations(visit, team):
    made = team.make_walk()
    inspector = visit(width=375)
    inspector.sign_in("inspector.se")

    inspector.go(f"/staff/walks/{made.walk}/map/")
    inspector.page.wait_for_selector(".map__name span")
    names = inspector.page.locator(".map__name--s span").all_inner_texts()
    listed = inspector.page.locator("h2:has-text('Nearest stations') + ul li").all_inner_texts()

    assert len(listed) == 3
    assert {line.split(",")[0] for line in listed[:2]} <= {*names}
    assert inspector.axe_violations() + inspector.wider_than_the_screen() == []
