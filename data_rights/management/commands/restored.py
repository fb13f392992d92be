import datetime
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from boroughs.models.officers import Officer
from data_rights.restore.actions import Outcome, Restore, data_ends_at, mark_nothing_lost, mark_restored
from data_rights.restore.erasures import LedgerIncomplete
from data_rights.restore.powers import LostEvent, lost_powers, read_lost_events
from walkandtalk.lib import london
from walkandtalk.lib.command_files import read_text
from walkandtalk.lib.errors import ActionError

EVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def moment(text: str) -> datetime.datetime:
    """Read "2026-11-30 10:05" as London time. A time with an offset is taken as it is."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("Enter a time, like “2026-11-30 10:05”") from error
    found = found if found.tzinfo else london.to_instant(found.date(), found.time())
    if found > timezone.now():
        raise ArgumentTypeError("Enter a time in the past")
    return found


class Command(BaseCommand):
    help = (
        "Make a restored database fit for use, before web, worker, beat and loop start (docs/backup.md). "
        "It holds messages that may have been sent, repeats erasures, ends sessions and revokes links."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--links", choices=["keep", "revoke"], help="whether links that we have sent still open pages")
        way.add_argument("--nothing-lost", action="store_true", help="another server took over, and no data was lost")
        parser.add_argument(
            "--stopped-at",
            type=moment,
            help="when the last process stopped, in London time (now; a later one is safer)",
        )
        log = parser.add_mutually_exclusive_group()
        log.add_argument("--security-log", metavar="FILE", help="the copy of stdout (-: standard input)")
        log.add_argument("--no-security-log", action="store_true", help="there is none: closed accounts are open again")
        parser.add_argument("--incomplete-ledger", action="store_true", help="use a ledger that lacks entries")
        parser.add_argument(
            "--although-not-noticed",
            action="store_true",
            help="you know that it was restored, and the database doesn't",
        )

    def handle(self, *, links: str | None, stopped_at: datetime.datetime | None, **options: Any) -> None:
        ends_at = data_ends_at()
        try:
            if links is None:
                mark_nothing_lost()
                self.stdout.write("Marked as complete. Start web, worker, beat and loop.")
                return
            if not (options["security_log"] or options["no_security_log"]):
                raise CommandError(
                    "Accounts that were closed are open again. Give --security-log, or --no-security-log."
                )
            lost = _read_log(options["security_log"], ends_at)
            restore = Restore(
                stopped_at=stopped_at or timezone.now(),
                revoke_links=links == "revoke",
                ledger_may_be_incomplete=options["incomplete_ledger"],
                although_not_noticed=options["although_not_noticed"],
                lost_events=lost,
            )
            outcome = mark_restored(restore)
        except LedgerIncomplete as error:
            raise CommandError(f"{error} To go on without the rest, add --incomplete-ledger.") from error
        except ActionError as error:
            raise CommandError(str(error)) from error
        self._report(outcome, ends_at, restore)
        self._report_powers(lost, has_log=bool(options["security_log"]))

    def _report(self, outcome: Outcome, ends_at: datetime.datetime | None, restore: Restore) -> None:
        if ends_at is not None:
            lost = max((restore.stopped_at - ends_at).total_seconds(), 0)
            self.stdout.write(f"The data ends at {london.time_and_date(ends_at)}. Lost at most: {lost:.0f} s")
        for line in outcome.reapplied.lines():
            self.stdout.write(line)
        self.stdout.write(f"Messages held, because they may have been sent: {outcome.held}")
        for answer, number in sorted(outcome.answers.items()):
            self.stdout.write(f"Of these the mail server says {answer}: {number}")
        self.stdout.write(f"Sessions ended: {outcome.sessions}. Links revoked: {outcome.links}")
        self.stdout.write(f"Accounts closed again: {outcome.closed}")
        for job in outcome.failed_jobs:
            self.stdout.write(f"This job failed, so what it sent after the backup may be sent again: {job}")
        self.stdout.write(f"Messages in review: {outcome.in_review}. See them with manage.py review_messages.")

    def _report_powers(self, lost: list[LostEvent], *, has_log: bool) -> None:
        roles = Officer.objects.filter(is_active=True).order_by("role").values_list("role").annotate(Count("pk"))
        self.stdout.write(
            "Open accounts: " + ", ".join(f"{number} {Officer.Role(role).label}" for role, number in roles)
        )
        if not has_log:
            self.stdout.write("Accounts closed since the backup are open again: see “Powers” in docs/backup.md.")
        for event in lost_powers(lost):
            self.stdout.write(f"May be lost, so see whether to do it again: {event}")


def _read_log(path: str | None, ends_at: datetime.datetime | None) -> list[LostEvent]:
    if path is None:
        return []
    return read_lost_events(read_text(path).splitlines(), since=ends_at or EVER)
