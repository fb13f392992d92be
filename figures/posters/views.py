"""The pages on which inspectors make posters, and read how many requests each brought."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, posted_data
from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.posters import PosterPlace
from boroughs.posters import actions
from boroughs.posters.permissions import can_use_posters
from boroughs.public_pages.areas import area_of
from boroughs.public_pages.poster import Paper, poster_response
from figures.posters.counting import requests_in_words
from figures.posters.forms import PosterPlaceForm
from walkandtalk.lib.govuk.pages import render_form


@require_safe
def posters(request: OfficerRequest) -> HttpResponse:
    bcu = _bcu(request)
    places = list(PosterPlace.objects.visible_to(request.user).for_list_page())
    areas = [(bcu.slug, bcu.name), *bcu.boroughs.order_by("name").values_list("slug", "name")]
    codes = [code for code, _name in areas] + [place.code for place in places]
    requests = requests_in_words(Booking.objects.in_figures_for(request.user), codes)
    context = {
        "bcu": bcu,
        "hanging": [(place, requests[place.code]) for place in places if place.taken_down_at is None],
        "taken_down": [(place, requests[place.code]) for place in places if place.taken_down_at is not None],
        "areas": [(slug, name, requests[slug]) for slug, name in areas],
    }
    return render(request, "figures/posters/list.html", context)


@require_http_methods(["GET", "POST"])
def new_place(request: OfficerRequest) -> HttpResponse:
    form = PosterPlaceForm(posted_data(request), bcu=_bcu(request))
    if request.method == "POST" and form.is_valid():
        place = actions.make_poster_place(form.chosen_borough, form.chosen_name, by=request.user)
        messages.success(request, f"The poster for {place.name} is ready to print.")
        return redirect("posters:list")
    return render_form(request, "figures/posters/new.html", form)


@require_safe
def poster(request: OfficerRequest, pk: UUID, paper: str) -> HttpResponse:
    place = _place(request, pk)
    return poster_response(area_of(place.borough), Paper(paper), code=place.code)


@require_POST
def take_down(request: OfficerRequest, pk: UUID) -> HttpResponse:
    place = _place(request, pk)
    actions.take_down_poster(place, by=request.user)
    messages.success(request, f"Taken down: {place.name}. We still count requests from its code.")
    return redirect("posters:list")


def _bcu(request: OfficerRequest) -> BoroughCommandUnit:
    bcu = request.user.bcu
    if bcu is None or not can_use_posters(request.user):
        raise PermissionDenied
    return bcu


def _place(request: OfficerRequest, pk: UUID) -> PosterPlace:
    return get_object_or_404(PosterPlace.objects.visible_to(request.user).select_related("borough__bcu", "bcu"), pk=pk)
