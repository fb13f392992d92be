"""The navigation of staff pages, with the number of things that wait behind each link."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.force_sign_in.rules import may_use_password
from accounts.second_factor.state import lacks_second_factor
from administration.models import Proposal
from bookings.models.bookings import Booking
from bookings.models.conditions import READY_TO_SCHEDULE
from boroughs.models.officers import Officer
from boroughs.upkeep import upkeep_rows
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.models.notes import walks_without_note
from feedback.models.referrals import improvements_to_do
from walkandtalk.lib import london
from walkandtalk.lib.counting import badge, count_each
from walks.models.walks import Walk
from walks.statuses import WalkStatus

Role = Officer.Role


@dataclass(frozen=True)
class Item:
    href: str
    text: str
    current: str
    """The value of `aria-current`: “page” for this page, “true” for a page below it."""
    count: int = 0
    counted: str = ""
    """The thing that the number counts, for a screen reader: “14 ready to schedule”."""

    @property
    def badge(self) -> str:
        return badge(self.count)


def staff_navigation(request: HttpRequest) -> dict[str, object]:
    """Add `navigation`, which costs a query only on pages that show it, and how this person signs in."""
    return {
        "navigation": SimpleLazyObject(lambda: list(_items(request))),
        "must_add_factor": SimpleLazyObject(lambda: settings.REQUIRE_SECOND_FACTOR and lacks_second_factor(request)),
        "is_demo_without_factor": SimpleLazyObject(
            lambda: not settings.REQUIRE_SECOND_FACTOR and lacks_second_factor(request)
        ),
        "offer_password": SimpleLazyObject(lambda: may_use_password(request.user)),  # type: ignore[arg-type]
    }


LINKS: dict[str, list[tuple[str, str, str]]] = {
    Role.OFFICER: [
        ("feedback:officer_today", "Today", "without a note"),
        ("on_the_day:walks", "My walks", "still today"),
        ("staff_calendar:calendar", "Calendar", ""),
        ("walks:duties", "Duty", ""),
        ("feedback:my_concerns", "Concerns", ""),
    ],
    Role.INSPECTOR: [
        ("triage:today", "Today", ""),
        ("triage:queue", "Queue", "ready to schedule"),
        ("on_the_day:walks", "Walks", "still today"),
        ("staff_calendar:calendar", "Calendar", ""),
        ("walks:duties", "Duty", ""),
        ("delivery_problems:list", "Messages", ""),
        ("feedback:concerns", "Concerns", "to check"),
        ("places:list", "Places", ""),
        ("improvements:list", "Improvements", "to do"),
        ("figures:figures", "Figures", ""),
    ],
    Role.LEAD: [
        ("figures:london", "Today", ""),
        ("figures:figures", "Figures", ""),
        ("improvements:words_to_approve", "Improvements", "words to agree to"),
    ],
    Role.ADMINISTRATOR: [
        ("administrator-today", "Today", "to put right"),
        ("proposals:list", "Proposals", "to answer"),
        ("staffing:overview", "Staffing", ""),
        ("admin:index", "People and areas", ""),
    ],
    Role.AUDITOR: [("audit:overview", "Audit", "")],
    Role.CONTROL_ROOM: [("control_room:check", "Check officers", "")],
}
"""The links of each role: the address, its text, and what its number counts."""
TABS_ELSEWHERE = {
    "figures:concerns": "figures:figures",
    "figures:improvements": "improvements:words_to_approve",
    "posters:list": "figures:figures",
    "posters:new": "figures:figures",
}
"""Pages whose address doesn't begin like that of the link to which they belong."""


def _items(request: HttpRequest) -> Iterator[Item]:
    user = request.user
    assert isinstance(user, Officer)  # noqa: S101  # only signed-in staff see the navigation
    counts = _counts(user, timezone.now())
    for name, text, counted in LINKS[user.role]:
        yield Item(reverse(name), text, _current(request, name), counts.get(counted, 0), counted)


def _current(request: HttpRequest, name: str) -> str:
    href = reverse(name)
    if request.path == href:
        return "page"
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    belongs = TABS_ELSEWHERE[view_name] == name if view_name in TABS_ELSEWHERE else request.path.startswith(href)
    return "true" if belongs else ""


def _counts(user: Officer, now: datetime.datetime) -> dict[str, int]:
    """Return how many rows wait behind each link, by the words for them. One query, and none for an auditor.

    A lead sees no number of women, because a total could tell what their pages hide.
    """
    lists = _lists(user, now)
    numbers = count_each(*(rows for alike in lists.values() for rows in alike)) if lists else []
    counts = iter(numbers)
    return {words: sum(next(counts) for _rows in alike) for words, alike in lists.items()}


def _lists(user: Officer, now: datetime.datetime) -> dict[str, list[QuerySet[Any]]]:
    """Return the lists that are counted together, by the words for their number."""
    tomorrow = london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time())
    walks = Walk.objects.visible_to(user).filter(start_at__gte=now, start_at__lt=tomorrow)
    match user.role:
        case Role.INSPECTOR:
            return {
                "ready to schedule": [Booking.objects.visible_to(user).filter(READY_TO_SCHEDULE)],
                "still today": [walks.decided_by(user)],
                "to check": [Concern.objects.visible_to(user).for_tab("to_check")],
                "to do": [improvements_to_do(Improvement.objects.visible_to(user), london.today())],
            }
        case Role.OFFICER:
            return {
                "without a note": [walks_without_note(user, now)],
                "still today": [walks.exclude(status=WalkStatus.CANCELLED)],
            }
        case Role.LEAD:
            return {"words to agree to": [Improvement.objects.for_approval_by(user)]}
        case Role.ADMINISTRATOR:
            proposals = Proposal.objects.visible_to(user).waiting_for(user, now)
            return {"to put right": [*upkeep_rows(now), proposals], "to answer": [proposals]}
        case _:
            return {}
