"""Those that nobody has confirmed have waited for it since they were asked for. Of the others nobody asks."""

from django.db import migrations
from django.db.models import F


def wait_since_asked(apps, schema_editor):
    unconfirmed = apps.get_model("bookings", "Booking").objects.filter(
        confirmed_at=None, status__in=["waiting", "offered"]
    )
    unconfirmed.update(unconfirmed_since=F("asked_at"))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0040_unconfirmed_since")]

    operations = [migrations.RunPython(wait_since_asked, migrations.RunPython.noop)]
