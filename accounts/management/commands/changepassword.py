"""Replaces Django's command, because nobody sets another person's password (docs/rules.md#new-passwords)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Refuses: people choose their own passwords."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Nobody sets another person’s password. They press “Forgotten your password?” on the sign-in page. "
            "If no administrator can sign in, make another one with createsuperuser."
        )
