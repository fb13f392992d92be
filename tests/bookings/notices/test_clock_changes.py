"""A walk during a London clock change is right on the page, in the message and in the calendar."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar

from bookings.models.bookings import Booking
from outbox.models import Message
from outbox.sending.delivery import build_email
from tests.support.decisions import schedule_now
from tests.support.factories import BookingFactory
from tests.support.page_text import page_text
from tests.support.world import token_for
from walkandtalk.lib import london
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db

HALF_PAST_MIDNIGHT = datetime.time(0, 30)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def scheduled(southwark, inspector, officer, second_officer):
    """Schedule a two-hour walk from half past midnight on that day."""

    def schedule(day):
        booking = BookingFactory(borough=southwark, contact__needs=[], contact__needs_details="")
        plan = WalkDetails(
            start_at=london.to_instant(day, HALF_PAST_MIDNIGHT),
            minutes=120,
            meeting_place="Peckham Rye station",
            finish_place="Back at the start",
            duty_number="020 7946 0101",
        )
        officers = [officer, second_officer]
        schedule_now(booking, inspector, plan=plan, officers=officers)
        return Booking.objects.get(pk=booking.pk)

    return schedule


@pytest.mark.parametrize(
    ("day", "from_to"),
    [
        (datetime.date(2026, 3, 29), "Sunday 29 March 2026, 12:30am to 3:30am"),
        (datetime.date(2026, 10, 25), "Sunday 25 October 2026, 12:30am to 1:30am"),
        (datetime.date(2027, 3, 28), "Sunday 28 March 2027, 12:30am to 3:30am"),
    ],
)
def test_both_ambiguous_hours_are_right_on_page_in_message_and_in_calendar(day, from_to, scheduled, client):
    with time_machine.travel(london.to_instant(day - datetime.timedelta(days=7), datetime.time(12)), tick=False):
        booking = scheduled(day)
        page = client.get(f"/my-walk/{token_for(booking)}/").text
        message = build_email(Message.objects.get(kind="scheduled"))

    text = message.body
    html = message.alternatives[0][0]
    calendars = [
        Calendar.from_ical(part.get_payload(decode=True))
        for part in message.message().walk()
        if part.get_content_type() == "text/calendar"
    ]
    date, hours = from_to.split(", ")
    assert f"{date} {hours} 120 minutes, London time" in page_text(page)
    for part_text in (text, html):
        assert f"{from_to} (120 minutes), London time" in " ".join(part_text.replace("–", "to").split())
    assert calendars
    for calendar in calendars:
        (event,) = calendar.events
        assert event.end.astimezone(datetime.UTC) - event.start.astimezone(datetime.UTC) == datetime.timedelta(hours=2)
        assert event.start.astimezone(LONDON).replace(tzinfo=None) == datetime.datetime.combine(day, HALF_PAST_MIDNIGHT)
