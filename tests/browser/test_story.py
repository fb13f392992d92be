"""The whole story: she asks, an inspector schedules, officers walk, she tells us what worried her."""

import datetime
import itertools
import re

import pytest

from tests.support.stack import words
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

DAYS = itertools.count(12)
SPOT = "Peckham Rye station, main entrance, under the clock"


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_story_from_the_front_page_to_the_concern_report(visit, stack, javascript):
    email = f"maya.{'js' if javascript else 'plain'}@example.com"
    day = day_of_her_own()
    woman = visit(javascript=javascript, width=375)
    inspector = visit(javascript=javascript)
    officer = visit(javascript=javascript, width=320)

    reference = ask_for_a_walk(woman, email, day)
    received = stack.wait_for_mail(to=email, subject="was it you?")
    assert reference in text_of(received)
    assert "Maya" in text_of(received)
    assert london.long_date(day) in text_of(received)

    woman.go(link_in(received))
    woman.press("Yes, this was me")

    schedule(inspector, reference)
    scheduled = stack.wait_for_mail(to=email, subject="Your walk:")
    assert_walk_card(text_of(scheduled), reference, day)
    assert_walk_card(readable(html_of(scheduled)), reference, day)
    assert "BEGIN:VEVENT" in calendar_of(scheduled)
    for user in ("officer.as", "officer2.as"):
        told = stack.wait_for_mail(to=f"{user}@example.com", subject="walk", containing=SPOT)
        assert "Maya" not in text_of(told)

    woman.go(link_in(scheduled))
    assert_walk_card(woman.text, reference, day)

    stack.shell(f"Walk.objects.filter(bookings__reference='{plain(reference)}').update(start_at=timezone.now())")
    walk(officer)

    stack.shell(
        f"Walk.objects.filter(bookings__reference='{plain(reference)}')"
        ".update(ended_at=timezone.now() - timedelta(days=1))"
    )
    stack.shell("from feedback.jobs import invite_after_walks; invite_after_walks(timezone.now().replace(hour=12))")
    asked = stack.wait_for_mail(to=email, containing="/tell-us/")
    woman.go(link_in(asked, path="/tell-us/"))
    tell_us(woman)

    read_concern(inspector)


def day_of_her_own():
    """A day on which no other telling of the story has taken the officers."""
    return london.today() + datetime.timedelta(days=next(DAYS))


def ask_for_a_walk(woman, email, day, *, send=True):
    woman.go("/")
    woman.press("Ask for a walk")
    assert woman.path == "/request/"
    woman.choose("No")
    woman.press("Continue")
    woman.choose("Yes")
    woman.press("Continue")
    woman.choose("I know a postcode there")
    woman.fill(postcode="SE15 4QL")
    woman.press("Continue")
    woman.choose("I have a place in mind")
    woman.keep_picture("request")
    woman.fill(place="Peckham Rye station")
    woman.press("Continue")
    woman.fill_date("first", day, "6:30pm")
    woman.press("Continue")
    woman.fill(name="Maya")
    woman.press("Continue")
    woman.choose("Email with full details")
    woman.fill(email=email)
    woman.press("Continue")
    woman.choose("Step-free route")
    woman.press("Continue")
    assert woman.heading == "Check your answers"
    assert london.long_date(day) in woman.text
    if not send:
        return ""
    woman.press("Send your request")
    assert woman.path == "/request/sent/"
    return re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", woman.text).group()


def schedule(inspector, reference):
    inspector.sign_in("inspector.as")
    inspector.keep_picture("inspector")
    inspector.page.locator("tr", has_text=reference).get_by_role("link").first.click()
    inspector.press("Schedule a walk")
    inspector.fill(meeting_place=SPOT, finish_place="Back at the start")
    inspector.choose("Arranged")
    inspector.fill(how_step_free="Lift at both ends")
    inspector.page.get_by_label("Olive Officer", exact=False).check()
    inspector.page.get_by_label("Petra Partner", exact=False).check()
    inspector.press("Schedule this walk")
    assert "Walk scheduled" in inspector.text


def walk(officer):
    officer.sign_in("officer.as")
    officer.page.locator("article", has_text=SPOT).get_by_role("link").first.click()
    assert "Maya" in officer.text
    officer.press("Start the walk")
    officer.press("Ended safely")


def tell_us(woman):
    woman.page.get_by_label("Too dark, or lights not working").check()
    woman.fill(place="The path behind the station", text="The lamps are out")
    woman.choose("In the dark")
    woman.press("Send")
    assert "Thank you" in woman.heading


def read_concern(inspector):
    inspector.go("/staff/concerns/")
    inspector.page.locator("li", has_text="The path behind the station").get_by_role("link").first.click()
    assert "The path behind the station" in inspector.text


def assert_walk_card(text, reference, day):
    for line in (
        london.long_date(day),
        "6:30pm to 7:30pm",
        "London time",
        SPOT,
        "Back at the start",
        "PC Olive Officer, 101AS",
        "PC Petra Partner, 102AS",
        "uniform",
        "You answer",
        "101",
        "999",
        "After 10 minutes",
        "Step-free route",
        reference,
    ):
        assert line.lower() in text.lower()


# --- Reading mail


def text_of(message):
    return words(message.get_body(("plain",)).get_content())


def html_of(message):
    return message.get_body(("html",)).get_content()


def readable(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def calendar_of(message):
    return next(part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar")


def link_in(message, path="/my-walk/"):
    return re.search(rf"https?://\S+{path}[\w-]+/", text_of(message)).group()


def plain(reference):
    return reference.replace("-", "")
