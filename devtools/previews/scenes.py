"""Previews of every kind of message, with sample data. The functions that write the real messages also write these."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from audit.alerts.emails import send_alert
from audit.alerts.emails import send_digest as send_auditor_digest
from audit.alerts.findings import Count as AuditCount
from audit.alerts.findings import Finding
from bookings.approvals.emails import approval_requested
from bookings.delivery_problems.emails import send_team_message_undelivered
from bookings.events import record
from bookings.links import staff_url
from bookings.manage.contact.emails import resent_link
from bookings.manage.freeze.emails import booking_frozen
from bookings.manage.team_messages.emails import send_team_requester_wrote
from bookings.models.acknowledgements import Acknowledgement
from bookings.models.approvals import Approval
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import Event
from bookings.models.legal_holds import LegalHold
from bookings.models.offers import Offer
from bookings.models.preferred_times import PreferredTime
from bookings.models.response_targets import ResponseTarget
from bookings.models.sharing import Guest
from bookings.notices.emails import send_booking_changed, send_booking_reminder, send_booking_scheduled
from bookings.notices.officer_emails import (
    send_officer_assigned,
    send_officer_released,
    send_officer_walk_cancelled,
    send_officer_walk_changed,
)
from bookings.notices.security_notices import announce_team_act, announce_wrong_pins, current_route
from bookings.notices.threads import requester_thread
from bookings.on_the_day.emails import (
    send_booking_cut_short,
    send_booking_officers_absent,
    send_booking_officers_set_off,
    send_booking_requester_absent,
    send_officer_evening_list,
    send_team_attendance_needed,
    send_team_end_overdue,
    send_team_nobody_came,
    send_team_officer_with_requester,
    send_team_officer_withdrew,
    send_team_walk_cut_short,
)
from bookings.on_the_day.one_officer.emails import send_booking_one_officer_question, send_team_one_officer_answered
from bookings.on_the_day.takeover.emails import send_officer_takeover_declined, send_officer_takeover_question
from bookings.request_form.emails import (
    send_confirm_reminder,
    send_request_received,
    send_team_new_request,
    send_team_new_requests,
    write_received,
)
from bookings.scheduling.cancellation.emails import send_booking_cancelled_by_requester, send_booking_cancelled_by_us
from bookings.scheduling.guests.emails import send_booking_guest_question, send_team_guest_answered
from bookings.scheduling.offers.emails import (
    send_booking_offer_ended,
    send_booking_offered,
    send_booking_place_offered,
    send_team_offer_answered,
)
from bookings.scheduling.preferred_times.emails import (
    send_change_declined,
    send_team_change_requested,
    send_times_changed,
    send_times_passed,
)
from bookings.scheduling.shared_walks.emails import send_booking_sharing_question, send_team_sharing_answered
from bookings.statuses import (
    CancelReason,
    Channel,
    ContactMethod,
    DayPart,
    DeclineReason,
    EventKind,
    Reminder,
    Status,
    Whereabouts,
)
from bookings.triage.decline.emails import send_booking_declined
from bookings.triage.emails import send_team_answer_due, send_team_safeguarding
from bookings.triage.handover.emails import send_booking_handed_over, send_team_handed_over
from boroughs.models.bcus import Borough
from boroughs.models.officers import Officer, Rank
from data_rights.copy.emails import send_booking_copy_link
from data_rights.erasure.emails import (
    send_booking_erasure_link,
    send_booking_erasure_requested,
    send_booking_erasure_undone,
)
from feedback import emails
from feedback.digest.counts import Count
from feedback.digest.emails import team_digest
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.statuses import PartnerAgency, State
from outbox.models import Message
from walkandtalk.lib import london, tokens
from walks.models.takeovers import Takeover
from walks.models.walks import Assignment, Walk

Write = Callable[[], object]
SENT_ON_REQUESTERS_ACTION = {"times-changed"}
"""Messages about something the requester did herself. They have no discreet form."""
CHANGES = ["The walk now starts at 6:30pm.", "The officers and the phrase have changed."]


@dataclass(frozen=True)
class MessagePreview:
    name: str
    """The kind, with "-discreet" for the discreet form."""
    message: Message


def previews(*, only: str = "") -> list[MessagePreview]:
    """Write and read the messages in a transaction that is rolled back: nothing is kept and nothing is sent."""
    with transaction.atomic():
        found_previews = list(write_previews(PreviewData(), only=only))
        transaction.set_rollback(True)
    return found_previews


def write_previews(scene: "PreviewData", *, only: str = "") -> Iterator[MessagePreview]:
    """Yield each kind of message, in its full form and its discreet form."""
    for channel, form in ((Channel.FULL, ""), (Channel.DISCREET, "-discreet")):
        scene.booking.channel = channel
        for name, write in scene.to_requester():
            if only in ("", f"{name}{form}") and not (form and name in SENT_ON_REQUESTERS_ACTION):
                yield _preview(f"{name}{form}", write)
    scene.booking.channel = Channel.FULL
    for name, write in scene.to_staff():
        if only in ("", name):
            yield _preview(name, write)


def _preview(name: str, write: Write) -> MessagePreview:
    previous_number = Message.objects.order_by("-number").values_list("number", flat=True).first() or 0
    write()
    return MessagePreview(name, Message.objects.filter(number__gt=previous_number).latest("number"))


class PreviewData:
    """Sample data: a requester, her walk and its officers."""

    def __init__(self) -> None:
        borough = Borough.objects.select_related("bcu").exclude(bcu=None).order_by("slug")[0]
        if borough.bcu is None:
            raise ValueError("A borough without a BCU has no walks.")
        self.bcu, self.now = borough.bcu, timezone.now()
        day = london.local(self.now).date() + datetime.timedelta(days=10)
        start_at = london.to_instant(day, datetime.time(18, 30))
        self.officers = [self._officer(number, name) for number, name in enumerate(("Olive Officer", "Sara Okafor"))]
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
            submission=uuid.uuid4(), person_key=uuid.uuid4(), booking=self.booking, walk=self.walk
        )
        self.concern = Concern.objects.create(
            report=report, bcu=self.bcu, reported_at=self.now, kind="lighting", place="", text="", state=State.NO_ACTION
        )

    def _officer(self, number: int, name: str) -> Officer:
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

    def event(self, kind: EventKind, *, code: str = "", note: str = "") -> Event:
        return record(kind, booking=self.booking, code=code, note=note)

    def takeover(self) -> Takeover:
        return Takeover(
            walk=self.walk, asked_by=self.officers[0], colleague=self.officers[1], start_at=self.walk.start_at
        )

    def to_requester(self) -> list[tuple[str, Write]]:
        booking = self.booking
        return [
            ("received", lambda: send_request_received(booking, preferred_times=booking.current_preferred_times())),
            ("received-unconfirmed", self._received_unconfirmed),
            ("confirm-reminder", lambda: send_confirm_reminder(booking, self.event(EventKind.REMINDED))),
            ("link", lambda: resent_link(booking, request_id=str(uuid.uuid4()))),
            ("wrong-pins", self._wrong_pins),
            ("details-changed", self._details_changed),
            ("copy-link", lambda: send_booking_copy_link(booking, self.event(EventKind.COPY_LINK_SENT))),
            ("erasure-link", lambda: send_booking_erasure_link(booking, self.event(EventKind.ERASURE_LINK_SENT))),
            ("erasure-requested", self._erasure_requested),
            ("erasure-requested-held", self._erasure_requested_while_held),
            ("erasure-undone", lambda: send_booking_erasure_undone(booking, self.event(EventKind.ERASURE_UNDONE))),
            ("handed-over", lambda: send_booking_handed_over(booking, self.event(EventKind.HANDED_OVER))),
            ("offered", self._offered),
            ("place-offered", self._place_offered),
            ("asked-about-company", self._sharing_question),
            ("asked-about-guest", self._guest_question),
            ("offer-ended", lambda: send_booking_offer_ended(booking, self.event(EventKind.OFFER_EXPIRED))),
            ("scheduled", lambda: send_booking_scheduled(booking, self.event(EventKind.SCHEDULED))),
            ("changed", lambda: send_booking_changed(booking, self.event(EventKind.CHANGED), changes=CHANGES)),
            ("times-changed", self._times_changed),
            (
                "plan-stands",
                lambda: send_change_declined(booking, self.event(EventKind.CHANGE_DECLINED, note="Both are taken.")),
            ),
            ("reminder", lambda: self._reminder(Reminder.DAY_BEFORE)),
            ("reminder-two-hours-before", lambda: self._reminder(Reminder.TWO_HOURS)),
            ("asked-about-one", self._open_one_officer_questions),
            ("set-off", lambda: send_booking_officers_set_off(booking, self.event(EventKind.SET_OFF))),
            ("declined", lambda: self._ended(send_booking_declined, EventKind.DECLINED)),
            ("not-answered", lambda: send_times_passed(booking, self.event(EventKind.TIMES_PASSED))),
            ("cancelled-by-us", lambda: self._ended(send_booking_cancelled_by_us, EventKind.CANCELLED_BY_US)),
            (
                "cancelled-by-her",
                lambda: self._ended(send_booking_cancelled_by_requester, EventKind.CANCELLED_BY_REQUESTER),
            ),
            ("missed-by-her", self._requester_absent),
            ("missed-by-us", lambda: self._ended(send_booking_officers_absent, EventKind.OFFICERS_ABSENT)),
            ("called-away", lambda: self._ended(send_booking_cut_short, EventKind.CALLED_AWAY)),
            *self._after_walk(),
        ]

    def _after_walk(self) -> list[tuple[str, Write]]:
        booking = self.booking
        return [
            ("after-walk", lambda: self._write_replacing(lambda: emails.report_invitation(booking, now=self.now))),
            (
                "what-we-heard",
                lambda: self._write_replacing(lambda: emails.recorded_notes(booking, self.concern.report)),
            ),
            (
                "concern-answered",
                lambda: self._answered(State.NO_ACTION, to_requester="the path belongs to the railway."),
            ),
            (
                "concern-referred",
                lambda: self._answered(State.REFERRED, to_requester="they mend the lamps of that road."),
            ),
            ("concern-joined", lambda: self._answered(State.MERGED)),
            ("is-it-better", self._follow_up_question),
        ]

    def _received_unconfirmed(self) -> None:
        """Show what most requesters get first: nothing that they told us, because the reader may be a stranger."""
        booking, confirmed_at = self.booking, self.booking.confirmed_at
        booking.confirmed_at = None
        write_received(booking, booking.current_preferred_times(), event_id="unconfirmed")
        booking.confirmed_at = confirmed_at

    def _details_changed(self) -> None:
        event = self.event(EventKind.PIN_RESET)
        announce_team_act(self.booking, event, before=current_route(self.booking))

    def _wrong_pins(self) -> None:
        announce_wrong_pins(self.booking, self.event(EventKind.WRONG_PINS), day=london.today())

    def _write_replacing(self, write: Write) -> None:
        """Delete the sample in the other form first, because there is only one message of this kind for a booking."""
        Message.objects.in_thread(requester_thread(self.booking)).delete()
        write()

    def _offered(self) -> None:
        offer = Offer(
            booking=self.booking,
            start_at=self.walk.start_at,
            place="Peckham Rye",
            expires_at=self.now + datetime.timedelta(days=2),
        )
        send_booking_offered(self.booking, self.event(EventKind.OFFERED), offers=[offer])

    def _place_offered(self) -> None:
        offer = Offer(
            booking=self.booking,
            walk=self.walk,
            start_at=self.walk.start_at,
            place="Peckham Rye",
            expires_at=self.now + datetime.timedelta(days=2),
        )
        send_booking_place_offered(self.booking, self.event(EventKind.OFFERED), offer=offer)

    def _sharing_question(self) -> None:
        send_booking_sharing_question(self.booking, self.event(EventKind.SHARING_ASKED))

    def _guest_question(self) -> None:
        guest = Guest(walk=self.walk, name="Amira Khan", role="chair of the ward panel", organisation="Southwark")
        send_booking_guest_question(self.booking, self.event(EventKind.GUEST_INVITED), guest=guest)

    def _erasure_requested(self) -> None:
        due_at = self.now + datetime.timedelta(days=1)
        send_booking_erasure_requested(self.booking, self.event(EventKind.ERASURE_REQUESTED), due_at=due_at, hold=None)

    def _erasure_requested_while_held(self) -> None:
        hold = LegalHold(until=london.local(self.now).date() + datetime.timedelta(days=90))
        event = self.event(EventKind.ERASURE_REQUESTED)
        send_booking_erasure_requested(self.booking, event, due_at=self.now, hold=hold)

    def _times_changed(self) -> None:
        send_times_changed(self.booking, self.event(EventKind.CHANGE_REQUESTED))

    def _reminder(self, which: Reminder) -> None:
        send_booking_reminder(self.booking, self.event(EventKind.REMINDED, code=which))

    def _ended(self, write: Callable[[Booking, Event], None], kind: EventKind) -> None:
        booking, original = self.booking, (self.booking.status, self.booking.outcome_code)
        ends = {
            EventKind.DECLINED: (Status.DECLINED, DeclineReason.NO_OFFICERS),
            EventKind.CANCELLED_BY_US: (Status.CANCELLED_BY_US, CancelReason.ILLNESS),
        }
        booking.status, booking.outcome_code = ends.get(kind, original)
        write(booking, self.event(kind, note="We’re looking for another evening."))
        booking.status, booking.outcome_code = original

    def _requester_absent(self) -> None:
        send_booking_requester_absent(self.booking, self.event(EventKind.REQUESTER_ABSENT), send_after=None)

    def _answered(self, state: State, to_requester: str = "") -> None:
        concern = self.concern
        concern.state, concern.referred_to = state, PartnerAgency.COUNCIL
        concern.merged_into = Concern(state=State.ACCEPTED) if state == State.MERGED else None
        event = ConcernEvent.objects.record(concern, to_state=state, to_requester=to_requester)
        emails.concern_answered(concern, event)
        concern.state, concern.merged_into = State.NO_ACTION, None

    def _follow_up_question(self) -> None:
        answer = "The council has mended the lamp and cut back the hedge."
        self.concern.reported_at = self.now - datetime.timedelta(days=70)
        weeks_ago = self.now - datetime.timedelta(weeks=4)
        event = ConcernEvent.objects.record(
            self.concern,
            to_state=State.RESOLVED,
            to_requester=answer,
            at=weeks_ago,
            done_date=london.local(weeks_ago).date(),
        )
        question = FollowUpQuestion.objects.create(event=event, asked_at=self.now)
        emails.follow_up_question(self.booking, [question], now=self.now)

    def to_staff(self) -> list[tuple[str, Write]]:
        booking, walk, officer = self.booking, self.walk, self.officers[0]
        away = Event(uuid=uuid.uuid4(), walk=walk, kind=EventKind.CALLED_AWAY, code=Whereabouts.ALONE)
        return [
            ("officer-assigned", lambda: send_officer_assigned(walk, officer)),
            ("officer-changed", lambda: send_officer_walk_changed(walk, officer, changes=CHANGES)),
            ("officer-released", lambda: send_officer_released(walk, officer)),
            ("officer-cancelled", lambda: send_officer_walk_cancelled(walk, officer)),
            ("officer-takeover", lambda: send_officer_takeover_question(self.takeover())),
            ("officer-takeover-declined", lambda: send_officer_takeover_declined(self.takeover())),
            ("officer-tonight", lambda: send_officer_evening_list(officer, [walk, walk], now=self.now)),
            ("team-new-request", lambda: send_team_new_request(booking)),
            ("team-new-requests", self._team_new_requests),
            ("team-answer-at-risk", lambda: send_team_answer_due(booking, self.event(EventKind.RESPONSE_AT_RISK))),
            ("team-answer-late", lambda: send_team_answer_due(booking, self.event(EventKind.RESPONSE_LATE))),
            ("team-handed-over", self._team_handed_over),
            ("team-approval-needed", self._approval_needed),
            ("team-booking-frozen", lambda: self._booking_frozen("team_booking_frozen")),
            ("auditor-booking-frozen", lambda: self._booking_frozen("auditor_booking_frozen")),
            ("team-offer-answered", lambda: send_team_offer_answered(booking, self.event(EventKind.OFFER_EXPIRED))),
            ("team-one-officer", self._team_one_officer),
            ("team-company-answered", self._team_sharing_answered),
            ("team-guest-answered", self._team_guest_answered),
            ("team-asked-again", lambda: send_team_change_requested(booking, self.event(EventKind.CHANGE_REQUESTED))),
            (
                "team-officer-left",
                lambda: send_team_officer_withdrew(walk, officer, self.event(EventKind.OFFICER_LEFT)),
            ),
            ("team-officer-with-her", lambda: self._team_officer_with_requester(EventKind.WAITING_WITH_REQUESTER)),
            ("team-seeing-her-to-safety", lambda: self._team_officer_with_requester(EventKind.ESCORT_BEGAN)),
            ("team-nobody-came", lambda: send_team_nobody_came(booking, self.event(EventKind.NOBODY_CAME_REPORTED))),
            ("team-requester-wrote", self._team_requester_wrote),
            ("team-called-away", lambda: send_team_walk_cut_short(walk, away)),
            ("team-go-there", lambda: send_team_attendance_needed(booking, self.event(EventKind.ATTENDANCE_NEEDED))),
            ("team-stopped", lambda: send_team_safeguarding(walk, self.event(EventKind.SAFEGUARDING))),
            ("team-not-ended", lambda: send_team_end_overdue(walk, self.event(EventKind.END_OVERDUE))),
            ("team-not-delivered", self._team_message_undelivered),
            ("team-digest", self._digest),
            ("auditor-alert", self._auditor_alert),
            ("auditor-digest", lambda: self._auditor_digest(unusual=True)),
            ("auditor-digest-nothing", lambda: self._auditor_digest(unusual=False)),
            ("officer-concern-owner", self._concern_owner),
        ]

    def _open_one_officer_questions(self) -> None:
        event = self.event(EventKind.ONE_OFFICER_ASKED)
        send_booking_one_officer_question(self.booking, event, officer=self.officers[0])

    def _team_officer_with_requester(self, kind: EventKind) -> None:
        send_team_officer_with_requester(self.walk, self.officers[0], self.event(kind))

    def _team_requester_wrote(self) -> None:
        send_team_requester_wrote(self.booking, self.event(EventKind.TEAM_MESSAGE_SENT))

    def _team_one_officer(self) -> None:
        send_team_one_officer_answered(self.walk, self.event(EventKind.ONE_OFFICER_ACCEPTED), is_settled=True)

    def _team_sharing_answered(self) -> None:
        send_team_sharing_answered(self.walk, self.event(EventKind.SHARING_ACCEPTED), may_join=True)

    def _team_guest_answered(self) -> None:
        send_team_guest_answered(self.walk, self.event(EventKind.GUEST_REFUSED), may_come=False)

    def _approval_needed(self) -> None:
        inspector = self._officer(7, "Ines Inspector")
        approval = Approval.objects.create(
            booking=self.booking, act=EventKind.PIN_RESET, method=ContactMethod.IN_PERSON, requested_by=inspector
        )
        approval_requested(self.booking, self.event(EventKind.APPROVAL_REQUESTED), approval)

    def _booking_frozen(self, kind: str) -> None:
        """Write to the reviewing inspector and the auditor, and keep the message of this kind."""
        self.booking.nominated_inspector = self._officer(8 if kind.startswith("team") else 9, "Nora Nominated")
        event = self.event(EventKind.FROZEN)
        booking_frozen(self.booking, event, was_not_told=True)
        Message.objects.filter(dedupe_key__contains=f":{event.pk}").exclude(dedupe_key__contains=kind).delete()
        self.booking.nominated_inspector = None

    def _team_handed_over(self) -> None:
        send_team_handed_over(self.booking, self.event(EventKind.HANDED_OVER), came_from=self.bcu)

    def _team_message_undelivered(self) -> None:
        send_booking_scheduled(self.booking, self.event(EventKind.SCHEDULED))
        send_team_message_undelivered(self.booking, Message.objects.in_thread(requester_thread(self.booking))[0])

    def _concern_owner(self) -> None:
        self.concern.owner, self.concern.review_date = self.officers[0], london.today()
        emails.concern_owner_chosen(self.concern, because="sample")
        self.concern.owner, self.concern.review_date = None, None

    def _auditor_alert(self) -> None:
        inspector = self.officers[0]
        finding = Finding(
            key=f"sample-{uuid.uuid4()}",
            what="Unusually many bookings opened in a day",
            at=self.now,
            who=f"{inspector.display_name}, {self.bcu.name}",
            more="34 bookings so far. Usual number: 8, colleagues’: 7.",
        )
        send_alert(finding)

    def _auditor_digest(self, *, unusual: bool) -> None:
        day = london.local(self.now).date() - datetime.timedelta(days=2 if unusual else 1)
        counts = [
            AuditCount("Looks without a claim or a walk", 4 if unusual else 0, f"reports/unassigned/?period={day}"),
            AuditCount("Changes to PINs and addresses", 2 if unusual else 0, f"reports/credentials/?period={day}"),
        ]
        send_auditor_digest(day, counts, looks=312, expires_at=self.now + datetime.timedelta(hours=11))

    def _team_new_requests(self) -> None:
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        send_team_new_requests(self.bcu, 3, since=hour - datetime.timedelta(hours=1), until=hour)

    def _digest(self) -> None:
        counts = [
            Count("Requests to answer", 7, staff_url("triage:queue")),
            Count("Walks today", 2, staff_url("on_the_day:walks")),
        ]
        team_digest(self.bcu.inbox, self.bcu.team_name, counts, key=f"sample-{uuid.uuid4()}", now=self.now)
