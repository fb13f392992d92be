"""Everything that can happen to what women tell us. Each function is one event.

Order of locks: after those of bookings, concerns by id, then messages.
"""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.moves import lock_booking, require
from bookings.digest import Count, counts_of
from bookings.models import Booking, Walk
from bookings.statuses import Status
from boroughs.models import Officer
from feedback import emails
from feedback.models import Concern, ConcernEvent, Correction, Invitation, Report, WalkNote
from feedback.permissions import can_note, can_screen, can_tell_us
from feedback.statuses import BEING_DEALT_WITH, TO_CHECK, TOLD_HER, Noted, State
from walkandtalk.lib import london


class ConcernError(Exception):
    """Something that cannot be done, in a sentence for the person who asked for it."""


class MoveNotAllowed(ConcernError):
    """It has moved on since the page was shown."""


@dataclass(frozen=True)
class Inbox:
    """Who gets the digest of what: a BCU, or the one inspector who may know of what is kept from it."""

    key: str
    address: str
    team: str
    whose: Q


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was said at one time. `good_spot` is a place where she feels safe."""

    kinds: tuple[str, ...]
    place: str
    text: str
    good_spot: str
    light: str
    band: str
    how_often: str
    consent: bool
    before: int | None = None
    after: int | None = None


@transaction.atomic
def tell_us(booking: Booking, told: Told, *, submission: uuid.UUID) -> Report:
    """She says what worried her. The same page sent twice is one report."""
    require(can_tell_us(booking))
    walk_id = booking.walk_id or booking.cut_short_walk_id
    return _report(booking, told, submission=submission, walk_id=walk_id)


@transaction.atomic
def note_concern(walk: Walk, booking: Booking, told: Told, *, submission: uuid.UUID, by: Officer) -> Report:
    """An officer writes down for her what she said. Her own page shows it to her."""
    _require_noter(walk, booking, by)
    report, is_new = _report_once(booking, told, submission=submission, walk_id=walk.pk, by=by)
    if is_new:
        emails.what_we_heard(booking, report)
    return report


@transaction.atomic
def note_walk(
    walk: Walk,
    booking: Booking,
    *,
    submission: uuid.UUID,
    by: Officer,
    noted: Collection[Noted],
    agreed: str,
    words: str,
) -> WalkNote:
    """Two minutes after the walk: how it was, and what was agreed with her. The same page sent twice is one note."""
    _require_noter(walk, booking, by)
    said = {"noted": list(noted), "agreed": agreed, "agreed_is_empty": not agreed, "words": words}
    note, is_new = WalkNote.objects.get_or_create(
        submission=uuid.uuid5(submission, repr(said)),
        defaults={"walk": walk, "booking": booking, "by": by, **said},
    )
    if is_new and agreed:
        emails.what_we_heard(booking, note)
    return note


@transaction.atomic
def correct_concern(concern: Concern, *, version: int, place: str, text: str) -> None:
    """She says herself what an officer noted for her. Hers counts from now on, and what was noted stays readable."""
    _lock_to_correct(concern, version=version)
    now = concern.words_now
    if (place, text) != (now.place, now.text):
        Correction.objects.create(concern=concern, place=place, text=text)


@transaction.atomic
def withdraw_concern(concern: Concern, *, version: int) -> None:
    """She did not say that, or does not want it kept: nobody looks into it."""
    _lock_to_correct(concern, version=version)
    _move(concern, State.WITHDRAWN)


def _lock_to_correct(concern: Concern, *, version: int) -> None:
    _lock(concern)
    if not concern.may_be_corrected:
        raise MoveNotAllowed(_("Somebody has dealt with this since. Tell us in the form below what is different."))
    if concern.corrections.count() != version:
        raise MoveNotAllowed(_("You have corrected this since. Read it below, then correct it again."))


def _require_noter(walk: Walk, booking: Booking, by: Officer) -> None:
    walked_it = walk.pk in (booking.walk_id, booking.cut_short_walk_id)
    require(can_note(by, walk, walk.live_officers(), now=timezone.now()) and walked_it)


def _report(booking: Booking, told: Told, *, submission: uuid.UUID, walk_id: uuid.UUID | None) -> Report:
    return _report_once(booking, told, submission=submission, walk_id=walk_id)[0]


def _report_once(
    booking: Booking, told: Told, *, submission: uuid.UUID, walk_id: uuid.UUID | None, by: Officer | None = None
) -> tuple[Report, bool]:
    # The same words sent twice are one report; other words from the same page are another.
    report, is_new = Report.objects.get_or_create(
        submission=uuid.uuid5(submission, repr(told)),
        defaults={
            "walk_id": walk_id,
            "booking": booking,
            "by_officer": by,
            "person_key": _person_key(booking),
            "before": told.before,
            "after": told.after,
        },
    )
    if is_new:
        for kind in told.kinds:
            _add_concern(
                report,
                booking,
                kind=kind,
                place=told.place,
                text=told.text,
                light=told.light,
                band=told.band,
                how_often=told.how_often,
                consent=told.consent,
            )
        if told.good_spot:
            _add_concern(report, booking, good_spot=True, place=told.good_spot, text="", consent=told.consent)
    return report, is_new


def _add_concern(report: Report, booking: Booking, **what: Any) -> None:
    place = {"bcu_id": booking.bcu_id, "handler_id": booking.handler_id}
    concern = Concern.objects.create(report=report, told_at=report.told_at, **place, **what)
    ConcernEvent.objects.create(concern=concern, by=report.by_officer, to_state=State.REPORTED)


def _person_key(booking: Booking) -> uuid.UUID:
    """The key of the woman who told us before under this booking or this address; else a new one."""
    same = Q(booking=booking)
    if address := booking.contact.email_hmac:
        same |= Q(booking__contact__email_hmac=address)
    known = Report.objects.filter(same).values_list("person_key", flat=True).first()
    return known or uuid.uuid4()


@transaction.atomic
def start_screening(concern: Concern, *, by: Officer) -> None:
    """Somebody who was not on the walk looks for names, crime and danger in it."""
    _lock(concern)
    _require_screener(concern, by)
    _move(concern, State.SCREENING, by=by)


@transaction.atomic
def accept_concern(
    concern: Concern,
    *,
    by: Officer,
    owner: Officer,
    review_date: datetime.date,
    internal: str = "",
    version: int = 0,
) -> None:
    """It is ours to look into: somebody owns it, and looks at it again by that day."""
    _screen(concern, by, version=version)
    concern.owner = owner
    concern.review_date = review_date
    _move(concern, State.ACCEPTED, by=by, internal=internal)


@transaction.atomic
def close_without_action(concern: Concern, *, by: Officer, reason: str, internal: str = "", version: int = 0) -> None:
    """We cannot change it. She reads why, and it never counts as resolved."""
    _screen(concern, by, version=version)
    _move(concern, State.NO_ACTION, by=by, to_her=reason, internal=internal)


@transaction.atomic
def divert_concern(concern: Concern, *, by: Officer, outside_reference: str, version: int = 0) -> None:
    """It is for another team: a crime, a child, a person named. Type, date and their reference stay; her words go."""
    _lock_her(concern)
    told_with_it = _lock_all_of(concern.report)
    _screen(concern, by, version=version)
    _forget_what_was_said(concern)
    concern.outside_reference = outside_reference
    _move(concern, State.DIVERTED, by=by)
    # One page makes several concerns with the same words, and those words are with the other team now.
    for other in told_with_it:
        if other != concern:
            other.text = ""
            other.save(update_fields=["text"])
            _forget_corrections(other, "text")


@transaction.atomic
def pass_on_concern(concern: Concern) -> None:
    """Its booking has another handler now, so it comes to her."""
    _lock(concern)
    booking = concern.report.booking
    if booking is not None and booking.handler is not None:
        concern.handler = booking.handler
        concern.save(update_fields=["handler"])


@transaction.atomic
def forget_concern(concern: Concern) -> None:
    """Erase her words, the place and ours to her. Its kind, date, area and what came of it stay, to be counted."""
    _lock(concern)
    if concern.forgotten_at is None:
        _forget_words(concern)
        concern.forgotten_at = timezone.now()
        concern.save(update_fields=["place", "text", "forgotten_at"])


def _forget_what_was_said(concern: Concern) -> None:
    _forget_words(concern)
    concern.light = concern.band = concern.how_often = ""
    concern.consent = False


def _forget_words(concern: Concern) -> None:
    concern.place = concern.text = ""
    _forget_corrections(concern, "place", "text")
    for event in concern.events.all():
        event.public = event.to_her = event.internal = ""
        event.save(update_fields=["public", "to_her", "internal"])


def _forget_corrections(concern: Concern, *fields: str) -> None:
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


def _screen(concern: Concern, by: Officer, *, version: int) -> None:
    """Hold it, and begin the check where nobody has: each outcome comes out of one.

    `version` is how many corrections of hers were read.
    """
    _lock_her(concern)
    _lock(concern)
    _require_screener(concern, by)
    if concern.corrections.count() != version:
        raise MoveNotAllowed("She has corrected this since you opened it. Read it above, then decide again.")
    if concern.state == State.REPORTED:
        _move(concern, State.SCREENING, by=by)
    elif concern.state != State.SCREENING:
        was = concern.get_state_display().lower()
        raise MoveNotAllowed(f"This concern is now “{was}”: somebody else has checked it.")


def _require_screener(concern: Concern, by: Officer) -> None:
    require(can_screen(by, concern, concern.officers_of_the_walk()))


def _lock_her(concern: Concern) -> None:
    """Hold her booking first: she may be forgotten, or stop our messages, at this very moment."""
    if concern.report.booking is not None:
        lock_booking(concern.report.booking)


def _lock_all_of(report: Report) -> list[Concern]:
    return list(Concern.objects.select_for_update(no_key=True).filter(report=report).order_by("pk"))


def _lock(concern: Concern) -> None:
    """Read the row afresh and hold it."""
    concern.refresh_from_db(from_queryset=Concern.objects.select_for_update(no_key=True))


def _move(concern: Concern, to: State, *, by: Officer | None = None, to_her: str = "", internal: str = "") -> None:
    """The one place where the state of a concern changes. The caller holds the lock."""
    if not concern.may_become(to):
        was = concern.get_state_display().lower()
        raise MoveNotAllowed(f"This concern is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_state = concern.state
    concern.state = to
    concern.save()
    event = ConcernEvent.objects.create(
        concern=concern, by=by, from_state=was_state, to_state=to, to_her=to_her, internal=internal
    )
    if to in TOLD_HER:
        emails.concern_answered(concern, event)


@transaction.atomic
def invite_to_tell_us(booking: Booking, *, now: datetime.datetime) -> bool:
    """Ask her, once, how it was. Says whether she was asked."""
    lock_booking(booking)
    if booking.status != Status.COMPLETED or not booking.is_written_to or booking.forgotten_at is not None:
        return False
    _row, is_new = Invitation.objects.get_or_create(booking=booking, defaults={"at": now})
    if is_new:
        emails.after_walk(booking, now=now)
    return is_new


@transaction.atomic
def send_digest(inbox: Inbox, *, now: datetime.datetime) -> None:
    """Tell a team what waits, unless nothing does."""
    counts = [*counts_of(inbox.whose, now), *_concerns(inbox.whose, now)]
    if any(count.number for count in counts):
        emails.team_digest(inbox.address, inbox.team, counts, key=inbox.key, now=now)


def _concerns(whose: Q, now: datetime.datetime) -> list[Count]:
    concerns, url = Concern.objects.filter(whose), f"{settings.PUBLIC_URL}{reverse('feedback:concerns')}"
    overdue = concerns.filter(state__in=BEING_DEALT_WITH, review_date__lt=london.local(now).date())
    return [
        Count("Concerns to check", concerns.filter(state__in=TO_CHECK).count(), url),
        Count("Concerns past their day to look again", overdue.count(), url),
    ]
