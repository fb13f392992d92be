import datetime

import pytest

from bookings.models.acknowledgements import Acknowledgement
from bookings.statuses import Channel, Status
from feedback.jobs import send_report_invitations
from feedback.models.notes import ReportInvitation
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days, scheduled_booking
from tests.support.feedback_factories import make_completed_booking


@pytest.fixture
def completed_booking(officer):
    """A booking whose walk ended yesterday evening."""
    return make_completed_booking([officer], start_at=in_days(-1))


@pytest.mark.parametrize(
    ("now", "is_asked"),
    [
        ((-1, 22), False),
        ((0, 8, 59), False),
        ((0, 9), True),
        ((12, 12), True),
        ((14, 12), False),
    ],
    ids=["that evening", "before nine", "at nine the day after", "twelve days later", "a fortnight later"],
)
def test_invitations_go_from_9am_the_next_day_for_two_weeks(now, is_asked, completed_booking):
    send_report_invitations(in_days(*now))

    assert Message.objects.exists() is is_asked


def test_invitations_count_from_the_day_the_walk_ended(officer):
    make_completed_booking([officer], start_at=in_days(-1, hour=23, minute=30), ended_at=in_days(0, hour=0, minute=40))

    send_report_invitations(in_days(0, hour=12))
    that_day = Message.objects.count()
    send_report_invitations(in_days(1, hour=9))

    assert (that_day, Message.objects.count()) == (0, 1)


def test_invitation_is_sent_once(completed_booking):
    for hour in (9, 10, 11):
        send_report_invitations(in_days(0, hour=hour))

    assert ReportInvitation.objects.get().booking == completed_booking
    assert Message.objects.count() == 1


def test_invitation_waits_for_contact_after_a_report_that_nobody_came(
    completed_booking,
):
    Acknowledgement.objects.update(nobody_came_reported_at=completed_booking.walk.start_at)

    send_report_invitations(in_days(0, hour=9))
    previous_count = Message.objects.exists()
    Acknowledgement.objects.update(contacted_at=in_days(0, hour=9))
    send_report_invitations(in_days(0, hour=10))

    assert (previous_count, Message.objects.exists()) == (False, True)


def test_invitations_go_only_to_requesters_who_walked_and_accept_email(officer, second_officer):
    invited = make_completed_booking([officer], channel=Channel.DISCREET)
    make_completed_booking([second_officer], channel=Channel.NONE)
    scheduled_booking([officer])
    BookingFactory(status=Status.DECLINED)
    cancelled = make_completed_booking([officer], start_at=in_days(-2))
    type(cancelled).objects.filter(pk=cancelled.pk).update(status=Status.CANCELLED_BY_US)

    send_report_invitations(in_days(0, hour=9))

    assert [message.thread for message in Message.objects.all()] == [f"requester:{invited.pk}"]


def test_every_requester_on_a_walk_is_invited(officer):
    booking = make_completed_booking([officer])
    BookingFactory(status=Status.COMPLETED, walk=booking.walk, contact__email="joan@example.com")

    send_report_invitations(in_days(0, hour=9) + datetime.timedelta(minutes=5))

    assert {message.recipient for message in Message.objects.all()} == {"maya@example.com", "joan@example.com"}
