"""The banner that offers to undo the decision just made, on every page until its messages leave."""

import datetime
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.requests import OfficerRequest
from bookings.models.undoable_decisions import UndoableDecision
from walkandtalk.lib import london

SESSION_KEY = "undo"


@dataclass(frozen=True)
class UndoBanner:
    """What was decided, and until when it can be undone. The session keeps no more than this."""

    decision: str
    done: str
    release_at: datetime.datetime

    @property
    def leaves_at(self) -> str:
        return london.clock_with_seconds(self.release_at)


def offer_undo(request: OfficerRequest, done: str, *, since: datetime.datetime) -> bool:
    """Show the banner, if this person has made a decision since then that can be undone. Return whether she has."""
    made = UndoableDecision.objects.visible_to(request.user).held(timezone.now()).filter(made_at__gte=since)
    decision = made.only("uuid", "release_at").first()
    if decision is None:
        return False
    request.session[SESSION_KEY] = [str(decision.pk), done, decision.release_at.isoformat()]
    return True


def stop_offering_undo(request: OfficerRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def undo_banner(request: HttpRequest) -> dict[str, object]:
    """Add `undo_banner` to the context of every page. It costs no query."""
    return {"undo_banner": SimpleLazyObject(lambda: _current_banner(request))}


def _current_banner(request: HttpRequest) -> UndoBanner | None:
    if SESSION_KEY not in request.session:
        return None
    decision, done, release_at = request.session[SESSION_KEY]
    banner = UndoBanner(decision, done, datetime.datetime.fromisoformat(release_at))
    return banner if banner.release_at > timezone.now() else None
