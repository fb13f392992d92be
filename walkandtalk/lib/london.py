"""London time, the only zone that this service shows. Instants are stored in UTC and converted here."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from astral import Observer, sun
from django.utils import dateformat
from django.utils.translation import gettext as _

LONDON = ZoneInfo("Europe/London")

_CHARING_CROSS = Observer(latitude=51.5073, longitude=-0.1276)
_FIVE_MINUTES = timedelta(minutes=5)
_SATURDAY = 5
_EVENING = time(17)


class AmbiguousOrMissingTime(ValueError):
    """A wall-clock time that does not name one instant, because the clocks change that night."""


class TimeDoesNotExist(AmbiguousOrMissingTime):
    pass


class TimeHappensTwice(AmbiguousOrMissingTime):
    pass


def today() -> date:
    return datetime.now(LONDON).date()


def local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("A time without its zone cannot be placed in London.")
    return instant.astimezone(LONDON)


def for_calendar(instant: datetime) -> datetime:
    """Return the moment for a calendar file: in London time, or in UTC if London's clocks show that time again.

    A local time in a calendar always means the first of the two (RFC 5545, section 3.3.5).
    """
    moment = local(instant)
    return moment.astimezone(UTC) if moment.fold else moment


def to_instant(day: date, time: time) -> datetime:
    """Return the UTC instant of a London time. Raise AmbiguousOrMissingTime unless there is exactly one."""
    first = datetime.combine(day, time, LONDON)
    second = first.replace(fold=1)
    # The two readings differ only where the clocks change: forward in a gap, back in an overlap.
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC) > second.astimezone(UTC):
            raise TimeDoesNotExist(
                _("The clocks go forward that night, so there’s no %(time)s. Enter another time.")
                % {"time": clock(time)}
            )
        raise TimeHappensTwice(
            _("The clocks go back that night, so %(time)s happens twice. Enter another time.") % {"time": clock(time)}
        )
    return first.astimezone(UTC)


def first_instant(day: date, time: time) -> datetime:
    """Return the UTC instant of a London time, the first of two. For work that a clock change must not stop."""
    return datetime.combine(day, time, LONDON).astimezone(UTC)


def long_date(day: date) -> str:
    """Return the date in words, "Tuesday 8 December 2026". An instant gives its date in London."""
    if isinstance(day, datetime):
        day = local(day).date()
    return dateformat.format(day, "l j F Y")


def clock(moment: time | datetime) -> str:
    """Return the time as people say it: "6:30pm", "7am", "midday", "midnight". An instant gives London time."""
    if isinstance(moment, datetime):
        moment = local(moment).time()
    if moment.minute == 0 and moment.hour in (0, 12):
        return _("midday") if moment.hour else _("midnight")
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def clock_with_seconds(moment: datetime) -> str:
    """Return the London time to the second, like "5:12:40pm", for something that happens in less than a minute."""
    moment = local(moment)
    return f"{moment.hour % 12 or 12}:{moment:%M:%S}{'am' if moment.hour < 12 else 'pm'}"


def short_date(day: date) -> str:
    """Return the date for a list, "Tue 8 Dec". An instant gives its date in London."""
    if isinstance(day, datetime):
        day = local(day).date()
    return dateformat.format(day, "D j M")


def time_and_date(instant: datetime) -> str:
    """Return the moment in full, like "6:30pm on Tuesday 8 December 2026"."""
    return _("%(time)s on %(date)s") % {"time": clock(instant), "date": long_date(instant)}


def near(instant: datetime, now: datetime) -> str:
    """Return the moment as colleagues say it: "6:30pm tonight", "2pm today", "tomorrow, 9am", "Tue 8 Dec, 6:30pm"."""
    days = (local(instant).date() - local(now).date()).days
    if days == 0:
        return f"{clock(instant)} {'tonight' if local(instant).time() >= _EVENING else 'today'}"
    return f"{'tomorrow' if days == 1 else short_date(instant)}, {clock(instant)}"


@lru_cache(maxsize=1024)
def sunset(day: date) -> datetime:
    """Return the sunset in London time, to the nearest five minutes."""
    instant = sun.sunset(_CHARING_CROSS, date=day)
    since_midnight = instant - datetime.combine(instant.date(), time(), UTC)
    rounded = (since_midnight + _FIVE_MINUTES / 2) // _FIVE_MINUTES * _FIVE_MINUTES
    return local(instant - since_midnight + rounded)


def day_notes(day: date) -> str:
    """Return sentences that say when it gets dark that day and whether it is a bank holiday."""
    values = {"dark": clock(sunset(day)), "holiday": bank_holiday(day)}
    sentence = _("It gets dark about %(dark)s.") % values
    return sentence + " " + _("It is a bank holiday: %(holiday)s.") % values if values["holiday"] else sentence


def is_dark(instant: datetime) -> bool:
    """Return whether the sun is below the horizon."""
    day = local(instant).date()
    return not sun.sunrise(_CHARING_CROSS, date=day) <= instant < sun.sunset(_CHARING_CROSS, date=day)


def bank_holiday(day: date) -> str | None:
    """Return the name of the bank holiday in England on that day, if it is one."""
    return _bank_holidays(day.year).get(day)


def is_working_day(day: date) -> bool:
    """Return whether the day is neither at a weekend nor a bank holiday in England."""
    return day.weekday() < _SATURDAY and not bank_holiday(day)


def add_working_days(day: date, n: int) -> date:
    """Return the nth working day after that day, without weekends and bank holidays in England."""
    while n > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            n -= 1
    return day


def years_before(instant: datetime, years: int) -> datetime:
    """Return the same day and time `years` earlier: 28 February if there was no 29th."""
    try:
        return instant.replace(year=instant.year - years)
    except ValueError:
        return instant.replace(year=instant.year - years, day=28)


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> Mapping[date, str]:
    # One year at a time in our own cache, because the package fills its table on reading, which is not thread-safe.
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB"))
