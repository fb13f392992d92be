"""The steps of each thing that a requester told us, as her own page shows them."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from feedback.models.concerns import Concern, ConcernQuerySet
from feedback.models.events import ConcernEvent
from feedback.models.referrals import Referral
from feedback.statuses import RESOLVED_STATES, FollowUpAnswer, PartnerAnswer, State, words_for_requester
from walkandtalk.lib import london


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened, in a few words, and in more: often what an inspector wrote to her with it."""

    at: datetime.datetime
    words: str
    more: str = ""


class ConcernSteps(NamedTuple):
    concern: Concern
    steps: list[Step]


def concerns_with_steps(told: ConcernQuerySet) -> list[ConcernSteps]:
    """Return what one requester told us, each with its steps, oldest step first.

    Nothing here says how many others told us of the same place, or when: what happened to an improvement before her
    concern joined it is left out. A partner's own words, its reference and its plans are for us alone; that it has our
    request is the only thing she reads before an inspector has.
    """
    related = told.select_related("bcu", "nominated_inspector__bcu", "report", "improvement")
    referrals = ("improvement__referrals__partner", "improvement__referrals__answers")
    concerns = list(related.prefetch_related("events__follow_up", *referrals))
    return [ConcernSteps(concern=concern, steps=_steps(concern, concerns)) for concern in concerns]


def _steps(concern: Concern, hers: Sequence[Concern]) -> list[Step]:
    return sorted([*_own_steps(concern, hers), *_partners_steps(concern)], key=lambda step: step.at)


def _own_steps(concern: Concern, hers: Sequence[Concern]) -> Iterator[Step]:
    shown = [event for event in concern.events.all() if event.is_step]
    for event in shown:
        if event.by_id is None and event.from_state in RESOLVED_STATES and event.to_state == State.ACCEPTED:
            said_no = _said_no(concern, event, hers)
            words = _("You said it isn’t better") if said_no else _("Open again, because someone said it isn’t better")
            # As long as nothing newer was said, it is true who looks at it, and by when.
            yield Step(at=event.at, words=words, more=_who_looks(concern) if event == shown[-1] else "")
        else:
            yield Step(at=event.at, words=_words(concern, event), more=event.to_requester)


def _who_looks(concern: Concern) -> str:
    if concern.review_date is None or concern.review_date <= london.today():
        return _("The %(team)s will look at it again.") % {"team": concern.team.team_name}
    day = london.long_date(concern.review_date)
    return _("The %(team)s will look at it again by %(day)s.") % {"team": concern.team.team_name, "day": day}


def _words(concern: Concern, event: ConcernEvent) -> str:
    day = london.long_date(event.done_date) if event.done_date else ""
    match State(event.to_state):
        case State.PLANNED if day:
            return _("Planned for %(day)s") % {"day": day}
        case State.RESOLVED if day:
            return _("Done on %(day)s") % {"day": day}
    referral = _referral_at(concern, event.at)
    return words_for_requester(State(event.to_state), "" if referral is None else referral.partner.name)


def _said_no(concern: Concern, reopened: ConcernEvent, hers: Sequence[Concern]) -> bool:
    """Return whether she said that it isn't better, of this concern or of another that shares its improvement."""
    earlier = [event for event in concern.events.all() if event.at < reopened.at]
    done_at = max((event.at for event in earlier if event.to_state in RESOLVED_STATES), default=None)
    if done_at is None:
        return False
    shared = [each for each in hers if concern.improvement is not None and each.improvement == concern.improvement]
    answers = [getattr(event, "follow_up", None) for each in {concern, *shared} for event in each.events.all()]
    said_no_at = [each.answered_at for each in answers if each is not None and each.answer == FollowUpAnswer.NO]
    return any(at is not None and done_at <= at <= reopened.at for at in said_no_at)


def _partners_steps(concern: Concern) -> Iterator[Step]:
    """Yield, once for each partner that hers was passed to, that it has our request."""
    passed_on = {
        referral: event.at
        for event in reversed(concern.events.all())
        if event.to_state == State.REFERRED and (referral := _referral_at(concern, event.at)) is not None
    }
    for referral, since in passed_on.items():
        received = [answer.at for answer in referral.answers.all() if answer.answer == PartnerAnswer.RECEIVED]
        if after := [at for at in received if at >= since]:
            yield Step(at=min(after), words=_("They have it"))


def _referral_at(concern: Concern, at: datetime.datetime) -> Referral | None:
    """Return who had the improvement of this concern at that time."""
    if concern.improvement is None:
        return None
    sent = [referral for referral in concern.improvement.referrals.all() if referral.sent_at <= at]
    return max(sent, key=lambda referral: referral.number, default=None)
