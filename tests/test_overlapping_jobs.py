"""Two concurrent beats, or a beat an hour late: each job writes each message once, and none is lost.

Both beats really run concurrently, on their own connections. Rows are locked until both beats have selected their rows.
"""

import datetime
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import ResetRequest, SecurityEvent, SecurityEventKind, UnfinishedClosure
from administration.models import ANSWER_WITHIN, ProposedChange
from administration.proposals.actions import Change, propose
from bookings.models.bookings import Booking
from bookings.models.links import LinkRequest
from bookings.models.wrong_pins import WrongPin
from bookings.statuses import Status
from boroughs.models.bcus import NewRequestMail
from boroughs.models.officers import Officer
from feedback.conduct.actions import report_conduct
from feedback.conduct.emails import ConductReport
from feedback.models.events import ConcernEvent
from feedback.statuses import State
from outbox.models import Message
from partners.models.open311 import Open311Request
from tests.support.control_room import close_check
from tests.support.drafts_and_messages import make_requester_message
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    OfferFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import (
    REVIEW_DATE,
    ConcernFactory,
    ImprovementFactory,
    make_completed_booking,
    make_referral,
)
from tests.support.following import make_follower
from tests.support.lock_waits import is_session_blocked
from tests.support.partners import make_open311_partner, queue
from tests.support.people import make_administrator, make_control_room
from tests.support.published import make_snapshot
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.statuses import WalkStatus

HOUR, MINUTE = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)
NOON = in_days(0, hour=12)


def link_requested(team, southwark):
    LinkRequest.objects.create(reference=BookingFactory(borough=southwark).reference, asked_at=NOON - MINUTE)


def partners_system_has_closed_it(team, southwark):
    partner = make_open311_partner("https://open311.example.com/v2", boroughs=[southwark])
    referral, _token = make_referral(ImprovementFactory(borough=southwark), partner, open311=queue(partner))
    news = {"status": "sent", "service_request_id": "638344", "remote_status": "closed", "news_at": NOON - MINUTE}
    Open311Request.objects.filter(pk=referral.open311_id).update(**news)


def wrong_pins_entered(team, southwark):
    booking = BookingFactory(borough=southwark)
    WrongPin.objects.bulk_create(WrongPin(booking_key=booking.pk, at=NOON - MINUTE) for _try in range(20))


def check_closed(team, southwark):
    walk = WalkFactory(bcu=team[0].bcu, officers=team, start_at=NOON + HOUR)
    scheduled_booking(team, borough=southwark, walk=walk)
    with time_machine.travel(NOON - MINUTE, tick=False):
        close_check(make_control_room(), walk)


def message_undelivered(team, southwark):
    make_requester_message(BookingFactory(borough=southwark), state="failed")


def report_to_standards_came_back(team, southwark):
    report = ConductReport(words="He shouted at me.")
    report_conduct(make_completed_booking(team), report, submission=uuid.uuid4())
    came_back = {"state": "bounced", "created_at": NOON - datetime.timedelta(days=2)}
    Message.objects.filter(kind="standards_conduct").update(**came_back)


def unconfirmed_request(team, southwark):
    BookingFactory(borough=southwark, confirmed_at=None, asked_at=NOON - 2 * HOUR)


def walk_tomorrow(team, southwark):
    scheduled_booking(
        team, borough=southwark, walk=WalkFactory(bcu=team[0].bcu, officers=team, start_at=in_days(1, 18))
    )


def walk_tonight(team, southwark):
    scheduled_booking(
        team, borough=southwark, walk=WalkFactory(bcu=team[0].bcu, officers=team, start_at=in_days(0, 20))
    )


def new_request(team, southwark):
    BookingFactory(borough=southwark, asked_at=NOON - MINUTE)


def new_request_of_a_team_with_hourly_mail(team, southwark):
    new_request(team, southwark)
    southwark.bcu.new_request_mail = NewRequestMail.HOURLY
    southwark.bcu.save()


def walk_not_ended(team, southwark):
    under_way = {"start_at": NOON - 3 * HOUR, "status": WalkStatus.UNDER_WAY, "started_at": NOON - 3 * HOUR}
    scheduled_booking(
        team, borough=southwark, walk=WalkFactory(bcu=team[0].bcu, officers=team, minutes=60, **under_way)
    )


def answer_nearly_due(team, southwark):
    BookingFactory(borough=southwark, answer_due_at=NOON + 3 * HOUR, asked_at=NOON - 48 * HOUR)


