"""Maps: opened on demand, usable with the keyboard alone, and never needed without JavaScript."""

import pytest

from tests.support.browser.received_mail import link_in
from tests.support.browser.requester_steps import go_to_meeting_place

pytestmark = pytest.mark.stack

MAP_NAME = ".map__name span"


def read_announcement(visitor):
    return visitor.page.locator("[data-map-status]").inner_text()


@pytest.mark.parametrize("width", [320, 1280])
def test_map_point_is_set_moved_and_removed_with_the_keyboard_alone(visit, stack, width):
    woman = visit(width=width)
    go_to_meeting_place(woman)
    requests = []
    woman.page.on("request", lambda request: requests.append(request.url))
    keys = woman.page.keyboard

    woman.page.get_by_role("button", name="Peckham Rye station", exact=True).focus()
    keys.press("Enter")
    woman.page.get_by_role("button", name="Put a point on a map").focus()
    keys.press("Enter")
    woman.page.wait_for_selector(MAP_NAME)
    woman.page.wait_for_function("document.activeElement.classList.contains('map')")
    keys.press("Enter")
    first = woman.page.locator("#id_map_point").input_value()
    faults = woman.axe_violations() + woman.wider_than_the_screen()
    keys.press("ArrowDown")
    woman.page.wait_for_timeout(500)  # the map moves smoothly
    keys.press("Enter")
    second = woman.page.locator("#id_map_point").input_value()

    assert read_announcement(woman).startswith("The point is near ")
    assert "" not in (first, second)
    assert first != second
    woman.page.get_by_role("button", name="Remove the point").focus()
    keys.press("Enter")
    assert (read_announcement(woman), woman.page.locator("#id_map_point").input_value()) == ("No point on the map.", "")
    assert woman.page.get_by_label("Or tell us a place").input_value() == "Peckham Rye station"
    assert [url for url in requests if not url.startswith(stack.url)] == []
    assert faults == []


def test_map_point_in_another_borough_is_announced_immediately(visit):
    woman = visit(width=375)
    go_to_meeting_place(woman)
    woman.press("Put a point on a map")
    woman.page.wait_for_selector(MAP_NAME)

    woman.page.evaluate(
        """() => {
            const field = document.getElementById("id_map_point")
            field.value = "51.46270,-0.11460"
            field.dispatchEvent(new Event("change"))
        }"""
    )

    assert "This point is in Lambeth. That isn’t in Southwark, which you chose. You can keep it" in read_announcement(
        woman
    )


def test_place_can_be_chosen_without_javascript_and_map(visit):
    woman = visit(javascript=False, width=320)
    go_to_meeting_place(woman)

    is_shown = woman.page.get_by_text("Put a point on a map").is_visible()
    woman.choose("Nunhead Library")
    woman.press("Continue")

    assert not is_shown
    assert woman.path == "/request/when/"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_requesters_map_is_described_in_words(visit, stack, javascript):
    woman = visit(javascript=javascript, width=375)
    page = link_in(stack.wait_for_mail(to="anouk@example.com"))

    woman.go(page)
    woman.follow("Look at the map")

    assert "The point is near " in woman.text
    assert woman.page.locator("main li").count() >= 4
    assert woman.page.locator(".map").is_visible() is javascript
    if javascript:
        woman.page.wait_for_selector(".map__pin")
        assert woman.axe_violations() + woman.wider_than_the_screen() == []
