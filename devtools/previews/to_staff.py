"""Every kind of message to officers, inspectors and auditors, with sample data."""

import datetime
import uuid
from functools import cached_property

from accounts.emails import (
    send_address_changed,
    send_force_account_connected,
    send_new_browser,
    send_second_step_failed,
    send_signed_out_by_administrator,
)
from accounts.models import PasswordLink, SecurityEvent
from accounts.new_passwords.emails import send_password_link, send_password_set
from accounts.second_factor.emails import (
    send_factor_added,
    send_factor_removed,
    send_recovery_code_used,
    send_recovery_codes_made,
)
from administration.emails import send_identity_changed, send_moved, send_nomination_ended, send_team_colleague_left
from administration.left_behind import LeftBehind
from administration.models import Answer, Proposal, ProposedChange
from administration.proposals.applying import Notice
from administration.proposals.emails import send_answer, send_powers_changed, send_proposal, send_unanswered
from administration.proposals.values import Line
from audit.alerts.emails import send_alert
from audit.alerts.emails import send_digest as send_auditor_digest
from audit.alerts.findings import Count as AuditCount
from audit.alerts.findings import Finding
from bookings.approvals.emails import approval_requested
from bookings.control_room.emails import send_team_walk_check_closed
from bookings.delivery_problems.emails import send_team_message_undelivered
from bookings.links import staff_url
from bookings.manage.freeze.emails import booking_frozen
from bookings.manage.team_messages.emails import send_team_requester_wrote
from bookings.models.approvals import Approval
from bookings.models.events import Event
from bookings.notices.emails import send_booking_scheduled
from bookings.notices.officer_emails import (
    send_officer_assigned,
    send_officer_released,
    send_officer_walk_cancelled,
    send_officer_walk_changed,
)
from bookings.notices.threads import requester_thread
from bookings.on_the_day.emails import (
    send_officer_evening_list,
    send_team_attendance_needed,
    send_team_end_overdue,
    send_team_nobody_came,
    send_team_officer_cut_off,
    send_team_officer_with_requester,
    send_team_officer_withdrew,
    send_team_walk_cut_short,
)
from bookings.on_the_day.one_officer.emails import send_team_one_officer_answered
from bookings.on_the_day.takeover.emails import send_officer_takeover_declined, send_officer_takeover_question
from bookings.request_form.emails import send_team_new_request, send_team_new_requests
from bookings.scheduling.guests.emails import send_team_guest_answered
from bookings.scheduling.offers.emails import send_team_offer_answered
from bookings.scheduling.preferred_times.emails import send_team_change_requested
from bookings.scheduling.shared_walks.emails import send_team_sharing_answered
from bookings.statuses import ContactMethod, EventKind, Whereabouts
from bookings.triage.emails import send_team_answer_due, send_team_safeguarding
from bookings.triage.handover.emails import send_team_handed_over
from boroughs.models.officers import Officer
from devtools.previews.sample_data import CHANGES, SampleMessages, Write
from feedback import emails
from feedback.conduct.emails import ConductReport, conduct_diverted, conduct_reported
from feedback.digest.counts import Count
from feedback.digest.emails import team_digest
from outbox.models import Message
from walkandtalk.lib import london
from walks.feeds.emails import send_feed_made
from walks.models.takeovers import Takeover

ADMINISTRATORS = {21: "Adele Administrator", 22: "Amir Administrator"}


