"""Actions of requesters who report concerns, and of officers who record notes for them."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.statuses import Status
from boroughs.geography.map_points import MapPoint
from boroughs.models.officers import Officer
from feedback import emails
from feedback.improvements.transitions import record_note
from feedback.locks import lock_concern, lock_improvement_row
from feedback.models.concerns import Concern, Correction, Report
from feedback.models.events import ConcernEvent
from feedback.models.notes import ReportInvitation, WalkNote
from feedback.permissions import can_record_notes, can_submit_report
from feedback.places.locating import note_corrected_place, note_place
from feedback.statuses import State, WalkNoteCode
from feedback.transitions import transition_concern
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walks.models.walks import Walk


@dataclass(frozen=True, kw_only=True)
class ReportSubmission:
    """The answers of one report. `safe_place` is a place where the requester feels safe, which `point` is not."""

    kinds: tuple[str, ...]
    place: str
    text: str
    safe_place: str
    light: str
    time_of_day: str
    how_often: str
    consent: bool
    point: MapPoint | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, kw_only=True)
class WalkNoteEntry:
    """How a walk was, what was agreed with the requester, and words for colleagues. A page sent twice is one entry.

    `about_a_place` is what the requester said about a place, if she did.
    """

    submission: uuid.UUID
    noted: Collection[WalkNoteCode]
    agreed: str
    words: str
    about_a_place: ReportSubmission | None = None

    @property
    def has_note(self) -> bool:
        return bool(self.noted or self.agreed or self.words)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The place and the problem, in the requester's own words."""

    place: str
    text: str


@transaction.atomic
def submit_report(booking: Booking, told: ReportSubmission, *, submission: uuid.UUID) -> Report:
    """Save a requester's report. The same page sent twice makes one report."""
    require(can_submit_report(booking))
    walk_id = booking.walk_id or booking.cut_short_walk_id
    return _report(booking, told, submission=submission, walk_id=walk_id)


@transaction.atomic
def record_concern(
    walk: Walk, booking: Booking, told: ReportSubmission, *, submission: uuid.UUID, by: Officer
) -> Report:
    """Save what an officer recorded for a requester. She can read it on her page."""
    lock_booking(booking)  # she may stop our messages, or report her inbox as unsafe, at this moment
    _require_can_record_notes(walk, booking, by)
    report, is_new = _get_or_create_report(booking, told, submission=submission, walk_id=walk.pk, by=by)
    if is_new:
        emails.recorded_notes(booking, report)
    return report


@transaction.atomic
def add_walk_note(walk: Walk, booking: Booking, entry: WalkNoteEntry, *, by: Officer) -> None:
    """Save an officer's note after a walk, what they agreed with the requester, and what she said about a place.

    A page sent twice is saved once, and she gets one message for all of it: that of the concern replaces the other.
    """
    lock_booking(booking)  # as above
    _require_can_record_notes(walk, booking, by)
    if entry.has_note:
        _add_note(walk, booking, entry, by=by)
    if entry.about_a_place is not None:
        record_concern(walk, booking, entry.about_a_place, submission=entry.submission, by=by)


def _add_note(walk: Walk, booking: Booking, entry: WalkNoteEntry, *, by: Officer) -> None:
    agreed = entry.agreed
    said = {"noted": list(entry.noted), "agreed": agreed, "is_agreed_empty": not agreed, "words": entry.words}
    note, is_new = WalkNote.objects.get_or_create(
        submission=uuid.uuid5(entry.submission, repr(said)),
        defaults={"walk": walk, "booking": booking, "by": by, **said},
    )
    if is_new and agreed:
        emails.recorded_notes(booking, note)


@transaction.atomic
def correct_concern(concern: Concern, wording: Wording, *, version: int) -> None:
    """Save the requester's correction of an officer's record. It counts from now on, and the record stays readable.

    Her words may name another place (`note_corrected_place`). An improvement that the concern is part of stays.
    """
    _lock_to_correct(concern, version=version)
    if concern.improvement is not None:
        record_note(concern.improvement, "She corrected a concern. Read it.", by=None)
    now = concern.current_wording
    if (wording.place, wording.text) != (now.place, now.text):
        Correction.objects.create(concern=concern, place=wording.place, text=wording.text)
        note_corrected_place(concern, was=now.place, words=wording.place)


