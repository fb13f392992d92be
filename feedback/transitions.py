"""Changes of a concern's state, which happen nowhere else."""

import datetime
from collections.abc import Mapping

from boroughs.models.officers import Officer
from feedback import emails
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.statuses import STATES_NOTIFIED_TO_REQUESTER, State
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes


def transition_concern(
    concern: Concern,
    to: State,
    *,
    by: Officer | None = None,
    to_requester: str = "",
    internal: str = "",
    done_date: datetime.date | None = None,
    notify_requester: bool = True,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Change the state and the columns in `changes`, record the event, and tell the requester.

    A new owner is told too. The caller holds the lock.
    """
    if not concern.may_become(to):
        was = concern.get_state_display().lower()
        raise TransitionNotAllowed(f"This concern is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_state = concern.state
    save_changes(concern, **{"state": to, **(changes or {})})
    event = ConcernEvent.objects.record(
        concern,
        by=by,
        from_state=was_state,
        to_state=to,
        # Whoever asked us to erase a concern gets no new words with it.
        to_requester="" if concern.erased_at else to_requester,
        internal="" if concern.erased_at else internal,
        done_date=done_date,
    )
    if "owner" in (changes or {}) and concern.owner != by:
        emails.concern_owner_chosen(concern, because=str(event.pk))
    if to in STATES_NOTIFIED_TO_REQUESTER and notify_requester:
        emails.concern_answered(concern, event)
