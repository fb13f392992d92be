"""Factories for feedback."""

import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.statuses import Status
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.models.improvements import Improvement
from feedback.models.referrals import Referral, ReferralLink
from feedback.reports.actions import ReportSubmission
from feedback.statuses import RESOLVED_STATES, State
from tests.support.factories import BookingFactory, BoroughFactory, InspectorFactory, WalkFactory, in_days
from tests.support.partners import make_partner
from walkandtalk.lib.rows import save_changes
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
    has_address = True
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


class ImprovementFactory(DjangoModelFactory):
    """An improvement of Southwark's team, in a state of its own. A partner has it if its state needs one."""

    class Meta:
        model = Improvement

    borough = factory.SubFactory(BoroughFactory)
    bcu = factory.SelfAttribute("borough.bcu")
    change = "Mend the lamp"
    where = "Rye Lane, behind the library"
    kind = "lighting"
    owner = factory.SubFactory(InspectorFactory, bcu=factory.SelfAttribute("..bcu"))
    made_by = factory.SelfAttribute("owner")
    review_date = REVIEW_DATE
    partner = factory.Maybe(
        factory.LazyAttribute(lambda row: getattr(row, "state", "") in (State.REFERRED, State.NOT_OURS)),
        factory.LazyFunction(make_partner),
        None,
    )


def make_referral(improvement, partner=None, **fields):
    """Return a referral and the token with which its partner answers."""
    partner = partner or make_partner(boroughs=[improvement.borough], inbox="lights@council.example.com")
    fields = {"words": "The column is by the steps.", "answer_due_on": in_days(28).date()} | fields
    number = improvement.referrals.count() + 1
    referral = Referral.objects.create(
        improvement=improvement, number=number, partner=partner, sent_by=improvement.owner, **fields
    )
    save_changes(improvement, partner=partner, state=State.REFERRED)
    for concern in improvement.concerns.all():
        save_changes(concern, state=State.REFERRED)
    return referral, ReferralLink.objects.create_token(referral)


def make_follow_up_question(concern):
    """Make a follow-up question to the requester about what was done last, or about something done 30 days ago."""
    fields = {"to_state": concern.state, "to_requester": "The lamp was mended.", "at": in_days(-30)}
    done = concern.events.filter(to_state=concern.state, to_state__in=RESOLVED_STATES)
    event = done.last() or ConcernEvent.objects.record(concern, **fields)
    return FollowUpQuestion.objects.create(event=event, asked_at=in_days(-1))
