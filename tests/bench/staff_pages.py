"""The queries and times of staff pages with `SIZE` bookings in the database, beside a hundredth of them.

The pages of figures are measured apart (`figures`), because a job counts for them.

Both have the same number of open bookings, because a team's open work does not grow over the years.
"""

import datetime
import logging
import math
import os
import time
from itertools import count, islice

from tests.bench.copies import copy_closed_bookings
from tests.bench.measuring import inspector, measure, quieten, show, sign_in
from tests.support.journey import InProcess
from tests.support.stack import Stack

OFFICERS = 1_000
MANY = int(os.environ.get("SIZE", "100000"))
FEW = max(MANY // 100, 1_000)
OPEN = 600
BATCH_SIZE = 2_000


def main():
    with Stack() as stack:
        os.environ |= stack.environment() | {"DJANGO_SETTINGS_MODULE": "walkandtalk.settings"}
        from walkandtalk.wsgi import application

        logging.disable(logging.INFO)  # a line for each look at a booking
        quieten(stack)
        send = InProcess(application, stack.url.removeprefix("http://"))
        teams = add_officers()
        add_bookings(teams, range(OPEN), is_open=True)
        add_bookings(teams, range(OPEN, FEW), is_open=False)
        pages = addresses()
        few = measure(stack, send, signed_in(pages))
        add_closed_bookings(teams)
        many = measure(stack, send, signed_in(pages))
        show_sizes()
    show(few, many, sizes=(f"{FEW:,} bookings", f"{MANY:,} bookings"))


def signed_in(pages):
    cookies = sign_in(inspector())
    return {name: (path, cookies) for name, path in pages.items()}


def add_officers():
    """Create officers, and return them in pairs by BCU. A pair walks once a day, so walks never overlap."""
    from boroughs.models.bcus import BoroughCommandUnit
    from boroughs.models.officers import Officer

    units = list(BoroughCommandUnit.objects.order_by("code").prefetch_related("boroughs"))
    Officer.objects.bulk_create(
        Officer(
            email=f"bench{number}@example.com",
            name=f"Ada Bench{number}",
            shoulder_number=f"{number}{unit.code}",
            bcu=unit,
            leads_walks=True,
            password="!",
        )
        for number, unit in zip(range(1000, 1000 + OFFICERS), cycle_units(units), strict=False)
    )
    officers_by_unit = {
        unit: list(Officer.objects.filter(bcu=unit, email__startswith="bench").order_by("pk")) for unit in units
    }
    return {unit: list(zip(people[::2], people[1::2], strict=False)) for unit, people in officers_by_unit.items()}


def cycle_units(units):
    return (units[number % len(units)] for number in count())


def add_bookings(teams, numbers, *, is_open):
    rows = bookings(teams, numbers, is_open=is_open)
    while batch := list(islice(rows, BATCH_SIZE)):
        save(batch)


def add_closed_bookings(teams):
    """Copy the closed bookings until there are `MANY`, each time before the days of the earlier ones."""
    began = time.perf_counter()
    pairs = min(len(pairs) for pairs in teams.values())
    days = FEW // len(teams) // pairs + 2
    copy_closed_bookings(math.ceil((MANY - FEW) / (FEW - OPEN)), days=days)
    print(f"Filled in {time.perf_counter() - began:.0f} s.", flush=True)


def bookings(teams, numbers, *, is_open):
    """Yield each booking as a tuple of its rows. Half of each BCU's open bookings wait, the others have a walk."""
    units = list(teams)
    for number in numbers:
        unit = units[number % len(units)]
        round_of_unit = number // len(units)
        pairs = teams[unit]
        day = round_of_unit // len(pairs) + 1
        pair = pairs[round_of_unit % len(pairs)]
        if not is_open:
            yield one(unit, days=-day - 7, pair=pair, status="completed")
        elif round_of_unit % 2:
            yield one(unit, days=round_of_unit % 40 + 6, pair=None, status="waiting")
        else:
            yield one(unit, days=day + 1, pair=pair, status="scheduled")


def one(unit, *, days, pair, status):
    from bookings.models.acknowledgements import Acknowledgement
    from bookings.models.bookings import Booking
    from bookings.models.contacts import BookingContact
    from bookings.models.events import Event
    from bookings.models.preferred_times import PreferredTime
    from bookings.models.response_targets import ResponseTarget
    from tests.support.factories import in_days
    from walks.models.walks import Assignment, Walk

    start_at = in_days(days)
    asked_at = start_at - datetime.timedelta(days=12)
    walk = None
    if pair:
        ended = start_at + datetime.timedelta(hours=1) if status == "completed" else None
        walk = Walk(
            bcu=unit,
            start_at=start_at,
            minutes=60,
            meeting_place="Peckham Rye station",
            finish_place="Back at the start",
            duty_number="020 7946 0101",
            officers_phrase="green lantern",
            requester_phrase="silver river",
            status=status,
            started_at=ended and start_at,
            ended_at=ended,
        )
    booking = Booking(
        bcu=unit,
        borough=unit.boroughs.all()[0],
        walk=walk,
        status=status,
        asked_at=asked_at,
        confirmed_at=asked_at,
        answered_at=walk and asked_at + datetime.timedelta(days=2),
        answer_due_at=asked_at + datetime.timedelta(days=5),
        walk_needed_at=start_at,
        channel="full",
        draft_uuid=new_uuid(),
    )
    own_rows = (
        Acknowledgement(booking=booking),
        ResponseTarget(
            booking=booking,
            first_answer_due_at=asked_at + datetime.timedelta(days=5),
            first_answered_at=walk and asked_at + datetime.timedelta(days=2),
            first_read_due_at=asked_at + datetime.timedelta(days=1),
            first_read_at=walk and asked_at + datetime.timedelta(hours=5),
        ),
    )
    contact = BookingContact(
        booking=booking,
        name="Maya",
        email="maya@example.com",
        email_hmac=booking.pk.hex,
        phone="",
        phone_rules=[],
        phone_times="",
        meeting_place="Peckham Rye station",
        needs=[],
        needs_details="",
    )
    preferred_time = PreferredTime(booking=booking, rank=1, date=start_at.date(), start=datetime.time(18, 30))
    events = [Event(booking=booking, kind="requested", at=asked_at, to_status="waiting")]
    if walk:
        events.append(Event(booking=booking, kind=status, at=start_at, to_status=status))
    assignments = [Assignment(walk=walk, officer=officer, period=walk.period()) for officer in pair or ()]
    return walk, booking, own_rows, contact, preferred_time, events, assignments


def new_uuid():
    import uuid

    return uuid.uuid4()


def save(batch):
    from django.db import transaction

    from bookings.models.bookings import Booking
    from bookings.models.contacts import BookingContact
    from bookings.models.events import Event
    from bookings.models.preferred_times import PreferredTime
    from walks.models.walks import Assignment, Walk

    walks, rows, own_rows, contacts, preferred_times, events, assignments = zip(*batch, strict=True)
    with transaction.atomic():
        Walk.objects.bulk_create(walk for walk in walks if walk)
        Booking.objects.bulk_create(rows)
        for same_kind in zip(*own_rows, strict=True):
            type(same_kind[0]).objects.bulk_create(same_kind)
        BookingContact.objects.bulk_create(contacts)
        PreferredTime.objects.bulk_create(preferred_times)
        Event.objects.bulk_create(event for assignment in events for event in assignment)
        Assignment.objects.bulk_create(assignment for some in assignments for assignment in some)


def addresses():
    """Return the pages to measure: of a booking that can be scheduled, and of a week with walks.

    The booking is the inspector's, because a page that asks for a reason reads little.
    """
    from bookings.models.bookings import Booking
    from bookings.models.claims import Claim
    from bookings.models.conditions import READY_TO_SCHEDULE
    from walks.models.walks import Assignment

    bookings = Booking.objects.filter(bcu__code="AS", contact__email_hmac__gt="")
    one_of_them = bookings.filter(READY_TO_SCHEDULE).order_by("walk_needed_at").last()
    Claim.objects.create(booking=one_of_them, officer=inspector())
    assignments = Assignment.objects.filter(officer__email__startswith="bench", walk__bcu__code="AS")
    day = assignments.filter(walk__status="scheduled").first().walk.date
    return {
        "queue": "/staff/bookings/",
        "booking": f"/staff/bookings/{one_of_them.pk}/",
        "scheduling": f"/staff/bookings/{one_of_them.pk}/schedule/",
        "walks": "/staff/walks/",
        "calendar": f"/staff/calendar/?day={day}",
        "today": "/staff/today/",
        "map": "/staff/map/",
        "concerns": "/staff/concerns/",
    }


def show_sizes():
    from bookings.models.bookings import Booking
    from walks.models.walks import Walk

    print(f"{Booking.objects.count():,} bookings, {Walk.objects.count():,} walks", flush=True)


if __name__ == "__main__":
    main()
