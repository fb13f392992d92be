"""We forget what was said. Its kind, date, area and what came of it stay, to be counted."""

from django.db import transaction
from django.utils import timezone

from feedback.locks import lock_concern
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote


@transaction.atomic
def forget_concern(concern: Concern) -> None:
    """Erase her words, the place and ours to her. Its kind, date, area and what came of it stay, to be counted."""
    lock_concern(concern)
    if concern.forgotten_at is None:
        forget_words(concern)
        concern.forgotten_at = timezone.now()
        concern.save(update_fields=["place", "text", "forgotten_at"])


def forget_what_was_said(concern: Concern) -> None:
    forget_words(concern)
    concern.light = concern.band = concern.how_often = ""
    concern.consent = False


def forget_words(concern: Concern) -> None:
    concern.place = concern.text = ""
    forget_corrections(concern, "place", "text")
    for event in concern.events.all():
        event.public = event.to_her = event.internal = ""
        event.save(update_fields=["public", "to_her", "internal"])


def forget_corrections(concern: Concern, *fields: str) -> None:
    for correction in concern.corrections.all():
        for field in fields:
            setattr(correction, field, "")
        correction.save(update_fields=fields)


@transaction.atomic
def forget_walk_note(note: WalkNote) -> None:
    """Erase what was said. That there was a note stays."""
    note.refresh_from_db(from_queryset=WalkNote.objects.select_for_update(no_key=True))
    note.noted, note.agreed, note.agreed_is_empty, note.words = [], "", True, ""
    note.forgotten_at = timezone.now()
    note.save()
