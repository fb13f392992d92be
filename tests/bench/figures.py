"""The pages of figures with `SIZE` bookings in the database, beside 10,000 of them, and the job that counts them.

The bookings of the larger one spread over years, and those of its last twelve months are many times as many too.
"""

import datetime
import logging
import math
import os
import time

from tests.bench.copies import copy_closed_bookings
from tests.bench.measuring import inspector, measure, quieten, run_as_superuser, show, sign_in
from tests.bench.staff_pages import add_bookings, add_officers, show_sizes
from tests.support.journey import InProcess
from tests.support.stack import Stack

MANY = int(os.environ.get("SIZE", "1000000"))
FEW = min(10_000, MANY // 10)
OPEN = 600
NOT_COUNTED = {"Assignment", "BookingContact", "PreferredTime"}


def main():
    with Stack() as stack:
        os.environ |= stack.environment() | {"DJANGO_SETTINGS_MODULE": "walkandtalk.settings"}
        from walkandtalk.wsgi import application

        logging.disable(logging.INFO)
        quieten(stack)
        send = InProcess(application, stack.url.removeprefix("http://"))
        teams = add_officers()
        add_bookings(teams, range(OPEN), is_open=True)
        add_bookings(teams, range(OPEN, FEW), is_open=False)
        few = measure_figures(stack, send)
        began = time.perf_counter()
        pairs = min(len(pairs) for pairs in teams.values())
        days = FEW // len(teams) // pairs + 2
        copy_closed_bookings(math.ceil((MANY - FEW) / (FEW - OPEN)), days=days, without=NOT_COUNTED)
        print(f"Filled in {time.perf_counter() - began:.0f} s.", flush=True)
        many = measure_figures(stack, send)
        show_sizes()
    show(few, many, sizes=(f"{FEW:,} bookings", f"{MANY:,} bookings"))


def measure_figures(stack, send):
    """Return the queries and times of the pages. Print those of the job, and of a page that counts for itself."""
    from django.utils import timezone

    from bookings.models.bookings import Booking
    from figures.models.tallies import StoredTally
    from figures.periods import Quarter
    from figures.snapshots.counting import count_period
    from figures.tallies.jobs import count_figures

    run_as_superuser(stack, "VACUUM ANALYZE")
    StoredTally.objects.all().delete()
    year = Booking.objects.filter(asked_at__gt=timezone.now() - datetime.timedelta(days=365)).count()
    cookies = {"lead": sign_in(lead()), "inspector": sign_in(inspector())}
    for role, cookie in cookies.items():
        print(f"{least_seconds(lambda cookie=cookie: send('GET', '/staff/figures/', cookie)):>8.2f} s", end="  ")
        print(f"{role}’s page that counts for itself, {year:,} bookings in twelve months", flush=True)
    print(f"{least_seconds(lambda: count_figures(timezone.now())):>8.2f} s  the job that counts them", flush=True)
    quarter = Quarter.of(timezone.now().date() - datetime.timedelta(days=120))
    seconds = least_seconds(lambda: count_period(quarter.period))
    print(f"{seconds:>8.2f} s  counting a quarter to publish it", flush=True)
    return measure(
        stack,
        send,
        {
            "lead’s figures": ("/staff/figures/", cookies["lead"]),
            "last 90 days by order": ("/staff/figures/?period=90&order=requested", cookies["lead"]),
            "CSV": ("/staff/figures.csv", cookies["lead"]),
            "London today": ("/staff/today/london/", cookies["lead"]),
            "inspector’s figures": ("/staff/figures/", cookies["inspector"]),
            "what women told us": ("/what-women-told-us/", ""),
        },
    )


def lead():
    from boroughs.models.officers import Officer

    return Officer.objects.get(email="lead@example.com")


def least_seconds(act):
    seconds = []
    for _time in range(3):
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


if __name__ == "__main__":
    main()
