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
    woman.press("Ask for a walk")
    assert woman.path == "/request/"
    answer_first_questions(woman)
    choose_postcode(woman, "SE15 4QL")
    woman.choose("I have a place in mind")
    woman.keep_picture("request")
    woman.fill(place="Peckham Rye station")
    woman.press("Continue")
    woman.fill_date("first", date, "6:30pm")
    woman.press("Continue")
    woman.fill(name="Maya")
    woman.press("Continue")
    woman.choose("Email with full details")
    woman.fill(email=email)
    woman.press("Continue")
    woman.choose("Step-free route")
    woman.press("Continue")
    assert woman.heading == "Check your answers"
    assert london.long_date(date) in woman.text


def go_to_area(woman, *, adult="Yes"):
    """Open the form and answer the questions before the one about the area."""
    woman.go("/request/")
    answer_first_questions(woman, adult=adult)


def go_to_meeting_place(woman):
    """Open the form and answer the questions before the meeting place, for a place in Southwark."""
    go_to_area(woman)
    choose_postcode(woman, "SE15 4QL")


def answer_first_questions(woman, *, adult="Yes"):
    woman.choose("No")
    woman.press("Continue")
    woman.choose(adult)
    woman.press("Continue")


def choose_postcode(woman, postcode):
    woman.choose("I know a postcode there")
    woman.fill(postcode=postcode)
    woman.press("Continue")
