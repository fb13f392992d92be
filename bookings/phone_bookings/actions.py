"""Keep the answers of a phone booking until it is sent."""

from collections.abc import Mapping
from uuid import UUID

from bookings.models.drafts import Draft
from bookings.permissions import can_take_phone_bookings
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require


def save_phone_answers(pk: UUID, *, by: Officer, answers: Mapping[str, object]) -> Draft:
    """Keep the answers for an hour, for this inspector alone. Raise DoesNotExist for another inspector's draft."""
    require(can_take_phone_bookings(by))
    draft = Draft.objects.start_phone_booking(pk, by=by)
    draft.save_answers(answers)
    return draft
