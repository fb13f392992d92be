"""Bookings that were asked for before we kept the first promise and the first answer apart."""

from django.db import migrations

FIRST = """
UPDATE bookings_booking b
SET first_due_at = b.answer_due_at,
    first_answered_at = (
        SELECT min(e.at) FROM bookings_event e
        WHERE e.booking_id = b.uuid AND e.by_id IS NOT NULL AND e.from_status = 'waiting' AND e.to_status <> ''
    )
WHERE b.first_due_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0025_figures")]

    operations = [migrations.RunSQL(FIRST, migrations.RunSQL.noop)]
