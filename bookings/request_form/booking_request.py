"""What one woman asked for, once every question has its answer."""

import datetime
from dataclasses import dataclass

from bookings.statuses import INTERPRETED_NEEDS, Channel


@dataclass(frozen=True, kw_only=True)
class RequestedTime:
    """A date and a start, on a London calendar and clock."""

    date: datetime.date
    start: datetime.time


@dataclass(frozen=True, kw_only=True)
class PreferredTimeRequest:
    """What she asks for instead, on her page."""

    preferred_times: tuple[RequestedTime, ...]  # one to three, first choice first
    weekday_evenings: bool
    weekends: bool
    meeting_place: str  # empty when she would like us to suggest one


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """The answers of a finished draft. Each field means what its question asks (docs/rules.md#questions)."""

    borough_gss: str
    ward_gss: str  # empty when she named a borough
    meeting_place: str  # empty when she would like us to suggest one
    map_point: list[float] | None = None  # latitude and longitude, where she put one on our map
    preferred_times: tuple[RequestedTime, ...]  # one to three, first choice first
    weekday_evenings: bool
    weekends: bool
    name: str
    channel: Channel
    email: str
    phone: str
    phone_rules: tuple[str, ...]  # codes of PhoneRule
    phone_times: str
    pin: str  # six digits, or empty
    needs: tuple[str, ...]  # codes of Need
    needs_details: str
    route: str = ""  # where she would like to walk, or what we should see
    about: tuple[str, ...] = ()  # groups of concerns (boroughs/taxonomy.py)
    companions: int = 0  # people she brings, each 18 or over
    may_share_with_partners: bool | None = (
        None  # the place and the problem, without her name; None while nobody asked her
    )
    accompanied: bool = False  # she is 16 or 17, and a parent, adult sister or guardian comes with her
    restricted: bool = False  # somebody in the police must not see it: another BCU's inspector decides

    @property
    def with_interpreter(self) -> bool:
        return bool(INTERPRETED_NEEDS & set(self.needs))
