"""The page on which a lead reads figures of concerns: how many women told us, and what changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from boroughs import taxonomy
from feedback.models.concerns import Concern
from figures.comparison import every_bcu
from figures.concerns.counting import ANSWER_WITHIN, BY_BCU, BY_GROUP, SAFE_PLACE, ConcernTally, tallies
from figures.forms import FiguresForm
from figures.permissions import can_compare_bcus
from figures.showing import HIDDEN_TEXT, NONE_DUE_TEXT, TOO_FEW_TEXT, compare_counts, compare_shares, share_in_words


@dataclass(frozen=True)
class ConcernFigure:
    """A figure and its exact definition. A share is a part of the number `of`."""

    label: str
    definition: str
    number: Callable[[ConcernTally], int]
    of: Callable[[ConcernTally], int] | None = None
    nobody: str = ""
    """The text where there is nobody of whom to take a share."""


FIGURES = (
    ConcernFigure(
        "Told us",
        "Women who told us in this period what worried them, or where they feel safe. A woman counts once.",
        lambda tally: tally.told,
    ),
    ConcernFigure(
        "Answered in time",
        f"We should answer each concern within {ANSWER_WITHIN.days} days: say that we look into it, what we did, or "
        "why we can’t. Of the women with a concern for which that time ended in this period: those who had an answer "
        "to each by then. Concerns that a woman took back are left out.",
        lambda tally: tally.in_time,
        of=lambda tally: tally.due,
        nobody=NONE_DUE_TEXT,
    ),
    ConcernFigure(
        "Something was done",
        "Women to whom we wrote in this period that something was done, all of it or in part.",
        lambda tally: tally.done,
    ),
    ConcernFigure(
        "It’s better",
        "Four weeks later we ask whether it’s better. Of the women who answered in this period: those who said yes.",
        lambda tally: tally.better,
        of=lambda tally: tally.asked,
        nobody="nobody answered",
    ),
)


@dataclass(frozen=True)
class Row:
    name: str
    texts: list[str]


@require_safe
def concern_figures(request: OfficerRequest) -> HttpResponse:
    if not can_compare_bcus(request.user):
        raise PermissionDenied
    form = FiguresForm.read(request.GET, now=timezone.now(), bcus=[])
    concerns, period, bcus = Concern.objects.in_figures_for(request.user), form.asked_for, every_bcu()
    by_bcu, by_group = tallies(concerns, period, BY_BCU), tallies(concerns, period, BY_GROUP)
    of_bcus = [by_bcu.get(bcu.pk, ConcernTally()) for bcu in bcus]
    groups = {**{code: str(label) for code, label in taxonomy.GROUPS.items()}, SAFE_PLACE: "Good spots"}
    of_groups = [by_group.get(code, ConcernTally()) for code in groups]
    context = {
        "form": form,
        "figures": FIGURES,
        "without_number": {HIDDEN_TEXT, TOO_FEW_TEXT, *(figure.nobody for figure in FIGURES)},
        "total": list(_totals(of_bcus)),
        "bcus": _rows([bcu.name for bcu in bcus], of_bcus),
        "groups": _rows(list(groups.values()), of_groups),
    }
    return render(request, "figures/concerns.html", context)


def _rows(names: Sequence[str], of_each: Sequence[ConcernTally]) -> list[Row]:
    columns = [_compare(figure, of_each)[0] for figure in FIGURES]
    return [Row(name, [texts[number] for texts in columns]) for number, name in enumerate(names)]


def _totals(of_each: Sequence[ConcernTally]) -> Iterator[str]:
    """Yield the figures of London, of which no number may reveal one that is hidden."""
    for figure in FIGURES:
        may_total = _compare(figure, of_each)[1]
        number = sum(figure.number(tally) for tally in of_each)
        if not may_total:
            yield HIDDEN_TEXT
        elif figure.of is None:
            yield str(number)
        else:
            base = sum(figure.of(tally) for tally in of_each)
            yield share_in_words(number, base) if base else figure.nobody


def _compare(figure: ConcernFigure, of_each: Sequence[ConcernTally]) -> tuple[list[str], bool]:
    if figure.of is None:
        return compare_counts([figure.number(tally) for tally in of_each])
    shares = [(figure.number(tally), figure.of(tally)) for tally in of_each]
    texts, may_total = compare_shares(shares)
    named = [text if base else figure.nobody for text, (_part, base) in zip(texts, shares, strict=True)]
    return named, may_total
