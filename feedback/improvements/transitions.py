"""Changes of an improvement's state, which happen nowhere else. Its concerns change with it."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement, ImprovementEvent
from feedback.statuses import State
from feedback.transitions import transition_concern
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes


def transition_improvement(
    improvement: Improvement,
    to: State,
    *,
    concerns: Sequence[Concern],
    by: Officer | None = None,
    to_requesters: str = "",
    internal: str = "",
    date: datetime.date | None = None,
    notify_requesters: bool = True,
    changes: Mapping[str, object] | None = None,
) -> ImprovementEvent:
    """Change the state of an improvement and of its concerns, record it for each, and tell each woman once.

    The caller holds the locks (`lock_improvement`), which give the concerns.
    """
    if not improvement.may_become(to):
        was = improvement.get_state_display().lower()
        raise TransitionNotAllowed(f"This improvement is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_state = improvement.state
    save_changes(improvement, **{"state": to, **(changes or {})})
    told = set()
    for concern in concerns:
        if concern.owner_id != improvement.owner_id:
            save_changes(concern, owner=improvement.owner)
        transition_concern(
            concern,
            to,
            by=by,
            to_requester=to_requesters,
            done_date=date,
            notify_requester=notify_requesters and concern.report.person_key not in told,
            changes={"review_date": improvement.review_date},
        )
        told.add(concern.report.person_key)
    return ImprovementEvent.objects.record(
        improvement,
        by=by,
        from_state=was_state,
        to_state=to,
        to_requesters=to_requesters,
        internal=internal,
        date=date,
    )


def record_note(improvement: Improvement, words: str, *, by: Officer | None) -> ImprovementEvent:
    """Record for colleagues what happened. The state stays."""
    state = improvement.state
    return ImprovementEvent.objects.record(improvement, by=by, from_state=state, to_state=state, internal=words)


def reopen(
    improvement: Improvement, concerns: Iterable[Concern], *, review_date: datetime.date, because: str
) -> ImprovementEvent:
    """Open an improvement again with its concerns, for its owner to look at on that day. Nobody is written to.

    The caller holds the locks.
    """
    return transition_improvement(
        improvement,
        State.ACCEPTED,
        concerns=list(concerns),
        internal=because,
        notify_requesters=False,
        changes={"review_date": review_date, "done_date": None},
    )