def offer_expired(team, southwark):
    OfferFactory(booking__borough=southwark, expires_at=NOON - MINUTE)


def walk_without_bookings(team, southwark):
    walk = WalkFactory(bcu=team[0].bcu, officers=team, start_at=in_days(5))
    BookingFactory(borough=southwark, walk=walk, status=Status.CANCELLED_BY_REQUESTER)


def all_times_passed(team, southwark):
    BookingFactory(borough=southwark, walk_needed_at=in_days(-1), asked_at=in_days(-20))


def walk_yesterday(team, southwark):
    make_completed_booking(team, borough=southwark, start_at=in_days(-1))


def concern_resolved(team, southwark):
    booking = make_completed_booking(team, borough=southwark, start_at=in_days(-40))
    fields = {"state": State.RESOLVED, "owner": team[0], "review_date": REVIEW_DATE}
    concern = ConcernFactory(report__booking=booking, **fields)
    ConcernEvent.objects.create(concern=concern, to_state=State.RESOLVED, at=NOON - datetime.timedelta(days=29))


def reading_paused(team, southwark):
    SecurityEvent.objects.create(kind=SecurityEventKind.READING_PAUSED, officer=team[0], at=NOON - MINUTE)


def leaver_refused_by_the_force(team, southwark):
    ClaimFactory(officer=team[0], booking=BookingFactory(borough=southwark))
    save_changes(team[0], is_active=False)
    event = SecurityEvent.objects.create(kind=SecurityEventKind.DEACTIVATED, subject=team[0], at=NOON - MINUTE)
    UnfinishedClosure.objects.create(officer=team[0], event=event)


def nobody_has_answered(team, southwark):
    change = Change(kind=ProposedChange.Kind.ACCOUNT, subject=team[0], after={"role": "inspector"})
    with time_machine.travel(NOON - ANSWER_WITHIN - MINUTE, tick=False):
        propose([change], by=make_administrator(), reason="Promoted")


def password_forgotten(team, southwark):
    ResetRequest.objects.create(email=team[0].email, asked_at=NOON - MINUTE)


def quarter_published(team, southwark):
    make_follower(southwark.slug, southwark.bcu.slug)
    make_snapshot(datetime.date(2026, 7, 1))


