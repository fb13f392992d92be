"""Requests for other preferred times and another place."""

import datetime

from bookings.request_form.booking_request import PreferredTimeRequest, RequestedTime
from walkandtalk.lib import london

PLACE = "Nunhead station, the ticket machines"


def make_preferred_time_request(*days, place=PLACE, **also):
    """Return a request for noon on each of these days, counted from today."""
    times = [RequestedTime(date=london.today() + datetime.timedelta(days=day), start=datetime.time(12)) for day in days]
    return PreferredTimeRequest(
        preferred_times=tuple(times), meeting_place=place, **{"weekday_evenings": False, "weekends": False, **also}
    )


def preferred_time_data(day, start="12pm", place=PLACE):
    """Return data for the form for other times, with one time, this many days from today."""
    date = london.today() + datetime.timedelta(days=day)
    parts = {"first_date_day": date.day, "first_date_month": date.month, "first_date_year": date.year}
    return {**parts, "first_start": start, "meeting_place": place, "also": ["weekends"]}
