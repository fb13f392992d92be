"""What women told us, and what became of it."""

from feedback.models.concerns import PAGE_LENGTH, Concern, ConcernQuerySet, Correction, Report
from feedback.models.events import BetterQuestion, ConcernEvent
from feedback.models.notes import Invitation, WalkNote

__all__ = [
    "PAGE_LENGTH",
    "BetterQuestion",
    "Concern",
    "ConcernEvent",
    "ConcernQuerySet",
    "Correction",
    "Invitation",
    "Report",
    "WalkNote",
]
