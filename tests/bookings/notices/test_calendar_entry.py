import datetime
import logging

import pytest
import vobject
from icalendar import Calendar

from bookings.manage.contact.emails import resent_link
from bookings.models.events import Event
from bookings.notices.calendar_entry import calendar_attachments, calendar_file
from bookings.notices.emails import send_booking_changed, send_booking_scheduled
from bookings.request_form.emails import send_request_received
from bookings.scheduling.cancellation.emails import send_booking_cancelled_by_us
from bookings.statuses import CancelReason, Channel, EventKind, Status
from outbox.models import Message
from outbox.sending.delivery import build_email
from tests.support.factories import BookingFactory, WalkFactory, scheduled_booking
from walkandtalk.lib import london

CLOCK_CHANGES = [
    datetime.date(2027, 3, 27),
    datetime.date(2027, 3, 28),
    datetime.date(2027, 10, 30),
    datetime.date(2027, 10, 31),
]


@pytest.fixture
def booking(southwark, officer, second_officer):
    return scheduled_booking([officer, second_officer], borough=southwark)


def record_and_notify(booking, kind):
    return Event.objects.create(booking=booking, kind=kind)


def read(content):
    calendar = Calendar.from_ical(content)
    (event,) = calendar.events
    return calendar, event


def test_calendar_file_has_the_walk(booking, settings):
    calendar, event = read(calendar_file(booking))

    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert event["uid"] == f"{booking.contact.calendar_uid}@walkandtalk.example.com"
    assert (event["sequence"], event["status"], event["class"]) == (0, "CONFIRMED", "PRIVATE")
    assert (event.start, event.end) == (booking.walk.start_at, booking.walk.end_at)
    assert (event["summary"], event["location"]) == ("Your walk", "Peckham Rye station, by the flower stall")
    assert calendar.get_missing_tzids() == set()


def test_calendar_file_asks_nobody_to_answer(booking):
    assert b"ATTENDEE" not in calendar_file(booking)


