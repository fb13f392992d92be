"""Valid data for the longer forms, as a browser sends it."""

import datetime
import uuid

from django.core.exceptions import ValidationError

from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ClockTimeField

STEP_FREE = {"need_step_free": "arranged", "how_step_free": "Walked by Sergeant Stone"}


def date_data(name, *, days):
    date = london.today() + datetime.timedelta(days=days)
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def agreed_data(*, days, start):
    """Return the tick that says that this time is right, for a page that asks because it is unusual."""
    try:
        start_at = london.to_instant(london.today() + datetime.timedelta(days=days), ClockTimeField().clean(start))
    except ValidationError:
        return {}
    return {"agreed": f"{start_at.astimezone(datetime.UTC):%Y%m%dT%H%MZ}"}


def change_data(team, *, days):
    """Return the new details of a walk: at 7pm, to which the requester has agreed."""
    return {
        **date_data("date", days=days),
        "start": "7pm",
        **agreed_data(days=days, start="7pm"),
        "minutes": "60",
        "meeting_place": "Peckham Rye station, by the flower stall",
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "officers": [officer.pk for officer in team],
    }


def plan_data(team, *, days):
    """Return the details of a walk at a time that is none of hers."""
    return {"time": "other", **change_data(team, days=days)}


def schedule_data(team, *, days=10, start="6:30pm", **others):
    """Return data for the form that schedules a walk, for a booking at version 1. She has agreed to the time."""
    agreed = agreed_data(days=days, start=start)
    return {**plan_data(team, days=days), "start": start, **agreed, "version": "1", **STEP_FREE, **others}


def confirmed_adjustments_data(*bookings):
    """Return the answers that keep all adjustments of these bookings."""
    return {
        f"need_{booking.pk.hex}_{need}": "holds" for booking in bookings for need in booking.contact.needs_to_arrange()
    }


def phone_booking_data(borough, *, days=10):
    """Return data for the two pages on which an inspector takes a phone booking."""
    first = {
        "of": str(uuid.uuid4()),
        "start-danger": "no",
        "phone_booking-how": "phone",
        "contact-channel": "full",
        "contact-email": "rita@example.com",
        "contact-phone": "07700 900321",
        "contact-phone_rules": ["call"],
        "age-adult": "yes",
        "area-how": "borough",
        "area-borough": borough.gss,
    }
    second = {
        "name-name": "Rita Rings",
        "meeting-place-how": "suggest",
        **date_data("when-first_date", days=days),
        "when-first_start": "6:30pm",
        "needs-needs": ["nothing"],
    }
    return first, second


def offer_data(*, days):
    """Return data for an offer of one time, this many days from today."""
    date = london.today() + datetime.timedelta(days=days)
    return {
        "first_date_day": date.day,
        "first_date_month": date.month,
        "first_date_year": date.year,
        "first_start": "7pm",
        "first_place": "Peckham Rye",
    }


def recurring_walk_data():
    """Return data for a walk every Thursday, from tomorrow."""
    return {
        **date_data("from_date", days=1),
        "weekday": "3",
        "start": "7pm",
        "minutes": "60",
        "capacity": "4",
        "area": "Peckham",
        "meeting_place": "Peckham Rye station, by the flower stall",
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
    }
