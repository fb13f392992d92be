from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.bcus import Borough
from boroughs.models.texts import HelpContact
from boroughs.public_pages.areas import Area, all_boroughs, all_units, find_area, short_address
from boroughs.public_pages.forms import AreaSearchForm, SourceForm
from boroughs.public_pages.poster import Paper, poster_response
from boroughs.public_pages.structured_data import government_service
from boroughs.statements import statements
from walkandtalk.lib import london
from walkandtalk.lib.caching import public_page
from walkandtalk.lib.govuk.pages import render_form

# In the order of the site. The sitemap adds the areas after these.
FOUND_BY_SEARCH = [
    "home",
    "what_women_told_us:london",
    *("boroughs:areas", "boroughs:safety", "boroughs:privacy", "boroughs:cookies"),
    *("boroughs:accessibility", "boroughs:attribution"),
    *("easy_read:index", "easy_read:how-it-works", "easy_read:staying-safe", "easy_read:what-you-say"),
]
PERSONAL = ["/request/", "/my-walk/", "/tell-us/", "/r/", "/leave", "/staff/", "/admin/"]


@login_not_required
@require_safe
@public_page
def areas(request: HttpRequest) -> HttpResponse:
    form = AreaSearchForm(request.GET if "place" in request.GET else None)
    if (gss := form.borough_picked()) and (borough := Borough.objects.filter(gss=gss).first()):
        return redirect("boroughs:area", borough.slug)
    context: dict[str, Any] = {
        "places": _places_found(form),
        "searched": form.is_valid() and form.cleaned_data["place"],
        "boroughs": all_boroughs(),
        "units": all_units(),
        "canonical": _public_url("boroughs:areas"),
    }
    return render_form(request, "boroughs/areas.html", form, **context)


@login_not_required
@require_safe
@public_page
def area(request: HttpRequest, slug: str) -> HttpResponse:
    public_area = _area(slug)
    canonical = _public_url("boroughs:area", slug)
    context = {
        "area": public_area,
        "bcu": public_area.bcu,
        "closes": public_area.bcu is not None and public_area.bcu.closes_soon(london.today()),
        "uniform": statements().text("uniform"),
        "source": SourceForm.read(request.GET),
        "canonical": canonical,
        "typed": short_address(canonical),
        "line": None if public_area.bcu else help_contacts_by_purpose()[HelpContact.Purpose.CITY],
        "structured_data": government_service(url=canonical, area=public_area) if public_area.bcu else "",
    }
    return render(request, "boroughs/area.html" if public_area.bcu else "boroughs/area_of_another_force.html", context)


@login_not_required
@require_safe
@public_page
def poster(request: HttpRequest, slug: str, paper: str) -> HttpResponse:
    public_area = _area(slug)
    if public_area.bcu is None:
        raise Http404
    return poster_response(public_area, Paper(paper))


@login_not_required
@require_safe
@public_page
def area_share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the picture that sites show beside a link to this area's page."""
    public_area = _area(slug)
    if public_area.bcu is None:
        raise Http404
    return _share_image_response(public_area.where)


@login_not_required
@require_safe
@public_page
def picture(request: HttpRequest) -> HttpResponse:
    return _share_image_response("")


@login_not_required
@require_safe
@public_page
def attribution(request: HttpRequest) -> HttpResponse:
    return render(request, "boroughs/attribution.html", {"canonical": _public_url("boroughs:attribution")})


@login_not_required
@require_safe
@public_page
def safety(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "boroughs/pages/safety.html",
        {"contacts": _help_contacts(), "canonical": _public_url("boroughs:safety")},
    )


@login_not_required
@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the retention periods that the jobs also use."""
    context = {
        "unconfirmed_days": settings.KEEP_UNCONFIRMED_DAYS,
        "ended_days": settings.KEEP_ENDED_DAYS,
        "concerns_years": settings.KEEP_CONCERNS_YEARS,
        "history_years": settings.KEEP_HISTORY_YEARS,
        "messages_days": settings.KEEP_MESSAGES_DAYS,
        "offers_standards": bool(settings.CONDUCT_INBOX),
        "statements": statements(),
        "contacts": _help_contacts(),
        "canonical": _public_url("boroughs:privacy"),
    }
    return render(request, "boroughs/pages/privacy.html", context)


@login_not_required
@require_safe
@public_page
def cookies(request: HttpRequest) -> HttpResponse:
    context = {
        "answers": settings.ANSWERS_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "session": settings.SESSION_COOKIE_NAME,
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
        "contacts": _help_contacts(),
        "canonical": _public_url("boroughs:cookies"),
    }
    return render(request, "boroughs/pages/cookies.html", context)


@login_not_required
@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {
        "contacts": _help_contacts(),
        "has_films": any(settings.BSL_FILMS.values()),
        "canonical": _public_url("boroughs:accessibility"),
    }
    return render(request, "boroughs/pages/accessibility.html", context)


@login_not_required
@require_safe
@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    boroughs = all_boroughs()
    ours = [unit.slug for unit in all_units()] + [borough.slug for borough in boroughs if borough.bcu]
    others = [borough.slug for borough in boroughs if not borough.bcu]
    addresses = [
        *(_public_url(name) for name in FOUND_BY_SEARCH),
        *(_public_url("boroughs:area", slug) for slug in [*ours, *others]),
        *(_public_url("what_women_told_us:area", slug) for slug in ours),
    ]
    return render(request, "sitemap.xml", {"addresses": addresses}, content_type="application/xml")


@login_not_required
@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PERSONAL),
        "",
        f"Sitemap: {_public_url('boroughs:sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


def _share_image_response(where: str) -> HttpResponse:
    from boroughs.public_pages.sharing_picture import (
        render_share_image,
    )  # imported here: few processes draw a picture

    return HttpResponse(render_share_image(where), content_type="image/png")


def _area(slug: str) -> Area:
    public_area = find_area(slug)
    if public_area is None:
        raise Http404
    return public_area


def _places_found(form: AreaSearchForm) -> list[dict[str, Any]]:
    """Return the places found, each with the page of its borough."""
    slugs = {borough.gss: borough.slug for borough in all_boroughs()}
    return [
        {"place": place, "href": reverse("boroughs:area", args=[slugs[place.borough]])}
        for place in form.places()
        if place.borough in slugs
    ]


def _help_contacts() -> QuerySet[HelpContact]:
    return HelpContact.objects.order_by("position", "name")


def _public_url(name: str, *args: str) -> str:
    """Return the full public address, whichever host the page was requested from."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
