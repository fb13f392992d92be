"""Handing a place to a partner's Open311 server, and taking the news of it. Feedback calls both."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from partners.models.open311 import Open311Request
from partners.models.partners import Partner
from partners.statuses import UNSENT
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.rows import save_changes


@dataclass(frozen=True, kw_only=True)
class PlaceReport:
    """A place in our words. It must name nobody: the partner publishes it."""

    kind: str
    lat: float
    lon: float
    description: str
    lamp_number: str = ""


def queue_open311_request(partner: Partner, report: PlaceReport, *, reference: str) -> Open311Request:
    """Save the request in the caller's transaction. Called twice with one reference, it returns the first row.

    Raise ActionError if the partner's server takes no reports of this kind.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A request must be saved in the transaction of the event it is about.")
    if not partner.can_take(report.kind):
        raise ActionError(f"{partner.name} doesn’t take reports of this kind by Open311. Use the inbox or the phone.")
    request = Open311Request(
        partner=partner,
        reference=reference,
        service_code=partner.services[report.kind],
        map_point=[report.lat, report.lon],
        description=report.description,
        lamp_number=report.lamp_number,
    )
    Open311Request.objects.bulk_create([request], ignore_conflicts=True)
    return Open311Request.objects.get(reference=reference)


def cancel_open311_request(request: Open311Request) -> None:
    """Stop a request that is not in the partner's system yet.

    One that is being sent right now is stopped if there is still time, and it is never tried again.
    """
    unsent = Open311Request.objects.filter(pk=request.pk, status__in=UNSENT, cancelled_at=None)
    unsent.update(cancelled_at=timezone.now())


def mark_news_handled(request: Open311Request, *, news_at: datetime) -> None:
    """Record that the news of this moment was taken. News that came since stays news."""
    save_changes(request, handled_at=news_at)
