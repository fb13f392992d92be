"""The days of the next weeks as radio buttons, with the sunset of each week and the reasons for closed days."""

import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from walkandtalk.lib import london

DAY = datetime.timedelta(days=1)
WEEKS_SHOWN = 4  # the later ones are folded


class Calendar(NamedTuple):
    """Everything that decides which days are open. Equal calendars look alike, so their HTML is cached."""

    first: datetime.date
    last: datetime.date
    closed_from: datetime.date | None
    closed_until: datetime.date | None
    notice_days: int
    with_interpreter: bool
    chosen: str
    language: str
    name: str = "day"  # of the radio buttons

    def is_closed(self, day: datetime.date) -> bool:
        if self.closed_from is None or day < self.closed_from:
            return False
        return self.closed_until is None or day <= self.closed_until

    def reason(self, day: datetime.date) -> str:
        """Return why the day is closed, or "" if she may choose it."""
        if self.is_closed(day):
            return _("no walks then.")
        if day < self.first:
            if self.with_interpreter:
                return _("too soon. We need %(n)s days to find an interpreter.") % {"n": self.notice_days}
            return _("too soon. We need %(n)s days to arrange a walk.") % {"n": self.notice_days}
        if day > self.last:
            return _("too far ahead.")
        return ""

    @property
    def first_open(self) -> datetime.date | None:
        days = (self.first + n * DAY for n in range((self.last - self.first).days + 1))
        return next((day for day in days if not self.is_closed(day)), None)

    def weeks(self) -> list[list[datetime.date]]:
        monday = self.first - self.first.weekday() * DAY
        count = (self.last - monday).days // 7 + 1
        return [[monday + (7 * week + n) * DAY for n in range(7)] for week in range(count)]


def day_value(day: datetime.date) -> str:
    """Return the day without its year, "Tuesday 8 December"."""
    return dateformat.format(day, "l j F")


@lru_cache(maxsize=256)
def days_html(calendar: Calendar) -> SafeString:
    weeks = calendar.weeks()
    soon, later = weeks[:WEEKS_SHOWN], weeks[WEEKS_SHOWN:]
    html = _weeks_html(calendar, soon)
    if not later:
        return html
    values = {"first": dateformat.format(later[0][0], "j F"), "last": dateformat.format(calendar.last, "j F")}
    is_open = any(day.isoformat() == calendar.chosen for week in later for day in week)
    return format_html(
        '{}<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary><div class="days__later">{}</div></details>',
        html,
        mark_safe(" open") if is_open else "",
        _("Later days: %(first)s to %(last)s") % values,
        _weeks_html(calendar, later),
    )


def _weeks_html(calendar: Calendar, weeks: list[list[datetime.date]]) -> SafeString:
    return format_html_join("", "{}", ((_week_html(calendar, week),) for week in weeks))


def _week_html(calendar: Calendar, week: list[datetime.date]) -> SafeString:
    values = {"first": dateformat.format(week[0], "j F" if week[0].month != week[6].month else "j")}
    values["last"] = dateformat.format(week[6], "j F")
    notes = [*_closed_notes(calendar, week), *_holiday_notes(calendar, week)]
    return format_html(
        '<p class="days__week"><strong>{}</strong> <span>{}</span></p><div class="days__row">{}</div>{}',
        _("%(first)s to %(last)s") % values,
        _("Sunset about %(time)s") % {"time": london.clock(london.sunset(week[3]))},
        format_html_join("", "{}", ((_day_html(calendar, day),) for day in week)),
        format_html_join("", '<p class="days__note">{}</p>', ((note,) for note in notes)),
    )


def _day_html(calendar: Calendar, day: datetime.date) -> SafeString:
    """Return one day. Keep it short: a page has about fifty, and is not compressed because its form has a token."""
    short, number, value = dateformat.format(day, "D"), day.day, day.isoformat()
    if calendar.reason(day):
        return format_html('<s aria-hidden="true">{} <b>{}</b></s>', short, number)
    is_first = day == calendar.first_open  # an error links to it
    return format_html(
        '<label><input type="radio" name="{}"{} value="{}" aria-label="{}"{}>'
        '<span aria-hidden="true">{} <b>{}</b></span></label>',
        calendar.name,
        format_html(' id="id_{}"', calendar.name) if is_first else "",
        value,
        day_value(day),
        mark_safe(" checked") if value == calendar.chosen else "",
        short,
        number,
    )


def _closed_notes(calendar: Calendar, week: list[datetime.date]) -> list[str]:
    notes = []
    for reason, days in groupby(week, calendar.reason):
        if reason:
            names = [dateformat.format(day, "l") for day in days]
            who = names[0] if len(names) == 1 else _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
            notes.append(f"{who}: {reason}")
    return notes


def _holiday_notes(calendar: Calendar, week: list[datetime.date]) -> list[str]:
    holidays = [(day, london.bank_holiday(day)) for day in week if not calendar.reason(day)]
    return [
        _("%(day)s: bank holiday, %(name)s.") % {"day": dateformat.format(day, "l"), "name": name}
        for day, name in holidays
        if name
    ]
