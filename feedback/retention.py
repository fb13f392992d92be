"""Erase the texts of concerns and walk notes."""

from django.db import transaction
from django.utils import timezone

from feedback.locks import lock_concern
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote


@transaction.atomic
def erase_concern(concern: Concern) -> None:
    """Erase the requester's words, the place and our answers. Kind, date, area and outcome stay, for the figures."""
    lock_concern(concern)
    if concern.erased_at is None:
        erase_concern_text(concern)
        concern.erased_at = timezone.now()
        concern.save(update_fields=["place", "text", "erased_at"])


def erase_concern_content(concern: Concern) -> None:
    erase_concern_text(concern)
    concern.light = concern.time_of_day = concern.how_often = ""
    concern.consent = False


def erase_concern_text(concern: Concern) -> None:
    concern.place = concern.text = ""
    erase_corrections(concern, "place", "text")
    for event in concern.events.all():
        event.public = event.to_requester = event.internal = ""
        event.save(update_fields=["public", "to_requester", "internal"])


def erase_corrections(concern: Concern, *fields: str) -> None:
    for correction in concern.corrections.all():
        for field in fields:
            setattr(correction, field, "")
        correction.save(update_fields=fields)


@transaction.atomic
def erase_walk_note(note: WalkNote) -> None:
    """Erase the content of a note. The row stays."""
    note.refresh_from_db(from_queryset=WalkNote.objects.select_for_update(no_key=True))
    note.noted, note.agreed, note.is_agreed_empty, note.words = [], "", True, ""
    note.erased_at = timezone.now()
    note.save()
