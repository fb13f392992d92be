"""Every kind of message to the requester, with sample data."""

import datetime
import uuid
from collections.abc import Callable

from bookings.manage.contact.emails import resent_link
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.legal_holds import LegalHold
from bookings.models.offers import Offer
from bookings.models.sharing import Guest
from bookings.notices.emails import send_booking_changed, send_booking_reminder, send_booking_scheduled
from bookings.notices.security_notices import announce_team_act, announce_wrong_pins, current_route
from bookings.notices.threads import requester_thread
from bookings.on_the_day.emails import (
    send_booking_cut_short,
    send_booking_officers_absent,
    send_booking_officers_set_off,
    send_booking_requester_absent,
)
from bookings.on_the_day.one_officer.emails import send_booking_one_officer_question
from bookings.request_form.emails import send_confirm_reminder, send_request_received, write_received
from bookings.scheduling.cancellation.emails import send_booking_cancelled_by_requester, send_booking_cancelled_by_us
from bookings.scheduling.guests.emails import send_booking_guest_question
from bookings.scheduling.offers.emails import send_booking_offer_ended, send_booking_offered, send_booking_place_offered
from bookings.scheduling.preferred_times.emails import send_change_declined, send_times_changed, send_times_passed
from bookings.scheduling.shared_walks.emails import send_booking_sharing_question
from bookings.statuses import CancelReason, DeclineReason, EventKind, Reminder, Status
from bookings.triage.decline.emails import send_booking_declined
from bookings.triage.handover.emails import send_booking_handed_over
from data_rights.copy.emails import send_booking_copy_link
from data_rights.erasure.emails import (
    send_booking_erasure_link,
    send_booking_erasure_requested,
    send_booking_erasure_undone,
)
from devtools.previews.sample_data import CHANGES, SampleMessages, Write
from feedback import emails
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.models.improvements import Improvement
from feedback.recipients import BookingRecipient
from feedback.statuses import State
from outbox.models import Message
from partners.models.partners import Partner
from walkandtalk.lib import london


class MessagesToRequester(SampleMessages):
    def list_all(self) -> list[tuple[str, Write]]:
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
            ("is-it-better", self._follow_up_question),
            ("place-told", self._place_report_received),
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
        concern.state = state
        concern.improvement = (
            Improvement(partner=Partner(name="Southwark Council")) if state == State.REFERRED else None
        )
        event = ConcernEvent.objects.record(concern, to_state=state, to_requester=to_requester)
        emails.concern_answered(concern, event)
        concern.state, concern.improvement = State.NO_ACTION, None

    def _place_report_received(self) -> None:
        emails.place_report_received(self.place_report(), now=self.now)

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
        emails.follow_up_question(BookingRecipient(self.booking), [question], now=self.now)

    def _open_one_officer_questions(self) -> None:
        event = self.event(EventKind.ONE_OFFICER_ASKED)
        send_booking_one_officer_question(self.booking, event, officer=self.officers[0])
