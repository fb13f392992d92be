"""Bookings with combinations of fields that no single action creates."""


def set_booking_fields(booking, **fields):
    """Set these in the database; `contact__messages_stopped_at` is a field of the row that belongs to the booking."""
    for path, value in fields.items():
        row, (*relations, name) = booking, path.split("__")
        for relation in relations:
            row = getattr(row, relation)
        type(row).objects.filter(pk=row.pk).update(**{name: value})
