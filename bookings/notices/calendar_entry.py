"""Calendar entries for walks (RFC 5545).

Families share calendars, so no entry contains a link that opens the requester's page.
"""

import datetime
import logging
from email.utils import parseaddr
from typing import Literal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone

from bookings.models.bookings import Booking
from bookings.notices.walk_card import WalkCard, get_walk, render_walk_card
from outbox.actions import Attachment
from walkandtalk.lib import london
from walkandtalk.lib.icalendar_zone import LONDON_ZONE
from walkandtalk.lib.plain_text import one_line

Method = Literal["PUBLISH", "CANCEL"]

ALARM_BEFORE = datetime.timedelta(hours=2)

logger = logging.getLogger(__name__)


def calendar_file(booking: Booking, *, has_alarm: bool = False) -> bytes:
    """Return the file that the requester downloads. If others may read her email, it gives only the time.

    It has an alarm only if she asks for one, because a locked phone shows it.
    """
    if booking.needs_pin:
        return _build_calendar_file(booking, "PUBLISH", summary=_("Appointment"), has_alarm=has_alarm)
    return _full_calendar_file(booking, "PUBLISH", has_alarm=has_alarm)


def calendar_attachments(booking: Booking, method: Method) -> tuple[Attachment, ...]:
    """Return the attachment for a full message, or none if it cannot be built. The message is sent anyway."""
    try:
        content = _full_calendar_file(booking, method)
    except Exception as error:  # noqa: BLE001  # no calendar fault may stop the message
        logger.error("Could not build the calendar entry of booking %s: %s", booking.pk, type(error).__name__)
        return ()
    mimetype = f"text/calendar; method={method}; charset=utf-8"
    return (Attachment("walk.ics", mimetype, content, alternative=True),)


def _full_calendar_file(booking: Booking, method: Method, *, has_alarm: bool = False) -> bytes:
    if method == "CANCEL":
        return _build_calendar_file(booking, method, summary=_("Cancelled: your walk"))
    return _build_calendar_file(
        booking,
        method,
        summary=_("Your walk"),
        location=one_line(get_walk(booking).meeting_place),
        description=render_walk_card(WalkCard.of(booking)),
        has_alarm=has_alarm,
    )


def _build_calendar_file(
    booking: Booking,
    method: Method,
    *,
    summary: str,
    location: str = "",
    description: str = "",
    has_alarm: bool = False,
) -> bytes:
    walk = booking.walk_as_last_notified or get_walk(booking)
    sender = _organizer(booking)
    event = Event()
    event.add("uid", f"{booking.contact.calendar_uid}@{sender.rpartition('@')[2]}")
    event.add("sequence", booking.contact.calendar_sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", london.for_calendar(walk.start_at))
    event.add("dtend", london.for_calendar(walk.end_at))
    event.add("summary", summary)
    if location:
        event.add("location", location)
    if description:
        event.add("description", description)
    event.add("organizer", f"mailto:{sender}")
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if has_alarm:
        event.add_component(_alarm(summary))
    content: bytes = _calendar(event, method, product=_product(booking)).to_ical()
    return content


def _alarm(words: str) -> Alarm:
    """Return an alarm that shows the title of the entry and nothing more."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", words)
    return alarm


def _calendar(event: Event, method: Method, *, product: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", product)
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(LONDON_ZONE))
    calendar.add_component(event)
    return calendar


def _organizer(booking: Booking) -> str:
    sender = settings.DISCREET_FROM_EMAIL if booking.needs_pin else settings.FROM_EMAIL
    return parseaddr(sender)[1]


def _product(booking: Booking) -> str:
    return "-//Appointments//EN" if booking.needs_pin else "-//Walk and Talk//EN"
