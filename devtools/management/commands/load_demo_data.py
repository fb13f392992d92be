from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from devtools.demo.loading import load


class Command(BaseCommand):
    help = "Make demo people, bookings and walks. Only in development, unless DEMO=0."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self.stdout.write("No demo data, because DEMO=0.")
            return
        was_made = load(with_week=settings.DEMO_WEEK)
        self.stdout.write("Demo data made." if was_made else "There is already demo data.")
