"""Every step with the keyboard alone and at 400% zoom: focus is visible and never covered.

A visitor with `keyboard=True` checks this on each page, and adds faults to the browser's complaints.
"""

import pytest

from tests.support.browser.inspector_steps import choose_officers
from tests.support.browser.public_addresses import PUBLIC_ADDRESSES
from tests.support.browser.requester_steps import answer_every_question, ask_for_a_walk, unused_date
from tests.support.browser.visitor import FAR

pytestmark = pytest.mark.stack


def test_request_can_be_sent_with_the_keyboard_alone(visit):
    """On a desktop. `test_request_form_branches.py` does the same on a small phone."""
    woman = visit(keyboard=True)

    ask_for_a_walk(woman, "keys@example.com", unused_date())

    assert woman.path == "/request/sent/"


def test_officer_can_lead_a_walk_with_the_keyboard_alone(visit, team, width):
    walk = team.make_walk(in_minutes=-12)
    officer = visit(width=width, keyboard=True)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")

    for button in ("On my way", "I’m here", "Start the walk"):
        officer.press(button)
        officer.page.get_by_role("alert").wait_for()
    officer.press("Called away")
    officer.choose("Alone")
    officer.press("We’re called away")

    assert "Now ring 020 7946 0601" in officer.text


def test_inspector_can_schedule_with_the_keyboard_alone(visit, team, width):
    booking = team.make_booking()
    inspector = visit(width=width, keyboard=True)
    inspector.sign_in("inspector.se")
    inspector.go("/staff/bookings/")

    inspector.choose("Not read yet")
    inspector.press("Filter")
    inspector.activate(inspector.page.locator(f"a[href^='/staff/bookings/{booking.booking}/?']").first)
    inspector.press("Schedule a walk")
    inspector.fill(meeting_place="Greenwich station, by the clock")
    choose_officers(inspector, "Rosa Reed", "Tamsin Tull")
    inspector.press("Schedule and next")
    inspector.go(f"/staff/bookings/{booking.booking}/")
    inspector.activate(inspector.page.locator("main a[href*='/staff/walks/']:not([href*='/change/'])"))

    assert "by the clock" in inspector.text
    assert "Maya" in inspector.text


def test_pages_fit_and_show_focus_at_400_per_cent_zoom(visit):
    """A screen of 1280 by 1024 pixels at 400% zoom."""
    woman = visit(width=320)
    woman.page.set_viewport_size({"width": 320, "height": 256})
    answer_every_question(woman, "zoom@example.com", unused_date())
    questions = ["", *("area/", "meeting-place/", "when/", "contact/", "needs/", "about/", "check/")]

    faults = []
    for address in [*PUBLIC_ADDRESSES, *(f"/request/{question}" for question in questions)]:
        woman.go(address)
        faults += woman.wider_than_the_screen()
        for _ in range(FAR):
            if not woman.tab():
                break

    assert faults == []