def test_calendar_file_lines_are_crlf_and_at_most_75_octets(booking):
    lines = calendar_file(booking).split(b"\r\n")

    assert not any(b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize("day", CLOCK_CHANGES)
def test_calendar_file_keeps_london_time_when_the_clocks_change(day, booking):
    booking.walk = WalkFactory(bcu=booking.bcu, start_at=london.to_instant(day, datetime.time(18, 30)))
    content = calendar_file(booking)

    _, event = read(content)

    assert f"DTSTART;TZID=Europe/London:{day:%Y%m%d}T183000\r\n" in content.decode()
    assert event.start == booking.walk.start_at
    assert f"{london.long_date(day)}, 6:30pm to 7:30pm" in event["description"]


@pytest.mark.parametrize("hour", [0, 3, 18])
@pytest.mark.parametrize("day", CLOCK_CHANGES)
def test_calendar_file_reads_the_same_in_another_parser(day, hour, booking):
    """`vobject` shares no code with our writer, and takes the time zone from the file alone."""
    start_at = london.to_instant(day, datetime.time(hour, 30))
    booking.walk = WalkFactory(bcu=booking.bcu, start_at=start_at, minutes=60)
    booking.contact.calendar_sequence = 3
    discreet = calendar_file(BookingFactory(walk=booking.walk, channel=Channel.DISCREET, status=Status.SCHEDULED))
    (cancelled,) = calendar_attachments(booking, "CANCEL")

    files = [vobject.readOne(content.decode()) for content in (calendar_file(booking), discreet, cancelled.content)]

    for file in files:
        assert file.vevent.dtstart.value.astimezone(datetime.UTC) == start_at
        assert file.vevent.dtend.value.astimezone(datetime.UTC) == start_at + datetime.timedelta(minutes=60)
        assert file.vevent.dtstart.value.strftime("%H:%M") == f"{hour:02}:30"
        assert file.vtimezone.tzid.value == "Europe/London"
    assert [file.method.value for file in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [file.vevent.sequence.value for file in files] == ["3", "0", "3"]
    assert [file.vevent.status.value for file in files] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert files[0].vevent.uid.value == files[2].vevent.uid.value != files[1].vevent.uid.value
    assert files[0].vevent.location.value == "Peckham Rye station, by the flower stall"
    assert [hasattr(file.vevent, "location") for file in files[1:]] == [False, False]


@pytest.mark.parametrize(
    ("utc", "hours"),
    [
        (datetime.datetime(2027, 3, 28, 0, 59), 0),
        (datetime.datetime(2027, 3, 28, 1, 1), 1),
        (datetime.datetime(2027, 10, 31, 0, 59), 1),
        (datetime.datetime(2027, 10, 31, 1, 1), 0),
    ],
)
def test_calendar_file_has_the_right_time_zone(utc, hours, booking):
    calendar, _ = read(calendar_file(booking))

    zone = calendar.timezones[0].to_tz(lookup_tzid=False)

    assert calendar.timezones[0].tz_name == "Europe/London"
    assert utc.replace(tzinfo=datetime.UTC).astimezone(zone).utcoffset() == datetime.timedelta(hours=hours)


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_discreet_calendar_file_says_only_when(channel, booking):
    booking.channel = channel

    calendar, event = read(calendar_file(booking))

    assert (event["summary"], event.start, event.end) == ("Appointment", booking.walk.start_at, booking.walk.end_at)
    assert set(event) == {
        "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "CLASS", "ORGANIZER", "STATUS"
    }  # fmt: skip
    assert not [word for word in (b"walk", b"police", b"officer", b"peckham") if word in calendar.to_ical().lower()]


@pytest.mark.parametrize(("channel", "words"), [(Channel.FULL, "Your walk"), (Channel.DISCREET, "Appointment")])
def test_calendar_file_has_an_alarm_only_if_she_asks_for_one(channel, words, booking):
    booking.channel = channel

    _, silent = read(calendar_file(booking))
    _, event = read(calendar_file(booking, has_alarm=True))

    assert silent.alarms.times == []
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == -datetime.timedelta(hours=2)
    assert (alarm["action"], alarm["description"]) == ("DISPLAY", words)


def test_scheduled_message_has_the_calendar_as_alternative_and_as_file(booking):
    send_booking_scheduled(booking, record_and_notify(booking, EventKind.SCHEDULED))

    mail = build_email(Message.objects.get()).message()

    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_content_disposition() for part in parts] == [None, "attachment"]
    assert [part.get_param("method") for part in parts] == ["PUBLISH", "PUBLISH"]
    assert [part.get_param("charset") for part in parts] == ["utf-8", "utf-8"]
    assert [read(part.get_payload(decode=True))[0]["method"] for part in parts] == ["PUBLISH", "PUBLISH"]
    assert parts[1].get_filename() == "walk.ics"


def test_calendar_entries_of_one_booking_have_rising_sequences(booking):
    send_booking_scheduled(booking, record_and_notify(booking, EventKind.SCHEDULED))
    booking.contact.calendar_sequence = 1
    send_booking_changed(booking, record_and_notify(booking, EventKind.CHANGED), changes=["New."])
    booking.contact.calendar_sequence, booking.status, booking.outcome_code = (
        2,
        Status.CANCELLED_BY_US,
        CancelReason.ILLNESS,
    )
    send_booking_cancelled_by_us(booking, record_and_notify(booking, EventKind.CANCELLED_BY_US))

    files = [build_email(message).attachments[0].content for message in Message.objects.order_by("number")]

    entries = [read(content) for content in files]
    assert [calendar["method"] for calendar, _ in entries] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [event["sequence"] for _, event in entries] == [0, 1, 2]
    assert [event["status"] for _, event in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert {str(event["uid"]) for _, event in entries} == {f"{booking.contact.calendar_uid}@walkandtalk.example.com"}


def test_calendar_entry_has_no_link_that_opens_the_page(booking, settings):
    send_booking_scheduled(booking, record_and_notify(booking, EventKind.SCHEDULED))
    message = Message.objects.get()

    _, event = read(build_email(message).attachments[0].content)

    assert f"{settings.PUBLIC_URL}/my-walk/\n" in event["description"]
    assert message.text.count(f"{settings.PUBLIC_URL}/my-walk/") == 4
    assert f"{settings.PUBLIC_URL}/my-walk/\n" not in message.text


def test_message_is_sent_if_its_calendar_fails(booking, monkeypatch, caplog):
    def broken(*args):
        raise ValueError("Maya Example cannot be written")

    monkeypatch.setattr("icalendar.Timezone.from_ical", broken)

    with caplog.at_level(logging.ERROR):
        send_booking_scheduled(booking, record_and_notify(booking, EventKind.SCHEDULED))

    message = Message.objects.get()
    assert message.attachments == []
    assert "Your walk is booked" in message.text
    assert caplog.messages == [f"Could not build the calendar entry of booking {booking.pk}: ValueError"]
    assert "Maya" not in caplog.text


def test_cancelled_calendar_entry_names_no_place(booking):
    (file,) = calendar_attachments(booking, "CANCEL")

    assert file.mimetype == "text/calendar; method=CANCEL; charset=utf-8"
    assert "Peckham" not in file.content.decode()


def test_message_without_a_fixed_time_has_no_calendar(booking):
    send_request_received(booking, preferred_times=booking.preferred_times.all())
    resent_link(booking, request_id="7")

    assert [message.attachments for message in Message.objects.all()] == [[], []]
