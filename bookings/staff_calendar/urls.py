import datetime

from django.urls import path, register_converter

from bookings.staff_calendar.views import calendar, calendar_day


class DateConverter:
    """A day in an address, as 2026-12-08."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        """A ValueError, for a day that there is not, is no match."""
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()


register_converter(DateConverter, "date")


app_name = "staff_calendar"

urlpatterns = [
    path("calendar/", calendar, name="calendar"),
    path("calendar/<date:date>/", calendar_day, name="day"),
]
