"""The cost of asking for a walk: the taps and keystrokes from the home page to "We have your request".

Each press of a finger is a tap, one that only opens a keyboard too. Each key is a keystroke, with Tab and Enter (on a
phone: Next and Go). Nothing is filled in by the browser.
"""

import datetime

import pytest

from tests.support.browser.requester_steps import (
    answer_every_question,
    choose_time,
    go_to_meeting_place,
    unused_date,
)
from tests.support.browser.visitor import click_first_line
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

MOST_TAPS = 12
MOST_KEYSTROKES = 25


class Hand:
    """One finger on a phone, counting what it does."""

    def __init__(self, page):
        self.page = page
        self.taps = self.keystrokes = 0

    def tap(self, target):
        click_first_line(target)
        self.taps += 1

    def press(self, button):
        self.tap(self.page.get_by_role("button", name=button))

    def type(self, text):
        self.page.keyboard.type(text)
        self.keystrokes += len(text)

    def key(self, name):
        self.page.keyboard.press(name)
        self.keystrokes += 1


def test_straight_way_takes_few_taps_and_keystrokes(visit):
    woman = visit(width=375)
    woman.go("/")
    hand, page = Hand(woman.page), woman.page

    hand.press("Ask for a walk")
    hand.press("No")  # nobody is in danger
    pick_place(hand, "Peckham")
    hand.press("Yes")  # 18 or over
    hand.press("Please suggest one")
    hand.tap(page.locator(f"[name=day][value='{london.today() + datetime.timedelta(days=9)}']"))
    hand.press("Evening")
    hand.tap(page.get_by_label("Email with full details"))
    hand.tap(page.get_by_label("Email address"))
    hand.type("maya@example.com")
    hand.key("Tab")
    hand.type("Maya")
    hand.key("Enter")
    hand.press("Nothing, I’m fine")
    hand.press("Send your request")
    page.wait_for_url("**/request/sent/")

    assert hand.taps <= MOST_TAPS
    assert hand.keystrokes <= MOST_KEYSTROKES


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_enter_in_a_box_never_presses_an_answer(visit, javascript):
    woman = visit(width=375, javascript=javascript)
    go_to_meeting_place(woman)
    woman.press("Please suggest one")

    choose_time(woman, london.today() + datetime.timedelta(days=9), "6:30pm")
    woman.page.keyboard.press("Enter")
    woman.page.wait_for_url("**/request/contact/")
    woman.go("/request/when/")

    assert "6:30pm" in woman.page.locator(".times").inner_text()


def test_email_box_shows_only_for_those_who_want_email(visit):
    woman = visit(width=375)
    answer_every_question(woman, "reveal@example.com", unused_date())
    woman.go("/request/contact/?change")
    box = woman.page.get_by_label("Email address")
    shown = [box.is_visible()]

    for channel in ("Don’t email me", "Discreet email"):
        woman.choose(channel)
        shown.append(box.is_visible())

    assert shown == [True, False, True]


def pick_place(hand, name):
    """Type until the list has the place, choose it and go on."""
    box = hand.page.get_by_role("combobox")
    with hand.page.expect_response("**/places*.json"):
        hand.tap(box)
    for letter in name.lower():
        hand.type(letter)
        place = hand.page.get_by_role("option", name=name).first
        if place.is_visible() and place.inner_text().startswith(f"{name}\n"):
            break
    hand.tap(place)
    hand.key("Enter")
