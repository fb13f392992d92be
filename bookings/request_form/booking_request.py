"""A complete request: every answer the requester gave."""

import datetime
from dataclasses import dataclass

from bookings.models.preferred_times import start_in_words
from bookings.statuses import INTERPRETED_NEEDS, Channel


@dataclass(frozen=True, kw_only=True)
class RequestedTime:
    """A date and start time, in London. With a part of the day, `start` is the earliest start in it."""

    date: datetime.date
    start: datetime.time
    part: str = ""  # a code of DayPart, or empty if she chose a certain time
    is_regular: bool = False  # she would like the recurring walk of that day

    @property
    def start_in_words(self) -> str:
        return start_in_words(self.start, self.part, is_regular=self.is_regular)


@dataclass(frozen=True, kw_only=True)
class PreferredTimeRequest:
    """The times and meeting place that a requester asks for instead, on her page."""

    preferred_times: tuple[RequestedTime, ...]  # one to three, first choice first
    weekday_evenings: bool
    weekends: bool
    meeting_place: str  # empty if we should suggest one


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """The requester's answers, with each field as its question asks for it (docs/rules.md#questions)."""

    borough_gss: str
    ward_gss: str  # empty if she named a borough
    meeting_place: str  # empty if we should suggest one
    map_point: list[float] | None = None  # latitude and longitude, if she put one on our map
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
        None  # the place and the problem, without her name; None if she was not asked
    )
    accompanied: bool = False  # she is 16 or 17, and a parent, adult sister or guardian comes with her
    restricted: bool = False  # another BCU's inspector decides, because someone in the police must not see it

    @property
    def with_interpreter(self) -> bool:
        return bool(INTERPRETED_NEEDS & set(self.needs))