class MessagesToStaff(SampleMessages):
    def list_all(self) -> list[tuple[str, Write]]:
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
            ("account-invited", lambda: self._password_link(PasswordLink.Purpose.INVITATION, hours=72)),
            ("account-password-reset", lambda: self._password_link(PasswordLink.Purpose.RESET, hours=0.5)),
            ("account-password-set", lambda: send_password_set(officer, SecurityEvent(pk=0, at=self.now))),
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
            ("team-officer-cut-off", self._officer_cut_off),
            ("team-account-closed", self._account_closed),
            ("team-colleague-moved", lambda: self._moved("team_colleague_left", pk=1)),
            ("team-colleague-joined", lambda: self._moved("team_colleague_joined", pk=2)),
            ("account-moved", lambda: self._moved("account_moved", pk=3)),
            ("team-officer-with-her", lambda: self._team_officer_with_requester(EventKind.WAITING_WITH_REQUESTER)),
            ("team-seeing-her-to-safety", lambda: self._team_officer_with_requester(EventKind.ESCORT_BEGAN)),
            ("team-nobody-came", lambda: send_team_nobody_came(booking, self.event(EventKind.NOBODY_CAME_REPORTED))),
            ("team-requester-wrote", self._team_requester_wrote),
            ("team-called-away", lambda: send_team_walk_cut_short(walk, away)),
            ("team-go-there", lambda: send_team_attendance_needed(booking, self.event(EventKind.ATTENDANCE_NEEDED))),
            ("team-stopped", lambda: send_team_safeguarding(walk, self.event(EventKind.SAFEGUARDING))),
            ("team-not-ended", lambda: send_team_end_overdue(walk, self.event(EventKind.END_OVERDUE))),
            (
                "team-check-closed",
                lambda: send_team_walk_check_closed(walk, self.event(EventKind.WALK_CHECK_CLOSED)),
            ),
            ("team-not-delivered", self._team_message_undelivered),
            ("team-digest", self._digest),
            ("auditor-alert", self._auditor_alert),
            ("auditor-digest", lambda: self._auditor_digest(unusual=True)),
            ("auditor-digest-nothing", lambda: self._auditor_digest(unusual=False)),
            ("officer-concern-owner", self._concern_owner),
            ("standards-conduct", self._conduct_report),
            ("standards-conduct-concern", lambda: conduct_diverted(self.concern, by=officer)),
            (
                "account-new-browser",
                lambda: send_new_browser(officer, "Edge on Windows", SecurityEvent(pk=0), has_password=True),
            ),
            ("account-change-proposed", lambda: send_proposal(self._make_proposal())),
            ("account-change-answered", lambda: send_answer(self._make_proposal())),
            ("account-change-unanswered", lambda: send_unanswered(self._make_proposal())),
            ("account-name-changed", lambda: self._name_changed("account")),
            ("team-name-changed", lambda: self._name_changed("team")),
            ("team-nomination-ended", self._nomination_ended),
            ("account-powers-changed", self._powers_changed),
            ("account-factor-added", lambda: send_factor_added(officer, "webauthn", SecurityEvent(pk=0))),
            ("account-factor-removed", lambda: send_factor_removed(officer, "totp", SecurityEvent(pk=0))),
            ("account-recovery-codes-made", lambda: send_recovery_codes_made(officer, SecurityEvent(pk=0))),
            ("account-recovery-code-used", lambda: send_recovery_code_used(officer, SecurityEvent(pk=0), left=9)),
            ("account-signed-out", lambda: send_signed_out_by_administrator(officer, SecurityEvent(pk=0))),
            ("account-force-connected", lambda: send_force_account_connected(officer, SecurityEvent(pk=0))),
            ("account-second-step-failed", lambda: send_second_step_failed(officer, SecurityEvent(pk=0))),
            ("account-address-changed", self._address_changed),
            ("account-calendar-address", lambda: send_feed_made(officer, SecurityEvent(pk=0))),
        ]

    def takeover(self) -> Takeover:
        return Takeover(
            walk=self.walk, asked_by=self.officers[0], colleague=self.officers[1], start_at=self.walk.start_at
        )

    def _password_link(self, purpose: PasswordLink.Purpose, *, hours: float) -> None:
        expires_at = self.now + datetime.timedelta(hours=hours)
        event = SecurityEvent(pk=0)
        send_password_link(self.officers[0], purpose, event, token="sample", expires_at=expires_at)  # noqa: S106

    def _team_officer_with_requester(self, kind: EventKind) -> None:
        send_team_officer_with_requester(self.walk, self.officers[0], self.event(kind))

    def _officer_cut_off(self) -> None:
        send_team_officer_cut_off(self.walk, self.officers[0], self.event(EventKind.OFFICER_WITHDRAWN))

    def _address_changed(self) -> None:
        send_address_changed(self.officers[0], address_before="before@example.com", event=SecurityEvent(pk=0))

    @cached_property
    def administrators(self) -> list[Officer]:
        people = [self.data.create_officer(number, name) for number, name in ADMINISTRATORS.items()]
        Officer.objects.filter(pk__in=[person.pk for person in people]).update(
            role=Officer.Role.ADMINISTRATOR, leads_walks=False
        )
        return people

    def _make_proposal(self) -> Proposal:
        """Make a proposal of one of two administrators."""
        first, second = self.administrators
        proposal = Proposal.objects.create(asked_by=first, reason="They were promoted")
        proposal.answered_by, proposal.answer, proposal.answered_at = second, Answer.AGREED, self.now
        kind, values = ProposedChange.Kind.ACCOUNT, {"role": "inspector"}
        proposal.changes.create(kind=kind, person=self.officers[0], before={"role": "officer"}, after=values)
        return proposal

    def _powers_changed(self) -> None:
        lines = [Line("Role", "Officer", "Inspector"), Line("Work email", "before@example.com", "after@example.com")]
        send_powers_changed(self._make_proposal(), [Notice(self.officers[0].display_name, lines, set())])

    def _name_changed(self, kind: str) -> None:
        now, event = self.officers[0], SecurityEvent(pk=0)
        before = Officer(name="Olive Before", rank=now.rank, shoulder_number=now.shoulder_number)
        send_identity_changed(before, now, event)
        Message.objects.filter(dedupe_key__endswith=":0").exclude(kind=f"{kind}_name_changed").delete()

    def _nomination_ended(self) -> None:
        send_nomination_ended(self.bcu, self.officers[0], SecurityEvent(pk=0), by=None)

    def _account_closed(self) -> None:
        left = LeftBehind(walks=3, walks_going_on=0, bookings=2, concerns=1, recurring_walks=1)
        send_team_colleague_left(self.officers[0], left, SecurityEvent(pk=0))

    def _moved(self, kind: str, *, pk: int) -> None:
        """Write all messages of a move, and keep the one of this kind."""
        left = LeftBehind(walks=3, walks_going_on=0, bookings=2, concerns=1, recurring_walks=1)
        event = SecurityEvent(pk=pk, at=self.now)
        send_team_colleague_left(self.officers[0], left, event, moved_to="Central North")
        send_moved(self.officers[0], event)
        Message.objects.filter(dedupe_key__endswith=f":{pk}").exclude(kind=kind).delete()

    def _team_requester_wrote(self) -> None:
        send_team_requester_wrote(self.booking, self.event(EventKind.TEAM_MESSAGE_SENT))

    def _team_one_officer(self) -> None:
        send_team_one_officer_answered(self.walk, self.event(EventKind.ONE_OFFICER_ACCEPTED), is_settled=True)

    def _team_sharing_answered(self) -> None:
        send_team_sharing_answered(self.walk, self.event(EventKind.SHARING_ACCEPTED), may_join=True)

    def _team_guest_answered(self) -> None:
        send_team_guest_answered(self.walk, self.event(EventKind.GUEST_REFUSED), may_come=False)

    def _approval_needed(self) -> None:
        inspector = self.data.create_officer(7, "Ines Inspector")
        approval = Approval.objects.create(
            booking=self.booking, act=EventKind.PIN_RESET, method=ContactMethod.IN_PERSON, requested_by=inspector
        )
        approval_requested(self.booking, self.event(EventKind.APPROVAL_REQUESTED), approval)

    def _booking_frozen(self, kind: str) -> None:
        """Write to the reviewing inspector and the auditor, and keep the message of this kind."""
        self.booking.nominated_inspector = self.data.create_officer(
            8 if kind.startswith("team") else 9, "Nora Nominated"
        )
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

    def _conduct_report(self) -> None:
        words = "He kept asking where I live.\n\nThen he laughed when I said I wanted to go home."
        report = ConductReport(words=words, contact="07700 900123, only by text")
        conduct_reported(self.booking, report, key=uuid.uuid4())

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
