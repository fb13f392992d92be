import datetime
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.jobs import delete_expired_sessions, expired_sessions
from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold
from bookings.request_form.jobs import expire_unconfirmed_bookings
from bookings.retention.jobs import (
    delete_old_history,
    delete_old_messages,
    erase_due_bookings,
    evening_lists_due_for_deletion,
    events_due_for_deletion,
    messages_due_for_deletion,
    reads_due_for_deletion,
    walks_due_for_erasure,
)
from data_rights.erasure.jobs import erase_requested
from feedback import jobs
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote
from feedback.referrals import jobs as referral_jobs
from figures.following.jobs import forget_unconfirmed
from figures.models.followers import FollowedArea

Job = Callable[[datetime.datetime], None]


class Command(BaseCommand):
    help = "Delete now what has been kept for as long as the privacy page says. The jobs do the same by themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would be deleted, and delete nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        bookings, concerns = Booking.objects, Concern.objects
        work: list[tuple[str, QuerySet[Any], Job]] = [
            ("Requests nobody confirmed", bookings.expired_unconfirmed(now), expire_unconfirmed_bookings),
            ("Bookings whose requesters asked us to erase them", bookings.awaiting_erasure(now), erase_requested),
            ("Bookings that ended", bookings.due_for_erasure(now), erase_due_bookings),
            ("Walks that nobody leads to", walks_due_for_erasure(now), erase_due_bookings),
            ("Concerns", concerns.due_for_erasure(now), jobs.erase_due_concerns),
            ("Notes after walks", WalkNote.objects.due_for_erasure(), jobs.erase_due_walk_notes),
            ("Texts of improvements", jobs.improvement_texts_due_for_erasure(now), jobs.erase_due_improvement_texts),
            ("Addresses that nobody confirmed", FollowedArea.objects.never_confirmed(now), forget_unconfirmed),
            ("Words of partners", referral_jobs.words_due_for_deletion(now), referral_jobs.delete_old_words),
            ("Lines of the history of bookings and walks", events_due_for_deletion(now), delete_old_history),
            ("Lists of an evening's walks", evening_lists_due_for_deletion(now), delete_old_history),
            ("Lines about who read what", reads_due_for_deletion(now), delete_old_history),
            ("Old messages", messages_due_for_deletion(now), delete_old_messages),
            ("Sessions that ended", expired_sessions(now), delete_expired_sessions),
            ("Lines of the history of concerns", jobs.events_due_for_deletion(now), delete_old_history),
        ]
        for what, rows, job in work:
            self.stdout.write(f"{what}: {rows.count()}")
            if not dry_run:
                self._work_off(what, rows, job, now)
        self.stdout.write(f"Kept, because nobody has closed them: {bookings.open_too_long(now).count()} old bookings")
        self.stdout.write(f"Kept, because an auditor holds them: {LegalHold.objects.active(now).count()} bookings")

    def _work_off(self, what: str, rows: QuerySet[Any], job: Job, now: datetime.datetime) -> None:
        """Run the job batch by batch. Stop when a batch deletes nothing, because rows that fail would loop for ever."""
        left = rows.count()
        while left:
            job(now)
            before, left = left, rows.count()
            if left == before:
                raise CommandError(f"{what}: {left} could not be deleted. The log says why.")
