"""All inspectors press a button concurrently, over HTTP, with the real web server.

docs/rules.md#officers-are-never-booked-twice and docs/rules.md#one-request-one-booking
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.faults.outages import encoded, signed_in, world
from tests.faults.results import Result, exactly

FIRST_DAY = 8


def run(rig, *, inspectors, rounds):
    name = f"{inspectors} at once"
    _inspector, officers = world()
    press = _press(rig, officers[0].bcu, inspectors)
    same_officers = [_round_of_officers(press, officers, day) for day in range(FIRST_DAY, FIRST_DAY + rounds)]
    one_booking = _round_of_one_booking(press, officers, FIRST_DAY + rounds)
    answers = [answer for answers, _winners in [*same_officers, one_booking] for answer in answers]
    statuses = Counter(status for status, _seconds in answers)
    return [
        exactly(name, "rounds of the same two officers with one winner", _won(same_officers), rounds),
        exactly(name, "inspectors who scheduled one booking", one_booking[1], 1),
        exactly(name, "messages a person about that walk, at most", _most_messages(), 1),
        exactly(name, "server errors", sum(n for s, n in statuses.items() if s >= 500), 0),
        exactly(name, "overlapping walks of one officer", _overlaps(), 0),
        Result(name, "slowest response, same two officers", _slowest(same_officers), most=2, unit=" s"),
        Result(name, "slowest response, one booking and 130 officers", _slowest([one_booking]), most=2, unit=" s"),
    ]


def _slowest(rounds):
    return max(seconds for answers, _winners in rounds for _status, seconds in answers)


def _won(rounds):
    return sum(winners == 1 for _answers, winners in rounds)


def _press(rig, bcu, inspectors):
    """Return `press(number, booking, form)`, which posts as one of the inspectors, each signed in with a CSRF token."""
    from tests.support.factories import BookingFactory, InspectorFactory

    someone = BookingFactory(bcu=bcu, borough=bcu.boroughs.first())
    people = [InspectorFactory(bcu=bcu, password=None) for _each in range(inspectors)]
    visitors, tokens = [], []
    for person in people:
        visitor = signed_in(rig, person)
        tokens.append(visitor.get(f"/staff/bookings/{someone.pk}/schedule/")["csrfmiddlewaretoken"])
        visitors.append(visitor)

    def press(number, booking, form):
        began = time.monotonic()
        body = encoded({**form, "csrfmiddlewaretoken": tokens[number], "version": booking.version})
        status, _page = visitors[number]._request("POST", f"/staff/bookings/{booking.pk}/schedule/", body)
        return status, time.monotonic() - began

    press.people = people
    return press


def _round_of_officers(press, officers, day):
    """Each inspector gives a different booking the same two officers, in either order."""
    from tests.support.form_data import plan_data

    bookings = [_booking(officers[0].bcu) for _each in press.people]
    forms = [plan_data(officers[:: 1 if number % 2 else -1], days=day) for number in range(len(press.people))]
    answers = _run_concurrently(press, bookings, forms)
    return answers, sum(status == 302 for status, _seconds in answers)


def _round_of_one_booking(press, officers, day):
    """Each inspector gives the same booking two different officers, so that only the booking is contended."""
    from tests.support.factories import OfficerFactory
    from tests.support.form_data import plan_data

    booking = _booking(officers[0].bcu)
    pairs = [[OfficerFactory(bcu=booking.bcu, password=None) for _each in range(2)] for _each in press.people]
    answers = _run_concurrently(press, [booking] * len(press.people), [plan_data(pair, days=day) for pair in pairs])
    return answers, sum(status == 302 for status, _seconds in answers)


def _booking(bcu):
    from tests.support.factories import BookingFactory

    return BookingFactory(borough=bcu.boroughs.order_by("pk").first(), contact__needs=[], contact__needs_details="")


def _run_concurrently(press, bookings, forms):
    from bookings.read_log import record_reason
    from bookings.statuses import ReadReason

    for person, booking in zip(press.people, bookings, strict=True):
        record_reason([booking.pk], ReadReason.CHECK_WORK, by=person)  # or the page asks why she opens it
    barrier = Barrier(len(press.people))

    def run(number):
        barrier.wait(timeout=30)
        return press(number, bookings[number], forms[number])

    with ThreadPoolExecutor(len(press.people)) as pool:
        return list(pool.map(run, range(len(press.people))))


def _most_messages():
    """Return the greatest number of messages that one person got about one scheduled walk."""
    from outbox.models import Message

    message_threads = Message.objects.filter(kind__in=["scheduled", "officer_assigned"]).values_list(
        "thread", flat=True
    )
    return max(Counter(message_threads).values(), default=0)


def _overlaps():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM walks_assignment a JOIN walks_assignment b ON a.officer_id = b.officer_id"
            " AND a.id < b.id AND a.period && b.period AND a.is_live AND b.is_live"
        )
        return cursor.fetchone()[0]
