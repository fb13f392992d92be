"""Make a restored database fit for use, before any process starts on it (docs/decisions/restore.md)."""

import datetime
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import Error, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import PasswordLink, ResetRequest, SecurityEventKind, StaffSession
from accounts.security_log import record_security_event
from bookings.models.drafts import Draft
from bookings.models.links import Link, LinkRequest
from boroughs.models.officers import Officer
from data_rights.restore.erasures import Reapplied, count_lacking, reapply_erasures
from data_rights.restore.powers import LostEvent, close_again
from feedback.models.contacts import ReportLink
from feedback.models.referrals import ReferralLink
from outbox.actions import messages_for_review
from outbox.models import Heartbeat
from outbox.reviews import hold_for_review, messages_in_review, settle_with_mail_server
from outbox.sending.reconciliation import AcceptanceAnswer
from partners.models.open311 import Open311Request
from partners.statuses import UNSENT
from walkandtalk.lib import london
from walkandtalk.lib.database.models import DatabaseMark
from walkandtalk.lib.database.restores import forget_last_seen, notice_older_database, was_restored
from walkandtalk.lib.errors import ActionError

logger = logging.getLogger(__name__)

NOT_REPEATED = ("partners.jobs.", "figures.snapshots.", "data_rights.restore.")
"""Jobs that connect to others, publish what a saved file knows better, or need the mark. None writes a message."""
MOST_RUNS = 100


@dataclass(frozen=True, kw_only=True)
class Restore:
    """The facts and choices of the person who restored the database."""

    stopped_at: datetime.datetime
    """When the last process before the restore stopped. Nothing was sent after that."""
    revoke_links: bool
    ledger_may_be_incomplete: bool = False
    although_not_noticed: bool = False
    """Whether they know that it was restored, even if the database doesn't."""
    lost_events: Sequence[LostEvent] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    held: int
    answers: Counter[AcceptanceAnswer]
    reapplied: Reapplied
    sessions: int
    links: int
    closed: int
    failed_jobs: list[str]
    in_review: int


def data_ends_at() -> datetime.datetime | None:
    """Return when worker or loop was last alive in this database. All that followed is lost, give or take seconds.

    Nothing but a living process writes this, so a second run finds the same time.
    """
    newest: datetime.datetime | None = Heartbeat.objects.aggregate(newest=Max("at"))["newest"]
    return newest


def mark_restored(restore: Restore) -> Outcome:
    """Deal with a restored database, and mark it as complete at the end. If a step fails, it can be run again."""
    _require_restored(although_not_noticed=restore.although_not_noticed)
    ends_at = data_ends_at()
    if ends_at is not None and restore.stopped_at < ends_at:
        raise ActionError(
            f"The data ends at {london.local(ends_at):%Y-%m-%d %H:%M:%S}, London time, so the last process stopped "
            "later than you say. Enter a later time, or leave --stopped-at out."
        )
    with messages_for_review():
        reapplied = reapply_erasures(may_be_incomplete=restore.ledger_may_be_incomplete)
    held = hold_for_review(stopped_at=restore.stopped_at)
    answers = settle_with_mail_server()
    sessions = _end_sessions()
    links = _revoke_links() if restore.revoke_links else 0
    closed = close_again(restore.lost_events)
    failed = _repeat_jobs(restore.stopped_at)
    _mark_complete(f"{_minute(ends_at)} > {_minute(restore.stopped_at)}")
    return Outcome(
        held=held,
        answers=answers,
        reapplied=reapplied,
        sessions=sessions,
        links=links,
        closed=closed,
        failed_jobs=failed,
        in_review=messages_in_review().count(),
    )


def mark_nothing_lost() -> None:
    """Mark the database as complete, because another server took over without losing anything."""
    _require_restored()
    if lacking := count_lacking():
        raise ActionError(
            f"The ledger has {lacking} erasures that this database lacks, so something was lost. Use --links instead."
        )
    _mark_complete("nothing lost")


def _require_restored(*, although_not_noticed: bool = False) -> None:
    notice_older_database()
    if although_not_noticed:
        DatabaseMark.move_away()  # so that nothing starts before the end
    if not was_restored():
        raise ActionError(
            "This database was not restored, so there is nothing to do. "
            "If you know that it was, add --although-not-noticed."
        )


def _mark_complete(change: str) -> None:
    forget_last_seen()
    with transaction.atomic():
        DatabaseMark.move_here()
        record_security_event(SecurityEventKind.RESTORED, change=change)


@transaction.atomic
def _end_sessions() -> int:
    """End every session, of staff and requesters, and all that a click would open: those that had ended are back."""
    ended, _by_model = Session.objects.all().delete()
    StaffSession.objects.all().delete()
    PasswordLink.objects.all().delete()
    ResetRequest.objects.all().delete()
    LinkRequest.objects.all().delete()
    Draft.objects.all().delete()
    return ended


@transaction.atomic
def _revoke_links() -> int:
    """Revoke every address that opens something without signing in: of requesters, officers and partners."""
    links = Link.objects.filter(revoked_at=None).update(revoked_at=timezone.now())
    links += ReportLink.objects.all().delete()[0] + ReferralLink.objects.all().delete()[0]
    Officer.objects.update(access_version=F("access_version") + 1)
    return links


def _repeat_jobs(stopped_at: datetime.datetime) -> list[str]:
    """Run each job as at the time of the stop. Return the names of those that failed.

    What a job writes now may have been written and sent after the backup, so it is held for review.
    """
    Open311Request.objects.filter(status__in=UNSENT).update(may_have_arrived=True)  # ask the partner first
    jobs = [job for job in settings.JOBS if not job.startswith(NOT_REPEATED)]
    with messages_for_review():
        return [job for job in jobs if not _repeat(job, stopped_at)]


def _repeat(job: str, stopped_at: datetime.datetime) -> bool:
    """Run a job until it writes nothing more, because it takes a batch at a time. Return False if it failed."""
    written = -1
    for _run in range(MOST_RUNS):
        try:
            import_string(job)(stopped_at)
        except Error:
            raise
        except Exception:
            logger.exception("The job %s failed", job)
            return False
        before, written = written, messages_in_review().count()
        if written == before:
            break
    return True


def _minute(instant: datetime.datetime | None) -> str:
    return "never" if instant is None else f"{london.local(instant):%Y-%m-%d %H:%M}"
