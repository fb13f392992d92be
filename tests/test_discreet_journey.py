"""Everything sent to a requester who chose discreet messages, because someone else may read her screen or email.

Before her PIN there is no revealing word in a message, page, header, file or error. After it her page shows her walk,
but titles, headers and file names stay bland, and no link leaves the neutral host.
"""

import datetime
import re

import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from bookings.manage.actions import open_by_pin
from bookings.manage.contact.actions import change_email_address
from bookings.manage.jobs import resend_links
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.on_the_day.actions import end_walk, set_off, start_walk
from bookings.request_form.booking_request import PreferredTimeRequest, RequestedTime
from bookings.scheduling.jobs import send_times_passed_apologies
from bookings.scheduling.preferred_times.actions import decline_change_request, request_other_times
from devtools.previews.scenes import SENT_ON_REQUESTERS_ACTION, previews
from feedback.reports.actions import send_report_invitation
from outbox.models import Message
from tests.support.decisions import cancel_now, change_now, schedule_now
from tests.support.discreet_search import PIN, everything_in_message, everything_sent, revealing_words
from tests.support.drafts_and_messages import make_complete_draft, post_send_form
from tests.support.factories import confirmed_adjustments, in_days
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db

# --- Messages -------------------------------------------------------------------------------------------------------


def ask(client, borough):
    """Send a request on the public pages with discreet email, and return its booking."""
    contact = {"channel": "discreet", "email": "m@example.net", "phone": "", "phone_rules": [], "phone_times": ""}
    draft, cookie = make_complete_draft(borough=borough.gss, contact=contact, pin={"pin": PIN})
    client.cookies[project_settings.ANSWERS_COOKIE_NAME] = cookie
    post_send_form(client)
    return Booking.objects.get(draft_uuid=draft.pk)


def schedule(booking, inspector, team, days=10):
    plan = WalkDetails(
        start_at=in_days(days),
        minutes=60,
        meeting_place="Peckham Rye station, by the flower stall",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
    )
    booking.refresh_from_db()
    return plan, schedule_now(booking, inspector, plan=plan, officers=team, arranged={})


@pytest.fixture
def journey(client, southwark, inspector, team):
    """Every message to requesters of three bookings: one changed and cancelled, one completed, one never answered."""
    first = ask(client, southwark)
    open_by_pin(first, pin=PIN, network="192.0.2.1")
    plan, walk = schedule(first, inspector, team)
    request_other_times(first, preferred_time=_other_times())
    first.refresh_from_db()
    decline_change_request(first, by=inspector, version=first.version, message="Peckham police say no.")
    changed = WalkDetails(**{**vars(plan), "minutes": 45})
    walk.refresh_from_db()
    change_now(walk, inspector, plan=changed, officers=team, arranged=confirmed_adjustments(first))
    client.post("/my-walk/", {"reference": first.reference})
    resend_links(timezone.now())
    change_email_address(first, email="n@example.net", is_verified=True)
    first.refresh_from_db()
    words = "The officers are unwell."
    cancel_now(first, inspector, message=words)

    walked = ask(client, southwark)
    open_by_pin(walked, pin=PIN, network="192.0.2.1")
    _, walk = schedule(walked, inspector, team, days=12)
    Walk.objects.filter(pk=walk.pk).update(start_at=timezone.now())
    set_off(Walk.objects.get(pk=walk.pk), by=team[0])
    start_walk(Walk.objects.get(pk=walk.pk), by=team[0])
    end_walk(Walk.objects.get(pk=walk.pk), by=team[0])
    walked.refresh_from_db()
    send_report_invitation(walked, now=timezone.now())

    ask(client, southwark)
    send_times_passed_apologies(in_days(40))
    return [message for message in Message.objects.order_by("number") if message.thread.startswith("requester:")]


def _other_times():
    time = RequestedTime(date=london.today() + datetime.timedelta(days=14), start=datetime.time(12))
    return PreferredTimeRequest(
        preferred_times=(time,), weekday_evenings=False, weekends=False, meeting_place="Nunhead station"
    )


def test_no_message_of_the_journey_is_revealing(journey):
    kinds = [message.kind for message in journey]

    revealing = {message.kind: revealing_words(everything_in_message(message)) for message in journey}

    assert len(kinds) >= 9
    assert {"received", "scheduled", "change_declined", "changed", "link", "cancelled_by_us", "times_passed"} <= set(
        kinds
    )
    assert {kind: words for kind, words in revealing.items() if words} == {}
    assert {message.sender for message in journey} == {project_settings.DISCREET_FROM_EMAIL}
    assert all(not message.attachments for message in journey)


def test_messages_link_only_to_the_neutral_host(journey):
    links = [link for message in journey for link in re.findall(r"https?://[^\s\"<>]+", message.text + message.html)]

    assert len(links) >= len(journey)
    assert {link.split("/r/")[0] for link in links} == {project_settings.DISCREET_URL}


def test_no_kind_of_message_is_revealing(southwark):
    """Checks every kind: tests/devtools/test_previews.py finds a kind without a sample."""
    every = previews()
    discreet = {sample.name: sample.message for sample in every if sample.name.endswith("-discreet")}
    to_others = ("account-", "auditor-", "officer-", "partner-", "standards-", "team-")
    in_full = {sample.name for sample in every if not sample.name.startswith(to_others)} - set(discreet)

    contents = {
        name: everything_in_message(message).replace(message.recipient, "") for name, message in discreet.items()
    }
    revealing = {name: revealing_words(text) for name, text in contents.items()}
    links = [
        link
        for message in discreet.values()
        for link in re.findall(r"https?://[^\s\"<>]+", message.text + message.html)
    ]

    to_followers = {name for name in discreet if name.startswith("follower-")}
    assert {f"{name}-discreet" for name in in_full - SENT_ON_REQUESTERS_ACTION} == set(discreet) - to_followers
    assert {name: words for name, words in revealing.items() if words} == {}
    assert {link.split("/r/")[0] for link in links} == {project_settings.DISCREET_URL}
    assert {message.sender for message in discreet.values()} == {project_settings.DISCREET_FROM_EMAIL}
    assert not any(message.attachments for message in discreet.values())


# --- The search finds planted words ---------------------------------------------------------------------------------


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
def test_search_finds_planted_words(planted):
    assert revealing_words(f"Your appointment {planted} tomorrow") != []
    assert revealing_words("Your appointment tomorrow. Replace it: a displaced talker, methods, bywalk.") == []


def test_search_reads_every_part_of_a_message(journey):
    message = journey[0]
    for field, value in {
        "subject": "Dein Termin, Polizei – police",
        "sender": "Police <a@example.net>",
        "text": "A walk — with “them”",
        "html": "<p title='walk'>—</p>",
    }.items():
        planted = Message(**{column.attname: getattr(message, column.attname) for column in Message._meta.fields})
        setattr(planted, field, value)
        assert revealing_words(everything_in_message(planted)) != [], field


def test_search_finds_revealing_words_on_the_public_host(client, db):
    assert {"walk", "officer", "police"} <= set(revealing_words(everything_sent(client.get("/"))))
    assert Link.objects.count() == 0
