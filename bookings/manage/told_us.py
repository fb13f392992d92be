"""Everything that the requester told us, as rows for her page."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from bookings.statuses import Channel, PhoneRule
from boroughs.geography.map_fields import describe_map_point
from walkandtalk.lib.govuk.macros import Text
from walkandtalk.lib.govuk.pages import summary_row


def told_us_rows(booking: Booking, preferred_times: Iterable[PreferredTime]) -> list[dict[str, Any]]:
    """Return a row for each of her answers. An optional question that she left out has none."""
    contact = booking.contact
    where = [contact.meeting_place or _("Please suggest a place")]
    if contact.map_point:
        where.append(describe_map_point(contact.map_point))
    pass_on: dict[bool | None, Text] = {None: "", True: _("Yes, without my name"), False: _("No")}
    answers: list[tuple[Text, Text | list[Text]]] = [
        (_("Name"), contact.name),
        (_("Where to meet"), [*where]),
        (_("When"), _times(booking, preferred_times)),
        (_("What you need"), [need for need in (*contact.need_labels(), contact.needs_details) if need]),
        (_("Where to go, or what to see"), [*(contact.route or "").splitlines()]),
        (_("What it’s about"), [*contact.about_labels()]),
        (_("Who’s coming with you"), _people(booking)),
        (_("May we pass it on?"), pass_on[contact.may_share_with_partners]),
        (_("Kept from"), booking.bcu.team_name if booking.nominated_inspector_id else ""),
        (
            _("How we may write to you"),
            [str(Channel(booking.channel).label), *([contact.email] if contact.email else [])],
        ),
        (_("Phone"), _phone(booking)),
    ]
    return [summary_row(label, answer) for label, answer in answers if answer]


def _times(booking: Booking, preferred_times: Iterable[PreferredTime]) -> list[Text]:
    contact = booking.contact
    also = [(contact.weekday_evenings, _("or weekday evenings")), (contact.weekends, _("or weekends"))]
    return [*map(str, preferred_times), *(words for is_chosen, words in also if is_chosen)]


def _people(booking: Booking) -> list[Text]:
    coming: list[Text] = [_("A parent, adult sister or guardian")] if booking.contact.accompanied else []
    if n := booking.contact.companions:
        coming.append(ngettext("%(n)s person", "%(n)s people", n) % {"n": n})
    return coming


def _phone(booking: Booking) -> list[Text]:
    contact = booking.contact
    if not contact.phone:
        return []
    rules = [str(rule.label) for rule in PhoneRule if rule in contact.phone_rules]
    return [contact.phone, *rules, *([contact.phone_times] if contact.phone_times else [])]
