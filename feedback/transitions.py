"""The only place where the state of a concern changes."""

import datetime

from boroughs.models.officers import Officer
from feedback import emails
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.statuses import TOLD_HER, State
from walkandtalk.lib.errors import MoveNotAllowed


def move_concern(
    concern: Concern,
    to: State,
    *,
    by: Officer | None = None,
    to_her: str = "",
    internal: str = "",
    done_date: datetime.date | None = None,
    tells_her: bool = True,
) -> None:
    """The one place where the state of a concern changes. The caller holds the lock."""
    if not concern.may_become(to):
        was = concern.get_state_display().lower()
        raise MoveNotAllowed(f"This concern is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_state = concern.state
    concern.state = to
    concern.save()
    event = ConcernEvent.objects.create(
        concern=concern, by=by, from_state=was_state, to_state=to, to_her=to_her, internal=internal, done_date=done_date
    )
    if to in TOLD_HER and tells_her:
        emails.concern_answered(concern, event)
        _tell_all_joined(concern, event)


def _tell_all_joined(concern: Concern, event: ConcernEvent) -> None:
    """Each of them hears the same words, about what she told us herself."""
    for joined in concern.joined.select_related("report__booking__contact", "merged_into"):
        hers = ConcernEvent.objects.create(
            concern=joined,
            by=event.by,
            from_state=joined.state,
            to_state=event.to_state,
            to_her=event.to_her,
            done_date=event.done_date,
        )
        emails.concern_answered(joined, hers)
