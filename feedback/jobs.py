"""Jobs that select rows and call an action for each. Running a job twice is harmless."""

import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bookings.models.bookings import Booking
from bookings.models.conditions import KEPT, NOBODY_CAME_NOT_CONTACTED
from bookings.statuses import Status
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.answers import actions
from feedback.concerns.actions import reassign_concern
from feedback.conduct.actions import KEEP_COPY, TRY_AGAIN_AFTER, send_to_standards_again
from feedback.conduct.emails import messages_to_standards
from feedback.digest import emails
from feedback.digest.actions import DigestRecipient, send_digest
from feedback.models.concerns import Concern
from feedback.models.contacts import ReportContact
from feedback.models.events import ConcernEvent
from feedback.models.improvements import ImprovementEventTexts
from feedback.models.notes import ReportInvitation, WalkNote
from feedback.models.walk_answers import FEWEST_SHOWN, WalkAnswers
from feedback.recipients import BookingRecipient, ContactRecipient
from feedback.reports.actions import send_report_invitation
from feedback.retention import erase_concern, erase_report_contact, erase_walk_note
from outbox.jobs import for_each
from outbox.models import Message
from outbox.statuses import UNDELIVERED, State
from walkandtalk.lib import london

# A task has 45 seconds. The remaining rows wait for the next hour.
BATCH = 500
ASK_FROM = datetime.time(9)
DIGEST_FROM, DIGEST_UNTIL = datetime.time(7, 30), datetime.time(12)
ASK_WITHIN = datetime.timedelta(days=14)


def send_report_invitations(now: datetime.datetime) -> None:
    """Invite requesters to report, from 9am on the day after a walk. After two weeks it would surprise them."""
    if london.local(now).time() < ASK_FROM:
        return
    midnight = london.to_instant(london.local(now).date(), datetime.time(0))
    walked = Booking.objects.filter(walk__ended_at__gte=now - ASK_WITHIN, walk__ended_at__lt=midnight)
    to_ask = walked.filter(~Exists(ReportInvitation.objects.filter(booking=OuterRef("pk"))), status=Status.COMPLETED)
    rows = to_ask.exclude(NOBODY_CAME_NOT_CONTACTED).emailable().select_related("contact", "bcu").order_by("pk")
    for_each(rows[:BATCH], lambda booking: _invite(booking, now))


def _invite(booking: Booking, now: datetime.datetime) -> None:
    send_report_invitation(booking, now=now)


def send_follow_up_questions(now: datetime.datetime) -> None:
    """Ask requesters, from 9am, about things done four to eight weeks ago."""
    if london.local(now).time() < ASK_FROM:
        return
    done = ConcernEvent.objects.due_for_follow_up(now)
    about_booking = done.filter(concern__report__booking=OuterRef("pk"))
    bookings = Booking.objects.filter(Exists(about_booking)).emailable().order_by("pk")
    for_each(bookings[:BATCH], lambda row: actions.send_follow_up_questions(BookingRecipient(row), now=now))
    without_booking = ReportContact.objects.filter(Exists(done.filter(concern__report=OuterRef("pk"))), erased_at=None)
    contacts = without_booking.select_related("report__borough__bcu").order_by("pk")
    for_each(contacts[:BATCH], lambda contact: _ask_without_booking(contact, now))


def _ask_without_booking(contact: ReportContact, now: datetime.datetime) -> None:
    if (recipient := ContactRecipient(contact)).hears_news:
        actions.send_follow_up_questions(recipient, now=now)
    else:
        actions.show_follow_up_questions(contact, now=now)


def send_digests(now: datetime.datetime) -> None:
    """Send digests from 7:30am to midday: to each BCU, and to each nominated inspector for restricted bookings."""
    if not DIGEST_FROM <= london.local(now).time() < DIGEST_UNTIL:
        return
    inboxes = {emails.digest_key(inbox.key, now): inbox for inbox in _digest_recipients()}
    written = set(Message.objects.filter(dedupe_key__in=inboxes).values_list("dedupe_key", flat=True))
    for key, inbox in inboxes.items():
        if key not in written:
            send_digest(inbox, now=now)


def _digest_recipients() -> list[DigestRecipient]:
    bcus = BoroughCommandUnit.objects.order_by("code")
    teams = [DigestRecipient(bcu.code, bcu.inbox, bcu.team_name, Q(bcu=bcu, nominated_inspector=None)) for bcu in bcus]
    kept = Booking.objects.filter(KEPT, nominated_inspector__is_active=True).values("nominated_inspector")
    handlers = Officer.objects.filter(pk__in=kept).order_by("pk")
    hers = [
        DigestRecipient(str(who.pk), who.email, "What you alone look after", Q(nominated_inspector=who))
        for who in handlers
    ]
    return [*teams, *hers]


def reassign_concerns(now: datetime.datetime) -> None:
    """Give concerns to the current nominated inspector of their booking."""
    apart = Concern.objects.filter(nominated_inspector__isnull=False).exclude(
        nominated_inspector=F("report__booking__nominated_inspector")
    )
    for_each(apart.order_by("pk")[:BATCH], reassign_concern)


def erase_due_concerns(now: datetime.datetime) -> None:
    """Erase concerns after the retention period, whatever their state."""
    for_each(Concern.objects.due_for_erasure(now).order_by("pk")[:BATCH], erase_concern)


def erase_due_report_contacts(now: datetime.datetime) -> None:
    """Erase how to reach those who told us about a place, once there is no more news, and after a year at most."""
    for_each(ReportContact.objects.due_for_erasure(now).order_by("pk")[:BATCH], erase_report_contact)


def erase_due_walk_notes(now: datetime.datetime) -> None:
    """Erase walk notes whose booking has been erased."""
    for_each(WalkNote.objects.due_for_erasure().order_by("pk")[:BATCH], erase_walk_note)


def send_undelivered_to_standards_again(now: datetime.datetime) -> None:
    """Send what professional standards did not receive again, a day later. The auditor is told of each."""
    lost = messages_to_standards().filter(state__in=UNDELIVERED, resolved_at=None)
    if settings.CONDUCT_INBOX:
        rows = lost.filter(created_at__lte=now - TRY_AGAIN_AFTER).order_by("number")
        for_each(rows[:BATCH], lambda message: send_to_standards_again(message, now=now))


def delete_copies_for_standards(now: datetime.datetime) -> None:
    """Delete our copy of what went to professional standards, once no report that it was lost can come any more."""
    messages_to_standards().filter(state=State.SENT, sent_at__lte=now - KEEP_COPY).delete()


def delete_few_walk_answers(now: datetime.datetime) -> None:
    """Delete the answers of a month that is over if so few women gave them that they are never shown."""
    over = WalkAnswers.objects.of_months_over(london.local(now).date())
    over.filter(women__lt=FEWEST_SHOWN).delete()


def erase_due_improvement_texts(now: datetime.datetime) -> None:
    """Delete what improvements told the women and colleagues, at the age at which the words of concerns are erased."""
    improvement_texts_due_for_erasure(now).delete()


def improvement_texts_due_for_erasure(now: datetime.datetime) -> QuerySet[ImprovementEventTexts]:
    return ImprovementEventTexts.objects.filter(event__at__lte=london.years_before(now, settings.KEEP_CONCERNS_YEARS))


def events_due_for_deletion(now: datetime.datetime) -> QuerySet[ConcernEvent]:
    return ConcernEvent.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))
