"""Public pages of London, each BCU and each borough: what women told us, and what was done."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from boroughs.geography.picture import whole_box
from boroughs.models.bcus import Borough
from boroughs.public_pages.areas import Area, all_boroughs, pick_area
from feedback.models.improvements import Improvement, ImprovementQuerySet
from figures.models.snapshots import Snapshot
from figures.open_data.dataset import dataset
from figures.periods import Quarter
from figures.public_pages.changes import MOST_SHOWN, draw_map, number_changes
from figures.public_pages.figures import QUARTERS, AreaFigures
from figures.public_pages.report import render_report
from figures.snapshots.measures import EXPLAINED, LONDON
from figures.snapshots.rule import FEWEST, FEWEST_WALKS, FEWEST_WOMEN, STEP
from walkandtalk.lib.caching import public_page


@login_not_required
@require_safe
@public_page
def london(request: HttpRequest) -> HttpResponse:
    return _page(request, None, Improvement.objects.published())


@login_not_required
@require_safe
@public_page
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a BCU, or a borough: the figures of its BCU, and its own improvements."""
    found = pick_area(all_boroughs(), slug)
    if found is None or found.bcu is None:
        raise Http404
    published = Improvement.objects.published()
    own = published.filter(bcu=found.bcu) if found.is_bcu else published.filter(borough=found.boroughs[0])
    return _page(request, found, own)


@login_not_required
@require_safe
@public_page
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Serve the PDF of one quarter."""
    quarter = Quarter.parse(code)
    snapshot = Snapshot.objects.of(quarter).first() if quarter else None
    if snapshot is None:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="what-women-told-us-{code}.pdf"'}
    return HttpResponse(render_report(snapshot), content_type="application/pdf", headers=headers)


def _page(request: HttpRequest, found: Area | None, published: ImprovementQuerySet) -> HttpResponse:
    improvements = list(published[: MOST_SHOWN + 1])
    changes = number_changes(improvements[:MOST_SHOWN])
    boroughs = [borough.gss for borough in found.boroughs] if found else []
    snapshots = list(Snapshot.objects.newest_first())
    context = {
        "area": found,
        "figures": AreaFigures(_code(found), snapshots[:QUARTERS]),
        "structured_data": dataset(snapshots) if found is None else "",
        "changes": changes,
        "has_more": len(improvements) > MOST_SHOWN,
        "map": draw_map(changes, boroughs),
        "whole": whole_box(),
        "units": _units(all_boroughs()) if found is None else [],
        "definitions": EXPLAINED,
        "rule": {"fewest": FEWEST, "women": FEWEST_WOMEN, "walks": FEWEST_WALKS, "step": STEP},
        "canonical": f"{settings.PUBLIC_URL}{request.path}",
    }
    return render(request, "figures/public/page.html", context)


def _code(found: Area | None) -> str:
    return found.bcu.code if found and found.bcu else LONDON


def _units(boroughs: Sequence[Borough]) -> list[Area]:
    """Return each BCU with its boroughs, by name."""
    slugs = {borough.bcu.slug for borough in boroughs if borough.bcu and borough.bcu.slug}
    found = [area for slug in slugs if (area := pick_area(boroughs, slug))]
    return sorted(found, key=lambda area: area.name)