@transaction.atomic
def withdraw_concern(concern: Concern, *, version: int) -> None:
    """Withdraw an officer's record because the requester asks. It leaves its place and its improvement."""
    _lock_to_correct(concern, version=version)
    if concern.improvement is not None:
        record_note(concern.improvement, "She took a concern back.", by=None)
    transition_concern(concern, State.WITHDRAWN, changes={"improvement": None, "reported_place": None})


def _lock_to_correct(concern: Concern, *, version: int) -> None:
    if concern.improvement is not None:
        lock_improvement_row(concern.improvement)
    lock_concern(concern)
    if not concern.may_be_corrected:
        raise TransitionNotAllowed(
            _("Someone has dealt with this since. Use the form below to tell us what’s different.")
        )
    if concern.corrections.count() != version:
        raise TransitionNotAllowed(_("You’ve corrected this since. Read it below, then correct it again."))


def _require_can_record_notes(walk: Walk, booking: Booking, by: Officer) -> None:
    walked_it = walk.pk in (booking.walk_id, booking.cut_short_walk_id)
    require(can_record_notes(by, walk, walk.live_officers(), now=timezone.now()) and walked_it)


def _report(booking: Booking, told: ReportSubmission, *, submission: uuid.UUID, walk_id: uuid.UUID | None) -> Report:
    return _get_or_create_report(booking, told, submission=submission, walk_id=walk_id)[0]


def _get_or_create_report(
    booking: Booking,
    told: ReportSubmission,
    *,
    submission: uuid.UUID,
    walk_id: uuid.UUID | None,
    by: Officer | None = None,
) -> tuple[Report, bool]:
    report, is_new = create_report(
        told,
        key=uuid.uuid5(submission, repr(told)),
        walk_id=walk_id,
        booking=booking,
        borough=booking.borough,
        ward=booking.ward,
        by_officer=by,
        person_key=person_key(Q(booking=booking), email_hmacs=booking.contact.address_hmacs),
        has_address=bool(booking.contact.email_hmac),
    )
    if is_new:
        whose = {"bcu_id": booking.bcu_id, "nominated_inspector_id": booking.nominated_inspector_id}
        add_concerns(report, told, **whose)
    return report, is_new


def create_report(told: ReportSubmission, *, key: uuid.UUID, **fields: Any) -> tuple[Report, bool]:
    """Return the report with this key, and whether it is new.

    The key comes from the page and the answers, so the same answers sent twice are one report, and different answers
    from the same page are another.
    """
    feelings = {"before": told.before, "after": told.after}
    return Report.objects.get_or_create(submission=key, defaults={**fields, **feelings})


def add_concerns(report: Report, told: ReportSubmission, **whose: Any) -> None:
    """Add a concern for each thing that she told us. `whose` says which inspectors see them."""
    for kind in told.kinds:
        concern = _add_concern(
            report,
            kind=kind,
            place=told.place,
            text=told.text,
            light=told.light,
            time_of_day=told.time_of_day,
            how_often=told.how_often,
            consent=told.consent,
            **whose,
        )
        note_place(concern, told.point, report.borough.gss)
    if told.safe_place:
        concern = _add_concern(report, safe_place=True, place=told.safe_place, text="", consent=told.consent, **whose)
        note_place(concern, None, report.borough.gss)


def _add_concern(report: Report, **what: Any) -> Concern:
    concern = Concern.objects.create(report=report, reported_at=report.reported_at, **what)
    ConcernEvent.objects.record(concern, by=report.by_officer, to_state=State.REPORTED)
    return concern


def person_key(*same: Q, email_hmacs: list[str]) -> uuid.UUID:
    """Return the key of an earlier report that is the same woman's, or with her address, or a new key."""
    hers = list(same)
    if email_hmacs:
        hers += [Q(booking__contact__email_hmac__in=email_hmacs), Q(contact__email_hmac__in=email_hmacs)]
    known = Report.objects.filter(reduce(or_, hers)).values_list("person_key", flat=True).first() if hers else None
    return known or uuid.uuid4()


@transaction.atomic
def send_report_invitation(booking: Booking, *, now: datetime.datetime) -> bool:
    """Invite the requester, once, to report. Return whether she was invited."""
    lock_booking(booking)
    if booking.status != Status.COMPLETED or not booking.can_be_emailed or booking.erased_at is not None:
        return False
    if booking.nobody_came_not_contacted:  # nobody has spoken with her yet about the officers who did not come
        return False
    _row, is_new = ReportInvitation.objects.get_or_create(booking=booking, defaults={"at": now})
    if is_new:
        emails.report_invitation(booking, now=now)
    return is_new
