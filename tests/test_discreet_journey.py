"""Discreet to the last byte: everything that leaves us for a woman whose screen and post somebody else reads.

Before her PIN not one telling word may leave, in a message, a page, a header, a file or an error. After it her page
says what she needs, but titles, headers and the names of files stay as bland as before, and nothing leads elsewhere.
"""

import datetime
import re

import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from bookings.manage.actions import open_by_pin
from bookings.manage.contact.actions import give_new_address
from bookings.manage.jobs import send_links_again
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.on_the_day.actions import end_walk, set_off, start_walk
from bookings.request_form.booking_request import NewWish, WishedTime
from bookings.scheduling.cancellation.actions import cancel_booking_by_us
from bookings.scheduling.jobs import apologise_for_no_answer
from bookings.scheduling.preferred_times.actions import change_wish, keep_plan
from bookings.scheduling.schedule.actions import change_walk, schedule_booking
from bookings.statuses import CancelReason
from devtools.previews.scenes import SAID_BY_HER_PAGE, samples
from feedback.reports.actions import invite_to_tell_us
from outbox.models import Message
from tests.support.discreet_search import PIN, everything_in_message, everything_sent, telling_words
from tests.support.drafts_and_messages import finished_draft, press_send
from tests.support.factories import in_days, needs_hold
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.planning.plans import WalkPlan

pytestmark = pytest.mark.django_db

# --- Messages -------------------------------------------------------------------------------------------------------


def ask(client, borough):
    """She asks for a walk on the public pages, and chooses discreet email."""
    contact = {"channel": "discreet", "email": "m@example.net", "phone": "", "phone_rules": [], "phone_times": ""}
    draft, cookie = finished_draft(borough=borough.gss, contact=contact, pin={"pin": PIN})
    client.cookies[project_settings.ANSWERS_COOKIE_NAME] = cookie
    press_send(client)
    return Booking.objects.get(draft_uuid=draft.pk)


def schedule(booking, inspector, team, days=10):
    plan = WalkPlan(
        start_at=in_days(days),
        minutes=60,
        meeting_place="Peckham Rye station, by the flower stall",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
    )
    booking.refresh_from_db()
    return plan, schedule_booking(booking, by=inspector, version=booking.version, plan=plan, officers=team, arranged={})


@pytest.fixture
def journey(client, southwark, inspector, team):
    """One that is changed and cancelled, one that is walked, one that nobody answers: every message of theirs."""
    first = ask(client, southwark)
    open_by_pin(first, pin=PIN, network="192.0.2.1")
    plan, walk = schedule(first, inspector, team)
    change_wish(first, wish=_other_times())
    first.refresh_from_db()
    keep_plan(first, by=inspector, version=first.version, words="Peckham police say no.")
    changed = WalkPlan(**{**vars(plan), "minutes": 45})
    walk.refresh_from_db()
    change_walk(walk, by=inspector, version=walk.edition, plan=changed, officers=team, arranged=needs_hold(first))
    client.post("/my-walk/", {"reference": first.reference})
    send_links_again(timezone.now())
    give_new_address(first, email="n@example.net", proven=True)
    first.refresh_from_db()
    words = "The officers are unwell."
    cancel_booking_by_us(first, by=inspector, version=first.version, reason=CancelReason.ILLNESS, words=words)

    walked = ask(client, southwark)
    open_by_pin(walked, pin=PIN, network="192.0.2.1")
    _, walk = schedule(walked, inspector, team, days=12)
    Walk.objects.filter(pk=walk.pk).update(start_at=timezone.now())
    set_off(Walk.objects.get(pk=walk.pk), by=team[0])
    start_walk(Walk.objects.get(pk=walk.pk), by=team[0])
    end_walk(Walk.objects.get(pk=walk.pk), by=team[0])
    walked.refresh_from_db()
    invite_to_tell_us(walked, now=timezone.now())

    ask(client, southwark)
    apologise_for_no_answer(in_days(40))
    return [message for message in Message.objects.order_by("number") if message.thread.startswith("her:")]


def _other_times():
    time = WishedTime(date=london.today() + datetime.timedelta(days=14), start=datetime.time(12))
    return NewWish(wishes=(time,), weekday_evenings=False, weekends=False, meeting_place="Nunhead station")


def test_no_message_of_the_whole_journey_tells_anything(journey):
    kinds = [message.kind for message in journey]

    told = {message.kind: telling_words(everything_in_message(message)) for message in journey}

    assert len(kinds) >= 9
    assert {"received", "scheduled", "plan_stands", "changed", "link", "cancelled_by_us", "not_answered"} <= set(kinds)
    assert {kind: words for kind, words in told.items() if words} == {}
    assert {message.sender for message in journey} == {project_settings.DISCREET_FROM_EMAIL}
    assert all(not message.attachments for message in journey)


def test_no_message_has_a_link_to_anywhere_but_the_neutral_host(journey):
    links = [link for message in journey for link in re.findall(r"https?://[^\s\"<>]+", message.text + message.html)]

    assert len(links) >= len(journey)
    assert {link.split("/r/")[0] for link in links} == {project_settings.DISCREET_URL}


def test_no_kind_of_message_tells_anything(southwark):
    """Each that there is: tests/feedback/test_samples.py finds a kind without a sample."""
    every = samples()
    discreet = {sample.name: sample.message for sample in every if sample.name.endswith("-discreet")}
    in_full = {sample.name for sample in every if not sample.name.startswith(("officer-", "team-"))} - set(discreet)

    said = {name: everything_in_message(each).replace(each.recipient, "") for name, each in discreet.items()}
    told = {name: telling_words(text) for name, text in said.items()}
    links = [link for each in discreet.values() for link in re.findall(r"https?://[^\s\"<>]+", each.text + each.html)]

    assert {f"{name}-discreet" for name in in_full - SAID_BY_HER_PAGE} == set(discreet)
    assert {name: words for name, words in told.items() if words} == {}
    assert {link.split("/r/")[0] for link in links} == {project_settings.DISCREET_URL}
    assert {message.sender for message in discreet.values()} == {project_settings.DISCREET_FROM_EMAIL}
    assert not any(message.attachments for message in discreet.values())


# --- The search finds what is there ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted",
    [
        "X-Team: Police",
        "class=walk-card",
        "Meeting place:",
        "Two officers",
        "your BCU",
        "in Tower Hamlets",
        "WalkAndTalk",
        "Peckham Rye",
    ],
)
def test_the_search_finds_what_is_planted(planted):
    assert telling_words(f"Your appointment {planted} tomorrow") != []
    assert telling_words("Your appointment tomorrow. Replace it: a displaced talker, methods, bywalk.") == []


def test_the_search_sees_into_every_part_of_a_message(journey):
    message = journey[0]
    for field, value in {
        "subject": "Dein Termin, Polizei – police",
        "sender": "Police <a@example.net>",
        "text": "A walk — with “them”",
        "html": "<p title='walk'>—</p>",
    }.items():
        planted = Message(**{each.attname: getattr(message, each.attname) for each in Message._meta.fields})
        setattr(planted, field, value)
        assert telling_words(everything_in_message(planted)) != [], field


def test_the_public_host_is_no_neutral_one(client, db):
    """What would be found there, if its pages were sent from here."""
    assert {"walk", "officer", "police"} <= set(telling_words(everything_sent(client.get("/"))))
    assert Link.objects.count() == 0
