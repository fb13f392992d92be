"""A requester's steps in the form, for tests of later steps."""

import datetime
import itertools
import re

from walkandtalk.lib import london

DAYS_AHEAD = itertools.count(12)
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")


def unused_date():
    """Return a date for which no other test assigns officers."""
    return london.today() + datetime.timedelta(days=next(DAYS_AHEAD))


def ask_for_a_walk(woman, email, date):
    """Send a request, starting from the home page, and return its reference."""
    answer_every_question(woman, email, date)
    woman.press("Send your request")
    assert woman.path == "/request/sent/"
    return REFERENCE.search(woman.text)[0]


def answer_every_question(woman, email, date):
    """Answer every question from the home page to "Check your answers"."""
    woman.go("/")
    woman.keep_picture("home")
    woman.press("Ask for a walk")
    assert woman.path == "/request/"
    answer_first_questions(woman, place="SE15 4QL")
    woman.keep_picture("request")
    woman.fill(place="Peckham Rye station")
    woman.press("Continue")
    choose_time(woman, date, "6:30pm")
    woman.press("Continue")
    woman.choose("Email with full details")
    woman.fill(email=email, name="Maya")
    woman.press("Continue")
    woman.choose("Step-free route")
    woman.press("Continue")
    assert woman.heading == "Check your answers"
    assert london.long_date(date) in woman.text


def go_to_area(woman):
    """Open the form and say that nobody is in danger."""
    woman.go("/request/")
    woman.press("No")


def go_to_meeting_place(woman):
    """Open the form and answer the questions before the meeting place, for a place in Southwark."""
    woman.go("/request/")
    answer_first_questions(woman, place="SE15 4QL")


def answer_first_questions(woman, *, place, adult="Yes"):
    """Answer whether anyone is in danger, where the requester would like to walk, and her age."""
    woman.press("No")
    enter_place(woman, place)
    woman.press(adult)


def enter_place(woman, place):
    woman.fill(place=place)
    woman.press("Continue")


def choose_time(woman, date, start):
    """Choose the day, and type the start because only that time will do."""
    choose_day(woman, date)
    woman.open_details("Only at a certain time")
    woman.fill(at=start)


def choose_day(woman, date, *, name="day"):
    day = woman.page.locator(f"[name={name}][value='{date.isoformat()}']")
    day.wait_for(state="attached")  # the page may still be loading, and nothing is visible then
    if not day.is_visible():
        woman.open_details("Later days")
    woman.tick(day)
