"""Actions of someone who tells us about a place without asking for a walk, and of her page."""

import uuid
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from bookings.manage.actions import PIN_SESSION_LIFETIME, UNKNOWN_BOOKING, PinMatch, check_pin
from bookings.notices.threads import place_report_thread
from bookings.request_form.actions import stay_within_limits
from bookings.statuses import Channel
from boroughs.models.bcus import Borough, Ward
from feedback import emails
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import ReportContact, ReportLink
from feedback.recipients import ContactRecipient
from feedback.reports.actions import ReportSubmission, add_concerns, create_report, person_key
from feedback.retention import erase_concern, erase_report_contact
from outbox.actions import supersede
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes


@dataclass(frozen=True, kw_only=True)
class ContactChoice:
    """How she wants to hear from us. An email with full details needs no PIN."""

    channel: Channel
    email: str
    pin: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PlaceReport:
    """What she told us about a place in this borough, and how we may write to her."""

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
    stay_within_limits(network, email=choice.email)
    email_hmac = tokens.index_hmac(choice.email) if choice.email else ""
    report, is_new = create_report(
        sent.told, key=key, borough=sent.borough, ward=sent.ward, person_key=person_key(email_hmac=email_hmac)
    )
    if is_new:
        add_concerns(report, sent.told, bcu=report.team)
        contact = _create_contact(report, choice, email_hmac=email_hmac)
        emails.place_report_received(contact, now=report.reported_at)
    return report


def _create_contact(report: Report, choice: ContactChoice, *, email_hmac: str) -> ReportContact:
    return ReportContact.objects.create(
        report=report,
        channel=choice.channel,
        language=get_language() or "",
        email=choice.email,
        email_hmac=email_hmac,
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


def open_by_pin(contact: ReportContact, *, pin: str, network: str) -> None:
    """Open her page if the PIN is right, and confirm the address, because only she knows her PIN."""
    _check_pin(contact.reference or "", pin, network=network)
    confirm_report(contact)


def _check_pin(reference: str, pin: str, *, network: str) -> None:
    check_pin(f"pin {reference} {network}", lambda: _match_pin(reference, "".join(pin.split())))


def _match_pin(reference: str, pin: str) -> tuple[uuid.UUID, PinMatch]:
    known = ReportContact.objects.filter(reference=reference).values_list("pk", "pin_hmac").first()
    pk, pin_hmac = known or (UNKNOWN_BOOKING, "")
    return pk, PinMatch.OWN_PIN if tokens.pin_matches(pk, pin, pin_hmac) else PinMatch.NONE


@transaction.atomic
def confirm_report(contact: ReportContact) -> None:
    """Note that the reader is the woman who told us, so that messages and her page may say more."""
    ContactRecipient(contact).lock()
    if contact.confirmed_at is None and contact.erased_at is None:
        save_changes(contact, confirmed_at=timezone.now())


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
    for concern in Concern.objects.filter(report=contact.pk).order_by("pk"):
        erase_concern(concern)
    erase_report_contact(contact)
