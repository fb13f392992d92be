"""Changes of an improvement's state, which happen nowhere else. Its concerns change with it."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement, ImprovementEvent
from feedback.recipients import recipient_of
from feedback.statuses import State
from feedback.transitions import transition_concern
from walkandtalk.lib import london
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
    told = _one_for_each_woman(concerns) if notify_requesters else frozenset()
    for concern in concerns:
        if concern.owner_id != improvement.owner_id:
            save_changes(concern, owner=improvement.owner)
        transition_concern(
            concern,
            to,
            by=by,
            to_requester=to_requesters,
            done_date=date,
            notify_requester=concern.pk in told,
            changes={"review_date": improvement.review_date},
        )
    return ImprovementEvent.objects.record(
        improvement,
        by=by,
        from_state=was_state,
        to_state=to,
        to_requesters=to_requesters,
        internal=internal,
        date=date,
    )


def _one_for_each_woman(concerns: Sequence[Concern]) -> frozenset[uuid.UUID]:
    """Return the concern about which each woman hears: the newest that can be written about, if possible to a route
    that is known to be hers.

    Someone else may have typed her address, to get her messages to a page of theirs.
    """
    chosen: dict[uuid.UUID, tuple[Any, Concern]] = {}
    for concern in concerns:
        recipient = recipient_of(concern.report)
        if recipient is None or not recipient.hears_news:
            continue
        rank = (recipient.is_confirmed, concern.reported_at, concern.pk)
        key = concern.report.person_key
        if key not in chosen or rank > chosen[key][0]:
            chosen[key] = (rank, concern)
    return frozenset(concern.pk for _rank, concern in chosen.values())


def record_note(improvement: Improvement, words: str, *, by: Officer | None) -> ImprovementEvent:
    """Record for colleagues what happened. The state stays."""
    state = improvement.state
    return ImprovementEvent.objects.record(improvement, by=by, from_state=state, to_state=state, internal=words)


def reopen(
    improvement: Improvement,
    concerns: Iterable[Concern],
    *,
    review_date: datetime.date,
    because: str,
    by: Officer | None = None,
) -> ImprovementEvent:
    """Open an improvement again with its concerns, for its owner to look at on that day. Nobody is written to.

    Words for the public need another agreement once something is done again. The caller holds the locks.
    """
    next_month = (london.today().replace(day=1) + datetime.timedelta(days=31)).replace(day=1)
    not_true_any_more: dict[str, object] = {"done_date": None, "approved_by": None, "approved_at": None}
    return transition_improvement(
        improvement,
        State.ACCEPTED,
        concerns=list(concerns),
        by=by,
        internal=because,
        notify_requesters=False,
        changes={
            "review_date": review_date,
            "target_date": None,
            **({"shown_until": next_month} if improvement.is_published else not_true_any_more),
        },
    )