WRITES = {
    "accounts.new_passwords.jobs.answer_reset_requests": (password_forgotten, NOON, ["account_password_reset"]),
    "bookings.manage.jobs.resend_links": (link_requested, NOON, ["link"]),
    "bookings.manage.jobs.report_wrong_pins": (wrong_pins_entered, NOON, ["wrong_pins"]),
    "bookings.control_room.jobs.report_closed_checks": (check_closed, NOON, ["team_walk_check_closed"]),
    "bookings.delivery_problems.jobs.report_undelivered": (message_undelivered, NOON, ["team_message_undelivered"]),
    "bookings.request_form.jobs.send_confirmation_reminder": (unconfirmed_request, NOON, ["confirm_reminder"]),
    "bookings.notices.jobs.send_walk_reminders": (walk_tomorrow, NOON, ["reminder"]),
    "bookings.on_the_day.jobs.send_evening_list": (walk_tonight, in_days(0, 16), ["tonight", "tonight"]),
    "bookings.request_form.jobs.notify_teams_of_requests": (new_request, NOON, ["team_new_request"]),
    "bookings.request_form.jobs.notify_teams_hourly": (
        new_request_of_a_team_with_hourly_mail,
        NOON + 32 * MINUTE,  # NOON is half past twelve
        ["team_new_requests"],
    ),
    "bookings.on_the_day.jobs.send_on_the_day_alerts": (walk_not_ended, NOON, ["team_end_overdue"]),
    "bookings.triage.jobs.send_answer_due_alerts": (answer_nearly_due, NOON, ["team_answer_at_risk"]),
    "bookings.scheduling.jobs.expire_offers": (offer_expired, NOON, ["offer_ended", "team_offer_answered"]),
    "bookings.scheduling.jobs.cancel_empty_walks": (
        walk_without_bookings,
        NOON,
        ["officer_walk_cancelled", "officer_walk_cancelled"],
    ),
    "bookings.scheduling.jobs.send_times_passed_apologies": (all_times_passed, NOON, ["times_passed"]),
    "feedback.jobs.send_report_invitations": (walk_yesterday, NOON, ["report_invitation"]),
    "feedback.jobs.send_follow_up_questions": (concern_resolved, NOON, ["follow_up_question"]),
    "administration.account_closure.jobs.finish_closures": (
        leaver_refused_by_the_force,
        NOON,
        ["team_colleague_left"],
    ),
    "administration.proposals.jobs.expire_proposals": (nobody_has_answered, NOON, ["account_change_unanswered"]),
    "audit.alerts.jobs.send_alerts": (reading_paused, NOON, ["auditor_alert"]),
    "audit.alerts.jobs.send_digest": (new_request, in_days(0, 8), ["auditor_digest"]),
    "feedback.jobs.send_undelivered_to_standards_again": (
        report_to_standards_came_back,
        NOON,
        ["standards_conduct"],
    ),
    "feedback.referrals.jobs.take_news": (partners_system_has_closed_it, NOON, ["officer_partner_answered"]),
    "figures.following.jobs.send_updates": (quarter_published, NOON, ["follower_update"]),
    "feedback.jobs.send_digests": (new_request, in_days(0, 8), ["team_digest"]),
}
WRITES_NOTHING = {
    "bookings.control_room.jobs.record_failed_checks",
    "accounts.jobs.delete_expired_cache_rows",
    "accounts.jobs.delete_expired_sessions",
    "accounts.new_passwords.jobs.delete_expired_links",
    "bookings.manage.jobs.end_sessions_of_erased_bookings",
    "bookings.retention.jobs.delete_old_messages",
    "data_rights.erasure.jobs.erase_requested",
    "bookings.retention.jobs.delete_expired_drafts",
    "bookings.retention.jobs.delete_past_decisions",
    "bookings.retention.jobs.erase_due_bookings",
    "bookings.retention.jobs.delete_old_history",
    "bookings.on_the_day.jobs.close_walks",
    "bookings.on_the_day.jobs.free_officers_of_ended_walks",
    "bookings.triage.jobs.reassign_restricted_bookings",
    "bookings.request_form.jobs.expire_unconfirmed_bookings",
    "feedback.jobs.reassign_concerns",
    "feedback.jobs.erase_due_concerns",
    "feedback.jobs.erase_due_report_contacts",
    "feedback.jobs.erase_due_walk_notes",
    "feedback.jobs.erase_due_improvement_texts",
    "feedback.places.counting.count_repeated_places",
    "feedback.referrals.jobs.record_undelivered_referrals",
    "feedback.referrals.jobs.delete_old_links",
    "feedback.referrals.jobs.delete_old_words",
    "partners.jobs.send_open311_requests",
    "partners.jobs.poll_open311_requests",
    "partners.jobs.delete_old_open311_requests",
    "feedback.jobs.delete_copies_for_standards",
    "feedback.jobs.delete_few_walk_answers",
    "figures.following.jobs.forget_unconfirmed",
    "figures.following.jobs.forget_unreachable",
    "figures.tallies.jobs.count_figures",
    "data_rights.restore.jobs.write_when_seen",
    "figures.snapshots.jobs.make_snapshots",
}


def test_every_scheduled_job_is_listed():
    assert set(settings.JOBS) == set(WRITES) | WRITES_NOTHING


def beat(job, now):
    try:
        import_string(job)(now)
    finally:
        connection.close()


def two_beats(job, now):
    """Run the job twice concurrently. Rows are locked until both runs are waiting or done."""
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            for model in (Officer, Walk, Booking):
                list(model.objects.select_for_update(no_key=True).order_by("pk"))
            beats = [pool.submit(beat, job, now) for _ in range(2)]
            for _look in range(50):
                if all(thread.done() for thread in beats) or is_session_blocked(least=2):
                    break
                connection.cursor().execute("SELECT pg_sleep(0.02)")
        for thread in beats:
            thread.result(60)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [datetime.timedelta(0), HOUR], ids=["in time", "an hour late"])
@pytest.mark.parametrize("job", WRITES)
def test_two_concurrent_beats_write_each_message_once(job, late, team, southwark):
    scene, moment, kinds = WRITES[job]

    with time_machine.travel(moment + late, tick=False):
        scene(team, southwark)
        previous_messages = set(Message.objects.values_list("pk", flat=True))
        for _ in range(2):
            two_beats(job, timezone.now())

    written = Message.objects.exclude(pk__in=previous_messages).values_list("kind", flat=True)
    assert Counter(written) == Counter(kinds)
