import datetime
import uuid

import pytest

from bookings.models import Booking
from tests.support.migrations import migrate
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def instant(*parts):
    return datetime.datetime(*parts, tzinfo=london.LONDON)


def old_booking(models, borough, *, asked_at, **fields):
    """A row as the model was then."""
    return models.get_model("bookings", "Booking").objects.create(
        reference=uuid.uuid4().hex[:10],
        draft_uuid=uuid.uuid4(),
        bcu_id=borough.bcu_id,
        borough_id=borough.pk,
        channel="full",
        asked_at=asked_at,
        answer_due_at=asked_at,
        needed_at=asked_at,
        **fields,
    )


@pytest.mark.parametrize(
    ("asked_at", "due_at"),
    [
        (instant(2026, 3, 27, 12), instant(2026, 3, 30, 17)),  # a Friday, before the clocks change
        (instant(2026, 3, 28, 23, 59), instant(2026, 3, 30, 17)),
        (instant(2026, 4, 2, 9), instant(2026, 4, 7, 17)),  # before Easter
        (instant(2026, 6, 9, 0, 30), instant(2026, 6, 10, 17)),  # in London already the 9th
    ],
)
def test_old_booking_is_to_be_read_within_one_working_day_of_being_asked_for(southwark, asked_at, due_at):
    models = migrate("bookings", "0038_first_read_due")
    old, from_the_week_before, new = (
        old_booking(models, southwark, asked_at=at, first_read_due_at=due)
        for at, due in ((asked_at, None), (asked_at - datetime.timedelta(days=7), None), (asked_at, asked_at))
    )

    migrate("bookings", "0039_first_read_due_of_old_bookings")

    due = dict(Booking.objects.values_list("pk", "first_read_due_at"))
    assert due[old.pk] == due_at
    assert due[from_the_week_before.pk] < due_at
    assert due[new.pk] == asked_at


def test_old_booking_that_nobody_confirmed_has_waited_since_it_was_asked_for(southwark):
    asked_at, migrated_at = instant(2026, 3, 2, 12), instant(2026, 3, 27, 12)
    models = migrate("bookings", "0040_unconfirmed_since")
    unconfirmed = {"waiting": None, "offered": None}
    others = {"waiting": asked_at, "offered": asked_at, "cancelled_by_her": None, "declined": None}
    waiting, rest = (
        [
            old_booking(
                models,
                southwark,
                asked_at=asked_at,
                first_read_due_at=asked_at,
                unconfirmed_since=migrated_at,
                status=status,
                confirmed_at=confirmed_at,
            ).pk
            for status, confirmed_at in group.items()
        ]
        for group in (unconfirmed, others)
    )

    migrate("bookings", "0041_unconfirmed_since_of_old_bookings")

    since = dict(Booking.objects.values_list("pk", "unconfirmed_since"))
    assert since == dict.fromkeys(waiting, asked_at) | dict.fromkeys(rest, migrated_at)
