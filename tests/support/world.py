"""Rows for every address of the service, and the data to send to each address."""

import copy
import datetime
import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import PasswordLink
from administration.models import ProposedChange
from administration.proposals.actions import Change, propose
from bookings.approvals.actions import request_approval
from bookings.manage.freeze.actions import freeze_booking
from bookings.manage.team_messages.actions import message_team
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.models.one_officer import OneOfficerQuestion
from bookings.read_log import record_reason
from bookings.request_form.actions import PhoneBooking, request_booking
from bookings.request_form.forms.send import SendForm
from bookings.request_form.questions import booking_request
from bookings.retention.holds import Hold, place_hold
from bookings.statuses import Channel, ConsentAnswer, EventKind, ReadReason, StaffBookingMethod, Status
from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from boroughs.posters.actions import make_poster_place
from feedback.models.places import ReportedPlace
from feedback.statuses import State
from tests.support import people as support_people
from tests.support.addresses import NEUTRAL, URLCONFS
from tests.support.drafts_and_messages import make_complete_draft, make_undelivered_officer_message
from tests.support.factories import (
    PASSWORD,
    BookingFactory,
    BoroughFactory,
    ClaimFactory,
    GuestFactory,
    InspectorFactory,
    OfferFactory,
    OfficerFactory,
    RecurringWalkFactory,
    SafeguardingFlagFactory,
    SharingConsentFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import (
    REVIEW_DATE,
    ConcernFactory,
    ImprovementFactory,
    make_completed_booking,
    make_follow_up_question,
    make_referral,
)
from tests.support.following import follow_data, make_follower
from tests.support.form_data import (
    STEP_FREE,
    change_data,
    confirmed_adjustments_data,
    date_data,
    offer_data,
    phone_booking_data,
    plan_data,
    recurring_walk_data,
)
from tests.support.many import ticks
from tests.support.partners import make_partner
from tests.support.place_reports import link_to, make_place_report, make_place_report_question, place_report_data
from tests.support.published import make_snapshot_of
from tests.support.requester_pages import PIN
from tests.support.second_factors import add_factors
from tests.support.spoken_with import IN_PERSON, IN_PERSON_DATA, show_number
from tests.support.staff_sessions import sign_in_elsewhere
from tests.support.undo import decline_with_hold
from walkandtalk.lib import london
from walkandtalk.lib.rows import save_changes
from walks.feeds.actions import create_feed
from walks.models.takeovers import Takeover
from walks.models.walks import UNDO_WITHIN
from walks.statuses import WalkStatus

NEW_PASSWORD = "quiet lanterns by the river"


@dataclass
class World:
    """People, arguments and form data for every address."""

    people: dict
    cookie: str
    args: dict
    answers: dict = field(default_factory=dict)
    queries: dict = field(default_factory=dict)
    """The query strings of addresses that need one."""

    def copy(self):
        """Return a copy, for a test whose rows are rolled back but whose objects are not."""
        return copy.deepcopy(self)

    def path(self, name):
        prefix = NEUTRAL if name.startswith(NEUTRAL) else ""
        public_name = name.removeprefix(prefix)
        path = reverse(public_name, urlconf=URLCONFS[prefix], args=self.args.get(public_name, []))
        return path + self.queries.get(public_name, "")

    def enter(self, user, **options):
        """Return a test client signed in as this user, with a half-finished request in its cookies."""
        client = Client(**options)
        if person := self.people[user]:
            client.force_login(person)
        client.cookies[settings.ANSWERS_COOKIE_NAME] = self.cookie
        return client

    def ask(self, client, name, method="GET", **options):
        """Return the view's response. Restore the cookies, so that one request does not affect the next."""
        host = settings.DISCREET_HOST if name.startswith(NEUTRAL) else "testserver"
        cookies = copy.deepcopy(client.cookies)
        if method == "POST":
            options = {"data": self.answers.get(name.removeprefix(NEUTRAL), {})} | options
        response = getattr(client, method.lower())(self.path(name), headers={"host": host}, **options)
        client.cookies = cookies
        return response


def new_world():
    """Build a world with its own people, to be built once for many tests."""
    southwark, camden = BoroughFactory(), support_people.make_camden()
    return build_world(
        inspector=support_people.make_inspector(southwark.bcu),
        officer=support_people.make_officer(southwark.bcu),
        second_officer=support_people.make_second_officer(southwark.bcu),
        stranger=support_people.make_stranger(camden.bcu),
        lead=support_people.make_lead(),
        administrator=support_people.make_administrator(),
        auditor=support_people.make_auditor(),
        control_room=support_people.make_control_room(),
    )


def build_world(*, inspector, officer, second_officer, stranger, lead, administrator, auditor, control_room):
    team = [officer, second_officer]
    borough = inspector.bcu.boroughs.get()
    waiting = BookingFactory(borough=borough)
    safeguarding = SafeguardingFlagFactory(booking__borough=borough, by=officer).booking
    being_erased = BookingFactory(
        borough=borough, status=Status.CANCELLED_BY_REQUESTER, erasure_due_at=in_days(1), contact__name="Edith Erased"
    )
    claimed = ClaimFactory(booking__borough=borough, officer=inspector).booking
    unconfirmed = BookingFactory(borough=borough, confirmed_at=None, contact__phone_rules=["call"])
    frozen = BookingFactory(borough=borough)
    freeze_booking(frozen)
    colleague_inspector = InspectorFactory(bcu=inspector.bcu)
    held = BookingFactory(borough=borough)
    place_hold(held, Hold(until=in_days(30).date(), reason="Complaint 12 of 2026"), by=auditor)
    approval = request_approval(waiting, EventKind.PIN_RESET, IN_PERSON, by=colleague_inspector)
    offered = OfferFactory(booking__borough=borough)
    in_50_minutes = timezone.now() + datetime.timedelta(minutes=50)
    tonight = scheduled_booking(
        team, borough=borough, walk=_walk(team, start_at=in_50_minutes), contact__phone_rules=["call"]
    )
    message_team(tonight, words="My friend waits with me.")
    team_message = tonight.team_messages.get()
    show_number(tonight, by=inspector)
    show_number(unconfirmed, by=inspector)
    started = {"status": WalkStatus.UNDER_WAY, "started_at": in_days(-1)}
    under_way = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(-1), **started))
    just_now = timezone.now() - datetime.timedelta(minutes=1)
    undo_until = just_now + UNDO_WITHIN
    just_started = {"status": WalkStatus.UNDER_WAY, "started_at": just_now, "undo_until": undo_until}
    start_to_undo = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(-6), **just_started))
    end_to_undo = make_completed_booking(team, borough=borough, start_at=in_days(-7))
    save_changes(end_to_undo.walk, undo_until=undo_until)
    due_12_minutes_ago = {"start_at": timezone.now() - datetime.timedelta(minutes=12), "minutes": 20}
    overdue = scheduled_booking(team, borough=borough, walk=_walk(team, **due_12_minutes_ago))
    absent = BookingFactory(borough=borough, walk=overdue.walk, status=Status.REQUESTER_ABSENT)
    outcome_missing = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(-3)))
    cancelled = BookingFactory(borough=borough, status=Status.CANCELLED_BY_US, outcome_code="illness")
    stopped = BookingFactory(borough=borough, contact__messages_stopped_at=timezone.now())
    change_requested = scheduled_booking(
        team, borough=borough, walk=_walk(team, start_at=in_days(20)), change_requested_at=timezone.now()
    )
    short = scheduled_booking([officer], borough=borough, walk=_walk([officer], start_at=in_days(30)))
    short_not_ended = scheduled_booking([officer], borough=borough, walk=_walk([officer], start_at=in_days(-5)))
    one_officer_asked = scheduled_booking(
        [officer], borough=borough, walk=_walk([officer], start_at=in_days(31)), contact__phone_rules=["call"]
    )
    question = OneOfficerQuestion.objects.create(booking=one_officer_asked, walk=one_officer_asked.walk, by=inspector)
    consent_asked = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(14)))
    SharingConsentFactory(booking=consent_asked)
    guest = GuestFactory(walk=consent_asked.walk)
    recurring_walk = RecurringWalkFactory(bcu=inspector.bcu, officers=team)
    today = london.today()
    next_date = next(recurring_walk.dates(today + datetime.timedelta(days=2), today + datetime.timedelta(days=10)))
    sharing_agreed = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(15)))
    SharingConsentFactory(booking=sharing_agreed, answer=ConsentAnswer.YES, answered_at=timezone.now())
    completed = make_completed_booking(team, borough=borough, start_at=in_days(-2))
    concern = ConcernFactory(report__booking=completed)
    told_us = make_place_report(borough)
    told_us_question = make_place_report_question(told_us)
    unconfirmed_report = make_place_report(borough, is_confirmed=False)
    follower, _confirmed = make_follower(borough.slug)
    _follower, unconfirmed_update = make_follower(borough.bcu.slug, confirmed=False)
    found_by_pin = make_place_report(borough, channel=Channel.NONE)
    recorded_concern = ConcernFactory(report__booking=completed, report__by_officer=officer)
    owned = {"owner": inspector, "review_date": REVIEW_DATE}
    accepted = ConcernFactory(report=recorded_concern.report, state=State.ACCEPTED, **owned)
    improvement = ImprovementFactory(borough=borough, owner=inspector)
    part_of = {"improvement": improvement, "consent": True}
    joined = ConcernFactory(report=accepted.report, state=State.ACCEPTED, **part_of, **owned)
    ended = ImprovementFactory(borough=borough, owner=inspector, state=State.NO_ACTION)
    nobodys = ImprovementFactory(borough=borough, owner=stranger)
    words = {"public_words": "The lamps work again.", "words_by": inspector}
    with_words = ImprovementFactory(borough=borough, owner=inspector, **words)
    partner = make_partner("Example Lights", boroughs=[borough], inbox="lights@council.example.com")
    referral, partner_token = make_referral(ImprovementFactory(borough=borough, owner=inspector), partner)
    place = ReportedPlace.objects.create(bcu=borough.bcu, borough=borough, lat=51.468, lon=-0.069, name="Near the park")
    poster_place = make_poster_place(borough, "Nunhead Library", by=inspector)
    resolved = ConcernFactory(report=recorded_concern.report, state=State.RESOLVED, **owned)
    follow_up = make_follow_up_question(resolved)
    colleague = OfficerFactory(bcu=inspector.bcu, name="Nora Notonit")
    plain = {"contact__needs": [], "contact__needs_details": ""}
    without_needs = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(21)), **plain)
    given_away = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(22)), **plain).walk
    away = OfficerFactory(bcu=inspector.bcu, name="Abby Away", is_available=False)
    Unavailability.objects.create(officer=away, by=inspector)
    Unavailability.objects.create(officer=away, by=auditor, is_vetting=True)
    takeover = Takeover.objects.create(
        walk=given_away, asked_by=officer, colleague=colleague, start_at=given_away.start_at
    )
    draft, cookie = make_complete_draft(borough=borough.gss)
    phone_draft, _cookie = make_complete_draft(borough=borough.gss, phone_booking={"how": "phone"})
    sent_phone_draft, _cookie = make_complete_draft(borough=borough.gss, email="", phone_booking={"how": "phone"})
    Draft.objects.filter(pk__in=[phone_draft.pk, sent_phone_draft.pk]).update(by=inspector)
    sent_phone_draft.refresh_from_db()
    phone_answers = {**sent_phone_draft.answers, "contact": {**sent_phone_draft.answers["contact"], "channel": "none"}}
    by_phone = PhoneBooking(by=inspector, how=StaffBookingMethod.PHONE, spoken=False)
    request_booking(sent_phone_draft, request=booking_request(phone_answers), phone_booking=by_phone)
    undelivered = make_undelivered_officer_message(tonight.walk, officer)
    decision = decline_with_hold(BookingFactory(borough=borough), inspector)
    give_reasons(inspector)
    invited = OfficerFactory(role=Officer.Role.LEAD, name="Ida Invited", **support_people.NO_BCU)
    save_changes(invited, password=make_password(None))
    passkey = add_factors(lead)[0]
    other_administrator = support_people.make_administrator()
    gone = OfficerFactory(bcu=inspector.bcu, name="Gwen Gone", is_active=False)
    started = OfficerFactory(bcu=inspector.bcu, name="Nadia Noapp")
    change = Change(kind=ProposedChange.Kind.ACCOUNT, subject=second_officer, after={"role": "inspector"})
    proposal = propose([change], by=other_administrator, reason="Promoted")
    world = World(
        people={
            "signed_out": None,
            "on_it": officer,
            "not_on_it": colleague,
            "inspector": inspector,
            "stranger": stranger,
            "lead": lead,
            "administrator": administrator,
            "auditor": auditor,
            "control_room": control_room,
            "not_told_why": colleague_inspector,
        },
        cookie=cookie,
        args={
            "account_closure:close": [colleague.pk],
            "sign_out:everywhere": [colleague.pk],
            "people:powers": [colleague.pk],
            "people:reopen": [gone.pk],
            "people:start_again": [started.pk],
            "teams:team": [stranger.bcu.pk],
            "teams:borough": [borough.pk],
            "partners:contacts": [make_partner().pk],
            "proposals:proposal": [proposal.pk],
            "proposals:refuse": [proposal.pk],
            "accounts:password_link": [link_for(invited)],
            "invitation:send_again": [invited.pk],
            "accounts:end_session": [sign_in_elsewhere(inspector).pk],
            "mfa_edit_webauthn": [passkey.pk],
            "mfa_remove_webauthn": [passkey.pk],
            "open_data:quarter_json": [make_snapshot_of("2024-Q1", [borough.bcu.code]).quarter.code],
            "what_women_told_us:area": [borough.slug],
            "what_women_told_us:report": ["2024-Q1"],
            "boroughs:area": [borough.slug],
            "boroughs:area-picture": [borough.slug],
            "boroughs:poster": [borough.slug],
            "boroughs:poster-a5": [borough.slug],
            "posters:poster": [poster_place.pk],
            "posters:poster-a5": [poster_place.pk],
            "posters:take_down": [poster_place.pk],
            "request_form:question": ["name"],
            "manage:page": [token_for(tonight)],
            "manage:confirm": [token_for(unconfirmed)],
            "manage:freeze": [token_for(waiting)],
            "manage:report_not_mine": [token_for(unconfirmed)],
            "manage:answer_offer": [token_for(offered.booking)],
            "manage:sharing_consent": [token_for(consent_asked)],
            "manage:cancel": [token_for(tonight)],
            "manage:ask_again": [token_for(completed)],
            "manage:change_address": [token_for(waiting)],
            "manage:unsafe_inbox": [token_for(waiting)],
            "manage:resume_messages": [token_for(stopped)],
            "manage:request_other_times": [token_for(waiting)],
            "manage:acknowledge": [token_for(tonight)],
            "manage:report_nobody_came": [token_for(under_way)],
            "manage:stop_messages": [token_for(tonight)],
            "manage:calendar": [token_for(tonight)],
            "manage:map": [token_for(tonight)],
            "data_rights:copy": [token_for(completed)],
            "data_rights:read_copy": [token_for(completed)],
            "data_rights:download_copy": [token_for(completed)],
            "data_rights:erase": [token_for(completed)],
            "data_rights:undo_erasure": [token_for(being_erased)],
            "send_links:send_copy": [waiting.pk],
            "send_links:send_erasure_link": [waiting.pk],
            "manage:message_team": [token_for(tonight)],
            "feedback:submit_report": [token_for(completed)],
            "feedback:thanks": [token_for(completed)],
            "feedback:about_the_walk": [token_for(completed)],
            "feedback:conduct": [token_for(completed)],
            "feedback:conduct_sent": [token_for(completed)],
            "feedback:recorded_notes": [token_for(completed)],
            "feedback:correct": [token_for(completed), recorded_concern.pk],
            "feedback:follow_up": [token_for(completed)],
            "tell_us:place": [borough.slug],
            "tell_us:page": [link_to(told_us)],
            "tell_us:confirm": [link_to(unconfirmed_report)],
            "tell_us:not_mine": [link_to(unconfirmed_report)],
            "tell_us:follow_up": [link_to(told_us)],
            "tell_us:stop_messages": [link_to(told_us)],
            "tell_us:delete": [link_to(told_us)],
            "following:follow_area": [borough.slug],
            "updates:confirm": [unconfirmed_update],
            "updates:open": [follower.token],
            "updates:stop": [follower.token],
            "feedback:answer": [accepted.pk],
            "feedback:concern": [concern.pk],
            "feedback:join": [concern.pk],
            "feedback:improve": [accepted.pk],
            "feedback:place": [concern.pk],
            "feedback:answer_improvement": [improvement.pk],
            "improvements:improvement": [improvement.pk],
            "improvements:hand_over": [improvement.pk],
            "improvements:take": [nobodys.pk],
            "improvements:change": [improvement.pk],
            "improvements:reopen": [ended.pk],
            "feedback:leave": [joined.pk],
            "improvements:public_words": [improvement.pk],
            "improvements:approve": [with_words.pk],
            "places:place": [place.pk],
            "referrals:refer": [improvement.pk],
            "referrals:note_answer": [referral.pk],
            "referrals:ask_again": [referral.pk],
            "partner_answers:answer": [partner_token],
            "partner_answers:thanks": [partner_token],
            "partner_answers:new_link": [partner_token],
            "feedback:hand_over": [accepted.pk],
            "feedback:take": [concern.pk],
            "feedback:record_concern": [under_way.walk.pk],
            "feedback:walk_note": [under_way.walk.pk],
            "triage:booking": [waiting.pk],
            "triage:mark_safeguarding": [waiting.pk],
            "triage:close_safeguarding": [safeguarding.pk],
            "on_the_day:mark_safeguarding": [tonight.walk.pk],
            "triage:claim": [waiting.pk],
            "triage:give_reason": [waiting.pk],
            "triage:give_reason_on_walk": [tonight.walk.pk],
            "triage:release_claim": [claimed.pk],
            "triage:add_note": [waiting.pk],
            "scheduling:schedule": [waiting.pk],
            "scheduling:offer_times": [waiting.pk],
            "scheduling:withdraw_offer": [offered.booking.pk],
            "scheduling:offer_place": [waiting.pk],
            "scheduling:ask_to_share_walk": [change_requested.walk.pk],
            "walks:recurring_walk": [recurring_walk.pk],
            "walks:pause_recurring_walk": [recurring_walk.pk],
            "scheduling:offer_recurring_walk": [waiting.pk],
            "on_the_day:briefing": [tonight.walk.pk],
            "scheduling:invite_guest": [change_requested.walk.pk],
            "scheduling:withdraw_guest": [consent_asked.walk.pk, guest.pk],
            "triage:hand_over": [waiting.pk],
            "triage:decline": [waiting.pk],
            "undo:undo": [decision.pk],
            "undo:messages": [decision.pk],
            "scheduling:cancel": [tonight.pk],
            "scheduling:decline_change_request": [change_requested.pk],
            "pins:reset_pin": [unconfirmed.pk],
            "freeze:lift": [frozen.pk],
            "team_messages:read": [tonight.pk, team_message.pk],
            "approvals:approve": [approval.pk],
            "audit:report": ["unassigned"],
            "audit:download": ["looks"],
            "audit:hold": [waiting.pk],
            "audit:end_hold": [held.pk],
            "audit:keep_off_walks": [officer.pk],
            "audit:allow_on_walks": [away.pk],
            "triage:read_out_card": [tonight.pk],
            "triage:confirm_by_phone": [unconfirmed.pk],
            "triage:record_contact": [cancelled.pk],
            "triage:reveal_phone": [waiting.pk],
            "calendar-feed": [create_feed(officer)],
            "staff_calendar:day": [tonight.walk.date],
            "walks:officer_duties": [officer.pk],
            "walks:weekly_duty": [officer.pk],
            "walks:duty_days": [officer.pk],
            "walks:leave": [officer.pk],
            "on_the_day:not_available": [officer.pk],
            "on_the_day:available_again": [away.pk],
            "on_the_day:record_outcome": [outcome_missing.pk],
            "delivery_problems:resend": [waiting.pk],
            "delivery_problems:resend_to_staff": [undelivered.pk],
            "delivery_problems:mark_staff_informed": [undelivered.pk],
            "delivery_problems:correct_address": [waiting.pk],
            "phone_bookings:details": [phone_draft.pk],
            "phone_bookings:read_back": [phone_draft.pk],
            "phone_bookings:sent": [sent_phone_draft.pk],
            "phone_bookings:issue_pin": [sent_phone_draft.pk],
            "on_the_day:walk": [tonight.walk.pk],
            "on_the_day:walk_map": [tonight.walk.pk],
            "on_the_day:phrase": [tonight.walk.pk],
            "on_the_day:ask_about_one_officer": [short.walk.pk],
            "on_the_day:record_one_officer_answer": [one_officer_asked.walk.pk, question.pk],
            "manage:one_officer": [token_for(one_officer_asked)],
            "on_the_day:set_off": [tonight.walk.pk],
            "on_the_day:arrive": [tonight.walk.pk],
            "on_the_day:wait_with_requester": [short_not_ended.walk.pk],
            "on_the_day:escort_to_safety": [short_not_ended.walk.pk],
            "on_the_day:record_no_show": [overdue.walk.pk, overdue.pk],
            "on_the_day:record_late_arrival": [overdue.walk.pk, absent.pk],
            "on_the_day:cut_walk_short": [overdue.walk.pk],
            "scheduling:change_walk": [tonight.walk.pk],
            "on_the_day:start_walk": [tonight.walk.pk],
            "on_the_day:end_walk": [under_way.walk.pk],
            "on_the_day:ask_colleague": [without_needs.walk.pk],
            "on_the_day:accept_takeover": [takeover.pk],
            "on_the_day:decline_takeover": [takeover.pk],
            "on_the_day:withdraw_takeover": [takeover.pk],
            "on_the_day:undo_start": [start_to_undo.walk.pk],
            "on_the_day:undo_end": [end_to_undo.walk.pk],
            "on_the_day:withdraw": [tonight.walk.pk],
            "on_the_day:reveal_phone": [tonight.walk.pk, tonight.pk],
        },
    )
    answers = {"submission": str(uuid.uuid4()), "place_kinds": ["lighting"], "place": "The path behind the library"}
    world.queries = dict.fromkeys(
        ["bulk:move", "bulk:close", "bulk:lead_walks", "bulk:stop_leading_walks"], f"?person={colleague.pk}"
    )
    world.answers = {
        "request_form:start": {"danger": "no"},
        "request_form:question": {"name": "Someone else"},
        "request_form:check": SendForm(draft=draft.pk, now=timezone.now()).initial,
        "manage:change_address": {"email": "right@example.com"},
        "manage:unsafe_inbox": {"channel": "none", "pin": "402817"},
        "manage:request_other_times": {
            **date_data("first_date", days=12),
            "first_start": "6:30pm",
            "meeting_place": "Nunhead station",
        },
        "manage:find_booking": {"reference": tonight.reference},
        "manage:answer_offer": {"choice": str(offered.pk), "of": str(offered.pk)},
        "manage:one_officer": {"of": str(question.pk), "answer": "yes"},
        "on_the_day:ask_about_one_officer": {"version": short.walk.version},
        "on_the_day:record_one_officer_answer": {"answer": "yes", **IN_PERSON_DATA},
        "manage:sharing_consent": {"may_join": "yes"},
        "manage:message_team": {"words": "I’ll be five minutes late."},
        "manage:acknowledge": {"version": tonight.version},
        "data_rights:copy": {"pin": PIN},
        "data_rights:erase": {"pin": PIN},
        "data_rights:undo_erasure": {"pin": PIN},
        "feedback:submit_report": answers,
        "feedback:about_the_walk": {"listened": "yes", "again": "no"},
        "feedback:conduct": {"submission": answers["submission"], "words": "He shouted at me."},
        "feedback:record_concern": {**answers, "booking": str(under_way.pk)},
        "feedback:correct": {"what": "correct", "version": 0, "place": "The other path", "text": "It was earlier."},
        "feedback:walk_note": {
            "submission": answers["submission"],
            "booking": str(under_way.pk),
            "noted": ["as_planned"],
        },
        "feedback:follow_up": {f"better_{follow_up.pk.hex}": "no"},
        "tell_us:area": {"place": "Peckham Rye"},
        "tell_us:place": place_report_data(),
        "following:follow": follow_data(),
        "following:follow_area": follow_data(),
        "tell_us:find": {"reference": found_by_pin.reference, "pin": PIN},
        "tell_us:follow_up": {f"better_{told_us_question.pk.hex}": "no"},
        "feedback:answer": {"outcome": "no_action", "words": "It is private land.", "version": accepted.version},
        "feedback:concern": {"outcome": "screening", "owner": inspector.pk, "version": 0},
        "feedback:find_concerns": {"words": "lights"},
        "feedback:hand_over": {"owner": colleague_inspector.pk, "version": accepted.version},
        "feedback:join": {"improvement": improvement.pk, "version": 0},
        "feedback:improve": {
            "change": "Mend the lamp",
            "where": "Rye Lane",
            "kind": "lighting",
            "version": accepted.version,
            **date_data("review_date", days=20),
        },
        "feedback:place": {"point": str(place.map_point), "version": concern.version},
        "feedback:answer_improvement": {"outcome": "no_action", "words": "It is private land.", "version": 0},
        "posters:new": {"borough": borough.pk, "name": "Nunhead station"},
        "improvements:hand_over": {"owner": colleague_inspector.pk, "version": 0},
        "improvements:change": {
            "change": "Mend both lamps",
            "where": "Rye Lane",
            "kind": "lighting",
            "version": 0,
            **date_data("review_date", days=20),
        },
        "improvements:reopen": {"reason": "It is dark again.", "version": 0},
        "improvements:public_words": {"words": "The lamps work again.", "version": 0},
        "improvements:approve": {"words": "The lamps work again.", "kind": "lighting"},
        "referrals:refer": {
            "partner": partner.pk,
            "to_requesters": "They mend lamps.",
            "version": 0,
        },
        "referrals:note_answer": {"answer": "received", "version": 0},
        "partner_answers:answer": {"answer": "received", "version": 0},
        "audit:overview": {"person": inspector.name, "reference": waiting.reference},
        "audit:download": {"reason": "Complaint 12 of 2026"},
        "audit:holds": {"reference": waiting.reference},
        "audit:vetting": {"person": inspector.name},
        "audit:keep_off_walks": {"reason": "Case 12 of 2026"},
        "audit:allow_on_walks": {"reason": "Case 12 of 2026"},
        "audit:hold": {"reason": "Complaint 12 of 2026", **date_data("until", days=30)},
        "account_login": {"username": inspector.email, "password": PASSWORD},
        "account_reauthenticate": {"password": PASSWORD},
        "mfa_edit_webauthn": {"name": "Old phone"},
        "accounts:sign_in": {"username": inspector.email, "password": PASSWORD},
        "accounts:forgotten_password": {"email": inspector.email},
        "accounts:keys": {"keys": "off"},
        "accounts:password": {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
        "admin-password": {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
        "phone_bookings:start": phone_booking_data(borough)[0],
        "phone_bookings:details": phone_booking_data(borough)[1],
        "pins:reset_pin": {"show": "yes"},
        "freeze:lift": {"show": "yes"},
        "scheduling:decline_change_request": {"version": change_requested.version, "words": "We are sorry."},
        "scheduling:schedule": {**plan_data(team, days=10), "version": waiting.version, **STEP_FREE},
        "scheduling:offer_times": {**offer_data(days=10), "version": waiting.version},
        "scheduling:withdraw_offer": {"version": offered.booking.version},
        "scheduling:offer_place": {
            "walk": sharing_agreed.walk.pk,
            "place": "Peckham",
            "version": waiting.version,
            **STEP_FREE,
        },
        "walks:new_recurring_walk": recurring_walk_data(),
        "walks:recurring_walk": recurring_walk_data(),
        "scheduling:offer_recurring_walk": {
            "choice": f"{recurring_walk.pk}:{next_date.isoformat()}",
            "version": waiting.version,
            **STEP_FREE,
        },
        "scheduling:invite_guest": {
            "name": "Amira Khan",
            "role": "chair of the ward panel",
            "organisation": "Safer Neighbourhood Board",
            "version": change_requested.walk.version,
        },
        "scheduling:ask_to_share_walk": {"most": 3, "version": change_requested.walk.version},
        "triage:hand_over": {"to": stranger.bcu_id, "note": "Nearer to you.", "version": waiting.version},
        "triage:decline": {"reason": "no_officers", "alternatives": ["other_time"], "version": waiting.version},
        "scheduling:cancel": {"reason": "illness", "words": "We are sorry.", "version": tonight.version},
        "scheduling:change_walk": {
            **change_data(team, days=11),
            "version": tonight.walk.version,
            **confirmed_adjustments_data(tonight),
        },
        "account_closure:close": {"has_rung": "on"},
        "people:add": {
            "name": "Nia New",
            "email": "nia@example.com",
            "rank": "pc",
            "role": "officer",
            "bcu": inspector.bcu.pk,
        },
        "people:powers": {
            "role": "inspector",
            "bcu": inspector.bcu.pk,
            "email": colleague.email,
            "reason": "Promoted",
        },
        "people:reopen": {"reason": "Back from leave"},
        "people:start_again": {"reason": "Lost her phone"},
        "teams:team": {"inbox": "new@example.com", "duty_number": "020 7946 0102", "reason": "New inbox"},
        "partners:contacts": {
            "name": "Example Council",
            "inbox": "lighting@example.com",
            "is_active": "on",
            "reason": "The council asked",
        },
        "teams:borough": {"bcu": stranger.bcu.pk, "reason": "The teams were merged"},
        "bulk:move": {"bcu": stranger.bcu_id, "reason": "Needed there", "has_rung": "on"},
        "bulk:close": {"reason": "They left", "has_rung": "on"},
        "bulk:lead_walks": {"reason": "Their inspector asked"},
        "bulk:stop_leading_walks": {"reason": "Their inspector asked"},
        "scheduling:clear_day": {"why": "cover"},
        "walks:weekly_duty": {"day_0": "2pm to 10pm"},
        "walks:duty_days": {**date_data("first", days=10), "kind": "leave"},
        "walks:leave": date_data("first", days=11),
        "walks:import_duties": {"text": f"{officer.shoulder_number},{in_days(10):%Y-%m-%d},leave", "save": "yes"},
        "triage:give_reason": {"why": "cover", "page": "triage:decline"},
        "triage:give_reason_on_walk": {"why": "cover"},
        "triage:close_safeguarding": {"outcome": "recorded"},
        "triage:find_booking": {"words": waiting.reference},
        "triage:add_note": {"note": "She asked for Thursday."},
        "triage:claim_many": {"ticked": ticks(waiting), "save": "yes"},
        "triage:add_note_to_many": {"ticked": ticks(waiting), "save": "yes", "note": "She asked for Thursday."},
        "triage:hand_over_many": {
            "ticked": ticks(waiting),
            "save": "yes",
            "to": stranger.bcu_id,
            "note": "Nearer to you.",
        },
        "triage:decline_many": {
            "ticked": ticks(waiting),
            "save": "yes",
            "reason": "no_officers",
            "alternatives": ["other_time"],
        },
        "scheduling:offer_recurring_walk_to_many": {
            "ticked": ticks(waiting),
            "save": "yes",
            "choice": f"{recurring_walk.pk}:{next_date.isoformat()}",
        },
        "triage:confirm_by_phone": {"version": unconfirmed.version},
        "triage:record_contact": {"version": cancelled.version, **IN_PERSON_DATA},
        "on_the_day:ask_colleague": {"colleague": colleague.pk},
        "on_the_day:undo_start": {"until": undo_until.isoformat()},
        "on_the_day:undo_end": {"until": undo_until.isoformat()},
        "on_the_day:record_outcome": {"outcome": "officers_absent", "version": outcome_missing.version},
        "on_the_day:record_no_show": {"waited_minutes": "10", "call_outcome": "no_answer"},
        "on_the_day:cut_walk_short": {"where": "alone"},
        "control_room:check": {"number": tonight.reference, "words": tonight.walk.officers_phrase},
        "delivery_problems:correct_address": {"email": "maya.example@example.com", "contact_method": "not_spoken"},
    }
    return world


def give_reasons(inspector):
    """Let this inspector say why she needs each booking that she can see, as she would on its page."""
    bookings = Booking.objects.visible_to(inspector).exclude(claim__officer=inspector)
    record_reason([*bookings.values_list("pk", flat=True)], ReadReason.CHECK_WORK, by=inspector)


def _walk(team, **fields):
    return WalkFactory(bcu=team[0].bcu, officers=team, **fields)


def link_for(person):
    """Return the token of an invitation."""
    expires_at = timezone.now() + datetime.timedelta(hours=72)
    return PasswordLink.objects.create_token(person, PasswordLink.Purpose.INVITATION, expires_at=expires_at)


def token_for(booking):
    return Link.objects.create_token(
        booking, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=30)
    )
