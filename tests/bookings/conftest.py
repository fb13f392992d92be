import datetime

import pytest

from bookings import actions
from bookings.booking_request import BookingRequest, WishedTime
from bookings.statuses import Channel
from tests.support.factories import in_days
from walkandtalk.lib import london


@pytest.fixture
def request_of_hers(southwark):
    """What a woman in Southwark asked for."""
    first = london.today() + datetime.timedelta(days=10)
    return BookingRequest(
        borough_gss=southwark.gss,
        ward_gss="",
        meeting_place="Peckham Rye station",
        spot=[51.47004, -0.06944],
        wishes=(
            WishedTime(date=first, start=datetime.time(18, 30)),
            WishedTime(date=first + datetime.timedelta(days=1), start=datetime.time(12)),
        ),
        weekday_evenings=True,
        weekends=False,
        name="Maya O'Brien",
        channel=Channel.FULL,
        email="maya@example.com",
        phone="07700 900123",
        phone_rules=("text",),
        phone_times="after 5pm",
        pin="",
        needs=("step_free",),
        needs_details="I use a stick.",
    )


@pytest.fixture
def plan():
    return actions.WalkPlan(
        start_at=in_days(10),
        minutes=60,
        meeting_place="Peckham Rye station, by the flower stall",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
        pin=[51.47004, -0.06944],
    )
