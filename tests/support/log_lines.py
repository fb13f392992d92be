"""A line in every log."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.models import SecurityEvent, SecurityEventKind
from accounts.security_log import record_security_event
from bookings.events import record
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.statuses import EventKind
from feedback.models.events import ConcernEvent
from feedback.models.improvements import ImprovementEvent
from feedback.models.referrals import ReferralAnswer
from feedback.statuses import State
from tests.support.factories import BookingFactory, RecurringWalkFactory
from tests.support.feedback_factories import (
    ConcernFactory,
    ImprovementFactory,
    make_completed_booking,
    make_referral,
)
from tests.support.partners import make_partner
from walks.models.recurring_walks import RecurringWalkEvent

LOGS = [
    *(SecurityEvent, LogEntry, Event, ReadLog, ConcernEvent),
    *(ImprovementEvent, ReferralAnswer, RecurringWalkEvent),
]


def add_line_to_every_log(borough, inspector, officer):
    booking = BookingFactory(borough=borough)
    record(EventKind.NOTE_ADDED, booking=booking, by=inspector, note="She rang.")
    record_security_event(SecurityEventKind.FORBIDDEN, officer=inspector, route="triage:booking")
    ReadLog.objects.create(officer=inspector, booking=booking, kinds=["page"], reason="decide")
    concern = ConcernFactory(report__booking=make_completed_booking([officer]))
    ConcernEvent.objects.record(concern, to_state=State.REPORTED, internal="Ring the council.")
    improvement = ImprovementFactory(borough=borough)
    ImprovementEvent.objects.record(improvement, to_state=State.ACCEPTED, internal="Ring the council.")
    referral, _token = make_referral(improvement, make_partner(f"Council {improvement.reference}", boroughs=[borough]))
    ReferralAnswer.objects.record(referral=referral, answer="received", answered_by="link", words="We have it.")
    RecurringWalkEvent.objects.create(recurring_walk=RecurringWalkFactory(bcu=borough.bcu), kind="made", by=inspector)
    LogEntry.objects.create(
        user=inspector,
        content_type=ContentType.objects.get_for_model(Event),
        object_id="1",
        object_repr="A line",
        action_flag=CHANGE,
    )
