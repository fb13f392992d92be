"""The published figures: their codes, which are columns of the open data, their names and exact definitions."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from boroughs import taxonomy
from figures.snapshots.rule import Sum

LONDON = "LONDON"
"""The code of all BCUs together. Every other area is a BCU, by its two letters."""

Text = str | Promise


@dataclass(frozen=True)
class Measure:
    """A published figure. A sum over BCUs is London's; a median is in days and can't be added up."""

    code: str
    label: Text
    definition: Text
    is_median: bool = False
    is_for_london_alone: bool = False

    @property
    def is_sum(self) -> bool:
        return not (self.is_median or self.is_for_london_alone)


def group_code(group: str) -> str:
    return f"concerns_{group}"


REQUESTS = Measure(
    "requests",
    _("Requests for a walk"),
    _("Requests that women sent in this quarter, on the website, by phone or in person, and that were confirmed."),
)
WALKS_HELD = Measure(
    "walks_held", _("Walks held"), _("Walks that took place in this quarter. Several women can share a walk.")
)
WALKS_CANCELLED = Measure(
    "walks_cancelled_by_us",
    _("Walks cancelled by us"),
    _(
        "Walks that were arranged to begin in this quarter, and that we cancelled for at least one woman, or to which "
        "no officer came."
    ),
)
DAYS_TO_WALK = Measure(
    "median_days_to_walk",
    _("Typical wait for a walk"),
    _("Half of the women who walked in this quarter waited no longer than this, from their request to their walk."),
    is_median=True,
)
CONCERNS = Measure(
    "concerns",
    _("Concerns"),
    _("What women told us in this quarter after a walk. One woman can tell us of several. Each is in one group."),
)
GROUPS = {
    group: Measure(
        group_code(group),
        label,
        _("The concerns of this group. Each concern is in one group."),
    )
    for group, label in taxonomy.GROUPS.items()
}
DONE = Measure(
    "concerns_done",
    _("Done"),
    _("Concerns to which we answered in this quarter that what was needed has been done."),
)
PARTLY_DONE = Measure(
    "concerns_partly_done",
    _("Partly done"),
    _("Concerns to which we answered in this quarter that some of it has been done."),
)
NOT_DONE = Measure(
    "concerns_not_done",
    _("Not done"),
    _("Concerns to which we answered in this quarter that it can’t be changed, or that it’s for someone else."),
)
DAYS_TO_ANSWER = Measure(
    "median_days_to_answer",
    _("Typical wait for a first answer"),
    _("Half of the concerns that had their first answer in this quarter waited no longer than this."),
    is_median=True,
)
CONCERNS_WITHOUT_WALK = Measure(
    "concerns_without_walk",
    _("Concerns without a walk"),
    _(
        "What people told us in this quarter without a walk, with a confirmed address, once an inspector had accepted "
        "it. They’re in no other figure here, because one person could send many."
    ),
    is_for_london_alone=True,
)

MEASURES = (
    REQUESTS,
    WALKS_HELD,
    WALKS_CANCELLED,
    DAYS_TO_WALK,
    CONCERNS,
    *GROUPS.values(),
    DONE,
    PARTLY_DONE,
    NOT_DONE,
    DAYS_TO_ANSWER,
    CONCERNS_WITHOUT_WALK,
)

EXPLAINED = tuple(measure for measure in MEASURES if measure not in GROUPS.values())
"""The figures with a definition on the page. Groups need none: their names explain them."""

Cell = tuple[str, str]
"""The code of an area and of a figure."""


def cells(bcus: list[str]) -> list[Cell]:
    """Return every number of a quarter that may be published."""
    of_london = [(LONDON, measure.code) for measure in MEASURES]
    return of_london + [(bcu, each.code) for bcu in bcus for each in MEASURES if not each.is_for_london_alone]


def sums(bcus: list[str]) -> list[Sum[Cell]]:
    """Return what adds up to what: BCUs to London, and groups to all concerns of an area."""
    over_bcus = [Sum((LONDON, each.code), tuple((bcu, each.code) for bcu in bcus)) for each in MEASURES if each.is_sum]
    over_groups = [
        Sum((area, CONCERNS.code), tuple((area, group.code) for group in GROUPS.values())) for area in [LONDON, *bcus]
    ]
    return over_bcus + over_groups


def follows(bcus: list[str]) -> dict[Cell, Cell]:
    """Return which number is hidden with which count: each median with the count of what it measures."""
    areas = [LONDON, *bcus]
    walks = {(area, DAYS_TO_WALK.code): (area, WALKS_HELD.code) for area in areas}
    answers = {(area, DAYS_TO_ANSWER.code): (area, CONCERNS.code) for area in areas}
    return {**walks, **answers, (LONDON, CONCERNS_WITHOUT_WALK.code): (LONDON, CONCERNS.code)}
