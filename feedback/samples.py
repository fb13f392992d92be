"""Every kind of message with sample data, to be looked at. The functions that write the real ones write these."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.digest import Count
from bookings.links import staff_url
from bookings.models import Assignment, Booking, BookingContact, Event, Guest, Offer, Walk, Wish
from bookings.statuses import CancelReason, Channel, DeclineReason, EventKind, Reminder, Status, Whereabouts
from boroughs.models import Borough, Officer, Rank
from feedback import emails as feedback_emails
from feedback.models import BetterQuestion, Concern, ConcernEvent, Report
from feedback.statuses import Partner, State
from outbox.models import Message
from walkandtalk.lib import london, tokens

Write = Callable[[], object]
SAID_BY_HER_PAGE = {"wish-changed"}
"""Her own act: no discreet message is written of it."""
CHANGES = ["The walk now starts at 7pm.", "The officers and the phrase have changed."]


@dataclass(frozen=True)
class Sample:
    name: str
    """The kind, and "discreet" where it is the neutral form."""
    message: Message


def samples(*, only: str = "") -> list[Sample]:
    """Written and read in a transaction that is taken back: nothing is kept, and nothing is sent."""
    with transaction.atomic():
        found = list(written(Scene(), only=only))
        transaction.set_rollback(True)
    return found


def written(scene: "Scene", *, only: str = "") -> Iterator[Sample]:
    """Each kind, in the full form and in the discreet one, as its turn comes."""
    for channel, form in ((Channel.FULL, ""), (Channel.DISCREET, "-discreet")):
        scene.booking.channel = channel
        for name, write in scene.to_her():
            if only in ("", f"{name}{form}") and not (form and name in SAID_BY_HER_PAGE):
                yield _sample(f"{name}{form}", write)
    scene.booking.channel = Channel.FULL
    for name, write in scene.to_staff():
        if only in ("", name):
            yield _sample(name, write)


def _sample(name: str, write: Write) -> Sample:
    before = Message.objects.order_by("-number").values_list("number", flat=True).first() or 0
    write()
    return Sample(name, Message.objects.filter(number__gt=before).latest("number"))


class Scene:
    """One woman, her walk and its officers."""

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
            phrase_they="green lantern",
            phrase_you="silver river",
        )
        for officer in self.officers:
            Assignment.objects.create(walk=self.walk, officer=officer, period=self.walk.period())
        self.booking = self._booking(borough, start_at)
        report = Report.objects.create(
            submission=uuid.uuid4(), person_key=uuid.uuid4(), booking=self.booking, walk=self.walk
        )
        self.concern = Concern.objects.create(
            report=report, bcu=self.bcu, told_at=self.now, kind="lighting", place="", text="", state=State.NO_ACTION
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
            draft_uuid=uuid.uuid4(),
            bcu=self.bcu,
            borough=borough,
            walk=self.walk,
            status=Status.SCHEDULED,
            confirmed_at=self.now,
            needed_at=start_at,
            answer_due_at=start_at - datetime.timedelta(days=5),
            channel=Channel.FULL,
        )
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
        Wish.objects.create(booking=booking, rank=1, date=local.date(), start=local.time())
        return booking

    def event(self, kind: EventKind, **fields: str) -> Event:
        return Event.objects.create(booking=self.booking, kind=kind, **fields)

    def to_her(self) -> list[tuple[str, Write]]:
        booking = self.booking
        return [
            ("received", lambda: emails.request_received(booking, wishes=booking.wishes_now())),
            ("confirm-reminder", lambda: emails.confirm_reminder(booking, self.event(EventKind.REMINDED))),
            ("link", lambda: emails.link_sent_again(booking, request_id=str(uuid.uuid4()))),
            ("handed-over", lambda: emails.booking_handed_over(booking, self.event(EventKind.HANDED_OVER))),
            ("offered", self._offered),
            ("place-offered", self._place_offered),
            ("asked-about-company", self._asked_about_company),
            ("asked-about-guest", self._asked_about_guest),
            ("offer-ended", lambda: emails.booking_offer_ended(booking, self.event(EventKind.OFFER_LAPSED))),
            ("scheduled", lambda: emails.booking_scheduled(booking, self.event(EventKind.SCHEDULED))),
            ("changed", lambda: emails.booking_changed(booking, self.event(EventKind.CHANGED), changes=CHANGES)),
            ("wish-changed", self._wish_changed),
            ("plan-stands", lambda: emails.plan_stands(booking, self.event(EventKind.PLAN_STANDS, note="Sorry!"))),
            ("reminder", lambda: self._reminder(Reminder.DAY_BEFORE)),
            ("reminder-two-hours-before", lambda: self._reminder(Reminder.TWO_HOURS)),
            ("asked-about-one", self._asked_about_one),
            ("set-off", lambda: emails.booking_set_off(booking, self.event(EventKind.SET_OFF))),
            ("declined", lambda: self._ended(emails.booking_declined, EventKind.DECLINED)),
            ("not-answered", lambda: emails.not_answered(booking, self.event(EventKind.NOT_ANSWERED))),
            ("cancelled-by-us", lambda: self._ended(emails.booking_cancelled_by_us, EventKind.CANCELLED_BY_US)),
            ("cancelled-by-her", lambda: self._ended(emails.booking_cancelled_by_her, EventKind.CANCELLED_BY_HER)),
            ("missed-by-her", self._missed_by_her),
            ("missed-by-us", lambda: self._ended(emails.booking_missed_by_us, EventKind.MISSED_BY_US)),
            ("called-away", lambda: self._ended(emails.booking_called_away, EventKind.CALLED_AWAY)),
            ("after-walk", lambda: self._anew(lambda: feedback_emails.after_walk(booking, now=self.now))),
            ("what-we-heard", lambda: self._anew(lambda: feedback_emails.what_we_heard(booking, self.concern.report))),
            ("concern-answered", lambda: self._answered(State.NO_ACTION, to_her="the path belongs to the railway.")),
            ("concern-referred", lambda: self._answered(State.REFERRED, to_her="they mend the lamps of that road.")),
            ("concern-joined", lambda: self._answered(State.MERGED)),
            ("is-it-better", self._is_it_better),
        ]

    def _anew(self, write: Write) -> None:
        """Of some things there is one message only: the sample of the other form has to go first."""
        Message.objects.in_thread(emails.her_thread(self.booking)).delete()
        write()

    def _offered(self) -> None:
        offer = Offer(
            booking=self.booking,
            start_at=self.walk.start_at,
            place="Peckham Rye",
            expires_at=self.now + datetime.timedelta(days=2),
        )
        emails.booking_offered(self.booking, self.event(EventKind.OFFERED), offers=[offer])

    def _place_offered(self) -> None:
        offer = Offer(
            booking=self.booking,
            walk=self.walk,
            start_at=self.walk.start_at,
            place="Peckham Rye",
            expires_at=self.now + datetime.timedelta(days=2),
        )
        emails.booking_place_offered(self.booking, self.event(EventKind.OFFERED), offer=offer)

    def _asked_about_company(self) -> None:
        emails.booking_asked_about_company(self.booking, self.event(EventKind.COMPANY_ASKED))

    def _asked_about_guest(self) -> None:
        guest = Guest(walk=self.walk, name="Amira Khan", role="chair of the ward panel", organisation="Southwark")
        emails.booking_asked_about_guest(self.booking, self.event(EventKind.GUEST_ASKED), guest=guest)

    def _wish_changed(self) -> None:
        emails.wish_changed(self.booking, self.event(EventKind.ASKED_AGAIN))

    def _reminder(self, which: Reminder) -> None:
        emails.booking_reminder(self.booking, self.event(EventKind.REMINDED, code=which))

    def _ended(self, write: Callable[[Booking, Event], None], kind: EventKind) -> None:
        booking, was = self.booking, (self.booking.status, self.booking.outcome_code)
        ends = {
            EventKind.DECLINED: (Status.DECLINED, DeclineReason.NO_OFFICERS),
            EventKind.CANCELLED_BY_US: (Status.CANCELLED_BY_US, CancelReason.ILLNESS),
        }
        booking.status, booking.outcome_code = ends.get(kind, was)
        write(booking, self.event(kind, note="We are looking for another evening."))
        booking.status, booking.outcome_code = was

    def _missed_by_her(self) -> None:
        emails.booking_missed_by_her(self.booking, self.event(EventKind.NOT_THERE), send_after=None)

    def _answered(self, state: State, to_her: str = "") -> None:
        concern = self.concern
        concern.state, concern.referred_to = state, Partner.COUNCIL
        concern.merged_into = Concern(state=State.ACCEPTED) if state == State.MERGED else None
        event = ConcernEvent.objects.create(concern=concern, to_state=state, to_her=to_her)
        feedback_emails.concern_answered(concern, event)
        concern.state, concern.merged_into = State.NO_ACTION, None

    def _is_it_better(self) -> None:
        words = "The council has mended the lamp and cut back the hedge."
        self.concern.told_at = self.now - datetime.timedelta(days=70)
        weeks_ago = self.now - datetime.timedelta(weeks=4)
        event = ConcernEvent.objects.create(
            concern=self.concern,
            to_state=State.RESOLVED,
            to_her=words,
            at=weeks_ago,
            done_date=london.local(weeks_ago).date(),
        )
        question = BetterQuestion.objects.create(event=event, asked_at=self.now)
        feedback_emails.is_it_better(self.booking, [question], now=self.now)

    def to_staff(self) -> list[tuple[str, Write]]:
        booking, walk, officer = self.booking, self.walk, self.officers[0]
        away = Event(uuid=uuid.uuid4(), walk=walk, kind=EventKind.CALLED_AWAY, code=Whereabouts.ALONE)
        return [
            ("officer-assigned", lambda: emails.officer_assigned(walk, officer)),
            ("officer-changed", lambda: emails.officer_walk_changed(walk, officer, changes=CHANGES)),
            ("officer-released", lambda: emails.officer_released(walk, officer)),
            ("officer-cancelled", lambda: emails.officer_walk_cancelled(walk, officer)),
            ("officer-tonight", lambda: emails.officer_tonight(officer, [walk, walk], now=self.now)),
            ("team-new-request", lambda: emails.team_new_request(booking)),
            ("team-answer-at-risk", lambda: emails.team_answer_owed(booking, self.event(EventKind.AT_RISK))),
            ("team-answer-late", lambda: emails.team_answer_owed(booking, self.event(EventKind.LATE))),
            ("team-handed-over", self._team_handed_over),
            ("team-offer-answered", lambda: emails.team_offer_answered(booking, self.event(EventKind.OFFER_LAPSED))),
            ("team-one-officer", self._team_one_officer),
            ("team-company-answered", self._team_company_answered),
            ("team-guest-answered", self._team_guest_answered),
            ("team-asked-again", lambda: emails.team_asked_again(booking, self.event(EventKind.ASKED_AGAIN))),
            ("team-officer-left", lambda: emails.team_officer_left(walk, officer, self.event(EventKind.OFFICER_LEFT))),
            ("team-nobody-came", lambda: emails.team_nobody_came(booking, self.event(EventKind.NOBODY_CAME))),
            ("team-called-away", lambda: emails.team_called_away(walk, away)),
            ("team-go-there", lambda: emails.team_go_there(booking, self.event(EventKind.GO_THERE))),
            ("team-stopped", lambda: emails.team_stopped(walk, self.event(EventKind.SAFEGUARDING))),
            ("team-not-ended", lambda: emails.team_not_ended(walk, self.event(EventKind.NOT_ENDED))),
            ("team-not-delivered", self._team_not_delivered),
            ("team-digest", self._digest),
        ]

    def _asked_about_one(self) -> None:
        event = self.event(EventKind.ASKED_ABOUT_ONE)
        emails.booking_asked_about_one(self.booking, event, officer=self.officers[0])

    def _team_one_officer(self) -> None:
        emails.team_one_officer_answered(self.walk, self.event(EventKind.ONE_WILL_DO), is_settled=True)

    def _team_company_answered(self) -> None:
        emails.team_company_answered(self.walk, self.event(EventKind.COMPANY_AGREED), may_join=True)

    def _team_guest_answered(self) -> None:
        emails.team_guest_answered(self.walk, self.event(EventKind.GUEST_REFUSED), may_come=False)

    def _team_handed_over(self) -> None:
        emails.team_handed_over(self.booking, self.event(EventKind.HANDED_OVER), came_from=self.bcu)

    def _team_not_delivered(self) -> None:
        emails.booking_scheduled(self.booking, self.event(EventKind.SCHEDULED))
        emails.team_not_delivered(self.booking, Message.objects.in_thread(emails.her_thread(self.booking))[0])

    def _digest(self) -> None:
        counts = [Count("Requests to answer", 7, staff_url("bookings")), Count("Walks today", 2, staff_url("walks"))]
        feedback_emails.team_digest(
            self.bcu.inbox, self.bcu.team_name, counts, key=f"sample-{uuid.uuid4()}", now=self.now
        )
