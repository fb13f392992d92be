"""Fill a database with millions of bookings within minutes, by copying closed ones inside PostgreSQL."""

from collections.abc import Collection
from typing import Any


def copy_closed_bookings(copies: int, *, days: int, without: Collection[str] = ()) -> None:
    """Copy each completed booking with all its rows, `copies` times, each time that many days further in the past.

    `without` has the names of models whose rows nobody reads in this measurement. Assignments take the longest.

    `days` must be more than the time over which the originals spread, or officers would walk twice at once. The oldest
    are written first: what belongs together then lies together on the disk, as after years of use.
    """
    from django.db import connection, transaction

    from bookings.models.acknowledgements import Acknowledgement
    from bookings.models.bookings import Booking
    from bookings.models.contacts import BookingContact
    from bookings.models.events import Event
    from bookings.models.preferred_times import PreferredTime
    from bookings.models.response_targets import ResponseTarget
    from walks.models.walks import Assignment, Walk

    walks, bookings = (f"SELECT uuid FROM {each._meta.db_table} WHERE status = 'completed'" for each in (Walk, Booking))
    originals = {
        # Those that nothing points to come first: a later copy must not be copied again.
        Assignment: f"walk_id IN ({walks})",
        Event: f"booking_id IN ({bookings})",
        PreferredTime: f"booking_id IN ({bookings})",
        BookingContact: f"booking_id IN ({bookings})",
        ResponseTarget: f"booking_id IN ({bookings})",
        Acknowledgement: f"booking_id IN ({bookings})",
        Booking: "status = 'completed'",
        Walk: "status = 'completed'",
    }
    connection.close()
    connection.settings_dict["TIME_OUTS"] = False  # some tables take minutes
    with transaction.atomic(), connection.cursor() as cursor:
        for model, condition in originals.items():
            if model.__name__ in without:
                continue
            cursor.execute(_insert(model, condition), {"copies": copies, "days": days})
    connection.close()
    connection.settings_dict["TIME_OUTS"] = True


def _insert(model: Any, condition: str) -> str:
    fields = [field for field in model._meta.concrete_fields if not field.generated and not _is_numbered(field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_copied(field) for field in fields)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} "
        f"FROM {table}, generate_series(1, %(copies)s) AS copy WHERE {condition} ORDER BY copy DESC, {table}.ctid"
    )


def _is_numbered(field: Any) -> bool:
    from django.db import models

    return isinstance(field, models.AutoField)


def _copied(field: Any) -> str:
    """Return the SQL of the value in a copy: another identity, an earlier time, the same of everything else."""
    column, kind = f'"{field.column}"', field.target_field.get_internal_type() if field.is_relation else None
    match kind or field.get_internal_type():
        case "UUIDField":
            return f"md5({column}::text || copy)::uuid"
        case "CharField" if field.unique:
            return f"upper(left(md5({column} || copy), {field.max_length}))"
        case "CharField" if field.name == "email_hmac":
            return f"md5({column} || copy)"
        case "DateField":
            return f"({column} - copy * {_DAYS})::date"
        case "DateTimeField":
            return f"{column} - copy * {_DAYS}"
        case "DateTimeRangeField":
            return f"tstzrange(lower({column}) - copy * {_DAYS}, upper({column}) - copy * {_DAYS})"
        case _:
            return column


_DAYS = "make_interval(days => %(days)s)"
