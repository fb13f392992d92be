"""Erase the texts of concerns and walk notes, and how to reach those who told us about a place."""

from django.db import transaction
from django.utils import timezone

from bookings.notices.threads import place_report_thread
from feedback.locks import lock_concern
from feedback.models.concerns import Concern
from feedback.models.contacts import ReportContact
from feedback.models.events import ConcernEventTexts, FollowUpQuestion
from feedback.models.notes import WalkNote
from outbox.actions import erase_thread
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def erase_concern(concern: Concern) -> None:
    """Erase the requester's words, the place and our answers. Kind, date, area and outcome stay, for the figures.

    It leaves its improvement too, which is a change of one place.
    """
    lock_concern(concern)
    if concern.erased_at is None:
        erase_concern_text(concern)
        save_changes(concern, improvement=None, erased_at=timezone.now())


def erase_concern_content(concern: Concern) -> None:
    erase_concern_text(concern)
    save_changes(concern, light="", time_of_day="", how_often="", consent=False)


def erase_concern_text(concern: Concern) -> None:
    save_changes(concern, place="", text="", reported_place=None)
    erase_corrections(concern, "place", "text")
    ConcernEventTexts.objects.filter(event__concern=concern).delete()


def erase_corrections(concern: Concern, *fields: str) -> None:
    for correction in concern.corrections.all():
        save_changes(correction, **dict.fromkeys(fields, ""))


@transaction.atomic
def erase_place_report(contact: ReportContact) -> None:
    """Erase all that she told us and how to reach her. Kind, day, area and outcome stay, for the figures."""
    for concern in Concern.objects.filter(report=contact.pk).order_by("pk"):
        erase_concern(concern)
        erase_concern_content(concern)
    FollowUpQuestion.objects.filter(event__concern__report=contact.pk).update(feeling=None)
    save_changes(contact.report, before=None, after=None)
    erase_report_contact(contact)


@transaction.atomic
def erase_report_contact(contact: ReportContact) -> None:
    """Erase how to reach her, with our messages and the links to her page. What she told us stays for longer."""
    contact.refresh_from_db(from_queryset=ReportContact.objects.select_for_update(no_key=True))
    if contact.erased_at is not None:
        return
    contact.links.all().delete()
    erase_thread(place_report_thread(contact.pk))
    save_changes(
        contact,
        reference=None,
        language="",
        email="",
        email_hmac="",
        pin_hmac="",
        confirmed_at=None,
        messages_stopped_at=None,
        wrong_pins_at=None,
        erased_at=timezone.now(),
    )


@transaction.atomic
def erase_walk_note(note: WalkNote) -> None:
    """Erase the content of a note. The row stays."""
    note.refresh_from_db(from_queryset=WalkNote.objects.select_for_update(no_key=True))
    save_changes(note, noted=[], agreed="", is_agreed_empty=True, words="", erased_at=timezone.now())
