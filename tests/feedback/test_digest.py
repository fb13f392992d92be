"""The morning digest: counts and links of a team's open work, and no personal details."""

import re

import pytest
import time_machine
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Status
from feedback.jobs import send_digests
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import (
    BCUFactory,
    BookingFactory,
    InspectorFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import ConcernFactory, ImprovementFactory
from tests.support.sample_messages import REQUESTER_WORDS

pytestmark = pytest.mark.django_db


def digests(moment):
    """Run the job twice at that moment, and return the messages so far by recipient."""
    with time_machine.travel(moment, tick=False):
        send_digests(timezone.now())
        send_digests(timezone.now())
    return {message.recipient: message for message in Message.objects.order_by("number")}


@pytest.fixture
def waiting(southwark):
    return BookingFactory(borough=southwark, answer_due_at=in_days(1, 17))


def test_digest_goes_once_each_morning_to_teams_with_open_work(waiting):
    BCUFactory(code="CN", name="Central North")

    runs = [list(digests(moment)) for moment in (in_days(1, 7, 29), in_days(1, 7, 30), in_days(1, 11, 59))]

    assert runs == [[], ["as@example.com"], ["as@example.com"]]
    assert Message.objects.count() == 1


def test_digest_is_not_sent_in_the_afternoon(waiting):
    assert digests(in_days(1, 12, 0)) == {}


def test_digest_counts_open_work(waiting, southwark, officer, settings):
    BookingFactory(borough=southwark, answer_due_at=in_days(-1))
    BookingFactory(borough=southwark, status=Status.DECLINED, answer_due_at=in_days(-1))
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(1, 20))
    ConcernFactory(report__booking=waiting)
    ConcernFactory(report__booking=waiting)
    ImprovementFactory(borough=southwark, review_date=in_days(1).date())
    later = ImprovementFactory(borough=southwark, review_date=in_days(2).date())
    owned = {"state": State.ACCEPTED, "owner": later.owner, "review_date": later.review_date}
    ConcernFactory(report__booking=waiting, improvement=later, **owned)
    tonight = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(1, 22))
    for rules in (["call"], ["text"], ["voicemail"]):
        scheduled_booking([officer], walk=tonight, borough=southwark, channel="none", contact__phone_rules=rules)
    scheduled_booking([officer], walk=tonight, borough=southwark, contact__phone_rules=["call"])

    message = digests(in_days(1, 8))["as@example.com"]

    lines = [line.rpartition(". ")[::2] for line in message.text.splitlines() if re.search(r": \d", line)]
    assert [(content, url.removeprefix(settings.PUBLIC_URL)) for content, url in lines] == [
        ("Requests to answer: 2", "/staff/bookings/"),
        ("Of them past the day that we promised: 1", "/staff/bookings/"),
        ("To answer today: 1", "/staff/bookings/"),
        ("Women who may not know the latest: 4", "/staff/messages/"),
        ("Women to remind by phone of a walk today: 2", "/staff/bookings/"),
        ("Walks today: 2", "/staff/walks/"),
        ("Walks to come with too few officers: 2", "/staff/walks/"),
        ("Concerns to check: 2", "/staff/concerns/"),
        ("Concerns past their day to look again: 0", "/staff/concerns/"),
        ("Improvements to look at: 1", "/staff/improvements/"),
    ]
    content = message.subject + message.text + message.html
    assert [
        text for text in [*REQUESTER_WORDS, waiting.spoken_reference, str(waiting.pk), "library"] if text in content
    ] == []


def test_digest_counts_restricted_bookings_only_for_the_nominated_inspector(southwark):
    nominated_inspector = InspectorFactory(bcu=BCUFactory(code="CN", name="Central North"))
    Booking.objects.filter(pk=BookingFactory(borough=southwark).pk).update(nominated_inspector=nominated_inspector)

    (message,) = digests(in_days(1, 8)).values()

    assert message.recipient == nominated_inspector.email
    assert "Requests to answer: 1." in message.text


def test_digest_does_not_count_a_concern_that_is_being_deleted(southwark):
    """The list leaves it out, so a count would tell that someone has just asked us to delete her complaint."""
    ConcernFactory(report__booking=BookingFactory(borough=southwark, status=Status.DECLINED))
    before = digests(in_days(1, 8))
    Message.objects.all().delete()

    Booking.objects.update(erasure_due_at=in_days(2))
    hidden = digests(in_days(1, 8))

    assert (list(before), hidden) == (["as@example.com"], {})
