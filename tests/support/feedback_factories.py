"""Factories for feedback."""

import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.statuses import Status
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.reports.actions import ReportSubmission
from tests.support.factories import BookingFactory, WalkFactory, in_days
from walks.statuses import WalkStatus

REVIEW_DATE = in_days(28).date()


def make_completed_booking(officers, *, start_at=None, **fields):
    """Make a booking with a completed walk, led by these officers, by default yesterday."""
    start_at = start_at or in_days(-1)
    walk = WalkFactory(
        bcu=officers[0].bcu,
        officers=officers,
        start_at=start_at,
        status=WalkStatus.COMPLETED,
        started_at=start_at,
        ended_at=fields.pop("ended_at", None) or start_at + timezone.timedelta(minutes=60),
    )
    return BookingFactory(status=Status.COMPLETED, walk=walk, walk_needed_at=start_at, **fields)


def make_report_submission(**fields):
    submission = {
        "kinds": ("lighting",),
        "place": "The path behind the library",
        "text": "I cannot see the ground.",
        "safe_place": "",
        "light": "dark",
        "time_of_day": "evening",
        "how_often": "often",
        "consent": True,
    }
    return ReportSubmission(**submission | fields)


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    submission = factory.LazyFunction(uuid.uuid4)
    person_key = factory.LazyFunction(uuid.uuid4)
    booking = factory.SubFactory(BookingFactory)
    walk = factory.SelfAttribute("booking.walk")
    borough = factory.SelfAttribute("booking.borough")
    ward = factory.SelfAttribute("booking.ward")


class ConcernFactory(DjangoModelFactory):
    class Meta:
        model = Concern

    report = factory.SubFactory(ReportFactory)
    bcu = factory.SelfAttribute("report.booking.bcu")
    nominated_inspector = factory.SelfAttribute("report.booking.nominated_inspector")
    reported_at = factory.SelfAttribute("report.reported_at")
    kind = "lighting"
    place = "The path behind the library"
    text = "I cannot see the ground."
    light = "dark"
    time_of_day = "evening"
    how_often = "often"


def make_follow_up_question(concern):
    """Make a follow-up question to the requester about something done 30 days ago."""
    fields = {"to_state": concern.state, "to_requester": "The lamp was mended.", "at": in_days(-30)}
    event = ConcernEvent.objects.record(concern, **fields)
    return FollowUpQuestion.objects.create(event=event, asked_at=in_days(-1))
