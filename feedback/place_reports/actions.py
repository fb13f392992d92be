"""Actions of someone who tells us about a place without asking for a walk, and of her page."""

import datetime
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from accounts.limits import RateLimit
from bookings.manage.actions import PIN_SESSION_LIFETIME, UNKNOWN_BOOKING, PinLocked, PinMatch, check_pin
from bookings.notices.threads import place_report_thread
from bookings.request_form.actions import DAY, stay_within_limits
from bookings.statuses import Channel
from boroughs.models.bcus import Borough, Ward
from feedback import emails
from feedback.models.concerns import Report
from feedback.models.contacts import ReportContact, ReportLink
from feedback.recipients import ContactRecipient
from feedback.reports.actions import ReportSubmission, add_concerns, create_report, person_key
from feedback.retention import erase_place_report
from outbox.actions import supersede
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes

WRONG_PINS_A_DAY = 20
"""From all networks together. One network pauses after five."""


@dataclass(frozen=True, kw_only=True)
class ContactChoice:
    """How she wants to hear from us. An email with full details needs no PIN."""

    channel: Channel
    email: str
    pin: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PlaceReport:
    """The report about a place in this borough, and how we may write to her."""

    borough: Borough
    ward: Ward | None
    told: ReportSubmission
    contact: ContactChoice


class OpenedReport(NamedTuple):
    contact: ReportContact
    token: str


@transaction.atomic
def submit_place_report(sent: PlaceReport, *, submission: uuid.UUID, network: str) -> Report:
    """Save her report, and ask at her address whether it was her. The same page sent twice makes one report."""
    choice = sent.contact
    key = uuid.uuid5(submission, repr((sent.told, choice)) + tokens.pin_hmac(submission, choice.pin))
    if (existing := Report.objects.filter(submission=key).first()) is not None:
        return existing
    stay_within_limits(network, email=choice.email, what="place report")
    email_hmacs = tokens.index_hmacs(choice.email) if choice.email else []
    report, is_new = create_report(
        sent.told,
        key=key,
        borough=sent.borough,
        ward=sent.ward,
        person_key=person_key(email_hmacs=email_hmacs),
        has_address=bool(email_hmacs),
    )
    if is_new:
        add_concerns(report, sent.told, bcu=report.team)
        contact = _create_contact(report, choice)
        emails.place_report_received(contact, now=report.reported_at)
    return report


def _create_contact(report: Report, choice: ContactChoice) -> ReportContact:
    return ReportContact.objects.create(
        report=report,
        channel=choice.channel,
        language=get_language() or "",
        email=choice.email,
        email_hmac=tokens.index_hmac(choice.email) if choice.email else "",
        pin_hmac=tokens.pin_hmac(report.pk, choice.pin) if choice.pin else "",
        # Without email there is no address to doubt: only her PIN opens her page.
        confirmed_at=report.reported_at if choice.channel == Channel.NONE else None,
    )


# --- Her page ---------------------------------------------------------------------------------------------------------


def open_by_reference(*, reference: str, pin: str, network: str) -> OpenedReport:
    """Return how to reach her, and a token for her page. A wrong reference gives the same error as a wrong PIN."""
    reference = tokens.normalise_reference(reference)
    _check_pin(reference, pin, network=network)
    contact = ReportContact.objects.get(reference=reference)
    confirm_report(contact)
    token = ReportLink.objects.create_token(contact, expires_at=timezone.now() + PIN_SESSION_LIFETIME)
    return OpenedReport(contact, token)


def open_by_pin(link: ReportLink, *, pin: str, network: str) -> None:
    """Open her page if the PIN is right, and confirm the address, because only she knows her PIN."""
    _check_pin(link.contact.reference or "", pin, network=network)
    confirm_report(link.contact, is_emailed=link.is_emailed)


def _check_pin(reference: str, pin: str, *, network: str) -> None:
    """Check the PIN. After many wrong ones in a day, whatever network they came from, this report's page pauses.

    So a PIN can't be guessed from many networks. Someone can pause her page like that, which costs her a day: there is
    no walk that she could miss. A reference that doesn't exist pauses as well, so it says nothing of one that does.
    """
    everywhere = RateLimit(f"pin {reference}", DAY, WRONG_PINS_A_DAY)
    match = partial(_match_pin, reference, "".join(pin.split()))
    try:
        check_pin(f"pin {reference} {network}", match, everywhere=everywhere)
    except PinLocked as locked:
        if locked.limit == everywhere:
            _note_wrong_pins(reference, timezone.now())
        raise


def _note_wrong_pins(reference: str, now: datetime.datetime) -> None:
    """Note for her page that it paused. Later tries of the same day, which may be hers, change nothing."""
    contacts = ReportContact.objects.filter(reference=reference)
    contacts.exclude(wrong_pins_at__gt=now - DAY).update(wrong_pins_at=now)


def _match_pin(reference: str, pin: str) -> tuple[uuid.UUID, PinMatch]:
    known = ReportContact.objects.filter(reference=reference).values_list("pk", "pin_hmac").first()
    pk, pin_hmac = known or (UNKNOWN_BOOKING, "")
    return pk, PinMatch.OWN_PIN if tokens.pin_matches(pk, pin, pin_hmac) else PinMatch.NONE


@transaction.atomic
def confirm_report(contact: ReportContact, *, is_emailed: bool = False) -> None:
    """Note that the reader is the woman who told us, so that messages and her page may say more.

    Only a link that we emailed shows that the address is somebody's. That is kept with the report, for the counts of
    women, when how to reach her is erased.
    """
    ContactRecipient(contact).lock()
    if contact.erased_at is not None:
        return
    if contact.confirmed_at is None:
        save_changes(contact, confirmed_at=timezone.now())
    if is_emailed:
        save_changes(contact.report, is_confirmed=True)


@transaction.atomic
def report_not_mine(contact: ReportContact) -> None:
    """Forget an address that was mistyped, with every link that we sent there. What was told stays: the place is real.

    Nothing happens once she has confirmed, because the reader may be someone else who opens her email.
    """
    ContactRecipient(contact).lock()
    if contact.confirmed_at is not None or contact.erased_at is not None:
        return
    _stop(contact)
    contact.links.all().delete()
    save_changes(contact, email="", email_hmac="")


@transaction.atomic
def stop_messages(contact: ReportContact) -> None:
    """Write to her no more. Her page stays."""
    ContactRecipient(contact).lock()
    if contact.erased_at is None:
        _stop(contact)


def _stop(contact: ReportContact) -> None:
    supersede(place_report_thread(contact.pk))
    save_changes(contact, messages_stopped_at=contact.messages_stopped_at or timezone.now())


@transaction.atomic
def delete_report(contact: ReportContact) -> None:
    """Erase what she told us and how to reach her, at once. Kind, day, area and outcome stay, for the figures."""
    ContactRecipient(contact).lock()
    require(contact.confirmed_at is not None and contact.erased_at is None)
    erase_place_report(contact)
