"""Every branch of asking, in a browser: the ends of the form, what she may add, and each way to reach her."""

import re

import pytest

from tests.browser.test_story import ask_for_a_walk, day_of_her_own

pytestmark = pytest.mark.stack

WAYS = pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, 320), (True, 1280), (False, 375)],
    ids=["small with JavaScript", "large with JavaScript", "without JavaScript"],
)
# The link on the check page, what is chosen and typed there, and the row that it makes.
ADDS = [
    ("Where you would like to walk", [], {"route": "Through the cemetery to the bus stop"}, "Where to walk"),
    ("What it is about", ["People"], {}, "What it is about"),
    ("Who comes with you", ["1 person", "Everybody who comes with me is 18 or over"], {}, "Coming with you"),
    ("Whether we may pass on", ["No"], {}, "May we pass it on?"),
    ("A PIN", [], {"pin": "402817"}, "Chosen. We do not show it."),
]


def look(woman, found):
    """What would be wrong with this page, whatever page it is."""
    found += woman.wider_than_the_screen()
    if woman.javascript:
        found += woman.axe_violations()


def press_empty(woman, found):
    """Nothing answered: the summary leads to what is missing."""
    woman.press("Continue")
    look(woman, found)
    found += woman.dead_error_links()


def at_area(woman, *, adult="Yes"):
    woman.go("/request/")
    woman.choose("No")
    woman.press("Continue")
    woman.choose(adult)
    woman.press("Continue")


def by_postcode(woman, postcode):
    woman.go("/request/area/?change")
    woman.choose("I know a postcode there")
    woman.fill(postcode=postcode)
    woman.press("Continue")


@WAYS
def test_ends_of_the_form_offer_something_better(visit, javascript, width):
    woman, found = visit(javascript=javascript, width=width), []
    at_area(woman)

    by_postcode(woman, "EC2V 7HH")
    look(woman, found)
    city = woman.heading
    by_postcode(woman, "RH1 1NA")
    look(woman, found)
    outside = woman.heading
    woman.go("/request/area/")
    woman.choose("I am not sure")
    woman.press("Continue")
    woman.press("Search")
    look(woman, found)
    found += woman.dead_error_links()
    woman.fill(place="Peckham Rye")
    woman.press("Search")
    press_empty(woman, found)
    woman.page.get_by_label(re.compile("Peckham Rye.*Southwark")).first.check()
    woman.press("Continue")
    place_known = woman.path

    woman.go("/request/")
    woman.choose("Yes")
    woman.press("Continue")
    look(woman, found)
    danger = woman.heading
    woman.go("/request/name/")

    assert city == "The City of London has its own walks"
    assert outside == "That place is outside London"
    assert place_known == "/request/meeting-place/"
    assert danger == "Call 999 now"
    assert woman.path == "/request/"  # the form ended, on the server too
    assert found == []


@WAYS
def test_girls_are_told_who_can_help_and_come_along_where_a_team_walks_with_them(visit, stack, javascript, width):
    woman, found = visit(javascript=javascript, width=width), []
    stack.shell("BoroughCommandUnit.objects.filter(boroughs__name='Croydon').update(accepts_16_17=True)")

    at_area(woman, adult="No")
    by_postcode(woman, "SE15 4QL")
    look(woman, found)
    told = woman.text
    woman.go("/request/area/?change")
    woman.choose("I know the borough")
    woman.page.get_by_label("Borough", exact=True).select_option(label="Croydon")
    woman.press("Continue")
    look(woman, found)
    press_empty(woman, found)
    woman.choose("Yes")
    woman.press("Continue")

    assert "0800 1111" in told
    assert "Southwark" in told
    assert woman.path == "/request/meeting-place/"
    assert found == []


@WAYS
def test_everything_that_she_may_add_is_asked_kept_and_sent(visit, javascript, width):
    woman, found = visit(javascript=javascript, width=width), []
    ask_for_a_walk(woman, f"adds.{javascript}.{width}@example.com", day_of_her_own(), send=False)

    for link, choices, fields, row in ADDS:
        woman.page.locator("main li a", has_text=link).click()
        look(woman, found)
        press_empty(woman, found)
        woman.choose(*choices)
        woman.fill(**fields)
        woman.press("Continue")
        assert row in woman.page.locator(".govuk-summary-list").inner_text()
    woman.page.locator("main li a", has_text="somebody in the police must not see this").click()
    look(woman, found)
    woman.press("Keep it from my local team")
    look(woman, found)
    sends = woman.text
    woman.press("Send your request")

    assert "We send your request to one inspector of another area." in sends
    assert woman.path == "/request/sent/"
    assert found == []


@pytest.mark.parametrize(
    ("channel", "javascript", "width"),
    [("Discreet email", True, 320), ("Discreet email", False, 375), ("Do not email me", True, 1280)],
    ids=["discreet", "discreet without JavaScript", "none"],
)
def test_who_may_be_overlooked_chooses_a_pin(visit, channel, javascript, width):
    woman, found = visit(javascript=javascript, width=width), []
    ask_for_a_walk(woman, "overlooked@example.com", day_of_her_own(), send=False)
    woman.go("/request/contact/?change")
    woman.choose(channel)

    woman.press("Continue")
    look(woman, found)
    press_empty(woman, found)
    woman.fill(pin="402817")
    woman.press("Continue")
    woman.press("Send your request")
    look(woman, found)

    assert "Keep your reference and your PIN" in woman.text
    assert ("We will not email you." in woman.text) is (channel == "Do not email me")
    assert found == []
