"""The navigation of staff pages, with the number of things that wait behind each link."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from bookings.models.bookings import Booking
from bookings.models.conditions import READY_TO_SCHEDULE
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from walkandtalk.lib import london
from walkandtalk.lib.counting import badge, count_each
from walks.models.walks import Walk

Role = Officer.Role


@dataclass(frozen=True)
class Item:
    href: str
    text: str
    path: str
    count: int = 0
    counted: str = ""
    """What the number counts, for a screen reader: “14 ready to schedule”."""

    @property
    def badge(self) -> str:
        return badge(self.count)

    @property
    def current(self) -> str:
        """The value of `aria-current`: “page” for this page, “true” for a page below it."""
        if self.path == self.href:
            return "page"
        return "true" if self.path.startswith(self.href) else ""


def staff_navigation(request: HttpRequest) -> dict[str, object]:
    """Add `navigation`, which costs a query only on pages that show it."""
    return {"navigation": SimpleLazyObject(lambda: list(_items(request)))}


def _items(request: HttpRequest) -> Iterator[Item]:
    user, now = request.user, timezone.now()
    assert isinstance(user, Officer)  # noqa: S101  # only signed-in staff see the navigation
    counts = _counts(user, now)

    def item(name: str, text: str, *, counted: str = "") -> Item:
        return Item(reverse(name), text, request.path, counts.get(counted, 0), counted)

    if user.role == Role.OFFICER:
        yield item("on_the_day:walks", "My walks")
    if user.role == Role.INSPECTOR:
        yield item("triage:today", "Today")
        yield item("triage:queue", "Queue", counted="ready to schedule")
        yield item("on_the_day:walks", "Walks", counted="still today")
    if user.role in (Role.OFFICER, Role.INSPECTOR):
        yield item("staff_calendar:calendar", "Calendar")
        yield item("walks:duties", "Duty")
    if user.role == Role.OFFICER:
        yield item("feedback:my_concerns", "Concerns")
    if user.role == Role.INSPECTOR:
        yield item("delivery_problems:list", "Messages")
        yield item("feedback:concerns", "Concerns", counted="to check")
    if user.role in (Role.INSPECTOR, Role.LEAD):
        yield item("figures:figures", "Figures")
    if user.role == Role.ADMINISTRATOR:
        yield item("admin:index", "Officers and areas")
    if user.role == Role.AUDITOR:
        yield item("audit:overview", "Audit")


def _counts(user: Officer, now: datetime.datetime) -> dict[str, int]:
    """Return how many rows wait behind each link, by the words for them. One query, and none for most roles."""
    if user.role != Role.INSPECTOR:
        return {}
    tomorrow = london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time())
    ready = Booking.objects.visible_to(user).filter(READY_TO_SCHEDULE)
    walks = Walk.objects.visible_to(user).decided_by(user).filter(start_at__gte=now, start_at__lt=tomorrow)
    concerns = Concern.objects.visible_to(user).for_tab("to_check")
    counted = count_each(ready, walks, concerns)
    return dict(zip(("ready to schedule", "still today", "to check"), counted, strict=True))
