from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from devtools import demo


class Command(BaseCommand):
    help = "Make demo people, bookings and walks. Only in development, or with DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is only for demonstrations. Set DEMO=1 if this is one.")
        self.stdout.write("Demo data made." if demo.load() else "There is already demo data.")
