"""The looks that fit a search."""

from audit import looks
from audit.lines import lines_of_looks
from audit.listings import RowsListing
from audit.periods import single_day
from audit.search.forms import AskedForm
from bookings.models.read_log import ReadLog
from boroughs.models.officers import Officer


def search_listing(user: Officer, asked: AskedForm) -> RowsListing[ReadLog]:
    rows = looks.visible_looks(user)
    if asked.people:
        rows = looks.by_people(rows, [person.pk for person in asked.people])
    if asked.booking_asked_for is not None:
        rows = looks.about_booking(rows, asked.booking_asked_for.pk)
    if asked.day_asked_for is not None:
        rows = looks.in_period(rows, single_day(asked.day_asked_for))
    return RowsListing(looks.for_lines(rows), looks.NEWEST_FIRST, lines_of_looks)
