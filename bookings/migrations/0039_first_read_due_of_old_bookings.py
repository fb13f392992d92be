"""Bookings that were asked for before we kept by when each is to be opened."""

import datetime

from django.db import migrations
from django.db.models import Min

from bookings.promise import first_read_due_at
from walkandtalk.lib import london

A_DAY = datetime.timedelta(days=1)


def give_each_its_day(apps, schema_editor):
    """All who asked on one day have the same one, so a day is one UPDATE, and what is done stays done."""
    without = apps.get_model("bookings", "Booking").objects.filter(first_read_due_at=None)
    asked_at = _first_of(without)
    while asked_at is not None:
        until = london.first_instant(london.local(asked_at).date() + A_DAY, datetime.time(0))
        on_that_day = without.filter(asked_at__gte=asked_at, asked_at__lt=until)
        on_that_day.update(first_read_due_at=first_read_due_at(asked_at))
        asked_at = _first_of(without.filter(asked_at__gte=until))


def _first_of(rows):
    return rows.aggregate(first=Min("asked_at"))["first"]


class Migration(migrations.Migration):
    atomic = False  # no row waits for more than its day

    dependencies = [("bookings", "0038_first_read_due")]

    operations = [migrations.RunPython(give_each_its_day, migrations.RunPython.noop)]
