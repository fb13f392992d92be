"""Every branch of the request form: early endings, optional answers, and each channel."""

import pytest

from tests.support.browser.requester_steps import (
    answer_every_question,
    answer_first_questions,
    enter_place,
    go_to_area,
    unused_date,
)

pytestmark = pytest.mark.stack

# At 320 pixels, and with only a keyboard if there is JavaScript. Each page is checked at other widths too.
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
# A link on the check page, the choices and fields of its question, and the row that it adds.
ADDS = [
    ("Where you’d like to walk", [], {"route": "Through the cemetery to the bus stop"}, "Where to walk"),
    ("What it’s about", ["People"], {}, "What it’s about"),
    ("Who’s coming with you", ["1 person", "Everyone who’s coming with me is 18 or over"], {}, "Coming with you"),
    ("A PIN", [], {"pin": "402817"}, "Chosen. We don’t show it."),
]


def press_empty(woman, found):
    """Send the question empty, and check its error summary."""
    woman.press("Continue")
    found += woman.faults_at_every_width()
    found += woman.dead_error_links()


@BOTH
def test_early_endings_offer_something_else(visit, javascript):
    woman, faults = visit(javascript=javascript, keyboard=javascript, width=320), []
    go_to_area(woman)

    enter_place(woman, "EC2V 7HH")
    faults += woman.faults_at_every_width()
    city = woman.heading
    woman.go("/request/area/?change")
    enter_place(woman, "RH1 1NA")
    faults += woman.faults_at_every_width()
    outside = woman.heading
    woman.go("/request/area/")
    press_empty(woman, faults)
    enter_place(woman, "peck")
    faults += woman.faults_at_every_width()
    woman.press("Peckham, Southwark")
    place_known = woman.path

    woman.go("/request/")
    woman.press("Yes")
    faults += woman.faults_at_every_width()
    danger = woman.heading
    woman.go("/request/name/")

    assert city == "The City of London has its own walks"
    assert outside == "That place is outside London"
    assert place_known == "/request/age/"
    assert danger == "Call 999 now"
    assert woman.path == "/request/"  # the server has deleted the answers too
    assert faults == []


@BOTH
def test_requester_under_18_gets_help_contacts_or_an_accompanied_walk(visit, stack, javascript):
    woman, faults = visit(javascript=javascript, keyboard=javascript, width=320), []
    stack.shell("BoroughCommandUnit.objects.filter(boroughs__name='Croydon').update(accepts_16_17=True)")

    woman.go("/request/")
    answer_first_questions(woman, place="SE15 4QL", adult="No")
    faults += woman.faults_at_every_width()
    text = woman.text
    woman.go("/request/area/?change")
    enter_place(woman, "Croydon")
    faults += woman.faults_at_every_width()
    woman.press("No")
    faults += woman.faults_at_every_width()
    alone = woman.text
    woman.follow("Back")
    woman.press("Yes")

    assert all("0800 1111" in page and "police.uk/streetsafe" in page for page in (text, alone))
    assert ("Southwark" in text, "Croydon" in alone) == (True, True)
    assert woman.path == "/request/meeting-place/"
    assert faults == []


@BOTH
def test_every_optional_answer_can_be_added_and_sent(visit, javascript):
    woman, faults = visit(javascript=javascript, keyboard=javascript, width=320), []
    answer_every_question(woman, f"adds.{javascript}@example.com", unused_date())

    for link, choices, fields, row in ADDS:
        woman.activate(woman.page.locator("main li a", has_text=link))
        faults += woman.faults_at_every_width()
        press_empty(woman, faults)
        woman.choose(*choices)
        woman.fill(**fields)
        woman.press("Continue")
        assert row in woman.page.locator(".govuk-summary-list").inner_text()
    woman.activate(woman.page.locator("main li a", has_text="Whether we may pass on"))
    faults += woman.faults_at_every_width()
    woman.press("No")
    assert "May we pass it on?" in woman.page.locator(".govuk-summary-list").inner_text()
    woman.activate(woman.page.locator("main li a", has_text="Keep this from someone in the police"))
    faults += woman.faults_at_every_width()
    woman.press("Keep it from my local team")
    faults += woman.faults_at_every_width()
    sends = woman.text
    woman.activate(woman.page.locator(".govuk-summary-list__row", has_text="May we pass it on?").get_by_role("link"))
    woman.press("Remove this answer")
    remaining = woman.page.locator(".govuk-summary-list").inner_text()
    woman.press("Send your request")

    assert "May we pass it on?" not in remaining
    assert "We’ll send your request to one inspector from another area." in sends
    assert woman.path == "/request/sent/"
    assert faults == []


@BOTH
@pytest.mark.parametrize("channel", ["Discreet email", "Don’t email me"])
def test_requester_without_full_email_chooses_a_pin(visit, channel, javascript):
    woman, faults = visit(javascript=javascript, keyboard=javascript, width=320), []
    answer_every_question(woman, "overlooked@example.com", unused_date())
    woman.go("/request/contact/?change")
    woman.choose(channel)

    woman.press("Continue")
    faults += woman.faults_at_every_width()
    press_empty(woman, faults)
    woman.fill(pin="402817")
    woman.press("Continue")
    woman.press("Send your request")
    faults += woman.faults_at_every_width()

    assert "Keep your reference and your PIN" in woman.text
    assert ("We won’t email you." in woman.text) is (channel == "Don’t email me")
    assert faults == []
