"""Place search and notes about the chosen day, both shown as the requester types. Nothing typed leaves the page."""

import datetime
import itertools
import json

import pytest

from boroughs.geography.places import search_places
from tests.support.browser.requester_steps import go_to_area, go_to_meeting_place, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

TYPED = ["peckham", "kings cro", "Southwark", "elephant and castle", "queens park brent", "langdon park", "st j", "zzz"]


def at_area(visitor):
    go_to_area(visitor)
    return visitor


def get_box(visitor):
    return visitor.page.get_by_role("combobox", name="Where would you like to walk?")


def read_lines(visitor):
    return [" ".join(option.inner_text().split()) for option in visitor.page.get_by_role("option").all()]


@pytest.mark.parametrize("width", [320, 1280])
def test_place_is_picked_from_the_list_with_the_keyboard_alone(visit, width):
    woman = at_area(visit(width=width))
    woman.page.wait_for_load_state("networkidle")
    requests = []
    woman.page.on("request", lambda request: requests.append(request.url.rsplit("/", 1)[-1]))
    box, keys = get_box(woman), woman.page.keyboard

    with woman.page.expect_response("**/places*.json"):
        box.focus()
    box.press_sequentially("peckham r")
    woman.page.get_by_role("listbox").wait_for()
    woman.page.get_by_role("status").filter(has_text="places").wait_for()
    faults = woman.axe_violations() + woman.wider_than_the_screen()
    keys.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    is_selected = woman.page.locator(f"#{active}").get_attribute("aria-selected")
    first = read_lines(woman)[0]
    keys.press("Escape")
    closed = box.get_attribute("aria-expanded")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")

    assert [name.split(".")[0] for name in requests] == ["places"]
    assert (first, is_selected, closed) == ("Peckham Rye Southwark", "true", "false")
    assert box.input_value() == "Peckham Rye, Southwark"
    assert faults == []
    keys.press("Enter")
    woman.page.wait_for_url("**/request/age/")


def test_open_list_never_covers_the_button(visit):
    """The button also works while the list above it is open."""
    woman = visit(width=320)
    at_area(woman)

    over = []
    pages = [("/request/area/", "Continue"), ("/areas/", "Search")]
    for (address, button), width in itertools.product(pages, [320, 375, 1280]):
        woman.page.set_viewport_size({"width": width, "height": 800})
        woman.go(address)
        with woman.page.expect_response("**/places*.json"):
            woman.page.get_by_role("combobox").focus()
        woman.page.get_by_role("combobox").press_sequentially("park")
        list_box = woman.page.get_by_role("listbox").bounding_box()
        button_box = woman.page.get_by_role("button", name=button).bounding_box()
        if list_box["y"] + list_box["height"] > button_box["y"]:
            over.append((address, width))
        over += woman.wider_than_the_screen() + woman.axe_violations()
    woman.press("Search")
    woman.page.get_by_role("heading", name="Found").wait_for()

    assert over == []


def test_area_is_picked_from_the_list_while_typing(visit):
    woman = visit(width=375)
    woman.go("/areas/")
    box = woman.page.get_by_role("combobox", name="Search for a place")
    with woman.page.expect_response("**/places*.json"):
        box.focus()

    box.press_sequentially("peckham r")
    box.press("ArrowDown")
    box.press("Enter")
    value = box.input_value()
    woman.press("Show this area")

    assert value == "Peckham Rye, Southwark"
    assert woman.path == "/areas/southwark/"


def test_one_tap_picks_a_place(visit):
    woman = at_area(visit(width=375))
    with woman.page.expect_response("**/places*.json"):
        get_box(woman).focus()

    get_box(woman).press_sequentially("nunhead l")
    woman.page.get_by_role("option", name="Nunhead Library").click()
    woman.page.get_by_text("Chosen: Nunhead Library, Southwark.").wait_for()
    woman.press("Continue")

    assert woman.path == "/request/age/"


def test_list_has_the_servers_results_in_the_same_order(visit):
    woman = at_area(visit())
    with woman.page.expect_response("**/places*.json"):
        get_box(woman).focus()

    results = {}
    for typed in TYPED:
        get_box(woman).fill(typed)
        results[typed] = read_lines(woman)

    expected = {typed: [_line(place) for place in search_places(typed, 8)] for typed in TYPED}
    assert json.dumps(results, indent=1) == json.dumps(expected, indent=1)


def _line(place):
    return f"{place} {'borough' if place.kind == 'borough' else place.borough_name}"


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "without the list"])
def test_places_are_found_without_the_list(visit, javascript):
    woman = visit(javascript=javascript, width=320)
    woman.page.route("**/places*.json", lambda route: route.fulfill(status=404, body=""))
    at_area(woman)

    woman.fill(place="nunhead l")
    woman.press("Continue")
    woman.press("Nunhead Library, Southwark")

    assert woman.path == "/request/age/"


def test_suggested_place_is_filled_in_and_announced(visit):
    woman = visit(width=375)
    go_to_meeting_place(woman)

    woman.press("Nunhead Library")

    assert woman.page.get_by_label("Or tell us a place").input_value() == "Nunhead Library"
    assert woman.page.get_by_role("status").filter(has_text="“Nunhead Library” is in the box now.").count() == 1
    assert woman.page.evaluate("document.activeElement.textContent") == "Nunhead Library"
    assert woman.axe_violations() + woman.wider_than_the_screen() == []


def test_each_date_shows_notes_about_the_day_while_typing(visit):
    woman = visit(width=375)
    go_to_meeting_place(woman)
    woman.press("Please suggest one")
    woman.open_details("Type dates instead")
    first = unused_date()
    second = first + datetime.timedelta(days=1)

    for choice, day, month in (("first", first, str(first.month)), ("second", second, f"{second:%b}.".lower())):
        parts = {"day": str(day.day), "month": month, "year": str(day.year)}
        woman.fill(**{f"{choice}_date_{part}": value for part, value in parts.items()})
    notes = [note.inner_text() for note in woman.page.locator("[data-about-day]").all()]
    woman.fill(second_date_year="20")

    assert notes == [f"{london.long_date(day)}. {london.day_notes(day)}" for day in (first, second)] + [""]
    assert woman.page.locator("[data-about-day=id_second_date]").inner_text() == ""
    assert woman.axe_violations() + woman.wider_than_the_screen() == []
