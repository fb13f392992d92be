"""The banner that offers to undo what was just decided, on every page until its messages leave."""

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
    """A decision that can be undone, and until when it can be undone. The session keeps no more than this."""

    decisions: list[str]
    """Their ids: one for each booking of an act on many, or one alone."""
    done: str
    release_at: datetime.datetime

    @property
    def leaves_at(self) -> str:
        return london.clock_with_seconds(self.release_at)


def offer_undo(request: OfficerRequest, done: str, *, since: datetime.datetime) -> bool:
    """Show the banner, if this person has made decisions since then that can be undone. Return whether she has."""
    held = UndoableDecision.objects.visible_to(request.user).held(timezone.now()).filter(made_at__gte=since)
    decisions = list(held.only("uuid", "release_at"))
    if not decisions:
        return False
    first_release = min(decision.release_at for decision in decisions)
    request.session[SESSION_KEY] = [[str(decision.pk) for decision in decisions], done, first_release.isoformat()]
    return True


def offered_decisions(request: OfficerRequest) -> list[str]:
    """Return the ids of the decisions that the banner offers to undo, or offered a moment ago."""
    kept = request.session.get(SESSION_KEY)
    return kept[0] if kept else []


def stop_offering_undo(request: OfficerRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def undo_banner(request: HttpRequest) -> dict[str, object]:
    """Add `undo_banner` to the context of every page. It costs no query."""
    return {"undo_banner": SimpleLazyObject(lambda: _current_banner(request))}


def _current_banner(request: HttpRequest) -> UndoBanner | None:
    if SESSION_KEY not in request.session:
        return None
    decisions, done, release_at = request.session[SESSION_KEY]
    banner = UndoBanner(decisions, done, datetime.datetime.fromisoformat(release_at))
    return banner if banner.release_at > timezone.now() else None
