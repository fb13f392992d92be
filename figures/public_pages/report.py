"""The report of one quarter as a PDF: published numbers alone, and what was done in that quarter."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from boroughs.models.bcus import BoroughCommandUnit
from feedback.models.improvements import Improvement
from figures.models.snapshots import Snapshot
from figures.periods import Quarter
from figures.public_pages.figures import BY_QUARTER, AreaFigures, Shown
from figures.snapshots.measures import EXPLAINED, LONDON
from figures.snapshots.rule import FEWEST, FEWEST_WALKS, FEWEST_WOMEN, STEP
from walkandtalk.lib import london
from walkandtalk.lib.pdf import render_pdf

TEMPLATE = "figures/public/report.typ"


def render_report(snapshot: Snapshot) -> bytes:
    """Return the PDF of a quarter: its published numbers, and the published improvements that were made in it."""
    of_london = AreaFigures(LONDON, [snapshot])
    return render_pdf(
        TEMPLATE,
        {
            **_frame(snapshot),
            "headlines": _rows(of_london.headlines),
            "groups": _rows(of_london.groups),
            "outcomes": _rows(of_london.outcomes),
            "told": _told(of_london),
            "answered": _answered(of_london),
            "columns": [str(measure.label) for measure in BY_QUARTER],
            "areas": _areas(snapshot),
            "changes": _changes(snapshot.quarter),
            "definitions": [{"label": str(each.label), "text": str(each.definition)} for each in EXPLAINED],
        },
    )


def _frame(snapshot: Snapshot) -> dict[str, Any]:
    run_by, quarter = settings.ORGANISATION, snapshot.quarter
    published = london.long_date(london.local(snapshot.made_at))
    return {
        "title": _("What women in London told us"),
        "quarter": quarter.label,
        "run_by": str(run_by.name),
        "about": _(
            "Women walk with local police officers where they feel unsafe, and say what should change. This is what "
            "they told us, and what came of it."
        ),
        "footer": _("Walk and Talk, %(name)s. Published on %(date)s. %(address)s")
        % {"name": run_by.name, "date": published, "address": settings.PUBLIC_URL.removeprefix("https://")},
        "rule": _(
            "No number here can point to one woman. Each is at least %(fewest)s, with at least %(women)s women and "
            "%(walks)s walks behind it, and rounded to the nearest %(step)s. If a total would give a small number "
            "away, another is left out too."
        )
        % {"fewest": FEWEST, "women": FEWEST_WOMEN, "walks": FEWEST_WALKS, "step": STEP},
        "texts": _texts(),
    }


def _texts() -> dict[str, str]:
    return {
        "about": _("What it was about"),
        "kind": _("Kind"),
        "concerns": _("Concerns"),
        "became": _("What became of it"),
        "answer": _("Our last answer"),
        "bcus": _("Each part of London"),
        "bcu": _("Area"),
        "few": _("A dash means too few to say."),
        "done": _("You said, we did"),
        "nothing": _("Nothing was finished in this quarter that everyone may read."),
        "counted": _("How we count"),
    }


def _rows(figures: Iterable[Shown]) -> list[dict[str, Any]]:
    return [{"label": str(each.measure.label), "text": each.text, "value": each.number or 0} for each in figures]


def _told(figures: AreaFigures) -> str:
    parts = []
    if number := figures.concerns.text:
        parts.append(_("Women told us of %(number)s concerns after a walk.") % {"number": number})
    if number := figures.without_walk.text:
        parts.append(_("People told us of %(number)s more without a walk. They’re counted apart.") % {"number": number})
    return " ".join(parts)


def _answered(figures: AreaFigures) -> str:
    days = figures.days_to_answer.text
    return _("Half had a first answer within %(days)s.") % {"days": days} if days else ""


def _areas(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a row for London, and one for each BCU in the snapshot."""
    names = dict(BoroughCommandUnit.objects.order_by("name").values_list("code", "name"))
    codes = [LONDON, *(code for code in names if code in snapshot.numbers)]
    return [
        {
            "name": names.get(code, _("London")),
            "is_london": code == LONDON,
            "texts": [shown.text for shown in AreaFigures(code, [snapshot]).of(snapshot, BY_QUARTER)],
        }
        for code in codes
    ]


def _changes(quarter: Quarter) -> Sequence[dict[str, str]]:
    done = Improvement.objects.published().filter(done_date__range=(quarter.first_day, quarter.last_day))
    return [
        {"words": each.public_words, "where": f"{each.borough.name}, {date_format(each.done_date, 'F Y')}"}
        for each in done
        if each.done_date
    ]
