"""The steps of a walk as its officers see them: what is done, what comes next, and what can be undone."""

import datetime
from dataclasses import dataclass

from bookings.events import HistoryLine
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.statuses import WalkStatus

COMING_WITHIN = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """One step of a walk, in the row of steps."""

    name: str
    at: datetime.datetime | None
    is_past: bool
    is_next: bool


def get_steps(walk: Walk) -> list[Step]:
    """Return the four steps. A step that nobody pressed is past once a later one was."""
    names = ("On my way", "Here", "Started", "Ended safely")
    times = (walk.set_off_at, walk.arrived_at, walk.started_at, walk.ended_at)
    done = max((number for number, at in enumerate(times, 1) if at is not None), default=0)
    return [
        Step(name, at, is_past=number < done, is_next=number == done)
        for number, (name, at) in enumerate(zip(names, times, strict=True))
    ]


@dataclass(frozen=True)
class StepButton:
    text: str
    page: str


def step_buttons(offers: dict[str, bool]) -> list[StepButton]:
    """Return the buttons of this moment. The first is the next step, and has its place under the thumb."""
    start = StepButton("Start the walk", "on_the_day:start_walk")
    buttons = [
        (offers["offer_end"], StepButton("Ended safely", "on_the_day:end_walk")),
        (offers["offer_wait"], StepButton("I’m waiting with her", "on_the_day:wait_with_requester")),
        (offers["offer_escort"], StepButton("Seeing her to safety", "on_the_day:escort_to_safety")),
        (offers["offer_start"] and offers["start_is_next"], start),
        (offers["offer_set_off"], StepButton("On my way", "on_the_day:set_off")),
        (offers["offer_arrive"], StepButton("I’m here", "on_the_day:arrive")),
        (offers["offer_start"] and not offers["start_is_next"], start),
    ]
    return [button for is_offered, button in buttons if is_offered]


@dataclass(frozen=True)
class Undo:
    """The last press, while the officers on the walk may undo it."""

    line: HistoryLine
    until: datetime.datetime
    page: str


def get_undo(walk: Walk, progress: list[HistoryLine], now: datetime.datetime) -> Undo | None:
    """Return what an officer on the walk may undo now. `progress` is the history of the walk's buttons."""
    if walk.undo_until is None or not walk.may_be_undone(now):
        return None
    pressed_at = walk.ended_at or walk.started_at
    line = next((line for line in progress if pressed_at is not None and line.at >= pressed_at), None)
    page = "on_the_day:undo_end" if walk.ended_at is not None else "on_the_day:undo_start"
    return Undo(line, walk.undo_until, page) if line is not None else None


def describe_moment(walk: Walk, now: datetime.datetime) -> str:
    """Say how near the walk is: "In 17 minutes". Empty if it is not near, or has ended."""
    if walk.status == WalkStatus.UNDER_WAY:
        return "Under way." if now < walk.end_at else f"Under way, due to end at {london.clock(walk.end_at)}."
    if walk.status != WalkStatus.SCHEDULED or now >= walk.end_at or now < walk.start_at - COMING_WITHIN:
        return ""
    minutes = abs(walk.start_at - now) // MINUTE
    if minutes == 0:
        return "Now."
    words = f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"In {words}." if now < walk.start_at else f"{words} ago."
