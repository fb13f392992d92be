"""The report of one quarter as a PDF: published numbers alone, and what was done in that quarter."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from boroughs.models.bcus import BoroughCommandUnit
from feedback.models.improvements import Improvement
from figures.models.snapshots import Snapshot
from figures.open_data.publication import LICENCE_NAME, file_address
from figures.periods import Quarter
from figures.public_pages.figures import BY_QUARTER, AreaFigures, Shown, with_unit
from figures.snapshots.measures import EXPLAINED, LONDON
from figures.snapshots.rule import FEWEST, FEWEST_WALKS, FEWEST_WOMEN, STEP
from walkandtalk.lib import london
from walkandtalk.lib.pdf import printable, render_pdf

TEMPLATE = "figures/public/report.typ"


def render_report(snapshot: Snapshot) -> bytes:
    """Return the PDF of a quarter: its published numbers, and the published improvements that were made in it."""
    of_london = AreaFigures(LONDON, [snapshot])
    before = Snapshot.objects.of(Quarter.of(snapshot.first_day - datetime.timedelta(days=1))).first()
    return render_pdf(
        TEMPLATE,
        {
            **_frame(snapshot),
            "headlines": _rows(of_london.headlines, AreaFigures(LONDON, [before] if before else []).headlines),
            "groups": _rows(of_london.groups),
            "outcomes": _rows(of_london.outcomes),
            "told": _told(of_london),
            "answered": _answered(of_london),
            "columns": [str(with_unit(measure)) for measure in BY_QUARTER],
            "areas": _areas(snapshot),
            "changes": _changes(snapshot.quarter),
            "definitions": [{"label": str(each.label), "text": str(each.definition)} for each in EXPLAINED],
        },
    )


def _frame(snapshot: Snapshot) -> dict[str, Any]:
    run_by, quarter = settings.ORGANISATION, snapshot.quarter
    published = date_format(london.local(snapshot.made_at), "j F Y")
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
            "We show a count only if it’s at least %(fewest)s, with at least %(women)s women and %(walks)s walks "
            "behind it. We show days only if the same is true of the women or concerns behind them. If a total would "
            "give away a small number, we leave out another one too. Counts are rounded to the nearest %(step)s."
        )
        % {"fewest": FEWEST, "women": FEWEST_WOMEN, "walks": FEWEST_WALKS, "step": STEP},
        "use": _("Use: %(licence)s. Data:") % {"licence": LICENCE_NAME},
        "data": file_address("figures_csv"),
        "texts": _texts(),
    }


def _texts() -> dict[str, str]:
    return {
        "about": _("What worried them"),
        "kind": _("Kind"),
        "concerns": _("Concerns"),
        "became": _("What became of it"),
        "answer": _("Our answer"),
        "answers": _("Our answers in this quarter, also to concerns from before it. Some concerns are still open."),
        "before": _("Quarter before:"),
        "bcus": _("Each part of London"),
        "bcu": _("Area"),
        "few": _("A dash means too few to say."),
        "done": _("You said, we did"),
        "nothing": _("Nothing was finished in this quarter that everyone may read."),
        "counted": _("How we count"),
    }


def _rows(figures: Iterable[Shown], before: Sequence[Shown] = ()) -> list[dict[str, Any]]:
    """Return each figure in words and as a number, with the number of the quarter before if that was published."""
    earlier = {each.measure: each.bare for each in before}
    return [
        {
            "label": str(each.measure.label),
            "text": each.text,
            "value": each.number or 0,
            "before": earlier.get(each.measure, ""),
        }
        for each in figures
    ]


def _told(figures: AreaFigures) -> str:
    parts = []
    if number := figures.concerns.text:
        parts.append(_("Women told us of %(number)s concerns after a walk.") % {"number": number})
    if number := figures.without_walk.text:
        parts.append(
            _("We also heard of %(number)s concerns without a walk. They aren’t in the other figures.")
            % {"number": number}
        )
    return " ".join(parts)


def _answered(figures: AreaFigures) -> str:
    days = figures.days_to_answer.text
    return _("Half of our first answers came within %(days)s.") % {"days": days} if days else ""


def _areas(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a row for London, and one for each BCU in the snapshot."""
    names = dict(BoroughCommandUnit.objects.order_by("name").values_list("code", "name"))
    codes = [LONDON, *(code for code in names if code in snapshot.numbers)]
    return [
        {
            "name": printable(names.get(code, _("London"))),
            "is_london": code == LONDON,
            "texts": [shown.bare for shown in AreaFigures(code, [snapshot]).of(snapshot, BY_QUARTER)],
        }
        for code in codes
    ]


def _changes(quarter: Quarter) -> Sequence[dict[str, str]]:
    done = Improvement.objects.published().filter(done_date__range=(quarter.first_day, quarter.last_day))
    return [
        {"words": printable(each.public_words), "where": f"{each.borough.name}, {date_format(each.done_date, 'F Y')}"}
        for each in done
        if each.done_date
    ]
