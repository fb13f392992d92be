"""The data that the previews show: a requester, her walk, its officers and her concern."""

import datetime
import uuid
from collections.abc import Callable

from django.utils import timezone

from bookings.events import record
from bookings.models.acknowledgements import Acknowledgement
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import Event
from bookings.models.preferred_times import PreferredTime
from bookings.models.response_targets import ResponseTarget
from bookings.statuses import Channel, DayPart, EventKind, Status
from boroughs.models.bcus import Borough
from boroughs.models.officers import Officer, Rank
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import ReportContact
from feedback.statuses import State
from walkandtalk.lib import london, tokens
from walks.models.walks import Assignment, Walk

Write = Callable[[], object]
CHANGES = ["The walk now starts at 6:30pm.", "The officers and the phrase have changed."]


class PreviewData:
    """Sample data: a requester, her walk and its officers."""

    def __init__(self) -> None:
        borough = Borough.objects.select_related("bcu").exclude(bcu=None).order_by("slug")[0]
        if borough.bcu is None:
            raise ValueError("A borough without a BCU has no walks.")
        self.bcu, self.now = borough.bcu, timezone.now()
        day = london.local(self.now).date() + datetime.timedelta(days=10)
        start_at = london.to_instant(day, datetime.time(18, 30))
        self.officers = [
            self.create_officer(number, name) for number, name in enumerate(("Olive Officer", "Sara Okafor"))
        ]
        self.walk = Walk.objects.create(
            bcu=self.bcu,
            start_at=start_at,
            minutes=60,
            meeting_place="Peckham Rye station, by the flower stall",
            finish_place="Back at the start",
            duty_number=self.bcu.duty_number,
            officers_phrase="green lantern",
            requester_phrase="silver river",
        )
        for officer in self.officers:
            Assignment.objects.create(walk=self.walk, officer=officer, period=self.walk.period())
        self.booking = self._booking(borough, start_at)
        report = Report.objects.create(
            submission=uuid.uuid4(), person_key=uuid.uuid4(), booking=self.booking, walk=self.walk, borough=borough
        )
        self.concern = Concern.objects.create(
            report=report, bcu=self.bcu, reported_at=self.now, kind="lighting", place="", text="", state=State.NO_ACTION
        )

    def create_officer(self, number: int, name: str) -> Officer:
        officer: Officer = Officer.objects.create(
            email=f"sample.{uuid.uuid4()}@example.com",
            name=name,
            rank=Rank.PC,
            shoulder_number=f"{9000 + number}ZZ",
            bcu=self.bcu,
            leads_walks=True,
        )
        return officer

    def _booking(self, borough: Borough, start_at: datetime.datetime) -> Booking:
        booking = Booking.objects.create(
            bcu=self.bcu,
            borough=borough,
            walk=self.walk,
            status=Status.SCHEDULED,
            confirmed_at=self.now,
            walk_needed_at=start_at,
            answer_due_at=start_at - datetime.timedelta(days=5),
            channel=Channel.FULL,
            draft_uuid=uuid.uuid4(),
        )
        ResponseTarget.objects.create(booking=booking)
        Acknowledgement.objects.create(booking=booking)
        BookingContact.objects.create(
            booking=booking,
            name="Maya Example",
            email="maya@example.com",
            email_hmac=tokens.index_hmac("maya@example.com"),
            phone_rules=["call"],
            needs=[],
            meeting_place="Peckham Rye station, main entrance",
        )
        local = london.local(start_at)
        PreferredTime.objects.create(booking=booking, rank=1, date=local.date(), start=local.time())
        evening = {"start": datetime.time(17), "part": DayPart.EVENING}
        PreferredTime.objects.create(booking=booking, rank=2, date=local.date() + datetime.timedelta(days=1), **evening)
        return booking


class SampleMessages:
    """Messages about the sample data, each with its name and the function that writes it."""

    def __init__(self, data: PreviewData) -> None:
        self.data, self.now, self.bcu = data, data.now, data.bcu
        self.booking, self.walk, self.officers, self.concern = data.booking, data.walk, data.officers, data.concern

    def place_report(self) -> ReportContact:
        """Make a report without a booking, in the channel of the sample booking."""
        report = Report.objects.create(
            submission=uuid.uuid4(), person_key=uuid.uuid4(), borough=self.booking.borough, reported_at=self.now
        )
        state = {"reported_at": self.now, "kind": "lighting", "place": "", "text": ""}
        Concern.objects.create(report=report, bcu=self.bcu, **state)
        is_discreet = self.booking.channel == Channel.DISCREET
        return ReportContact.objects.create(
            report=report,
            channel=self.booking.channel,
            email="ines@example.com",
            email_hmac=tokens.index_hmac("ines@example.com"),
            pin_hmac=tokens.pin_hmac(report.pk, "402817") if is_discreet else "",
        )

    def event(self, kind: EventKind, *, code: str = "", note: str = "") -> Event:
        return record(kind, booking=self.booking, code=code, note=note)
