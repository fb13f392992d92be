"""Pages with the places that several women told us about, and with what is known of each."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from boroughs.geography.map_points import map_file, map_file_of_unit
from feedback.models.concerns import PAGE_LENGTH, Concern
from feedback.models.improvements import Improvement
from feedback.models.places import RANKING, RepeatedPlace, ReportedPlace
from feedback.permissions import can_read_concerns
from feedback.places.forms import PlacesForm
from feedback.statuses import ACTIVE_STATES, AWAITING_SCREENING
from walkandtalk.lib.paging import get_cursor_row, get_page


@require_safe
def repeated_places(request: OfficerRequest) -> HttpResponse:
    """List the places by the number of women who wait for something to be done there, first those whom we know."""
    bcu = request.user.bcu
    if not can_read_concerns(request.user) or bcu is None:
        raise PermissionDenied
    boroughs = list(bcu.boroughs.order_by("name"))
    form = PlacesForm(request.GET, boroughs=boroughs)
    ranked = RepeatedPlace.objects.visible_to(request.user).ranked()
    after = get_cursor_row(ranked, form.cleaned_data.get("after"))
    shown = ranked.filter(form.rows()).prefetch_related(_open_improvements(request))
    page = get_page(shown, by=RANKING, after=after)
    chosen = form.filters.get("borough", "")
    context = {
        "bcu": bcu,
        "form": form,
        "rows": page.rows,
        "is_first_page": after is None,
        "last": page.last,
        "src": map_file(chosen) if chosen else map_file_of_unit(bcu.code),
        "boroughs": chosen or " ".join(borough.gss for borough in boroughs),
    }
    return render(request, "feedback/places/list.html", context)


def _open_improvements(request: OfficerRequest) -> Prefetch:  # type: ignore[type-arg]  # Django's own takes no type when it runs
    visible = Improvement.objects.visible_to(request.user).filter(state__in=ACTIVE_STATES).order_by("made_at", "pk")
    return Prefetch("place__improvements", queryset=visible, to_attr="open_improvements")


@require_safe
def place_page(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show what women told us of one place, without their words, and what is being changed there."""
    if not can_read_concerns(request.user):
        raise PermissionDenied
    place = get_object_or_404(ReportedPlace.objects.visible_to(request.user).select_related("borough"), pk=pk)
    there = Concern.objects.visible_to(request.user).filter(reported_place=place, safe_place=False)
    concerns = list(there.select_related("owner", "improvement").order_by("-reported_at", "-pk")[: PAGE_LENGTH + 1])
    to_improve = there.filter(state__in=ACTIVE_STATES, improvement=None).order_by("-reported_at", "-pk")
    context = {
        "place": place,
        "counts": RepeatedPlace.objects.visible_to(request.user).filter(place=place).order_by(*RANKING, "kind"),
        "concerns": concerns[:PAGE_LENGTH],
        "has_more": len(concerns) > PAGE_LENGTH,
        "to_improve": to_improve.first(),
        "to_check": there.filter(state__in=AWAITING_SCREENING).order_by("reported_at", "pk").first(),
        "improvements": Improvement.objects.visible_to(request.user).filter(place=place).order_by("-made_at", "-pk"),
        "src": map_file(place.borough.gss),
        "nearby": place.map_point.nearby(3),
    }
    return render(request, "feedback/places/place.html", context)
