import re
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min

from outbox.models import MessageQuerySet
from outbox.reviews import mark_sent, messages_in_review, send_reviewed, settle_with_mail_log
from walkandtalk.lib import london
from walkandtalk.lib.command_files import read_text

ALL = "all"
MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")


class Command(BaseCommand):
    help = "List the messages that may have been sent before a restore, and settle them (docs/backup.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mail-log",
            metavar="FILE",
            help="mark as sent what is in this log (-: standard input)",
        )
        parser.add_argument("--sent", nargs="+", metavar="KIND", help="mark these kinds as sent, or all")
        parser.add_argument("--not-sent", nargs="+", metavar="KIND", help="send these kinds now, or all")

    def handle(
        self, *, mail_log: str | None, sent: list[str] | None, not_sent: list[str] | None, **options: Any
    ) -> None:
        if mail_log:
            found = settle_with_mail_log(set(MESSAGE_ID.findall(read_text(mail_log))))
            self.stdout.write(f"Found in the log, so sent: {found}")
        self._settle("Marked as sent", mark_sent, sent)
        self._settle("Will be sent now", send_reviewed, not_sent)
        self._list()

    def _settle(self, what: str, action: Callable[[MessageQuerySet], int], kinds: list[str] | None) -> None:
        if not kinds:
            return
        known = set(messages_in_review().order_by().values_list("kind", flat=True))
        if unknown := set(kinds) - known - {ALL}:
            raise CommandError(f"No message in review is of the kind {', '.join(sorted(unknown))}.")
        messages = messages_in_review() if ALL in kinds else messages_in_review().filter(kind__in=kinds)
        self.stdout.write(f"{what}: {action(messages)}")

    def _list(self) -> None:
        rows = messages_in_review().order_by().values_list("kind").annotate(Count("pk"), Min("created_at"))
        for kind, number, oldest in rows.order_by("kind"):
            self.stdout.write(f"{number:>6}  {kind}, the oldest from {london.time_and_date(oldest)}")
        self.stdout.write(f"Messages in review: {messages_in_review().count()}")
