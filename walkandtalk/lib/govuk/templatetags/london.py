"""Dates and times in words, in London time."""

from datetime import date, datetime, time

from django import template

from walkandtalk.lib import london

register = template.Library()


@register.filter
def long_date(day: date | datetime | None) -> str:
    return london.long_date(day) if day else ""


@register.filter
def clock(moment: time | datetime | None) -> str:
    return "" if moment is None else london.clock(moment)


@register.filter
def near(moment: datetime | None, now: datetime) -> str:
    """Return the moment as colleagues say it: "6:30pm tonight"."""
    return "" if moment is None else london.near(moment, now)


@register.filter
def short_date(day: date | datetime | None) -> str:
    return london.short_date(day) if day else ""


@register.filter
def sunset(day: date | None) -> str:
    return london.clock(london.sunset(day)) if day else ""


@register.filter
def bank_holiday(day: date | None) -> str:
    """Return the name of the bank holiday on that day, or ""."""
    return (london.bank_holiday(day) if day else None) or ""
