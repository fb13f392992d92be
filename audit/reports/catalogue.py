"""The auditor's reports. Each is one function of the reader, a period and a BCU."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.models import AdminLog
from audit import looks
from audit.lines import Line, lines_of_admin, lines_of_events, lines_of_looks
from audit.listings import Listing, RowsListing, ShortListing
from audit.looks import HOURS_BEGIN, HOURS_END, Looks
from audit.periods import Period
from audit.unusual import UnusualDay, unusual_days
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.statuses import CREDENTIAL_EVENT_KINDS, FREEZE_EVENT_KINDS
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib import london

HOURS = f"{london.clock(HOURS_BEGIN)} to {london.clock(HOURS_END)}"


@dataclass(frozen=True)
class Asked:
    user: Officer
    period: Period
    bcu: BoroughCommandUnit | None = None


@dataclass(frozen=True)
class Report:
    code: str
    name: str
    meaning: str
    make: Callable[[Asked], Listing]
    by_bcu: bool = True
    why: str = "Why, as she reads it"
    """The heading of the last column."""


def _looks(asked: Asked, chosen: Callable[[Looks], Looks]) -> RowsListing[ReadLog]:
    rows = looks.in_period(looks.visible_looks(asked.user), asked.period)
    if asked.bcu is not None:
        rows = rows.filter(officer__bcu=asked.bcu)
    return RowsListing(looks.for_lines(chosen(rows)), looks.NEWEST_FIRST, lines_of_looks)


def unexplained_looks(asked: Asked) -> Listing:
    return _looks(asked, looks.unexplained)


def looks_out_of_hours(asked: Asked) -> Listing:
    return _looks(asked, looks.out_of_hours)


def looks_at_restricted_bookings(asked: Asked) -> Listing:
    return _looks(asked, looks.of_restricted_bookings)


def unusual_numbers(asked: Asked) -> Listing:
    days = unusual_days(looks.visible_looks(asked.user), asked.period)
    return ShortListing([_unusual_line(day) for day in days if asked.bcu is None or day.officer.bcu_id == asked.bcu.pk])


def _unusual_line(day: UnusualDay) -> Line:
    return Line(
        at=london.first_instant(day.day, HOURS_BEGIN),
        who=day.officer,
        about=f"{day.count} bookings opened",
        what="On this day",
        why=day.compared,
        is_whole_day=True,
    )


def _events(asked: Asked, kinds: Collection[str]) -> Listing:
    """Events of a kind about bookings of the BCU, whoever did them: some are the requester's own acts."""
    rows = Event.objects.visible_to(asked.user).filter(
        kind__in=kinds, at__gte=asked.period.since, at__lt=asked.period.until
    )
    if asked.bcu is not None:
        rows = rows.filter(booking__bcu=asked.bcu)
    related = rows.select_related("by__bcu", "approved_by", "booking")
    return RowsListing(related.order_by("-at", "-pk"), ("-at",), lines_of_events)


def credential_changes(asked: Asked) -> Listing:
    return _events(asked, CREDENTIAL_EVENT_KINDS)


def freezes(asked: Asked) -> Listing:
    return _events(asked, FREEZE_EVENT_KINDS)


def admin_changes(asked: Asked) -> Listing:
    rows = AdminLog.objects.visible_to(asked.user).filter(
        action_time__gte=asked.period.since, action_time__lt=asked.period.until
    )
    related = rows.select_related("user__bcu", "content_type").order_by("-action_time", "-pk")
    return RowsListing(related, ("-action_time",), lines_of_admin)


REPORTS = {
    report.code: report
    for report in (
        Report(
            "unassigned",
            "Looks without a claim or a walk",
            "The booking was not assigned to the person at that moment, and they are not on its walk.",
            unexplained_looks,
        ),
        Report("out-of-hours", "Looks out of hours", f"Outside {HOURS} in London.", looks_out_of_hours),
        Report(
            "unusual",
            "Unusual numbers",
            "Far more bookings in a day than the person, or colleagues of the same BCU and role, opened on other days "
            "of the four weeks before.",
            unusual_numbers,
            why="Compared with",
        ),
        Report(
            "restricted",
            "Looks at restricted bookings",
            "Kept from the requester’s own BCU, or frozen. Only the nominated inspector and officers on the walk "
            "should be here.",
            looks_at_restricted_bookings,
        ),
        Report(
            "credentials",
            "Changes to PINs and addresses",
            "Confirmations by phone are here too. “Nobody signed in” means the requester, or the service.",
            credential_changes,
            why="Agreed by",
        ),
        Report(
            "freezes", "Freezes", "A requester said “This wasn’t me”, or a freeze was lifted.", freezes, why="Agreed by"
        ),
        Report(
            "administration",
            "Changes on administrators’ pages",
            "Which rows and fields were changed, never what is in them.",
            admin_changes,
            by_bcu=False,
            why="Fields",
        ),
    )
}
