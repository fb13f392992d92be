"""Every branch of asking, in a browser: the ends of the form, what she may add, and each way to reach her."""

import re

import pytest

from tests.support.browser.requester_steps import answer_every_question, choose_postcode, go_to_area, unused_date

pytestmark = pytest.mark.stack

# She is at 320 pixels, and has only a keyboard where there is JavaScript; each page is looked at as wide as on a phone
# of today and on a desk too.
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
# The link on the check page, what is chosen and typed there, and the row that it makes.
ADDS = [
    ("Where you would like to walk", [], {"route": "Through the cemetery to the bus stop"}, "Where to walk"),
    ("What it is about", ["People"], {}, "What it is about"),
    ("Who comes with you", ["1 person", "Everybody who comes with me is 18 or over"], {}, "Coming with you"),
    ("Whether we may pass on", ["No"], {}, "May we pass it on?"),
    ("A PIN", [], {"pin": "402817"}, "Chosen. We do not show it."),
]


def press_empty(woman, found):
    """Nothing answered: the summary leads to what is missing."""
    woman.press("Continue")
    found += woman.faults_at_every_width()
    found += woman.dead_error_links()


@BOTH
def test_ends_of_the_form_offer_something_better(visit, javascript):
    woman, found = visit(javascript=javascript, keyboard=javascript, width=320), []
    go_to_area(woman)

    choose_postcode(woman, "EC2V 7HH")
    found += woman.faults_at_every_width()
    city = woman.heading
    woman.go("/request/area/?change")
    choose_postcode(woman, "RH1 1NA")
    found += woman.faults_at_every_width()
    outside = woman.heading
    woman.go("/request/area/")
    woman.choose("I am not sure")
    woman.press("Continue")
    woman.press("Search")
    found += woman.faults_at_every_width()
    found += woman.dead_error_links()
    woman.fill(place="Peckham Rye")
    woman.press("Search")
    press_empty(woman, found)
    woman.tick(woman.page.get_by_label(re.compile("Peckham Rye.*Southwark")).first)
    woman.press("Continue")
    place_known = woman.path

    woman.go("/request/")
    woman.choose("Yes")
    woman.press("Continue")
    found += woman.faults_at_every_width()
    danger = woman.heading
    woman.go("/request/name/")

    assert city == "The City of London has its own walks"
    assert outside == "That place is outside London"
    assert place_known == "/request/meeting-place/"
    assert danger == "Call 999 now"
    assert woman.path == "/request/"  # the form ended, on the server too
    assert found == []


@BOTH
def test_girls_are_told_who_can_help_and_come_along_where_a_team_walks_with_them(visit, stack, javascript):
    woman, found = visit(javascript=javascript, keyboard=javascript, width=320), []
    stack.shell("BoroughCommandUnit.objects.filter(boroughs__name='Croydon').update(accepts_16_17=True)")

    go_to_area(woman, adult="No")
    choose_postcode(woman, "SE15 4QL")
    found += woman.faults_at_every_width()
    told = woman.text
    woman.go("/request/area/?change")
    woman.choose("I know the borough")
    woman.pick("Borough", "Croydon")
    woman.press("Continue")
    found += woman.faults_at_every_width()
    press_empty(woman, found)
    woman.choose("No")
    woman.press("Continue")
    found += woman.faults_at_every_width()
    alone = woman.text
    woman.follow("Back")
    woman.choose("Yes")
    woman.press("Continue")

    assert all("0800 1111" in page and "police.uk/streetsafe" in page for page in (told, alone))
    assert ("Southwark" in told, "Croydon" in alone) == (True, True)
    assert woman.path == "/request/meeting-place/"
    assert found == []


@BOTH
def test_everything_that_she_may_add_is_asked_kept_and_sent(visit, javascript):
    woman, found = visit(javascript=javascript, keyboard=javascript, width=320), []
    answer_every_question(woman, f"adds.{javascript}@example.com", unused_date())

    for link, choices, fields, row in ADDS:
        woman.activate(woman.page.locator("main li a", has_text=link))
        found += woman.faults_at_every_width()
        press_empty(woman, found)
        woman.choose(*choices)
        woman.fill(**fields)
        woman.press("Continue")
        assert row in woman.page.locator(".govuk-summary-list").inner_text()
    woman.activate(woman.page.locator("main li a", has_text="somebody in the police must not see this"))
    found += woman.faults_at_every_width()
    woman.press("Keep it from my local team")
    found += woman.faults_at_every_width()
    sends = woman.text
    woman.activate(woman.page.locator(".govuk-summary-list__row", has_text="May we pass it on?").get_by_role("link"))
    woman.press("Remove this answer")
    left = woman.page.locator(".govuk-summary-list").inner_text()
    woman.press("Send your request")

    assert "May we pass it on?" not in left
    assert "We send your request to one inspector of another area." in sends
    assert woman.path == "/request/sent/"
    assert found == []


@BOTH
@pytest.mark.parametrize("channel", ["Discreet email", "Do not email me"])
def test_who_may_be_overlooked_chooses_a_pin(visit, channel, javascript):
    woman, found = visit(javascript=javascript, keyboard=javascript, width=320), []
    answer_every_question(woman, "overlooked@example.com", unused_date())
    woman.go("/request/contact/?change")
    woman.choose(channel)

    woman.press("Continue")
    found += woman.faults_at_every_width()
    press_empty(woman, found)
    woman.fill(pin="402817")
    woman.press("Continue")
    woman.press("Send your request")
    found += woman.faults_at_every_width()

    assert "Keep your reference and your PIN" in woman.text
    assert ("We will not email you." in woman.text) is (channel == "Do not email me")
    assert found == []
