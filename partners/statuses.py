"""The types of partners, and the statuses of what we send them by Open311."""

from django.db.models import TextChoices


class PartnerType(TextChoices):
    COUNCIL = "council", "Council"
    TFL = "tfl", "Transport for London"
    BTP = "btp", "British Transport Police"
    RAIL = "rail", "Network Rail or a train company"
    PARKS = "parks", "Parks"
    OTHER = "other", "Landowner or other"


class RequestStatus(TextChoices):
    """Where a request is on its way to the partner's system."""

    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "In the partner’s system"
    FAILED = "failed", "Not accepted"


UNSENT = (RequestStatus.WAITING, RequestStatus.SENDING)
REMOTE_OPEN, REMOTE_CLOSED = "open", "closed"
"""The two words of GeoReport v2 for what a partner has done. Some servers use others, which count as open."""
